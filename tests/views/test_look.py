"""The look: colours that can be read, sizes that grow together, type that has every sign the interface uses."""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontDatabase,
    QFontInfo,
    QFontMetricsF,
    QImage,
    QPalette,
    QRawFont,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

import resources
from gumbelviz.app.actions import COMMANDS
from gumbelviz.app.library import BUILT_IN, load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end
from gumbelviz.app.words import fill_note
from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.frame import Agreement, Frame, Verdict
from gumbelviz.model.numbers import write_number, write_percent, write_rate, write_short
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.model.words import describe_agreement, describe_draw
from gumbelviz.views import look as look_module
from gumbelviz.views.controls.stage_title import StageTitle
from gumbelviz.views.look import (
    FONT,
    HATCHES,
    MARKERS,
    THEMES,
    Look,
    Theme,
    bold_family,
    dress,
    formula,
    formula_ascent,
    load_fonts,
    mix,
    palette,
    stylesheet,
)
from gumbelviz.views.pages.option_menu import COLOR_NAMES
from gumbelviz.views.pages.pipeline import TEMPERATURE_MARKS
from gumbelviz.views.plots.rows import RowChart

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
TOP = Path(__file__).parents[2]
EVERY_THEME = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.id)
FONTS = ("Inter-Regular.otf", "Inter-SemiBold.otf")
PREFER_DEFAULT = QFont.HintingPreference.PreferDefaultHinting
FORMULAS = ("scores", "noise", "noisy", "hard", "soft", "family", "density", "distribution", "inverse", "other",
            "distance", "scaled-scores", "scaled-noise")  # fmt: skip
ROUNDS = 7 * len(HATCHES)


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


