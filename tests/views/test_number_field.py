"""A field for one number: what it takes, what it refuses, and when it holds its tongue."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.views.controls.number_field import NumberField
from gumbelviz.views.look import FONT, load_fonts

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Key = Qt.Key


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


class Bench:
    """A field in a window with a place to go to, and what the field said."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.field = NumberField("Temperature", 2, lambda value, by: value + 0.5 * by, 0.0)
        self.button = QPushButton("elsewhere")
        column = QVBoxLayout(self.window)
        column.addWidget(self.button)
        column.addWidget(self.field)
        self.entered: list[float] = []
        self.refused: list[str] = []
        self.field.entered.connect(self.entered.append)
        self.field.refused.connect(self.refused.append)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.button.setFocus()
        self.field.set_value(1.5)

    def type(self, text: str) -> None:
        self.field.setFocus()
        self.field.selectAll()
        if text.isascii():
            QTest.keyClicks(self.field, text)
        else:
            # QTest has only the keys of an English keyboard.
            self.field.insert(text)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.5, "1.50"), (0.0, "0"), (math.inf, "∞"), (-2.0, "−2.00"), (1e-9, "1.0e−9"), (0.004, "0.004"),
        (123_456.0, "123,456.00"),
    ],
)  # fmt: skip
def test_it_shows_what_it_is_given(bench: Bench, value: float, text: str) -> None:
    bench.field.set_value(value)
    assert bench.field.text() == text
    assert bench.entered == []


def test_only_an_exact_limit_reads_as_a_bare_zero(qtbot: QtBot) -> None:
    """The temperature 0 is the hard choice; 0.001 is not, however it is rounded."""
    field = NumberField("Temperature", 2, None, 0.0)
    qtbot.addWidget(field)
    texts = []
    for value in (0.0, 1e-4, 1e-12, 0.0049):
        field.set_value(value)
        texts.append(field.text())
    assert len(set(texts)) == 4
    assert "0" not in texts[1:]
    assert not {"0.00", "0.0"} & set(texts)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", 2.0), ("0", 0.0), ("inf", math.inf), ("∞", math.inf), ("-inf", -math.inf), ("−2,5", -2.5), ("-1", -1.0),
        ("1e-3", 0.001), (" 7 ", 7.0), ("50%", 0.5), ("1,000.5", 1000.5),
    ],
)  # fmt: skip
def test_it_takes_numbers_as_people_write_them(bench: Bench, text: str, value: float) -> None:
    bench.type(text)
    QTest.keyClick(bench.field, Key.Key_Return)
    assert bench.entered == [value]
    assert bench.refused == []


@pytest.mark.parametrize("text", ["abc", "", "nan", "1 2", "0x10", "--", "1_0"])
def test_it_refuses_what_is_no_number_and_shows_the_old_one(bench: Bench, text: str) -> None:
    bench.type(text or " ")
    QTest.keyClick(bench.field, Key.Key_Return)
    assert bench.entered == []
    assert bench.refused == [f"“{text}” is not a number."]
    assert bench.field.text() == "1.50"


def test_a_number_is_said_once(bench: Bench) -> None:
    """Enter finishes it, and leaving the field afterwards does not finish it again."""
    bench.type("3")
    QTest.keyClick(bench.field, Key.Key_Return)
    bench.button.setFocus()
    assert bench.entered == [3.0]


def test_leaving_the_field_finishes_the_number(bench: Bench) -> None:
    bench.type("3")
    bench.button.setFocus()
    assert bench.entered == [3.0]


def test_looking_in_changes_nothing(bench: Bench) -> None:
    """The field shows more figures to whoever types; going away again must not round the value."""
    bench.field.set_value(0.123456)
    assert bench.field.text() == "0.12"
    bench.field.setFocus()
    assert bench.field.text() == "0.123456"
    QTest.keyClick(bench.field, Key.Key_Return)
    bench.button.setFocus()
    assert bench.entered == []
    assert bench.field.text() == "0.12"


def test_tab_selects_the_whole_number(bench: Bench) -> None:
    QTest.keyClick(bench.button, Key.Key_Tab)
    assert bench.field.hasFocus()
    assert bench.field.selectedText() == bench.field.text() == "1.5"


def test_escape_gives_up_the_number_and_the_focus(bench: Bench) -> None:
    bench.type("9")
    QTest.keyClick(bench.field, Key.Key_Escape)
    assert not bench.field.hasFocus()
    assert bench.field.text() == "1.50"
    assert bench.entered == []
    assert bench.refused == []


@pytest.mark.parametrize(
    ("key", "value"), [(Key.Key_Up, 2.0), (Key.Key_Down, 1.0), (Key.Key_PageUp, 6.5), (Key.Key_PageDown, -3.5)]
)
def test_arrow_keys_step(bench: Bench, key: Key, value: float) -> None:
    bench.field.setFocus()
    QTest.keyClick(bench.field, key)
    assert bench.entered == [value]


def test_steps_add_up_where_the_store_answers(bench: Bench) -> None:
    bench.field.entered.connect(bench.field.set_value)
    bench.field.setFocus()
    for _ in range(3):
        QTest.keyClick(bench.field, Key.Key_Up)
    assert bench.entered == [2.0, 2.5, 3.0]
    assert float(bench.field.text()) == 3.0


def test_without_steps_arrow_keys_do_nothing(qtbot: QtBot) -> None:
    field = NumberField("Seed")
    qtbot.addWidget(field)
    entered: list[float] = []
    field.entered.connect(entered.append)
    QTest.keyClick(field, Key.Key_Up)
    assert entered == []


def test_news_does_not_overwrite_what_is_being_typed(bench: Bench) -> None:
    bench.type("12")
    bench.field.set_value(99.0)
    assert bench.field.text() == "12"
    QTest.keyClick(bench.field, Key.Key_Return)
    assert bench.entered == [12.0]
    # Until then it was a person's; now it is the store's again.
    bench.field.set_value(99.0)
    bench.button.setFocus()
    assert bench.field.text() == "99.00"


def test_a_refusal_of_the_store_shows_the_old_number(bench: Bench) -> None:
    """The store says no by showing what it had."""
    bench.field.entered.connect(lambda _value: bench.field.set_value(1.5))
    bench.type("-4")
    QTest.keyClick(bench.field, Key.Key_Return)
    bench.button.setFocus()
    assert bench.field.text() == "1.50"


def test_screen_readers_know_it(bench: Bench) -> None:
    assert bench.field.accessibleName() == "Temperature"
