"""The menu of one option: what can be done to it, with the same words everywhere."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from gumbelviz.model.settings import Settings
from gumbelviz.views.look import Look
from gumbelviz.views.plots.markers import draw_marker

Wish = Callable[[str, object, bool], object]
PALETTE_SIZE = 14
COLOR_NAMES = ("Blue", "Orange", "Green", "Pink", "Sky blue", "Vermilion", "Yellow")


def show_option_menu(
    parent: QWidget,
    look: Look,
    settings: Settings,
    place: int,
    where: QPoint,
    wish: Wish,
    ranked: tuple[str, Callable[[], object]] | None = None,
) -> None:
    """Open the menu of the option at `place`; in a list by rank with the entry `ranked` in place of moving it."""
    option, count = settings.options[place], len(settings.options)
    masked = option.logit == -math.inf
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _add_colors(menu.addMenu("Colour"), look, option.color, place, wish)
    if ranked is not None:
        menu.addAction(*ranked)
    else:
        up = menu.addAction("Move up", lambda: wish("move", (place, place - 1), True))
        up.setEnabled(place > 0)
        down = menu.addAction("Move down", lambda: wish("move", (place, place + 1), True))
        down.setEnabled(place < count - 1)
    menu.addSeparator()
    mask = menu.addAction(
        "Unmask" if masked else "Mask (never chosen)",
        lambda: wish("logit", (place, 0.0 if masked else -math.inf), True),
    )
    mask.setEnabled(masked or sum(z > -math.inf for z in settings.logits) > 1)
    remove = menu.addAction("Remove", lambda: wish("remove", place, True))
    remove.setEnabled(count > 1)
    menu.popup(where)


def choose_color(parent: QWidget, look: Look, settings: Settings, place: int, wish: Wish) -> None:
    """Open the palette under the pointer."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _add_colors(menu, look, settings.options[place].color, place, wish)
    menu.popup(QCursor.pos())


def _add_colors(menu: QMenu, look: Look, present: int, place: int, wish: Wish) -> None:
    for color in range(PALETTE_SIZE):
        name = COLOR_NAMES[color % len(COLOR_NAMES)]
        text = name if color < len(COLOR_NAMES) else f"{name}, striped"
        action = menu.addAction(_swatch(look, color), text)
        action.setCheckable(True)
        action.setChecked(color == present)
        action.triggered.connect(lambda _checked=False, color=color: wish("color", (place, color), True))


def _swatch(look: Look, color: int) -> QIcon:
    size = look.px(18)
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        draw_marker(painter, look, color, QPointF(size / 2, size / 2), 0.36 * size)
    return QIcon(pixmap)
