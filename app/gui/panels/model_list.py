"""The models on this machine: accuracy of their cards, speed measured here, and the automatic choice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.gui.i18n.library_texts import in_users_language
from app.gui.i18n.translation import translate
from app.gui.panels.task import Task
from app.models.auto_model import Candidate, SpeedCache, known_speed, resolve_model, speed_of
from app.settings import AUTO, ModelSettings
from pose.errors import PoseStudioError
from pose.weights.library import WeightsSpec, list_weights, user_list_problem

NAME_ROLE = Qt.ItemDataRole.UserRole
FILE = ""  # in place of a name


class ModelList(QWidget):
    """Shows what there is and emits what was chosen; measuring runs on a thread of its own."""

    model_chosen = pyqtSignal(str)
    import_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = ModelSettings()
        self._task: Task | None = None
        self.tree = QTreeWidget(self)
        self.tree.setRootIsDecorated(False)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setHeaderLabels([self.tr("Model"), self.tr("Accuracy"), self.tr("Speed here")])
        self.tree.setAccessibleName(self.tr("Models"))
        self.tree.setMinimumHeight(140)
        header = self.tree.header()
        assert header is not None
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.currentItemChanged.connect(self._on_current)

        self.status = QLabel(self)
        self.status.setProperty("role", "muted")
        self.status.setWordWrap(True)
        self.measure_button = QPushButton(self.tr("Measure speeds"), self)
        self.measure_button.setToolTip(self.tr("Run each model for about a second; truest while nothing else runs"))
        self.measure_button.clicked.connect(self.measure)
        self.import_button = QPushButton(self.tr("Import …"), self)
        self.import_button.setToolTip(self.tr("Add an official LitePose checkpoint or a weights file"))
        self.import_button.clicked.connect(self.import_requested)
        for button in (self.measure_button, self.import_button):
            button.setAutoDefault(False)  # Enter in a field must not start them
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.status, 1)
        row.addWidget(self.measure_button)
        row.addWidget(self.import_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.tree, 1)
        layout.addLayout(row)

    def show_settings(self, settings: ModelSettings) -> None:
        """Show the speeds for these engine settings and mark the model in use."""
        self._settings = settings
        self.reload()

    def reload(self) -> None:
        """Read the list again: something was imported, measured or changed."""
        blocked = self.tree.blockSignals(True)
        self.tree.clear()
        try:
            specs = list_weights()
        except PoseStudioError as error:
            specs = []
            self.status.setText(in_users_language(str(error)))
        if problem := user_list_problem():
            self.status.setText(in_users_language(problem))
        cache = SpeedCache()
        self._add(AUTO, self.tr("Automatic"), self.tr("best that keeps 20 fps"), self._automatic(specs, cache))
        for spec in specs:
            size = self._settings.input_size or spec.input_size
            fps = known_speed(spec, size, self._settings, cache)
            speed = self.tr("{0} fps at {1} px").format(f"{fps:.0f}", size) if fps else self.tr("not measured yet")
            self._add(spec.name, spec.name, accuracy_text(spec), speed)
        if self._settings.weights is not None:  # set in the settings file: choosing another row leaves it
            self._add(FILE, Path(self._settings.weights).name, self.tr("a file of its own"), "–")
        self._select(self._settings.name if self._settings.weights is None else FILE)
        self.tree.blockSignals(blocked)

    def show_loading(self, text: str) -> None:
        """What is done until the model that was chosen runs; "" = it does, and new speeds may be known."""
        if self._task is None or not self._task.running:
            self.status.setText(text)
            if not text:
                self.reload()

    def measure(self) -> None:
        """Measure every model at the input size that is set, and what the automatic choice needs."""
        if self._task is not None and self._task.running:
            return
        settings = self._settings

        def work(report: object) -> None:
            assert callable(report)
            cache = SpeedCache()
            cache.clear()
            for spec in list_weights():
                size = settings.input_size or spec.input_size
                speed_of(Candidate(spec, size, 0.0), settings, cache=cache, progress=report)
            resolve_model(replace(settings, name=AUTO, weights=None), cache=cache, progress=report)

        self._task = Task(work, "measure speeds")
        self._task.progress.connect(self._on_progress)
        self._task.done.connect(self._on_measured)
        self._task.failed.connect(self._on_failed)
        self.measure_button.setEnabled(False)
        self.status.setText(self.tr("Measuring …"))
        self._task.start()

    def _on_progress(self, what: str) -> None:
        self.status.setText(self.tr("Measuring {0} …").format(what))

    def _on_measured(self) -> None:
        self.measure_button.setEnabled(True)
        self.status.setText(self.tr("Measured on an image of 1280 × 720."))
        self.reload()

    def _on_failed(self, sentence: str) -> None:
        self.measure_button.setEnabled(True)
        self.status.setText(sentence)
        self.reload()

    def _automatic(self, specs: list[WeightsSpec], cache: SpeedCache) -> str:
        """What "auto" stands for, if that can be told without measuring."""
        if not specs:
            return ""

        def unknown(what: str) -> None:
            raise _NotMeasured

        try:
            automatic = replace(self._settings, name=AUTO, weights=None)
            chosen = resolve_model(automatic, specs=specs, cache=cache, progress=unknown, still_busy=lambda: True)
        except _NotMeasured:
            return self.tr("not measured yet")
        spec = next(spec for spec in specs if spec.name == chosen.name)
        fps = known_speed(spec, chosen.input_size or spec.input_size, self._settings, cache) or 0.0
        return self.tr("now {0}, {1} fps at {2} px").format(chosen.name, f"{fps:.0f}", chosen.input_size)

    def _add(self, name: str, *texts: str) -> None:
        item = QTreeWidgetItem(list(texts))
        item.setData(0, NAME_ROLE, name)
        for column, text in enumerate(texts):
            item.setToolTip(column, text)
        self.tree.addTopLevelItem(item)

    def _select(self, name: str) -> None:
        for row in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(row)
            if item is not None and item.data(0, NAME_ROLE) == name:
                self.tree.setCurrentItem(item)

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and item.data(0, NAME_ROLE) != FILE:
            self.model_chosen.emit(item.data(0, NAME_ROLE))


class _NotMeasured(Exception):
    pass


def accuracy_text(spec: WeightsSpec) -> str:
    """The figures of the card in one line."""
    return ", ".join(_figure(what.split(), f"{value:g}") for what, value in spec.accuracy.items()) or "–"


def _figure(what: list[str], value: str) -> str:
    """A figure of the card, in the user's language if it is worded as ours are."""
    match what:
        case [measure, "on", count, "photos", "at", size, "px"]:
            return translate("Models", "{0} {1} on {2} photos at {3} px").format(value, measure, count, size)
        case ["at", size, "px"]:
            return translate("Models", "{0} at {1} px").format(value, size)
        case _:
            return " ".join([value, *what])
