"""What stands in the place of a page that could not be made."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout

from gumbelviz.views.pages.page import Page


class BrokenPage(Page):
    """Says that there is nothing to see, and what to do."""

    def __init__(self, title: str) -> None:
        super().__init__()
        label = QLabel(f"The page “{title}” could not be opened. The other pages go on; turn to it again to try again.")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        QVBoxLayout(self.body).addWidget(label)
