"""The story: every step reads, says nothing that is not so, and asks what can be done."""

from __future__ import annotations

import functools
import math
import re

import numpy as np
import pytest
from msgspec.structs import replace

import resources
from gumbelviz.app.lecture_words import StepWords, fill_step
from gumbelviz.app.library import load_builtin
from gumbelviz.engine.simulation import Simulation
from gumbelviz.lectures.built_in import load_lecture, load_story, step_names
from gumbelviz.lectures.lecture_file import form_of_step, read_lecture, write_lecture
from gumbelviz.lectures.tasks import Moment, Watch
from gumbelviz.maths.concrete import choose, perturb, probabilities, relax
from gumbelviz.maths.gradient_moments import exact_moments
from gumbelviz.maths.gradients import exact
from gumbelviz.maths.gumbel import ppf
from gumbelviz.maths.objectives import Bit, Cubic, Quadratic, corner_values
from gumbelviz.model.edits import EDITS
from gumbelviz.model.frame import Frame
from gumbelviz.model.lecture import Step
from gumbelviz.model.page_parts import controls_of, parts_of, view_of
from gumbelviz.model.places import PLACES
from gumbelviz.model.settings import Transport
from gumbelviz.model.strictjson import write_json

STORY = load_story()
NAMES = [name[3:].removesuffix(".json") for name in step_names("story")]
STEP: dict[str, Step] = dict(zip(NAMES, STORY.steps, strict=True))
ORDER = (
    "hard-choice", "softmax-alone", "without-the-trick", "gumbel-noise", "noisy-scores", "theorem-live",
    "frozen-noise", "simplex", "switch-and-dimmer", "wrong-sign", "straight-through", "annealing", "hiring",
    "new-options", "read-on",
)  # fmt: skip
LONGEST_TITLE, MOST_WORDS, MOST_SENTENCES = 50, 30, 2


@functools.cache
def frame_of(name: str) -> Frame:
    step = STEP[name]
    simulation = Simulation(step.scene.settings)
    simulation.advance(step.draws)
    return simulation.frame(index=step.draw)


@functools.cache
def filled(name: str) -> StepWords:
    return fill_step(STEP[name], STEP[name].scene.settings, frame_of(name))


def texts_of(step: Step) -> list[str]:
    """Every text of a step that a person reads, as it stands in the file."""
    texts = [step.title, step.words, step.notes, step.scene.title, step.scene.note, *step.scene.settings.names]
    if step.task is not None:
        texts.append(step.task.text)
    if step.question is not None:
        texts += [step.question.text, *step.question.answers, step.question.after]
    return texts


# As files. --------------------------------------------------------------------------------------------------


def test_the_steps_are_there_in_their_order() -> None:
    assert tuple(NAMES) == ORDER
    assert [name[:3] for name in step_names("story")] == [f"{n:02d}-" for n in range(1, len(ORDER) + 1)]
    assert len(STORY.steps) == 15


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_as_the_program_would_write_it(name: str) -> None:
    number = NAMES.index(name) + 1
    written = write_json(form_of_step(STEP[name], number)) + "\n"
    assert resources.read_text("lectures", "story", f"{number:02d}-{name}.json") == written


def test_the_whole_story_can_be_saved_and_opened() -> None:
    assert read_lecture(write_lecture(STORY)) == STORY


def test_an_unknown_lecture_is_refused() -> None:
    with pytest.raises(ValueError, match=r'no built-in lecture "storey"; did you mean "story"\?'):
        load_lecture("storey")


# As words. --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_no_number_is_typed(name: str) -> None:
    for text in texts_of(STEP[name]):
        typed = re.search(r".{0,20}[0-9].{0,20}", PLACES.sub("", text))
        assert typed is None, typed


def test_a_typed_number_would_be_found() -> None:
    assert re.search("[0-9]", PLACES.sub("", "wins 27% of {soft:1}"))
    assert not re.search("[0-9]", PLACES.sub("", "{soft:2} {mean_gumbel_softmax:1} {paper:gumbel_softmax} {goal}"))


