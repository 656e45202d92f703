"""A message bar over the image: what happened, in plain words, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

Kind = Literal["error", "warning", "info"]
COLOURS: dict[Kind, tuple[str, str]] = {  # background, text: at least 4.5 : 1
    "error": ("#b3261e", "#ffffff"),
    "warning": ("#f4b740", "#1d1500"),
    "info": ("#2f6fb3", "#ffffff"),
}
INFO_MS = 6000


class Banner(QFrame):
    """Hidden until `show_message`; errors stay until closed, information leaves by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._label = QLabel(self)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._action = QPushButton(self)
        self._action.hide()
        self._close = QToolButton(self)
        self._close.setText("✕")
        self._close.setAutoRaise(True)
        self._close.setToolTip(self.tr("Close this message"))
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.clicked.connect(self.hide)
        self._on_action: Callable[[], None] | None = None
        self._action.clicked.connect(self._act)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._action)
        layout.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.kind: Kind = "info"
        self.hide()

    @property
    def text(self) -> str:
        return self._label.text()

    def show_message(
        self, text: str, kind: Kind = "error", action: str = "", on_action: Callable[[], None] | None = None
    ) -> None:
        background, foreground = COLOURS[kind]
        self.setStyleSheet(
            f"#banner {{ background: {background}; border-radius: 6px; }}"
            f"#banner QLabel, #banner QToolButton {{ color: {foreground}; background: transparent; }}"
            f"#banner QPushButton {{ color: {foreground}; background: rgba(255, 255, 255, 45);"
            f" border: 1px solid {foreground}; border-radius: 4px; padding: 3px 12px; }}"
            "#banner QPushButton:hover, #banner QPushButton:focus { background: rgba(255, 255, 255, 90); }"
        )
        self.kind = kind
        self._label.setText(text)
        self._action.setText(action)
        self._action.setToolTip(action)
        self._action.setVisible(bool(action))
        self._on_action = on_action
        self._timer.stop()
        if kind == "info":
            self._timer.start(INFO_MS)
        self.show()

    def take_back(self, text: str) -> None:
        """Hide a message that is no longer true, unless another one has taken its place."""
        if self.text == text:
            self.hide()

    def _act(self) -> None:
        on_action = self._on_action
        self.hide()
        if on_action is not None:
            on_action()
