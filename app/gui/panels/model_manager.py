"""Importing a checkpoint: choose a file, see what it is and under which licence, install it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.common.drops import dropped_files
from app.gui.panels.model_list import accuracy_text
from app.gui.panels.status_line import StatusLine
from app.gui.panels.task import Task
from pose.weights.library import NAME_PATTERN, WeightsSpec, import_checkpoint, inspect_checkpoint

MARGIN_PX = 16


class ModelManager(QDialog):
    """Files are read and checked on a thread of their own; `imported` tells the name of the new model."""

    imported = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import a model"))
        self.setAcceptDrops(True)
        self.setMinimumWidth(520)
        self._path: Path | None = None
        self._task: Task | None = None

        intro = QLabel(
            self.tr(
                "Official LitePose checkpoints (.pth) and weights files (.safetensors). Drop one here or choose it."
            ),
            self,
        )
        intro.setWordWrap(True)
        self.file_label = QLabel(self.tr("No file chosen"), self)
        self.file_label.setTextFormat(Qt.TextFormat.PlainText)
        self.file_label.setWordWrap(True)
        self.choose_button = QPushButton(self.tr("Choose file …"), self)
        self.choose_button.setToolTip(self.tr("Read a file and show what it is; nothing is installed yet"))
        self.choose_button.setAutoDefault(False)
        self.choose_button.clicked.connect(self._choose)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.file_label, 1)
        top.addWidget(self.choose_button)

        self.status = StatusLine(self)
        self.form = QFormLayout()
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setHorizontalSpacing(16)
        self.form.setVerticalSpacing(8)
        self._facts = {
            "kind": self._fact(self.tr("Network")),
            "keypoints": self._fact(self.tr("Joints")),
            "licence": self._fact(self.tr("Licence")),
            "source": self._fact(self.tr("Source")),
            "accuracy": self._fact(self.tr("Accuracy")),
            "sha256": self._fact(self.tr("SHA-256")),
        }
        self.name_edit = QLineEdit(self)
        self.name_edit.setToolTip(self.tr("Up to 64 lower-case letters, digits, dots, hyphens and underscores"))
        self.name_edit.textChanged.connect(self._update)
        self.form.addRow(self.tr("Install as"), self.name_edit)
        self._details = QWidget(self)
        self._details.setLayout(self.form)

        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, parent=self)
        buttons.rejected.connect(self.reject)
        self.install_button = QPushButton(self.tr("Install"), self)
        self.install_button.setToolTip(self.tr("Keep a checked copy for this program"))
        self.install_button.setDefault(True)
        self.install_button.clicked.connect(self._install)
        buttons.addButton(self.install_button, QDialogButtonBox.ButtonRole.ActionRole)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        layout.setSpacing(16)
        layout.addWidget(intro)
        layout.addLayout(top)
        layout.addWidget(self._details)
        layout.addWidget(self.status)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self._show_spec(None)

    def inspect(self, path: Path) -> None:
        """Read a file and show what it is."""
        self._path = path
        self.file_label.setText(path.name)
        self.file_label.setToolTip(str(path))
        self._show_spec(None)
        self._begin(
            Task(lambda report: inspect_checkpoint(path), "inspect"), self._show_spec, self.tr("Checking the file …")
        )

    def _install(self) -> None:
        path, name = self._path, self.name_edit.text()
        if path is not None:
            self._begin(
                Task(lambda report: import_checkpoint(path, name), "import"),
                self._on_installed,
                self.tr("Installing …"),
            )

    def _begin(self, task: Task, on_done: Callable[..., None], sentence: str) -> None:
        self._task = task
        task.done.connect(on_done)
        task.failed.connect(self._on_failed)
        self.status.say(sentence)
        self._update()
        task.start()
        self._update()

    def _show_spec(self, spec: WeightsSpec | None) -> None:
        self._task = None
        self._details.setVisible(spec is not None)
        if spec is not None:
            unknown = self.tr("unknown: not an official release that this program knows")
            self._facts["kind"].setText(
                self.tr("{0}, {1} px, {2} parameters").format(spec.arch, spec.input_size, f"{spec.parameters:,}")
            )
            self._facts["keypoints"].setText(f"{spec.skeleton.num_keypoints} ({spec.skeleton.name})")
            self._facts["licence"].setText(spec.licence)
            self._facts["source"].setText(spec.source or unknown)
            self._facts["accuracy"].setText(accuracy_text(spec))
            self._facts["sha256"].setText(f"{spec.sha256[:32]} {spec.sha256[32:]}")
            self.name_edit.setText(f"{spec.arch}-{spec.skeleton.name}")
            # Texts that wrap tell a form its height too late.
            self._details.setMinimumHeight(self.form.totalHeightForWidth(self.width() - 2 * MARGIN_PX))
            self.status.say(self.tr("The file is a complete LitePose network."), "good")
            self._after(self.install_button)
        else:
            self._update()
        self.adjustSize()

    def _after(self, target: QPushButton) -> None:
        """A button that is switched off while it works loses the keyboard; give it to what comes next."""
        self._update()
        if target.isEnabled() and not self.name_edit.hasFocus():
            target.setFocus()

    def _on_installed(self, spec: WeightsSpec) -> None:
        self._task = None
        self.status.say(self.tr("Installed as {0}.").format(spec.name), "good")
        self._after(self.choose_button)
        self.imported.emit(spec.name)

    def _on_failed(self, sentence: str) -> None:
        self._task = None
        self.status.say(sentence, "bad")
        self._after(self.choose_button)

    def _update(self) -> None:
        busy = self._task is not None and self._task.running
        known = not self._details.isHidden()
        self.choose_button.setEnabled(not busy)
        self.install_button.setEnabled(known and not busy and bool(NAME_PATTERN.fullmatch(self.name_edit.text())))

    def _fact(self, title: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.form.addRow(title, label)
        return label

    def _choose(self) -> None:
        patterns = self.tr("Checkpoints (*.pth *.pt *.safetensors)") + ";;" + self.tr("All files (*)")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a checkpoint"), "", patterns)
        if name:
            self.inspect(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        if event is not None and dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        files = [Path(name) for name in dropped_files(event)]
        if event is not None and files:
            event.acceptProposedAction()
            self.inspect(files[0])
