"""What the export dialogs are made of: a form on the left, a preview on the right, and one button that saves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gumbelviz.views.controls.check_box import CheckBox
from gumbelviz.views.controls.number_field import NumberField
from gumbelviz.views.dialogs.dialog import Dialog, button, heading, quiet
from gumbelviz.views.guard import guarded
from gumbelviz.views.icons import icon
from gumbelviz.views.look import Look


class Choice(QPushButton):
    """A button that shows one of several choices, and all of them in a menu.

    Signals
    -------
    chosen(value)
        A person chose another one.
    """

    chosen = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[object, str]]) -> None:
        super().__init__()
        self._name, self._words = name, dict(choices)
        self.value: object = choices[0][0] if choices else None
        self.setAutoDefault(False)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.choices = QMenu(self)
        for value, words in choices:
            self.choices.addAction(words.replace("&", "&&"), lambda value=value: self._choose(value))
        self.setMenu(self.choices)
        self.set_value(self.value)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self.setIcon(icon("down", look.color("ink"), look.px(12), self.devicePixelRatioF()))

    def set_value(self, value: object) -> None:
        """Show which one holds."""
        if value in self._words:
            self.value = value
            self.setText(self._words[value].replace("&", "&&"))
            self.setAccessibleName(f"{self._name}: {self._words[value]}")

    def _choose(self, value: object) -> None:
        self.set_value(value)
        self.chosen.emit(value)


class Preview(QWidget):
    """A picture as it will be, as large as there is room, with a line of words under it."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._picture = QPixmap()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Preview")

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(380), self._look.px(300))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(160), self._look.px(120))

    def show_picture(self, picture: QPixmap, words: str) -> None:
        """Show a picture, or only words where there is none."""
        self._picture, self._words = picture, words
        self.setAccessibleDescription(words)
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setFont(look.font(13))
            wrapped = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            words = painter.boundingRect(QRectF(0, 0, self.width(), self.height()), wrapped, self._words)
            line = words.height() + look.px(8)
            room = QRectF(0, 0, self.width(), self.height() - line)
            if not self._picture.isNull():
                size = self._picture.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
                box = QRectF((room.width() - size.width()) / 2, 0.0, size.width(), size.height())
                painter.drawPixmap(box, self._picture, QRectF(self._picture.rect()))
                painter.setPen(look.pen("quiet", 1.0))
                painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
                below = QRectF(0, box.bottom() + look.px(6), self.width(), line)
            else:
                below = room
            painter.setPen(look.color("quiet"))
            painter.drawText(below, wrapped, self._words)


class ExportDialog(Dialog):
    """The base of the export dialogs.

    Signals
    -------
    changed
        Something else is chosen now; a preview should be made anew.
    ordered(order, kind)
        A person wants this saved, in a file of this kind.
    """

    changed = Signal()
    ordered = Signal(object, str)
    width_wished, height_wished = 940, 480

    def __init__(self, title: str, words: str, save: str, parent: QWidget, previews: bool = True) -> None:
        super().__init__(title, parent)
        self.preview = Preview() if previews else None
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self.problem = QLabel()
        self.problem.setProperty("role", "bad")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.cancel = button("Cancel", "Close, and save nothing")
        self.save = button(save, "", "primary")
        self.save.setDefault(True)
        self.foot = QHBoxLayout()
        self.foot.addStretch(1)
        self.foot.addWidget(self.cancel)
        self.foot.addWidget(self.save)
        form = QVBoxLayout()
        form.addLayout(self._grid)
        form.addStretch(1)
        self._middle = QHBoxLayout()
        self._middle.addLayout(form, 0 if previews else 1)
        if self.preview is not None:
            self._middle.addWidget(self.preview, 1)
        column = QVBoxLayout(self)
        column.addWidget(heading(title))
        self.words = quiet(words)
        column.addWidget(self.words)
        column.addLayout(self._middle, 1)
        column.addWidget(self.problem)
        column.addLayout(self.foot)
        self.cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._order)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        super().set_look(look)
        self._grid.setHorizontalSpacing(look.px(14))
        self._grid.setVerticalSpacing(look.px(9))
        self._middle.setSpacing(look.px(26))
        self.foot.setSpacing(look.px(8))
        for field in self.findChildren(NumberField):
            field.setFixedWidth(look.px(92))

    def add_row(self, words: str, *widgets: QWidget) -> QWidget:
        """Add a line to the form, and return what holds its widgets."""
        row = self._grid.rowCount()
        label = QLabel(words)
        label.setProperty("role", "quiet")
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        wide = [
            isinstance(widget, (Choice, CheckBox)) or (isinstance(widget, QLabel) and widget.wordWrap())
            for widget in widgets
        ]
        for widget, takes_all in zip(widgets, wide, strict=True):
            line.addWidget(widget, int(takes_all))
        if not any(wide):
            line.addStretch(1)
        label.setBuddy(widgets[0])
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(holder, row, 1)
        return holder

    def show_row(self, holder: QWidget, shown: bool) -> None:
        """Show a line of the form, or not."""
        row = self._grid.getItemPosition(self._grid.indexOf(holder))[0]  # type: ignore[index]
        label = self._grid.itemAtPosition(row, 0)
        for widget in (holder, label.widget() if label is not None else None):
            if widget is not None:
                widget.setVisible(shown)

    def complain(self, sentence: str) -> None:
        """Say what is wrong with what is chosen; nothing where it is in order."""
        self.problem.setText(sentence)
        self.problem.setAccessibleName(sentence)
        self.save.setEnabled(not sentence)

    def order(self) -> tuple[object, str]:
        """Return what is chosen, and the kind of file."""
        raise NotImplementedError

    def check(self) -> None:
        """Raise `ValueError` with a sentence where what is chosen has no meaning."""

    def notice(self) -> None:
        """Something else is chosen now."""
        try:
            self.check()
        except ValueError as error:
            self.complain(str(error))
        else:
            self.complain("")
            self.changed.emit()

    def _order(self) -> None:
        self.setFocus()
        self.notice()
        if self.save.isEnabled():
            self.ordered.emit(*self.order())


def whole_field(
    name: str,
    value: int,
    steps: Callable[[int, int], int],
    taken: Callable[[], object],
    refused: Callable[[str], object],
) -> NumberField:
    """Return a field for a whole number; the arrow keys go by `steps`, and `taken` is called for each new number."""
    field = NumberField(name, 0, lambda value, by: float(steps(round(value), by)))
    field.set_value(float(value))

    def take(value: float) -> None:
        if value.is_integer():
            field.set_value(value)
            taken()
        else:
            refused(f"{name}: this is a whole number.")

    field.entered.connect(take)
    field.refused.connect(refused)
    return field
