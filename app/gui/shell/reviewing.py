"""The analysed file in the window: its analysis, its doubtful moments, who is who in it, and its report."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

from app.analysis.doubt import Doubt
from app.analysis.edit_log import describe
from app.gui.analysis.analyst import AnalysisState
from app.gui.analysis.review_panel import doubt_colour
from app.gui.analysis.tracking import Findings, Tracking
from app.gui.common.folders import open_file, open_folder, open_page
from app.gui.live.session_state import SessionState
from app.gui.shell.stage import Stage
from app.gui.shell.tools import Tools
from app.gui.view.drawings import Drawings


class Reviewing(QObject):
    """Connects the analyst with panel, timeline, menus and image of a window that has all of them already."""

    changed = pyqtSignal(object, object)  # AnalysisState, Findings or None
    _report_written = pyqtSignal(object)  # Path; from another thread

    def __init__(self, window: Stage, tools: Tools) -> None:
        super().__init__(window)
        self._window, self._tools = window, tools
        self._analyst, self._panel = analyst, panel = window.analyst, window.review
        self.findings: Findings | None = None
        self._state = AnalysisState()
        self._still = False  # the image stands still
        analyst.state_changed.connect(self._show_analysis)
        analyst.tracking_changed.connect(self._show_tracking)
        analyst.failed.connect(lambda text: window.banner.show_message(text, "warning"))
        self._report_written.connect(self._show_report)
        panel.start_requested.connect(self.toggle_analysis)
        panel.cancel_requested.connect(self.toggle_analysis)
        panel.chosen.connect(self._on_doubt_chosen)
        panel.check_requested.connect(self._check)
        panel.undo_requested.connect(analyst.undo)
        panel.redo_requested.connect(analyst.redo)
        panel.table_requested.connect(self.open_table)
        panel.report_requested.connect(self.write_report)

    @property
    def everybody(self) -> list[int]:
        """All people of the analysed file."""
        return sorted(self.findings.presence) if self.findings else []

    def follow(self, state: SessionState) -> None:
        """What is open, and whether it plays: poses are repaired in still images."""
        self._still = state.phase == "open" and not state.live and not state.playing
        self._window.view.joints.set_enabled(self._still and self.findings is not None)

    def toggle_analysis(self) -> None:
        """Analyse the open file in the background, or stop."""
        window = self._window
        if self._analyst.state.phase == "none":
            window.memory.keep("analyse_files", "yes")
            self._analyst.start(window.settings)
        elif self._analyst.state.phase in ("loading", "running"):
            self._analyst.cancel()

    @pyqtSlot(object)
    def _show_analysis(self, state: AnalysisState) -> None:
        before, self._state = self._state, state
        self._panel.show_state(state)
        self.changed.emit(state, self.findings)
        running = state.phase == "running" and state.expected
        share = state.done / state.expected if running and state.expected else None
        self._window.transport.timeline.set_analysed(share)
        if state.phase == "none" and before.phase == "looking" and state.path is not None:
            self._offer_analysis()

    def _offer_analysis(self) -> None:
        """Asked once; whoever has analysed a file has every later one analysed when it is opened."""
        window = self._window
        wanted = window.memory.text("analyse_files")
        if wanted == "yes":
            self._analyst.start(window.settings)
        elif not wanted and not window.banner.isVisible():
            window.memory.keep("analyse_files", "asked")
            window.banner.show_message(
                self.tr("Analyse files in the background, to play them smoothly and to repair identities?"),
                "info",
                self.tr("Analyse"),
                self.toggle_analysis,
            )

    @pyqtSlot(object, object)
    def _show_tracking(self, tracking: Tracking | None, findings: Findings | None) -> None:
        window = self._window
        window.session.set_known(tracking)
        window.view.set_drawings(Drawings.of(tracking.edits) if tracking else Drawings())
        if tracking is not None and findings is None:
            return  # it follows
        self.findings = findings
        window.view.joints.set_enabled(self._still and findings is not None)
        if findings is None:
            window.view.drawing.leave()
        window.set_names(findings.names if findings else {})
        self._panel.show_findings(findings)
        self.changed.emit(self._state, findings)
        marks = sorted((d.severity, findings.times_s.get(d.moment, 0.0)) for d in findings.doubts) if findings else []
        window.transport.timeline.set_marks([(time_s, doubt_colour(severity)) for severity, time_s in marks])
        window.show_presence()
        for misfit in findings.misfits[:1] if findings else ():
            window.banner.show_message(
                self.tr("An edit does not fit this tracking any more and is left out: {0}").format(
                    describe(misfit.edit)
                ),
                "warning",
            )

    @pyqtSlot(object, float)
    def _on_doubt_chosen(self, doubt: Doubt, time_s: float) -> None:
        self._window.session.pause()
        self._window.session.seek(time_s)

    @pyqtSlot(object, bool)
    def _check(self, doubt: Doubt, done: bool) -> None:
        self._analyst.edit(lambda repair: repair.check(doubt, done))

    def open_table(self) -> None:
        """In the program that the desktop has for tables; where there is no table, the folder."""
        results = self._analyst.results
        if results is None:
            return
        problem = open_file(results) if results.is_file() else open_folder(results.parent)
        if problem:
            self._window.banner.show_message(problem, "info")

    def write_report(self) -> None:
        """Ask for a file, write the page about this video and offer to open it."""
        path = self._tools.choose_report()
        if path is not None:
            self._analyst.report(path, self._window.settings.overlay, self._report_written.emit)

    @pyqtSlot(object)
    def _show_report(self, path: Path) -> None:
        self._window.banner.show_message(
            self.tr("The report is saved as {0}.").format(path.name),
            "info",
            self.tr("Show"),
            lambda: open_page(path),
        )
