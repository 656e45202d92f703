"""The review list: the analysis at work, then its doubtful moments, worst first."""

from __future__ import annotations

from PyQt6.QtCore import QModelIndex, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPalette
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.analysis.doubt import Doubt
from app.gui.analysis.analyst import AnalysisState
from app.gui.analysis.tracking import Findings
from app.gui.analysis.words import doubt_words
from app.gui.common.clock import format_time
from app.gui.i18n.translation import translate

DOUBT_ROLE, TIME_ROLE, CHECKED_ROLE = (Qt.ItemDataRole.UserRole + i for i in range(3))
BAR_PX, PAD_PX = 5, 10


class ReviewPanel(QWidget):
    """Asks for the analysis and for moments; `show_…` says what there is."""

    start_requested = pyqtSignal()
    cancel_requested = pyqtSignal()
    chosen = pyqtSignal(object, float)  # Doubt, seconds
    check_requested = pyqtSignal(object, bool)  # Doubt; False = it is to be looked at again
    undo_requested = pyqtSignal()
    redo_requested = pyqtSignal()
    table_requested = pyqtSignal()
    report_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.setProperty("role", "muted")
        self.button = QPushButton(self)
        self.button.setToolTip(self.tr("Looks at every frame in the background, or stops that (Ctrl+Shift+A)"))
        self.button.clicked.connect(self._on_button)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.list = QListWidget(self)
        self.list.setItemDelegate(_DoubtDelegate(self.list))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setAccessibleName(self.tr("Doubtful moments, worst first"))
        self.list.setUniformItemSizes(True)
        self.list.currentItemChanged.connect(self._on_current)
        self.list.itemClicked.connect(self._tell)
        self.undo_button = QPushButton(self.tr("Undo"), self)
        self.redo_button = QPushButton(self.tr("Redo"), self)
        self.undo_button.setToolTip(self.tr("Takes the last repair back (Ctrl+Z)"))
        self.redo_button.setToolTip(self.tr("Does it again (Ctrl+Shift+Z)"))
        self.undo_button.clicked.connect(self.undo_requested)
        self.redo_button.clicked.connect(self.redo_requested)
        self.check_button = QPushButton(self.tr("Checked"), self)
        self.check_button.setToolTip(self.tr("Takes the doubtful moment off the list, or puts it back (K)"))
        self.check_button.clicked.connect(self.check_current)
        self.checked_box = QCheckBox(self)
        self.checked_box.setToolTip(self.tr("At the end of the list; from there they can be put back"))
        self.checked_box.toggled.connect(lambda: self.show_findings(self._findings))
        row = QHBoxLayout()
        row.addWidget(self.check_button)
        row.addWidget(self.undo_button)
        row.addWidget(self.redo_button)
        row.addStretch(1)
        self.table_button = QPushButton(self.tr("Open table"), self)
        self.table_button.setToolTip(self.tr("The CSV file with everybody's joints in every frame, repairs included"))
        self.table_button.clicked.connect(self.table_requested)
        self.report_button = QPushButton(self.tr("Report …"), self)
        self.report_button.setToolTip(self.tr("One page to look at, print or send"))
        self.report_button.clicked.connect(self.report_requested)
        results = QHBoxLayout()
        results.addWidget(self.table_button)
        results.addWidget(self.report_button)
        results.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.note)
        layout.addWidget(self.bar)
        layout.addWidget(self.button)
        layout.addWidget(self.list, 100)
        layout.addWidget(self.checked_box)
        layout.addStretch(1)  # while there is no list, the rest stands at the top
        layout.addLayout(row)
        layout.addLayout(results)
        self._state = AnalysisState()
        self._filling = False
        self._findings: Findings | None = None
        self.show_state(self._state)
        self.show_findings(None)

    # What there is

    def show_state(self, state: AnalysisState) -> None:
        self._state = state
        running = state.phase in ("loading", "running")
        self.button.setVisible(state.path is not None and (running or state.phase == "none"))
        if running:
            self.button.setText(self.tr("Stop"))
        else:
            self.button.setText(self.tr("Go on analysing") if state.started else self.tr("Analyse"))
        self.bar.setVisible(running or state.phase == "reading")
        if state.phase == "running" and state.expected:
            self.bar.setRange(0, state.expected)
            self.bar.setValue(min(state.done, state.expected))
        else:
            self.bar.setRange(0, 0)
        self._show_note()

    def show_findings(self, findings: Findings | None) -> None:
        """The list; what was chosen stays chosen if it is still there."""
        before = self.current()
        self._findings = findings
        self._filling = True
        self.list.clear()
        names = dict(findings.names) if findings else {}
        checked = findings.checked if findings else ()
        self.checked_box.setText(self.tr("Show what is checked ({0})").format(len(checked)))
        self.checked_box.setVisible(bool(checked))
        shown = checked if self.checked_box.isChecked() else ()
        for doubt in (*findings.doubts, *shown) if findings else ():
            time_s = findings.times_s.get(doubt.moment, 0.0) if findings else 0.0
            item = QListWidgetItem(doubt_words(doubt, names))
            item.setData(CHECKED_ROLE, doubt in checked)
            item.setData(DOUBT_ROLE, doubt)
            item.setData(TIME_ROLE, time_s)
            item.setToolTip(f"{format_time(time_s)}  {item.text()}")
            self.list.addItem(item)
            if before is not None and (doubt.kind, doubt.first, doubt.people) == (
                before.kind, before.first, before.people
            ):  # fmt: skip
                self.list.setCurrentItem(item)
        self._filling = False
        self._on_current(self.list.currentItem(), None, quiet=True)
        self.list.setVisible(findings is not None)
        for button in (self.check_button, self.table_button, self.report_button):
            button.setVisible(findings is not None)
        self.undo_button.setVisible(findings is not None)
        self.redo_button.setVisible(findings is not None)
        self.undo_button.setEnabled(bool(findings and findings.undoable))
        self.redo_button.setEnabled(bool(findings and findings.redoable))
        self._show_note()

    def current(self) -> Doubt | None:
        item = self.list.currentItem()
        return item.data(DOUBT_ROLE) if item is not None else None

    def move(self, by: int) -> None:  # type: ignore[override]
        """To the next (+1) or previous (-1) moment of the list."""
        count = self.list.count()
        if count:
            row = self.list.currentRow()
            now = min(max(row + by, 0), count - 1) if row >= 0 else 0
            if now == row:
                self._tell(self.list.currentItem())
            self.list.setCurrentRow(now)

    def check_current(self) -> None:
        """Somebody looked at the chosen moment: on to the next one. Of one that was checked, the opposite."""
        item = self.list.currentItem()
        if item is None:
            return
        doubt, done = item.data(DOUBT_ROLE), not item.data(CHECKED_ROLE)
        if done and self.list.currentRow() + 1 < self.list.count():
            self.move(1)
        self.check_requested.emit(doubt, done)

    def _show_note(self) -> None:
        state = self._state
        texts = {
            "none": self.tr("An analysis looks at every frame once. After that the video plays without waiting for the "
                            "network, and identities can be reviewed and repaired.") if state.path else "",
            "looking": "",
            "loading": self.tr("Loading the model …"),
            "running": self._running_text(state),
            "reading": self.tr("Reading the analysis …"),
            "ready": self._found_text(),
        }  # fmt: skip
        text = texts[state.phase] or self.tr("Open a video file to analyse it.")
        self.note.setText(text)

    def _found_text(self) -> str:
        if self._findings is None:
            return self.tr("Reading the analysis …")
        count = len(self._findings.doubts)
        if count:
            return self.tr("Doubtful moments, worst first: {0}").format(count)
        return self.tr("Nothing is doubtful.")

    def _running_text(self, state: AnalysisState) -> str:
        if not state.expected:
            return self.tr("Analysing: {0} frames").format(state.done)
        share = f"{100 * state.done // state.expected} %"
        if state.left_s is None:
            return self.tr("Analysing: {0}").format(share)
        minutes, seconds = divmod(round(state.left_s), 60)
        left = f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"
        return self.tr("Analysing: {0}, {1} left").format(share, left)

    # What the user does

    def _on_button(self) -> None:
        if self._state.phase == "none":
            self.start_requested.emit()
        else:
            self.cancel_requested.emit()

    def _on_current(self, item: QListWidgetItem | None, before: QListWidgetItem | None, quiet: bool = False) -> None:
        self.check_button.setEnabled(item is not None)
        again = item is not None and bool(item.data(CHECKED_ROLE))
        self.check_button.setText(self.tr("Check again") if again else self.tr("Checked"))
        if not self._filling and not quiet:
            self._tell(item)

    def _tell(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(DOUBT_ROLE), item.data(TIME_ROLE))


