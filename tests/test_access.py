"""What somebody who cannot see the pictures, or use a mouse, gets from the program.

Always: Qt's own accessible tree, offscreen, over every page and part. With ``--long``: the same tree as a screen
reader gets it, over AT-SPI from the running program.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.app.library import load_builtin
from gumbelviz.app.program import Program
from gumbelviz.app.start import end, make_application
from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.study import Moment, make_study
from gumbelviz.model.parameters import PARAMETERS
from gumbelviz.model.scene import Page
from gumbelviz.views import spoken
from gumbelviz.views.controls.parameter_row import ParameterRow
from gumbelviz.views.controls.slider import Slider
from gumbelviz.views.pages.table import PAGES

TOP = Path(__file__).parent.parent
PARTS: dict[Page, tuple[str, tuple[str, ...]]] = {
    "noise": ("noise view", ("curves", "inverse", "other", "scales")),
    "temperature": ("temperature tab", ("panels", "curves", "annealing")),
    "gradients": ("gradient tab", ("estimators", "switch", "table")),
    "learning": ("learning task", ("robot", "bit", "router")),
}
"""The wish that brings a part of a page to the front, and the parts."""
EVERYWHERE: list[tuple[Page, str]] = [
    (row.id, part) for row in PAGES for part in PARTS.get(row.id, ("", ("",)))[1]
]


def text_of(widget: QWidget, kind: QAccessible.Text) -> str:
    """What a screen reader is given."""
    return QAccessible.queryAccessibleInterface(widget).text(kind)


def reachable(window: QWidget) -> list[QWidget]:
    """What is on the screen and takes the keyboard."""
    parts = [part for part in window.findChildren(QWidget) if part.isVisible()]
    return [part for part in parts if part.focusPolicy() != Qt.FocusPolicy.NoFocus and not isinstance(part, QMenu)]


def nameless(window: QWidget) -> list[str]:
    """Which of them have no name."""
    return [
        f"{type(part).__name__} in {type(part.parentWidget()).__name__}"
        for part in reachable(window)
        if not text_of(part, QAccessible.Text.Name)
    ]


def show(program: Program, page: Page, draws: int = 2_000) -> None:
    """Show a page after some draws, with what its study finds within half a second."""
    program.store.watch(running=False)
    program.store.turn(page)
    program.open_pages()
    settings = program.store.state.settings
    simulation = Simulation(settings)
    simulation.advance(draws)
    frame = simulation.frame(program.store.state.revision)
    study = make_study(page, settings)
    if study is not None:
        moment, start = Moment(frame.draws, frame.draw.index, running=False, hurried=True), time.monotonic()
        while study.busy(moment) and time.monotonic() - start < 0.5:
            study.work(moment, lambda: False)
        frame = replace(frame, study=study.report(moment))
    program._draw(frame)
    program._speak(frame)
    program.teller.tell()


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Program]:
    application = make_application()
    program = Program(load_builtin("movie-night"), theme="light")
    program.window.resize(1600, 900)
    program.window.show()
    yield program
    end(application, program)


@pytest.mark.parametrize(("page", "part"), EVERYWHERE, ids=[f"{page} {part}".strip() for page, part in EVERYWHERE])
def test_everything_on_every_page_has_a_name_and_every_picture_a_sentence(
    opened: Program, page: Page, part: str
) -> None:
    if part:
        opened.wish(PARTS[page][0], part)
        if page == "learning":
            opened.wish("learning steps", 20.0)
    show(opened, page)
    assert nameless(opened.window) == []
    shown = opened.pager.page
    assert shown is not None
    tables = {table.id: table for table in opened.teller.tables()}
    pictures = [(name, widget) for name, widgets in shown.pictures().items() for widget in widgets]
    visible = [(name, widget) for name, widget in pictures if widget.isVisible()]
    assert visible
    for name, widget in visible:
        assert text_of(widget, QAccessible.Text.Name), name
        words = text_of(widget, QAccessible.Text.Description)
        assert words.startswith(tables[name].sentence), name
        assert any(letter.isdigit() for letter in tables[name].sentence), name
    for slider in (part for part in reachable(opened.window) if isinstance(part, Slider)):
        value = text_of(slider, QAccessible.Text.Value)
        assert slider.spoken is not None
        assert value == slider.spoken.words != "", slider.accessibleName()
        assert QAccessible.queryAccessibleInterface(slider).valueInterface().currentValue() == slider.spoken.number


def tab_order(window: QWidget) -> list[QWidget]:
    """What Tab comes to, in this order."""
    found: list[QWidget] = []
    part = window.nextInFocusChain()
    while part is not None and part is not window:
        if part.isVisible() and part.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(part)
        part = part.nextInFocusChain()
    return found


@pytest.mark.parametrize(("page", "part"), EVERYWHERE, ids=[f"{page} {part}".strip() for page, part in EVERYWHERE])
def test_tab_comes_to_the_controls_of_a_column_from_above(opened: Program, page: Page, part: str) -> None:
    """Where two things stand one above the other in the column on the left, Tab comes to the upper one first."""
    if part:
        opened.wish(PARTS[page][0], part)
    show(opened, page)
    shown = opened.pager.page
    assert shown is not None
    places = [
        widget.mapTo(shown, widget.rect().center()) for widget in tab_order(opened.window) if shown.isAncestorOf(widget)
    ]
    left = [place.y() for place in places if place.x() < 0.18 * shown.width()]
    # Things side by side may be as high as each other, or nearly so.
    assert all(after > before - 40 for before, after in itertools.pairwise(left)), left


def test_a_button_without_a_name_is_found(opened: Program) -> None:
    show(opened, "pipeline")
    assert nameless(opened.window) == []
    button = QPushButton(opened.window.centralWidget())
    button.show()
    assert nameless(opened.window) == ["QPushButton in QWidget"]


def test_every_command_of_the_menus_has_a_name(opened: Program) -> None:
    for action in opened.window.menuBar().actions():
        menu = action.menu()
        assert isinstance(menu, QMenu)
        assert action.text()
        for entry in menu.actions():
            assert entry.isSeparator() or entry.text().replace("&", "")


@pytest.mark.parametrize(
    ("id", "value", "words"),
    [
        ("temperature", 0.5, "0.5"), ("temperature", 0.0, "0, the hard choice"),
        ("temperature", math.inf, "infinity, every option gets the same share"), ("temperature", 0.0123, "0.0123"),
        ("location", -1.5, "−1.5"), ("scale", 1.0, "1"), ("speed", 30.0, "30 draws per second"),
        ("speed", 1.0, "1 draw per second"), ("speed", math.inf, "as fast as possible"),
    ],
)  # fmt: skip
def test_a_slider_says_its_value_not_its_place(qtbot: QtBot, id: str, value: float, words: str) -> None:
    row = ParameterRow(PARAMETERS[id])
    qtbot.addWidget(row)
    row.set_value(value)
    reader = QAccessible.queryAccessibleInterface(row._slider)
    assert reader.role() == QAccessible.Role.Slider
    assert reader.text(QAccessible.Text.Value) == words
    assert reader.text(QAccessible.Text.Description).startswith(words)
    assert reader.valueInterface().currentValue() == value
    asked: list[tuple[object, ...]] = []
    row.wished.connect(lambda *wish: asked.append(wish))
    reader.valueInterface().setCurrentValue(0.25)
    assert asked == [(id, 0.25, True)]


def test_a_screen_reader_can_turn_pages(opened: Program, qtbot: QtBot) -> None:
    show(opened, "pipeline")
    tabs = {tab.text(): tab for tab in opened.window.toolbar._page_tabs.values()}
    action = QAccessible.queryAccessibleInterface(tabs["Noise"]).actionInterface()
    assert "Press" in action.actionNames()
    action.doAction("Press")
    qtbot.waitUntil(lambda: opened.store.state.page == "noise", timeout=5_000)
    toggle = QAccessible.queryAccessibleInterface(tabs["Simplex"]).actionInterface()
    assert toggle.actionNames()[0] == "Toggle"
    toggle.doAction("Toggle")
    assert opened.store.state.page == "simplex"
    assert tabs["Simplex"].isChecked()


def test_interfaces_of_sliders_come_and_go(qtbot: QtBot) -> None:
    make_application()
    for round in range(200):
        slider = Slider(f"Slider {round}")
        slider.say(spoken.Value("half", 0.5, 0.0, 1.0))
        assert text_of(slider, QAccessible.Text.Value) == "half"
        slider.deleteLater()
        del slider
        QApplication.sendPostedEvents(None, 52)  # deferred deletions
    one = Slider("one")
    qtbot.addWidget(one)
    assert text_of(one, QAccessible.Text.Name) == "one"
    # Those of widgets that are gone are let go.
    assert len(spoken._kept) < 150


# When things are told.


def test_sentences_wait_until_the_run_pauses(opened: Program, qtbot: QtBot) -> None:
    opened.start()
    qtbot.waitUntil(lambda: opened.teller._told is not None, timeout=20_000)
    page = opened.pager.page
    assert page is not None
    wins = page.pictures()["wins"][0]
    first = wins.accessibleDescription()
    frame = opened._frame
    assert frame is not None
    drawn = frame.draws
    qtbot.waitUntil(lambda: opened._frame is not None and opened._frame.draws > drawn + 1000, timeout=20_000)
    qtbot.wait(500)
    assert wins.accessibleDescription() == first
    opened.run()
    qtbot.waitUntil(lambda: wins.accessibleDescription() != first, timeout=20_000)
    last = opened._frame
    assert last is not None
    assert f"{last.draws:,} draws" in wins.accessibleDescription()


def test_the_keyboard_is_told_at_once_where_it_is(opened: Program, qtbot: QtBot) -> None:
    opened.start()
    qtbot.waitUntil(lambda: opened.teller._told is not None, timeout=20_000)
    page = opened.pager.page
    assert page is not None
    bars = page.pictures()["noise"][0]
    spoken.tell(bars, "old")
    opened.window.activateWindow()
    bars.setFocus()
    qtbot.waitUntil(lambda: "Noise of draw" in bars.accessibleDescription(), timeout=5_000)
    assert "Up and Down choose a bar" in bars.accessibleDescription()


# The program as a screen reader finds it. ----------------------------------------------------------------------

_PLACES = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
LAUNCHER = next((place for place in _PLACES if Path(place).exists()), None)
READER = "/usr/bin/python3"
WALK = r'''
import json, sys, time
import pyatspi

def find():
    end = time.time() + 40
    while time.time() < end:
        for application in pyatspi.Registry.getDesktop(0):
            if application is not None and "gumbelviz" in (application.name or "").lower():
                return application
        time.sleep(0.3)
    sys.exit("no program on the accessibility bus")

def value(node):
    try:
        found = node.queryValue()
        return [found.minimumValue, found.currentValue, found.maximumValue]
    except NotImplementedError:
        return None

def walk(node, path):
    states = node.getState()
    yield {"role": node.getRoleName(), "name": node.name, "description": node.description, "path": path,
           "showing": states.contains(pyatspi.STATE_SHOWING), "focusable": states.contains(pyatspi.STATE_FOCUSABLE),
           "value": value(node)}
    for place in range(node.childCount):
        child = node.getChildAtIndex(place)
        if child is not None:
            yield from walk(child, path + [node.getRoleName()])

def press(node, name, menu):
    for child in (node.getChildAtIndex(i) for i in range(node.childCount)):
        if child is None:
            continue
        entry = "menu item" in child.getRoleName()
        if child.name == name and (entry if menu else child.getState().contains(pyatspi.STATE_SHOWING)):
            action = child.queryAction()
            names = [action.getName(i).lower() for i in range(action.nActions)]
            action.doAction(names.index("press") if "press" in names else 0)
            return True
        if press(child, name, menu):
            return True
    return False

program = find()
for line in sys.stdin:
    order = json.loads(line)
    if order["do"] == "walk":
        answer = [entry for entry in walk(program, [])]
    else:
        answer = press(program, order["name"], order["menu"])
    print(json.dumps(answer), flush=True)
'''


def can_read() -> bool:
    """Tell whether there is a bus, a screen and a client on this machine."""
    if LAUNCHER is None or any(shutil.which(tool) is None for tool in ("Xvfb", "dbus-run-session", READER)):
        return False
    return subprocess.run([READER, "-c", "import pyatspi"], capture_output=True, check=False).returncode == 0


class Reader:
    """A client on the accessibility bus, in a session of its own with a screen of its own."""

    def __init__(self, folder: Path) -> None:
        script = folder / "walk.py"
        script.write_text(WALK)
        session = folder / "session.sh"
        # One session bus for the launcher, the program and the client; all of them end with it.
        session.write_text(
            "exec 3>&1\n"
            f"{LAUNCHER} --launch-immediately >/dev/null 2>&1 & launcher=$!\n"
            "sleep 1\n"
            f"{sys.executable} main.py movie-night > {folder}/program.txt 2>&1 & program=$!\n"
            f"{READER} {script} 2> {folder}/reader.txt\n"
            "kill $program; wait $program; kill $launcher\n"
        )
        reading, writing = os.pipe()
        self.screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1740x980x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=[writing], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as file:
            number = file.readline().strip()
        environment = os.environ | {
            "DISPLAY": f":{number}", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
            environment.pop(name, None)
        self.session = subprocess.Popen(
            ["dbus-run-session", "--", "bash", str(session)], cwd=TOP, env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def ask(self, **order: object) -> Any:
        assert self.session.stdin is not None
        assert self.session.stdout is not None
        self.session.stdin.write(json.dumps(order) + "\n")
        self.session.stdin.flush()
        line = self.session.stdout.readline()
        assert line, "the client has ended"
        return json.loads(line)

    def press(self, name: str, menu: bool = False) -> None:
        """Press what has this name: something on the screen, or an entry of a menu."""
        assert self.ask(do="press", name=name, menu=menu), f"there is no “{name}” to press"
        time.sleep(1.5)

    def walk(self) -> list[dict[str, Any]]:
        nodes: list[dict[str, Any]] = self.ask(do="walk")
        return nodes

    def close(self) -> None:
        if self.session.stdin is not None:
            self.session.stdin.close()
        try:
            self.session.wait(30)
        finally:
            self.session.kill()
            if self.session.stdout is not None:
                self.session.stdout.close()
            self.screen.terminate()
            self.screen.wait(10)


TABS = {"Noise": ("Curves", "Inverse map", "Another noise", "Three scales"),
        "Temperature": ("Panels", "Curves", "Annealing schedule", "Annealing"),
        "Gradients": ("Estimators", "Switch and dimmer", "What runs"),
        "Learning": ("Task: Robot", "Task: One bit", "Task: Router")}  # fmt: skip


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.skipif(not can_read(), reason="needs Xvfb, dbus, at-spi2-core and python3-pyatspi")
def test_a_screen_reader_finds_names_sentences_and_values_everywhere(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    try:
        seen = 0
        for row in PAGES:
            reader.press(row.title, menu=not row.tab)
            for tab in [name for name in TABS.get(row.title, ("",)) if name != "Annealing schedule"]:
                if tab:
                    reader.press(tab)
                time.sleep(1.0)
                nodes = reader.walk()
                shown = [node for node in nodes if node["showing"] and node["focusable"]]
                where = f"{row.title}, {tab}"
                assert len(shown) > 15, where
                assert [node for node in shown if not node["name"]] == [], where
                # Pictures are drawn by the program itself: to the bus they are fillers, and described in words.
                pictures = [node for node in shown if node["role"] in ("filler", "panel", "unknown")]
                told = [node for node in pictures if node["name"] != "GumbelViz"]
                assert all(len(node["description"]) > 20 for node in told), where
                for node in (node for node in shown if node["role"] == "slider"):
                    assert node["value"] is not None
                    assert node["value"][2] != 1000.0 or "step" in node["description"], where
                    assert node["description"], where
                seen += len(shown)
        menus = [node for node in reader.walk() if "menu item" in node["role"]]
        assert len(menus) > 30
        assert [node for node in menus if not node["name"] and node["role"] != "separator"] == []
        assert seen > 300
    finally:
        reader.close()
    said = (tmp_path / "program.txt").read_text()
    assert "Traceback" not in said, said
