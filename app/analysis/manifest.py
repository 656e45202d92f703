"""What the sidecar says: how the work was done, and an account of every frame."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.export.sidecar import FORMAT, PeopleSummary
from app.settings import Settings, settings_to_table
from app.sources import Source
from app.types import FrameResult
from app.version import program_version
from pose.skeleton import Skeleton

if TYPE_CHECKING:
    from app.analysis.batch import BatchOptions

# Equal values of these mean that a second run would write the same files.
_IDENTITY = ("format", "version", "source", "fps", "model", "skeleton", "selection", "settings", "outputs")
EDGE_BYTES = 65_536  # of each file's beginning and end


def describe(
    source: Source,
    model: Mapping[str, Any],
    skeleton: Skeleton,
    settings: Settings,
    options: BatchOptions,
    video_path: Path | None,
) -> dict[str, Any]:
    """The part of the sidecar that is known before the first frame."""
    info = source.info
    model = dict(model)
    # As it was used: 0 in the settings stands for what suits the weights.
    decode = replace(settings.decode, det_thr=model.pop("det_thr", settings.decode.det_thr))
    settings = replace(settings, decode=decode)
    choices = settings_to_table(replace(settings, model=replace(settings.model, weights=_file_name(settings))))
    if info.kind != "camera":
        choices.pop("camera_size", None)  # a file is what it is
        choices.pop("parallel_requests", None)  # changes no result
    return {
        "format": FORMAT,
        "version": program_version(),
        "source": {"name": info.name, "kind": info.kind, **_file_facts(source.files)},
        "model": model,
        "skeleton": {
            "name": skeleton.name,
            "keypoints": list(skeleton.keypoint_names),
            "edges": [list(edge) for edge in skeleton.edges],
        },
        "fps": info.fps,
        "width": info.width,
        "height": info.height,
        "rotation": info.rotation,
        "mirrored": info.mirrored,
        "duration_s": info.duration_s,
        "container_start_s": info.start_time_s,
        "selection": {
            "start_s": options.start_s,
            "end_s": options.end_s,
            "stride": options.stride,
            "rotate": options.rotation,
        },
        "settings": choices,
        "outputs": {"angles": options.angles, "annotated": video_path.name if video_path else None},
    }


def _file_facts(files: Sequence[Path]) -> dict[str, Any]:
    """Enough to notice that files are not those of an earlier run: whole videos are too much to read for that."""
    if not files:
        return {}
    digest, total = hashlib.sha256(), 0
    for path in files:
        with contextlib.suppress(OSError), path.open("rb") as file:  # decoding will tell
            size = file.seek(0, os.SEEK_END)
            digest.update(os.fsencode(f"{path.name}/{size}/"))
            for position in sorted({0, max(size - EDGE_BYTES, 0)}):
                file.seek(position)
                digest.update(file.read(EDGE_BYTES))
            total += size
    return {"files": len(files), "bytes": total, "fingerprint": digest.hexdigest()[:16]}


def _file_name(settings: Settings) -> str | None:
    """Files are passed on: they tell no folders of this machine. The weights' hash says which they were."""
    return Path(settings.model.weights).name if settings.model.weights else None


def same_work(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a complete sidecar describes what is about to be done."""
    return bool(earlier.get("complete")) and all(earlier.get(key) == now.get(key) for key in _IDENTITY)


class FrameAccount:
    """Counts what became of every frame, and tells whether they came at a constant rate."""

    def __init__(self) -> None:
        self.processed = 0
        self.dropped = 0  # frames of a live source that came while others were being worked on
        self._people = PeopleSummary()
        self._last: tuple[int, float] | None = None
        self._step_s: tuple[float, float] | None = None  # shortest and longest time from one frame to the next

    def add(self, result: FrameResult) -> None:
        self.processed += 1
        self._people.add(result)
        index, time_s = result.frame.index, result.frame.time_s
        if self._last is not None and index > self._last[0]:
            step_s = (time_s - self._last[1]) / (index - self._last[0])
            low, high = self._step_s or (step_s, step_s)
            self._step_s = (min(low, step_s), max(high, step_s))
        self._last = (index, time_s)

    def variable_frame_rate(self, source: Source) -> bool | None:
        """What the container knows, else what was seen."""
        if source.info.variable_frame_rate is not None or self._step_s is None:
            return source.info.variable_frame_rate
        tick_s = float(source.info.time_base_s or 0)
        return self._step_s[1] - self._step_s[0] > tick_s + 1e-9

    def as_dict(self, source: Source, seconds: float, warnings: list[str]) -> dict[str, Any]:
        """The part of the sidecar that is known after the last frame."""
        counts, people = source.counts, self._people.as_list()
        variable = self.variable_frame_rate(source)
        sentences = [*source.warnings, *warnings]
        if counts.corrupt:
            sentences.append(f"Frames that could not be decoded and have no rows: {counts.corrupt}.")
        if variable:
            sentences.append("The frame rate varies: use time_s, not frame / fps.")
        return {
            "variable_frame_rate": variable,
            "frames": {
                "declared": source.info.frame_count,
                **asdict(counts),
                "processed": self.processed,
                "dropped": self.dropped,
                "without_people": self._people.frames_without_people,
            },
            "rows": sum(person["rows"] for person in people),
            "people": people,
            "seconds": round(seconds, 3),
            "warnings": sentences,
        }

    def sentence(self, label: str, seconds: float, missing: int) -> str:
        people = self._people.as_list()
        rows = sum(person["rows"] for person in people)
        rate = self.processed / seconds if seconds > 0 else 0.0
        lost = f", not decoded: {missing}" if missing else ""
        counts = f"frames: {self.processed}{lost}, people: {len(people)}, rows: {rows}"
        return f"{label}: {counts}, {seconds:.1f} s ({rate:.1f} fps)"
