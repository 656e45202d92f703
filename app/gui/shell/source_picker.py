"""The first page: choose a camera, a file, a stream or the sample scene."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QSize, Qt, pyqtSignal, pyqtSlot
from PyQt6.QtGui import QHideEvent, QIcon, QImage, QPainter, QPixmap, QShowEvent
from PyQt6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.common.icons import icon
from app.gui.common.wheel_guard import WheelGuard
from app.gui.shell.cameras import CameraInfo, CameraPreview, list_cameras
from app.gui.shell.recent_looks import Look, RecentLooks
from app.gui.shell.timeline import format_time
from app.settings import AUTO, CameraSize

SAMPLE = "sample"
THUMBNAIL = QSize(208, 117)
RECENT_THUMBNAIL = QSize(96, 54)
RECENT_GLYPH = QSize(28, 28)
SHOWN_RECENT = 5
_KEEP, _SMOOTH = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
MAX_COLUMN_PX = 760


class SourcePicker(QWidget):
    """Emits what was chosen. Cameras are looked at only while the page is visible, so that they are free after."""

    source_chosen = pyqtSignal(object)  # str (file, URL, "sample") or int (camera)
    open_file_requested = pyqtSignal()
    camera_size_chosen = pyqtSignal(str)  # one of app.settings.CameraSize

    def __init__(
        self,
        open_source: Callable[[Any, Callable[[float], None]], Any],
        find_cameras: Callable[[], list[CameraInfo]] = list_cameras,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sourcePicker")
        self._open_source = open_source
        self._find_cameras = find_cameras
        self._previews: list[CameraPreview] = []
        self._ending: list[CameraPreview] = []
        self._recent: tuple[str, ...] = ()
        self._looks = RecentLooks()
        self._looks.seen.connect(self._show_look)
        self._cards: dict[int, QToolButton] = {}

        title = QLabel(self.tr("What do you want to look at?"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setWeight(font.Weight.DemiBold)
        title.setFont(font)

        self.file_button = self._big_button("open", self.tr("Open video …"), self.tr("A video or image file (Ctrl+O)"))
        self.file_button.clicked.connect(self.open_file_requested)
        self.sample_button = self._big_button(
            "sample", self.tr("Sample scene"), self.tr("Rendered people walking about: works without camera and video")
        )
        self.sample_button.clicked.connect(lambda: self.source_chosen.emit(SAMPLE))
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.file_button)
        buttons.addWidget(self.sample_button)

        self._cameras_title = _heading(self.tr("Cameras"))
        self.refresh_button = QPushButton(self.tr("Look again"))
        self.refresh_button.setToolTip(self.tr("Look for cameras again (F5)"))
        self.refresh_button.setShortcut("F5")
        self.refresh_button.clicked.connect(self.refresh)
        self.size_box = self._camera_sizes()
        cameras_head = QHBoxLayout()
        cameras_head.addWidget(self._cameras_title)
        cameras_head.addStretch(1)
        cameras_head.addWidget(self.size_box)
        cameras_head.addWidget(self.refresh_button)
        self._no_camera = QLabel(
            self.tr("No camera was found. Connect one and look again, or check that this program may use it.")
        )
        self._no_camera.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)

        self.url_edit = QLineEdit()
        self.url_edit.setPlaceholderText("rtsp://…  http://…")
        self.url_edit.setAccessibleName(self.tr("Address of a stream"))
        self.url_edit.setClearButtonEnabled(True)
        self.url_edit.returnPressed.connect(self._choose_url)
        self.url_button = QPushButton(self.tr("Connect"))
        self.url_button.setToolTip(self.tr("Show the stream at this address (Enter)"))
        self.url_button.clicked.connect(self._choose_url)
        url_row = QHBoxLayout()
        url_row.addWidget(self.url_edit, 1)
        url_row.addWidget(self.url_button)

        self._recent_title = _heading(self.tr("Recent"))
        self.recent_list = QListWidget()
        self.recent_list.setAccessibleName(self.tr("Recent sources"))
        self.recent_list.setIconSize(RECENT_THUMBNAIL)
        self.recent_list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.recent_list.itemActivated.connect(lambda item: self.source_chosen.emit(_spec_of(item)))
        self.recent_list.itemClicked.connect(lambda item: self.source_chosen.emit(_spec_of(item)))

        column = QWidget()
        column.setMaximumWidth(MAX_COLUMN_PX)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(24, 32, 24, 24)
        layout.setSpacing(10)
        layout.addWidget(title)
        hint = QLabel(self.tr("Choose below, or drop a video anywhere on this window."))
        hint.setProperty("role", "muted")
        layout.addWidget(hint)
        layout.addSpacing(10)
        layout.addLayout(buttons)
        layout.addSpacing(14)
        layout.addLayout(cameras_head)
        layout.addWidget(self._no_camera)
        layout.addLayout(self._grid)
        layout.addSpacing(14)
        layout.addWidget(_heading(self.tr("Stream")))
        layout.addLayout(url_row)
        layout.addSpacing(14)
        layout.addWidget(self._recent_title)
        layout.addWidget(self.recent_list)
        layout.addStretch(1)

        centred = QWidget()
        row = QHBoxLayout(centred)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(column, 100)
        row.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(centred)
        self.note = QLabel(self)
        self.note.setProperty("role", "muted")
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setMargin(12)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addWidget(self.note)
        self.set_note("")
        self.set_recent(())

    def _big_button(self, glyph: str, text: str, tooltip: str) -> QPushButton:
        button = QPushButton(icon(glyph), text)
        button.setIconSize(QSize(26, 26))
        button.setMinimumHeight(54)
        button.setToolTip(tooltip)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return button

    def _camera_sizes(self) -> QComboBox:
        box = QComboBox()
        WheelGuard(box)
        for size in get_args(CameraSize):
            box.addItem(self.tr("size as it comes") if size == AUTO else size.replace("x", " × "), size)
        box.setToolTip(self.tr("The size of image that cameras are asked for: larger ones cost computing time"))
        box.setAccessibleName(self.tr("Image size of cameras"))
        box.activated.connect(lambda _: self.camera_size_chosen.emit(box.currentData()))
        return box

    def set_camera_size(self, size: str) -> None:
        """What cameras are asked for from now on; their thumbnails too."""
        self.size_box.setCurrentIndex(self.size_box.findData(size))
        if self.isVisible():
            self.refresh()

    def set_recent(self, specs: Sequence[str]) -> None:
        """Files and addresses, newest first."""
        self._recent = tuple(specs)
        self.recent_list.clear()
        for spec in specs:
            glyph = icon("stream" if "://" in spec else "open").pixmap(RECENT_GLYPH)
            item = QListWidgetItem(_in_the_middle(glyph), recent_name(spec))
            item.setData(Qt.ItemDataRole.UserRole, spec)
            item.setToolTip(recent_name(spec) if "://" in spec else spec)
            self.recent_list.addItem(item)
        if self.isVisible():
            self._look_at_recent()
        row_px = self.recent_list.sizeHintForRow(0) if specs else 0
        self.recent_list.setFixedHeight(min(len(specs), SHOWN_RECENT) * row_px + 2 * self.recent_list.frameWidth() + 2)
        self.recent_list.setVisible(bool(specs))
        self._recent_title.setVisible(bool(specs))

    def _look_at_recent(self) -> None:
        self._looks.look([spec for spec in self._recent if "://" not in spec])

    @pyqtSlot(str, object)
    def _show_look(self, path: str, look: Look) -> None:
        """A recent file's image and length."""
        for row in range(self.recent_list.count()):
            item = self.recent_list.item(row)
            if item is None or _spec_of(item) != path:
                continue
            facts = f"{look.width} × {look.height}" if look.width else ""
            if look.duration_s:
                facts = f"{format_time(look.duration_s)[:-4]}  ·  {facts}"
            item.setText("\n".join(filter(None, (recent_name(path), facts or look.problem))))
            if look.image_bgr is not None:
                item.setIcon(_in_the_middle(_pixmap(look.image_bgr).scaled(RECENT_THUMBNAIL, _KEEP, _SMOOTH)))

    def set_note(self, text: str) -> None:
        """What the program is busy with, at the foot of the page; "" = nothing."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    # Cameras

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self.refresh()
        self._look_at_recent()

    def hideEvent(self, event: QHideEvent | None) -> None:
        self.release_cameras()
        self._looks.stop()
        super().hideEvent(event)

    def release_cameras(self) -> list[CameraPreview]:
        """Stop all thumbnails without waiting; returns those that are still letting go of their cameras."""
        for preview in self._previews:
            preview.stop()
        self._ending = [p for p in (*self._ending, *self._previews) if p.running]
        self._previews = []
        return list(self._ending)

    def refresh(self) -> None:
        """Look for cameras and show each with its image."""
        ending = self.release_cameras()
        for card in self._cards.values():
            card.deleteLater()
        self._cards = {}
        cameras = self._find_cameras()
        self._no_camera.setVisible(not cameras)
        self.size_box.setVisible(bool(cameras))
        for position, camera in enumerate(cameras):
            card = self._card(camera)
            self._cards[camera.index] = card
            self._grid.addWidget(card, position // 3, position % 3, Qt.AlignmentFlag.AlignLeft)
            preview = CameraPreview(camera.index, self._open_source, ending)
            preview.image.connect(self._show_image)
            preview.failed.connect(self._show_failure)
            self._previews.append(preview)
            preview.start()
        self._grid.setColumnStretch(3, 1)

    def _card(self, camera: CameraInfo) -> QToolButton:
        card = QToolButton()
        card.setObjectName("cameraCard")
        card.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        card.setIcon(icon("camera"))
        card.setIconSize(THUMBNAIL)
        card.setText(camera.name)
        card.setToolTip(self.tr("{name} (camera {index})").format(name=camera.name, index=camera.index))
        card.clicked.connect(lambda _=False, index=camera.index: self.source_chosen.emit(index))
        return card

    def _show_image(self, index: int, image_bgr: NDArray[np.uint8]) -> None:
        card = self._cards.get(index)
        if card is not None:
            card.setIcon(QIcon(_pixmap(image_bgr).scaled(THUMBNAIL, _KEEP, _SMOOTH)))

    def _show_failure(self, index: int, message: str) -> None:
        card = self._cards.get(index)
        if card is not None:
            card.setToolTip(message)
            card.setText(self.tr("{name} (no image)").format(name=card.text()))

    def _choose_url(self) -> None:
        url = self.url_edit.text().strip()
        if url:
            self.source_chosen.emit(url)


def recent_name(spec: str) -> str:
    """What to call a recent source: a file by its name, a stream by its address without user name and password."""
    from app.sources.camera import public_url

    return public_url(spec) if "://" in spec else Path(spec).name


def _in_the_middle(image: QPixmap) -> QIcon:
    """On a clear ground of one size, so that the texts beside it begin at one place."""
    ratio = image.devicePixelRatio()
    ground = QPixmap(RECENT_THUMBNAIL * ratio)
    ground.setDevicePixelRatio(ratio)
    ground.fill(Qt.GlobalColor.transparent)
    size = image.deviceIndependentSize()
    painter = QPainter(ground)
    painter.drawPixmap(
        QPointF((RECENT_THUMBNAIL.width() - size.width()) / 2, (RECENT_THUMBNAIL.height() - size.height()) / 2), image
    )
    painter.end()
    return QIcon(ground)


def _pixmap(image_bgr: NDArray[np.uint8]) -> QPixmap:
    h, w = image_bgr.shape[:2]
    pixels = image_bgr.tobytes()
    return QPixmap.fromImage(QImage(pixels, w, h, 3 * w, QImage.Format.Format_BGR888))


def _spec_of(item: QListWidgetItem) -> str:
    return str(item.data(Qt.ItemDataRole.UserRole))


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setWeight(font.Weight.DemiBold)
    label.setFont(font)
    return label
