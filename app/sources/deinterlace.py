"""Interlaced video: each frame holds two moments in alternate lines. The first of them is made whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction

import av
from av.filter import Graph


class Deinterlacer:
    """Passes frames through; from the first interlaced one on through FFmpeg's bwdif, which gives them one frame late.

    What comes out has the stored times (`pts`, `dts`), flags and colours of what went in; one frame for each.
    """

    def __init__(self, time_base: Fraction) -> None:
        self._time_base = time_base
        self._graph: Graph | None = None
        self._kind: tuple[int, int, str] | None = None
        self._inside: deque[av.VideoFrame] = deque()
        self.is_used = False

    def __call__(self, frame: av.VideoFrame) -> Iterator[tuple[av.VideoFrame, av.VideoFrame]]:
        """Pairs of the frame to show and the frame as it was decoded."""
        if self._graph is None and not frame.interlaced_frame:
            yield frame, frame
            return
        kind = (frame.width, frame.height, frame.format.name)
        if kind != self._kind:
            yield from self.flush()
            self._begin(frame, kind)
        assert self._graph is not None
        self.is_used = True
        self._inside.append(frame)
        self._graph.vpush(frame)
        yield from self._outcome()

    def flush(self) -> Iterator[tuple[av.VideoFrame, av.VideoFrame]]:
        """What is still inside, at the end."""
        if self._graph is not None:
            self._graph.vpush(None)
            yield from self._outcome()
            while self._inside:
                frame = self._inside.popleft()
                yield frame, frame
        self._graph = self._kind = None

    def _begin(self, frame: av.VideoFrame, kind: tuple[int, int, str]) -> None:
        graph = Graph()
        source = graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=self._time_base
        )
        bwdif = graph.add("bwdif", "mode=send_frame:deint=interlaced")
        sink = graph.add("buffersink")
        source.link_to(bwdif)
        bwdif.link_to(sink)
        graph.configure()
        self._graph, self._kind = graph, kind

    def _outcome(self) -> Iterator[tuple[av.VideoFrame, av.VideoFrame]]:
        assert self._graph is not None
        while self._inside:
            try:
                whole = self._graph.vpull()
            except (av.BlockingIOError, av.EOFError):
                return
            yield whole, self._inside.popleft()
