"""Everything that the window says can be said in another language, and German is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree

import pytest
from PyQt6.lupdate import lupdate
from PyQt6.QtCore import QCoreApplication, QObject, QTranslator
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QApplication, QComboBox, QLabel, QWidget

from app.gui.i18n.translation import FOLDER, TsTranslator, install_translation
from app.gui.shell.main_window import MainWindow

GUI = FOLDER.parents[1]
NAME = "LitePose Studio"
Text = tuple[str, str]  # context, English

# Calls that put their texts on the screen: which positional arguments those are, None = all.
SHOWING: dict[str, slice] = {
    **dict.fromkeys(
        ("QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QToolButton", "QGroupBox", "QAction", "QMenu",
         "QDockWidget", "setText", "setToolTip", "setStatusTip", "setWhatsThis", "setWindowTitle", "setTitle",
         "setPlaceholderText", "setAccessibleName", "setAccessibleDescription", "setSpecialValueText", "addAction",
         "addMenu", "addTab", "addRow", "addItem", "addItems", "setHorizontalHeaderLabels", "show_message", "warning",
         "information", "critical", "question", "about", "drawText"),
        slice(None),
    ),
    "Command": slice(1, 2),
    "Field": slice(1, 3),
}  # fmt: skip
TRANSLATE = ("translate", "QCoreApplication.translate")
SHOWING_KEYWORDS = {"tip", "text", "title"}
NOT_SHOWN = {"show_message": {"error", "warning", "info"}}  # kinds, not texts


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> set[Text]:
    """What pylupdate6 finds in the window's code."""
    path = tmp_path_factory.mktemp("texts") / "texts.ts"
    lupdate([str(GUI)], [str(path)])
    return set(texts_of(path))


def texts_of(path: Path) -> dict[Text, str]:
    """(context, English) → the finished translation, "" if there is none."""
    found: dict[Text, str] = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            if translation.get("type") in ("vanished", "obsolete"):
                continue
            text = translation.text if translation.get("type") is None else ""
            found[context.findtext("name", ""), message.findtext("source", "")] = text or ""
    return found


def calls_in_the_window() -> Iterator[tuple[str, str, ast.Call]]:
    """(place, name of what is called, the call)"""
    for path in GUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                yield f"{path.relative_to(GUI)}:{node.lineno}", name, node


