"""The dialogs that belong to the whole program: settings, commands, keys, the report. Each loads when asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from gumbelviz.app import library
from gumbelviz.app.actions import COMMANDS, MENUS, MORE_KEYS
from gumbelviz.model.command_search import Entry

if TYPE_CHECKING:
    from gumbelviz.app.actions import Command
    from gumbelviz.app.faults import Faults
    from gumbelviz.app.logs import Log
    from gumbelviz.app.program import Program
    from gumbelviz.model.preferences import Preferences
    from gumbelviz.views.dialogs.dialog import Dialog
    from gumbelviz.views.dialogs.settings import SettingsDialog


class Dialogs(QObject):
    """Opens one dialog at a time, beside which the stream goes on."""

    def __init__(self, program: Program) -> None:
        super().__init__(program.window)
        self._program = program
        self.open_now: Dialog | None = None
        """The dialog on the screen, if any."""
        self.log: Log | None = None
        self.faults: Faults | None = None

    def stop(self) -> None:
        """Close what is open."""
        if self.open_now is not None:
            self.open_now.close()

    def _open(self, dialog: Dialog) -> None:
        self.stop()
        self.open_now = dialog
        dialog.finished.connect(lambda _result: self._closed(dialog))
        # Not exec: closing the program from outside must not wait for an answer.
        dialog.open()

    def _closed(self, dialog: Dialog) -> None:
        if self.open_now is dialog:
            self.open_now = None
        dialog.deleteLater()

    # Settings.

    def settings(self) -> None:
        """Choose theme, size, numbers, seed and what happens to files."""
        from gumbelviz.views.dialogs.settings import SettingsDialog

        keeper = self._program.keeper
        before = keeper.value
        dialog = SettingsDialog(before, str(keeper.folder or ""), self._program.window)

        def show(_before: Preferences, after: Preferences) -> None:
            dialog.show_preferences(after)

        keeper.listen(show)
        dialog.wished.connect(lambda name, value: self._prefer(dialog, name, value))
        dialog.reset_wished.connect(self._reset)
        dialog.finished.connect(lambda _result: keeper.forget(show))
        dialog.rejected.connect(lambda: self._take_back(before))
        self._open(dialog)

    def _prefer(self, dialog: SettingsDialog, name: str, value: object) -> None:
        try:
            self._program.keeper.change(**{name: value})
        except ValueError as error:
            dialog.show_preferences(self._program.keeper.value)
            dialog.complain(str(error))

    def _reset(self, section: str) -> None:
        from gumbelviz.model.preferences import reset

        self._program.keeper.put(reset(self._program.keeper.value, section))

    def _take_back(self, before: Preferences) -> None:
        """Cancel: the choices as they were; what is remembered meanwhile, such as a file of late, stays."""
        from gumbelviz.model.preferences import SECTIONS

        names = (name for section in SECTIONS.values() for name in section)
        self._program.keeper.change(**{name: getattr(before, name) for name in names})

    # Commands and keys.

    def commands(self) -> None:
        """Find any command by typing."""
        from gumbelviz.views.dialogs.palette import CommandPalette

        palette = CommandPalette(self.entries(), self._program.window)
        palette.chosen.connect(self.do)
        self._open(palette)

    def entries(self) -> list[Entry]:
        """Return everything that can be chosen: the table of commands, the scenes, the files of late."""
        entries = []
        for command in COMMANDS:
            if command is None:
                continue
            action = self._program.actions[command.id]
            name = _name(command, action.text())
            entries.append(
                Entry(
                    command.id,
                    name,
                    command.menu,
                    _words(action.shortcuts()[:1]),
                    command.tip if command.tip != name else "",
                    action.isEnabled(),
                    action.isChecked() if action.isCheckable() else None,
                )
            )
        scenes = [(scene_id, library.builtin_title(scene_id)) for scene_id in library.BUILT_IN]
        entries += [Entry(f"scene {scene_id}", title, "Scene", help="Built in") for scene_id, title in scenes]
        recent = map(Path, self._program.keeper.value.recent)
        entries += [Entry(f"recent {path}", path.name, "Open recent", help=str(path.parent)) for path in recent]
        return entries

    def do(self, id: str) -> None:
        """Do what was chosen from the palette."""
        kind, _, rest = id.partition(" ")
        if id in self._program.actions:
            self._program.actions[id].trigger()
        elif kind == "scene":
            self._program.files.open_builtin(rest)
        elif kind == "recent":
            self._program.files.open_recent(rest)

    def shortcuts(self) -> None:
        """Show every key at a glance."""
        from gumbelviz.views.dialogs.shortcuts import CONTROL_KEYS, Group, ShortcutSheet

        groups = []
        for menu in MENUS:
            rows = []
            for command in COMMANDS:
                if command is not None and command.menu == menu:
                    action = self._program.actions[command.id]
                    keys = _words(action.shortcuts()[: 1 + len(MORE_KEYS.get(command.id, []))])
                    if keys:
                        rows.append((keys, _name(command, command.text)))
            if rows:
                groups.append(Group(menu, tuple(rows)))
        groups += [Group(title, rows) for title, rows in CONTROL_KEYS]
        self._open(ShortcutSheet(groups, self._program.window))

    # The report.

    def copy_report(self) -> None:
        """Put versions and the newest lines of the log on the clipboard."""
        from gumbelviz.app.faults import make_report
        from gumbelviz.app.logs import Log

        details = self.faults.details if self.faults is not None else ""
        QApplication.clipboard().setText(make_report(self.log or Log(), details))
        self._program.window.tell("The report is on the clipboard. It holds no numbers or names of yours.")


def _name(command: Command, text: str) -> str:
    """Return what a command is called in a list; a sign such as A+ is no name there."""
    plain = text.replace("&", "").rstrip("…")
    return plain if len(plain) > 2 else command.tip


def _words(keys: list[QKeySequence]) -> str:
    """Return shortcuts as people read them; the one for the number block beside Enter is the same key to them."""
    texts = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys]
    return ", ".join(dict.fromkeys(text.replace("Return", "Enter") for text in texts if text))
