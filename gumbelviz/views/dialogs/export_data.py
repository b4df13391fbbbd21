"""Export data: what the run adds up to, its newest draws, or draws made for the file."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gumbelviz.model.export import MOST_DRAWN, MOST_NUMBERS, DataContent, DataOrder
from gumbelviz.model.numbers import write_count
from gumbelviz.views.dialogs.dialog import quiet
from gumbelviz.views.dialogs.export_form import ExportDialog, whole_field
from gumbelviz.views.dialogs.segments import Segments

CONTENTS: tuple[tuple[DataContent, str], ...] = (
    ("tallies", "What the run adds up to"), ("newest", "Newest draws"), ("generated", "Draws from 0 on"),
)  # fmt: skip
KINDS = (("csv", "CSV"), ("json", "JSON"), ("npz", "NPZ"))
FORMS = {
    "csv": "CSV is for spreadsheets: a line for each {what}, with a decimal point and all digits.",
    "json": "JSON is for scripts; the keys are those of the command “simulate”.",
    "npz": "NPZ is for NumPy: np.load reads it, without pickles.",
}


class DataDialog(ExportDialog):
    """Asks for data.

    Parameters
    ----------
    options, draws
        How many options there are, and how many draws there have been.
    pinned
        Whether the draw on display has noise that is held.
    """

    width_wished, height_wished = 640, 400

    def __init__(self, options: int, draws: int, pinned: bool, parent: QWidget) -> None:
        super().__init__("Export data", "", "&Save…", parent, previews=False)
        self._options, self._made, self._pinned = options, draws, pinned
        self.content = Segments("Content", CONTENTS)
        self.content.set_value("tallies")
        self.kind = Segments("Form", KINDS)
        self.kind.set_value("csv")
        self.draws = whole_field("Draws", 1_000, _draw_step, self.notice, self.complain)
        self.limit = quiet("")
        self.form_words = quiet("")
        self.add_row("Content", self.content)
        self._draws_row = self.add_row("Draws", self.draws)
        self._limit_row = self.add_row("", self.limit)
        self.add_row("Form", self.kind)
        self.add_row("", self.form_words)
        for part in (self.content, self.kind):
            part.chosen.connect(lambda _value: self.notice())
        self._say()
        self.wear()
        self.content.buttons["tallies"].setFocus()

    def _say(self) -> None:
        content = self.content.value
        drawn = content != "tallies"
        self.show_row(self._draws_row, drawn)
        self.show_row(self._limit_row, drawn)
        self.form_words.setText(FORMS[str(self.kind.value)].format(what="draw" if drawn else "option"))
        if content == "tallies":
            made = write_count(self._made)
            words = f"Counts, frequencies, exact chances, mean soft choices and variances of {made} draws."
        elif content == "newest":
            words = "Noise, noisy scores, winner and soft choice of the draws that came last."
        else:
            words = "Noise, noisy scores, winner and soft choice, draw by draw, as the command “simulate” shows them."
        if drawn and self._pinned:
            words += " Pinned noise belongs to the draw on display, and is not used."
        self.words.setText(words)
        most = min(MOST_DRAWN, MOST_NUMBERS // (3 * self._options))
        if content == "newest":
            most = min(most, max(self._made, 1))
        self.limit.setText(f"At most {write_count(most)} with these {write_count(self._options)} options.")

    def notice(self) -> None:
        """Something else is chosen now."""
        self._say()
        super().notice()

    def data_order(self) -> DataOrder:
        """Return what is chosen."""
        content = next(id for id, _ in CONTENTS if id == self.content.value)
        return DataOrder(content, round(self.draws.value))

    def order(self) -> tuple[object, str]:
        """Return what is chosen, and the kind of file."""
        return self.data_order(), str(self.kind.value)

    def check(self) -> None:
        """Raise `ValueError` with a sentence where that is too much for one file."""
        self.data_order().check(self._options)


def _draw_step(draws: int, by: int) -> int:
    return max(round(draws * 2.0**by) if abs(by) == 1 else round(draws * 10.0 ** (by / abs(by))), 1)
