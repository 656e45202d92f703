"""Three steps for the first minutes, above the page: it never covers what it speaks of."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget


class Tour(QFrame):
    """Hidden until `start`."""

    ended = pyqtSignal()  # read to the end, or closed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tour")
        self._steps = (
            self.tr("Choose a camera, a video or the sample scene below. Everything stays on this machine."),
            self.tr(
                "Click a person to follow; the panels at the side list people, and plot joints and angles. "
                "F1 shows all keys."
            ),
            self.tr(
                "Analyse, at the side, looks at every frame of a file: then there is its table, and who is who can be "
                "repaired. R records what you see; Live out in the File menu sends poses to other programs."
            ),
        )
        self._step = 0
        self.place = QLabel()
        self.place.setProperty("role", "muted")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.next_button = QPushButton()
        self.next_button.setToolTip(self.tr("To the next step"))
        self.next_button.clicked.connect(self._go_on)
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip(self.tr("Close the tour"))
        self.close_button.setAccessibleName(self.tr("Close the tour"))
        self.close_button.clicked.connect(self._end)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 10, 10, 10)
        layout.setSpacing(14)
        layout.addWidget(self.place)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.next_button)
        layout.addWidget(self.close_button)
        self.hide()

    def start(self) -> None:
        self._show_step(0)
        self.show()

    def source_opened(self) -> None:
        """The first step is done, however it was done."""
        if self._step == 0:
            self._show_step(1)

    def _go_on(self) -> None:
        if self._step + 1 < len(self._steps):
            self._show_step(self._step + 1)
        else:
            self._end()

    def _show_step(self, step: int) -> None:
        self._step = step
        self.place.setText(self.tr("{0} of {1}").format(step + 1, len(self._steps)))
        self.text.setText(self._steps[step])
        last = step + 1 == len(self._steps)
        self.next_button.setText(self.tr("Done") if last else self.tr("Next"))

    def _end(self) -> None:
        self.hide()
        self.ended.emit()
