"""Texts in other languages: app/gui/i18n/translations/LANGUAGE.ts, read as they are (docs/translating.md)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from PyQt6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "translations"

# For texts outside of QObjects. Call it by this name with two literals: pylupdate6 finds texts by that.
translate = QCoreApplication.translate


class TsTranslator(QTranslator):
    """The finished texts of a .ts file; what it lacks stays English. Raises OSError or ParseError if it is unreadable.

    Qt's own reader wants the file compiled by a tool that does not come with PyQt.
    """

    def __init__(self, path: Path, parent: QCoreApplication | None = None) -> None:
        super().__init__(parent)
        self._texts: dict[tuple[str, str], str] = {}
        for context in ElementTree.parse(path).getroot().iter("context"):
            name = context.findtext("name", "")
            for message in context.iter("message"):
                translation = message.find("translation")
                if translation is not None and translation.get("type") is None and translation.text:
                    self._texts[name, message.findtext("source", "")] = translation.text

    def isEmpty(self) -> bool:
        return not self._texts

    def translate(  # type: ignore[override]
        self, context: str | None, source: str | None, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        return self._texts.get((context or "", source or ""))


def install_translation(app: QCoreApplication, languages: Iterable[str] | None = None, folder: Path = FOLDER) -> str:
    """Use the first of the languages that there is, for the window and for Qt's own dialogs; "" = English.

    languages: codes such as "de-CH", the most wanted first; None = the system's.
    """
    for code in languages if languages is not None else QLocale.system().uiLanguages():
        language = code.replace("_", "-").split("-")[0]
        if language == "en":
            break
        path = folder / f"{language}.ts"
        if not path.is_file():
            continue
        try:
            ours = TsTranslator(path, app)
        except (OSError, ElementTree.ParseError) as error:
            log.warning("%s cannot be used: %s", path, error)
            continue
        of_qt = QTranslator(app)
        if of_qt.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(of_qt)
        app.installTranslator(ours)
        return language
    return ""