class _DoubtDelegate(QStyledItemDelegate):
    """A bar for how doubtful it is, the words, and the time below them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(120, 2 * option.fontMetrics.height() + 14)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        palette = option.palette
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.fillRect(option.rect, palette.color(QPalette.ColorRole.Highlight))
        doubt: Doubt = index.data(DOUBT_ROLE)
        area = option.rect.adjusted(PAD_PX, 6, -PAD_PX, -6)
        painter.setPen(Qt.PenStyle.NoPen)
        checked = bool(index.data(CHECKED_ROLE))
        painter.setBrush(palette.color(QPalette.ColorRole.Mid) if checked else doubt_colour(doubt.severity))
        painter.drawRoundedRect(area.left(), area.top() + 1, BAR_PX, area.height() - 2, 2, 2)
        text = area.adjusted(BAR_PX + 9, 0, 0, 0)
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        ink = QColor(palette.color(role))
        ink.setAlphaF(1.0 if selected or not checked else 0.6)
        painter.setPen(ink)
        words = option.fontMetrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, words)
        quiet = QColor(palette.color(role))
        quiet.setAlphaF(0.6 if checked and not selected else 0.72)
        painter.setPen(quiet)
        painter.drawText(
            text,
            Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft,
            format_time(index.data(TIME_ROLE)) + (f"  ✓ {translate('Review', 'checked')}" if checked else ""),
        )
        painter.restore()


def doubt_colour(severity: float) -> QColor:
    """From yellow, worth a look, to red, most likely wrong."""
    return QColor.fromHsvF(0.13 * (1 - min(max((severity - 0.2) / 0.7, 0.0), 1.0)), 0.78, 0.9)
