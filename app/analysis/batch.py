"""Annotating inputs one after the other, while decoding, inference and encoding of each overlap."""

from __future__ import annotations

import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from app.analysis.inputs import AnnotationInput
from app.analysis.manifest import FrameAccount, describe, same_work
from app.export.csv_sink import CsvSink
from app.export.partial import discard, partial_path, write_error
from app.export.sidecar import read_sidecar, write_sidecar
from app.pipeline import Pipeline
from app.render.image_sink import ImageSink
from app.render.video_sink import VideoSink
from app.settings import Settings
from app.sources import Source, SourceInfo, open_source
from app.threads import Background, Prefetch, Stopped
from app.types import Frame, FrameResult
from pose.errors import MediaError, PoseStudioError
from tracking.backfill import with_backfilled
from tracking.smoothing import smooth_tracks

log = logging.getLogger(__name__)

_NO_IMAGE = np.zeros((0, 0, 3), np.uint8)
LOOK_BACK = 8  # frames held back to complete them; the tracker is sure of most people after three to six
DRAWN = DRAWN_VIDEO, DRAWN_PHOTO = ".annotated.mp4", ".annotated.png"  # endings of what is drawn
QUEUE_DEPTH = 4  # frames waiting between two stages: enough to even out, little memory
STOP_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What to write and which part of each input.

    video:     write the annotated video (a PNG for a single photo).
    start_s:   first and end_s: one past the last presentation time; None = from the beginning, to the end.
    stride:    every how many frames one is annotated.
    overwrite: replace outputs of an earlier run.
    rotation:  degrees clockwise instead of the file's own.
    image_fps: at which images of a folder follow each other.
    """

    out_dir: Path
    video: bool = True
    start_s: float | None = None
    end_s: float | None = None
    stride: int = 1
    overwrite: bool = False
    angles: bool = False
    rotation: int | None = None
    image_fps: float = 25.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one input went. `sentence` says it to the user; `ok` is False if anything is missing from the outputs."""

    item: AnnotationInput
    status: Literal["done", "skipped", "failed", "cancelled"]
    ok: bool
    sentence: str
    warnings: tuple[str, ...] = ()


