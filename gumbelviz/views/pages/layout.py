"""How the parts of a page are put together: cards, lines, stacks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.views.controls.caption import Caption


class Turns(QStackedWidget):
    """Widgets that take turns in one place."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        for widget in widgets:
            self.addWidget(widget)


def card(picture: QWidget, caption: str | Caption = "") -> QFrame:
    """A white card around a picture, with a quiet line over it where there is a caption."""
    frame = QFrame()
    frame.setProperty("role", "card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(2, 2, 2, 2)
    layout.setSpacing(0)
    if caption:
        layout.addWidget(caption if isinstance(caption, Caption) else Caption(caption))
    layout.addWidget(picture, 1)
    frame.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
    return frame


def captioned(picture: QWidget, *words: str) -> QWidget:
    """A picture with a quiet line over it, for one that takes turns with others in a card."""
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(Caption(*words))
    layout.addWidget(picture, 1)
    return holder


def beside(picture: QWidget, control: QWidget) -> QWidget:
    """A picture and a narrow control to its right."""
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(picture, 1)
    layout.addWidget(control)
    return holder


def paragraph(text: str) -> QLabel:
    """Quiet words that take the width there is."""
    label = QLabel(text)
    label.setProperty("role", "quiet")
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
    return label


def in_line(*widgets: QWidget) -> QLayout:
    """Widgets side by side, from the left."""
    line = QHBoxLayout()
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(6)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch(1)
    return line


def line_widget(*widgets: QWidget) -> QWidget:
    """The same as a widget."""
    holder = QWidget()
    holder.setLayout(in_line(*widgets))
    return holder


def stacked(*parts: QWidget | QLayout) -> QWidget:
    """Parts one below the other, from the top."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    for part in parts:
        if isinstance(part, QLayout):
            column.addLayout(part)
        else:
            if isinstance(part, QLabel):
                part.setProperty("role", "quiet")
            column.addWidget(part)
    return holder


def pile(*parts: tuple[QWidget, int]) -> QWidget:
    """Widgets one below the other that share the height by their weights."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for part, weight in parts:
        column.addWidget(part, weight)
    holder.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
    return holder