@pytest.mark.parametrize("name", NAMES)
def test_every_place_is_filled(name: str) -> None:
    words = filled(name)
    for text in (words.title, words.words, words.notes, words.task, words.question, *words.answers, words.after):
        assert "{" not in text and "}" not in text, text
        assert "–" not in text, "a number that nobody knows"
        assert "nan" not in re.split(r"\W", text)


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_read_from_the_last_row(name: str) -> None:
    step, words = STEP[name], filled(name)
    assert 0 < len(words.title) <= LONGEST_TITLE
    if name != "read-on":
        assert len(words.words.split()) <= MOST_WORDS
        assert len(re.findall(r"[.?!](?=\s|$)", words.words)) <= MOST_SENTENCES
    assert len(step.words.split()) <= MOST_WORDS
    assert 0 < len(words.task) <= 70
    assert len(words.question) <= 70
    assert all(len(answer) <= 60 for answer in words.answers)
    assert len(words.after.split()) <= MOST_WORDS


@pytest.mark.parametrize("name", NAMES)
def test_the_speaker_has_something_to_say(name: str) -> None:
    notes = STEP[name].notes
    assert len(notes.split()) >= 60
    assert "**Say:**" in notes
    assert "**Time:**" in notes or name == "read-on"


# As states. -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_parts_and_controls_are_there_on_the_page_as_it_opens(name: str) -> None:
    step = STEP[name]
    page = step.scene.page
    view = view_of(step.scene.settings, page)
    parts = {part.id for part in parts_of(page, view)}
    assert set(step.parts) <= parts
    assert set(step.highlight) <= (set(step.parts) or parts)
    assert set(step.controls) <= {control.id for control in controls_of(page, view)}
    if page == "pipeline" and step.parts:
        rows = {part.id for part in parts_of(page) if part.group == "rows"}
        assert len(rows & set(step.parts)) == 1, "one row, so that it is large"


def moment_of(name: str) -> Moment:
    step, frame = STEP[name], frame_of(name)
    transport = Transport(running=step.running, speed=step.speed, cursor=step.draw)
    return Moment(step.scene.settings, transport, step.scene.page, frame.draws, frame.draw.index)


CONTROL_OF = {
    "temperature below": "temperature", "temperature above": "temperature", "draws": "run", "new draw": "step",
    "score changed": "scores", "page changed": "pages", "trained": "train",
}  # fmt: skip
"""What a person needs for a task. Reveal has a key of its own, and choices differ from page to page."""


@pytest.mark.parametrize("name", NAMES)
def test_a_task_is_not_done_at_the_beginning_and_can_be_done(name: str) -> None:
    step = STEP[name]
    assert step.task is not None
    begin = moment_of(name)
    watch = Watch(step, begin)
    assert not watch.see(begin)
    needed = CONTROL_OF.get(step.task.when)
    if needed is not None:
        assert needed in step.controls
    elif step.task.when == "revealed":
        assert step.question is not None
    else:
        assert set(step.controls) & {"level", "goal"}
    value = step.task.value
    if value is not None and needed == "temperature":
        settings = EDITS["temperature"][0](step.scene.settings, value)
        assert watch.see(Moment(settings, begin.transport, begin.page))
        # And the words still say something then.
        frame = Simulation(settings).frame(index=step.draw)
        words = fill_step(step, settings, frame)
        for text in (words.title, words.words, words.task, words.after):
            assert "{" not in text and "–" not in text
        assert len(words.words.split()) <= MOST_WORDS


# As mathematics: what the words claim, and which answer is right. --------------------------------------------


def test_every_question_with_answers_is_verified_here() -> None:
    asked = {name for name, step in STEP.items() if step.question is not None and step.question.kind == "answers"}
    assert asked == {"frozen-noise", "switch-and-dimmer", "wrong-sign", "straight-through", "new-options"}
    for name in asked:
        question = STEP[name].question
        assert question is not None and len(set(filled(name).answers)) == len(question.answers)


