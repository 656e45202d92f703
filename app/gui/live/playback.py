"""Playing a file by the presentation times of its frames: pause, step, seek, speed, loop. Knows no Qt."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.sources.base import Source
from app.types import Frame

LATE_S = 0.25  # later than this, the clock starts anew instead of racing to catch up
JUST_BEFORE_S = 1e-4  # at this time before a frame, the frame before it was on the screen


@dataclass(frozen=True, slots=True)
class Playback:
    """How a file is to be played. `in_s` and `out_s` bound the playing, not the seeking.

    starts: how often the user has started it. A start with nothing left to play begins at the beginning.
    """

    playing: bool = True
    speed: float = 1.0
    loop: bool = False
    in_s: float | None = None
    out_s: float | None = None
    starts: int = 0


@dataclass(frozen=True, slots=True)
class SeekTo:
    time_s: float


@dataclass(frozen=True, slots=True)
class SeekBy:
    """From where the move before it leads to, or from the frame handed over last."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Step:
    frames: int


Move = SeekTo | SeekBy | Step


class Request(NamedTuple):
    """What to do next: all the moves in their order, else to play."""

    moves: tuple[Move, ...]
    playback: Playback


class PlaybackDesk:
    """Where the GUI leaves its wishes and the capture thread finds them. No call here waits for a source."""

    def __init__(self, playback: Playback) -> None:
        self._condition = threading.Condition()
        self._playback = playback
        self._moves: tuple[Move, ...] = ()
        self._stopping = False

    @property
    def stopping(self) -> bool:
        return self._stopping

    @property
    def playback(self) -> Playback:
        return self._playback

    def set_playback(self, playback: Playback) -> None:
        with self._condition:
            self._playback = playback
            self._condition.notify_all()

    def seek(self, time_s: float) -> None:
        """What was asked for before and is not done yet does not matter any more."""
        with self._condition:
            self._moves = (SeekTo(time_s),)
            self._condition.notify_all()

    def seek_by(self, seconds: float) -> None:
        with self._condition:
            self._moves += (SeekBy(seconds),)
            self._condition.notify_all()

    def step(self, count: int) -> None:
        with self._condition:
            self._moves += (Step(count),)
            self._condition.notify_all()

    def stop(self) -> None:
        with self._condition:
            self._stopping = True
            self._condition.notify_all()

    def wait_for_stop(self, timeout_s: float) -> bool:
        with self._condition:
            return self._condition.wait_for(lambda: self._stopping, timeout_s)

    def next_request(self) -> Request | None:
        """Wait until there is something to do; None to stop."""
        with self._condition:
            self._condition.wait_for(lambda: self._urgent() or self._playback.playing)
            if self._stopping:
                return None
            request = Request(self._moves, self._playback)
            self._moves = ()
            return request

    def interrupted(self, playback: Playback, until_s: float) -> bool:
        """Wait until a moment of time.perf_counter(); True at once if the user wants something else."""
        with self._condition:
            wait_s = max(until_s - time.perf_counter(), 0.0)
            return self._condition.wait_for(lambda: self._urgent() or self._playback is not playback, wait_s)

    def pause(self, playback: Playback) -> bool:
        """Pause at the end of playing, unless the user has just asked for something else (then False)."""
        with self._condition:
            if self._urgent() or self._playback is not playback:
                return False
            self._playback = replace(playback, playing=False)
            return True

    def _urgent(self) -> bool:
        return self._stopping or bool(self._moves)


