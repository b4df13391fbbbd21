"""The one place for colours, fonts, pens and sizes. A widget asks here; none carries a style of its own."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QWidget

FONT = "Inter"
_BOLD_FAMILIES = ("Inter Semi Bold", "Inter SemiBold")
_OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
_ON_WHITE = ("#0072B2", "#C27F00", "#009E73", "#CC79A7", "#2E8FC5", "#D55E00", "#9C8B00")
"""Okabe-Ito, with orange, sky blue and yellow darkened to stand out 3 : 1 from white."""
ON_HEAT, MARK_ON_HEAT = "#1B1036", "#FFFFFF"
"""Pale marks with a dark ring, on the colours of a density, which are the same in all themes."""
SHEETS = {"black": "#000000", "white": "#FFFFFF"}
"""What covers the whole screen when a lecture pauses."""
HATCHES = (
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.DiagCrossPattern,
    Qt.BrushStyle.VerPattern,
)
"""One round of the palette each: the eighth option has the colour of the first, and stripes."""
MARKERS = ("circle", "square", "triangle", "diamond", "pentagon", "down", "star")


@dataclass(frozen=True, slots=True)
class Theme:
    """A set of colours and weights.

    `stroke` and `text` multiply line widths and type sizes; `pale` is how much of an option's colour is left
    in a filled area.
    """

    id: str
    dark: bool
    window: str
    card: str
    line: str
    track: str
    ink: str
    quiet: str
    accent: str
    on_accent: str
    wash: str
    good: str
    bad: str
    palette: tuple[str, ...]
    pale: float
    stroke: float = 1.0
    text: float = 1.0


LIGHT = Theme(
    "light", False, "#F6F7F9", "#FFFFFF", "#DFE3E8", "#DDE1E7", "#1B2430", "#5B6675", "#2457D6", "#FFFFFF",
    "#FFF7E0", "#0B7A48", "#B3261E", _ON_WHITE, 0.32,
)  # fmt: skip
DARK = Theme(
    "dark", True, "#14181F", "#1C222C", "#2C3542", "#2C3542", "#E8ECF2", "#9AA6B5", "#7AA2FF", "#10151C",
    "#3A331C", "#4CCB8F", "#FF8A80", _OKABE_ITO, 0.42,
)  # fmt: skip
PRINT = replace(LIGHT, id="print", window="#FFFFFF", quiet="#47525F")
"""For pictures on paper and in slides: on white. Not a theme of the window."""
CONTRAST = Theme(
    "contrast", True, "#000000", "#000000", "#FFFFFF", "#5C5C5C", "#FFFFFF", "#F2F2F2", "#FFE14D", "#000000",
    "#2B2500", "#7CFFB2", "#FFB3AD",
    ("#5CB8FF", "#FFB000", "#2EE6A8", "#FF9BD6", "#B9E8FF", "#FF8A4D", "#FFF36B"), 0.45, stroke=1.5,
)  # fmt: skip
"""Text at least 7 : 1, every line and mark at least 4.5 : 1, borders that are not hinted at but drawn."""
LECTURE = replace(LIGHT, id="lecture", window="#FFFFFF", quiet="#3F4957", stroke=1.6, text=1.2)
THEMES = {theme.id: theme for theme in (LIGHT, DARK, LECTURE, CONTRAST)}


@dataclass(frozen=True)
class Look:
    """A theme at a size: one scale factor drives fonts, pens and markers together.

    `calm` asks for reduced motion: nothing glides or falls. `ratio` is for pictures that are made for a file: so many
    dots of the file for a pixel, and what is painted in pixels is painted in as many more.
    """

    theme: Theme = LIGHT
    zoom: float = 1.0
    calm: bool = False
    ratio: float = 1.0

    def px(self, size: float) -> int:
        """A length in screen pixels."""
        return max(round(size * self.zoom * self.theme.text), 1)

    def font(self, size: float = 15, bold: bool = False) -> QFont:
        """The program's type, with figures of equal width so that running numbers do not jitter."""
        return _font(self.px(size), bold)

    def color(self, name: str) -> QColor:
        """A colour of the theme by its field name."""
        return QColor(getattr(self.theme, name))

    def option_color(self, place: int) -> QColor:
        """The colour of the option at `place` in the palette; later rounds are shades of the first."""
        palette = self.theme.palette
        color = QColor(palette[place % len(palette)])
        rounds = place // len(palette) % len(HATCHES)
        if rounds:
            color = color.lighter(100 + 22 * rounds) if self.theme.dark else color.darker(100 + 18 * rounds)
        return color

    def option_brush(self, place: int) -> QBrush:
        """A fill for the option: plain in the first round of the palette, striped later."""
        return QBrush(self.option_color(place), HATCHES[place // len(self.theme.palette) % len(HATCHES)])

    def marker(self, place: int) -> str:
        """The marker shape that goes with the colour."""
        return MARKERS[place % len(MARKERS)]

    def pale(self, places: tuple[int, ...], strength: float | None = None) -> QColor:
        """An opaque area colour: the mean of these options' colours, mixed into the card.

        Transparency would look the same and costs ten times as much to paint.
        """
        share = self.theme.pale if strength is None else strength
        share += 0.06 * (len(places) - 1)
        return mix([self.option_color(place) for place in places], self.color("card"), min(share, 0.75))

    def pen(self, name: str, width: float = 1.0) -> QPen:
        """A line in a colour of the theme."""
        return self.line(self.color(name), width)

    def line(self, color: QColor, width: float = 1.0) -> QPen:
        """A line in any colour, its width following zoom and theme, and counted in pixels at any scale."""
        pen = QPen(color, max(width * self.zoom * self.theme.stroke, 1.0))
        pen.setCosmetic(True)
        return pen


def bold_family() -> str:
    """The family that holds the bold weight: some systems file it under a name of its own."""
    known = QFontDatabase.families()
    return next((family for family in _BOLD_FAMILIES if family in known), FONT)


@functools.cache
def _font(pixels: int, bold: bool) -> QFont:
    font = QFont(bold_family() if bold else FONT)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def mix(colors: list[QColor], ground: QColor, share: float) -> QColor:
    """The mean of `colors`, of which `share` is left over `ground`; opaque."""

    def channel(values: list[int], under: int) -> int:
        return round(share * sum(values) / len(values) + (1.0 - share) * under)

    return QColor(
        channel([c.red() for c in colors], ground.red()),
        channel([c.green() for c in colors], ground.green()),
        channel([c.blue() for c in colors], ground.blue()),
    )


def load_fonts() -> None:
    """Make the bundled type known to Qt; without a system font text would be boxes."""
    import resources

    for name in ("Inter-Regular.otf", "Inter-SemiBold.otf"):
        if QFontDatabase.addApplicationFontFromData(QByteArray(resources.read_bytes("fonts", name))) < 0:
            raise RuntimeError(f"The bundled font {name} could not be read.")
    _font.cache_clear()


def window_icon() -> QIcon:
    """Our own icon: small sizes drawn for small sizes."""
    import resources

    icon = QIcon()
    for name in resources.names("icons"):
        if name.endswith(".png"):
            pixmap = QPixmap()
            pixmap.loadFromData(resources.read_bytes("icons", name))
            icon.addPixmap(pixmap)
    return icon


def palette(look: Look) -> QPalette:
    """A full Qt palette: Fusion falls back to its own greys for every role that is left out."""
    theme = look.theme
    roles = QPalette.ColorRole
    colors = {
        roles.Window: theme.window, roles.WindowText: theme.ink, roles.Base: theme.card,
        roles.AlternateBase: theme.window, roles.Text: theme.ink, roles.Button: theme.card,
        roles.ButtonText: theme.ink, roles.BrightText: theme.bad, roles.ToolTipBase: theme.card,
        roles.ToolTipText: theme.ink, roles.Highlight: theme.accent, roles.HighlightedText: theme.on_accent,
        roles.Accent: theme.accent, roles.Link: theme.accent, roles.LinkVisited: theme.accent,
        roles.PlaceholderText: theme.quiet, roles.Light: theme.card, roles.Midlight: theme.line,
        roles.Mid: theme.line, roles.Dark: theme.quiet, roles.Shadow: theme.quiet,
    }  # fmt: skip
    result = QPalette()
    for role, color in colors.items():
        result.setColor(role, QColor(color))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, mix([QColor(theme.ink)], QColor(theme.window), 0.45))
    return result


def stylesheet(look: Look) -> str:
    """The style of every standard widget, made from the theme alone."""
    t, px = look.theme, look.px
    bold = f"font-family: '{bold_family()}'; font-weight: 600;"
    return f"""
    * {{ font-family: {FONT}; font-size: {px(15)}px; }}
    QMainWindow, QDialog, QMessageBox {{ background: {t.window}; color: {t.ink}; }}
    QLabel {{ color: {t.ink}; background: transparent; }}
    QLabel[role="quiet"] {{ color: {t.quiet}; font-size: {px(14)}px; }}
    QLabel[role="small"] {{ color: {t.quiet}; font-size: {px(13)}px; }}
    QLabel[role="row"] {{ color: {t.quiet}; font-size: {px(12.5)}px; letter-spacing: {px(1)}px; }}
    QLabel[role="stage"] {{ font-size: {px(18)}px; {bold} }}
    QLabel[role="strong"] {{ {bold} }}
    QLabel[role="good"] {{ color: {t.good}; {bold} }}
    QLabel[role="bad"] {{ color: {t.bad}; {bold} }}
    QMenuBar {{ background: {t.card}; color: {t.ink}; padding: {px(2)}px {px(6)}px; }}
    QMenuBar::item {{ padding: {px(4)}px {px(9)}px; border-radius: {px(6)}px; background: transparent; }}
    QMenuBar::item:selected {{ background: {t.window}; }}
    QMenu {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.line}; padding: {px(4)}px; }}
    QMenu::item {{ padding: {px(6)}px {px(26)}px {px(6)}px {px(22)}px; border-radius: {px(5)}px; }}
    QMenu::item:selected {{ background: {t.accent}; color: {t.on_accent}; }}
    QMenu::item:disabled {{ color: {t.quiet}; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: {px(4)}px {px(8)}px; }}
    QFrame[role="strip"] {{ background: {t.card}; border: none; border-bottom: 1px solid {t.line}; }}
    QFrame[role="foot"] {{ background: {t.card}; border: none; border-top: 1px solid {t.line}; }}
    QFrame[role="note"] {{ background: {t.wash}; border: none; border-top: 1px solid {t.line}; }}
    QFrame[role="alarm"] {{ background: {t.card}; border: none; border-top: 2px solid {t.bad}; }}
    QFrame[role="card"] {{ background: {t.card}; border: 1px solid {t.line}; border-radius: {px(10)}px; }}
    QFrame[role="card"][lit="true"] {{ border: 2px solid {t.accent}; }}
    QFrame[role="look"] {{ background: {t.wash}; border: 1px solid {t.line}; border-radius: {px(10)}px; }}
    QFrame[role="segments"] {{ background: {t.window}; border-radius: {px(8)}px; }}
    QPushButton, QToolButton {{
        background: {t.card}; color: {t.ink}; border: 1px solid {t.line}; border-radius: {px(6)}px;
        padding: {px(5)}px {px(11)}px; min-height: {px(20)}px; }}
    QPushButton:hover, QToolButton:hover {{ border-color: {t.quiet}; }}
    QPushButton:focus, QToolButton:focus {{ border: 2px solid {t.accent}; padding: {px(5) - 1}px {px(11) - 1}px; }}
    QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked {{ background: {t.window}; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {t.quiet}; }}
    QPushButton::menu-indicator, QToolButton::menu-indicator {{ image: none; width: 0px; }}
    *[role="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; {bold} }}
    *[role="primary"]:hover {{ border-color: {t.ink}; }}
    *[role="primary"]:focus {{ border: 2px solid {t.ink}; }}
    *[role="primary"]:pressed {{ background: {t.accent}; }}
    *[role="segment"] {{ border: none; background: transparent; color: {t.quiet}; padding: {px(3)}px {px(9)}px;
        font-size: {px(14)}px; border-radius: {px(5)}px; min-height: {px(18)}px; }}
    *[role="segment"]:checked {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.line}; }}
    *[role="segment"]:focus {{ border: 2px solid {t.accent}; padding: {px(3) - 2}px {px(9) - 2}px; }}
    *[role="nav"] {{ border: 1px solid transparent; background: transparent; color: {t.quiet}; text-align: left;
        padding: {px(5)}px {px(11)}px; }}
    *[role="nav"]:hover {{ color: {t.ink}; }}
    *[role="nav"]:checked {{ background: {t.card}; color: {t.ink}; border-color: {t.line}; {bold} }}
    *[role="nav"]:focus {{ border: 2px solid {t.accent}; padding: {px(5) - 1}px {px(11) - 1}px; }}
    *[role="compact"] {{ font-size: {px(14)}px; padding: {px(3)}px {px(9)}px; min-height: {px(18)}px; }}
    *[role="compact"]:checked {{ color: {t.accent}; border-color: {t.accent}; }}
    *[role="compact"]:focus {{ padding: {px(3) - 1}px {px(9) - 1}px; }}
    *[role="link"] {{ border: none; background: transparent; color: {t.quiet}; padding: {px(2)}px {px(6)}px; }}
    *[role="link"]:hover {{ color: {t.ink}; }}
    *[role="link"]:focus {{ border: 2px solid {t.accent}; padding: {px(2)}px {px(6) - 2}px; }}
    QFrame[role="question"] {{ background: {t.card}; border: none; border-left: 2px solid {t.line}; }}
    QFrame[role="question"][below="true"] {{ border: none; border-top: 2px solid {t.line}; }}
    *[role="answer"] {{ border: 2px solid {t.line}; border-radius: {px(8)}px; padding: 0px; min-height: 0px; }}
    *[role="answer"]:hover {{ border-color: {t.quiet}; }}
    *[role="answer"]:checked {{ border-color: {t.accent}; background: {t.wash}; }}
    *[role="answer"]:focus {{ border: 3px solid {t.accent}; padding: 0px; }}
    *[role="reveal"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; {bold}
        font-size: {px(18)}px; padding: {px(9)}px {px(20)}px; border-radius: {px(8)}px; }}
    *[role="reveal"]:focus {{ border: 3px solid {t.ink}; padding: {px(9) - 2}px {px(20) - 2}px; }}
    QLabel[role="lecture strong"] {{ font-size: {px(22)}px; {bold} }}
    QLabel[role="lecture clock"] {{ font-size: {px(38)}px; {bold} }}
    QLabel[role="lecture quiet"] {{ color: {t.quiet}; font-size: {px(16)}px; }}
    QWidget#speaker {{ background: {t.window}; }}
    QLineEdit {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.line}; border-radius: {px(6)}px;
        padding: {px(2)}px {px(6)}px; selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
    QLineEdit[role="strong"] {{ font-size: {px(17)}px; {bold} }}
    QLineEdit:hover {{ border-color: {t.quiet}; }}
    QLineEdit:focus {{ border: 2px solid {t.accent}; padding: {px(2) - 1}px {px(6) - 1}px; }}
    QLineEdit[wrong="true"] {{ border: 2px solid {t.bad}; }}
    QToolTip {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.line}; padding: {px(5)}px;
        font-size: {px(14)}px; }}
    QTableView, QListWidget {{ background: {t.card}; alternate-background-color: {t.window}; color: {t.ink};
        border: 1px solid {t.line}; border-radius: {px(8)}px; padding: 1px; outline: none; gridline-color: {t.line};
        selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
    QTableView:focus, QListWidget:focus {{ border: 2px solid {t.accent}; padding: 0px; }}
    QTableView::item {{ padding: 0px {px(8)}px; }}
    QListWidget::item {{ padding: {px(6)}px {px(8)}px; border-radius: {px(5)}px; }}
    QListWidget::item:selected {{ background: {t.wash}; color: {t.ink}; }}
    QHeaderView, QHeaderView::section {{ background: {t.card}; color: {t.quiet}; font-size: {px(14)}px; border: none; }}
    QHeaderView::section {{ border-bottom: 1px solid {t.line}; padding: {px(5)}px {px(8)}px; }}
    QLabel[role="key"] {{ background: {t.window}; border: 1px solid {t.line}; border-radius: {px(5)}px;
        padding: {px(2)}px {px(7)}px; font-size: {px(13)}px; }}
    QListWidget[role="list"] {{ background: {t.card}; border: 1px solid {t.line}; border-radius: {px(8)}px;
        padding: {px(4)}px; outline: none; }}
    QScrollArea {{ border: none; background: transparent; }}
    QScrollBar:vertical {{ width: {px(10)}px; background: transparent; }}
    QScrollBar:horizontal {{ height: {px(10)}px; background: transparent; }}
    QScrollBar::handle {{ background: {t.track}; border-radius: {px(4)}px; min-height: {px(30)}px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0px; height: 0px; }}
    """


def showcase_style(look: Look) -> str:
    """The same for a few parts that have a whole page to themselves: cards without lines around them."""
    border = max(look.px(2), 2)
    return f"""{stylesheet(look)}
    QFrame[role="card"] {{ border: {border}px solid {look.theme.card}; }}
    QFrame[role="card"][lit="true"] {{ border: {border}px solid {look.theme.accent}; }}
    """


@functools.cache
def _formula_source(name: str) -> str:
    import resources

    return resources.read_text("formulas", f"{name}.svg")


@functools.lru_cache(64)
def formula(name: str, look: Look, size: float = 18, ratio: float = 1.0) -> tuple[QPixmap, QSize]:
    """A typeset formula in the quiet ink, and its size in screen pixels; `size` is that of the type beside it."""
    from PySide6.QtSvg import QSvgRenderer

    source = _formula_source(name).replace('"black"', f'"{look.theme.quiet}"')
    renderer = QSvgRenderer(QByteArray(source.encode()))
    # The pictures were typeset at 24.
    factor = look.px(size) / 24.0
    natural = renderer.viewBoxF()
    extent = QSize(max(round(natural.width() * factor), 1), max(round(natural.height() * factor), 1))
    pixmap = QPixmap(extent * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, extent.width(), extent.height()))
    painter.end()
    return pixmap, extent


@functools.cache
def _formula_top(name: str) -> float:
    from PySide6.QtSvg import QSvgRenderer

    return QSvgRenderer(QByteArray(_formula_source(name).encode())).viewBoxF().top()


def paint_formula(painter: QPainter, corner: QPointF, name: str, look: Look, size: float, ratio: float) -> None:
    """Paint a formula with its left upper corner at `corner`; as shapes, sharp at any size, where it is for a file."""
    if look.ratio == 1.0:
        painter.drawPixmap(corner, formula(name, look, size, ratio)[0])
        return
    from PySide6.QtSvg import QSvgRenderer

    source = _formula_source(name).replace('"black"', f'"{look.theme.quiet}"')
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(corner, formula(name, look, size, ratio)[1]))


def formula_ascent(name: str, look: Look, size: float = 18) -> float:
    """How far a formula reaches above its base line, in screen pixels."""
    return -_formula_top(name) * look.px(size) / 24.0


def dress(widget: QWidget, look: Look) -> None:
    """Hand `look` to `widget` and to everything in it that draws itself."""
    # From the inside out: what holds others measures them.
    for part in reversed((widget, *widget.findChildren(QWidget))):
        wear = getattr(part, "set_look", None)
        if wear is not None:
            wear(look)
