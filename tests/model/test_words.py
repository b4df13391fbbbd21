"""Sentences about real draws."""

import math

import pytest
from msgspec.structs import replace

from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.frame import Agreement, Draw
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.model.words import describe_agreement, describe_draw


def pinned(settings: Settings, *noise: float) -> Settings:
    options = tuple(replace(option, pinned=value) for option, value in zip(settings.options, noise, strict=True))
    return replace(settings, options=options)


def sentence(settings: Settings, index: int = 0) -> str:
    return describe_draw(settings, Simulation(settings).draw(index))


def test_a_win_says_by_how_much_and_how_soft() -> None:
    hiring = pinned(make_settings([1.8, 1.7], ["Ann", "Bo"], temperature=1.0), 0.2, 0.5)
    assert sentence(hiring) == "Draw 0: Bo wins by 0.20; soft 0.45 / 0.55 at temperature 1"


def test_a_tie_says_which_one_argmax_keeps() -> None:
    ice_cream = pinned(make_settings([3.0, 2.5], ["Chocolate", "Vanilla"], temperature=0.5), -0.1, 0.4)
    assert sentence(ice_cream) == ("Draw 0: an exact tie, argmax keeps Chocolate; soft 0.50 / 0.50 at temperature 0.5")


def test_one_option_has_nobody_to_beat() -> None:
    only = make_settings([2.0], ["Only"], temperature=0.25)
    assert sentence(only) == "Draw 0: Only is the only option; soft 1.00 at temperature 0.25"


def test_beside_masked_options_the_winner_is_alone() -> None:
    masked = pinned(make_settings([-math.inf, 2.0], ["Gone", "Left"], temperature=2.0), 5.0, 0.0)
    assert sentence(masked) == "Draw 0: Left wins alone; soft 0.00 / 1.00 at temperature 2"


def test_of_many_options_only_the_winners_share_is_told() -> None:
    settings = pinned(make_settings([0.0, 1.0, 2.0, 3.0], list("abcd"), temperature=1.0), 9.0, 0.0, 0.0, 0.0)
    assert sentence(settings) == "Draw 0: a wins by 6.00; soft 1.00 for a at temperature 1"


@pytest.mark.parametrize(
    ("temperature", "end"),
    [(0.0, "soft 0.00 / 1.00 at temperature 0"), (math.inf, "soft 0.50 / 0.50 at temperature ∞")],
)
def test_the_limits_of_the_temperature_are_named(temperature: float, end: str) -> None:
    settings = pinned(make_settings([1.0, 2.0], ["a", "b"], temperature=temperature), 0.0, 0.0)
    assert sentence(settings) == f"Draw 0: b wins by 1.00; {end}"


def test_a_small_share_is_not_called_nothing() -> None:
    settings = pinned(make_settings([0.0, 6.0], ["a", "b"], temperature=1.0), 0.0, 0.0)
    assert sentence(settings) == "Draw 0: b wins by 6.00; soft <0.01 / 1.00 at temperature 1"


def test_large_draw_numbers_are_grouped_and_every_draw_has_a_sentence() -> None:
    settings = make_settings([1.0, 2.0, 3.0], ["a", "b", "c"])
    assert sentence(settings, 1_234_567).startswith("Draw 1,234,567: ")
    stream = Simulation(settings)
    for n in range(200):
        draw: Draw = stream.draw(n)
        text = describe_draw(settings, draw)
        assert text.startswith(f"Draw {n}: {'abc'[draw.winner]} wins by ")
        assert "\n" not in text


@pytest.mark.parametrize(
    ("agreement", "expected"),
    [
        (
            Agreement(1.2, 0.55, 0.00123, "agrees"),
            ("✓ agrees with theory", "largest |frequency − probability| = 0.0012 · χ² p = 0.55", "χ² p = 0.55"),
        ),
        (
            Agreement(0.0, 1.0, 0.25, "too few draws"),
            ("too few draws to judge", "largest |frequency − probability| = 0.2500 · χ² p = 1.00", "χ² p = 1.00"),
        ),
        (
            Agreement(900.0, 1e-40, 0.00098, "disagrees"),
            (
                "disagrees with theory",
                "largest |frequency − probability| = 0.00098 · χ² p = 1.0e−40",
                "χ² p = 1.0e−40",
            ),
        ),
        (
            Agreement(1.2, 0.55, 0.00123, "disagrees", ("noise", "soft means")),
            (
                "disagrees with theory: noise, soft means",
                "largest |frequency − probability| = 0.0012 · χ² p = 0.55",
                "χ² p = 0.55",
            ),
        ),
        (
            Agreement(900.0, 0.0, 0.1, "disagrees", ("winners", "noise", "soft means", "soft shares")),
            (
                "disagrees with theory: winners, noise and 2 more",
                "largest |frequency − probability| = 0.1000 · χ² p = 0.00",
                "χ² p = 0.00",
            ),
        ),
    ],
)
def test_agreement_in_words_and_figures(agreement: Agreement, expected: tuple[str, str, str]) -> None:
    assert describe_agreement(agreement) == expected


def test_a_real_run_is_described() -> None:
    stream = Simulation(make_settings([1.0, 2.0, 3.0]))
    assert describe_agreement(stream.frame().agreement)[0] == "too few draws to judge"
    stream.advance(100_000)
    words, figures, short = describe_agreement(stream.frame().agreement)
    assert words == "✓ agrees with theory"
    assert figures.endswith(short)
