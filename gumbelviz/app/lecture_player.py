"""Plays the steps of a lecture on the stage: opens their scenes, fills their words, notices and judges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gumbelviz.app.lecture_question import Prediction, has_bars, judge, judge_words
from gumbelviz.app.lecture_scores import ScoreBook
from gumbelviz.app.lecture_words import StepWords, fill_step
from gumbelviz.lectures.markdown import clean_markdown
from gumbelviz.lectures.tasks import Moment, Watch
from gumbelviz.model.learning_report import LearningReport
from gumbelviz.model.places import PLACES
from gumbelviz.model.preferences import MOST_SCORES
from gumbelviz.views.controls.slider import Slider
from gumbelviz.views.lecture.foot import Cap
from gumbelviz.views.lecture.ghost_bars import Outcome

if TYPE_CHECKING:
    from gumbelviz.app.program import Program
    from gumbelviz.lectures.scores import Score
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.lecture import Lecture, Step
    from gumbelviz.views.lecture.stage import Stage
    from gumbelviz.views.pages.page import Page


class LecturePlayer:
    """What was predicted and done lives as long as this: until another lecture is chosen, or this one starts over.

    Parameters
    ----------
    lecture
    program
        Whose store opens the steps.
    stage
        Where their words are shown.
    """

    def __init__(self, lecture: Lecture, program: Program, stage: Stage) -> None:
        self.lecture = lecture
        self._program, self._stage = program, stage
        self._place = 0
        self._predictions: dict[int, Prediction] = {}
        self._done: set[int] = set()
        self._scores = ScoreBook(keep=self._keep_score)
        self._watch: Watch | None = None
        self._since = 0
        self._frame: Frame | None = None
        self._page: Page | None = None
        self.opening = False
        """True while a step is being opened: what changes then is not the doing of a person."""

    def _keep_score(self, score: Score) -> None:
        """Write the points down in the settings, under the title of the lecture: on this machine alone."""
        keeper = self._program.keeper
        before = {title: points for title, points in keeper.value.lecture_scores.items() if title != self.lecture.title}
        points = round(100.0 * (1.0 - score.mean_gap), 1)
        # The oldest make room.
        kept = dict([*before.items(), (self.lecture.title, points)][-MOST_SCORES:])
        keeper.change(lecture_scores=kept)

    @property
    def step(self) -> Step:
        """The step on the stage."""
        return self.lecture.steps[self._place]

    @property
    def prediction(self) -> Prediction:
        """What was predicted on it."""
        return self._predictions.get(self._place, Prediction())

    # A step.

    def show(self, place: int) -> None:
        """Open the step at `place`."""
        self._place = place
        step, store = self.step, self._program.store
        self.opening, self._watch, self._frame = True, None, None
        try:
            revealed = self.prediction.revealed and self._streams()
            store.open(
                step.scene,
                cursor=step.draw,
                frozen=step.draw is not None,
                made=step.draws,
                running=step.running or revealed,
                speed=step.speed,
                study=store.state.transport.study + 1,
                study_stopped=False,
            )
        finally:
            self.opening = False
        self._since = store.state.revision
        self._reduce()
        self._stage.foot.show_step(place, len(self.lecture.steps))
        self._ask()
        self._show_words()
        self._stage.head.show_done(place in self._done)
        self._stage.fit()
        self._stage.show_question(step.question is not None, self._size)
        self._show_caps()

    def _reduce(self) -> None:
        """Show what the step needs of its page; another page that is turned to meanwhile is shown whole."""
        page, step = self._program.pager.page, self.step
        if page is not self._page:
            self._show_whole()
            self._page = page
        if page is None:
            return
        own = self._program.store.state.page == step.scene.page
        page.show_only(frozenset(step.parts if own else ()), frozenset(step.controls if own else ()))
        page.point_at(frozenset(step.highlight if own else ()))

    def close(self) -> None:
        """Show the page whole again."""
        self._watch = self._frame = None
        self._show_whole()

    def _show_whole(self) -> None:
        page, self._page = self._page, None
        if page is not None:
            page.show_only(frozenset(), frozenset())
            page.point_at(frozenset())

    def _size(self) -> float:
        """How large the page draws what it shows."""
        page = self._program.pager.page
        return page.shown_look.zoom if page is not None else 1.0

    def _streams(self) -> bool:
        """Tell whether the stream is what reveals the answer."""
        question, task = self.step.question, self.step.task
        if question is None:
            return False
        return question.kind == "frequencies" or (task is not None and task.when == "draws")

    # Words.

    def _words(self) -> StepWords:
        """Return the texts of the step with the numbers of its newest frame."""
        if self._frame is None:
            return unfilled(self.step)
        return fill_step(self.step, self._program.store.state.settings, self._frame)

    def _show_words(self) -> None:
        words = self._words()
        last = self._place == len(self.lecture.steps) - 1
        self._stage.head.show_words(words.title, words.words, words.task, self._scores.summary() if last else "")
        if self.step.question is not None:
            self._stage.panel.show_words(words.question, words.answers)
            if self.prediction.revealed:
                self._show_revealed(words.after)

    def words_for_speaker(self) -> tuple[str, str, str, str]:
        """Return count, title, notes and task of this step."""
        words = self._words()
        return f"Step {self._place + 1} of {len(self.lecture.steps)}", words.title, words.notes, words.task

    def words_of_next(self) -> tuple[str, str]:
        """Return title and words of the next step; its numbers are not known before it is there."""
        if self._place + 1 >= len(self.lecture.steps):
            return "", ""
        words = unfilled(self.lecture.steps[self._place + 1])
        return words.title, words.words

    # Frames, and what a person does.

    def speak(self, frame: Frame) -> None:
        """Read the numbers of a frame."""
        state = self._program.store.state
        if frame.revision < self._since or len(frame.wins) != len(state.settings.options):
            return
        self._frame = frame
        if self._watch is None:
            # The first picture of the step, which nobody has touched.
            self._watch = Watch(self.step, self._moment(frame))
        self._show_words()
        self.look()

    def look(self) -> None:
        """See whether the task is done, and whether the page is that of the step."""
        if self._watch is None or self._frame is None:
            return
        if self._watch.see(self._moment(self._frame)) and self._place not in self._done:
            self._done.add(self._place)
            self._stage.head.show_done(True)

    def turned(self) -> None:
        """Another page is looked at."""
        if not self.opening:
            self._reduce()
            self._show_caps()

    def _moment(self, frame: Frame) -> Moment:
        state = self._program.store.state
        return Moment(
            state.settings,
            state.transport,
            state.page,
            frame.draws,
            frame.draw.index,
            self.prediction.revealed,
            _trained(frame),
        )

    # Predict, then reveal.

    def _ask(self) -> None:
        question, settings = self.step.question, self._program.store.state.settings
        if question is None:
            return
        bars = has_bars(question, settings)
        words = self._words()
        self._stage.panel.ask(words.question, settings.options if bars else (), words.answers)
        prediction = self.prediction
        if bars and prediction.percents is not None and len(prediction.percents) == len(settings.options):
            self._stage.panel.bars.show_percents(prediction.percents)
        self._stage.panel.show_picked(prediction.picked, question.right if prediction.revealed else None)

    def predict(self, percents: tuple[int, ...]) -> None:
        """Bars were moved."""
        self._predictions[self._place] = self.prediction.with_percents(percents)

    def pick(self, answer: int) -> None:
        """An answer was picked, from 0; the places of answers that do not exist mean nothing."""
        question = self.step.question
        if question is not None and answer < len(question.answers):
            self._predictions[self._place] = self.prediction.with_picked(answer)
            revealed = self.prediction.revealed
            self._stage.panel.show_picked(self.prediction.picked, question.right if revealed else None)

    def reveal(self) -> None:
        """Let the stream run where that is the answer, and show how near the prediction was."""
        question = self.step.question
        if question is None or self.prediction.revealed:
            return
        self._predictions[self._place] = self.prediction.reveal()
        if self._streams() and not self._program.store.state.transport.running:
            held = self.step.draw is not None
            self.opening = True
            self._program.store.watch(running=True, cursor=self.step.draw, frozen=held)
            self.opening = False
        self._stage.panel.show_picked(self.prediction.picked, question.right)
        if self._frame is not None:
            mark = judge(question, self.prediction, self._frame.theory.probabilities.tolist())
            if mark is not None:
                self._scores.note(self._place, mark)
        self._show_words()
        self._show_caps()
        self.look()

    def _show_revealed(self, after: str) -> None:
        question, frame = self.step.question, self._frame
        settings = self._program.store.state.settings
        if question is None:
            return
        words = ""
        if frame is not None:
            exact = frame.theory.probabilities.tolist()
            words = judge_words(question, self.prediction, exact, settings.names)
            if has_bars(question, settings):
                outcomes = tuple(
                    Outcome(chance, int(wins), frame.draws) for chance, wins in zip(exact, frame.wins, strict=True)
                )
                self._stage.panel.show_outcomes(outcomes)
        self._stage.panel.show_revealed(words, after)

    # Keys of the step.

    def do(self, key: str) -> None:
        """Do what a key stands for on this step: ``go``, ``draw``, ``more``, ``less``, ``digit n``."""
        if key == "go":
            self._go()
        elif key == "draw":
            self._program.step()
        elif key in ("more", "less"):
            slider = self._slider()
            if slider is not None:
                action = Slider.SliderAction.SliderSingleStepAdd
                slider.triggerAction(action if key == "more" else Slider.SliderAction.SliderSingleStepSub)
        elif key.startswith("digit "):
            number = int(key.removeprefix("digit "))
            if self._answers_open():
                self.pick(number - 1)
            elif "pages" in self.step.controls:
                self._turn_page(number)

    def _go(self) -> None:
        if self._runs():
            self._program.run()
        else:
            self._program.step()

    def _runs(self) -> bool:
        """Tell whether the space bar starts and stops the stream here, or makes a new draw."""
        controls = self.step.controls
        if "run" in controls or "step" in controls:
            return "run" in controls
        return self.step.running or self._streams()

    def _answers_open(self) -> bool:
        question = self.step.question
        return question is not None and question.kind == "answers" and not self.prediction.revealed

    def _turn_page(self, number: int) -> None:
        from gumbelviz.views.pages.table import PAGES

        tabs = [row for row in PAGES if row.tab]
        if number <= len(tabs):
            self._program.turn(tabs[number - 1].id)

    def _slider(self) -> Slider | None:
        """Return the slider that the arrow keys move: the first one that can be seen on the page and reached."""
        page = self._program.pager.page
        if page is None:
            return None
        from PySide6.QtCore import QPoint, Qt

        found = [
            slider
            for slider in page.findChildren(Slider)
            if slider.isVisible() and slider.isEnabled() and slider.focusPolicy() != Qt.FocusPolicy.NoFocus
        ]
        # In reading order.
        found.sort(key=lambda slider: (slider.mapTo(page, QPoint()).y(), slider.mapTo(page, QPoint()).x()))
        return found[0] if found else None

    def _show_caps(self) -> None:
        step, controls = self.step, self.step.controls
        last = self._place == len(self.lecture.steps) - 1
        caps = [] if last else [Cap("lecture next", "PgDn", "next")]
        if step.question is not None and not self.prediction.revealed:
            if self._answers_open():
                caps.append(Cap("", f"1–{len(step.question.answers)}", "answer"))
            caps.append(Cap("lecture reveal", "R", "reveal"))
        if self._runs():
            caps.append(Cap("lecture go", "Space", "run or pause"))
        elif "step" in controls or not controls:
            caps.append(Cap("lecture go", "Space", "new draw"))
        slider = self._slider() if controls else None
        if slider is not None:
            name = slider.accessibleName().split(" ")[-1]
            caps.append(Cap("lecture more", "↑ ↓", name if len(name) <= 2 else name.lower()))
        if "freeze" in controls:
            caps.append(Cap("freeze", "F", "freeze"))
        if "restart" in controls:
            caps.append(Cap("restart", "0", "restart"))
        if "speed" in controls:
            caps.append(Cap("faster", "[ ]", "speed"))
        if "pages" in controls and not self._answers_open():
            caps.append(Cap("", "1–6", "pages"))
        caps.append(Cap("lecture leave", "Esc", "leave"))
        self._stage.foot.show_caps(tuple(caps))


def _trained(frame: Frame) -> bool:
    """Tell whether a training is finished."""
    report = frame.study
    return isinstance(report, LearningReport) and report.done >= report.steps


def unfilled(step: Step) -> StepWords:
    """Return the texts of a step while its numbers are not known: three dots in the place of each."""

    def plain(text: str) -> str:
        return PLACES.sub("…", text)

    task, question = step.task, step.question
    return StepWords(
        title=plain(step.title),
        words=plain(clean_markdown(step.words)),
        notes=plain(clean_markdown(step.notes)),
        task="" if task is None else plain(task.text),
        question="" if question is None else plain(question.text),
        answers=() if question is None else tuple(map(plain, question.answers)),
        after="" if question is None else plain(question.after),
    )
