"""Small editors for single values, all with the same three verbs: show a value, read it, tell that it changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QSpinBox, QWidget

from app.gui.common.wheel_guard import WheelGuard


@dataclass(frozen=True, slots=True)
class Editor:
    """widget: to be put into a layout. get, set: the value; setting tells nobody."""

    widget: QWidget
    get: Callable[[], Any]
    set: Callable[[Any], None]


def number(
    low: float, high: float, step: float, suffix: str, on_change: Callable[[], None], lowest: str = ""
) -> Editor:
    """lowest: words for the lowest value."""
    box = QDoubleSpinBox()
    WheelGuard(box)
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setDecimals(3 if step < 0.01 else 2 if step < 0.1 else 1)
    box.setSuffix(suffix)
    box.setSpecialValueText(lowest)
    box.valueChanged.connect(lambda _: on_change())
    # Rounded as shown: 0.1 stays 0.1 after a round trip through the box.
    return Editor(box, lambda: round(box.value(), box.decimals()), _silently(box, box.setValue))


def whole(low: int, high: int, suffix: str, on_change: Callable[[], None]) -> Editor:
    box = QSpinBox()
    WheelGuard(box)
    box.setRange(low, high)
    box.setSuffix(suffix)
    box.valueChanged.connect(lambda _: on_change())
    return Editor(box, box.value, _silently(box, box.setValue))


def flag(text: str, on_change: Callable[[], None]) -> Editor:
    box = QCheckBox(text)
    box.toggled.connect(lambda _: on_change())
    return Editor(box, box.isChecked, _silently(box, box.setChecked))


def choice(options: Sequence[tuple[Any, str]], on_change: Callable[[], None]) -> Editor:
    """One of (value, text). A value outside the list is added to it, so that nothing is changed by being shown."""
    box = QComboBox()
    WheelGuard(box)
    values = [value for value, _ in options]
    box.addItems([text for _, text in options])
    box.currentIndexChanged.connect(lambda _: on_change())

    def show(value: Any) -> None:
        if value not in values:
            values.append(value)
            box.addItem(str(value))
        box.setCurrentIndex(values.index(value))

    return Editor(box, lambda: values[box.currentIndex()], _silently(box, show))


def _silently(widget: QWidget, change: Callable[[Any], Any]) -> Callable[[Any], None]:
    def set_value(value: Any) -> None:
        before = widget.blockSignals(True)
        change(value)
        widget.blockSignals(before)

    return set_value
