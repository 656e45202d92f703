"""The window's commands in one table: text, keys, what they do; menus and the shortcut sheet are made from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QMenu, QWidget


@dataclass(frozen=True, slots=True)
class Command:
    """One entry of a menu. `checked` None = not checkable; `page` = its keys work only around the image.

    group: entries of one menu with the same non-empty group exclude each other.
    """

    name: str
    text: str
    keys: tuple[str, ...] = ()
    run: Callable[..., object] | None = None
    checked: bool | None = None
    page: bool = False
    tip: str = ""


SEPARATOR = None


def build_menu(
    title: str, commands: Sequence[Command | None], window: QWidget, page: QWidget
) -> tuple[QMenu, dict[str, QAction]]:
    """A menu and its actions by name. `run` gets the new state of checkable commands."""
    menu = QMenu(title, window)
    actions: dict[str, QAction] = {}
    for command in commands:
        if command is SEPARATOR:
            menu.addSeparator()
            continue
        action = QAction(command.text, window)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        if command.page:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            page.addAction(action)
        else:
            window.addAction(action)
        if command.tip:
            action.setToolTip(command.tip)
            action.setStatusTip(command.tip)
        if command.checked is not None:
            action.setCheckable(True)
            action.setChecked(command.checked)
            if command.run is not None:
                action.toggled.connect(command.run)
        elif command.run is not None:
            action.triggered.connect(lambda _=False, run=command.run: run())
        menu.addAction(action)
        actions[command.name] = action
    return menu, actions
