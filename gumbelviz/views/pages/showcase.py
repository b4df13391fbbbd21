"""A page reduced to what a step of a lecture, or a picture, needs: a few of its parts, as large as they can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLayout, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look, dress, showcase_style
from gumbelviz.views.pages.arrangement import Arrangement, Need, Place, arrange, shifted


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A widget of a page that can be shown on its own.

    Attributes
    ----------
    widget
        What is shown; a card, or something without a frame.
    wide, high
        The least room at which it looks as it was designed, in units of the look, headings apart.
    row
        Pieces of the same row stand side by side where there is room.
    headings
        What stands over it, each with its height.
    grows
        It can use more room than it needs.
    """

    widget: QWidget
    wide: float
    high: float
    row: int = 0
    headings: tuple[tuple[QWidget, float], ...] = ()
    grows: bool = True

    @property
    def need(self) -> Need:
        """The room it needs."""
        return Need(self.wide, self.high, sum(high for _, high in self.headings), self.row, self.grows)


@dataclass(frozen=True, slots=True, eq=False)
class Lever:
    """A control of a page.

    Attributes
    ----------
    live
        Widgets, in the pictures too, that answer to a hand while the control remains, and are still otherwise.
    line, side
        What is shown while it remains: below the pictures, or left of them where it is tall.
    """

    live: tuple[QWidget, ...] = ()
    line: tuple[Piece, ...] = ()
    side: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Loan:
    """A widget that was taken out of its page, with what holds its place there."""

    widget: QWidget
    placeholder: QWidget
    home: QWidget
    hidden: bool
    least: QSize
    most: QSize


