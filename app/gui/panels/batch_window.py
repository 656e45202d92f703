"""The batch window: many files, one after the other, into tables and annotated videos."""

from __future__ import annotations

import time
from collections.abc import Iterable
from math import floor
from pathlib import Path

import platformdirs
from PyQt6.QtCore import Qt, pyqtSlot
from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.analysis.inputs import AnnotationInput
from app.analysis.job import JobOptions, Outcome
from app.gui.common.drops import dropped_files
from app.gui.common.folders import open_folder
from app.gui.i18n.library_texts import in_users_language
from app.gui.panels.batch_queue import BatchQueue, Row, format_duration
from app.gui.panels.batch_runner import BatchRunner
from app.gui.panels.status_line import StatusLine
from app.models.loading import MOST_ACCURATE
from app.settings import AUTO, Settings
from app.sources import VIDEO_SUFFIXES
from app.sources.images import IMAGE_SUFFIXES

CLOSE_WAIT_S = 0.8  # for the frame that is being worked on
STEPS = 1000  # of the progress bar


class BatchWindow(QWidget):
    """A window of its own. What is finished stays finished: Start goes on with the rest after a cancel."""

    def __init__(self, settings: Settings, parent: QWidget | None = None, runner: BatchRunner | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Annotate files"))
        self.setAcceptDrops(True)
        self.resize(860, 560)
        self._settings = settings
        self._running: list[Row] = []
        self._looked_in = platformdirs.user_videos_dir()
        self._began_s = 0.0
        self._first_s = 0.0  # when the first input was begun: before that the model is loaded
        self.runner = runner or BatchRunner()
        self.runner.begun.connect(self._on_begun)
        self.runner.progressed.connect(self._on_progress)
        self.runner.ended.connect(self._on_ended)
        self.runner.finished.connect(self._on_finished)
        self.runner.failed.connect(self._on_failed)
        self._build()
        self.runner.told.connect(self.status.say)
        self._show_model()
        self._update()

    # What others call

    @pyqtSlot(object)
    def set_settings(self, settings: Settings) -> None:
        """Used from the next start on."""
        self._settings = settings
        self._show_model()

    def add_paths(self, paths: Iterable[Path | str]) -> None:
        """Add files and folders to the queue."""
        self._tell_added(self.queue.add([str(path) for path in paths]))

    def export(self, path: Path, start_s: float | None, end_s: float | None) -> None:
        """Have a file, or a part of it, annotated at the next start, whatever was done with it before."""
        self.set_part(start_s, end_s)
        rows, problems = self.queue.ask_again(str(path))
        self._leave_out(rows)  # the queue that runs would do the part that was set when it began
        self._tell_added(problems)

    def _tell_added(self, problems: list[str]) -> None:
        if problems:
            self.status.say(" ".join(map(in_users_language, problems)), "bad")
        elif self.queue.rows:
            self.status.say(self.tr("{0} in the queue").format(len(self.queue.rows)))
        self._update()

    def set_part(self, start_s: float | None, end_s: float | None) -> None:
        """Annotate only this part of every file, both frames included; None = from the beginning, to the end."""
        step = 10.0 ** -self.start_box.decimals()  # what the boxes show is rounded, and must not lose a frame by that
        self.start_box.setValue(floor((start_s or 0.0) / step + 1e-6) * step)
        self.end_box.setValue((floor(end_s / step + 1e-6) + 1) * step if end_s is not None else 0.0)

    def options(self) -> JobOptions:
        return JobOptions(
            out_dir=Path(self.folder_edit.text()).expanduser(),
            video=self.video_box.isChecked(),
            angles=self.angles_box.isChecked(),
            overwrite=self.overwrite_box.isChecked(),
            start_s=self.start_box.value() or None,
            end_s=self.end_box.value() or None,
        )

    def start(self) -> None:
        """Annotate everything that is not finished yet."""
        if not self.queue.pending() or self.runner.running:
            return
        options = self.options()
        if options.start_s and options.end_s and options.end_s <= options.start_s:
            self.status.say(self.tr("The end must be later than the beginning."), "bad")
            return
        self._running = self.queue.take_pending(name_ending(options))
        self._began_s = self._first_s = time.perf_counter()
        self.progress.setValue(0)
        self.runner.start([row.item for row in self._running], self._settings, options)
        self._update()

    def cancel(self) -> None:
        self.cancel_button.setEnabled(False)
        self.status.say(self.tr("Stopping …"))
        self.runner.cancel()

    def _row_of(self, item: AnnotationInput) -> Row | None:
        """None if it was taken out of the queue that runs."""
        return next((row for row in self._running if row.item == item), None)

    def _leave_out(self, rows: list[Row]) -> None:
        """Of the queue that runs."""
        if self.runner.running:
            self.runner.leave_out([row.item for row in rows])
            self._running = [row for row in self._running if row not in rows]
            self._show_total()

    # What the runner tells

    @pyqtSlot(object)
    def _on_begun(self, item: AnnotationInput) -> None:
        row = self._row_of(item)
        if row is not None:
            self.queue.begin(row)
        if self._running and row is self._running[0]:
            self._first_s = time.perf_counter()
        self._show_total()

    @pyqtSlot(object, int, object)
    def _on_progress(self, item: AnnotationInput, done: int, expected: int | None) -> None:
        row = self._row_of(item)
        if row is not None:
            self.queue.progress(row, done, expected)
        self._show_total()

    @pyqtSlot(object)
    def _on_ended(self, outcome: Outcome) -> None:
        row = self._row_of(outcome.item)
        if row is not None:
            self.queue.end(row, outcome)
        self._show_total()

    @pyqtSlot()
    def _on_finished(self) -> None:
        self.runner.join(1.0)
        rows = self._running
        counts = [
            (len([r for r in rows if r.state == state]), text)
            for state, text in (
                ("done", self.tr("{0} done")),
                ("skipped", self.tr("{0} done before")),
                ("failed", self.tr("{0} failed")),
                ("cancelled", self.tr("{0} cancelled")),
            )
        ]
        summary = ", ".join(text.format(count) for count, text in counts if count)
        seconds = format_duration(time.perf_counter() - self._began_s)
        failed = any(row.state == "failed" for row in rows)
        self.status.say(self.tr("{0}, in {1}.").format(summary, seconds), "bad" if failed else "good")
        later = [row for row in self.queue.rows if row.state == "waiting"]
        if later and not any(row.state == "cancelled" for row in rows):
            self.start()  # what was added meanwhile
        self._update()

    @pyqtSlot(str)
    def _on_failed(self, sentence: str) -> None:
        self.runner.join(1.0)
        self.status.say(sentence, "bad")
        self._update()

    def _show_total(self) -> None:
        rows = self._running
        if not rows:
            return
        share = sum(row.fraction for row in rows) / len(rows)
        self.progress.setValue(round(STEPS * share))
        current = next((i for i, row in enumerate(rows, 1) if row.state == "running"), 0)
        # What failed or was there already took no time, and tells nothing about the rest.
        worked = [row for row in rows if row.state not in ("failed", "skipped")]
        done, seconds = sum(row.fraction for row in worked), time.perf_counter() - self._first_s
        if current and done > 0.01 * len(worked):
            left_s = seconds * (len(worked) - done) / done
            self.status.say(self.tr("{0} of {1}, about {2} left").format(current, len(rows), format_duration(left_s)))
        elif current:
            self.status.say(self.tr("{0} of {1}").format(current, len(rows)))

    def _show_model(self) -> None:
        """Files have no hurry, so that "auto" is another model here than live."""
        model = self._settings.model
        name = Path(model.weights).name if model.weights else model.name
        if name == AUTO:
            name = self.tr("{0}, the most accurate that comes with the program").format(MOST_ACCURATE)
        self.model_label.setText(name)
        self.model_label.setToolTip(self.tr("Chosen in Settings; automatic there means the most accurate for files"))

    def _show_part(self) -> None:
        """Parts of one file lie side by side, as nothing is replaced unasked."""
        ending = name_ending(self.options())
        self.part_note.setText(self.tr("the names of its results end in {0}").format(ending) if ending else "")

    def _update(self) -> None:
        running = self.runner.running
        begun = any(row.state in ("done", "cancelled", "failed") for row in self.queue.rows)
        self.start_button.setText(self.tr("Go on") if begun and self.queue.pending() else self.tr("Start"))
        self.start_button.setEnabled(not running and bool(self.queue.pending()))
        self.cancel_button.setEnabled(running)
        self.progress.setVisible(running)
        for widget in (self.folder_edit, self.folder_button, *self._option_widgets):
            widget.setEnabled(not running)

    # Construction

    def _build(self) -> None:
        self.queue = BatchQueue(self)
        remove = QShortcut(QKeySequence.StandardKey.Delete, self.queue)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(self._remove)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self).activated.connect(self.close)
        self.add_files_button = self._button(
            self.tr("Add files …"), self.tr("Videos and images (Ctrl+O)"), self._add_files
        )
        self.add_files_button.setShortcut(QKeySequence.StandardKey.Open)
        add_folder = self._button(
            self.tr("Add folder …"), self.tr("The videos in it, or its images as one"), self._add_folder
        )
        remove_button = self._button(self.tr("Remove"), self.tr("Take the selected rows out (Delete)"), self._remove)
        clear_button = self._button(self.tr("Clear finished"), self.tr("Take out all that is done"), self._clear)
        self.folder_edit = QLineEdit(str(Path(platformdirs.user_videos_dir()) / "LitePose"), self)
        self.folder_edit.setAccessibleName(self.tr("Folder for results"))
        self.folder_button = self._button(self.tr("Choose …"), self.tr("Folder for results"), self._choose_folder)
        self.video_box = self._box(self.tr("Annotated video"), self.tr("A video with the skeletons drawn in"), True)
        self.angles_box = self._box(self.tr("Joint angles"), self.tr("Columns with angles in degrees"), False)
        self.overwrite_box = self._box(self.tr("Replace earlier results"), self.tr("Otherwise they are kept"), False)
        self.start_box = self._seconds(self.tr("beginning"), self.tr("Annotate from this time on"))
        self.end_box = self._seconds(self.tr("end"), self.tr("Annotate up to this time"))
        self.part_note = QLabel(self)
        self.part_note.setProperty("role", "muted")
        for box in (self.start_box, self.end_box):
            box.valueChanged.connect(self._show_part)
        self._show_part()
        self._option_widgets = (self.video_box, self.angles_box, self.overwrite_box, self.start_box, self.end_box)
        self.model_label = QLabel(self)
        self.model_label.setTextFormat(Qt.TextFormat.PlainText)
        self.status = StatusLine(self)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, STEPS)
        self.progress.setFormat("%p %")
        self.progress.setAccessibleName(self.tr("Progress of all files"))
        self.open_button = self._button(self.tr("Open folder"), self.tr("Show the results"), self._open_folder)
        self.cancel_button = self._button(self.tr("Cancel"), self.tr("Stop; finished files are kept"), self.cancel)
        self.start_button = self._button(self.tr("Start"), self.tr("Annotate the queue (Ctrl+Return)"), self.start)
        self.start_button.setShortcut(QKeySequence("Ctrl+Return"))
        self.start_button.setDefault(True)

        top = _row(self.add_files_button, add_folder, remove_button, clear_button, None)
        form = QGridLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setColumnStretch(1, 1)
        for line, (title, content) in enumerate(
            (
                (self.tr("Results in"), _row(self.folder_edit, self.folder_button)),
                (self.tr("Write"), _row(self.video_box, self.angles_box, self.overwrite_box, None)),
                (self.tr("Model"), _row(self.model_label, None)),
                (self.tr("Part"), _row(self.start_box, QLabel("–", self), self.end_box, self.part_note, None)),
            )
        ):
            form.addWidget(QLabel(title, self), line, 0)
            form.addLayout(content, line, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(top)
        layout.addWidget(self.queue, 1)
        layout.addLayout(form)
        layout.addWidget(self.progress)
        bottom = _row(self.status, self.open_button, self.cancel_button, self.start_button)
        bottom.setStretch(0, 1)
        layout.addLayout(bottom)

    def _button(self, text: str, tip: str, on_click: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.clicked.connect(lambda _=False: on_click())  # type: ignore[operator]
        return button

    def _box(self, text: str, tip: str, on: bool) -> QCheckBox:
        box = QCheckBox(text, self)
        box.setToolTip(tip)
        box.setChecked(on)
        return box

    def _seconds(self, none_text: str, tip: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setRange(0.0, 360_000.0)
        box.setDecimals(3)
        box.setSuffix(" s")
        box.setSpecialValueText(none_text)
        box.setToolTip(tip)
        box.setAccessibleName(tip)
        box.setMinimumWidth(120)
        return box

    # What the user does

    def _add_files(self) -> None:
        patterns = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in (*VIDEO_SUFFIXES, *IMAGE_SUFFIXES))
        kinds = self.tr("Videos and images ({0})").format(patterns) + ";;" + self.tr("All files (*)")
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Add files"), self._looked_in, kinds)
        if names:
            self._looked_in = str(Path(names[0]).parent)
            self.add_paths(names)

    def _add_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, self.tr("Add folder"), self._looked_in):
            self._looked_in = folder
            self.add_paths([folder])

    def _remove(self) -> None:
        self._leave_out(self.queue.remove_selected())
        self._update()

    def _clear(self) -> None:
        self.queue.remove_finished()
        self._update()

    def _choose_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, self.tr("Folder for results"), self.folder_edit.text()):
            self.folder_edit.setText(folder)

    def _open_folder(self) -> None:
        folder = self.options().out_dir
        if not folder.is_dir():
            self.status.say(self.tr("There are no results yet."))
        elif problem := open_folder(folder):
            self.status.say(problem)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        if event is not None and dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        if event is not None:
            event.acceptProposedAction()
            self.add_paths(dropped_files(event))

    def closeEvent(self, event: QCloseEvent | None) -> None:
        if event is not None and self.runner.running and not self._may_stop():
            event.ignore()
            return
        self.runner.cancel()
        self.runner.join(CLOSE_WAIT_S)
        super().closeEvent(event)

    def _may_stop(self) -> bool:
        answer = QMessageBox.question(
            self,
            self.tr("Stop annotating?"),
            self.tr("Files are still being annotated. What is finished is kept; stop now?"),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No,
            QMessageBox.StandardButton.No,
        )
        return answer == QMessageBox.StandardButton.Yes


def name_ending(options: JobOptions) -> str:
    """What the names of a part's results end in, such as "_1.000-2.500s"; "" for whole files."""
    start_s, end_s = options.start_s, options.end_s
    if start_s is None and end_s is None:
        return ""
    if end_s is None:
        return f"_from-{start_s:.3f}s"
    return f"_{start_s or 0.0:.3f}-{end_s:.3f}s"


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None takes the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
