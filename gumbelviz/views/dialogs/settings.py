"""The settings: four sections, each seen at work while the dialog is open, each with a way back to its defaults."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gumbelviz.model.numbers import write_count, write_number
from gumbelviz.model.preferences import LARGEST_ZOOM, MOST_THREADS, SMALLEST_ZOOM, Preferences
from gumbelviz.views.controls.check_box import CheckBox
from gumbelviz.views.controls.number_field import NumberField
from gumbelviz.views.dialogs.dialog import Dialog, Scrolled, button, heading, quiet
from gumbelviz.views.dialogs.segments import Segments
from gumbelviz.views.look import Look

TITLES = {"appearance": "Appearance", "numbers": "Numbers", "engine": "Simulation", "files": "Files and start"}
THEMES = (("system", "System"), ("light", "Light"), ("dark", "Dark"), ("lecture", "Lecture"), ("contrast", "Contrast"))
DECIMALS = ((-1, "One fewer"), (0, "As usual"), (1, "One more"))
THOUSANDS = (("comma", "1,234,567"), ("space", "1 234 567"), ("none", "1234567"))


class SettingsDialog(Dialog):
    """Shows preferences and asks for others; what is asked for is granted at once, so that it can be seen.

    Signals
    -------
    wished(name, value)
        A person chose another value for the preference of that name.
    reset_wished(section)
        A section, or ``"all"``, shall go back to its defaults.
    refused(sentence)
        What was typed is not a number.
    """

    wished = Signal(str, object)
    reset_wished = Signal(str)
    width_wished, height_wished = 780, 470

    def __init__(self, preferences: Preferences, place: str, parent: QWidget) -> None:
        super().__init__("Settings", parent)
        self._group = QButtonGroup(self)
        self._nav = QVBoxLayout()
        self._stack = QStackedWidget()
        self.tabs: dict[str, QPushButton] = {}
        self.resets: dict[str, QPushButton] = {}
        self._columns: list[QVBoxLayout] = []
        self._make_controls(place)
        for section, title in TITLES.items():
            self._add_section(section, title)
        self._nav.addStretch(1)
        self.problem = QLabel()
        self.problem.setProperty("role", "bad")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.reset_all = button("Reset &all", "Everything here as it was when GumbelViz was new")
        self.cancel = button("Cancel", "Close, and leave everything as it was before")
        self.finish = button("&Done", "Close; what is chosen holds", "primary")
        self.finish.setDefault(True)
        self._foot = QHBoxLayout()
        self._foot.addWidget(self.reset_all)
        self._foot.addStretch(1)
        self._foot.addWidget(self.cancel)
        self._foot.addWidget(self.finish)
        self._middle = QHBoxLayout()
        self._middle.addLayout(self._nav)
        self._middle.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.addLayout(self._middle, 1)
        column.addWidget(self.problem)
        column.addLayout(self._foot)
        self.reset_all.clicked.connect(lambda: self.reset_wished.emit("all"))
        self.cancel.clicked.connect(self.reject)
        self.finish.clicked.connect(self.accept)
        self.tabs["appearance"].setChecked(True)
        self.show_preferences(preferences)
        self.wear()
        self.tabs["appearance"].setFocus()

    # What there is to choose.

    def _make_controls(self, place: str) -> None:
        self.theme = Segments("Theme", THEMES)
        self.zoom = NumberField("Size of everything, in per cent", 0, lambda value, by: _clamped(value + 5.0 * by))
        self.smaller = button("A−", "Smaller text, lines and marks")
        self.larger = button("A+", "Larger text, lines and marks")
        self.calm = _check("Reduced motion", "Pictures change five times a second at most, and nothing falls or glides")
        self.decimals = Segments("Decimal places", DECIMALS)
        self.thousands = Segments("Thousands", THOUSANDS)
        self.sample = QLabel()
        self.sample.setProperty("role", "stage")
        self.sample.setTextFormat(Qt.TextFormat.PlainText)
        self.sample.setWordWrap(True)
        self.seed = NumberField("Seed of new documents", 0, lambda value, by: max(value + by, 0.0))
        self.threads = NumberField(
            "Cores for long runs", 0, lambda value, by: float(min(max(value + by, 0.0), MOST_THREADS))
        )
        self.autosave = _check("Keep unsaved changes for a crash", "Put aside every few seconds, not in your file")
        self.reopen = _check("Open where I left off", "The last document, page and place of the window")
        self.place = quiet(f"Everything is kept in {place}" if place else "Nothing is kept in this session.")
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.theme.chosen.connect(lambda value: self.wished.emit("theme", value))
        self.zoom.entered.connect(lambda value: self._zoom_wished(value))
        self.smaller.clicked.connect(lambda: self._zoom_wished(self._percent - 10.0))
        self.larger.clicked.connect(lambda: self._zoom_wished(self._percent + 10.0))
        self.decimals.chosen.connect(lambda value: self.wished.emit("decimals", value))
        self.thousands.chosen.connect(lambda value: self.wished.emit("thousands", value))
        for name, field in (("seed", self.seed), ("threads", self.threads)):
            field.entered.connect(lambda value, name=name: self._whole_wished(name, value))
        for name, box in (("calm", self.calm), ("autosave", self.autosave), ("reopen", self.reopen)):
            box.clicked.connect(lambda on, name=name: self.wished.emit(name, bool(on)))
        for field in (self.zoom, self.seed, self.threads):
            field.refused.connect(self.complain)

    def _rows(self, section: str) -> tuple[tuple[str, tuple[QWidget, ...], str], ...]:
        """The rows of a section: a label, its controls, a line of help."""
        if section == "appearance":
            return (
                ("Theme", (self.theme,), "System follows your desktop. Lecture is light, larger, with thicker lines."),
                ("Size", (self.smaller, self.zoom, QLabel("%"), self.larger),
                 f"From {SMALLEST_ZOOM:.0%} to {LARGEST_ZOOM:.0%}. Ctrl and the wheel do the same anywhere."),
                ("", (self.calm,), str(self.calm.accessibleDescription()) + "."),
            )  # fmt: skip
        if section == "numbers":
            return (
                ("Decimal places", (self.decimals,), "Exports always have all of them."),
                ("Thousands", (self.thousands,), "Typed numbers are understood either way."),
                ("", (self.sample,), "This is how numbers look now."),
            )
        if section == "engine":
            return (
                ("Seed of new documents", (self.seed,), "Also of imported numbers. The seed decides the noise."),
                ("Cores for long runs", (self.threads,),
                 "For “main.py simulate” and exports; 0 takes as many as are useful. The window itself draws in one "
                 "thread, so that it stays quick. The numbers are the same for any."),
            )  # fmt: skip
        return (
            ("", (self.autosave,), str(self.autosave.accessibleDescription()) + ", and offered at the next start."),
            ("", (self.reopen,), str(self.reopen.accessibleDescription()) + "."),
            ("", (self.place,), ""),
        )

    def _add_section(self, section: str, title: str) -> None:
        tab = QPushButton(title)
        tab.setCheckable(True)
        tab.setAutoDefault(False)
        tab.setProperty("role", "nav")
        tab.setAccessibleName(f"Section {title}")
        self.tabs[section] = tab
        self._group.addButton(tab)
        self._nav.addWidget(tab)
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.addWidget(heading(title))
        for label, controls, help_text in self._rows(section):
            row = _Row(label, controls, help_text)
            column.addWidget(row)
        column.addStretch(1)
        reset = button(f"Reset “{title}”", "Back to what was there at first", "link")
        reset.clicked.connect(lambda: self.reset_wished.emit(section))
        self.resets[section] = reset
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(reset)
        column.addLayout(foot)
        self._columns.append(column)
        place = self._stack.addWidget(Scrolled(card))
        tab.toggled.connect(lambda on: self._stack.setCurrentIndex(place) if on else None)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        super().set_look(look)
        for layout in (self._foot, self._middle):
            layout.setSpacing(look.px(10))
        self._middle.setSpacing(look.px(16))
        self._nav.setSpacing(look.px(4))
        bold = QFontMetricsF(look.font(14))
        width = round(max(bold.horizontalAdvance(title) for title in TITLES.values())) + look.px(32)
        for tab in self.tabs.values():
            tab.setFixedWidth(width)
            tab.setMinimumHeight(look.px(34))
        for column in self._columns:
            column.setContentsMargins(look.px(20), look.px(16), look.px(20), look.px(12))
            column.setSpacing(look.px(16))
        for field, digits in ((self.zoom, 4), (self.seed, 12), (self.threads, 4)):
            field.setFixedWidth(round(QFontMetricsF(look.font(15)).horizontalAdvance("8" * digits)) + look.px(18))
            field.setMinimumHeight(look.px(30))
        if self.isVisible():
            self.resize(self._room())

    # Showing and asking.

    def show_preferences(self, preferences: Preferences) -> None:
        """Show what holds now."""
        self._percent = 100.0 * preferences.zoom
        self.theme.set_value(preferences.theme)
        self.zoom.set_value(round(self._percent))
        self.calm.setChecked(preferences.calm)
        self.decimals.set_value(preferences.decimals)
        self.thousands.set_value(preferences.thousands)
        self.seed.set_value(preferences.seed)
        self.threads.set_value(preferences.threads)
        self.autosave.setChecked(preferences.autosave)
        self.reopen.setChecked(preferences.reopen)
        self.sample.setText(f"{write_number(-0.375)}   {write_number(1234.5)}   {write_count(1_234_567)} draws")
        self.problem.hide()

    def complain(self, sentence: str) -> None:
        """Say what could not be granted."""
        self.problem.setText(sentence)
        self.problem.show()

    def _zoom_wished(self, percent: float) -> None:
        self.wished.emit("zoom", round(_clamped(percent)) / 100.0)

    def _whole_wished(self, name: str, value: float) -> None:
        if abs(value) > 2**62 or value != int(value):
            self.complain("Give a whole number here, such as 7.")
        else:
            self.wished.emit(name, int(value))


class _Row(QWidget):
    """A label, controls beside each other, and a line of help under them."""

    def __init__(self, label: str, controls: tuple[QWidget, ...], help_text: str) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        if label:
            words = QLabel(label)
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setProperty("role", "strong")
            words.setWordWrap(True)
            self._column.addWidget(words)
        self._line = QHBoxLayout()
        alone = len(controls) == 1
        for control in controls:
            stretch = isinstance(control, (QLabel, CheckBox)) and alone
            self._line.addWidget(control, int(stretch))
        if not (alone and isinstance(controls[0], (QLabel, CheckBox))):
            self._line.addStretch(1)
        self._column.addLayout(self._line)
        if help_text:
            self._column.addWidget(quiet(help_text))

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._column.setSpacing(look.px(5))
        self._line.setSpacing(look.px(6))


def _check(words: str, help_text: str) -> CheckBox:
    return CheckBox(words, words, help_text)


def _clamped(percent: float) -> float:
    return min(max(percent, 100.0 * SMALLEST_ZOOM), 100.0 * LARGEST_ZOOM)