class Showcase(QWidget):
    """Borrows widgets from a page, lays them out, and gives them back so that nothing tells they were away.

    Parameters
    ----------
    resized
        Called when there is another room; it should call `fit`.
    """

    def __init__(self, resized: Callable[[], object]) -> None:
        super().__init__()
        self._resized = resized
        self._loans: list[_Loan] = []
        self._stilled: list[tuple[QWidget, bool, Qt.FocusPolicy]] = []
        self._pictures: tuple[Piece, ...] = ()
        self._side: tuple[Piece, ...] = ()
        self._line: tuple[Piece, ...] = ()
        self._fixed = False
        self.look: Look | None = None
        """The look that the pieces wear; None while there are none."""

    # Borrowing.

    def borrow(
        self,
        pictures: tuple[Piece, ...],
        side: tuple[Piece, ...] = (),
        line: tuple[Piece, ...] = (),
        fixed: bool = False,
    ) -> None:
        """Take these pieces out of their page; what was borrowed before goes back first."""
        self.give_back()
        self._pictures, self._side, self._line, self._fixed = pictures, side, line, fixed
        for piece in (*pictures, *side, *line):
            for widget in (piece.widget, *(heading for heading, _ in piece.headings)):
                self._take(widget)

    def _take(self, widget: QWidget) -> None:
        home = widget.parentWidget()
        assert home is not None
        hidden = widget.isHidden()
        placeholder = QWidget(home)
        placeholder.setSizePolicy(widget.sizePolicy())
        layout = home.layout()
        assert layout is not None
        _swap(layout, widget, placeholder)
        self._loans.append(_Loan(widget, placeholder, home, hidden, widget.minimumSize(), widget.maximumSize()))
        widget.setParent(self)
        widget.installEventFilter(self)
        widget.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A page hides what it has no room for; here there is room for all that was asked for.
        if event.type() == QEvent.Type.HideToParent and isinstance(watched, QWidget):
            for i, loan in enumerate(self._loans):
                if loan.widget is watched:
                    self._loans[i] = replace(loan, hidden=True)
                    watched.show()
        return False

    def give_back(self) -> None:
        """Put everything back where it was."""
        loans, self._loans = self._loans, []
        for loan in reversed(loans):
            loan.widget.removeEventFilter(self)
            layout = loan.home.layout()
            assert layout is not None
            loan.widget.setParent(loan.home)
            loan.widget.setMinimumSize(loan.least)
            loan.widget.setMaximumSize(loan.most)
            _swap(layout, loan.placeholder, loan.widget)
            loan.placeholder.setParent(None)
            loan.placeholder.deleteLater()
            loan.widget.setVisible(not loan.hidden)
        self.release()
        self._pictures = self._side = self._line = ()
        if self.look is not None:
            self.look = None
            self.setStyleSheet("")

    # What answers to a hand.

    def still(self, widgets: tuple[QWidget, ...]) -> None:
        """Let these widgets be looked at only."""
        for widget in widgets:
            passive = Qt.WidgetAttribute.WA_TransparentForMouseEvents
            for part in (widget, *widget.findChildren(QWidget)):
                self._stilled.append((part, part.testAttribute(passive), part.focusPolicy()))
                part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            widget.setAttribute(passive, True)

    def release(self) -> None:
        """Let all widgets answer again."""
        stilled, self._stilled = self._stilled, []
        for part, passive, focus in reversed(stilled):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, passive)
            part.setFocusPolicy(focus)

    # Size.

    def fit(self, given: Look) -> bool:
        """Dress and place the pieces for the room there is; True where their look changed.

        The theme is that of `given`; its zoom only moves the limit of the size, which is as large as fits.
        """
        needs = (tuple(piece.need for piece in pieces) for pieces in (self._pictures, self._side, self._line))
        pictures, side, line = needs
        if not (pictures or side or line):
            return False
        found = arrange(
            float(max(self.width(), 1)), float(max(self.height(), 1)), pictures, side, line, self._fixed, given.zoom
        )
        look = Look(given.theme, found.factor / given.theme.text)
        changed = look != self.look
        if changed:
            self.look = look
            self.setStyleSheet(showcase_style(look))
            dress(self, look)
        self._put(found)
        return changed

    def dress_again(self) -> None:
        """Wear the same look once more: somebody dressed the pieces in another one."""
        self.look = None

    def _put(self, found: Arrangement) -> None:
        all_places = (*found.pictures, *found.side, *found.line)
        for piece, place in zip((*self._pictures, *self._side, *self._line), all_places, strict=True):
            _set(piece.widget, place)
            up = 0.0
            for heading, high in reversed(piece.headings):
                up += high * found.factor
                _set(heading, shifted(place, up, high * found.factor))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._loans:
            self._resized()


def _swap(layout: QLayout, old: QWidget, new: QWidget) -> None:
    item = layout.replaceWidget(old, new)
    assert item is not None, "a piece of a page stands in a layout"


def _set(widget: QWidget, place: Place) -> None:
    left, top = round(place.x), round(place.y)
    width, height = round(place.x + place.width) - left, round(place.y + place.height) - top
    # A page may have fixed the size for its own layout; it fixes it again when it is laid out the next time.
    widget.setMinimumSize(0, 0)
    widget.setMaximumSize(16_777_215, 16_777_215)
    widget.setGeometry(left, top, max(width, 1), max(height, 1))


class Outline(QWidget):
    """A calm line around a widget that has no frame of its own."""

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        self._look = Look()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        target.installEventFilter(self)
        self.setGeometry(target.rect())
        self.show()
        self.raise_()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(look.pen("accent", 2.0))
            inset = max(look.zoom, 1.0)
            rect = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(rect, look.px(10), look.px(10))


def light(widget: QWidget, lit: bool, look: Look) -> None:
    """Point at a widget, or do not: a card by its frame, anything else by a line around it."""
    if widget.property("role") == "card":
        if (widget.property("lit") == "true") != lit:
            widget.setProperty("lit", "true" if lit else "false")
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        return
    found = widget.findChild(Outline, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if lit and found is None:
        Outline(widget).set_look(look)
    elif not lit and found is not None:
        widget.removeEventFilter(found)
        found.setParent(None)
        found.deleteLater()