class Cancelled(Exception):
    """The user asked to stop."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """How a batch talks to its surroundings.

    begin:     called with the source and the number of frames expected (None = unknown) when one input starts.
    advance:   called after every frame.
    finish:    called when that input is over.
    cancelled: asked before every frame.
    """

    begin: Callable[[SourceInfo, int | None], None]
    advance: Callable[[], None]
    finish: Callable[[], None]
    cancelled: Callable[[], bool]


def annotate_input(
    item: AnnotationInput,
    pipeline: Pipeline,
    model: Mapping[str, Any],
    settings: Settings,
    options: BatchOptions,
    hooks: Hooks,
) -> Outcome:
    """Annotate one input; never raises for what is wrong with it.

    model: what the sidecar tells about the network. The pipeline is reset first.
    """
    try:
        return _Annotation(item, pipeline, model, settings, options, hooks).run()
    except Stopped:  # while a live source was waited for
        return Outcome(item, "cancelled", False, f"{item.label}: cancelled before its first frame.")
    except PoseStudioError as error:
        return Outcome(item, "failed", False, str(error))
    except Exception as error:
        return Outcome(item, "failed", False, _unexpected(item, error))


def _unexpected(item: AnnotationInput, error: Exception) -> str:
    """A fault of this program or of a library: one sentence for the user, the rest for whoever mends it."""
    log.error("annotating %s", item.label, exc_info=error)
    return f"{item.label} failed unexpectedly ({type(error).__name__}: {error})."


def _is_photo(info: SourceInfo) -> bool:
    return info.kind == "images" and info.frame_count == 1


@dataclass(frozen=True, slots=True)
class _Annotation:
    item: AnnotationInput
    pipeline: Pipeline
    model: Mapping[str, Any]
    settings: Settings
    options: BatchOptions
    hooks: Hooks

    def run(self) -> Outcome:
        try:
            self.options.out_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_error(self.options.out_dir, error) from error
        with self._open() as source:
            if source.info.live and self.settings.smoothing == "zero-phase":
                raise MediaError(
                    f"{self.item.label} is live, and zero-phase smoothing needs the finished recording; "
                    "use --smooth one-euro, or smooth the recorded video."
                )
            video_path = self._video_path(source.info)
            account = FrameAccount()
            work = describe(source, self.model, self.pipeline.skeleton, self.settings, self.options, video_path)
            if (earlier := self._earlier(work, video_path)) is not None:
                return earlier
            self._remove_partials()
            return self._annotate(source, video_path, account, work)

    def _annotate(
        self, source: Source, video_path: Path | None, account: FrameAccount, work: dict[str, Any]
    ) -> Outcome:
        start_s = time.perf_counter()
        self.pipeline.reset()
        self.hooks.begin(source.info, self._expected_frames(source.info))
        warnings: list[str] = []
        failure: str | None = None
        cancelled = False
        try:
            if self.settings.smoothing == "zero-phase":
                self._in_two_passes(source, video_path, account, warnings)
            else:
                self._in_one_pass(source, video_path, account, warnings)
        except Cancelled:
            failure, cancelled = "cancelled", True
        except PoseStudioError as error:
            failure = str(error)
        except Exception as error:
            failure = _unexpected(self.item, error)
        finally:
            self.hooks.finish()
        seconds = time.perf_counter() - start_s
        content = work | account.as_dict(source, seconds, warnings) | {"complete": failure is None, "error": failure}
        with contextlib.suppress(PoseStudioError) if failure else contextlib.nullcontext():
            write_sidecar(self._path(".json"), content)
        all_warnings = tuple(content["warnings"])
        if cancelled:
            done = f"{self.item.label}: cancelled after {account.processed} frames"
            sentence = f"{done}; unfinished files are marked .partial."
            return Outcome(self.item, "cancelled", False, sentence, all_warnings)
        if failure is not None:
            return Outcome(self.item, "failed", False, failure, all_warnings)
        self._remove_stale(video_path)
        missing = content["frames"]["corrupt"]
        sentence = account.sentence(self.item.label, seconds, missing)
        return Outcome(self.item, "done", missing == 0, sentence, all_warnings)

    def _in_one_pass(self, source: Source, video_path: Path | None, account: FrameAccount, warnings: list[str]) -> None:
        raw = self.settings.smoothing != "off"
        # The table is the last to get its final name: it must not, if the video fails.
        with self._csv(raw) as table, self._video_writer(source.info, video_path, warnings) as draw:
            with contextlib.closing(self._complete_results(source, account)) as results:
                for result in results:
                    table.write(result)
                    account.add(result)
                    draw(result)
                    self.hooks.advance()
            table.flush()

    def _in_two_passes(
        self, source: Source, video_path: Path | None, account: FrameAccount, warnings: list[str]
    ) -> None:
        """Zero-phase smoothing needs the future: find everybody first, then smooth, write and draw.

        Only the poses are kept in between, some hundred bytes per person and frame; images are decoded again.
        """
        found: list[FrameResult] = []
        with contextlib.closing(self._complete_results(source, account)) as first_pass:
            for result in first_pass:
                found.append(replace(result, frame=replace(result.frame, image_bgr=_NO_IMAGE)))
                self.hooks.advance()
        smoothed = smooth_tracks([r.tracks for r in found], [r.frame.time_s for r in found])
        results = [replace(r, tracks=t) for r, t in zip(found, smoothed, strict=True)]
        with self._csv(raw=True) as table:
            for result in results:
                table.write(result)
                account.add(result)
            table.flush()
            if video_path is not None:
                with self._video_writer(source.info, video_path, warnings) as draw:
                    self._draw_again(results, draw)

    def _draw_again(self, results: list[FrameResult], draw: Callable[[FrameResult], None]) -> None:
        """Decode once more and draw results that were made without images."""
        by_index = {result.frame.index: result for result in results}
        with self._open() as source, Prefetch(self._frames(source), QUEUE_DEPTH, "decode") as frames:
            for frame in frames:
                self._stop_if_asked(live=False)
                draw(replace(by_index[frame.index], frame=frame))
                self.hooks.advance()

    def _complete_results(self, source: Source, account: FrameAccount) -> Generator[FrameResult, None, None]:
        """Results a few frames late, so that people have rows from the frame in which they were first seen."""
        held: deque[FrameResult] = deque()
        with contextlib.closing(self._results(source, account)) as results:
            try:
                for result in results:
                    held.append(result)
                    for sight in self.pipeline.earlier:
                        place = len(held) - 1 - sight.frames_ago
                        if place >= 0:
                            held[place] = replace(held[place], tracks=with_backfilled(held[place].tracks, sight))
                    if len(held) > LOOK_BACK:
                        yield held.popleft()
            except Exception:
                yield from held  # what was found before it went wrong is written too
                raise
        yield from held

    def _results(self, source: Source, account: FrameAccount) -> Generator[FrameResult, None, None]:
        live = source.info.live
        depth, count = (1 if live else QUEUE_DEPTH), 0
        with Prefetch(self._frames(source), depth, "decode", newest_only=live) as frames:
            wanted = self._until_stopped(frames, live)
            one_by_one = (self.pipeline.single(frame) for frame in wanted)
            with contextlib.closing(one_by_one if _is_photo(source.info) else self.pipeline.stream(wanted)) as results:
                for result in results:
                    count += 1
                    yield result
            account.dropped = frames.dropped
        if not count and not live:
            raise MediaError(f"{self.item.label} has no frame in the part that was asked for.")

    def _until_stopped(self, frames: Iterable[Frame], live: bool) -> Iterator[Frame]:
        for frame in frames:
            if self._stop_if_asked(live):
                return
            yield frame

    def _stop_if_asked(self, live: bool) -> bool:
        """A live source has no other end than being stopped; anything else is cut short by it."""
        if self.hooks.cancelled():
            if not live:
                raise Cancelled
            return True
        return False

    def _open(self) -> Source:
        return open_source(
            self.item.spec,
            rotation=self.options.rotation,
            image_fps=self.options.image_fps,
            camera_size=self.settings.camera_wh,
            sleep=self._wait_for_source,
        )

    def _wait_for_source(self, wait_s: float) -> None:
        """With which live sources wait. Raises Stopped as soon as the user asks to stop."""
        end_s = time.monotonic() + wait_s
        while not self.hooks.cancelled():
            if (rest_s := end_s - time.monotonic()) <= 0:
                return
            time.sleep(min(rest_s, STOP_POLL_S))
        raise Stopped

    def _frames(self, source: Source) -> Iterator[Any]:
        return source.frames(self.options.start_s, self.options.end_s, self.options.stride)

    def _csv(self, raw: bool) -> CsvSink:
        return CsvSink(self._path(".csv"), self.pipeline.skeleton, raw=raw, angles=self.options.angles)

    @contextlib.contextmanager
    def _video_writer(
        self, info: SourceInfo, path: Path | None, warnings: list[str]
    ) -> Iterator[Callable[[FrameResult], None]]:
        """A function that hands results to the drawing and encoding thread."""
        if path is None:
            yield lambda result: None
            return
        style, skeleton = self.settings.overlay, self.pipeline.skeleton
        sink = ImageSink(path, skeleton, style) if path.suffix == ".png" else VideoSink(path, info, skeleton, style)
        with sink, Background(sink.write, QUEUE_DEPTH, "encode") as background:
            yield background.put
        warnings += sink.warnings

    def _expected_frames(self, info: SourceInfo) -> int | None:
        if info.live or not info.frame_count:
            return None
        first = (self.options.start_s or 0.0) * info.fps
        last = info.frame_count if self.options.end_s is None else min(info.frame_count, self.options.end_s * info.fps)
        count = max(0, -(-int(last - first) // self.options.stride))
        passes = 2 if self.settings.smoothing == "zero-phase" and self.options.video else 1
        return count * passes

    def _path(self, suffix: str) -> Path:
        return self.options.out_dir / f"{self.item.stem}{suffix}"

    def _video_path(self, info: SourceInfo) -> Path | None:
        if not self.options.video:
            return None
        return self._path(DRAWN_PHOTO if _is_photo(info) else DRAWN_VIDEO)

    def _earlier(self, work: Mapping[str, Any], video_path: Path | None) -> Outcome | None:
        """Outputs of an earlier run: the same work is not done twice, other work is not overwritten unasked."""
        paths = [p for p in (self._path(".csv"), self._path(".json"), video_path) if p is not None]
        try:
            existing = [p for p in paths if p.exists()]
        except OSError as error:  # a name that is too long for the folder
            raise write_error(paths[0], error) from error
        if self.options.overwrite or not existing:
            return None
        content = read_sidecar(self._path(".json"))
        if len(existing) == len(paths) and content is not None and same_work(content, work):
            ok = content["frames"]["corrupt"] == 0
            return Outcome(self.item, "skipped", ok, f"{self.item.label}: already annotated in the same way; skipped.")
        names = ", ".join(p.name for p in existing)
        raise PoseStudioError(
            f"{self.item.label} was left out: {names} already there from another run; allow them to be replaced "
            "(--overwrite), or choose another folder."
        )

    def _remove_stale(self, video_path: Path | None) -> None:
        """What an earlier run drew does not belong to the table that replaced its own."""
        for suffix in DRAWN:
            if self.options.overwrite and self._path(suffix) != video_path:
                discard(self._path(suffix))

    def _remove_partials(self) -> None:
        for suffix in (".csv", ".json", *DRAWN):
            discard(partial_path(self._path(suffix)))