def plain_text(node: ast.expr) -> str:
    """The letters of a literal or of the fixed parts of an f-string; "" for anything else."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return " ".join(str(p.value) for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str))


def test_pylupdate_finds_the_texts_of_every_part(extracted: set[Text]) -> None:
    assert len(extracted) > 300
    assert {"Menus", "Settings", "Joints", "Hud", "Recording", "Session", "PlotPanel"} <= {
        name for name, _ in extracted
    }


def test_no_text_reaches_the_screen_past_the_translation() -> None:
    past = []
    for place, name, call in calls_in_the_window():
        if name not in SHOWING or ast.unparse(call.func).startswith("log."):
            continue
        shown = [*call.args[SHOWING[name]], *(k.value for k in call.keywords if k.arg in SHOWING_KEYWORDS)]
        nested = [item for node in shown for item in (node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node])]
        past += [
            (place, name, text)
            for text in map(plain_text, nested)
            if re.search("[A-Za-z]{3}", text) and "://" not in text and text not in {*NOT_SHOWN.get(name, ()), NAME}
        ]
    assert not past


def test_texts_are_written_so_that_they_can_be_extracted() -> None:
    """pylupdate6 passes over variables, f-strings, and tr() outside of classes without a word."""
    wrong = []
    for place, name, call in calls_in_the_window():
        literal = all(isinstance(a, ast.Constant) for a in call.args)
        if (name == "tr" and not literal) or (
            ast.unparse(call.func) in TRANSLATE and not (literal and len(call.args) == 2)
        ):
            wrong.append(place)
    for path in GUI.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        inside = {id(node) for kind in classes for node in ast.walk(kind)}
        wrong += [
            f"{path.relative_to(GUI)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr == "tr" and id(node) not in inside
        ]
    assert not wrong


class Marked(QTranslator):
    """Puts every text of ours in ‹marks›, and remembers what was asked for."""

    def __init__(self, ours: set[str]) -> None:
        super().__init__()
        self._ours = ours
        self.asked: set[Text] = set()

    def isEmpty(self) -> bool:
        return False

    def translate(  # type: ignore[override]
        self, context: str | None, source: str | None, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        if context not in self._ours or not source:
            return None
        self.asked.add((context, source))
        return f"‹{source}›"


@pytest.fixture
def installed(qapp: QApplication) -> Iterator[Callable[[QTranslator], None]]:
    translators: list[QTranslator] = []

    def install(translator: QTranslator) -> None:
        qapp.installTranslator(translator)
        translators.append(translator)

    yield install
    for translator in translators:
        qapp.removeTranslator(translator)


def every_tool(window: MainWindow) -> list[QWidget]:
    """The window with all that it can open."""
    window.tools.open_settings()
    batch = window.tools.open_batch()
    sheet = window.menus.shortcut_sheet()
    return [window, batch, sheet, *(w for w in QApplication.topLevelWidgets() if w.isVisible())]


def shown_texts(widgets: list[QWidget]) -> set[str]:
    texts: set[str] = set()
    for top in widgets:
        for widget in [top, *top.findChildren(QWidget)]:
            texts |= {widget.toolTip(), widget.accessibleName(), widget.statusTip(), widget.windowTitle()}
            if isinstance(widget, QLabel):
                texts.add(widget.text())
            if isinstance(widget, QComboBox):
                texts |= {widget.itemText(i) for i in range(widget.count())}
        for action in top.findChildren(QAction):
            texts |= {action.text(), action.toolTip()}
    return texts


def test_whatever_the_window_asks_for_is_among_the_extracted_texts(
    make_window: Callable[..., MainWindow], extracted: set[Text], installed: Callable[[QTranslator], None]
) -> None:
    """A text that a subclass asks for has that class as its context, which no reading of the code shows."""
    contexts = {kind.__name__ for kind in _subclasses(QWidget)} | {context for context, _ in extracted}
    marked = Marked({name for name in contexts if not name.startswith("Q")})
    installed(marked)
    shown = shown_texts(every_tool(make_window()))
    assert len(marked.asked) > 200
    assert marked.asked <= extracted
    sentences = {text for text in shown if "‹" not in text and len(re.findall("[a-z]{2,}", text)) > 2}
    assert not sentences - {NAME}


def _subclasses(kind: type) -> Iterator[type]:
    for sub in kind.__subclasses__():
        yield sub
        yield from _subclasses(sub)


LANGUAGES = sorted(FOLDER.glob("*.ts"))


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_translation_keeps_places_and_keys(path: Path) -> None:
    for (context, source), text in texts_of(path).items():
        if text:
            fields = [sorted(str(f[1]) for f in Formatter().parse(t) if f[1] is not None) for t in (source, text)]
            assert fields[0] == fields[1], (context, source)
            assert source.count("*.") == text.count("*."), (context, source)
            assert source.endswith("…") == text.endswith("…"), (context, source)


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_translation_covers_nearly_all_texts(path: Path, extracted: set[Text]) -> None:
    """New texts may be English for a while, but not many of them."""
    done = {key for key, text in texts_of(path).items() if text}
    assert len(done & extracted) >= 0.9 * len(extracted)


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_no_two_entries_of_a_menu_share_their_letter(
    path: Path, make_window: Callable[..., MainWindow], installed: Callable[[QTranslator], None]
) -> None:
    installed(TsTranslator(path))
    bar = make_window().menuBar()
    assert bar is not None
    for entries in [bar.actions(), *(menu.actions() for a in bar.actions() if (menu := a.menu()) is not None)]:
        letters = [m.group(1).lower() for a in entries if (m := re.search("&([^&])", a.text()))]
        assert len(letters) == len(set(letters)), [a.text() for a in entries]


def test_the_window_speaks_german(
    qapp: QApplication, make_window: Callable[..., MainWindow], installed: Callable[[QTranslator], None]
) -> None:
    installed(TsTranslator(FOLDER / "de.ts"))
    window = make_window()
    assert "&Datei" in [action.text() for action in window.menuBar().actions()]  # type: ignore[union-attr]
    assert window.docks.people.windowTitle() == "Personen"


class Application(QObject):
    """Remembers what is installed and changes nothing for the other tests."""

    def __init__(self) -> None:
        super().__init__()
        self.installed: list[QTranslator] = []

    def installTranslator(self, translator: QTranslator) -> None:
        self.installed.append(translator)


@pytest.mark.parametrize(
    ("wanted", "used"),
    [
        (["de-CH", "de"], "de"),
        (["de_AT"], "de"),
        (["xx-XX", "de"], "de"),
        (["en-GB", "de"], ""),
        (["xx"], ""),
        ([], ""),
    ],
)
def test_the_first_language_that_there_is_is_used(wanted: list[str], used: str) -> None:
    app = Application()
    assert install_translation(app, wanted) == used  # type: ignore[arg-type]
    assert any(isinstance(translator, TsTranslator) for translator in app.installed) is bool(used)


def test_a_damaged_file_leaves_the_window_english(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "de.ts").write_text("<TS><context>", encoding="utf-8")
    assert install_translation(qapp, ["de"], tmp_path) == ""


def test_unfinished_texts_stay_english(tmp_path: Path, installed: Callable[[QTranslator], None]) -> None:
    path = tmp_path / "de.ts"
    path.write_text(
        "<TS><context><name>A</name>"
        "<message><source>one</source><translation>eins</translation></message>"
        '<message><source>two</source><translation type="unfinished">zwei</translation></message>'
        "</context></TS>",
        encoding="utf-8",
    )
    installed(TsTranslator(path))
    assert [QCoreApplication.translate("A", word) for word in ("one", "two", "three")] == ["eins", "two", "three"]
