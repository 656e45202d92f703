"""The window: one big image, the controls under it, panels at its side."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QByteArray, QSize, Qt, QTimer, pyqtSlot
from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QScreen
from PyQt6.QtWidgets import (
    QApplication,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.analysis.inputs import resolve_inputs
from app.gui.analysis.analyst import Analyst
from app.gui.analysis.review_panel import ReviewPanel
from app.gui.common.drops import dropped_urls
from app.gui.common.theme import apply_theme
from app.gui.i18n.library_texts import in_users_language
from app.gui.live.session import Session
from app.gui.live.session_state import Backend, SessionState, SourceSpec
from app.gui.live.sharing import Sharing
from app.gui.panels.big_numbers import BigNumbers
from app.gui.panels.people_panel import PeoplePanel
from app.gui.panels.plot_panel import PlotPanel
from app.gui.shell.banner import Banner
from app.gui.shell.cameras import CameraInfo, list_cameras
from app.gui.shell.docks import Docks
from app.gui.shell.measuring import Measuring
from app.gui.shell.memory import Memory
from app.gui.shell.menus import Menus
from app.gui.shell.repairs import Repairs
from app.gui.shell.reviewing import Reviewing
from app.gui.shell.source_picker import SAMPLE, SourcePicker
from app.gui.shell.stage import Stage
from app.gui.shell.tools import Tools
from app.gui.shell.tour import Tour
from app.gui.shell.transport import Transport
from app.gui.view.compose import person_colour
from app.gui.view.delivery import Delivery
from app.gui.view.hud import HudStats
from app.gui.view.video_view import VideoView
from app.render.overlay import OverlayStyle
from app.settings import Settings, save_settings
from app.sources.camera import is_camera_number, is_stream_url, lacks_secrets
from pose.errors import PoseStudioError

log = logging.getLogger(__name__)

PRESENCE_MS = 300
USUAL_SIZE, SHARE_OF_SCREEN = QSize(1280, 800), 0.94  # what is left of a small screen is for the window's frame


class MainWindow(Stage):
    """Connects what the user does with the session, and what the session tells with what is shown."""

    def __init__(
        self,
        backend: Backend,
        settings: Settings,
        settings_path: Path,
        memory: Memory,
        find_cameras: Callable[[], list[CameraInfo]] = list_cameras,
    ) -> None:
        super().__init__()
        self.settings = settings
        self._settings_path = settings_path
        self.memory = memory
        self._shown_state = SessionState()
        self.hidden_ids: frozenset[int] = frozenset()  # replaced, never changed: other threads read it
        self._names: dict[int, str] = {}
        self._hud_shown = memory.flag("hud", True)
        self.all_threads_ended = False

        self.session = Session(backend, settings, self)
        self.banner = Banner()
        self.tour = Tour()
        self.tour.ended.connect(lambda: memory.keep("tour_seen", True))
        self.view = VideoView()
        self.transport = Transport()
        self.picker = SourcePicker(backend.open_source, find_cameras)
        self.page = QWidget()
        page_layout = QVBoxLayout(self.page)
        page_layout.setContentsMargins(0, 0, 0, 0)
        page_layout.setSpacing(0)
        page_layout.addWidget(self.view, 1)
        page_layout.addWidget(self.transport)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.picker)
        self.stack.addWidget(self.page)
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addWidget(self.tour)
        layout.addWidget(self.stack, 1)
        self.setCentralWidget(central)
        self.setAcceptDrops(True)
        central.setMinimumHeight(400)  # the controls tell the least width, and panels may want more height

        self.sharing = Sharing(lambda: self.hidden_ids, self._view_style)
        self.numbers = BigNumbers()
        self.people = PeoplePanel()
        self.plots = PlotPanel()
        self.review = ReviewPanel()
        self.docks = Docks(self, self.people, self.review, self.plots, self.numbers)
        self.tools = Tools(self, memory)
        self.analyst = Analyst(lambda: [self.tools.record_folder], parent=self)
        self.reviewing = Reviewing(self, self.tools)
        self.repairs = Repairs(self, self.reviewing)
        self.measuring = Measuring(self)
        self.menus = Menus(self, self.tools, self.reviewing, self.repairs, self.measuring)
        self.menus.fill_transport(self.transport)
        self.transport.order_tabs(self.view)

        self._presence_timer = QTimer(self)
        self._presence_timer.setInterval(PRESENCE_MS)
        self._presence_timer.timeout.connect(self.show_presence)
        self._connect()
        self.view.set_style(self._view_style())
        self._show_state(self.session.state)
        self._restore()

    def _connect(self) -> None:
        session, people, transport = self.session, self.session.people, self.transport
        session.delivery_ready.connect(self._show_delivery)
        session.delivery_ready.connect(self.numbers.update_delivery)
        session.result_ready.connect(self.people.update_result)
        self.sharing.sharer_changed.connect(session.share)
        session.result_ready.connect(self.plots.update_result)
        session.state_changed.connect(self._show_state)
        session.stats_changed.connect(self._show_stats)
        people.found_again.connect(self.people.continue_as)
        people.found_again.connect(self.numbers.continue_as)
        people.found_again.connect(lambda before, now: self.plots.continue_as(now))
        people.locked_changed.connect(self._show_lock)
        people.forgotten.connect(self._forget_people)
        session.waiting_changed.connect(self.view.set_hint)
        session.loading_reported.connect(self.picker.set_note)
        session.source_failed.connect(self._on_source_failed)
        session.failed.connect(self._on_failed)
        session.record_failed.connect(self._on_record_failed)
        session.mended.connect(self.banner.take_back)
        session.warned.connect(lambda text: self.banner.show_message(text, "warning"))
        session.informed.connect(lambda text: self.banner.show_message(text, "info"))
        self.view.painted.connect(session.note_painted)
        self.view.person_clicked.connect(self._on_person_clicked)
        transport.play_toggled.connect(session.toggle_play)
        transport.step_requested.connect(session.step)
        transport.seek_requested.connect(session.seek)
        transport.seek_by_requested.connect(session.seek_by)
        transport.speed_changed.connect(session.set_speed)
        transport.loop_changed.connect(session.set_loop)
        self.people.lock_requested.connect(people.lock_person)
        self.people.hide_changed.connect(self._on_hide_changed)
        self.people.renamed.connect(self._on_renamed)
        self.picker.source_chosen.connect(self.open_source)
        self.picker.open_file_requested.connect(self.tools.choose_file)
        self.picker.camera_size_chosen.connect(self._on_camera_size_chosen)

    # Sources

    @pyqtSlot(object)
    def open_source(self, spec: SourceSpec) -> None:
        """Open a file, folder, camera index, stream URL or the sample scene."""
        if isinstance(spec, str) and is_stream_url(spec) and lacks_secrets(spec):
            self.enter_address(spec)
            self.banner.show_message(self.tr("Passwords are not kept: complete the address, then connect."), "info")
            return
        self.banner.hide()
        previews = self.picker.release_cameras()
        self.view.clear()
        self._show_page(self.page)
        self.view.setFocus()

        def until_free() -> None:
            for preview in previews:
                preview.join(3.0)

        self.session.open(spec, until_free)
        self.memory.last_source = str(spec)

    def open_words(self, words: Sequence[str]) -> None:
        """Open what was dropped or named at the start: one source plays, several files go to the batch window."""
        if len(words) == 1 and not Path(words[0]).is_dir():
            self.open_source(int(words[0]) if is_camera_number(words[0]) else words[0])
            return
        inputs, problems = resolve_inputs(words)
        if not inputs:
            self.banner.show_message(" ".join(map(in_users_language, problems)), "error")
        elif len(inputs) == 1:
            spec = inputs[0].spec
            self.open_source(words[0] if isinstance(spec, tuple) else str(spec))
        else:
            self.tools.open_batch().add_paths(words)

    def show_sources(self) -> None:
        """Close what is open and show the first page."""
        self.session.close_source()
        self._show_page(self.picker)
        self.picker.file_button.setFocus()

    def enter_address(self, url: str = "") -> None:
        self.show_sources()
        if url:
            self.picker.url_edit.setText(url)
        self.picker.url_edit.setFocus()

    def open_sample(self) -> None:
        self.open_source(SAMPLE)

    def start_tour(self) -> None:
        self.tour.start()

    def welcome(self) -> None:
        """At the program's start: the tour, unless it was seen to its end or closed before."""
        if not self.memory.flag("tour_seen", False):
            self.start_tour()

    def reopen(self) -> None:
        """Open the last source again: after an error, or from the beginning."""
        last = self.memory.last_source
        if last:
            self.open_source(int(last) if is_camera_number(last) else last)

    @pyqtSlot(str)
    def _on_camera_size_chosen(self, size: str) -> None:
        self.tools.settle()
        self.use_settings(replace(self.settings, camera_size=size))  # type: ignore[arg-type]

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        if event is not None and dropped_urls(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        urls = dropped_urls(event)
        if event is not None and urls:
            event.acceptProposedAction()
            self.open_words([url.toLocalFile() if url.isLocalFile() else url.toString() for url in urls])

    # What the session tells

    @pyqtSlot(object)
    def _show_delivery(self, delivery: Delivery) -> None:
        self.view.show_delivery(delivery)
        if delivery.jump:  # `result_ready` follows
            self.people.jump()
            self.plots.jump()
        self.transport.set_position(delivery.result.frame.time_s)

    @pyqtSlot(object)
    def _show_state(self, state: SessionState) -> None:
        before, self._shown_state = self._shown_state, state
        if state.info is not before.info:
            self.transport.set_source(state.live, state.duration_s)
            self.view.set_style(self._view_style())
            self._remember_recent(state)
            self.sharing.follow_source(state.info)
            self.analyst.open(_video_file(state))
            if state.info is not None:
                self.tour.source_opened()
            name = state.info.name if state.info else ""
            self.setWindowTitle(f"{name} – LitePose Studio" if name else "LitePose Studio")
        elif state.duration_s != before.duration_s:
            self.transport.set_duration(state.duration_s)
        if state.phase == "empty" and before.phase != "empty":
            self._show_page(self.picker)
        self.transport.set_playing(state.playing)
        self.transport.timeline.set_points(state.in_s, state.out_s)
        self._presence_timer.setInterval(PRESENCE_MS)
        if state.phase == "open" and not state.live:
            self._presence_timer.start()
        else:
            self._presence_timer.stop()
        self.menus.show_state(state)
        self.reviewing.follow(state)

    @pyqtSlot(object)
    def _show_stats(self, stats: HudStats) -> None:
        self.view.set_hud(stats if self._hud_shown else None)

    def show_presence(self) -> None:
        """Who is there when, on the timeline: of the whole file where that is known."""
        findings = self.reviewing.findings
        intervals = findings.presence if findings else self.session.people.presence.intervals
        if findings is not None:
            self._presence_timer.stop()
        self.transport.timeline.set_presence(intervals, {i: person_colour(i) for i in intervals})

    @pyqtSlot(int, bool)
    def _show_lock(self, track_id: int, visible: bool) -> None:
        self.view.set_lock(track_id)
        self.people.set_locked(track_id)
        self.plots.set_locked(track_id)
        self.numbers.set_locked(track_id)
        self.menus.show_lock(track_id)

    @pyqtSlot()
    def _forget_people(self) -> None:
        self.hidden_ids = frozenset()
        self.set_names(self.reviewing.findings.names if self.reviewing.findings else {})
        self.view.set_hidden(self.hidden_ids)
        self.people.reset()
        self.plots.reset()
        self.numbers.reset()
        self.show_presence()

    @pyqtSlot(str)
    def _on_source_failed(self, message: str) -> None:
        self.view.clear()
        self._show_page(self.picker)
        spec = self.memory.last_source
        if spec == SAMPLE or is_camera_number(spec) or is_stream_url(spec):
            self.banner.show_message(message, "error", self.tr("Try again"), self.reopen)
        else:
            self.banner.show_message(message, "error", self.tr("Choose another …"), self.tools.choose_file)
        if not self.picker.url_edit.hasFocus():
            self.picker.file_button.setFocus()

    @pyqtSlot(str)
    def _on_failed(self, message: str) -> None:
        self.banner.show_message(message, "error", self.tr("Settings"), self.tools.open_settings)

    @pyqtSlot(str)
    def _on_record_failed(self, message: str) -> None:
        self.banner.show_message(message, "error", self.tr("Folder for recordings …"), self.tools.choose_record_folder)

    # People

    @pyqtSlot(int)
    def _on_person_clicked(self, track_id: int) -> None:
        people = self.session.people
        if track_id:
            people.lock_person(0 if track_id == people.locked_id else track_id)

    @pyqtSlot(int, bool)
    def _on_hide_changed(self, track_id: int, hidden: bool) -> None:
        self.hidden_ids = self.hidden_ids | {track_id} if hidden else self.hidden_ids - {track_id}
        self.view.set_hidden(self.hidden_ids)

    @pyqtSlot(int, str)
    def _on_renamed(self, track_id: int, name: str) -> None:
        self.set_names(self._names | {track_id: name})
        if self.analyst.state.phase == "ready":
            self.analyst.edit(lambda repair: repair.rename(track_id, name))

    def set_names(self, names: Mapping[int, str]) -> None:
        """What people are called, in the image and in the plots."""
        self._names = dict(names)
        self.view.set_names(self._names)
        self.plots.set_names(self._names)

    def person_name(self, person: int) -> str:
        return self._names.get(person) or str(person)

    # View

    def set_style(self, **changes: Any) -> None:
        """Change what is drawn, and remember it."""
        self.tools.settle()
        self.use_settings(replace(self.settings, overlay=replace(self.settings.overlay, **changes)))

    def _view_style(self) -> OverlayStyle:
        style = self.settings.overlay
        return replace(style, mirror=style.mirror and self.session.state.live)

    def _show_page(self, page: QWidget) -> None:
        """The first page has the window for itself; the panels come back with the image."""
        self.stack.setCurrentWidget(page)
        if page is self.picker:
            self.docks.put_aside()
        else:
            self.docks.bring_back()

    @property
    def hud_shown(self) -> bool:
        return self._hud_shown

    def remembered_theme(self) -> str:
        return self.memory.text("theme", "system")

    def focus_people(self) -> None:
        self.docks.people.show()
        self.people.setFocus()

    def focus_view(self) -> None:
        """Back to the image; out of full screen first."""
        if self.isFullScreen():
            self.menus.actions["full"].setChecked(False)
        self.view.setFocus()

    def show_hud(self, shown: bool) -> None:
        self._hud_shown = shown
        self.memory.keep("hud", shown)
        self.view.set_hud(self.session.stats() if shown else None)

    def show_heatmap(self, shown: bool) -> None:
        self.session.set_heatmap(shown)

    def set_theme(self, theme: str) -> None:
        self.memory.keep("theme", theme)
        self.menus.show_theme(theme)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, theme)  # type: ignore[arg-type]

    def toggle_full_screen(self, full: bool) -> None:
        self.setWindowState(
            self.windowState() | Qt.WindowState.WindowFullScreen
            if full
            else self.windowState() & ~Qt.WindowState.WindowFullScreen
        )

    @pyqtSlot(object)
    def use_settings(self, settings: Settings) -> None:
        """Apply other settings at once and save them."""
        before, self.settings = self.settings, settings
        if settings.overlay != before.overlay:
            self.view.set_style(self._view_style())
            self.menus.show_style(settings.overlay)
        self.tools.show_settings(settings)
        if settings.camera_size != before.camera_size:
            self.picker.set_camera_size(settings.camera_size)
        if replace(settings, overlay=before.overlay, camera_size=before.camera_size) != before:
            self.session.apply_settings(settings)
        try:
            save_settings(settings, self._settings_path)
        except PoseStudioError as error:
            self.banner.show_message(in_users_language(str(error)), "warning")

    # Start and end

    def _show_recent(self) -> None:
        self.picker.set_recent(self.memory.recent)
        self.menus.show_recent(self.memory.recent)

    def _remember_recent(self, state: SessionState) -> None:
        """Only what could be opened."""
        if state.info is not None and isinstance(state.spec, str) and state.spec != SAMPLE:
            self.memory.add_recent(state.spec)
            self._show_recent()

    def forget_recent(self) -> None:
        self.memory.forget_recent()
        self._show_recent()

    def _restore(self) -> None:
        self._show_recent()
        self.picker.set_camera_size(self.settings.camera_size)
        geometry = self.memory.blob("geometry")
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            self.resize(_first_size(self.screen()))
        self.docks.restore(self.memory.blob("docks"))
        self._show_page(self.picker)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        if not self.tools.close():
            if event is not None:
                event.ignore()
            return
        self.memory.keep("geometry", QByteArray(self.saveGeometry()))
        self.memory.keep("docks", self.docks.places())
        self.memory.flush()
        self.hide()  # what follows may wait for an image that is in the network
        self.picker.release_cameras()
        self.all_threads_ended = self.session.shutdown()
        self.all_threads_ended &= self.analyst.shutdown(1.0)
        super().closeEvent(event)


def _video_file(state: SessionState) -> Path | None:
    """The open file, if it is one that can be analysed."""
    info = state.info
    return info.path if info is not None and info.kind == "video" and not info.live else None


def _first_size(screen: QScreen | None) -> QSize:
    """The usual size, or as much of it as a small screen shows."""
    return USUAL_SIZE if screen is None else USUAL_SIZE.boundedTo(screen.availableSize() * SHARE_OF_SCREEN)