def right_answer(name: str) -> int:
    question = STEP[name].question
    assert question is not None and question.right is not None
    return question.right


def soft_at(name: str, temperature: float) -> np.ndarray:
    step = STEP[name]
    simulation = Simulation(replace(step.scene.settings, temperature=temperature))
    return np.asarray(simulation.draw(step.draw or 0).soft)


def goal(name: str) -> float:
    task = STEP[name].task
    assert task is not None and task.value is not None
    return task.value


def test_without_noise_the_same_film_wins_until_another_score_is_larger() -> None:
    for name in ("hard-choice", "softmax-alone"):
        draw = frame_of(name).draw
        assert draw.noise.tolist() == [0.0, 0.0, 0.0]
        assert draw.winner == int(np.argmax(STEP[name].scene.settings.logits))
    # Softmax alone is softmax of the scores.
    np.testing.assert_allclose(
        frame_of("softmax-alone").draw.soft, probabilities(STEP["softmax-alone"].scene.settings.logits), rtol=1e-12
    )


def test_the_inverse_map_says_the_noise() -> None:
    level = STEP["gumbel-noise"].scene.settings.pages.noise.level
    assert f"Here {level:g} becomes {float(ppf(level)):.2f}" in filled("gumbel-noise").words


def test_the_film_on_display_wins_against_the_favourite() -> None:
    draw = frame_of("noisy-scores").draw
    assert draw.winner != int(np.argmax(STEP["noisy-scores"].scene.settings.logits))
    assert not draw.tied


def test_the_theorem_is_softmax_and_is_not_shown_before() -> None:
    step, words = STEP["theorem-live"], filled("theorem-live")
    assert step.question is not None and step.question.kind == "frequencies"
    shares = probabilities(step.scene.settings.logits)
    for name, share in zip(step.scene.settings.names, shares, strict=True):
        assert f"{name} {100 * share:.1f}%" in words.after
    # The lower row would show the exact chances beside the scores.
    assert "stream" not in step.parts
    # Four chances that can be told apart with bars.
    assert min(abs(a - b) for i, a in enumerate(shares) for b in shares[:i]) > 0.04


def test_the_share_that_grows_is_the_winners() -> None:
    settings, low = STEP["frozen-noise"].scene.settings, goal("frozen-noise")
    hot, cold = soft_at("frozen-noise", settings.temperature), soft_at("frozen-noise", low)
    grows = np.flatnonzero(cold > hot)
    assert grows.tolist() == [right_answer("frozen-noise")]
    draw = frame_of("frozen-noise").draw
    assert draw.winner == right_answer("frozen-noise")
    # The question is none where the best score wins anyway.
    assert draw.winner != int(np.argmax(settings.logits))
    # Ahead at every temperature, also those between.
    for tau in np.geomspace(low, 10.0, 25):
        assert int(np.argmax(soft_at("frozen-noise", float(tau)))) == draw.winner


def test_the_cloud_runs_into_the_corners() -> None:
    step = STEP["simplex"]
    assert len(step.scene.settings.options) == 3

    def in_corners(temperature: float) -> float:
        noise = np.random.default_rng(1).gumbel(size=(3, 20_000))
        soft = relax(perturb(step.scene.settings.logits, noise), temperature)
        return float(np.mean(soft.max(axis=0) > 0.95))

    assert in_corners(goal("simplex")) > 0.8 > 0.3 > in_corners(step.scene.settings.temperature)


def slopes(name: str, temperature: float, noise: np.ndarray) -> tuple[float, float]:
    """Slopes of the hard and of the soft choice against the first score, by differences."""
    z = np.asarray(STEP[name].scene.settings.logits)
    step = np.array([1e-5, 0.0, 0.0])
    up, down = perturb(z + step, noise[:, None]), perturb(z - step, noise[:, None])
    hard = float(choose(up)[0] == 0) - float(choose(down)[0] == 0)
    soft = relax(up, temperature)[0, 0] - relax(down, temperature)[0, 0]
    return hard / 2e-5, float(soft / 2e-5)