class FilePlayer:
    """Plays one seekable source on the calling thread until the desk says stop.

    put:   called with (frame, the time.perf_counter() at which it was due, whether it is out of sequence).
    ended: called when playing stops by itself at the end or at the out point.
    found_end: called with the time of the source's last frame whenever that has proved to be the last. What a
               container announces is often something else: the length of the sound, or of a file that was cut off.
    """

    def __init__(
        self,
        source: Source,
        desk: PlaybackDesk,
        put: Callable[[Frame, float, bool], None],
        ended: Callable[[], None],
        found_end: Callable[[float], None] = lambda last_s: None,
    ) -> None:
        self._source = source
        self._desk = desk
        self._put = put
        self._ended = ended
        self._found_end = found_end
        self._start = 0  # the last start of the user's that was heeded
        self._frames: Iterator[Frame] = iter(source)
        self._shown: Frame | None = None  # the last frame handed over
        self._pending: Frame | None = None  # decoded, not due yet
        self._sought_s: float | None = None  # where the frame handed over last was sought, it may be earlier itself
        self._end_s: float | None = None  # the time of the last frame, once that was reached
        self._jumped = True  # the next frame does not follow the one shown
        self._clock: tuple[float, float, float] | None = None  # perf_counter at a presentation time, and the speed

    def run(self) -> None:
        self._show_next()
        while (request := self._desk.next_request()) is not None:
            if request.moves:
                self._move(request.moves)
            else:
                self._play_one(request.playback)

    def _move(self, moves: Iterable[Move]) -> None:
        """Seeks that follow each other are one, and only its frame is shown."""
        target_s: float | None = None
        for move in moves:
            if isinstance(move, Step):
                if target_s is not None:
                    self._seek(target_s)
                target_s = None
                self._step(move.frames)
            elif isinstance(move, SeekTo):
                target_s = move.time_s
            else:
                from_s = self._position_s() if target_s is None else target_s
                target_s = self._within(from_s + move.seconds)
        if target_s is not None:
            self._seek(target_s)

    def _position_s(self) -> float:
        """Seconds sought one after the other add up, although no frame may lie exactly there."""
        if self._sought_s is not None:
            return self._sought_s
        return self._shown.time_s if self._shown is not None else 0.0

    def _within(self, time_s: float) -> float:
        """Not before the first frame, nor after the last one as far as that is known."""
        last_s = self._last_s()
        return max(time_s if last_s is None else min(time_s, last_s), 0.0)

    def _next(self) -> Frame | None:
        frame, self._pending = self._pending, None
        if frame is None:
            frame = next(self._frames, None)
            if frame is None and self._shown is not None and not self._jumped:
                self._end_s = self._shown.time_s
                self._found_end(self._end_s)
        return frame

    def _show(self, frame: Frame, due_s: float) -> None:
        self._put(frame, due_s, self._jumped)
        self._shown, self._jumped, self._sought_s = frame, False, None

    def _show_next(self) -> bool:
        frame = self._next()
        if frame is not None:
            self._show(frame, time.perf_counter())
        return frame is not None

    def _last_s(self) -> float | None:
        """The time of the last frame; until that was reached, as the source announces it."""
        info = self._source.info
        if self._end_s is not None or info.duration_s is None:
            return self._end_s
        return max(info.duration_s - 1.0 / (info.fps or 25.0), 0.0)

    def _seek(self, time_s: float) -> None:
        self._go_to(time_s)
        if not self._show_next():  # beyond the end, and the source has not clamped it
            self._go_to(self._last_s() or 0.0)
            self._show_next()
        if self._shown is not None and time_s - self._shown.time_s > 1.5 / (self._source.info.fps or 25.0):
            self._pending = self._next()  # this may be the last one, well before the end that was announced
        self._sought_s = self._within(time_s)

    def _go_to(self, time_s: float) -> None:
        self._source.seek(max(time_s, 0.0))
        self._frames = iter(self._source)
        self._pending, self._clock, self._jumped = None, None, True

    def _step(self, count: int) -> None:
        self._clock = None
        if count > 0:
            for _ in range(count):
                self._show_next()
            return
        for _ in range(-count):
            if self._shown is None or self._shown.time_s <= 0 or self._desk.stopping:
                return
            self._go_to(self._shown.time_s - JUST_BEFORE_S)
            self._show_next()

    def _play_one(self, playback: Playback) -> None:
        """Hand over the next frame when it is due; leave it pending if the user asks for something else meanwhile."""
        just_started, self._start = playback.starts != self._start, playback.starts
        start_s = playback.in_s or 0.0
        if just_started and self._shown is not None and self._shown.time_s < start_s:
            self._go_to(start_s)
        frame = self._next()
        if frame is None or (playback.out_s is not None and frame.time_s > playback.out_s):
            if just_started:
                self._go_to(start_s)
                return
            self._pending = frame
            self._at_end(playback)
            return
        clock = self._clock
        if clock is None or clock[2] != playback.speed:
            clock = self._clock = self._new_clock(frame, playback.speed)
        due_s = clock[0] + (frame.time_s - clock[1]) / playback.speed
        if self._desk.interrupted(playback, due_s):
            self._pending, self._clock = frame, None
            return
        now_s = time.perf_counter()
        if now_s - due_s > LATE_S:
            due_s, self._clock = now_s, (now_s, frame.time_s, playback.speed)
        self._show(frame, due_s)

    def _new_clock(self, frame: Frame, speed: float) -> tuple[float, float, float]:
        """The next frame is due after the one on the screen has had its time."""
        gap_s = 0.0 if self._shown is None or self._jumped else max(frame.time_s - self._shown.time_s, 0.0)
        return (time.perf_counter() + gap_s / speed, frame.time_s, speed)

    def _at_end(self, playback: Playback) -> None:
        start_s = playback.in_s or 0.0
        span_is_empty = self._shown is None or self._shown.time_s < start_s
        if playback.loop and not span_is_empty:
            # The last frame has its time too; this also keeps a single image from spinning.
            frame_s = 1.0 / (self._source.info.fps or 25.0) / playback.speed
            if not self._desk.interrupted(playback, time.perf_counter() + frame_s):
                self._go_to(start_s)
        elif self._desk.pause(playback):
            self._ended()
