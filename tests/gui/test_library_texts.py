"""What the packages below the window say can be said in the user's language, value for value."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from PyQt6.QtWidgets import QApplication

from app.gui.i18n.library_texts import CONTEXT, in_users_language, spoken, templates, update
from app.gui.i18n.translation import FOLDER, TsTranslator
from app.gui.panels.model_list import accuracy_text
from pose.errors import EngineError, MediaError, PoseStudioError, UnknownWeightsError
from pose.sentence import Sentence, listed
from pose.weights.library import WeightsSpec, list_weights


@pytest.fixture
def german(qapp: QApplication) -> Iterator[TsTranslator]:
    translator = TsTranslator(FOLDER / "de.ts")
    qapp.installTranslator(translator)
    yield translator
    qapp.removeTranslator(translator)


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_a_sentence_reads_as_its_english_text_and_knows_what_it_is_made_of() -> None:
    sentence = Sentence("{path} has {count} {frames}.", path=Path("a{b}.mp4"), count=3, frames=Sentence("frames"))
    assert sentence == "a{b}.mp4 has 3 frames." == f"{sentence}"
    assert isinstance(str(sentence), Sentence) and Sentence(sentence) is sentence
    for other in (pickle.loads(pickle.dumps(sentence)), copy.deepcopy(sentence)):
        assert (other, other.template, other.values) == (sentence, sentence.template, sentence.values)
        assert isinstance(other.values["frames"], Sentence)
    assert Sentence("50 {%").template == "50 {%" == Sentence("50 {%")


@pytest.mark.parametrize("kind", [MediaError, EngineError, UnknownWeightsError])
def test_an_error_keeps_its_sentence_on_its_way_to_another_process(kind: type[PoseStudioError]) -> None:
    error = pickle.loads(pickle.dumps(kind("{path} is gone.", path=Path("a.mp4"))))
    assert type(error) is kind and str(error) == "a.mp4 is gone." == f"{error}"
    assert error.sentence.template == "{path} is gone." and str(error) is error.sentence
    assert str(kind("Ready {made}.")) == "Ready {made}."


def test_every_sentence_from_below_is_in_german(german: TsTranslator) -> None:
    found = templates()
    assert len(found) > 190
    assert not [template for template in found if not german.translate(CONTEXT, template)]


def test_every_sentence_from_below_is_a_template_with_values() -> None:
    """An f-string has forgotten its values when it comes up."""
    assert not [(file, line) for file, line, node in spoken() if isinstance(node, ast.JoinedStr)]


@pytest.mark.parametrize("template", templates())
def test_each_sentence_keeps_its_values(template: str, german: TsTranslator) -> None:
    values = {name: f"/some where/({i}). {{x}}" for i, name in enumerate(sorted(fields(template)))}
    translated = in_users_language(Sentence(template, **values))
    assert translated == (german.translate(CONTEXT, template) or "").format(**values)
    assert all(value in translated for value in values.values())


def test_sentences_within_sentences_are_translated(german: TsTranslator) -> None:
    inner = Sentence("was begun with another engine; detection begins anew.")
    assert in_users_language(Sentence("{label}: {text}", label="a.mp4", text=inner)) == (
        "a.mp4: wurde mit einer anderen Engine begonnen; die Erkennung beginnt neu."
    )
    parts = listed([Sentence("the input"), Sentence("the formats"), "x"])
    assert parts == "the input and the formats and x"
    assert in_users_language(parts) == "die Eingabe und die Formate und x"


@pytest.mark.parametrize("spec", list_weights(), ids=lambda spec: spec.name)
def test_the_figures_of_the_cards_are_reported_in_the_users_language(spec: WeightsSpec, german: TsTranslator) -> None:
    text = accuracy_text(spec)
    assert "Fotos" in text and not set(re.findall("[a-z]+", text)) & {"on", "at", "photos"}
    assert all(f"{value:g}" in text for value in spec.accuracy.values())


def test_what_has_no_translation_stays_as_it_is(qapp: QApplication, german: TsTranslator) -> None:
    assert in_users_language("Something new.") == "Something new."
    assert in_users_language(Sentence("Something {kind}.", kind="new")) == "Something new."


def test_the_command_collects_the_texts_of_all_rooms_and_keeps_what_is_translated(tmp_path: Path) -> None:
    path = tmp_path / "de.ts"
    path.write_bytes((FOLDER / "de.ts").read_bytes())
    update(path)
    before, after = TsTranslator(FOLDER / "de.ts"), TsTranslator(path)
    for context, text in ((CONTEXT, "{path} is an empty file (0 bytes)."), ("Menus", "&File")):
        assert after.translate(context, text) == before.translate(context, text) != None  # noqa: E711
    assert "unfinished" not in path.read_text("utf-8")
    assert list(tmp_path.iterdir()) == [path]