def test_softmax_makes_a_sample_differentiable_and_noise_does_not() -> None:
    name = "switch-and-dimmer"
    step, draw = STEP[name], frame_of(name).draw
    tau = step.scene.settings.temperature
    with_noise, without = slopes(name, tau, draw.noise), slopes(name, tau, np.zeros(3))
    # Answer 0, the noise: a noisy argmax is as flat as one without noise. Answer 1, softmax: a slope in both.
    assert with_noise[0] == without[0] == 0.0
    assert with_noise[1] > 0.1 and without[1] > 0.1
    assert right_answer(name) == 1
    # Answer 2, many draws: each of a thousand hard samples is flat.
    noise = np.random.default_rng(2).gumbel(size=(1000, 3))
    assert all(slopes(name, tau, row)[0] == 0.0 for row in noise)
    assert f"its slope here is {with_noise[1]:.2f}" in filled(name).words
    # The flip that the task speaks of is near.
    threshold = float(np.delete(draw.perturbed, 0).max() - draw.noise[0])
    assert abs(threshold - step.scene.settings.logits[0]) < 1.0


def test_the_sign_is_wrong_on_average_and_mends_at_the_goal() -> None:
    step = STEP["wrong-sign"]
    settings = step.scene.settings
    chosen = settings.pages.gradients
    assert (settings.logits, chosen.objective, chosen.bit_target) == ((-1.0, 0.0), "bit", 0.45)
    objective = Bit(chosen.bit_target)
    truth = float(exact(settings.logits, corner_values(objective, 2))[0])

    def mean_at(tau: float, estimator: str = "gumbel_softmax") -> float:
        moments = exact_moments(settings.logits, tau, objective)
        mean = next(moment.mean for name, moment in moments.items() if name == estimator)
        assert mean is not None
        return float(mean[0])

    # Averaging does not help: it is the mean that has the wrong sign.
    assert truth == pytest.approx(0.019661, abs=5e-7)
    assert mean_at(settings.temperature) == pytest.approx(-0.014534, abs=5e-7)
    assert right_answer("wrong-sign") == 1
    assert mean_at(goal("wrong-sign")) > 0.0
    # “Before long the bias goes down, and the variance goes up.”
    taus = (0.5, 0.2, 0.1, 0.05)
    spreads = [exact_moments(settings.logits, tau, objective)["gumbel_softmax"].variance for tau in taus]
    variances = [float(variance[0]) for variance in spreads if variance is not None]
    assert len(variances) == 4 and variances == sorted(variances)
    biases = [truth - mean_at(tau) for tau in taus]
    assert biases == sorted(biases, reverse=True) and biases[-1] > 0.0
    assert "+0.0197" in filled("wrong-sign").words and "−0.0145" in filled("wrong-sign").words
    notes = filled("wrong-sign").notes
    for estimator in ("straight_through_gumbel_softmax", "reinforce", "reinmax"):
        assert f"{mean_at(1.0, estimator):+.4f}".replace("-", "−") in notes
    assert mean_at(1.0, "reinmax") == pytest.approx(truth) == mean_at(1.0, "reinforce")
    assert mean_at(1.0, "straight_through_gumbel_softmax") < 0.0


