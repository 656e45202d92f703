"""From tracked frames to files: what the formats may know of a run, and drawing people into its images."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from app.analysis.edits import names
from app.analysis.measure import Measures, floor_of, scale_of
from app.analysis.store import DetectionStore, Timeline
from app.analysis.store_head import StoreHead
from app.analysis.track import TrackChoices, as_exported, tracked_frames
from app.analysis.track_table import collect
from app.export.registry import make_sink, needs_timeline
from app.export.sink import RunFacts
from app.export.skeletons import in_skeleton
from app.export.writer import ExportWriter
from app.render.image_sink import ImageSink
from app.render.overlay import OverlayStyle
from app.render.video_sink import VideoSink
from app.repetitions import RepetitionSettings
from app.sources import SourceInfo
from app.threads import Background
from app.types import Frame, FrameResult, StageTimes, TrackedFrame
from pose.skeleton import Skeleton
from tracking.types import TrackedPoses

ENCODER_QUEUE = 4  # frames waiting to be drawn
_NO_TIMES = StageTimes(0, 0, 0, 0)

Draw = Callable[[Frame, TrackedPoses], None]


def write_formats(
    store: DetectionStore,
    choices: TrackChoices,
    place: tuple[Path, str],
    formats: Sequence[str],
    *,
    angles: bool,
    repetitions: tuple[RepetitionSettings, ...],
    every_frame: bool,
    skeleton: Skeleton | None = None,
    watch: Callable[[TrackedFrame], None] = lambda frame: None,
) -> list[Path]:
    """Write a complete store, tracked, in some formats, all or none; returns the files and folders that came about.

    place: folder and stem. skeleton: whose joints to write; None = all there are. watch: gets every written frame.
    Raises MediaError if something cannot be written.
    """
    sinks = [make_sink(name, *place) for name in formats]
    facts = run_facts(
        store.head,
        choices,
        store.timeline() if every_frame or needs_timeline(formats) else None,
        angles=angles,
        repetitions=repetitions,
        every_frame=every_frame,
        measures=measures_of(store, choices),
    )
    wanted = skeleton or facts.skeleton
    with ExportWriter(sinks, replace(facts, skeleton=wanted)) as writer:
        for frame in as_exported(tracked_frames(store, choices), choices):
            writer.write(in_skeleton(frame, facts.skeleton, wanted))
            watch(frame)
        writer.flush()
    return [sink.path for sink in sinks]


def run_facts(
    head: StoreHead,
    choices: TrackChoices,
    timeline: Timeline | None = None,
    *,
    angles: bool = False,
    repetitions: tuple[RepetitionSettings, ...] = (),
    every_frame: bool = False,
    measures: Measures | None = None,
) -> RunFacts:
    """What the formats may know. timeline: of the complete store, for formats that need it; otherwise None."""
    info = head.info
    facts = RunFacts(
        source=info.name,
        skeleton=head.skeleton,
        fps=choices.resample_fps or info.fps * choices.slow_motion,
        width=info.width,
        height=info.height,
        started_utc=None if head.started_utc is None else datetime.fromisoformat(head.started_utc),
        model=str(head.model.get("name", "litepose")),
        raw=choices.smoothing != "off",
        angles=angles,
        repetitions=repetitions,
        every_frame=every_frame,
        measures=measures,
        tilt_deg=floor.tilt_deg if (floor := floor_of(choices.edits)) else 0.0,
        names=names(choices.edits),
    )
    if choices.resample_fps is not None:
        return facts  # frames of its own, each of which comes
    facts = replace(facts, time_base_s=info.time_base_s, frame_names=head.frame_names)
    if timeline is None:
        return facts
    known = np.flatnonzero(np.isfinite(timeline.times_s))
    last = len(timeline.times_s)
    ends = head.selection.get("end_s") is not None
    return replace(
        facts,
        frame_count=max(last, info.frame_count or 0) if not ends else info.frame_count,
        times_s=timeline.times_s / choices.slow_motion,
        first_frame=int(known[0]) if head.selection.get("start_s") and len(known) else 0,
        end_frame=last if ends else None,
        corrupt_frames=timeline.corrupt,
    )


def measures_of(store: DetectionStore, choices: TrackChoices) -> Measures | None:
    """What tables say in metres; None if no scale was drawn. Tracks once if there is one. Raises MediaError."""
    scale = scale_of(choices.edits)
    if scale is None:
        return None
    table = collect(tracked_frames(store, choices.unsmoothed), store.head.skeleton)
    return Measures(table, scale, floor_of(choices.edits), store.head.info.height)


@contextlib.contextmanager
def drawing(
    path: Path | None, info: SourceInfo, skeleton: Skeleton, style: OverlayStyle, warnings: list[str]
) -> Iterator[Draw]:
    """A function that hands frames and their people to a thread that draws and encodes them.

    path: of the video, or of the image if it ends in .png; None = draw nothing. It stays under its partial name.
    warnings: gets sentences about what was wrong.
    """
    if path is None:
        yield lambda frame, tracks: None
        return
    sink: ImageSink | VideoSink
    if path.suffix == ".png":
        sink = ImageSink(path, skeleton, style, name_it=False)
    else:
        sink = VideoSink(path, info, skeleton, style, name_it=False)
    with sink, Background(sink.write, ENCODER_QUEUE, "encode") as background:
        yield lambda frame, tracks: background.put(FrameResult(frame, tracks, _NO_TIMES))
    warnings += sink.warnings
