"""The page: one file, everything in it, its look in one style sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import MappingProxyType

from app.analysis.doubt import IDENTITY_KINDS, sentence
from app.export.partial import commit, explained, partial_path
from app.report.strip import Thumbnails, person_colour, strip
from app.report.summary import FileSummary, PersonSummary

MOST_DETAILS = 12  # files of a batch with a section about each person
MOST_DOUBTS = 25  # rows of one file's list
STYLE = Path(__file__).with_name("report.css")


@dataclass(frozen=True, slots=True)
class Entry:
    """What the page holds of one file, without its tracks. cells: of its row in the table of a batch."""

    name: str
    attention: float
    cells: str
    section: str

    @staticmethod
    def of(file: FileSummary, people: bool = True, pictures: Thumbnails = MappingProxyType({})) -> Entry:
        """people: with a section about each person, who are drawn where there are no pictures of them."""
        return Entry(file.name, file.attention, _cells(file), _section(file, people, pictures))


def ranked(entries: Iterable[Entry]) -> list[Entry]:
    """Those that need most attention first."""
    return sorted(entries, key=lambda entry: (-entry.attention, entry.name))


def write_report(path: Path, entries: Iterable[Entry], problems: Sequence[str] = ()) -> None:
    """Write the page about results, in the order of `ranked`. Raises MediaError."""
    with explained(path):
        partial_path(path).write_text(_page(ranked(entries), problems), encoding="utf-8", errors="replace")
    commit(path)


def _page(entries: Sequence[Entry], problems: Sequence[str]) -> str:
    batch = len(entries) > 1
    title = f"{len(entries)} results" if batch else entries[0].name
    headings = [f"<h2>{escape(entry.name)}</h2>" if batch else "" for entry in entries]
    details = [
        f'<section class="file" id="file-{i}">{heading}{entry.section}</section>'
        for i, (heading, entry) in enumerate(zip(headings, entries, strict=True))
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)} – pose report</title><style>{STYLE.read_text(encoding='utf-8')}</style></head><body>"
        f"<header><p>LitePose Studio report</p><h1>{escape(title)}</h1></header><main>"
        f"{_problems(problems)}{_batch(entries) if batch else ''}{''.join(details)}"
        "<footer>Positions, angles and speeds are those of the image plane: a limb that points at the camera looks "
        "bent, and whoever is nearer seems faster. Doubtful moments are signs, not proofs.</footer>"
        "</main></body></html>\n"
    )


def _problems(problems: Sequence[str]) -> str:
    return _list("Not in this report", problems, "warn")


def _list(title: str, lines: Sequence[str], kind: str = "") -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<section class="note {kind}"><h3>{escape(title)}</h3><ul>{items}</ul></section>'


def _batch(entries: Sequence[Entry]) -> str:
    rows = "".join(
        f'<tr><td><a href="#file-{i}">{escape(entry.name)}</a></td>{entry.cells}</tr>'
        for i, entry in enumerate(entries)
    )
    return (
        '<section><h2>All files, those that need most attention first</h2><div class="wide"><table><thead><tr>'
        "<th>File</th><th>Doubts</th><th>People</th><th>Length</th><th>Nobody</th><th>Not decoded</th>"
        f'<th class="words">State</th></tr></thead><tbody>{rows}</tbody></table></div></section>'
    )


def _cells(file: FileSummary) -> str:
    return (
        f"<td>{_doubts_about_people(file)}</td><td>{len(file.people)}</td>"
        f"<td>{_duration(file.duration_s)}</td><td>{100 * file.empty_share:.0f} %</td>"
        f'<td>{file.corrupt or ""}</td><td class="words">{escape(_state(file))}</td>'
    )


def _state(file: FileSummary) -> str:
    if not file.complete:
        return "not complete"
    if not file.people:
        return "nobody found"
    return f"{len(file.warnings)} warnings" if file.warnings else ""


def _doubts_about_people(file: FileSummary) -> int:
    return sum(doubt.kind in IDENTITY_KINDS for doubt in file.doubts)


def _section(file: FileSummary, people: bool, pictures: Thumbnails) -> str:
    from app.report import plots  # with matplotlib, which takes its time to import

    facts = [
        ("Length", _duration(file.duration_s)),
        ("Frames", f"{len(file.table):,}".replace(",", " ")),
        ("People", str(len(file.people))),
        ("Doubtful moments", f"{len(file.doubts)} ({file.checked} checked)" if file.checked else str(len(file.doubts))),
        ("Frames without people", f"{100 * file.empty_share:.0f} %"),
        ("Image", f"{file.size[0]} × {file.size[1]}"),
        ("Model", file.model),
    ]
    if file.scale:
        facts.append(("Scale", f"1 m = {1 / file.scale.metres_per_px:.0f} px"))
    values = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in facts)
    body = "<p>Nobody was found in this file.</p>"
    if file.people:
        hint = "A triangle marks a moment at which an identity is doubtful, a dashed line a cut."
        body = (
            f"<h3>Who is there when</h3><p class='hint'>{hint}</p>"
            f"{plots.presence(file)}<div class='two'><div><h3>Doubtful moments, worst first</h3>{_doubts(file)}</div>"
            f"<div><h3>Where people were</h3><p class='hint'>The dot is the beginning.</p>"
            f"<div class='places'>{plots.places(file)}</div></div></div>"
        )
        body += "".join(_person(file, person, pictures) for person in file.people) if people else ""
    return f"<dl>{values}</dl>{_list('Warnings', file.warnings, 'warn')}{_list('Repairs', file.edits)}{body}"


def _doubts(file: FileSummary) -> str:
    if not file.doubts:
        return "<p>None.</p>"
    rows = "".join(
        f'<tr><td><meter min="0" max="1" value="{doubt.severity:.2f}" title="{doubt.severity:.2f}"></meter></td>'
        f"<td>{doubt.first}{f'–{doubt.last}' if doubt.last != doubt.first else ''}</td>"
        f'<td class="words">{escape(sentence(doubt))}</td></tr>'
        for doubt in file.doubts[:MOST_DOUBTS]
    )
    more = len(file.doubts) - MOST_DOUBTS
    rest = f"<p class='hint'>{more} more, less doubtful.</p>" if more > 0 else ""
    return (
        '<table><thead><tr><th></th><th>Frames</th><th class="words">What</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{rest}"
    )


def _person(file: FileSummary, person: PersonSummary, pictures: Thumbnails) -> str:
    from app.report import plots  # with matplotlib, which takes its time to import

    motion = person.motion
    unit = file.unit
    speed = motion.speed[motion.speed == motion.speed]
    digits = 1 if unit == "m" else 0
    facts = [
        f"frames {person.first}–{person.last}",
        f"seen in {100 * person.seen:.0f} % of them",
        f"way {motion.path:.{digits}f} {unit}",
    ]
    if len(speed):
        facts.append(f"speed {speed.mean():.{digits}f} {unit}/s, at most {speed.max():.{digits}f}")
    if person.doubts:
        facts.append(f"doubtful moments: {person.doubts}")
    title = f"{person.name} ({person.person})" if person.name else f"Person {person.person}"
    return (
        f'<article><h3><i style="background:{person_colour(person.person)}"></i>{escape(title)}</h3>'
        f"<p class='hint'>{escape(', '.join(facts))}</p><div class='strip'>{strip(file, person, pictures)}</div>"
        f"{plots.curves(person, unit)}<details><summary>Share of joints found</summary>"
        f"{plots.joint_bars(file.table.skeleton.keypoint_names, person.found)}</details></article>"
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)} min {rest:.0f} s" if minutes else f"{rest:.1f} s"
