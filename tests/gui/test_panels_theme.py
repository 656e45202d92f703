"""Both themes are complete and readable."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest
from PyQt6.QtGui import QPalette
from PyQt6.QtWidgets import QApplication

from app.gui.common.theme import (
    DARK,
    EDGE_PAIRS,
    LIGHT,
    STYLE_FILE,
    TEXT_PAIRS,
    Colours,
    apply_theme,
    contrast,
    is_dark,
    style_sheet,
)

THEMES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_is_21_between_black_and_white_and_1_to_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#336699", "#336699") == pytest.approx(1)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@THEMES
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="-on-".join)
def test_text_reaches_aa_contrast(colours: Colours, pair: tuple[str, str]) -> None:
    values = asdict(colours)
    assert contrast(values[pair[0]], values[pair[1]]) >= 4.5


@THEMES
@pytest.mark.parametrize("pair", EDGE_PAIRS, ids="-on-".join)
def test_edges_of_controls_reach_aa_contrast(colours: Colours, pair: tuple[str, str]) -> None:
    values = asdict(colours)
    assert contrast(values[pair[0]], values[pair[1]]) >= 3.0


@THEMES
def test_the_style_sheet_leaves_no_token_behind(colours: Colours) -> None:
    assert "@" not in re.sub(r"/\*.*?\*/", "", style_sheet(colours), flags=re.S)


def test_every_control_that_takes_focus_shows_it() -> None:
    rules = STYLE_FILE.read_text(encoding="utf-8")
    for control in ("QPushButton", "QToolButton", "QLineEdit", "QSpinBox", "QComboBox", "QTreeView", "QTabBar::tab"):
        assert f"{control}:focus" in rules


def test_applying_a_theme_again_and_again_leaves_one_palette_and_no_followers(qapp: QApplication) -> None:
    before = len(qapp.children())
    for _ in range(3):
        apply_theme(qapp, "system")
        apply_theme(qapp, "dark")
        assert is_dark(qapp.palette())
        apply_theme(qapp, "light")
        assert not is_dark(qapp.palette())
    qapp.processEvents()
    assert len(qapp.children()) <= before + 1  # the style that Qt owns
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.window
