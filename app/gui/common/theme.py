"""Light and dark: one set of named colours each, used for Qt's palette and for the style sheet."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Literal

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QApplication

from pose.assets import ASSETS

ThemeName = Literal["light", "dark", "system"]

STYLE_FILE = ASSETS / "style.qss"


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours as #rrggbb. Texts on their grounds reach 4.5 : 1, outlines of controls 3 : 1 (WCAG AA)."""

    window: str  # behind everything
    base: str  # lists, fields, plots
    raised: str  # buttons
    hover: str
    text: str
    muted: str  # secondary text
    disabled: str
    line: str  # separators, decoration only
    outline: str  # edges of controls
    accent: str  # selection, focus, progress
    on_accent: str
    good: str
    bad: str


LIGHT = Colours(
    window="#f4f5f7", base="#ffffff", raised="#ffffff", hover="#e4e9f0", text="#1b1f24", muted="#56606c",
    disabled="#8a929c", line="#d5dae1", outline="#7d8794", accent="#1a66c9", on_accent="#ffffff",
    good="#176b36", bad="#b3261e",
)  # fmt: skip

DARK = Colours(
    window="#1b1e23", base="#121418", raised="#2a2f37", hover="#363d48", text="#e9ecf0", muted="#a4adb9",
    disabled="#6d7682", line="#343a43", outline="#76808e", accent="#5a9cf0", on_accent="#0b1118",
    good="#62c987", bad="#ff8a80",
)  # fmt: skip

# (text, ground): pairs that carry words; tests hold them to 4.5 : 1.
TEXT_PAIRS = (
    *((text, ground) for text in ("text", "muted", "good", "bad") for ground in ("window", "base", "raised")),
    ("text", "hover"),
    ("muted", "hover"),
    ("on_accent", "accent"),
)
# (edge, ground): pairs that show where a control is; tests hold them to 3 : 1.
EDGE_PAIRS = tuple((edge, ground) for edge in ("outline", "accent") for ground in ("window", "base", "raised"))


def apply_theme(app: QApplication, theme: ThemeName) -> Colours:
    """Dress the whole application; "system" follows the desktop, also when it changes later."""
    for follower in app.findChildren(_SystemFollower, options=Qt.FindChildOption.FindDirectChildrenOnly):
        follower.stop()
    if theme == "system":
        _SystemFollower(app)
    colours = _system_colours(app) if theme == "system" else DARK if theme == "dark" else LIGHT
    _dress(app, colours)
    return colours


def contrast(a: str, b: str) -> float:
    """WCAG contrast ratio of two #rrggbb colours, from 1 to 21."""
    brighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Window).lightnessF() < 0.5


def colours_of(palette: QPalette) -> Colours:
    """The set of colours that a widget painting by itself should use."""
    return DARK if is_dark(palette) else LIGHT


class _SystemFollower(QObject):
    """Lives as a child of the application while the theme is "system"."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        hints = app.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(self._follow)

    def stop(self) -> None:
        hints = self._app.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.disconnect(self._follow)
        self.setParent(None)
        self.deleteLater()

    def _follow(self) -> None:
        _dress(self._app, _system_colours(self._app))


def _system_colours(app: QApplication) -> Colours:
    hints = app.styleHints()
    return DARK if hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT


def _dress(app: QApplication, colours: Colours) -> None:
    app.setStyle("Fusion")
    app.setPalette(_palette(colours))
    app.setStyleSheet(style_sheet(colours))


def style_sheet(colours: Colours) -> str:
    """assets/style.qss with its @names replaced. Raises KeyError for an unknown one."""
    template = STYLE_FILE.read_text(encoding="utf-8")
    variant = "dark" if colours is DARK else "light"
    values = asdict(colours) | {"icons": (ASSETS / "icons").as_posix(), "variant": variant}
    return re.sub(r"@([a-z_]+)", lambda match: values[match[1]], template)


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, c.window), (role.WindowText, c.text), (role.Base, c.base), (role.AlternateBase, c.window),
        (role.Text, c.text), (role.Button, c.raised), (role.ButtonText, c.text), (role.BrightText, c.bad),
        (role.ToolTipBase, c.raised), (role.ToolTipText, c.text), (role.PlaceholderText, c.muted),
        (role.Highlight, c.accent), (role.HighlightedText, c.on_accent), (role.Link, c.accent),
        (role.LinkVisited, c.accent), (role.Mid, c.line), (role.Accent, c.accent),
    ):  # fmt: skip
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(c.disabled))
    return palette


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
