"""Panels side by side, one temperature each; their number and temperatures are a person's."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gumbelviz.model.parameters import TEMPERATURE
from gumbelviz.model.temperature_choices import MOST_PANELS
from gumbelviz.views.controls.number_field import NumberField
from gumbelviz.views.controls.parameter_row import stepped
from gumbelviz.views.look import Look, dress
from gumbelviz.views.plots.soft_panel import PanelPicture, SoftPanel

NARROWEST = 128
"""Least width of a panel at normal size."""


class PanelCard(QFrame):
    """A card with a temperature to type or step, a cross, and the picture.

    Signals
    -------
    wished(name, value, final)
        ``"panel"`` with its place and a temperature, ``"panel remove"`` with its place, ``"complain"``.
    """

    wished = Signal(str, object, bool)

    def __init__(self, place: int) -> None:
        super().__init__()
        self._look = Look()
        self._place = place
        self.setProperty("role", "card")
        name = f"Temperature of panel {place + 1}"
        self._label = QLabel("τ =")
        self._label.setProperty("role", "strong")
        self.field = NumberField(name, 2, lambda value, by: stepped(TEMPERATURE, value, by), TEMPERATURE.low_limit)
        self.field.setToolTip("Type a temperature, 0 and inf too, or step with Up and Down")
        self.field.setProperty("role", "strong")
        self._cross = QPushButton("×")
        self._cross.setProperty("role", "link")
        self._cross.setAccessibleName(f"Remove panel {place + 1}")
        self._cross.setToolTip("Remove this panel")
        self._cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.picture = SoftPanel(f"Soft choices at the temperature of panel {place + 1}")
        self.field.entered.connect(lambda tau: self.wished.emit("panel", (place, tau), True))
        self.field.refused.connect(lambda sentence: self.wished.emit("complain", sentence, True))
        self._cross.clicked.connect(lambda: self.wished.emit("panel remove", place, True))
        line = QHBoxLayout()
        line.setSpacing(4)
        for widget in (self._label, self.field):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self._cross)
        column = QVBoxLayout(self)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self.picture, 1)
        self._line, self._column = line, column
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._column.setContentsMargins(2, look.px(6), 2, look.px(2))
        self._line.setContentsMargins(look.px(10), 0, look.px(4), 0)
        self.field.setFont(look.font(17, bold=True))
        self.field.setFixedSize(look.px(66), look.px(30))
        self._cross.setFixedWidth(look.px(26))

    def set_removable(self, removable: bool) -> None:
        """Show the cross or not."""
        self._cross.setVisible(removable)


class PanelStrip(QWidget):
    """As many panels as were chosen, or as many of them as fit.

    Signals
    -------
    wished(name, value, final)
    fitted(shown, chosen)
        So many of the chosen panels are shown.
    """

    wished = Signal(str, object, bool)
    fitted = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.taus: tuple[float, ...] = ()
        self.cards = [PanelCard(place) for place in range(MOST_PANELS)]
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for card in self.cards:
            card.wished.connect(self.wished)
            card.hide()
            self._row.addWidget(card, 1)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._row.setSpacing(look.px(8))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @property
    def capacity(self) -> int:
        """How many panels there is room for."""
        gap = self._look.px(8)
        return min(max((self.width() + gap) // (self._look.px(NARROWEST) + gap), 1), MOST_PANELS)

    def set_taus(self, taus: tuple[float, ...]) -> None:
        """Show panels for these temperatures."""
        if len(taus) != len(self.taus):
            self.taus = taus
            self._fit()
        self.taus = taus
        for card, tau in zip(self.cards, taus, strict=False):
            card.field.set_value(tau)
            card.set_removable(len(taus) > 1)

    def _fit(self) -> None:
        shown = min(len(self.taus), self.capacity)
        for place, card in enumerate(self.cards):
            card.setVisible(place < shown)
        self.fitted.emit(shown, len(self.taus))

    def show_pictures(self, pictures: tuple[PanelPicture, ...]) -> None:
        """Show one picture per panel; none where there are none yet."""
        for place, card in enumerate(self.cards):
            card.picture.show_picture(pictures[place] if place < len(pictures) else None)

    def wear(self, look: Look) -> None:
        """Dress the strip and all its parts."""
        dress(self, look)
