"""What the packages below the window say, mostly when something fails, in the user's language.

They know no languages: they raise and report `Sentence`s, which remember their English template and its values.
The templates stand in the translations under the context CONTEXT; `python -m app.gui.i18n.library_texts fr` makes or
updates fr.ts with them and the window's own texts (docs/translating.md).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from PyQt6.QtCore import QCoreApplication

from app.gui.i18n.translation import FOLDER
from pose import errors
from pose.sentence import Sentence

CONTEXT = "Library"
ROOT = Path(__file__).resolve().parents[3]
_SPEAKING = {Sentence.__name__, *(name for name, kind in vars(errors).items() if isinstance(kind, type))}
# Rooms whose sentences can come up to the window, and modules in them that only the command line uses.
_ROOMS = (
    "app/analysis", "app/export", "app/gui/live", "app/live", "app/models", "app/render", "app/settings.py",
    "app/sources", "pose/engines", "pose/estimator.py", "pose/graphs.py", "pose/network_file.py",
    "pose/sentence.py", "pose/settings_table.py", "pose/topdown", "pose/weights", "tracking",
)  # fmt: skip
_OF_THE_COMMAND_LINE = {f"app/analysis/{name}.py" for name in ("adopt", "convert", "identified", "labels", "manifest")}

_look_up = QCoreApplication.translate  # under another name: here it is called with what was extracted elsewhere


def in_users_language(sentence: str) -> str:
    """The sentence in the language of the window, with its values; in English if it has no translation."""
    if not isinstance(sentence, Sentence):
        return sentence
    template = _look_up(CONTEXT, sentence.template)
    if not sentence.values:
        return template
    return template.format(**{name: in_users_language(value) for name, value in sentence.values.items()})


def spoken() -> Iterator[tuple[str, int, ast.expr]]:
    """(file, line, template) of all sentences that may come up to the window."""
    for room in _ROOMS:
        path = ROOT / room
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            name = file.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(file.read_text("utf-8"))) if name not in _OF_THE_COMMAND_LINE else ():
                if isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") in _SPEAKING:
                    yield name, node.lineno, node.args[0]


def templates() -> list[str]:
    """Those sentences, each once, in the order of the files."""
    found: dict[str, None] = {}
    for _, _, node in spoken():
        choices = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
        found |= {str(text.value): None for text in choices if isinstance(text, ast.Constant)}
    return list(found)


def update(path: Path) -> None:
    """Bring a .ts file up to date with all texts of the program, or make it."""
    from PyQt6.lupdate import lupdate

    listed = path.with_name("sentences.py")
    listed.write_text("".join(f"QT_TRANSLATE_NOOP({CONTEXT!r}, {text!r})\n" for text in templates()), "utf-8")
    try:
        lupdate([str(ROOT / "app/gui"), str(listed)], [str(path)], no_obsolete=True)
    finally:
        listed.unlink()
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if f'filename="{listed.name}"' not in line), "utf-8")


if __name__ == "__main__":
    update(FOLDER / f"{sys.argv[1]}.ts")
