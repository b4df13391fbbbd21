"""The strip under the menus: which scene, and how its stream is watched."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from gumbelviz.model.numbers import write_rate
from gumbelviz.model.parameters import SPEED
from gumbelviz.model.settings import Transport
from gumbelviz.model.spoken_values import spoken_value
from gumbelviz.views import spoken
from gumbelviz.views.controls.slider import Slider
from gumbelviz.views.icons import icon
from gumbelviz.views.look import Look

BUTTONS = ("run", "back", "step", "restart", "freeze", "zoom out", "zoom in")
"""Ids of the commands that have a button here, from left to right."""
LECTURE = "lecture start"
"""Id of the command of the last button, which says where it leads rather than what it does."""
_ICONS = {"back": "back", "step": "step", "restart": "restart", "freeze": "freeze"}


class Toolbar(QFrame):
    """Buttons for commands, the scene menu, the speed and the tabs of the pages.

    Signals
    -------
    wished(name, value, final)
        ``"speed"`` in draws per second, ``"page"`` by its id.
    """

    wished = Signal(str, object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._running = False
        self._fitting = False
        self._actions: dict[str, QAction] = {}
        self.setProperty("role", "strip")
        self.scene_button = QPushButton()
        self.scene_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.scene_button.setToolTip("Choose a built-in scene")
        self.scene_menu = QMenu(self.scene_button)
        self.scene_button.setMenu(self.scene_menu)
        self.scene_button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._buttons = {id: QToolButton() for id in BUTTONS}
        for button in self._buttons.values():
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._buttons["run"].setProperty("role", "primary")
        self.speed = Slider("Speed")
        self.speed.setToolTip(SPEED.help)
        self.speed.setAccessibleDescription(SPEED.help)
        self.speed.moved.connect(self._speed_moved)
        self.speed.asked.connect(lambda speed: self.wished.emit("speed", speed, True))
        self.speed_label = QLabel()
        self.speed_label.setProperty("role", "quiet")
        self._tabs = QFrame()
        self._tabs.setProperty("role", "segments")
        self._tab_line = QHBoxLayout(self._tabs)
        self.page_button = QPushButton()
        self.page_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.page_button.setToolTip("Choose a page")
        self.page_button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._page_menu = QMenu(self.page_button)
        self.page_button.setMenu(self._page_menu)
        self._scene_title = ""
        self._tab_group = QButtonGroup(self)
        self._page = ""
        self._page_tabs: dict[str, QPushButton] = {}
        self._titles: dict[str, str] = {}
        self._line = QHBoxLayout(self)
        for widget in (self.scene_button, *(self._buttons[id] for id in BUTTONS[:5]), self.speed, self.speed_label):
            self._line.addWidget(widget)
        self._line.addStretch(1)
        self._line.addWidget(self._tabs)
        self._line.addWidget(self.page_button)
        self._line.addStretch(1)
        for id in BUTTONS[5:]:
            self._line.addWidget(self._buttons[id])
        self.lecture_button = QPushButton("Lecture")
        self.lecture_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._line.addWidget(self.lecture_button)
        self._tabs.hide()
        self.page_button.hide()

    def set_actions(self, actions: dict[str, QAction]) -> None:
        """Let the buttons stand for these commands."""
        self._actions = actions
        for id, button in self._buttons.items():
            button.setDefaultAction(actions[id])
            button.setAccessibleName(actions[id].text().replace("&", ""))
        self.lecture_button.clicked.connect(actions[LECTURE].trigger)
        self.lecture_button.setToolTip(actions[LECTURE].toolTip())

    def set_pages(self, pages: tuple[tuple[str, str], ...]) -> None:
        """Show a tab for each page (id, title); a single page needs none."""
        for id, title in pages:
            tab = QPushButton(title)
            tab.setCheckable(True)
            tab.setProperty("role", "segment")
            tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._page_tabs[id] = tab
            # A screen reader turns a tab on without a click.
            tab.toggled.connect(lambda on, id=id: self._turned(id) if on else None)
            self._tab_group.addButton(tab)
            self._tab_line.addWidget(tab)
            self._page_menu.addAction(title, lambda id=id: self.wished.emit("page", id, True))
        self._titles = dict(pages)
        self._fit()

    def _turned(self, id: str) -> None:
        if id != self._page:
            self.wished.emit("page", id, True)

    def set_page(self, page: str) -> None:
        """Mark the tab of the page in front; none, where it has no tab."""
        self._page = page
        self._tab_group.setExclusive(False)
        for id, tab in self._page_tabs.items():
            tab.setChecked(id == page)
        self._tab_group.setExclusive(page in self._page_tabs)
        self.page_button.setText(self._titles.get(page, "Pages"))
        self.page_button.setAccessibleName(f"Page: {self._titles.get(page, 'none of these')}")
        self._fit()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self._line.setContentsMargins(look.px(16), look.px(8), look.px(16), look.px(8))
        self._line.setSpacing(look.px(8))
        self._tab_line.setContentsMargins(look.px(3), look.px(3), look.px(3), look.px(3))
        self.speed.setFixedWidth(look.px(90))
        widest = QFontMetricsF(look.font(14)).horizontalAdvance("as fast as possible")
        self.speed_label.setFixedWidth(round(widest) + look.px(6))
        for button in (self.scene_button, self.page_button):
            button.setIcon(icon("down", look.color("ink"), look.px(12), self.devicePixelRatioF()))
        self._draw_icons()
        parts = (self.scene_button, self.page_button, self.lecture_button, self._tabs, *self._buttons.values())
        for part in parts:
            part.ensurePolished()
        # Of all parts, shown or not: a strip whose height followed what it shows would have the window lay itself out
        # again, which has the strip choose anew what it shows.
        self.setFixedHeight(max(part.sizeHint().height() for part in parts) + 2 * look.px(8) + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(420), super().minimumSizeHint().height())

    def _fit(self) -> None:
        """Make do with the room there is: the speed falls silent, buttons become pictures, tabs become a menu."""
        if self._fitting:
            # Hiding and showing parts can resize the strip, which asks for this again.
            return
        self._fitting = True
        try:
            self._choose_form()
        finally:
            self._fitting = False

    def _choose_form(self) -> None:
        full, icons = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        for part in self.findChildren(QWidget):
            # What was not shown yet, or not in this size, does not know how large its words are.
            part.ensurePolished()
            part.updateGeometry()
        self._tab_line.invalidate()
        self._tabs.setMinimumWidth(self._tab_line.sizeHint().width())
        for words, lecture, style, tabs, speed in (
            (True, True, full, True, True), (False, True, full, True, True), (False, True, icons, True, True),
            (False, False, icons, True, True), (False, True, icons, False, True), (False, False, icons, False, True),
            (False, False, icons, False, False),
        ):  # fmt: skip
            self.speed_label.setVisible(words)
            self.lecture_button.setVisible(lecture)
            for id in _ICONS:
                self._buttons[id].setToolButtonStyle(style)
            self._tabs.setVisible(tabs and len(self._page_tabs) > 1)
            self.page_button.setVisible(not tabs and len(self._page_tabs) > 1)
            self.speed.setVisible(speed)
            self.scene_button.setText(self._scene_title if not tabs else f"Scene: {self._scene_title}")
            self._line.invalidate()
            if self._line.sizeHint().width() <= self.width():
                break
        self._line.activate()

    def _draw_icons(self) -> None:
        look, ratio = self._look, self.devicePixelRatioF()
        for button in self._buttons.values():
            button.setIconSize(QSize(look.px(15), look.px(15)))
        for id, name in _ICONS.items():
            if id in self._actions:
                self._actions[id].setIcon(icon(name, look.color("ink"), look.px(15), ratio))
        if "run" in self._actions:
            name = "pause" if self._running else "play"
            self._actions["run"].setIcon(icon(name, look.color("on_accent"), look.px(14), ratio))
            self._keep_width(self._actions["run"], self._buttons["run"])
        self._fit()

    def _keep_width(self, action: QAction, button: QToolButton) -> None:
        """Make the button as wide as the wider of its two words, so that nothing moves when it changes."""
        text, widths = action.text(), []
        for word in ("Pause", "Run"):
            action.setText(word)
            widths.append(button.sizeHint().width())
        action.setText(text)
        button.setFixedWidth(max(widths))

    def set_scene_title(self, title: str) -> None:
        """Say which scene is open."""
        shown = title if len(title) <= 24 else title[:23] + "…"
        self._scene_title = shown.replace("&", "&&")
        self._fit()
        self.scene_button.setAccessibleName(f"Scene: {title}")

    def set_transport(self, transport: Transport) -> None:
        """Show how the stream is being watched."""
        if self._running != transport.running:
            self._running = transport.running
            self._draw_icons()
        self._actions["run"].setText("Pause" if transport.running else "Run")
        self._buttons["run"].setAccessibleName(self._actions["run"].text())
        self._actions["freeze"].setChecked(transport.frozen)
        self.speed.set_place(SPEED.place(transport.speed))
        self.speed.say(spoken.Value(spoken_value(SPEED, transport.speed), transport.speed, *SPEED.typical))
        self.speed_label.setText(
            "as fast as possible" if transport.speed == float("inf") else write_rate(transport.speed)
        )

    def _speed_moved(self, place: float, final: bool) -> None:
        speed = SPEED.value_at(place)
        self.wished.emit("speed", speed if speed == float("inf") else float(f"{speed:.2g}"), final)
