"""Export handout: which lecture, on which paper, with or without what the speaker says."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from gumbelviz.model.export import HandoutOrder, Paper
from gumbelviz.views.controls.check_box import CheckBox
from gumbelviz.views.dialogs.export_form import Choice, ExportDialog
from gumbelviz.views.dialogs.segments import Segments

PAPERS = (("A4", "A4"), ("Letter", "Letter"))


class HandoutDialog(ExportDialog):
    """Asks for a handout.

    Parameters
    ----------
    lectures
        Ids and titles of what can be printed.
    """

    width_wished, height_wished = 560, 270

    def __init__(self, lectures: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(
            "Export handout", "One PDF of a lecture: a page for each step, with its picture and its words.", "&Save…",
            parent, previews=False,
        )  # fmt: skip
        self.lecture = Choice("Lecture", lectures)
        self.paper = Segments("Paper", PAPERS)
        self.paper.set_value("A4")
        self.notes = CheckBox("With the speaker’s notes", "Notes", "Print what stands in the speaker’s window too")
        self.add_row("Lecture", self.lecture)
        self.add_row("Paper", self.paper)
        self.add_row("Notes", self.notes)
        self.wear()
        self.lecture.setFocus()

    def order(self) -> tuple[object, str]:
        """Return what is chosen, and which lecture."""
        paper: Paper = "Letter" if self.paper.value == "Letter" else "A4"
        return HandoutOrder(paper, self.notes.isChecked()), str(self.lecture.value)
