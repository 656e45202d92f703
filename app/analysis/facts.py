"""What is written down about a run: how detections and results came about, and an account of every frame."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, BinaryIO

from app.analysis.job import JobModel, JobOptions, about
from app.analysis.store import Progress
from app.analysis.store_head import StoreHead
from app.export.sidecar import FORMAT, PeopleSummary
from app.settings import Settings, settings_to_table
from app.sources import Source, SourceInfo
from app.types import TrackedFrame
from app.version import program_version
from pose.sentence import Sentence
from pose.skeleton import Skeleton

EDGE_BYTES = 65_536  # of each file's beginning and end
_DETECTION = {  # what decides what is detected, and the words for it
    "asked": Sentence("the model or its settings"),
    "decode": Sentence("the decoding settings"),
    "selection": Sentence("the part of the input"),
    "skeleton": Sentence("the skeleton"),
    "revision": Sentence("the version of the program"),
}
# Equal values of these mean that a second run would write the same files.
_RESULTS = {
    "format": Sentence("the version of the program"),
    "version": Sentence("the version of the program"),
    "source": Sentence("the input"),
    "duration_s": Sentence("the input"),  # the one known of what is no file here
    "fps": Sentence("the frame rate"),
    "skeleton": Sentence("the skeleton"),
    "selection": Sentence("the part of the input"),
    "settings": Sentence("the settings"),
    "outputs": Sentence("the formats"),
    "time": Sentence("the time scale"),
}


def head_of(source: Source, model: JobModel, settings: Settings, options: JobOptions) -> StoreHead:
    """The head of a store of the detections that are asked for. Loads no model."""
    info = source.info
    asked = dict(model.asked)
    decode = settings_to_table(replace(settings.decode, det_thr=asked.pop("det_thr", settings.decode.det_thr)))
    selection = {
        "start_s": options.start_s,
        "end_s": options.end_s,
        "stride": options.stride,
        "rotate": options.rotation,
        "image_fps": options.image_fps if info.kind == "images" else None,
    }
    return StoreHead(
        info,
        model.skeleton,
        file_facts(source.files),
        asked,
        decode=decode,
        selection=selection,
        frame_names=tuple(file.name for file in source.files) if info.kind == "images" else None,
        started_utc=info.started_utc,
    )


def file_facts(files: Sequence[Path]) -> dict[str, Any]:
    """Enough to notice that files are not those of an earlier run: whole videos are too much to read for that."""
    if not files:
        return {}
    digest, total = hashlib.sha256(), 0
    for path in files:
        with contextlib.suppress(OSError), path.open("rb") as file:  # decoding will show
            size = file.seek(0, os.SEEK_END)
            digest.update(os.fsencode(f"{path.name}/{size}/"))
            digest.update(ends_of(file, size))
            total += size
    return {"files": len(files), "bytes": total, "fingerprint": digest.hexdigest()[:16]}


def ends_of(file: BinaryIO, size: int) -> bytes:
    """The beginning and the end of a file of that size."""
    parts = []
    for position in sorted({0, max(size - EDGE_BYTES, 0)}):
        file.seek(position)
        parts.append(file.read(EDGE_BYTES))
    return b"".join(parts)


def detection_differences(stored: StoreHead, wanted: StoreHead) -> list[Sentence]:
    """In words, why stored detections are not those that are wanted; empty if they are.

    A setting of the model is the same if the one that is stored was asked for so, or came to be so by itself.
    """
    found = [
        words for name, words in _DETECTION.items() if name != "asked" and _plain(stored, name) != _plain(wanted, name)
    ]
    if _source(stored) != _source(wanted):
        found.insert(0, Sentence("the input"))
    keys = stored.asked.keys() | wanted.asked.keys()
    if any(wanted.asked.get(k) not in (stored.asked.get(k), stored.model.get(k)) for k in keys):
        found.append(_DETECTION["asked"])
    return found


def _source(head: StoreHead) -> Any:
    """What tells one source from another: its files or, where there are none, what is known of it."""
    info = head.info
    return (info.kind, dict(head.files) or (info.name, info.width, info.height, info.frame_count, info.duration_s))


def _plain(head: StoreHead, name: str) -> Any:
    value = getattr(head, name)
    return asdict(value) if isinstance(value, Skeleton) else value


def describe(
    head: StoreHead, settings: Settings, options: JobOptions, formats: Mapping[str, Path], drawn: Path | None
) -> dict[str, Any]:
    """The part of the sidecar that is known before the first frame.

    formats: the output of each format. drawn: the annotated video or photo.
    """
    info, skeleton = head.info, head.skeleton
    slow_motion = options.slow_motion_of(info)
    return {
        "format": FORMAT,
        "version": program_version(),
        "source": {"name": info.name, "kind": info.kind, **head.files},
        "model": dict(head.model),
        "detections": {"origin": head.origin, "revision": head.revision},
        "skeleton": {
            "name": skeleton.name,
            "keypoints": list(skeleton.keypoint_names),
            "edges": [list(edge) for edge in skeleton.edges],
        },
        "fps": info.fps,
        "width": info.width,
        "height": info.height,
        "pixel_aspect": info.pixel_aspect,
        "rotation": info.rotation,
        "mirrored": info.mirrored,
        "duration_s": info.duration_s,
        "container_start_s": info.start_time_s,
        "time": {
            "started_utc": head.started_utc,
            "slow_motion": slow_motion if slow_motion != 1 else None,
            "resample_fps": options.resample_fps,
        },
        "selection": {key: value for key, value in head.selection.items() if key != "image_fps"},
        "settings": _choices(head, settings),
        "outputs": {
            "formats": {name: path.name for name, path in formats.items()},
            "annotated": drawn.name if drawn else None,
            "angles": options.angles,
            "every_frame": options.every_frame,
            **({"repetitions": list(map(str, options.repetitions))} if options.repetitions else {}),
            **({"person": options.person} if options.person is not None else {}),
            **({"regions": list(options.regions)} if options.regions else {}),
        },
    }


def _choices(head: StoreHead, settings: Settings) -> dict[str, Any]:
    """The settings as they were used, without what changes no result and without folders of this machine."""
    weights = Path(settings.model.weights).name if settings.model.weights else None
    choices = settings_to_table(replace(settings, model=replace(settings.model, weights=weights)))
    choices["decode"] = dict(head.decode)  # 0 in the settings stands for what suits the weights
    if head.info.kind != "camera":
        for name in ("camera_size", "parallel_requests", "refine_whom"):
            choices.pop(name, None)
    return choices


def result_differences(earlier: Mapping[str, Any], now: Mapping[str, Any], asked: Mapping[str, Any]) -> list[Sentence]:
    """In words, why results described by a sidecar are not those that are asked for; empty if they are."""
    found = [words for name, words in _RESULTS.items() if earlier.get(name) != now.get(name)]
    if earlier.get("model", {}).get("weights_sha256") != asked.get("weights_sha256"):
        found.insert(0, Sentence("the model"))
    return list(dict.fromkeys(found))


class FrameAccount:
    """Counts what became of every frame, and finds out whether they came at a constant rate."""

    def __init__(self) -> None:
        self.processed = 0
        self.without_people = 0
        self._people = PeopleSummary()
        self._last: tuple[int, float] | None = None
        self._step_s: tuple[float, float] | None = None  # shortest and longest time from one frame to the next

    def written(self, frame: TrackedFrame) -> None:
        """A frame as files got it."""
        self._people.add(frame)

    def add(self, frame: TrackedFrame) -> None:
        """A frame of the source."""
        self.processed += 1
        self.without_people += not frame.tracks.observed.any()
        index, time_s = frame.index, frame.time_s
        if self._last is not None and index > self._last[0]:
            step_s = (time_s - self._last[1]) / (index - self._last[0])
            low, high = self._step_s or (step_s, step_s)
            self._step_s = (min(low, step_s), max(high, step_s))
        self._last = (index, time_s)

    def variable_frame_rate(self, info: SourceInfo) -> bool | None:
        """What the container knows, else what was seen."""
        if info.variable_frame_rate is not None or self._step_s is None:
            return info.variable_frame_rate
        tick_s = float(info.time_base_s or 0)
        return self._step_s[1] - self._step_s[0] > tick_s + 1e-9

    def as_dict(self, info: SourceInfo, progress: Progress, dropped: int, warnings: Sequence[str]) -> dict[str, Any]:
        """The part of the sidecar that is known after the last frame."""
        people = self._people.as_list()
        variable = self.variable_frame_rate(info)
        sentences = [*progress.warnings, *warnings]
        if progress.corrupt:
            sentences.append(
                Sentence("Frames that could not be decoded and have no rows: {corrupt}.", corrupt=progress.corrupt)
            )
        if variable:
            sentences.append(Sentence("The frame rate varies: use time_s, not frame / fps."))
        return {
            "variable_frame_rate": variable,
            "frames": {
                "declared": info.frame_count,
                "decoded": progress.decoded,
                "corrupt": progress.corrupt,
                "damaged": progress.damaged,
                "processed": self.processed,
                "dropped": dropped,
                "without_people": self.without_people,
            },
            "rows": sum(person["rows"] for person in people),
            "people": people,
            "warnings": sentences,
        }

    def sentence(self, label: str, seconds: float, missing: int) -> Sentence:
        people = self._people.as_list()
        rows = sum(person["rows"] for person in people)
        rate = self.processed / seconds if seconds > 0 else 0.0
        counts = {"frames": self.processed, "people": len(people), "rows": rows}
        speed = {"seconds": f"{seconds:.1f}", "rate": f"{rate:.1f}"}
        if not missing:
            text = Sentence(
                "frames: {frames}, people: {people}, rows: {rows}, {seconds} s ({rate} fps)", **counts, **speed
            )
        else:
            text = Sentence(
                "frames: {frames}, not decoded: {missing}, people: {people}, rows: {rows}, {seconds} s ({rate} fps)",
                missing=missing,
                **counts,
                **speed,
            )
        return about(label, text)
