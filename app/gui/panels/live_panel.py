"""Live out: which programs get the poses, at which addresses, and what is sent."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import Qt, QUrl, pyqtSignal, pyqtSlot
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.common.joint_names import angle_choices
from app.gui.i18n.library_texts import in_users_language
from app.gui.panels.editors import Editor, choice, flag, whole
from app.live.address import Address, parse_address
from app.live.destinations import Destinations
from app.live.frame import LiveSettings
from app.live.slots import MAX_SLOTS
from app.repetitions import RepetitionSettings
from app.settings import Settings
from pose.errors import SettingsError

LSL_PREFIX = "LitePose"
USUAL_ADDRESSES = {"osc": "9000", "websocket": "9001"}


@dataclass(frozen=True, slots=True)
class _Row:
    box: QCheckBox
    address: QLineEdit | None
    status: QLabel


class LivePanel(QDialog):
    """Stays open beside the image. Everything is off until it is switched on here.

    chosen: LiveSettings and Destinations whenever they change. addresses: of earlier sessions, by kind of output.
    """

    chosen = pyqtSignal(object, object)  # Destinations, LiveSettings
    addresses_changed = pyqtSignal(str, str)  # kind of output, address

    def __init__(
        self,
        destinations: Destinations,
        what: LiveSettings,
        addresses: dict[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Live out"))
        self.resize(780, 540)
        self._rows: dict[str, _Row] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(2, 1)
        osc = str(destinations.osc[0]) if destinations.osc else ""
        websocket = str(destinations.websocket or "")
        self._add(grid, "osc", "OSC", self.tr("To TouchDesigner, Max and others, over UDP"), osc, addresses)
        self._add(
            grid, "websocket", "WebSocket", self.tr("To browsers and others, with a page that draws it"), websocket,
            addresses,
        )  # fmt: skip
        self._add(grid, "lsl", "LSL", self.tr("One stream per person slot, for recorders"), destinations.lsl)
        camera = "on" if destinations.virtual_camera is not None else ""
        self._add(grid, "virtual_camera", self.tr("Virtual camera"), self.tr("The drawn image as a webcam"), camera)
        self.page_button = QPushButton(self.tr("Open the page"))
        self.page_button.setToolTip(self.tr("Show the people in the browser"))
        self.page_button.setAutoDefault(False)
        self.page_button.setEnabled(False)
        self.page_button.clicked.connect(self._open_page)
        self._page = ""

        exercises = [("", self.tr("none")), *angle_choices()]
        self._slots = whole(1, MAX_SLOTS, "", self._on_edit)
        self._raw = flag(self.tr("Positions as found, not smoothed"), self._on_edit)
        self._normalised = flag(self.tr("Positions from 0 to 1 instead of pixels"), self._on_edit)
        self._angles = flag(self.tr("Joint angles"), self._on_edit)
        self._exercise = choice(exercises, self._on_edit)
        self._slots.set(what.slots)
        self._raw.set(what.raw)
        self._normalised.set(what.normalised)
        self._angles.set(what.angles)
        self._exercise.set(what.repetitions[0].angle if what.repetitions else "")
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        self._form_row(
            form, self.tr("Person slots"), self._slots, self.tr("Numbered places; a person keeps one while known")
        )
        self._form_row(
            form, self.tr("Repetitions of"), self._exercise, self.tr("The angle whose movements there and back count")
        )
        for editor in (self._raw, self._normalised, self._angles):
            form.addRow("", editor.widget)

        self.warning = QLabel()
        self.warning.setWordWrap(True)
        self.warning.setProperty("role", "bad")
        page_row = QHBoxLayout()
        page_row.addWidget(self.page_button)
        page_row.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, parent=self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(14)
        intro = QLabel(self.tr("Where the poses of the open source go, as they happen. Addresses: PORT or HOST:PORT."))
        intro.setWordWrap(True)
        intro.setProperty("role", "muted")
        layout.addWidget(intro)
        layout.addLayout(grid)
        layout.addLayout(page_row)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(self.warning)
        layout.addWidget(buttons)
        self._show_warning(destinations)

    def _add(
        self,
        grid: QGridLayout,
        kind: str,
        title: str,
        tip: str,
        value: str,
        addresses: dict[str, str] | None = None,
    ) -> None:
        row = grid.rowCount()
        box = QCheckBox(title)
        box.setChecked(bool(value))
        box.setToolTip(tip)
        status = QLabel(tip)
        status.setWordWrap(True)
        status.setProperty("role", "muted")
        address = None
        if addresses is not None:
            address = QLineEdit(value or addresses.get(kind) or USUAL_ADDRESSES[kind])
            address.setAccessibleName(self.tr("Address of {0}").format(title))
            address.setToolTip(self.tr("PORT on this machine, or HOST:PORT"))
            address.setMaximumWidth(180)
            address.editingFinished.connect(self._on_edit)
            grid.addWidget(address, row, 1)
        box.toggled.connect(self._on_edit)
        grid.addWidget(box, row, 0)
        grid.addWidget(status, row, 2)
        self._rows[kind] = _Row(box, address, status)

    def _form_row(self, form: QFormLayout, text: str, editor: Editor, tip: str) -> None:
        label = QLabel(text)
        label.setBuddy(editor.widget)
        editor.widget.setToolTip(tip)
        editor.widget.setAccessibleName(text)
        form.addRow(label, editor.widget)

    @pyqtSlot(object)
    def set_settings(self, settings: Settings) -> None:
        """Settings do not hold what is sent live."""

    @pyqtSlot(str, bool, str)
    def show_output(self, kind: str, works: bool, text: str) -> None:
        """What became of an output: its address, or why it does not work."""
        row = self._rows[kind]
        if not row.box.isChecked():
            return
        self._show_status(kind, text, "good" if works else "bad")
        if kind == "websocket":
            self._page = text.split()[-1].replace("ws:", "http:") if works else ""
            self.page_button.setEnabled(works)

    def _show_status(self, kind: str, text: str, role: str) -> None:
        status = self._rows[kind].status
        status.setText(text)
        status.setProperty("role", role)
        style = status.style()
        if style is not None:
            style.unpolish(status)
            style.polish(status)

    def _on_edit(self) -> None:
        addresses: dict[str, Address] = {}
        for kind in ("osc", "websocket"):
            row = self._rows[kind]
            assert row.address is not None
            if not row.box.isChecked():
                continue
            try:
                addresses[kind] = parse_address(row.address.text().strip())
            except SettingsError as error:
                self._show_status(kind, in_users_language(str(error)), "bad")
            else:
                self.addresses_changed.emit(kind, row.address.text().strip())
        for kind, row in self._rows.items():
            if not row.box.isChecked():
                self._show_status(kind, row.box.toolTip(), "muted")
            elif kind in addresses or row.address is None:
                self._show_status(kind, self.tr("starts with the next image"), "muted")
        self.page_button.setEnabled(False)
        destinations = Destinations(
            osc=(addresses["osc"],) if "osc" in addresses else (),
            websocket=addresses.get("websocket"),
            lsl=LSL_PREFIX if self._rows["lsl"].box.isChecked() else "",
            virtual_camera="" if self._rows["virtual_camera"].box.isChecked() else None,
        )
        exercise = self._exercise.get()
        what = LiveSettings(
            slots=self._slots.get(),
            raw=self._raw.get(),
            normalised=self._normalised.get(),
            angles=self._angles.get(),
            repetitions=(RepetitionSettings(exercise),) if exercise else (),
        )
        self._show_warning(destinations)
        self.chosen.emit(destinations, what)

    def _show_warning(self, destinations: Destinations) -> None:
        elsewhere = [a for a in (*destinations.osc, destinations.websocket) if a is not None and not a.is_this_machine]
        texts = []
        if elsewhere:
            where = ", ".join(map(str, elsewhere))
            texts.append(self.tr("Poses leave this machine: {0}. Nothing is encrypted.").format(where))
        if destinations.lsl:
            texts.append(
                self.tr("LSL announces its streams on this machine only, but answers other machines that ask for them.")
            )
        self.warning.setText(" ".join(texts))
        self.warning.setVisible(bool(texts))

    def _open_page(self) -> None:
        if self._page:
            QDesktopServices.openUrl(QUrl(self._page))

    def keyPressEvent(self, event: object) -> None:
        """Enter confirms an address and does not close the dialog."""
        key = getattr(event, "key", lambda: None)()
        if key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)  # type: ignore[arg-type]
