"""Menus and buttons of the main window, and how they follow its state."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QObject, QPoint, QSize, Qt, pyqtSlot
from PyQt6.QtGui import QAction, QActionGroup
from PyQt6.QtWidgets import QLabel, QMenu

from app.gui.analysis.analyst import AnalysisState
from app.gui.analysis.tracking import Findings
from app.gui.common.clock import format_time
from app.gui.common.icons import icon
from app.gui.live.session_state import SessionState
from app.gui.shell import measuring, repairs
from app.gui.shell.actions import SEPARATOR, Command, build_menu
from app.gui.shell.measuring import Measuring
from app.gui.shell.repairs import Repairs
from app.gui.shell.reviewing import Reviewing
from app.gui.shell.shortcuts import ShortcutSheet, native_keys
from app.gui.shell.source_picker import recent_name
from app.gui.shell.stage import Stage
from app.gui.shell.tools import Tools
from app.gui.shell.transport import Transport, TransportButton
from app.render.overlay import OverlayStyle


class Menus(QObject):
    """Builds every command once; the window's methods do the work."""

    def __init__(
        self, window: Stage, tools: Tools, reviewing: Reviewing, repairs: Repairs, measuring: Measuring
    ) -> None:
        super().__init__(window)
        self._window, self._tools = window, tools
        self._reviewing, self._repairs, self._measuring = reviewing, repairs, measuring
        self._groups: dict[str, list[QAction]] = {}
        self.actions: dict[str, QAction] = {}
        self._add(self.tr("&File"), self._file_commands())
        self._add(self.tr("&Playback"), self._playback_commands())
        self._add(self.tr("&View"), self._view_commands())
        self._add(self.tr("P&eople"), self._people_commands())
        self._add(self.tr("&Repair"), repairs.commands())
        self._add(self.tr("&Measure"), measuring.commands())
        self._add(self.tr("&Help"), self._help_commands())
        self._exclusive("colours_track", "colours_side")
        self._exclusive("theme_system", "theme_light", "theme_dark")
        self._recent_menu = QMenu(self.tr("Open rece&nt"), window)
        self._insert_recent_menu()
        self.show_style(window.settings.overlay)
        self.show_lock(0)
        self.show_analysis(AnalysisState(), None)
        reviewing.changed.connect(self.show_analysis)
        tools.angles_chosen.connect(self.actions["angles"].setChecked)
        window.view.menu_requested.connect(self._show_menu)

    def _add(self, title: str, commands: Sequence[Command | None]) -> None:
        window = self._window
        menu, actions = build_menu(title, commands, window, window.page)
        bar = window.menuBar()
        assert bar is not None
        bar.addMenu(menu)
        menu.setToolTipsVisible(True)
        self._groups[title.replace("&", "")] = list(actions.values())
        self.actions |= actions
        if "open" in actions:
            self._file_menu = menu

    def _exclusive(self, *names: str) -> None:
        group = QActionGroup(self)
        for name in names:
            group.addAction(self.actions[name])

    def _file_commands(self) -> list[Command | None]:
        w = self._window
        return [
            Command("open", self.tr("&Open video …"), ("Ctrl+O",), self._tools.choose_file),
            Command("address", self.tr("Open &stream …"), ("Ctrl+U",), w.enter_address),
            Command("sample", self.tr("Sample s&cene"), (), w.open_sample),
            Command("reopen", self.tr("Open &again"), ("Ctrl+R",), w.reopen),
            Command("sources", self.tr("Cameras and other so&urces"), ("Ctrl+N",), w.show_sources),
            SEPARATOR,
            Command(
                "record",
                self.tr("&Record"),
                ("R",),
                self._tools.toggle_recording,
                tip=self.tr("Save what is tracked as table and video"),
            ),
            Command("record_folder", self.tr("&Folder for recordings …"), (), self._tools.choose_record_folder),
            Command("open_folder", self.tr("Open the recordings"), (), self._tools.open_record_folder),
            SEPARATOR,
            Command(
                "live",
                self.tr("&Live out …"),
                ("Ctrl+Shift+L",),
                self._tools.open_live,
                tip=self.tr("Send poses to other programs as they happen"),
            ),
            SEPARATOR,
            Command(
                "export",
                self.tr("&Export this file …"),
                ("Ctrl+E",),
                self._tools.export_file,
                tip=self.tr("Analyse every frame and save table and video"),
            ),
            Command(
                "batch", self.tr("&Batch …"), ("Ctrl+B",), self._tools.open_batch, tip=self.tr("Analyse many files")
            ),
            Command(
                "angles",
                self.tr("&Joint angles in tables"),
                (),
                self._tools.set_angles,
                checked=self._tools.angles,
                tip=self.tr("Columns with angles in degrees, in recordings and exports"),
            ),
            SEPARATOR,
            Command("settings", self.tr("Se&ttings …"), ("Ctrl+,",), self._tools.open_settings),
            Command("quit", self.tr("&Quit"), ("Ctrl+Q",), w.close),
        ]

    def _playback_commands(self) -> list[Command | None]:
        s, t = self._window.session, self._window.transport
        return [
            Command("play", self.tr("&Play or pause"), ("Space",), s.toggle_play, page=True),
            Command("forward", self.tr("&Forward one frame"), (".",), lambda: s.step(1)),
            Command("back", self.tr("&Back one frame"), (",",), lambda: s.step(-1)),
            SEPARATOR,
            Command("later", self.tr("One second later"), ("Right",), lambda: s.seek_by(1.0), page=True),
            Command("earlier", self.tr("One second earlier"), ("Left",), lambda: s.seek_by(-1.0), page=True),
            Command("much_later", self.tr("Ten seconds later"), ("Shift+Right",), lambda: s.seek_by(10.0), page=True),
            Command(
                "much_earlier", self.tr("Ten seconds earlier"), ("Shift+Left",), lambda: s.seek_by(-10.0), page=True
            ),
            Command("start", self.tr("To the &start"), ("Home",), lambda: s.seek(0.0), page=True),
            Command("end", self.tr("To the e&nd"), ("End",), self._seek_end, page=True),
            SEPARATOR,
            Command("slower", self.tr("S&lower"), ("[",), lambda: t.change_speed(-1)),
            Command("faster", self.tr("F&aster"), ("]",), lambda: t.change_speed(1)),
            Command("loop", self.tr("L&oop"), ("L",), t.loop_button.setChecked, checked=False),
            SEPARATOR,
            Command("in", self.tr("Set &in point"), ("I",), lambda: s.set_in_point(s.state.position_s)),
            Command("out", self.tr("Set o&ut point"), ("O",), lambda: s.set_out_point(s.state.position_s)),
            Command("clear_points", self.tr("&Clear in and out points"), ("Shift+I",), self._clear_points),
        ]

    def _view_commands(self) -> list[Command | None]:
        w, theme = self._window, self._window.remembered_theme()
        style = w.settings.overlay

        def on(field: str) -> Callable[[bool], None]:
            return lambda checked: w.set_style(**{field: checked})

        return [
            Command(
                "hud",
                self.tr("&Figures"),
                ("F",),
                w.show_hud,
                checked=w.hud_shown,
                tip=self.tr("Rates, latency, dropped frames, device"),
            ),
            SEPARATOR,
            Command("skeleton", self.tr("&Skeletons"), ("S",), on("skeleton"), checked=style.skeleton),
            Command("labels", self.tr("&Names"), ("A",), on("labels"), checked=style.labels),
            Command("boxes", self.tr("&Boxes"), ("B",), on("boxes"), checked=style.boxes),
            Command("trails", self.tr("&Trails"), ("T",), on("trails"), checked=style.trails),
            Command(
                "heatmap",
                self.tr("&Heatmap"),
                ("H",),
                w.show_heatmap,
                checked=False,
                tip=self.tr("What the network sees"),
            ),
            SEPARATOR,
            Command(
                "colours_track",
                self.tr("One colour per &person"),
                ("C",),
                lambda on: w.set_style(colours="track" if on else "side"),
                checked=style.colours == "track",
            ),
            Command(
                "colours_side",
                self.tr("&Left green, right orange"),
                ("Shift+C",),
                lambda on: w.set_style(colours="side" if on else "track"),
                checked=style.colours == "side",
            ),
            SEPARATOR,
            Command(
                "plain",
                self.tr("Skeletons &only"),
                ("P",),
                lambda on: w.set_style(background="plain" if on else "image"),
                checked=style.background == "plain",
                tip=self.tr("Hides the image"),
            ),
            Command(
                "blur",
                self.tr("Blur f&aces"),
                ("Shift+B",),
                on("blur_faces"),
                checked=style.blur_faces,
                tip=self.tr("Of the people who are found"),
            ),
            Command("mirror", self.tr("&Mirror live images"), ("M",), on("mirror"), checked=style.mirror),
            SEPARATOR,
            Command("zoom_in", self.tr("Zoom &in"), ("Ctrl++", "Ctrl+="), lambda: w.view.zoom_by(1.25)),
            Command("zoom_out", self.tr("Zoom o&ut"), ("Ctrl+-",), lambda: w.view.zoom_by(0.8)),
            Command("zoom_fit", self.tr("&Whole image"), ("Ctrl+0",), w.view.zoom_to_fit),
            SEPARATOR,
            Command("people", self.tr("P&eople panel"), ("Ctrl+P",), w.docks.people.setVisible, checked=True),
            Command("review", self.tr("&Review panel"), ("Ctrl+D",), w.docks.review.setVisible, checked=True),
            Command("plots", self.tr("Plots pane&l"), ("Ctrl+G",), w.docks.plots.setVisible, checked=False),
            Command(
                "numbers",
                self.tr("Big numbers"),
                ("Shift+N",),
                w.docks.numbers.setVisible,
                checked=False,
                tip=self.tr("Repetitions and angle of the locked person, readable from across the room"),
            ),
            Command("full", self.tr("F&ull screen"), ("F11",), w.toggle_full_screen, checked=False),
            SEPARATOR,
            Command(
                "theme_system",
                self.tr("Theme of the s&ystem"),
                (),
                lambda on: w.set_theme("system") if on else None,
                checked=theme == "system",
            ),
            Command(
                "theme_light",
                self.tr("Li&ght theme"),
                (),
                lambda on: w.set_theme("light") if on else None,
                checked=theme == "light",
            ),
            Command(
                "theme_dark",
                self.tr("&Dark theme"),
                (),
                lambda on: w.set_theme("dark") if on else None,
                checked=theme == "dark",
            ),
        ]

    def _people_commands(self) -> list[Command | None]:
        s, w = self._window.session.people, self._window
        return [
            Command("lock_next", self.tr("Lock on the &next person"), ("N",), s.lock_next),
            Command("lock_largest", self.tr("Lock on the &largest"), ("Shift+L",), s.lock_largest),
            Command("lock_centre", self.tr("Lock on the most &central"), ("Shift+M",), s.lock_centre),
            Command("unlock", self.tr("&Unlock"), ("U",), s.unlock),
            SEPARATOR,
            Command("focus_people", self.tr("Go to the &list"), ("Ctrl+L",), w.focus_people),
            Command("focus_view", self.tr("Go to the &image"), ("Escape",), w.focus_view),
        ]

    def _help_commands(self) -> list[Command | None]:
        w = self._window
        return [
            Command("shortcuts", self.tr("&Keyboard shortcuts"), ("F1", "?"), lambda: self.shortcut_sheet().exec()),
            Command("tour", self.tr("&Tour"), (), w.start_tour, tip=self.tr("The first three steps")),
            Command("about", self.tr("&About"), (), self._tools.show_about),
        ]

    def _seek_end(self) -> None:
        session = self._window.session
        if session.state.duration_s:
            session.seek(session.state.duration_s)

    def _clear_points(self) -> None:
        self._window.session.set_in_point(None)
        self._window.session.set_out_point(None)

    # Buttons beside the transport

    def fill_transport(self, transport: Transport) -> None:
        """Put the few buttons for what is not playing at the right end of the controls."""
        self.record_label = QLabel()
        self.record_label.setStyleSheet("color: #e53935; font-weight: 600;")
        self.record_label.hide()
        transport.row.addWidget(self.record_label)
        for name, glyph in (
            ("record", "record"),
            ("lock_next", "lock"),
            ("export", "export"),
            ("people", "people"),
            ("plots", "plot"),
            ("settings", "settings"),
        ):
            action = self.actions[name]
            action.setIcon(icon(glyph))
            action.setIconVisibleInMenu(False)
            action.setToolTip(f"{action.toolTip()} ({native_keys(action)})")
            button = TransportButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setIconSize(QSize(20, 20))
            button.setAccessibleName(action.text().replace("&", ""))
            transport.row.addWidget(button)
        window = self._window
        docks = window.docks
        for name, dock in (
            ("people", docks.people),
            ("review", docks.review),
            ("plots", docks.plots),
            ("numbers", docks.numbers),
        ):
            dock.visibilityChanged.connect(lambda _, n=name, d=dock: self._follow_dock(n, not d.isHidden()))

    def _follow_dock(self, name: str, shown: bool) -> None:
        action = self.actions[name]
        action.blockSignals(True)
        action.setChecked(shown)
        action.blockSignals(False)
        action.changed.emit()

    @pyqtSlot(int, object, object)
    def _show_menu(self, person: int, point: tuple[float, float], place: QPoint) -> None:
        """On the image of an analysed file."""
        if self._reviewing.findings is not None:
            menu = self._repairs.menu_for(person, point) if person else self._measuring.menu(self.actions)
            menu.popup(place)

    # Following the state

    def show_state(self, state: SessionState) -> None:
        is_open, recorded = state.is_open, state.is_open and not state.live
        for name in ("play", "record", "lock_next", "lock_largest", "lock_centre", "people", "plots", "numbers"):
            self.actions[name].setEnabled(is_open)
        for name in (
            "forward", "back", "later", "earlier", "much_later", "much_earlier", "start", "end",
            "slower", "faster", "loop", "in", "out", "clear_points",
        ):  # fmt: skip
            self.actions[name].setEnabled(recorded)
        self.actions["export"].setEnabled(recorded and state.info is not None and state.info.path is not None)
        self.actions["mirror"].setEnabled(state.live or not is_open)
        record = self.actions["record"]
        record.setIcon(icon("stop" if state.recording else "record"))
        record.setText(self.tr("Stop &recording") if state.recording else self.tr("&Record"))
        self.record_label.setVisible(state.recording)
        self.record_label.setText(format_time(state.record_s)[:-4])

    def show_analysis(self, state: AnalysisState, findings: Findings | None) -> None:
        ready = findings is not None
        for name in (*repairs.NAMES, *measuring.NAMES):
            self.actions[name].setEnabled(ready)
        self.actions["undo"].setEnabled(bool(findings and findings.undoable))
        self.actions["redo"].setEnabled(bool(findings and findings.redoable))
        self.actions["analyse"].setEnabled(state.path is not None and state.phase in ("none", "loading", "running"))

    def show_lock(self, track_id: int) -> None:
        self.actions["unlock"].setEnabled(bool(track_id))

    def show_style(self, style: OverlayStyle) -> None:
        states = {
            "skeleton": style.skeleton,
            "labels": style.labels,
            "boxes": style.boxes,
            "trails": style.trails,
            "plain": style.background == "plain",
            "blur": style.blur_faces,
            "mirror": style.mirror,
            "colours_track": style.colours == "track",
            "colours_side": style.colours == "side",
        }
        for name, checked in states.items():
            action = self.actions[name]
            action.blockSignals(True)
            action.setChecked(checked)
            action.blockSignals(False)

    def show_theme(self, theme: str) -> None:
        action = self.actions[f"theme_{theme}"]
        if not action.isChecked():
            action.blockSignals(True)
            action.setChecked(True)
            action.blockSignals(False)

    def _insert_recent_menu(self) -> None:
        self._file_menu.insertMenu(self.actions["address"], self._recent_menu)

    def show_recent(self, specs: Sequence[str]) -> None:
        self._recent_menu.clear()
        self._recent_menu.setEnabled(bool(specs))
        for spec in specs:
            action = self._recent_menu.addAction(recent_name(spec).replace("&", "&&"))
            assert action is not None
            action.triggered.connect(lambda _=False, s=spec: self._window.open_source(s))
        self._recent_menu.addSeparator()
        forget = self._recent_menu.addAction(self.tr("Forget all"))
        assert forget is not None
        forget.triggered.connect(self._window.forget_recent)

    def shortcut_sheet(self) -> ShortcutSheet:
        extra = {
            self.tr("Mouse"): [
                (self.tr("Wheel"), self.tr("Zoom")),
                (self.tr("Drag"), self.tr("Move the image")),
                (self.tr("Click"), self.tr("Lock on a person")),
                (self.tr("Double click"), self.tr("Whole image")),
                (self.tr("Right click"), self.tr("Repair, measure")),
                (self.tr("Drag a joint"), self.tr("Move it; with Shift only in this image")),
            ]
        }
        return ShortcutSheet(self._groups, extra, self._window)
