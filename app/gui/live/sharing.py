"""Poses from the window to other programs: opened with the first result of a source, fed on the inference thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

from app.gui.i18n.library_texts import in_users_language
from app.gui.view.compose import without
from app.live.destinations import Destinations, Kind
from app.live.frame import FrameMaker, LiveSettings
from app.live.output import LiveOut, LiveOutput
from app.render.overlay import OverlayStyle
from app.sources.base import SourceInfo
from app.types import FrameResult
from pose.errors import PoseStudioError
from pose.skeleton import Skeleton

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LiveChoices:
    """What the user wants sent, and where."""

    destinations: Destinations = field(default_factory=Destinations)
    what: LiveSettings = field(default_factory=LiveSettings)


class Sharer:
    """Sends the results of one source. All is called on the inference thread, and nothing raises.

    hidden:  ids of people who are not sent.
    changed: called with a kind of output, whether it works, and a sentence or address for the user.
    """

    def __init__(
        self,
        choices: LiveChoices,
        source: SourceInfo,
        style: OverlayStyle,
        hidden: Callable[[], frozenset[int]],
        changed: Callable[[Kind, bool, str], None],
    ) -> None:
        self._choices, self._source, self._style = choices, source, style
        self._hidden, self._changed = hidden, changed
        self._skeleton: Skeleton | None = None
        self._out: LiveOut | None = None

    def publish(self, result: FrameResult, skeleton: Skeleton, captured_s: float) -> None:
        try:
            if skeleton != self._skeleton:
                self._open(skeleton)
            if self._out is not None:
                self._out.publish(replace(result, tracks=without(result.tracks, self._hidden())), captured_s)
        except Exception:
            log.exception("sending poses")
            self.close()

    def _open(self, skeleton: Skeleton) -> None:
        self.close()
        self._skeleton, source = skeleton, self._source
        maker = FrameMaker(self._choices.what, skeleton)
        run = maker.run(source.name, source.width, source.height, source.fps)
        outputs: list[LiveOutput] = []
        for kind, open_output in self._choices.destinations.openers(run, self._style, self._notify):
            try:
                output = open_output()
            except PoseStudioError as error:
                self._changed(kind, False, in_users_language(str(error)))
            else:
                outputs.append(output)
                self._changed(kind, True, in_users_language(output.name))
        self._out = LiveOut(maker, outputs, max_fps=self._choices.what.max_fps, notify=self._notify)

    def _notify(self, sentence: str) -> None:
        log.info("%s", sentence)

    def close(self) -> None:
        out, self._out = self._out, None
        if out is not None:
            out.close()


class Sharing(QObject):
    """What is chosen, on the GUI thread; makes a new Sharer whenever the choices or the source change."""

    sharer_changed = pyqtSignal(object)  # Sharer or None, for the inference thread
    output_changed = pyqtSignal(str, bool, str)  # kind of output, whether it works, address or sentence

    def __init__(self, hidden: Callable[[], frozenset[int]], style: Callable[[], OverlayStyle]) -> None:
        super().__init__()
        self._hidden, self._style = hidden, style
        self._source: SourceInfo | None = None
        self.choices = LiveChoices()
        self.outputs: dict[str, tuple[bool, str]] = {}  # what `output_changed` reported last, by kind
        self.output_changed.connect(self._remember)

    @pyqtSlot(str, bool, str)
    def _remember(self, kind: str, works: bool, text: str) -> None:
        self.outputs[kind] = works, text

    def choose(self, choices: LiveChoices) -> None:
        if choices != self.choices:
            self.choices = choices
            self._renew()

    @pyqtSlot(object)
    def follow_source(self, source: SourceInfo | None) -> None:
        if source is not self._source:
            self._source = source
            self._renew()

    def _renew(self) -> None:
        sharer = None
        self.outputs.clear()
        if self._source is not None and self.choices.destinations:
            sharer = Sharer(self.choices, self._source, self._style(), self._hidden, self.output_changed.emit)
        self.sharer_changed.emit(sharer)
