"""Every place of the closed list is filled, with the number that it promises."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gumbelviz.app.lecture_words import fill_markdown
from gumbelviz.app.place_numbers import OF_OPTION, UNKNOWN, WHOLE, Shown
from gumbelviz.app.words import fill_places
from gumbelviz.engine.simulation import Simulation
from gumbelviz.maths import concrete, gradients
from gumbelviz.maths.gradient_moments import exact_moments
from gumbelviz.maths.objectives import Quadratic, corner_values
from gumbelviz.model import places
from gumbelviz.model.choices import PageChoices
from gumbelviz.model.gradient_choices import COLORS, GradientChoices, ObjectiveKind
from gumbelviz.model.learning_choices import LearningChoices
from gumbelviz.model.numbers import write_signed
from gumbelviz.model.settings import Settings, make_settings

TARGETS = (0.2, 0.7, 0.1)
CHOICES = PageChoices(gradients=GradientChoices(objective="quadratic", targets=TARGETS))
SETTINGS = make_settings((2.0, 1.2, -0.4), ("A", "B", "C"), temperature=0.8, scale=1.5, location=0.25, pages=CHOICES)


def shown(settings: Settings = SETTINGS, draws: int = 400, goal: float | None = 0.1) -> Shown:
    simulation = Simulation(settings)
    simulation.advance(draws)
    return Shown(settings, simulation.frame(), goal)


SHOWN = shown()


def fill(text: str, at: Shown = SHOWN) -> str:
    return fill_places(text, at)


def test_what_is_listed_is_computed_and_the_other_way_round() -> None:
    assert set(OF_OPTION) == set(places.OF_OPTION)
    assert set(WHOLE) == set(places.WHOLE)


def test_every_place_is_filled() -> None:
    texts = [f"{{{name}:{i}}}" for name in places.OF_OPTION for i in (1, 2, 3)]
    texts += [f"{{{name}}}" for name in places.WHOLE]
    texts += [f"{{{name}:{word}}}" for name, (_, words) in places.OF_WORD.items() for word in words]
    for text in texts:
        filled = fill(text)
        assert filled and "{" not in filled and filled != UNKNOWN, text


def test_what_is_no_place_stays() -> None:
    stranger = "{} {name} {name:0} {name:4} {soft:-1} {seed} {{name:x}} %s {paper:x} {mean_x:1} {goal:1} {noise:1"
    assert fill(stranger) == stranger
    assert fill("{goal}", shown(goal=None)) == "{goal}"


def test_chances_and_means() -> None:
    chances = concrete.probabilities(SETTINGS.logits, 1.5)
    means = concrete.mean(SETTINGS.logits, 0.8, 1.5)
    softmax = np.exp(SETTINGS.scores / 0.8) / np.exp(SETTINGS.scores / 0.8).sum()
    for i in (1, 2, 3):
        assert fill(f"{{probability:{i}}}") == f"{100 * chances[i - 1]:.1f}%"
        assert fill(f"{{mean_soft:{i}}}") == f"{100 * means[i - 1]:.1f}%"
        assert fill(f"{{softmax:{i}}}") == f"{100 * softmax[i - 1]:.1f}%"
    wins = SHOWN.frame.wins
    assert wins.sum() == 400
    assert [float(fill(f"{{frequency:{i}}}").rstrip("%")) for i in (1, 2, 3)] == pytest.approx(wins / 4, abs=0.051)
    assert fill("{favourite}") == "A"
    assert fill("{surprise}") == f"{100 * (1 - chances[0]):.1f}%"
    assert fill("{entropy}") == f"{-(chances * np.log2(chances)).sum():.2f}"
    assert fill("{most_entropy} {options} {draws}") == "1.58 3 400"
    assert fill("{edge} {gap}") == "0.5 0.8"


def test_the_noise() -> None:
    # mathematics.md: mean mu + 0.5772 beta, variance pi^2 beta^2 / 6; the difference of two has sqrt(2) times that.
    deviation = math.pi * 1.5 / math.sqrt(6)
    assert fill("{noise_mean}") == f"{0.25 + 0.5772156649 * 1.5:.2f}"
    assert fill("{noise_deviation}") == f"{deviation:.2f}"
    assert fill("{difference_deviation}") == f"{deviation * math.sqrt(2):.2f}"
    assert fill("{difference_deviation}", shown(make_settings((1.0, 0.0, 0.0)))) == "1.81"
    assert fill("{median}") == f"{0.25 - 1.5 * math.log(math.log(2)):.2f}"
    assert fill("{level} {level_noise}") == f"0.8 {0.25 - 1.5 * math.log(-math.log(0.8)):.2f}"


def test_gradients_means_and_biases() -> None:
    objective = Quadratic(TARGETS)
    logits = SETTINGS.scores / 1.5
    truth = gradients.exact(logits, corner_values(objective, 3)) / 1.5
    known = exact_moments(logits, 0.8 / 1.5, objective)
    for i in range(3):
        assert fill(f"{{gradient:{i + 1}}}") == write_signed(truth[i])
        for name in COLORS:
            mean = next(moments.mean for row, moments in known.items() if row == name)
            assert mean is not None
            written = [float(fill(f"{{{what}_{name}:{i + 1}}}").replace("−", "-")) for what in ("mean", "bias")]
            assert written == pytest.approx([mean[i] / 1.5, mean[i] / 1.5 - truth[i]], abs=1.5e-4)
    assert fill("{bias_reinmax:1} {bias_reinforce:2}") == "0 0"


def test_slopes_follow_the_draw() -> None:
    soft = SHOWN.frame.draw.soft
    assert fill("{slope:2}") == f"{soft[1] * (1 - soft[1]) / 0.8:.2f}"
    for tau in (0.0, math.inf):
        assert fill("{slope:1}", shown(make_settings((1.0, 0.0, 0.0), temperature=tau))) == "0.00"


def test_numbers_that_nobody_knows_are_a_dash() -> None:
    many = shown(make_settings([0.0] * 1_001), draws=3)
    assert fill("{gradient:1} {mean_gumbel_softmax:7}", many) == "– –"
    several = shown(make_settings((1.0, 0.5, 0.2, 0.0), pages=CHOICES))
    assert fill("{mean_gumbel_softmax:1}", several) == "–"
    assert fill("{gradient:1} {bias_reinmax:1}", several).endswith(" 0")
    one = shown(make_settings((1.0,)))
    assert fill("{edge} {gap} {margin} {surprise}", one) == "– – ∞ 0%"


def test_goals_are_temperatures_or_counts() -> None:
    words = [fill("{goal}", shown(goal=goal)) for goal in (0.05, 10.0, 500.0, 20_000.0)]
    assert words == ["0.05", "10", "500", "20,000"]


def test_names_in_markdown_are_names() -> None:
    settings = make_settings((1.0, 0.5, 0.0), ("*A*", "[x](http://e.org)", "<b>"))
    filled = fill_markdown("**{name:1}** {name:2} [y](z) {name:3} {soft:1}", shown(settings))
    assert filled.startswith("**\\*A\\*** \\[x\\]\\(http\\://e\\.org\\) \\[y\\](z) \\<b\\>")
    assert fill("{name:2}", shown(settings)) == "[x](http://e.org)"


ALL = " ".join(
    [f"{{{name}:{i}}}" for name in places.OF_OPTION for i in (1, 2)] + [f"{{{name}}}" for name in places.WHOLE]
)
extremes = st.sampled_from([0.0, 1e-300, 1e-6, 0.05, 1.0, 30.0, 1e6, 1e300, math.inf])


@given(
    st.lists(st.sampled_from([-math.inf, -1e6, -30.0, 0.0, 0.5, 1e6]), min_size=2, max_size=5).filter(
        lambda row: max(row) > -math.inf
    ),
    extremes,
    st.sampled_from([1e-6, 1.0, 1e6]),
    st.sampled_from(["bit", "quadratic", "linear", "cubic"]),
    st.sampled_from([-20.0, -1.0, 20.0]),
    st.sampled_from([0.0, 0.45, 1.0]),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_no_settings_are_too_strange_for_a_text(
    logits: list[float], temperature: float, scale: float, kind: ObjectiveKind, theta: float, target: float
) -> None:
    """A stranger's lecture may put any place beside any settings: a text, and no warning of NumPy."""
    pages = PageChoices(gradients=GradientChoices(objective=kind), learning=LearningChoices(theta=theta, target=target))
    filled = fill(ALL, shown(make_settings(logits, temperature=temperature, scale=scale, pages=pages), draws=2))
    assert "{" not in filled.replace("{goal}", "") and "nan" not in filled
