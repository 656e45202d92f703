"""What the packages below the window say is known to the window, value for value."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from PyQt6.QtWidgets import QApplication

from app.gui.i18n.library_texts import SENTENCES, in_users_language
from app.gui.i18n.translation import FOLDER, TsTranslator
from app.gui.panels.model_list import accuracy_text
from pose.weights.library import WeightsSpec, list_weights

ROOT = Path(__file__).resolve().parents[2]
SPOKEN_IN = (
    "app/analysis/*.py", "app/settings.py", "app/sources/*.py", "app/export/*.py", "app/render/*.py",
    "app/gui/live/recording.py", "app/live/*.py", "pose/weights/*.py", "pose/estimator.py", "pose/engines/*.py",
    "tracking/settings.py",
)  # fmt: skip
SPEAKING = {
    "PoseStudioError", "MediaError", "WeightsError", "UnknownWeightsError", "EngineError", "SettingsError",
    "_warn_once", "append",
}  # fmt: skip
# Put together from parts, of which each whole is in the list.
COMPOSED = {
    "\0 has no video in it, \0; choose a video file.",
    "The device cuda cannot be used: the installed PyTorch \0; use the device cpu.",
    "The list of weights \0 is damaged; \0.",
    "The setting \0 must be \0, not \0.",
    'There are no weights named "\0"; \0',
}
# Modules that only the command line uses.
OF_THE_COMMAND_LINE = {f"app/analysis/{name}.py" for name in ("adopt", "convert", "identified", "labels", "manifest")}
# Said on the command line or to programs, or written into files.
NOT_IN_THE_WINDOW = {
    "No format was named; there are \0.",
    'The format "\0" needs the package \0: run pip install "litepose-studio[\0]" first.',
    'There is no format "\0"; \0',
    "\0 is live, and zero-phase smoothing needs the finished recording; use --smooth one-euro, or smooth the recorded "
    "video.",
    "Model or settings were changed during the recording: \0 on \0 from frame \0 on.",
    "The rotation must be 0, 90, 180 or 270 degrees, not \0.",
    "There is no joint \0; this model has \0.",
    "The number of person slots must lie between 1 and \0, not \0.",
    'There is no \0 named "\0"; use \0.',
    "These tensors are \0 for \0, not \0 for \0.",
    "Weights are written as \0 files, and \0 is not named so.",
}


def sentences_of(path: Path) -> Iterator[str]:
    """Every sentence that a file speaks, with \\0 for each value."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            text = node.args[0]
            if name not in SPEAKING:
                continue
            if isinstance(text, ast.JoinedStr):
                yield "".join(str(v.value) if isinstance(v, ast.Constant) else "\0" for v in text.values)
            elif isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


@pytest.fixture
def german(qapp: QApplication) -> Iterator[TsTranslator]:
    translator = TsTranslator(FOLDER / "de.ts")
    qapp.installTranslator(translator)
    yield translator
    qapp.removeTranslator(translator)


def test_every_sentence_from_below_is_known(german: TsTranslator) -> None:
    paths = {path for pattern in SPOKEN_IN for path in ROOT.glob(pattern)}
    paths -= {ROOT / name for name in OF_THE_COMMAND_LINE}
    spoken = {s for path in paths for s in sentences_of(path) if " " in s}
    shown = spoken - COMPOSED - NOT_IN_THE_WINDOW
    assert len(shown) > 60
    unknown = {s for s in shown if in_users_language(s.replace("\0", "7")) == s.replace("\0", "7")}
    assert not unknown
    assert spoken >= COMPOSED | NOT_IN_THE_WINDOW


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_keeps_its_values(sentence: str, german: TsTranslator) -> None:
    places = {int(name) for _, name, _, _ in Formatter().parse(sentence) if name}
    values = [f"/some where/({i})." for i in range(len(places))]
    translated = german.translate("Library", sentence)
    assert translated
    assert in_users_language(sentence.format(*values)) == translated.format(*values)


@pytest.mark.parametrize("spec", list_weights(), ids=lambda spec: spec.name)
def test_the_figures_of_the_cards_are_reported_in_the_users_language(spec: WeightsSpec, german: TsTranslator) -> None:
    text = accuracy_text(spec)
    assert "Fotos" in text and not set(re.findall("[a-z]+", text)) & {"on", "at", "photos"}
    assert all(f"{value:g}" in text for value in spec.accuracy.values())


def test_what_is_not_known_or_not_translated_stays_as_it_is(qapp: QApplication) -> None:
    assert in_users_language("Something new.") == "Something new."
    assert in_users_language("clip.mp4 is an empty file (0 bytes).") == "clip.mp4 is an empty file (0 bytes)."
