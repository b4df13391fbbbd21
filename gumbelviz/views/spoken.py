"""What screen readers are told: sentences of pictures, and what a slider means, in words and as a number.

Nothing here costs time while nobody listens: words are asked for, or sent when `QAccessible.isActive()`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleValueChangeEvent,
    QAccessibleValueInterface,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget
from shiboken6 import Shiboken


@dataclass(frozen=True, slots=True)
class Value:
    """What a control means: in words, and as a number between two others."""

    words: str
    number: float
    low: float
    high: float


# Sentences.


def tell(widget: QWidget, sentence: str) -> None:
    """Describe a picture by a sentence, and by how the keyboard moves what it shows."""
    how = widget.property("how") or ""
    words = f"{sentence} {how}".strip()
    widget.setProperty("told", words)
    if words != widget.accessibleDescription():
        widget.setAccessibleDescription(words)


def teach(widget: QWidget, how: str) -> None:
    """Say how the keyboard moves what a picture shows; until there is a sentence, that is its description."""
    widget.setProperty("how", how)
    widget.setAccessibleDescription(how)


def describe(widget: QWidget, words: str) -> None:
    """Describe a picture by its numbers alone, where it has no sentence."""
    if not told(widget):
        widget.setAccessibleDescription(words)


def told(widget: QWidget) -> str:
    """Return what a picture was described by, or nothing."""
    return str(widget.property("told") or "")


def announce(widget: QWidget, words: str) -> None:
    """Have words read at once: what the keyboard has just come to."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


# Values.


def announce_value(widget: QWidget, value: Value) -> None:
    """Tell those who listen that a control has another value."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleValueChangeEvent(widget, value.number))


class _Number(QAccessibleValueInterface):
    """The number of a slider, in place of its position in steps."""

    def __init__(self, slider: Any) -> None:
        super().__init__()
        self._slider = slider

    def currentValue(self) -> float:
        return float(self._slider.spoken.number)

    def minimumValue(self) -> float:
        return float(self._slider.spoken.low)

    def maximumValue(self) -> float:
        return float(self._slider.spoken.high)

    def minimumStepSize(self) -> float:
        return 0.0

    def setCurrentValue(self, value: Any) -> None:
        self._slider.asked.emit(float(value))


class _SpokenSlider(QAccessibleWidget):
    """Qt's own interface, but for the value."""

    def __init__(self, slider: QWidget) -> None:
        super().__init__(slider, QAccessible.Role.Slider, "")
        self._slider: Any = slider
        self._number = _Number(slider)
        self._place = Shiboken.VoidPtr(Shiboken.getCppPointer(self._number)[0])

    def text(self, kind: QAccessible.Text) -> str:
        value: Value | None = self._slider.spoken if Shiboken.isValid(self._slider) else None
        if value is not None and kind == QAccessible.Text.Value:
            return value.words
        words = super().text(kind)
        if value is not None and kind == QAccessible.Text.Description:
            # AT-SPI has no words for a value: those that no number says for itself stand before the help.
            return f"{value.words}. {words}".strip()
        return words

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        found: Any = None
        if kind != QAccessible.InterfaceType.ValueInterface:
            found = super().interface_cast(kind)
        elif Shiboken.isValid(self._slider) and self._slider.spoken is not None:
            found = self._place
        # None would reach Qt as an address that is not one.
        return _NOTHING if found is None else found


_NOTHING = Shiboken.VoidPtr(0)
_kept: list[_SpokenSlider] = []
"""Interfaces that Qt holds: Python must not take them away before it does."""
_installed = False


def _make(_kind: str, thing: object) -> _SpokenSlider | None:
    # While Qt's part of a widget is being made this is a passing stand-in for it, which must not be kept.
    if not isinstance(thing, QWidget) or getattr(thing, "spoken", None) is None:
        return None
    _kept[:] = [interface for interface in _kept if Shiboken.isValid(interface)]
    made = _SpokenSlider(thing)
    _kept.append(made)
    return made


def install() -> None:
    """Let sliders speak for themselves; where Qt for Python cannot (below 6.10), Qt tells their place."""
    global _installed
    if not _installed and hasattr(QAccessible, "installFactory"):
        QAccessible.installFactory(_make)
        _installed = True


def is_installed() -> bool:
    """Tell whether sliders speak for themselves."""
    return _installed
