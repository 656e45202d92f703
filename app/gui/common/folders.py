"""Showing a folder in the desktop's file manager, and a page in its browser."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QUrl
from PyQt6.QtGui import QDesktopServices

from app.gui.i18n.translation import translate


def open_folder(folder: Path) -> str:
    """Returns "" or, where there is no file manager, a sentence that says where the folder is."""
    if QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        return ""
    return translate("Folders", "No file manager was found; the folder is {0}.").format(folder)


def open_file(path: Path) -> str:
    """In the desktop's program for it. Returns "" or, where there is none, a sentence that says where the file is."""
    if QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        return ""
    return translate("Folders", "No program was found for {0}; it lies in {1}.").format(path.name, path.parent)


def open_page(page: Path) -> None:
    """Nothing happens where there is no browser."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))
