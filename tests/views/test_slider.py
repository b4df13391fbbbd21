"""A slider that a hand, the arrow keys and the wheel can move, and that nobody else moves under the hand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFontDatabase, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.views.controls.slider import STEPS, Slider
from gumbelviz.views.look import FONT, THEMES, Look, load_fonts

# The platform without a screen says this of every window that is sized.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
Moves = list[tuple[float, bool]]


@pytest.fixture(autouse=True)
def type_and_style(qapp: QApplication) -> None:
    if qapp.style().name() != "fusion":
        qapp.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        load_fonts()


@pytest.fixture
def slider(qtbot: QtBot) -> Iterator[Slider]:
    """A slider in a window, beside a field that can have the focus instead."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    made = Slider("Temperature")
    column.addWidget(QLineEdit())
    column.addWidget(made)
    made.set_look(Look())
    window.resize(260, 120)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield made
    # Until here the window must live, and nobody else holds it.
    window.hide()


@pytest.fixture
def moves(slider: Slider) -> Moves:
    made: Moves = []
    slider.moved.connect(lambda place, final: made.append((place, final)))
    return made


def at(slider: Slider, place: float) -> QPoint:
    """The pixel where the knob stands for `place`."""
    left, right = slider._ends()
    return QPoint(round(left + place * (right - left)), slider.height() // 2)


def drag(slider: Slider, *places: float) -> None:
    points = [at(slider, place) for place in places]
    QTest.mousePress(slider, LEFT, NO_KEYS, points[0])
    for point in points[1:]:
        QTest.mouseMove(slider, point)
    QTest.mouseRelease(slider, LEFT, NO_KEYS, points[-1])


@pytest.mark.parametrize("place", [0.0, 0.2, 0.5, 0.77, 1.0])
def test_a_press_takes_the_knob_to_the_pointer(slider: Slider, moves: Moves, place: float) -> None:
    QTest.mousePress(slider, LEFT, NO_KEYS, at(slider, place))
    left, right = slider._ends()
    assert moves[0][0] == pytest.approx(place, abs=1 / (right - left))
    assert moves[0][1] is False
    assert slider.knob_center().x() == pytest.approx(at(slider, place).x(), abs=1.0)
    QTest.mouseRelease(slider, LEFT, NO_KEYS, at(slider, place))
    assert moves[-1][1] is True


def test_the_ends_are_exact_and_reached_from_beyond(slider: Slider, moves: Moves) -> None:
    QTest.mouseClick(slider, LEFT, NO_KEYS, QPoint(0, 10))
    QTest.mouseClick(slider, LEFT, NO_KEYS, QPoint(slider.width() - 1, 10))
    assert [place for place, final in moves if final] == [0.0, 1.0]


def test_a_drag_says_when_it_ends(slider: Slider, moves: Moves) -> None:
    drag(slider, 0.2, 0.4, 0.6, 0.8)
    assert [final for _, final in moves] == [False, False, False, False, True]
    assert [place for place, _ in moves] == pytest.approx([0.2, 0.4, 0.6, 0.8, 0.8], abs=0.01)


def test_only_the_left_button_moves_it(slider: Slider, moves: Moves) -> None:
    QTest.mouseClick(slider, Qt.MouseButton.RightButton, NO_KEYS, at(slider, 0.9))
    assert moves == []
    assert slider.value() == 0


def test_a_move_without_a_press_is_nothing(slider: Slider, moves: Moves) -> None:
    QTest.mouseMove(slider, at(slider, 0.9))
    assert moves == []


def test_what_is_shown_is_not_told(slider: Slider, moves: Moves) -> None:
    for place in (0.0, 0.3, 1.0):
        slider.set_place(place)
        assert slider.value() == round(place * STEPS)
        assert slider.knob_center().x() == pytest.approx(at(slider, place).x(), abs=1.0)
    assert moves == []


def test_a_held_knob_stays_under_the_hand(slider: Slider) -> None:
    QTest.mousePress(slider, LEFT, NO_KEYS, at(slider, 0.3))
    slider.set_place(0.9)
    assert slider.knob_center().x() == pytest.approx(at(slider, 0.3).x(), abs=1.0)
    QTest.mouseMove(slider, at(slider, 0.4))
    slider.set_place(0.0)
    QTest.mouseRelease(slider, LEFT, NO_KEYS, at(slider, 0.4))
    assert slider.knob_center().x() == pytest.approx(at(slider, 0.4).x(), abs=1.0)
    slider.set_place(0.9)
    assert slider.value() == 900


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        (Key.Key_Right, 0.51), (Key.Key_Up, 0.51), (Key.Key_Left, 0.49), (Key.Key_Down, 0.49),
        (Key.Key_PageUp, 0.6), (Key.Key_PageDown, 0.4), (Key.Key_Home, 0.0), (Key.Key_End, 1.0),
    ],
)  # fmt: skip
def test_keys_step_it(slider: Slider, moves: Moves, key: Key, wanted: float) -> None:
    slider.set_place(0.5)
    slider.setFocus()
    QTest.keyClick(slider, key)
    assert [final for _, final in moves] == [True]
    assert moves[0][0] == pytest.approx(wanted)


