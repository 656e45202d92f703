"""A sentence about what was done last, in the colour of its kind."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QWidget


class StatusLine(QLabel):
    """Empty at first; a text is shown as it is, in as many lines as it needs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def say(self, sentence: str, role: str = "muted") -> None:
        """role: of the theme: "muted", "good" or "bad"."""
        self.setText(sentence)
        self.setProperty("role", role)
        if (style := self.style()) is not None:
            style.polish(self)  # the colour depends on the property
