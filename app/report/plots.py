"""Plots as SVG text that takes its colours from the page, so that light, dark and print all fit."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import NDArray

from app.analysis.doubt import IDENTITY_KINDS
from app.angles import ANGLE_NAMES
from app.report.strip import person_colour
from app.report.summary import FileSummary, PersonSummary

MOST_ROWS = 40  # of people in one presence plot
MOST_POINTS = 600  # of a curve: finer than a printed page shows

# Stand-ins while drawing, replaced by the page's own variables.
_INK, _MUTED, _RULE, _DOUBT = "#010203", "#040506", "#070809", "#0a0b0c"
_VARIABLES = {_INK: "var(--ink)", _MUTED: "var(--muted)", _RULE: "var(--rule)", _DOUBT: "var(--doubt)"}
_INCH_PX = 72  # the SVG's own unit


def presence(file: FileSummary) -> str:
    """Who is there when, and where something is doubtful."""
    people = sorted(file.people, key=lambda p: -len(p.motion.frames))[:MOST_ROWS]
    people = sorted(people, key=lambda p: (p.first, p.person))
    longest = max((len(p.name or str(p.person)) for p in people), default=1)
    figure, axes = _figure(9.6, 0.6 + 0.26 * max(len(people), 1), 0.15 + 0.08 * min(longest, 24), 0.45)
    times = file.table.times_s
    for line, person in enumerate(people):
        for begin, end in _spans(person.motion.times_s, 2.5 / file.fps):
            axes.broken_barh(
                [(begin, max(end - begin, 1 / file.fps))],
                (line - 0.32, 0.64),
                facecolor=person_colour(person.person),
                edgecolor="none",
            )
    place = {person.person: line for line, person in enumerate(people)}
    for doubt in file.doubts:
        if doubt.kind == "cut":
            axes.axvline(_time_of(file, doubt.first), color=_DOUBT, linewidth=1, linestyle=(0, (3, 2)))
        elif doubt.kind in IDENTITY_KINDS:
            middle = (doubt.first + doubt.last) // 2
            moments = (doubt.first, doubt.last) if doubt.kind == "broken" else (middle, middle)
            for person_id, frame in zip(doubt.people, moments, strict=False):
                if person_id in place:
                    at = _time_of(file, frame)
                    axes.plot([at], [place[person_id]], marker="v", markersize=5, color=_DOUBT, markeredgewidth=0)
    names = [(p.name or str(p.person))[:24].replace("$", r"\$") for p in people]  # a $ would begin a formula
    axes.set_yticks(range(len(people)), names)
    axes.set_ylim(max(len(people), 1) - 0.4, -0.6)
    if len(times):
        axes.set_xlim(times[0], times[-1] + 1 / file.fps)
    axes.set_xlabel("seconds")
    axes.grid(axis="x", color=_RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    return _svg(figure, f"Presence over time in {file.name}")


def places(file: FileSummary) -> str:
    """Where people were in the image: the way of each."""
    width, height = file.size
    figure, axes = _figure(4.7, 4.7 * height / max(width, 1) + 0.1, 0.04, 0.04)
    for person in file.people:
        way = _thinned(person.motion.centres_px)
        axes.plot(way[:, 0], way[:, 1], color=person_colour(person.person), linewidth=1.6, alpha=0.9)
        seen = way[np.isfinite(way[:, 0])]
        if len(seen):
            axes.plot(*seen[0], marker="o", markersize=3.5, color=person_colour(person.person), markeredgewidth=0)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
    return _svg(figure, f"Where people were in {file.name}")


def curves(person: PersonSummary, unit: str) -> str:
    """Knees, elbows, lean and speed over time."""
    figure = Figure(figsize=(9.6, 4.2))
    grid = figure.subplots(2, 2, sharex=True)
    figure.subplots_adjust(0.045, 0.095, 0.995, 0.94, wspace=0.1, hspace=0.22)
    pairs = (("knee", "Knees, °"), ("elbow", "Elbows, °"))
    for axes, (joint, title) in zip(grid[0], pairs, strict=True):
        for side, style in (("left", "-"), ("right", (0, (4, 2)))):
            values = person.angles[:, ANGLE_NAMES.index(f"{side}_{joint}")]
            _curve(axes, person, values, style, side)
        _dress(axes, title)
        axes.set_ylim(0, 185)
        axes.legend(frameon=False, fontsize=7, labelcolor=_MUTED, loc="lower right", ncols=2, handlelength=2.2)
    _curve(grid[1][0], person, person.angles[:, ANGLE_NAMES.index("trunk_lean")], "-", "")
    _dress(grid[1][0], "Lean of the trunk, °")
    _curve(grid[1][1], person, person.motion.speed, "-", "")
    _dress(grid[1][1], f"Speed, {unit}/s")
    grid[1][1].set_ylim(bottom=0)
    for axes in grid[1]:
        axes.set_xlabel("seconds")
    return _svg(figure, f"Angles and speed of person {person.person}")


def _curve(axes: Axes, person: PersonSummary, values: NDArray[np.float64], style: object, label: str) -> None:
    """A line that is interrupted where the person was not there."""
    times = person.motion.times_s
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    holes = np.flatnonzero(np.diff(times) > 2.5 * step) + 1
    both = np.insert(np.stack([times, values], axis=1), holes, np.nan, axis=0)
    thin = _thinned(both)
    axes.plot(thin[:, 0], thin[:, 1], color=person_colour(person.person), linewidth=1.2, linestyle=style, label=label)


def _thinned(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[:: max(len(values) // MOST_POINTS, 1)]


def _spans(times_s: NDArray[np.float64], gap_s: float) -> list[tuple[float, float]]:
    if not len(times_s):
        return []
    runs = np.split(times_s, np.flatnonzero(np.diff(times_s) > gap_s) + 1)
    return [(float(run[0]), float(run[-1])) for run in runs]


def _time_of(file: FileSummary, frame: int) -> float:
    place = min(int(np.searchsorted(file.table.frames, frame)), len(file.table) - 1)
    return float(file.table.times_s[place])


def _figure(width: float, height: float, left: float, below: float) -> tuple[Figure, Axes]:
    """Sizes in inches. Fixed margins: measuring texts would take longer than drawing."""
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((left / width, below / height, 1 - (left + 0.06) / width, 1 - (below + 0.06) / height))
    _dress(axes, "")
    return figure, axes


def _dress(axes: Axes, title: str) -> None:
    axes.set_facecolor("none")
    for name, spine in axes.spines.items():
        spine.set_color(_RULE)
        spine.set_visible(name == "bottom" or name == "left")
    axes.tick_params(colors=_MUTED, labelsize=8, length=3)
    axes.xaxis.label.set_color(_MUTED)
    axes.xaxis.label.set_fontsize(8)
    if title:
        axes.set_title(title, fontsize=9, color=_INK, loc="left")
        axes.grid(axis="y", color=_RULE, linewidth=0.5)


def _svg(figure: Figure, label: str) -> str:
    """The drawing alone: no declaration, no metadata; text stays text."""
    import matplotlib as mpl

    figure.patch.set_alpha(0)
    FigureCanvasSVG(figure)
    out = io.StringIO()
    salt = label.encode(errors="backslashreplace").decode()  # names of files need not be text
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": salt, "font.family": "sans-serif"}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r'font: ([\d.]+)px [^";]*', r"font-size: \1px", text)
    text = re.sub(r' (width|height)="[\d.]+pt"', "", text, count=2)
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, variable)
    return text.replace("<svg ", f'<svg role="img" aria-label="{_attribute(label)}" ', 1)


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def joint_bars(names: Sequence[str], found: NDArray[np.float64]) -> str:
    """Share of joints found, as a small list of bars."""
    items = "".join(
        f'<li><span>{name.replace("_", " ")}</span><meter min="0" max="1" value="{share:.3f}"></meter>'
        f"<b>{100 * share:.0f} %</b></li>"
        for name, share in zip(names, found.tolist(), strict=True)
    )
    return f'<ul class="bars">{items}</ul>'