def test_keys_stop_at_the_ends(slider: Slider, moves: Moves) -> None:
    slider.setFocus()
    slider.set_place(1.0)
    QTest.keyClick(slider, Key.Key_PageUp)
    slider.set_place(0.0)
    QTest.keyClick(slider, Key.Key_Left)
    assert {place for place, _ in moves} <= {0.0, 1.0}


def override(slider: Slider, key: Key, modifier: Qt.KeyboardModifier = NO_KEYS) -> bool:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
    event.ignore()
    QApplication.sendEvent(slider, event)
    return event.isAccepted()


def test_arrow_keys_are_taken_from_the_window(slider: Slider) -> None:
    """They are shortcuts of the window elsewhere, and a shortcut would win over the slider that has the focus."""
    for key in (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End, Key.Key_PageUp):
        assert override(slider, key), key
    for key in (Key.Key_Space, Key.Key_F11, Key.Key_F):
        assert not override(slider, key), key
    assert not override(slider, Key.Key_Right, Qt.KeyboardModifier.ControlModifier)


def focus_the_field(slider: Slider) -> None:
    field = slider.window().findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    assert not slider.hasFocus()


def wheel(slider: Slider, degrees: int) -> bool:
    where = QPointF(at(slider, 0.5))
    event = QWheelEvent(
        where, slider.mapToGlobal(where), QPoint(), QPoint(0, 8 * degrees), Qt.MouseButton.NoButton, NO_KEYS,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(slider, event)
    return event.isAccepted()


def test_a_wheel_over_it_does_nothing_without_the_focus(slider: Slider, moves: Moves) -> None:
    slider.set_place(0.5)
    focus_the_field(slider)
    assert not wheel(slider, 15)
    assert moves == []
    assert slider.value() == 500


def test_a_wheel_moves_it_with_the_focus(slider: Slider, moves: Moves) -> None:
    slider.set_place(0.5)
    slider.setFocus()
    assert wheel(slider, 15)
    assert wheel(slider, 15)
    places = [place for place, final in moves if final]
    assert len(places) == 2
    assert 0.5 < places[0] < places[1] < 0.7


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("zoom", [0.75, 1.0, 2.0])
def test_it_is_painted_in_every_look(slider: Slider, theme: str, zoom: float) -> None:
    slider.set_look(Look(THEMES[theme], zoom))
    slider.window().resize(400, 200)
    slider.set_place(0.5)
    QApplication.processEvents()
    image = slider.grab().toImage()
    middle = slider.height() // 2
    look = Look(THEMES[theme], zoom)
    # Full of accent on the left of the knob, the track's colour on the right.
    assert image.pixelColor(at(slider, 0.2).x(), middle) == look.color("accent")
    assert image.pixelColor(at(slider, 0.8).x(), middle) == look.color("track")
    assert slider.height() == look.px(26)


def test_focus_place_and_being_disabled_can_be_seen(slider: Slider) -> None:
    focus_the_field(slider)
    slider.set_place(0.5)
    pictures = [slider.grab().toImage()]
    slider.setFocus()
    pictures.append(slider.grab().toImage())
    slider.set_place(0.6)
    pictures.append(slider.grab().toImage())
    slider.setEnabled(False)
    pictures.append(slider.grab().toImage())
    for one, other in itertools.combinations(pictures, 2):
        assert one != other


def test_screen_readers_know_it(slider: Slider) -> None:
    assert slider.accessibleName() == "Temperature"
    assert slider.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_it_can_be_narrow(qtbot: QtBot) -> None:
    narrow = Slider("Narrow")
    qtbot.addWidget(narrow)
    narrow.set_look(Look())
    narrow.resize(8, 26)
    narrow.grab()
    moves: Moves = []
    narrow.moved.connect(lambda place, final: moves.append((place, final)))
    QTest.mouseClick(narrow, LEFT, NO_KEYS, QPoint(4, 4))
    assert all(0.0 <= place <= 1.0 for place, _ in moves)
