"""The list of people: find, name, hide and lock them."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QModelIndex, QSize, QSortFilterProxyModel, Qt, QTimer, pyqtSignal, pyqtSlot
from PyQt6.QtGui import QAction, QColor, QFontMetrics, QKeyEvent, QShowEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.gui.panels.people_model import ID_ROLE, LONG_ID, SORT_ROLE, SWATCH_PX, Column, PeopleModel
from app.gui.view.compose import person_colour
from app.types import FrameResult

REFRESH_MS = 500
WIDEST = {Column.SECONDS: "00:00 min", Column.CONFIDENCE: "100 %"}  # all but the names
OTHER_SIZES = (QEvent.Type.FontChange, QEvent.Type.StyleChange)  # texts take another room


class PeoplePanel(QWidget):
    """Asks for locks and reports names and hidden people; `set_locked` says who is locked."""

    lock_requested = pyqtSignal(int)  # track id, 0 = nobody
    hide_changed = pyqtSignal(int, bool)
    renamed = pyqtSignal(int, str)  # the empty name brings back the default one

    def __init__(self, parent: QWidget | None = None, *, colour_of: Callable[[int], QColor] = person_colour) -> None:
        super().__init__(parent)
        self.model = PeopleModel(colour_of)
        self.model.setParent(self)
        self.model.renamed.connect(self.renamed)
        self.model.hide_changed.connect(self._on_hide_changed)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT_ROLE)
        self._sorted.setDynamicSortFilter(True)

        self.view = _PeopleView(self.model, self)
        self.view.setModel(self._sorted)
        self.view.setup_columns()
        self.view.lock_pressed.connect(self._toggle_lock)
        selection = self.view.selectionModel()
        assert selection is not None
        selection.currentChanged.connect(self._update_buttons)

        self.summary = QLabel(self)
        self.summary.setProperty("role", "muted")
        self.lock_button = QPushButton(self)
        self.lock_button.setToolTip(self.tr("Follow the selected person with view and plots (Enter)"))
        self.lock_button.clicked.connect(self._toggle_lock)
        self.rename_button = QPushButton(self.tr("Rename"), self)
        self.rename_button.setToolTip(self.tr("Give the selected person a name (F2)"))
        self.rename_button.clicked.connect(self.view.rename_current)
        self.show_all_button = QPushButton(self.tr("Show all"), self)
        self.show_all_button.setToolTip(self.tr("Show every person in the image again"))
        self.show_all_button.clicked.connect(self._show_all)
        for action in self._context_actions():
            self.view.addAction(action)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for button in (self.lock_button, self.rename_button, self.show_all_button):
            buttons.addWidget(button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.summary)
        layout.addWidget(self.view, 1)
        layout.addLayout(buttons)
        self.setFocusProxy(self.view)
        self._fit_lock_button()

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self.refresh()

    @pyqtSlot(object)
    def update_result(self, result: FrameResult) -> None:
        """Count one more frame; the list follows a few times a second, and only while it is visible."""
        self.model.see(result)
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @pyqtSlot()
    def jump(self) -> None:
        """The next result does not follow the last one."""
        self.model.jump()

    @pyqtSlot(int)
    def set_locked(self, track_id: int) -> None:
        """Mark the person that is followed now; 0 = nobody."""
        self.model.set_locked(track_id)
        self._update_buttons()

    @pyqtSlot(int, int)
    def continue_as(self, before_id: int, track_id: int) -> None:
        """A person was found again under another identity: the given name and being hidden go along."""
        self.model.continue_as(before_id, track_id)
        self._update_buttons()

    @pyqtSlot()
    def reset(self) -> None:
        """Forget everybody: another source begins."""
        self.model.reset()
        self.refresh()

    def refresh(self) -> None:
        self.model.refresh()
        present, known = self.model.present_count, self.model.rowCount()
        if known == 0:
            self.summary.setText(self.tr("Nobody seen yet"))
        else:
            self.summary.setText(self.tr("{0} in the image, {1} in all").format(present, known))
        self._update_buttons()

    def showEvent(self, event: QShowEvent | None) -> None:
        self.refresh()
        super().showEvent(event)

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() in OTHER_SIZES and hasattr(self, "_timer"):
            self._fit_lock_button()

    def _fit_lock_button(self) -> None:
        """As wide for each of its texts: the panel does not move when somebody is locked."""
        widths = []
        for text in (self.tr("Lock"), self.tr("Release")):
            self.lock_button.setText(text)
            widths.append(self.lock_button.sizeHint().width())
        self.lock_button.setMinimumWidth(max(widths))
        self._update_buttons()

    def _context_actions(self) -> list[QAction]:
        lock = QAction(self.tr("Lock or release"), self)
        lock.triggered.connect(self._toggle_lock)
        rename = QAction(self.tr("Rename …"), self)
        rename.triggered.connect(self.view.rename_current)
        hide = QAction(self.tr("Show or hide"), self)
        hide.triggered.connect(self.view.toggle_current)
        sorts = [QAction(self.tr("Sort by {0}").format(self._title(column)), self) for column in Column]
        for column, action in zip(Column, sorts, strict=True):
            order = Qt.SortOrder.AscendingOrder if column == Column.NAME else Qt.SortOrder.DescendingOrder
            action.triggered.connect(lambda _=False, c=column, o=order: self.view.sortByColumn(c, o))
        separator = QAction(self)
        separator.setSeparator(True)
        return [lock, rename, hide, separator, *sorts]

    def _title(self, column: Column) -> str:
        return str(self.model.headerData(column, Qt.Orientation.Horizontal))

    def _current_id(self) -> int:
        index = self.view.currentIndex()
        return int(index.data(ID_ROLE)) if index.isValid() else 0

    def _toggle_lock(self) -> None:
        track_id = self._current_id() or self.model.locked_id
        if track_id:
            self.lock_requested.emit(0 if track_id == self.model.locked_id else track_id)

    def _show_all(self) -> None:
        for track_id in self.model.hidden_ids:
            row = self.model.row_of(track_id)
            if row is not None:
                cell = self.model.index(row, Column.NAME)
                self.model.setData(cell, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)

    def _on_hide_changed(self, track_id: int, hidden: bool) -> None:
        self.hide_changed.emit(track_id, hidden)
        self._update_buttons()

    def _update_buttons(self) -> None:
        current, locked = self._current_id(), self.model.locked_id
        releases = bool(locked) and current in (0, locked)
        self.lock_button.setText(self.tr("Release") if releases else self.tr("Lock"))
        self.lock_button.setEnabled(bool(current or locked))
        self.rename_button.setEnabled(bool(current))
        self.show_all_button.setEnabled(bool(self.model.hidden_ids))


class _PeopleView(QTreeView):
    """Rows as a whole are current; Enter locks, Space shows or hides, F2 renames, in whatever column."""

    lock_pressed = pyqtSignal()

    def __init__(self, people: PeopleModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._people = people
        self.setAccessibleName(self.tr("People"))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_NameDelegate(self))
        self.doubleClicked.connect(self.lock_pressed)

    def setup_columns(self) -> None:
        self.setSortingEnabled(True)
        self.sortByColumn(Column.SECONDS, Qt.SortOrder.DescendingOrder)
        header = self.header()
        assert header is not None
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        for column in WIDEST:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        self._fit_columns()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() in OTHER_SIZES and self.model() is not None:
            QTimer.singleShot(0, self._fit_columns)  # when the header has changed too

    def minimumSizeHint(self) -> QSize:
        """Wide enough to read default names beside their marks, even in bold and with a scroll bar."""
        width = self._cell_width(self._people.default_name(LONG_ID), marks=True) + 2 * self.frameWidth()
        width += sum(self.columnWidth(column) for column in WIDEST)
        if (bar := self.verticalScrollBar()) is not None:
            width += bar.sizeHint().width()
        return QSize(width, super().minimumSizeHint().height())

    def _fit_columns(self) -> None:
        header = self.header()
        assert header is not None
        for column, widest in WIDEST.items():
            header.resizeSection(column, max(header.sectionSizeHint(column), self._cell_width(widest)))
        self.updateGeometry()

    def _cell_width(self, text: str, marks: bool = False) -> int:
        """Of the bold text, beside the box to tick and the person's colour if it has these marks."""
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDisplay
        if marks:
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.decorationSize = QSize(SWATCH_PX, SWATCH_PX)
        option.font.setBold(True)
        option.fontMetrics = QFontMetrics(option.font)
        option.text = text
        style = self.style()
        assert style is not None
        return style.sizeFromContents(QStyle.ContentsType.CT_ItemViewItem, option, QSize(), self).width()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        if self.state() == QAbstractItemView.State.EditingState:  # what the field for the name leaves, such as Enter
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.lock_pressed.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.toggle_current()
        elif event.key() == Qt.Key.Key_F2:
            self.rename_current()
        else:
            super().keyPressEvent(event)

    def rename_current(self) -> None:
        if (cell := self._current_name()).isValid():
            self.edit(cell)

    def toggle_current(self) -> None:
        model, cell = self.model(), self._current_name()
        if model is not None and cell.isValid():
            shown = Qt.CheckState(cell.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
            wanted = Qt.CheckState.Unchecked if shown else Qt.CheckState.Checked
            model.setData(cell, wanted, Qt.ItemDataRole.CheckStateRole)

    def _current_name(self) -> QModelIndex:
        return self.currentIndex().siblingAtColumn(Column.NAME)


class _NameDelegate(QStyledItemDelegate):
    """The field for a name is filled once: the row's figures change while somebody types."""

    def createEditor(self, parent: QWidget | None, option: QStyleOptionViewItem, index: QModelIndex) -> QWidget | None:
        editor = super().createEditor(parent, option, index)
        super().setEditorData(editor, index)
        return editor

    def setEditorData(self, editor: QWidget | None, index: QModelIndex) -> None:
        """Qt calls this with every change of the row."""
