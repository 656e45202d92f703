"""What opens beside the main window: files, settings, recording, export, batch and help."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import platformdirs
from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.gui.common.folders import open_folder
from app.gui.live.recording import SessionRecorder
from app.gui.live.sharing import LiveChoices
from app.gui.shell.memory import Memory
from app.gui.shell.stage import Stage
from app.settings import Settings
from app.sources import VIDEO_SUFFIXES
from app.sources.images import IMAGE_SUFFIXES

if TYPE_CHECKING:
    from app.gui.panels.batch_window import BatchWindow

Tool = TypeVar("Tool", bound=QWidget)


class Tools(QObject):
    """At most one of each window is open."""

    angles_chosen = pyqtSignal(bool)  # in one of them

    def __init__(self, window: Stage, memory: Memory) -> None:
        super().__init__(window)
        self._window = window
        self._memory = memory
        self._open: list[QWidget] = []

    def close(self) -> bool:
        """Close all; False if one of them asked and the user wants it to go on."""
        return all(tool.close() for tool in list(self._open))

    def settle(self) -> None:
        """Have settings told that were changed a moment ago, so that a change made elsewhere builds upon them."""
        for tool in self._open:
            if hasattr(tool, "settle"):
                tool.settle()

    def show_settings(self, settings: Settings) -> None:
        """Tell the open windows what was changed elsewhere."""
        for tool in self._open:
            tool.set_settings(settings)  # type: ignore[attr-defined]

    def open_settings(self) -> None:
        from app.gui.panels.settings_dialog import SettingsDialog

        dialog = self._existing(SettingsDialog)
        if dialog is None:
            dialog = SettingsDialog(self._window.settings, self._window, self._window.remembered_theme())
            dialog.settings_changed.connect(self._window.use_settings)
            dialog.theme_changed.connect(self._window.set_theme)
            session = self._window.session
            session.loading_reported.connect(dialog.models.show_loading)
            dialog.show_problem(session.problem)
            session.failed.connect(dialog.show_problem)
            session.mended.connect(dialog.take_back_problem)
            self._keep(dialog)
        _show(dialog)

    def open_live(self) -> None:
        from app.gui.panels.live_panel import USUAL_ADDRESSES, LivePanel

        panel = self._existing(LivePanel)
        if panel is None:
            sharing = self._window.sharing
            addresses = {kind: self._memory.text(f"live_{kind}") for kind in USUAL_ADDRESSES}
            panel = LivePanel(sharing.choices.destinations, sharing.choices.what, addresses, self._window)
            panel.chosen.connect(lambda where, what: sharing.choose(LiveChoices(where, what)))
            panel.addresses_changed.connect(lambda kind, text: self._memory.keep(f"live_{kind}", text))
            sharing.output_changed.connect(panel.show_output)
            for told in sharing.outputs.items():
                panel.show_output(told[0], *told[1])
            self._keep(panel)
        _show(panel)

    def open_batch(self) -> BatchWindow:
        from app.gui.panels.batch_window import BatchWindow

        window = self._existing(BatchWindow)
        if window is None:
            window = BatchWindow(self._window.settings)
            window.angles_box.setChecked(self.angles)
            window.angles_box.toggled.connect(self.angles_chosen)
            self._keep(window)
            place = window.frameGeometry()
            place.moveCenter(self._window.frameGeometry().center())
            window.move(place.topLeft())
        _show(window)
        return window

    def export_file(self) -> None:
        """Export the open file through the batch window."""
        state = self._window.session.state
        if state.info is not None and state.info.path is not None:
            self._window.session.pause()  # leave the machine to the export
            self.open_batch().export(state.info.path, state.in_s, state.out_s)

    @property
    def record_folder(self) -> Path:
        return Path(self._memory.text("record_folder") or platformdirs.user_videos_dir())

    @property
    def angles(self) -> bool:
        """Whether recordings and exports have columns with joint angles."""
        return self._memory.flag("angles", False)

    def set_angles(self, wanted: bool) -> None:
        from app.gui.panels.batch_window import BatchWindow

        self._memory.keep("angles", wanted)
        batch = self._existing(BatchWindow)
        if batch is not None:
            batch.angles_box.setChecked(wanted)

    def toggle_recording(self) -> None:
        session = self._window.session
        state = session.state
        if state.recording:
            session.stop_recording()
        elif state.info is not None:
            window = self._window
            recorder = SessionRecorder(
                self.record_folder, state.info, window.settings, datetime.now(), lambda: window.hidden_ids, self.angles
            )
            session.start_recording(recorder)

    def choose_record_folder(self) -> None:
        title = self.tr("Folder for recordings")
        folder = QFileDialog.getExistingDirectory(self._window, title, str(self.record_folder))
        if folder:
            self._memory.keep("record_folder", folder)

    def open_record_folder(self) -> None:
        if self.record_folder.is_dir():
            problem = open_folder(self.record_folder)
        else:
            problem = self.tr("There are no recordings yet; they will be in {0}.").format(self.record_folder)
        if problem:
            self._window.banner.show_message(problem, "info")

    def choose_file(self) -> None:
        folder = self._memory.text("folder", platformdirs.user_videos_dir())
        patterns = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in (*VIDEO_SUFFIXES, *IMAGE_SUFFIXES))
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open a video or image"),
            folder,
            self.tr("Videos and images ({patterns})").format(patterns=patterns) + ";;" + self.tr("All files (*)"),
        )
        if name:
            self._memory.keep("folder", str(Path(name).parent))
            self._window.open_source(name)

    def choose_report(self) -> Path | None:
        """Where to save the report of the open file; None if the user thinks better of it."""
        info = self._window.session.state.info
        if info is None or info.path is None:
            return None
        usual = str(info.path.with_name(f"{info.path.stem}.report.html"))
        name, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save the report"), usual, "HTML (*.html)")
        return Path(name) if name else None

    def show_about(self) -> None:
        QMessageBox.about(
            self._window,
            self.tr("About LitePose Studio"),
            self.tr("LitePose Studio\n\nFinds and follows people in videos and live images, on this machine alone."),
        )

    def _existing(self, kind: type[Tool]) -> Tool | None:
        return next((tool for tool in self._open if isinstance(tool, kind)), None)

    def _keep(self, tool: QWidget) -> None:
        tool.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        tool.destroyed.connect(lambda: self._open.remove(tool))
        self._open.append(tool)


def _show(tool: QWidget) -> None:
    tool.show()
    tool.raise_()
    tool.activateWindow()
