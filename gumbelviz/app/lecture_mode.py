"""Lecture mode: the window as a stage, step after step, and everything back in its place afterwards.

The person's own document is set aside whole for as long as the lecture lasts (`Store.leave_document`): each step opens
as a guest, with a way back of its own, so that nothing done on the stage can reach the document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace as with_fields
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction, QCursor, QGuiApplication, QScreen

from gumbelviz.app.awake import Awake
from gumbelviz.app.lecture_keys import KeyWatch
from gumbelviz.app.lecture_place import Whereabouts, come_home, fill_screen, put_speaker, screens_for
from gumbelviz.app.lecture_pointer import Pointer
from gumbelviz.model.changes import describe_change, describe_watching

if TYPE_CHECKING:
    from gumbelviz.app.lecture_player import LecturePlayer
    from gumbelviz.app.program import Program
    from gumbelviz.app.store import State
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.lecture import Lecture
    from gumbelviz.views.lecture.speaker_window import SpeakerWindow
    from gumbelviz.views.lecture.stage import Stage
    from gumbelviz.views.look import Look, Theme

WHILE_ON = ("leave", "next", "previous", "first", "last", "reveal", "blank")
"""Commands that have a meaning on the stage alone."""
FULL_MILLISECONDS = 500
"""How long a window manager may take to fill the screen."""
AROUND = ("start", "from here", "open", "again")
"""Commands that bring a person onto it."""


class LectureMode(QObject):
    """Owned by the program for as long as that runs; what the stage needs is made when it is first entered.

    Parameters
    ----------
    program
        Whose window becomes the stage.
    """

    def __init__(self, program: Program) -> None:
        super().__init__(program.window)
        self._program = program
        self._window = program.window
        self._actions: dict[str, QAction] = {}
        self._lecture: Lecture | None = None
        self._place = 0
        self._stage: Stage | None = None
        self._player: LecturePlayer | None = None
        self._speaker: SpeakerWindow | None = None
        self._speaker_screen: QScreen | None = None
        self._before: Whereabouts | None = None
        self._made = 1
        self._shows_keys = True
        self._wants_speaker: bool | None = None
        self._keys = KeyWatch(self.do, self._key_pressed, self._pointer_moved)
        self._pointer = Pointer(lambda: self._window.frameGeometry().contains(QCursor.pos()), self)
        self._awake = Awake()
        self._insist = QTimer(self)
        self._insist.setSingleShot(True)
        self._insist.setInterval(FULL_MILLISECONDS)
        self._insist.timeout.connect(self._fill)
        self.on = False
        """True while somebody presents."""

    def take_actions(self, actions: dict[str, QAction]) -> None:
        """Take the program's commands, of which a few have a meaning on the stage alone."""
        self._actions = actions
        actions["lecture keys"].setChecked(self._shows_keys)
        self._enable()

    def _enable(self) -> None:
        for name in WHILE_ON:
            self._actions[f"lecture {name}"].setEnabled(self.on)
        for name in AROUND:
            self._actions[f"lecture {name}"].setEnabled(not self.on)
        self._actions["lecture speaker"].setChecked(self._speaker is not None and self._speaker.isVisible())

    # The lecture.

    @property
    def lecture(self) -> Lecture:
        """What is presented; the story that comes with the program, until another lecture is chosen."""
        if self._lecture is None:
            from gumbelviz.lectures.built_in import load_story

            self._lecture = load_story()
        return self._lecture

    @property
    def place(self) -> int:
        """Which step is shown, or was shown last, from 0."""
        return self._place

    def choose(self, lecture: Lecture) -> None:
        """Take another lecture; it begins with its first step."""
        self.leave()
        self._lecture, self._place = lecture, 0
        self._player = None

    def open_dialog(self) -> None:
        """Ask for the file of a lecture, and start it."""
        from gumbelviz.app.lecture_files import ask_lecture

        found = ask_lecture(self._window)
        if found is not None:
            self.choose(found)
            self.start()

    # On and off.

    def start(self) -> None:
        """Present from the first step."""
        self._begin(0)

    def start_here(self) -> None:
        """Present from the step that was shown last."""
        self._begin(self._place)

    def present(self, lecture: Lecture, place: int = 0) -> None:
        """Present a lecture from the step at `place`; one that is on already makes way."""
        self.choose(lecture)
        self._begin(min(max(place, 0), len(lecture.steps) - 1))

    def start_again(self) -> None:
        """Present the story that comes with the program from its first step, with all predictions forgotten."""
        self.leave()
        self._lecture = self._player = None
        self._begin(0)

    def stand(self, lecture: Lecture, place: int, theme: Theme, magnified: float = 1.0) -> None:
        """Show a step as it is presented, in the window as it stands: for a picture of it.

        Parameters
        ----------
        place
            Which step, from 0.
        theme, magnified
            What it wears, and how much larger than usual its type is.
        """
        self.choose(lecture)
        player, stage = self._make()
        stage.theme, stage.magnified = theme, magnified
        self._shows_keys = False
        self.on = True
        self._program.store.leave_document()
        stage.enter()
        self._program.dress()
        self._place = place
        player.show(place)

    def _make(self) -> tuple[LecturePlayer, Stage]:
        from gumbelviz.app.lecture_player import LecturePlayer
        from gumbelviz.views.lecture.stage import Stage

        lecture = self.lecture
        if self._stage is None:
            self._stage = Stage(self._window)
            self._stage.resized.connect(self._refit)
            self._stage.foot.asked.connect(self.do)
            self._stage.panel.asked.connect(self.do)
            self._stage.panel.predicted.connect(self._predicted)
            self._stage.panel.picked.connect(self._picked)
            self._stage.sheet.clicked.connect(self._stage.sheet.hide)
        if self._player is None or self._player.lecture is not lecture:
            self._player = LecturePlayer(lecture, self._program, self._stage)
        return self._player, self._stage

    def _begin(self, place: int) -> None:
        if self.on:
            return
        _, stage = self._make()
        self.on = True
        self._made = self._program.draws_made
        self._program.store.leave_document()
        stage.enter()
        screen, self._speaker_screen = screens_for(self._window)
        self._before = fill_screen(self._window, screen)
        self._insist.start()
        self._window.centralWidget().setFocus()
        self._program.dress()
        self._keys.set_on(True)
        self._pointer.set_on(True)
        self._awake.hold()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self._screen_removed)
        self._turn(min(place, len(self.lecture.steps) - 1))
        wanted = self._speaker_screen is not None if self._wants_speaker is None else self._wants_speaker
        if wanted:
            self._show_speaker()
        self._enable()

    def _fill(self) -> None:
        """Where no window manager answers to the wish for the full screen, take it."""
        screen = self._window.screen().geometry()
        if self.on and self._window.isFullScreen() and self._window.geometry() != screen:
            self._window.setGeometry(screen)

    def leave(self) -> None:
        """Put everything back as it was before the lecture."""
        self.put_down()
        self.come_home()

    def put_down(self) -> None:
        """End the lecture and bring back the document; the window still stands as it does on the stage."""
        if not self.on or self._player is None:
            return
        self.on = False
        application = QGuiApplication.instance()
        # Who stands for a picture has taken no screen.
        if isinstance(application, QGuiApplication) and self._before is not None:
            application.screenRemoved.disconnect(self._screen_removed)
        self._keys.set_on(False)
        self._pointer.set_on(False)
        self._insist.stop()
        self._awake.release()
        if self._speaker is not None:
            self._speaker.hide()
        self._player.close()
        self._program.store.return_to_document(self._made)
        self._enable()

    def come_home(self) -> None:
        """Bring back the look and the place that the window had; for after `put_down`."""
        if self.on or self._stage is None or not self._stage.on:
            return
        before, self._before = self._before, None
        self._stage.leave()
        self._program.dress()
        if before is not None:
            come_home(self._window, before)
            self._window.activateWindow()
            self._window.centralWidget().setFocus()

    def stop(self) -> None:
        """The program ends: let go of what is not the window's own. A window that closes is not moved any more."""
        self.put_down()
        if self._speaker is not None:
            self._speaker.close()
            self._speaker.deleteLater()
            self._speaker = None

    def _screen_removed(self, screen: QScreen) -> None:
        if screen is self._speaker_screen:
            self._speaker_screen = None
            if self._speaker is not None:
                self._speaker.hide()
            self._enable()
        elif self.on and len(QGuiApplication.screens()) >= 1 and screen is self._window.screen():
            self.leave()

    # Steps.

    def next_step(self) -> None:
        """Show the next step."""
        self._step(self._place + 1)

    def previous_step(self) -> None:
        """Show the step before."""
        self._step(self._place - 1)

    def first_step(self) -> None:
        """Show the first step."""
        self._step(0)

    def last_step(self) -> None:
        """Show the last step."""
        self._step(len(self.lecture.steps) - 1)

    def _step(self, place: int) -> None:
        if not self.on or self._stage is None:
            return
        if not self._stage.sheet.isHidden():
            # A blank screen comes back with the step that was there.
            self._stage.sheet.hide()
        elif 0 <= place < len(self.lecture.steps) and place != self._place:
            self._turn(place)

    def _turn(self, place: int) -> None:
        assert self._player is not None
        self._place = place
        self._player.show(place)
        self._tell_speaker()

    def reveal(self) -> None:
        """Show what was to be predicted."""
        if self.on and self._player is not None:
            self._player.reveal()

    def blank(self) -> None:
        """Make the screen black, or bring it back."""
        self._cover("black")

    def _cover(self, color: str) -> None:
        if self.on and self._stage is not None:
            sheet = self._stage.sheet
            if sheet.isHidden():
                sheet.cover(color)
            else:
                sheet.hide()

    # What follows the hands.

    def show_keys(self) -> None:
        """Show keys and changed values large in a corner, or not."""
        self._shows_keys = not self._shows_keys
        self._actions["lecture keys"].setChecked(self._shows_keys)
        if not self._shows_keys and self._stage is not None:
            self._stage.echo.hide()

    def do(self, command: str) -> None:
        """Do what a key or a button of the stage stands for."""
        if not self.on or self._player is None or self._stage is None:
            return
        if command in self._actions:
            self._actions[command].trigger()
        elif command == "lecture white":
            self._cover("white")
        elif not self._stage.sheet.isHidden():
            self._stage.sheet.hide()
        else:
            self._player.do(command.removeprefix("lecture "))

    def _key_pressed(self, name: str) -> None:
        if self._shows_keys and self._stage is not None and name not in ("Esc", "B", "W", "K", "S", "F5"):
            self._stage.echo.show_key(name)

    def _pointer_moved(self) -> None:
        self._pointer.move()

    def _predicted(self, percents: tuple[int, ...]) -> None:
        if self._player is not None:
            self._player.predict(percents)

    def _picked(self, place: int) -> None:
        if self._player is not None:
            self._player.pick(place)

    def changed(self, before: State, after: State) -> None:
        """The store changed; for the program to tell."""
        if not self.on or self._player is None or self._stage is None or self._player.opening:
            return
        if before.page != after.page:
            self._player.turned()
        self._player.look()
        if self._shows_keys:
            words = describe_change(before.settings, after.settings)
            words = words or describe_watching(before.transport, after.transport)
            if words:
                self._stage.echo.show_value(words)

    def speak(self, frame: Frame) -> None:
        """A frame with numbers to be read; for the program to tell."""
        if self.on and self._player is not None:
            self._player.speak(frame)
            self._tell_speaker()

    # The speaker's window.

    def toggle_speaker(self) -> None:
        """Open the speaker's window, or close it."""
        if self._speaker is not None and self._speaker.isVisible():
            self._wants_speaker = False
            self._speaker.hide()
        else:
            self._wants_speaker = True
            if self.on:
                self._show_speaker()
        self._enable()
        self._actions["lecture speaker"].setChecked(bool(self._wants_speaker))

    def _show_speaker(self) -> None:
        if self._speaker is None:
            from gumbelviz.views.lecture.speaker_window import SpeakerWindow

            self._speaker = SpeakerWindow()
            self._speaker.closed.connect(self._speaker_closed)
        self._speaker.set_theme(self._speaker_look())
        put_speaker(self._speaker, self._speaker_screen, self._window)
        self._speaker.restart()
        self._tell_speaker()
        # The keyboard stays with the stage; the clicker reaches both.
        self._window.activateWindow()

    def _speaker_look(self) -> Look:
        from gumbelviz.views.look import DARK, Look

        screen = self._speaker_screen or self._window.screen()
        return Look(DARK, max(screen.availableGeometry().height() / 900.0, 0.8))

    def _speaker_closed(self) -> None:
        self._wants_speaker = False
        self._enable()

    def _tell_speaker(self) -> None:
        if self._speaker is None or self._player is None or not self._speaker.isVisible():
            return
        self._speaker.show_step(*self._player.words_for_speaker())
        self._speaker.show_next(*self._player.words_of_next())

    # Size.

    def look(self) -> Look | None:
        """What the window wears while somebody presents; None while nobody does."""
        return self._stage.look() if self.on and self._stage is not None else None

    def dressed(self, look: Look) -> None:
        """The window wears another look now; for the program to tell."""
        if self.on and self._stage is not None:
            self._stage.wear(look)

    def _refit(self) -> None:
        if self.on and self._stage is not None and self._window.look != self._stage.look():
            self._program.dress()


def without_counters(state: State) -> State:
    """Return `state` without the numbers that only tell the engine what is new, to compare two of them."""
    from dataclasses import replace

    transport = with_fields(state.transport, run=0, study=0, made=1)
    return replace(state, revision=0, transport=transport)
