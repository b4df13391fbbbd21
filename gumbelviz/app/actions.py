"""The table of commands. One row is a menu entry, a shortcut and, where a button asks for its id, a button."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from gumbelviz.views.pages.table import PAGES

if TYPE_CHECKING:
    from gumbelviz.app.program import Program

Keys = QKeySequence.StandardKey
Key = QKeySequence | QKeySequence.StandardKey | str | None


@dataclass(frozen=True, slots=True)
class Command:
    """One row.

    Attributes
    ----------
    id, text, menu, key, tip
        What it is called, by us and by people; where it stands; how it is reached.
    call
        The method of `Program` that does it, or of a part of it, such as ``"exporter.save_picture"``.
    group
        Commands of one group exclude each other and show a mark.
    checkable
        Shows a mark while it is on.
    role
        Where the system puts it (Quit and About have their own places on a Mac).
    argument
        What `call` is called with, if anything.
    """

    id: str
    text: str
    menu: str
    key: Key
    call: str
    tip: str = ""
    group: str = ""
    checkable: bool = False
    role: QAction.MenuRole = QAction.MenuRole.NoRole
    argument: str = ""


SEPARATOR = None
MENUS = ("File", "Edit", "View", "Simulation", "Lecture", "Help")

COMMANDS: tuple[Command | None, ...] = (
    Command("new", "&New", "File", Keys.New, "files.new", "Two options with equal scores"),
    Command("open", "&Open…", "File", Keys.Open, "files.open_dialog",
            "Open a scene, or scores from CSV, TSV, NPY or JSON"),
    Command("save", "&Save", "File", Keys.Save, "files.save"),
    Command("save as", "Save &as…", "File", QKeySequence("Ctrl+Shift+S"), "files.save_as"),
    Command("save copy", "Save a co&py…", "File", None, "files.save_copy",
            "Write the document somewhere else; it keeps its file"),
    SEPARATOR,
    Command("export picture", "&Export picture…", "File", QKeySequence("Ctrl+E"), "exporter.save_picture",
            "A page, a part of it or the window as PNG, SVG or PDF"),
    Command("export animation", "Export ani&mation…", "File", None, "exporter.save_animation",
            "A temperature sweep, the stream or a training as GIF or APNG"),
    Command("export data", "Export &data…", "File", QKeySequence("Ctrl+Shift+E"), "exporter.save_data",
            "Tallies or draws as CSV, JSON or NPZ"),
    Command("export handout", "Export &handout…", "File", None, "exporter.save_handout",
            "A lecture on paper: one PDF, a page for each step"),
    SEPARATOR,
    Command("quit", "&Quit", "File", QKeySequence("Ctrl+Q"), "quit", role=QAction.MenuRole.QuitRole),
    Command("undo", "&Undo", "Edit", Keys.Undo, "undo"),
    Command("redo", "&Redo", "Edit", QKeySequence("Ctrl+Shift+Z"), "redo"),
    SEPARATOR,
    Command("add", "&Add option", "Edit", QKeySequence("Ctrl+Shift+A"), "add_option"),
    Command("equalize", "Make scores &equal", "Edit", None, "equalize"),
    Command("unpin", "Unpin all &noise", "Edit", None, "unpin_all"),
    SEPARATOR,
    Command("copy scores", "&Copy scores", "Edit", Keys.Copy, "copy_scores", "Names and scores as a table"),
    Command("paste scores", "&Paste scores", "Edit", Keys.Paste, "files.paste_scores", "Logits or probabilities"),
    Command("copy picture", "Copy p&icture", "Edit", QKeySequence("Ctrl+Shift+C"), "exporter.copy_picture",
            "The page on white, for a slide"),
    *(
        Command(f"copy {library}", f"Copy as {title}", "Edit", None, "exporter.copy_code",
                f"This draw as {title} code that prints its numbers", argument=library)
        for library, title in (("numpy", "NumPy"), ("torch", "PyTorch"), ("jax", "JAX"))
    ),
    SEPARATOR,
    Command("settings", "Se&ttings…", "Edit", QKeySequence("Ctrl+,"), "dialogs.settings",
            "Theme, size, numbers, seed, files", role=QAction.MenuRole.PreferencesRole),
    *(
        Command(f"page {row.id}", row.title, "View", QKeySequence(str(i)) if row.tab else None, "turn", row.question,
                group="page", argument=row.id)
        for i, row in enumerate(PAGES, 1)
    ),
    SEPARATOR,
    Command("theme system", "Follow the &system", "View", None, "theme_system", group="theme"),
    Command("theme light", "&Light", "View", None, "theme_light", group="theme"),
    Command("theme dark", "&Dark", "View", None, "theme_dark", group="theme"),
    Command("theme lecture", "Le&cture (large)", "View", None, "theme_lecture", group="theme"),
    Command("theme contrast", "&High contrast", "View", None, "theme_contrast", group="theme"),
    SEPARATOR,
    Command("zoom in", "A+", "View", Keys.ZoomIn, "zoom_in", "Larger text, lines and marks"),
    Command("zoom out", "A−", "View", Keys.ZoomOut, "zoom_out", "Smaller text, lines and marks"),
    Command("zoom reset", "&Normal size", "View", QKeySequence("Ctrl+0"), "zoom_reset"),
    SEPARATOR,
    Command("numbers", "N&umbers as a table", "View", QKeySequence("Ctrl+T"), "teller.show_numbers",
            "What the pictures of this page show, in numbers to read and to copy"),
    SEPARATOR,
    Command("full screen", "&Full screen", "View", QKeySequence("F11"), "full_screen", checkable=True),
    Command("run", "Run", "Simulation", QKeySequence(Qt.Key.Key_Space), "run", "Start and stop the stream"),
    Command("step", "Step", "Simulation", QKeySequence(Qt.Key.Key_Right), "step", "One draw on (also Enter)"),
    Command("back", "Back", "Simulation", QKeySequence(Qt.Key.Key_Left), "back", "One draw back"),
    Command("restart", "Restart", "Simulation", QKeySequence(Qt.Key.Key_Home), "restart", "Start again from draw 0"),
    Command("freeze", "Freeze noise", "Simulation", QKeySequence("F"), "freeze",
            "Hold this draw on display while the stream goes on", checkable=True),
    Command("go to", "&Go to draw…", "Simulation", QKeySequence("Ctrl+G"), "go_to"),
    SEPARATOR,
    Command("new seed", "New random &seed", "Simulation", QKeySequence("Ctrl+R"), "new_seed"),
    Command("slower", "S&lower", "Simulation", QKeySequence("["), "slower"),
    Command("faster", "F&aster", "Simulation", QKeySequence("]"), "faster"),
    Command("lecture start", "&Start", "Lecture", QKeySequence("F5"), "lecture.start", "Present from the first step"),
    Command("lecture from here", "From t&his step", "Lecture", QKeySequence("Shift+F5"), "lecture.start_here",
            "Present from the step that was shown last"),
    Command("lecture leave", "&Leave", "Lecture", None, "lecture.leave", "Back to your own document (Esc)"),
    SEPARATOR,
    Command("lecture next", "&Next step", "Lecture", None, "lecture.next_step", "Page Down, Right, N, a clicker"),
    Command("lecture previous", "&Previous step", "Lecture", None, "lecture.previous_step",
            "Page Up, Left, P, Backspace, a clicker"),
    Command("lecture first", "&First step", "Lecture", None, "lecture.first_step", "Home"),
    Command("lecture last", "Las&t step", "Lecture", None, "lecture.last_step", "End"),
    SEPARATOR,
    Command("lecture reveal", "&Reveal", "Lecture", None, "lecture.reveal", "What was to be predicted (R)"),
    Command("lecture blank", "&Blank", "Lecture", None, "lecture.blank", "Black with B or a full stop, white with W"),
    Command("lecture keys", "Show &keys and values", "Lecture", None, "lecture.show_keys",
            "Keys pressed and values changed, large in a corner (K)", checkable=True),
    Command("lecture speaker", "Speaker &window", "Lecture", None, "lecture.toggle_speaker",
            "Notes, next step and a clock (S)", checkable=True),
    SEPARATOR,
    Command("lecture open", "&Open lecture…", "Lecture", None, "lecture.open_dialog", "Present somebody’s own lecture"),
    Command("lecture edit", "&Edit lecture", "Lecture", None, "lecture_editor.toggle",
            "The dock in which a lecture of your own is made", checkable=True),
    Command("lecture again", "Start the story o&ver", "Lecture", None, "lecture.start_again",
            "The story from its first step, with all predictions forgotten"),
    Command("commands", "&Commands…", "Help", QKeySequence("Ctrl+Shift+P"), "dialogs.commands",
            "Find a command by typing a few letters of it"),
    Command("shortcuts", "&Keyboard shortcuts", "Help", QKeySequence("F1"), "dialogs.shortcuts"),
    Command("report", "Copy &report", "Help", None, "dialogs.copy_report",
            "Put versions and the newest lines of the log on the clipboard"),
    SEPARATOR,
    Command("about", "&About GumbelViz", "Help", None, "about", role=QAction.MenuRole.AboutRole),
)  # fmt: skip

MORE_KEYS = {
    "step": [QKeySequence(Qt.Key.Key_Return), QKeySequence(Qt.Key.Key_Enter)],
    "zoom in": [QKeySequence("Ctrl+=")],
    "redo": [QKeySequence("Ctrl+Y")],
}
"""Further shortcuts of a command."""


def build_actions(program: Program, menus: dict[str, QMenu]) -> dict[str, QAction]:
    """Make the actions of all commands, put them into their menus, and return them by id."""
    actions: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    menu = menus[MENUS[0]]
    for command in COMMANDS:
        if command is None:
            menu.addSeparator()
            continue
        menu = menus[command.menu]
        action = QAction(command.text, menu)
        keys = [QKeySequence(command.key)] if command.key is not None else []
        keys += MORE_KEYS.get(command.id, [])
        action.setShortcuts(keys)
        name = command.text.replace("&", "").rstrip("…")
        tip = command.tip or name
        action.setToolTip(f"{tip} ({keys[0].toString(QKeySequence.SequenceFormat.NativeText)})" if keys else tip)
        action.setMenuRole(command.role)
        action.setCheckable(command.checkable or bool(command.group))
        if command.group:
            groups.setdefault(command.group, QActionGroup(menu)).addAction(action)
        do = partial(attrgetter(command.call)(program), *([command.argument] if command.argument else []))
        action.triggered.connect(lambda _checked=False, do=do: do())
        menu.addAction(action)
        actions[command.id] = action
    return actions