def luminance(color: QColor) -> float:
    """Relative luminance, as WCAG 2.1 defines it."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(one: str | QColor, other: str | QColor) -> float:
    lighter, darker = sorted((luminance(QColor(one)), luminance(QColor(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    # The grey that WCAG's own understanding document calls the lightest that passes on white.
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777", "#FFFFFF") < 4.5


@EVERY_THEME
@pytest.mark.parametrize("ground", ["window", "card"])
@pytest.mark.parametrize("ink", ["ink", "quiet", "good", "bad", "accent"])
def test_words_can_be_read(theme: Theme, ground: str, ink: str) -> None:
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("ground", ["window", "card", "wash"])
@pytest.mark.parametrize("ink", ["ink", "quiet", "good", "bad", "accent"])
def test_words_of_the_contrast_theme_can_be_read_by_weak_eyes(ground: str, ink: str) -> None:
    """WCAG 2.1 level AAA asks for 7 to 1."""
    theme = THEMES["contrast"]
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= 7.0
    assert contrast(theme.on_accent, theme.accent) >= 7.0


@EVERY_THEME
def test_words_can_be_read_on_buttons_and_on_the_winner(theme: Theme) -> None:
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.ink, theme.wash) >= 4.5
    assert contrast(theme.quiet, theme.wash) >= 4.5


@EVERY_THEME
def test_marks_stand_out_from_the_card(theme: Theme) -> None:
    look = Look(theme)
    for place in range(ROUNDS):
        assert contrast(look.option_color(place), theme.card) >= 3.0, place
    assert contrast(theme.accent, theme.card) >= 3.0


@EVERY_THEME
def test_colours_are_seven_and_distinct(theme: Theme) -> None:
    assert len({QColor(color).rgb() for color in theme.palette}) == 7
    look = Look(theme)
    known_by = {
        (look.option_color(place).rgb(), look.option_brush(place).style(), look.marker(place))
        for place in range(ROUNDS)
    }
    assert len(known_by) == ROUNDS
    # Without colour the marker tells the first seven apart, and later rounds have stripes.
    assert len({look.marker(place) for place in range(7)}) == 7
    assert len({look.option_brush(7 * i).style() for i in range(len(HATCHES))}) == len(HATCHES)
    assert look.option_color(ROUNDS) == look.option_color(0)


@EVERY_THEME
def test_colours_are_written_so_that_qt_reads_them(theme: Theme) -> None:
    look = Look(theme)
    for name in ("window", "card", "line", "track", "ink", "quiet", "accent", "on_accent", "wash", "good", "bad"):
        assert look.color(name).isValid()
        assert look.color(name).name().upper() == getattr(theme, name).upper()


def test_the_themes_are_those_of_the_menus_and_the_command_line() -> None:
    from gumbelviz.app.arguments import THEMES as ON_THE_COMMAND_LINE

    assert set(THEMES) == set(ON_THE_COMMAND_LINE)
    in_menus = {command.id.removeprefix("theme ") for command in COMMANDS if command and command.group == "theme"}
    assert in_menus == set(THEMES) | {"system"}


@EVERY_THEME
def test_one_factor_drives_type_lengths_and_lines(theme: Theme) -> None:
    small, large = Look(theme, 1.0), Look(theme, 2.0)
    assert large.px(15) == 2 * small.px(15)
    assert large.font(15).pixelSize() == 2 * small.font(15).pixelSize()
    assert large.pen("ink", 2.0).widthF() == pytest.approx(2 * small.pen("ink", 2.0).widthF())
    assert small.px(0.01) == 1
    assert Look(theme, 0.5).pen("ink", 1.0).widthF() == pytest.approx(max(0.5 * theme.stroke, 1.0))
    assert small.pen("ink", 2.0).isCosmetic()


def test_bold_is_another_cut_of_the_type() -> None:
    """Asked for by weight alone, some systems find the regular cut only, and nothing in the window is bold."""
    load_fonts()
    for words in ("Scores", "Temperature", "Agrees with theory"):
        wide = [QFontMetricsF(Look().font(40, bold)).horizontalAdvance(words) for bold in (False, True)]
        assert wide[1] > 1.02 * wide[0]


def test_a_lecture_is_larger_and_bolder() -> None:
    desk, lecture = Look(THEMES["light"]), Look(THEMES["lecture"])
    assert lecture.px(100) > desk.px(100)
    assert lecture.pen("ink", 2.0).widthF() > desk.pen("ink", 2.0).widthF()


def test_type_is_ours_and_its_figures_are_equally_wide() -> None:
    for bold in (False, True):
        font = Look().font(40, bold=bold)
        assert QFontInfo(font).family() == (bold_family() if bold else FONT)
        assert font.weight() == (QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        metrics = QFontMetricsF(font)
        widths = [metrics.horizontalAdvance(digit * 10) for digit in "0123456789"]
        # Hinting may move an edge by a fraction of a pixel; without tabular figures a 1 is a third narrower.
        assert max(widths) - min(widths) < 0.01 * max(widths)


def test_mixing_is_opaque_and_ends_where_it_should() -> None:
    red, blue, white = QColor("#FF0000"), QColor("#0000FF"), QColor("#FFFFFF")
    assert mix([red], white, 1.0) == red
    assert mix([red], white, 0.0) == white
    assert mix([red, blue], white, 1.0).getRgb() == (128, 0, 128, 255)
    assert mix([red], white, 0.5).getRgb() == (255, 128, 128, 255)
    for theme in THEMES.values():
        pale = Look(theme).pale((0, 1, 2))
        assert pale.alpha() == 255
        assert pale not in (QColor(theme.card), Look(theme).option_color(0))


@EVERY_THEME
def test_no_role_is_left_to_fusion(theme: Theme) -> None:
    made = palette(Look(theme))
    roles = [role for role in QPalette.ColorRole if role.name not in ("NoRole", "NColorRoles")]
    left = [role.name for role in roles if not made.isBrushSet(QPalette.ColorGroup.Active, role)]
    assert left == []
    ink, ground = made.color(QPalette.ColorRole.Text), made.color(QPalette.ColorRole.Base)
    assert contrast(ink, ground) >= 4.5
    shown = made.color(QPalette.ColorRole.ToolTipText), made.color(QPalette.ColorRole.ToolTipBase)
    assert contrast(*shown) >= 4.5
    disabled = made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled != ink


@EVERY_THEME
@pytest.mark.parametrize("zoom", [0.75, 1.0, 3.0])
def test_the_style_sheet_is_one_that_qt_reads(qtbot: QtBot, theme: Theme, zoom: float) -> None:
    """Qt warns of a sheet that it cannot parse, and a warning fails the test."""
    look = Look(theme, zoom)
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    label = QLabel("read")
    parts: dict[QWidget, str] = {
        QPushButton("press"): "primary", QToolButton(): "segment", QLineEdit("type"): "", label: "quiet",
        QFrame(): "card",
    }  # fmt: skip
    for part, role in parts.items():
        part.setProperty("role", role)
        column.addWidget(part)
    holder.setStyleSheet(stylesheet(look))
    holder.resize(200, 200)
    holder.show()
    holder.grab()
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(theme.quiet)
    assert label.font().pixelSize() == look.px(14)
    assert "{{" not in stylesheet(look)
    assert "None" not in stylesheet(look)


def test_dressing_reaches_everything_that_draws_itself(qtbot: QtBot) -> None:
    class Part(QWidget):
        worn: Look | None = None

        def set_look(self, look: Look) -> None:
            self.worn = look

    outer, between, inner = Part(), QWidget(), Part()
    qtbot.addWidget(outer)
    between.setParent(outer)
    inner.setParent(between)
    look = Look(THEMES["dark"], 1.5)
    dress(outer, look)
    assert outer.worn is look
    assert inner.worn is look


# Formulas ---------------------------------------------------------------------------------------------------


def test_every_formula_that_is_asked_for_is_there_and_none_is_left_over() -> None:
    assert {name.removesuffix(".svg") for name in resources.names("formulas")} == set(FORMULAS)


def ink_of(image: QImage) -> tuple[int, QColor]:
    """How many pixels have ink, and the colour of the one with the most."""
    best, alpha, inked = QColor(), 0, 0
    for y, x in itertools.product(range(image.height()), range(image.width())):
        color = image.pixelColor(x, y)
        inked += color.alpha() > 0
        if color.alpha() > alpha:
            best, alpha = color, color.alpha()
    return inked, best


@EVERY_THEME
@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_is_drawn_in_the_quiet_ink(theme: Theme, name: str) -> None:
    look = Look(theme)
    pixmap, extent = formula(name, look, 18, 1.0)
    assert (pixmap.width(), pixmap.height()) == (extent.width(), extent.height())
    inked, color = ink_of(pixmap.toImage())
    assert inked > 0.04 * extent.width() * extent.height()
    assert inked < 0.75 * extent.width() * extent.height()
    wanted = look.color("quiet")
    assert max(abs(a - b) for a, b in zip(color.getRgb()[:3], wanted.getRgb()[:3], strict=True)) <= 3  # type: ignore[index]
    assert 0.0 < formula_ascent(name, look, 18) <= extent.height() + 1


def test_a_formula_follows_size_zoom_and_the_density_of_the_screen() -> None:
    plain, extent = formula("soft", Look(), 18)
    sharp, same = formula("soft", Look(), 18, 2.0)
    assert extent == same
    assert sharp.width() == 2 * plain.width()
    assert sharp.devicePixelRatio() == 2.0
    _, zoomed = formula("soft", Look(zoom=2.0), 18)
    assert zoomed.width() == pytest.approx(2 * extent.width(), abs=2)
    assert formula_ascent("soft", Look(zoom=2.0)) == pytest.approx(2 * formula_ascent("soft", Look()))
    assert formula("soft", Look(), 18)[0] is plain


# Type -------------------------------------------------------------------------------------------------------


class Type:
    """The signs that both weights of the bundled type have, asked of the files themselves: Qt would substitute."""

    def __init__(self) -> None:
        self._fonts = []
        for name in FONTS:
            font = QRawFont()
            font.loadFromData(QByteArray(resources.read_bytes("fonts", name)), 16.0, PREFER_DEFAULT)
            assert font.isValid()
            self._fonts.append(font)

    def __contains__(self, sign: str) -> bool:
        return all(font.supportsCharacter(ord(sign)) for font in self._fonts)


@pytest.fixture
def covered(qapp: QApplication) -> Type:
    return Type()


def missing(texts: set[str], covered: Type) -> dict[str, str]:
    """The signs that no glyph exists for, each with a text that it stands in."""
    signs = {sign: text for text in texts for sign in text if sign.isprintable()}
    return {sign: text for sign, text in signs.items() if sign not in covered}


def test_a_missing_sign_would_be_noticed(covered: Type) -> None:
    assert missing({"z + \N{SNOWMAN}"}, covered) == {"\N{SNOWMAN}": "z + \N{SNOWMAN}"}
    assert missing({"abc"}, covered) == {}


def test_qt_finds_the_glyphs_that_the_files_have() -> None:
    for bold in (False, True):
        raw = QRawFont.fromFont(Look().font(15, bold=bold))
        assert raw.familyName() == (bold_family() if bold else FONT)
        for sign in "A−∞τμβχ²→·“”…✓◆éß":
            assert raw.supportsCharacter(ord(sign)), (bold, sign)


def texts_of(widget: QWidget) -> set[str]:
    """Every string that this widget shows, or tells to a screen reader."""
    texts = {widget.toolTip(), widget.windowTitle(), widget.accessibleName(), widget.accessibleDescription()}
    if isinstance(widget, QAbstractButton | QLabel | QLineEdit):
        texts.add(widget.text())
    if isinstance(widget, QLineEdit):
        texts.add(widget.placeholderText())
    if isinstance(widget, QMenu):
        texts.add(widget.title())
    if isinstance(widget, StageTitle):
        texts.add(widget._words)
    if isinstance(widget, RowChart):
        texts |= {widget.caption, widget.remark}
        texts |= {text for row in widget._rows for text in (row.name, row.text, row.remark)}
    for action in widget.actions():
        texts |= texts_of_action(action)
    return texts


def texts_of_action(action: QAction) -> set[str]:
    keys = {key.toString(key.SequenceFormat.NativeText) for key in action.shortcuts()}
    return {action.text(), action.toolTip(), action.statusTip(), *keys}


@pytest.fixture
def still_windows(qapp: QApplication) -> Iterator[list[Program]]:
    """The window on every scene, without an engine thread."""
    programs = [Program(load_builtin(scene_id), "light") for scene_id in BUILT_IN]
    for program in programs:
        program.show_still(100)
    yield programs
    for program in programs:
        end(qapp, program)


def test_the_type_covers_every_string_of_the_window(still_windows: list[Program], covered: Type) -> None:
    texts: set[str] = set()
    for program in still_windows:
        program.wish("temperature", -1.0)
        texts.add(program.window.message)
        for widget in (program.window, *program.window.findChildren(QWidget)):
            texts |= texts_of(widget)
    assert "Scores" in texts
    assert "temperature τ" in {text.lower() for text in texts}
    assert len(texts) > 150
    assert missing(texts, covered) == {}


def frames() -> Iterator[tuple[Settings, Frame]]:
    inf = math.inf
    rows: tuple[tuple[list[float], dict[str, object]], ...] = (
        ([0.0], {}),
        ([3.0, 2.5], {"temperature": 0.0}),
        ([3.0, 2.5], {"temperature": inf}),
        ([0.0, -inf], {"temperature": 1e-9}),
        ([0.0, 1.0, 2.0, -5e5], {"location": -1e6, "scale": 1e6}),
        ([0.1 * i for i in range(1000)], {"scale": 1e-6}),
    )
    for logits, fields in rows:
        settings = make_settings(logits, None, **fields)
        simulation = Simulation(settings)
        for draws in (0, 1, 20_000):
            simulation.advance(draws)
            yield settings, simulation.frame()


def test_the_type_covers_the_sentences_about_draws_and_runs(covered: Type) -> None:
    texts = {describe_draw(settings, frame.draw) for settings, frame in frames()}
    texts |= {word for _, frame in frames() for word in describe_agreement(frame.agreement)}
    verdicts: tuple[Verdict, ...] = get_args(Verdict)
    for verdict in verdicts:
        texts |= set(describe_agreement(Agreement(1.0, math.nan, 1e-5, verdict)))
    for value in (0.0, 1.5, -1.5, 1e9, -1e9, 1e-9, math.inf, -math.inf, math.nan, 123_456.0):
        texts |= {write_number(value), write_short(value), write_percent(value)}
    texts |= {write_rate(10.0**power) for power in range(12)}
    assert any("✓" in text for text in texts)
    assert any("∞" in text for text in texts)
    assert missing(texts, covered) == {}


def test_the_type_covers_the_notes(covered: Type) -> None:
    for scene_id in BUILT_IN:
        scene: Scene = load_builtin(scene_id)
        frame = Simulation(scene.settings).frame(index=0)
        words = fill_note(scene.note, scene.settings, frame)
        assert missing({words, scene.title}, covered) == {}


def constants(path: Path) -> set[str]:
    """Every string in a source file but the docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    strings = {id(node): node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            strings.pop(id(node.value), None)
    return {value for value in strings.values() if isinstance(value, str)}


def test_the_type_covers_every_string_in_the_source(covered: Type) -> None:
    """Complaints and dialogs are not all on the screen at once: their words are read where they are written."""
    sources = sorted(path for room in ("views", "app", "model") for path in (TOP / "gumbelviz" / room).rglob("*.py"))
    assert len(sources) > 30
    texts = set[str]().union(*(constants(path) for path in sources))
    assert any("Nothing was lost" in text for text in texts)
    assert missing(texts, covered) == {}
    assert missing({*COLOR_NAMES, *(words for _, words in TEMPERATURE_MARKS)}, covered) == {}


def test_no_widget_carries_a_colour_of_its_own() -> None:
    """Colours live in the look; elsewhere a hash and six digits, or a named colour of Qt, would be a leak."""
    allowed = {Path(look_module.__file__).name}
    for path in sorted((TOP / "gumbelviz" / "views").rglob("*.py")):
        if path.name in allowed:
            continue
        for text in constants(path):
            assert not QColor.isValidColorName(text) or not text.startswith("#"), (path.name, text)
        code = path.read_text("utf-8")
        named = {f"GlobalColor.{color.name}" for color in Qt.GlobalColor if color.name != "transparent"}
        assert not [name for name in named if name in code], path.name


def test_markers_have_one_shape_each() -> None:
    assert len(set(MARKERS)) == len(MARKERS) == 7