def test_of_the_three_only_reinmax_has_no_bias_for_squares() -> None:
    step = STEP["straight-through"]
    settings = step.scene.settings
    chosen = settings.pages.gradients
    assert chosen.objective == "quadratic"
    ids = ("gumbel_softmax", "straight_through_gumbel_softmax", "reinmax")

    def bias(estimator: str, objective: Quadratic | Cubic) -> float:
        truth = exact(settings.logits, corner_values(objective, 3))
        moments = exact_moments(settings.logits, settings.temperature, objective)
        mean = next(moment.mean for name, moment in moments.items() if name == estimator)
        assert mean is not None
        return float(np.abs(mean - truth).max())

    goal_of_scene = Quadratic(chosen.targets_for(3))
    unbiased = [i for i, name in enumerate(ids) if bias(name, goal_of_scene) < 1e-12]
    assert unbiased == [right_answer("straight-through")]
    assert min(bias(name, goal_of_scene) for name in ids[:2]) > 0.01
    # “Pays in bias”, “pays in noise”: of the arrows that are drawn REINFORCE scatters most, Gumbel-Softmax least.
    known = exact_moments(settings.logits, settings.temperature, goal_of_scene, conditional_draws=8)
    spread: dict[str, float] = {name: float(m.variance.sum()) for name, m in known.items() if m.variance is not None}
    drawn = {name: value for name, value in spread.items() if name not in chosen.hidden}
    assert max(drawn, key=drawn.__getitem__) == "reinforce"
    assert min(drawn, key=drawn.__getitem__) == "gumbel_softmax"
    # “The same bias, less scatter.”
    assert bias("rao_blackwell", goal_of_scene) == pytest.approx(bias(ids[1], goal_of_scene), abs=1e-12)
    assert spread["rao_blackwell"] < 0.9 * spread[ids[1]]
    # “Which arrows move?”
    moving = exact_moments(settings.logits, goal("straight-through"), goal_of_scene)
    for name, moments in known.items():
        other_mean = next(m.mean for row, m in moving.items() if row == name)
        assert moments.mean is not None and other_mean is not None
        still = np.allclose(moments.mean, other_mean, atol=1e-9)
        assert still == (name.startswith("rein") or name == "straight_through"), name
    # And what the notes say of the cubic goal, for the option that it is about.
    assert bias("reinmax", Cubic()) > 1e-4
    # “every squared goal, at any temperature”: with other targets and scores too.
    other = Quadratic([0.9, -0.4, 2.0])
    assert bias("reinmax", other) < 1e-12


def test_no_temperature_puts_the_first_candidate_ahead() -> None:
    built_in = load_builtin("hiring").settings
    settings = STEP["hiring"].scene.settings
    assert (settings.logits, settings.pins, settings.temperature) == (built_in.logits, built_in.pins, 1.0)
    draw = frame_of("hiring").draw
    np.testing.assert_allclose(draw.soft, [1 / (1 + math.exp(0.2)), 1 / (1 + math.exp(-0.2))], rtol=1e-13)
    assert "45.0%" in filled("hiring").words and "55.0%" in filled("hiring").words
    assert "55 / 45" in filled("hiring").words
    for tau in (1e-3, 0.1, 1.0, 10.0, 1e3):
        first, second = soft_at("hiring", tau)
        assert first < second
    assert "1.81" in filled("hiring").notes and "0.1 apart" in filled("hiring").notes


def test_the_ice_cream_is_a_tie_and_no_option_is_new() -> None:
    built_in = load_builtin("ice-cream").settings
    settings = STEP["new-options"].scene.settings
    assert (settings.logits, settings.pins, settings.names) == (built_in.logits, built_in.pins, built_in.names)
    for tau in (1e-3, 0.1, 0.5, 1.0, goal("new-options"), math.inf):
        assert soft_at("new-options", tau).tolist() == [0.5, 0.5]
    assert soft_at("new-options", 0.0).tolist() == [1.0, 0.0]
    draw = frame_of("new-options").draw
    assert draw.tied == (0, 1) and draw.winner == 0
    assert "argmax keeps Chocolate" in filled("new-options").after
    # Whatever the noise, what wins is one of those that there are, and all of them do win.
    noise = np.random.default_rng(3).gumbel(size=(2, 10_000))
    winners = choose(perturb(settings.logits, noise))
    assert set(winners.tolist()) == set(range(len(settings.options)))
    assert right_answer("new-options") == 1


def test_reading_on_names_every_source() -> None:
    words = filled("read-on").words
    for year in (1954, 2014, 2017, 2019, 2021, 2022, 2023):
        assert str(year) in words
    assert filled("read-on").notes.count("\n- ") == 9
