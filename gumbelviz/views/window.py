"""The main window: layout only. Imports little beside Qt, so that an outline can be painted before the rest loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QHideEvent,
    QKeyEvent,
    QShowEvent,
    QWheelEvent,
    QWindow,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.views.outline import Outline

if TYPE_CHECKING:
    from gumbelviz.views.footer import Footer
    from gumbelviz.views.look import Look
    from gumbelviz.views.toolbar import Toolbar

MESSAGE_SECONDS = 12


class Window(QMainWindow):
    """Menus, toolbar, the page, a note, a message, the footer.

    Parameters
    ----------
    furnished
        False for a window that shows the outline of what is to come, until `furnish` puts it in.

    Signals
    -------
    dropped(path)
        A file was dropped on the window.
    watched(visible)
        The window can be seen, or not any more (hidden or minimised).
    closing
        A person wants to close it; the receiver may refuse by `refuse_close`.
    turned(steps)
        The wheel was turned with Ctrl held, wherever the pointer is: so many notches, up is positive.
    """

    dropped = Signal(str)
    watched = Signal(bool)
    closing = Signal()
    turned = Signal(int)

    def __init__(self, furnished: bool = True, theme: str = "system") -> None:
        super().__init__()
        self._may_close = True
        self._visible = False
        self._on_stage: tuple[tuple[QWidget, bool], ...] | None = None
        self._wheel = 0
        self._handle: QWindow | None = None
        self._covered = False
        self.setObjectName("gumbelviz")
        self.setMinimumSize(320, 240)
        if furnished:
            self.furnish()
        else:
            self.setCentralWidget(Outline(theme))

    def furnish(self) -> None:
        """Put in all that a window has."""
        from gumbelviz.views.footer import Footer
        from gumbelviz.views.look import Look
        from gumbelviz.views.toolbar import Toolbar

        self.look: Look = Look()
        self.setAcceptDrops(True)
        self.toolbar: Toolbar = Toolbar()
        self.pages = QStackedWidget()
        self.pages.addWidget(QWidget())
        self.footer: Footer = Footer()
        self._note = Strip("note", "Hide this note")
        self._message = Strip("alarm", "Dismiss this message")
        self._document = QLabel()
        self._document.setProperty("role", "quiet")
        self._document.setTextFormat(Qt.TextFormat.PlainText)
        self._document.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.menuBar().setCornerWidget(self._document)
        self.menuBar().setNativeMenuBar(False)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(1000 * MESSAGE_SECONDS)
        self._forget.timeout.connect(self._message.hide)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._column, self._row = column, QHBoxLayout()
        self._row.setSpacing(0)
        self._row.addWidget(self.pages, 1)
        column.addWidget(self.toolbar)
        column.addLayout(self._row, 1)
        for widget in (self._note, self._message, self.footer):
            column.addWidget(widget)
        self.setCentralWidget(centre)
        # What the contents would like must not make the window larger than the screen, or than a picture asked for.
        for layout in (self.layout(), column):
            if layout is not None:
                layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        centre.setAccessibleName("GumbelViz")
        centre.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        centre.setFocus()

    def add_page(self, page: QWidget) -> None:
        """Take in a page; `show_page` brings it to the front."""
        from gumbelviz.views.look import dress

        self.pages.addWidget(page)
        dress(page, self.look)

    def show_page(self, page: QWidget) -> None:
        """Bring a page to the front."""
        self.pages.setCurrentWidget(page)

    def set_look(self, look: Look) -> None:
        """Dress the window and all that is in it."""
        from gumbelviz.views.look import dress, palette, stylesheet

        self.look = look
        self.setPalette(palette(look))
        self.setStyleSheet(stylesheet(look))
        dress(self.centralWidget(), look)
        for dock in self.findChildren(QDockWidget):
            dress(dock, look)
        for dialog in self.findChildren(QDialog):
            dress(dialog, look)
        self._document.setContentsMargins(0, look.px(6), look.px(16), 0)

    def set_document(self, title: str, edited: bool) -> None:
        """Say which document is open."""
        shown = f"{title} — edited" if edited else title
        self._document.setText(shown)
        self.menuBar().setCornerWidget(self._document)
        self.setWindowTitle(f"{shown} – GumbelViz")
        self.toolbar.set_scene_title(title)

    def set_note(self, text: str) -> None:
        """Show a calm line above the footer; none where `text` is empty, or somebody presents."""
        if self._on_stage is None:
            self._note.say(text)

    def enter_stage(self, above: QWidget, beside: QWidget, below: QWidget) -> None:
        """Leave the page alone with these around it, until `leave_stage`."""
        if self._on_stage is None:
            own = (self.menuBar(), self.toolbar, self._note, self.footer, *self.findChildren(QDockWidget))
            self._on_stage = tuple((part, not part.isHidden()) for part in own)
            for part in own:
                part.hide()
            self._message.hide()
            self._column.insertWidget(0, above)
            self._row.addWidget(beside)
            self._column.addWidget(below)
            # A page that is reduced has other needs than the whole one, which it still knows.
            self.pages.setMinimumSize(1, 1)
            above.show()
            below.show()

    def move_panel(self, panel: QWidget, below: bool) -> None:
        """Have a panel of the stage below the page rather than beside it, or the other way round."""
        self._row.removeWidget(panel)
        self._column.removeWidget(panel)
        if below:
            self._column.insertWidget(self._column.count() - 1, panel)
        else:
            self._row.addWidget(panel)
        self.settle()

    def settle(self) -> None:
        """Lay out everything now, not with the next turn of the event loop."""
        for layout in (self._row, self._column):
            layout.invalidate()
        self._column.activate()

    def leave_stage(self, *parts: QWidget) -> None:
        """Take away what `enter_stage` put around the page, and bring back what made room for it."""
        if self._on_stage is not None:
            before, self._on_stage = self._on_stage, None
            self.pages.setMinimumSize(0, 0)
            for part in parts:
                part.hide()
                self._row.removeWidget(part)
                self._column.removeWidget(part)
            self._message.hide()
            for part, shown in before:
                part.setVisible(shown)

    def complain(self, sentence: str) -> None:
        """Say what could not be done, for a while."""
        self._message.set_role("alarm")
        self._message.say(sentence)
        self._forget.start()

    def tell(self, sentence: str) -> None:
        """Say what was done, in the calm colours, for a while."""
        self.complain(sentence)
        self._message.set_role("note")

    def quiet(self) -> None:
        """Take the message away."""
        self._message.hide()

    @property
    def note(self) -> str:
        """What the note says now; empty where none is shown."""
        return self._note.text if self._note.isVisibleTo(self) else ""

    @property
    def message(self) -> str:
        """What the message says now; empty where none is shown."""
        return self._message.text if self._message.isVisibleTo(self) else ""

    def refuse_close(self) -> None:
        """Stay open; for the receiver of `closing`."""
        self._may_close = False

    def event(self, event: QEvent) -> bool:
        # Enter and Space are shortcuts of the window, but not in a field that is typed into, or on a button
        # that the keyboard has reached.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            focus, key = self.focusWidget(), event.key()
            in_field = isinstance(focus, QLineEdit) and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if in_field or (isinstance(focus, QAbstractButton) and key == Qt.Key.Key_Space):
                event.accept()
                return True
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._may_close = True
        self.closing.emit()
        event.setAccepted(self._may_close)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._covered = False
        handle = self.windowHandle()
        if handle is not self._handle and handle is not None:
            # Before the plots and lists, which would take the wheel for themselves.
            self._handle = handle
            handle.installEventFilter(self)
        self._tell_visible()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(event, QWheelEvent):
            if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                # Touchpads send many small steps: a notch of a wheel is 120 of them.
                self._wheel += event.angleDelta().y()
                steps = int(self._wheel / 120)
                self._wheel -= 120 * steps
                if steps:
                    self.turned.emit(steps)
                event.accept()
                return True
            self._wheel = 0
        elif event.type() == QEvent.Type.Expose and self._handle is not None:
            # On another desktop, or wholly covered where the system tells: not hidden in Qt's words, but unseen.
            self._covered = not self._handle.isExposed()
            self._tell_visible()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tell_visible()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._tell_visible()

    def _tell_visible(self) -> None:
        visible = self.isVisible() and not self.isMinimized() and not self._covered
        if visible != self._visible:
            self._visible = visible
            self.watched.emit(visible)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths[0])

    def fit_screen(self) -> None:
        """Take a generous part of the screen, in its middle."""
        room = self.screen().availableGeometry()
        self.resize(QSize(1600, 900).boundedTo(room.size() * 0.92))
        self.move(room.center() - self.rect().center())


class Strip(QFrame):
    """One line of words across the window, with a cross to take it away."""

    def __init__(self, role: str, hide_words: str) -> None:
        super().__init__()
        self.setProperty("role", role)
        self._insists = role == "alarm"
        self.text = ""
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._cross = QPushButton("×")
        self._cross.setProperty("role", "link")
        self._cross.setToolTip(hide_words)
        self._cross.setAccessibleName(hide_words)
        self._cross.clicked.connect(self.hide)
        self._line = QHBoxLayout(self)
        self._line.addWidget(self._label, 1)
        self._line.addWidget(self._cross)
        self.hide()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._line.setContentsMargins(look.px(20), look.px(3), look.px(12), look.px(3))

    def set_role(self, role: str) -> None:
        """Look like a note, or like an alarm."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)

    def say(self, text: str) -> None:
        """Show `text`, or hide where there is none; a note that was hidden stays so until its words change."""
        if text != self.text or (text and self._insists):
            self.text = text
            self._label.setText(text)
            self.setAccessibleName(text)
            self.setVisible(bool(text))
