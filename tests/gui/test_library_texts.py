"""What the packages below the window say is known to the window, value for value."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from PyQt6.QtWidgets import QApplication

from app.gui.library_texts import SENTENCES, in_users_language
from app.gui.translation import FOLDER, TsTranslator

ROOT = Path(__file__).resolve().parents[2]
SPOKEN_IN = (
    "app/inputs.py", "app/batch.py", "app/settings.py", "app/sources/*.py", "app/sinks/*.py", "pose/checkpoint.py",
    "pose/estimator.py", "pose/weights.py", "pose/weights_file.py", "pose/engines/*.py", "tracking/settings.py",
)  # fmt: skip
SPEAKING = {
    "MediaError", "WeightsError", "UnknownWeightsError", "EngineError", "SettingsError", "_warn_once", "append",
}  # fmt: skip
# Said on the command line only, or put together from parts of which each whole is in the list.
NOT_IN_THE_WINDOW = (
    "is live, and zero-phase smoothing needs",
    "The rotation must be",
    "There is no \0 named",
    "Weights are written as",
    "These tensors are",
    "has no video in it, \0;",
    "the installed PyTorch \0;",
    'There are no weights named "\0"; \0',
    "is damaged; \0.",
)


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
    spoken = {s for pattern in SPOKEN_IN for path in ROOT.glob(pattern) for s in sentences_of(path) if " " in s}
    shown = {s for s in spoken if not any(part in s for part in NOT_IN_THE_WINDOW)}
    assert len(shown) > 60
    unknown = {s for s in shown if in_users_language(s.replace("\0", "7")) == s.replace("\0", "7")}
    assert not unknown


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_keeps_its_values(sentence: str, german: TsTranslator) -> None:
    places = {int(name) for _, name, _, _ in Formatter().parse(sentence) if name}
    values = [f"/some where/({i})." for i in range(len(places))]
    translated = german.translate("Library", sentence)
    assert translated
    assert in_users_language(sentence.format(*values)) == translated.format(*values)


def test_what_is_not_known_or_not_translated_stays_as_it_is(qapp: QApplication) -> None:
    assert in_users_language("Something new.") == "Something new."
    assert in_users_language("clip.mp4 is an empty file (0 bytes).") == "clip.mp4 is an empty file (0 bytes)."
