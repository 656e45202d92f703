"""All settings; every change applies at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PyQt6.QtCore import Qt, QTimer, pyqtSignal, pyqtSlot
from PyQt6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.gui.i18n.library_texts import in_users_language
from app.gui.panels.editors import Editor, choice
from app.gui.panels.model_list import ModelList
from app.gui.panels.model_manager import ModelManager
from app.gui.panels.settings_fields import (
    Field,
    drawing_fields,
    engine_fields,
    people_fields,
    value_at,
    with_value,
)
from app.settings import Settings
from pose.errors import PoseStudioError

SETTLE_MS = 300  # a value that is being turned is passed on once it rests


class SettingsDialog(QDialog):
    """Stays open beside the image. `set_settings` brings in what was changed elsewhere meanwhile.

    theme: shown only if given; the settings do not hold it.
    """

    settings_changed = pyqtSignal(object)  # Settings
    theme_changed = pyqtSignal(str)

    def __init__(self, settings: Settings, parent: QWidget | None = None, theme: str | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.resize(760, 700)
        self._settings = settings
        self._reported = settings
        self._refusal, self._problem = "", ""  # of what is being typed; with what was told
        self._editors: dict[str, Editor] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._tell)

        self.models = ModelList(self)
        self.models.model_chosen.connect(self._on_model_chosen)
        self.models.import_requested.connect(self.open_manager)
        self.message = QLabel(self)
        self.message.setProperty("role", "bad")
        self.message.setWordWrap(True)
        self._show_message()

        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        if (bar := self.tabs.tabBar()) is not None:
            bar.setDrawBase(False)
        model_page = self._page(engine_fields(), first=self.models)
        self.tabs.addTab(model_page, self.tr("Model"))
        self.tabs.addTab(self._page(people_fields()), self.tr("People"))
        self.tabs.addTab(self._page(drawing_fields(), last=self._theme_row(theme)), self.tr("Drawing"))

        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, parent=self)
        buttons.rejected.connect(self.reject)
        self.reset_button = QPushButton(self.tr("Reset"), self)
        self.reset_button.setToolTip(self.tr("Set everything back to how it came"))
        self.reset_button.setAutoDefault(False)
        self.reset_button.clicked.connect(self._reset)
        buttons.addButton(self.reset_button, QDialogButtonBox.ButtonRole.ResetRole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.message)
        layout.addWidget(buttons)
        self.set_settings(settings)

    @property
    def settings(self) -> Settings:
        return self._settings

    @pyqtSlot(object)
    def set_settings(self, settings: Settings) -> None:
        """Show settings that come from elsewhere. Call `settle` before making them."""
        self._timer.stop()
        self._settings = self._reported = settings
        for path, editor in self._editors.items():
            if editor.get() != value_at(settings, path):  # a box that is being typed in is left alone
                editor.set(value_at(settings, path))
        self.models.show_settings(settings.model)

    @pyqtSlot(str)
    def show_problem(self, sentence: str) -> None:
        """What does not work with the settings that were told; it stands until it is taken back. "" = nothing."""
        self._problem = sentence
        self._show_message()

    @pyqtSlot()
    def take_back_problem(self) -> None:
        self.show_problem("")

    def _show_message(self) -> None:
        self.message.setText(self._refusal or self._problem)
        self.message.setVisible(bool(self._refusal or self._problem))

    def open_manager(self) -> None:
        """The dialog that imports checkpoints."""
        manager = ModelManager(self)
        manager.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        manager.imported.connect(self._on_imported)
        manager.open()

    def done(self, result: int) -> None:
        self.settle()
        super().done(result)

    def _reset(self) -> None:
        self._timer.stop()
        self._refusal = ""
        self._show_message()
        self.set_settings(Settings())
        self.settings_changed.emit(self._settings)

    def _on_edit(self, path: str) -> None:
        try:
            changed = with_value(self._settings, path, self._editors[path].get())
            if path == "smoothing":
                live = changed.smoothing == "one-euro"
                changed = replace(changed, tracker=replace(changed.tracker, smooth=live))
        except PoseStudioError as error:
            self._refusal = in_users_language(str(error))
            self._show_message()
            return
        self._refusal = ""
        self._show_message()
        self._settings = changed
        self._timer.start()

    def _on_model_chosen(self, name: str) -> None:
        self._settings = replace(self._settings, model=replace(self._settings.model, name=name, weights=None))
        self._timer.start()

    def _on_imported(self, name: str) -> None:
        self.models.reload()

    def _tell(self) -> None:
        self._timer.stop()
        if self._settings == self._reported:
            return
        model_changed = self._settings.model != self._reported.model
        self._reported = self._settings
        self.settings_changed.emit(self._settings)
        if model_changed:
            self.models.show_settings(self._settings.model)

    def settle(self) -> None:
        """Tell at once what was changed a moment ago, before settings are changed elsewhere or the dialog closes."""
        if self._timer.isActive():
            self._tell()

    def _page(self, fields: Iterable[Field], first: QWidget | None = None, last: QWidget | None = None) -> QWidget:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in fields:
            editor = field.make(lambda path=field.path: self._on_edit(path))  # type: ignore[misc]
            editor.widget.setToolTip(field.tip)
            editor.widget.setAccessibleDescription(field.tip)
            if field.label:
                editor.widget.setAccessibleName(field.label)
            form.addRow(_label(field.label, editor.widget), editor.widget)
            self._editors[field.path] = editor
        if last is not None:
            form.addRow(_label(self.tr("Theme"), last), last)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 16, 8, 8)
        column.setSpacing(16)
        if first is not None:
            column.addWidget(first, 1)
        column.addLayout(form)
        column.addStretch(0 if first is not None else 1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(page)
        return scroll

    def _theme_row(self, theme: str | None) -> QWidget | None:
        if theme is None:
            return None
        options = [("system", self.tr("as the desktop")), ("light", self.tr("light")), ("dark", self.tr("dark"))]
        editor = choice(options, lambda: self.theme_changed.emit(editor.get()))
        editor.set(theme)
        editor.widget.setAccessibleName(self.tr("Theme"))
        return editor.widget


def _label(text: str, field: QWidget) -> QLabel:
    """As high as its field, so that both texts stand on one line; a click or Alt+letter leads to the field."""
    label = QLabel(text)
    label.setBuddy(field)
    label.setMinimumHeight(field.sizeHint().height())
    return label
