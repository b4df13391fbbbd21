"""A field for one number: typed, stepped with the arrow keys, refused where it has no meaning."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gumbelviz.model.numbers import read_number, write_number, write_short


class NumberField(QLineEdit):
    """Shows a number; understands inf, the infinity sign, real minus signs and decimal commas.

    Signals
    -------
    entered(value)
        A person finished a number.
    refused(sentence)
        What was typed is not a number.
    """

    entered = Signal(float)
    refused = Signal(str)

    def __init__(
        self,
        name: str,
        decimals: int = 2,
        step: Callable[[float, int], float] | None = None,
        limit: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._decimals = decimals
        self._step = step
        self._limit = limit
        self._value = 0.0
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self._finish)

    @property
    def value(self) -> float:
        """The number that was shown last."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show `value`, unless a person is typing another."""
        self._value = value
        if not (self.hasFocus() and self.isModified()):
            self._show()

    def _show(self) -> None:
        # An exact limit reads "0", which 0.00 might only be rounded to.
        text = "0" if self._value == self._limit else write_number(self._value, self._decimals)
        if self._limit is not None and 0.0 < self._value < 0.1:
            # Two decimals would say too little where the slider is logarithmic.
            text = write_short(self._value, 4)
        if text != self.text():
            self.setText(text)
        self.setModified(False)

    def _finish(self) -> None:
        if not self.isModified():
            return
        try:
            value = read_number(self.text())
        except ValueError as error:
            self._show()
            self.refused.emit(str(error))
            return
        self.setModified(False)
        self.entered.emit(value)
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        by = steps.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self._show()
            self.clearFocus()
        elif by is not None and self._step is not None:
            self.entered.emit(self._step(self._value, by))
            self._show()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # The exact number, so that leaving the field unchanged cannot round it.
        self.setText(write_short(self._value, 6))
        self.setModified(False)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show()
