"""Label, slider and field of one parameter: the two ends of the temperature, and steps that lead everywhere."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.model.parameters import LOCATION, SCALE, TEMPERATURE, Parameter
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.look import FONT, THEMES, Look, dress, load_fonts
from gumbelviz.views.pages.pipeline import TEMPERATURE_MARKS

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


class Bench:
    """A row in a window. Like the store it answers a wish by showing the new value."""

    def __init__(self, qtbot: QtBot, parameter: Parameter, value: float) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        is_temperature = parameter is TEMPERATURE
        self.row = ParameterRow(parameter, strong=is_temperature, marks=TEMPERATURE_MARKS if is_temperature else ())
        self.elsewhere = QLineEdit()
        column = QVBoxLayout(self.window)
        column.addWidget(self.elsewhere)
        column.addWidget(self.row)
        dress(self.row, Look())
        self.wishes: list[tuple[str, object, bool]] = []
        self.row.wished.connect(lambda *wish: self.wishes.append(wish))
        self.row.wished.connect(self._answer)
        self.row.set_value(value)
        self.window.resize(320, 140)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.elsewhere.setFocus()

    def _answer(self, name: str, value: object, final: bool) -> None:
        if isinstance(value, float):
            self.row.set_value(value)

    @property
    def values(self) -> list[float]:
        return [value for _, value, _ in self.wishes if isinstance(value, float)]

    def press(self, key: Key, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(self.row._field, key)


@pytest.fixture
def temperature(qtbot: QtBot) -> Bench:
    return Bench(qtbot, TEMPERATURE, 1.0)


MakeBench = Callable[[Parameter, float], Bench]


@pytest.fixture
def make_bench(qtbot: QtBot) -> MakeBench:
    return lambda parameter, value: Bench(qtbot, parameter, value)


def test_the_ends_of_the_temperature_are_exactly_0_and_infinity(temperature: Bench) -> None:
    slider = temperature.row._slider
    QTest.mouseClick(slider, LEFT, NO_KEYS, QPoint(1, 10))
    assert temperature.wishes[-1] == ("temperature", 0.0, True)
    assert temperature.row._field.text() == "0"
    QTest.mouseClick(slider, LEFT, NO_KEYS, QPoint(slider.width() - 2, 10))
    assert temperature.wishes[-1] == ("temperature", math.inf, True)
    assert temperature.row._field.text() == "∞"


def test_home_and_end_reach_the_ends_too(temperature: Bench) -> None:
    temperature.row._slider.setFocus()
    QTest.keyClick(temperature.row._slider, Key.Key_Home)
    QTest.keyClick(temperature.row._slider, Key.Key_End)
    assert temperature.values == [0.0, math.inf]


@pytest.mark.parametrize(("text", "value"), [("0", 0.0), ("inf", math.inf), ("∞", math.inf), ("0.25", 0.25)])
def test_the_ends_can_be_typed(temperature: Bench, text: str, value: float) -> None:
    field = temperature.row._field
    field.setFocus()
    field.selectAll()
    if text.isascii():
        QTest.keyClicks(field, text)
    else:
        field.insert(text)
    QTest.keyClick(field, Key.Key_Return)
    assert temperature.wishes == [("temperature", value, True)]


@pytest.mark.parametrize("parameter", [TEMPERATURE, LOCATION, SCALE], ids=lambda parameter: parameter.id)
def test_no_place_of_the_slider_is_without_meaning(make_bench: MakeBench, parameter: Parameter) -> None:
    bench = make_bench(parameter, parameter.default)
    slider = bench.row._slider
    for x in range(0, slider.width(), 3):
        QTest.mouseClick(slider, LEFT, NO_KEYS, QPoint(x, 10))
    values = bench.values
    assert all(parameter.check(value) == value for value in values)
    assert all(not math.isnan(value) for value in values)
    assert values == sorted(values)
    low, high = parameter.typical
    assert values[0] == (low if parameter.low_limit is None else parameter.low_limit)
    assert values[-1] == (high if parameter.high_limit is None else parameter.high_limit)


def test_dragged_values_are_short(make_bench: MakeBench) -> None:
    """Three figures for what is spaced by factors, two decimals for the rest."""
    for parameter in (TEMPERATURE, SCALE, LOCATION):
        bench = make_bench(parameter, parameter.default)
        slider = bench.row._slider
        QTest.mousePress(slider, LEFT, NO_KEYS, QPoint(slider.width() // 3, 10))
        QTest.mouseMove(slider, QPoint(slider.width() // 2 + 3, 10))
        QTest.mouseRelease(slider, LEFT, NO_KEYS, QPoint(slider.width() // 2 + 3, 10))
        assert [final for _, _, final in bench.wishes] == [False, False, True]
        for value in bench.values:
            assert value == (round(value, 2) if parameter is LOCATION else float(f"{value:.3g}"))


def test_what_is_shown_is_not_wished_for(temperature: Bench) -> None:
    for value in (0.0, 0.01, 0.5, 7.0, 100.0, 1e9, math.inf, 1e-9):
        temperature.row.set_value(value)
    assert temperature.wishes == []


def test_a_held_knob_is_not_moved_by_news(temperature: Bench) -> None:
    slider = temperature.row._slider
    point = QPoint(slider.width() // 3, 10)
    QTest.mousePress(slider, LEFT, NO_KEYS, point)
    temperature.row.set_value(50.0)
    assert slider.knob_center().x() == pytest.approx(point.x(), abs=1.0)
    assert temperature.row._field.text() == "50.00"
    QTest.mouseRelease(slider, LEFT, NO_KEYS, point)


def test_what_is_no_number_is_complained_of(temperature: Bench) -> None:
    field = temperature.row._field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "warm")
    QTest.keyClick(field, Key.Key_Return)
    assert temperature.wishes == [("complain", "“warm” is not a number.", True)]
    assert field.text() == "1.00"


def test_escape_gives_the_number_up(temperature: Bench) -> None:
    field = temperature.row._field
    field.setFocus()
    QTest.keyClicks(field, "8")
    QTest.keyClick(field, Key.Key_Escape)
    assert temperature.wishes == []
    assert field.text() == "1.00"


@pytest.mark.parametrize("start", [0.0, 0.01, 0.5, 100.0, math.inf])
def test_arrow_keys_lead_from_end_to_end(make_bench: MakeBench, start: float) -> None:
    """Step by step, from wherever it stands, both limits are reached, and left again."""
    bench = make_bench(TEMPERATURE, start)
    bench.row._field.setFocus()
    bench.press(Key.Key_Down, 130)
    assert bench.values[-1] == 0.0
    bench.wishes.clear()
    bench.press(Key.Key_Up, 130)
    assert bench.values[-1] == math.inf
    rising = bench.values
    assert rising == sorted(rising)
    assert len(set(rising)) > 80
    bench.wishes.clear()
    bench.press(Key.Key_Down)
    assert math.isfinite(bench.values[-1])


@pytest.mark.parametrize("parameter", [TEMPERATURE, SCALE], ids=lambda parameter: parameter.id)
@pytest.mark.parametrize("value", [1e-3, 0.05, 1.0, 30.0, 1e5])
def test_up_is_more_and_down_is_less(make_bench: MakeBench, parameter: Parameter, value: float) -> None:
    """Also outside the range of the slider, where numbers can be typed."""
    for key, sign in ((Key.Key_Up, 1), (Key.Key_Down, -1), (Key.Key_PageUp, 1), (Key.Key_PageDown, -1)):
        bench = make_bench(parameter, value)
        bench.row._field.setFocus()
        bench.press(key)
        assert sign * bench.values[-1] > sign * value, key
        parameter.check(bench.values[-1])


def test_a_location_steps_by_tenths(make_bench: MakeBench) -> None:
    bench = make_bench(LOCATION, 0.0)
    bench.row._field.setFocus()
    bench.press(Key.Key_Up, 3)
    bench.press(Key.Key_Down)
    bench.press(Key.Key_PageDown)
    assert bench.values == pytest.approx([0.1, 0.2, 0.3, 0.2, -0.8])


@pytest.mark.parametrize("narrow", [False, True])
def test_the_label_says_what_it_is(temperature: Bench, make_bench: MakeBench, narrow: bool) -> None:
    location = make_bench(LOCATION, 0.0)
    for bench, whole in ((temperature, "Temperature τ"), (location, "location μ")):
        bench.row.set_narrow(narrow)
        words = bench.row.findChildren(QLabel)[0].text()
        assert whole.endswith(words[-1])
        assert (words == whole) != narrow
        assert bench.row.label_width() > 0


def test_every_part_explains_itself(temperature: Bench) -> None:
    row = temperature.row
    for part in (row._slider, row._field):
        assert "emperature" in part.accessibleName()
        assert part.toolTip() == TEMPERATURE.help
    assert row._slider.accessibleDescription() == TEMPERATURE.help


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("zoom", [0.75, 1.0, 2.0])
@pytest.mark.parametrize("width", [90, 160, 320, 700])
def test_the_numbers_under_the_slider_do_not_touch(
    temperature: Bench, monkeypatch: pytest.MonkeyPatch, theme: str, zoom: float, width: int
) -> None:
    from gumbelviz.views.controls import parameter_row

    drawn: list[tuple[int, float, str]] = []

    class Noting(parameter_row.QPainter):  # type: ignore[misc,name-defined]
        def drawText(self, *args: object) -> None:
            x, _, text = args
            assert isinstance(x, int)
            drawn.append((x, self.fontMetrics().horizontalAdvance(text), str(text)))
            super().drawText(*args)

    monkeypatch.setattr(parameter_row, "QPainter", Noting)
    row = temperature.row
    dress(row, Look(THEMES[theme], zoom))
    row.setParent(None)
    row.resize(round(width * zoom), round(120 * zoom))
    row.show()
    drawn.clear()
    row.grab()
    marks = row._marks
    assert marks is not None
    words = [text for _, _, text in drawn]
    # The two limits are always there.
    assert words[0] == "0 hard"
    assert words[-1] == "∞ flat"
    assert drawn[0][0] >= 0
    assert drawn[-1][0] + drawn[-1][1] <= marks.width() + 1
    if width >= 160:
        for (x, wide, _), (following, _, _) in itertools.pairwise(drawn):
            assert x + wide < following
    row.hide()
    row.setParent(temperature.window)
