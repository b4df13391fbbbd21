"""The choices of the Precision page: edits, examples, scenes; and the words about what came of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from gumbelviz.model.choices import PageChoices
from gumbelviz.model.edits import EDITS
from gumbelviz.model.precision_choices import PRESETS, PrecisionChoices
from gumbelviz.model.precision_report import Landing, Outcome, PrecisionReport
from gumbelviz.model.precision_words import describe_landing, describe_precision, write_share, write_size
from gumbelviz.model.scene import Scene, read_scene, write_scene
from gumbelviz.model.settings import Settings, make_settings

START = make_settings([2.0, 1.2, 0.4])


def edit(name: str, value: object, settings: Settings = START) -> Settings:
    return EDITS[name][0](settings, value)


def test_each_choice_is_changed_alone() -> None:
    assert edit("precision temperature", 0.0).pages.precision == PrecisionChoices(temperature=0.0)
    assert edit("precision offset", 1e4).pages.precision == PrecisionChoices(offset=1e4)
    assert edit("precision scores", "pair").pages.precision == PrecisionChoices(scores="pair")
    assert edit("precision offset", 1e4).temperature == START.temperature


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("precision temperature", -1.0),
        ("precision temperature", math.nan),
        ("precision temperature", math.inf),
        ("precision offset", 1e9),
        ("precision offset", -1.0),
        ("precision scores", "other"),
        ("precision preset", "none such"),
    ],
)
def test_what_has_no_meaning_is_refused_with_a_sentence(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        edit(name, value)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_a_preset_is_one_edit_and_survives_a_scene_file(preset: object) -> None:
    settings = edit("precision preset", preset.id)  # type: ignore[attr-defined]
    assert settings.pages.precision == preset.choices  # type: ignore[attr-defined]
    scene = Scene(title="Test", settings=settings, page="precision")
    assert read_scene(write_scene(scene)) == scene


def test_a_scene_with_senseless_choices_is_refused() -> None:
    wrong = replace(START, pages=PageChoices(precision=PrecisionChoices(offset=100.0)))
    data = write_scene(Scene(title="Test", settings=wrong)).replace(b"100.0", b"-5.0")
    with pytest.raises(ValueError, match="offset"):
        read_scene(data)


def test_the_margins_page_can_be_a_scenes() -> None:
    scene = Scene(title="Test", settings=START, page="margins")
    assert read_scene(write_scene(scene)) == scene


# Words.


def outcome(formula: str, precision: str, wins: tuple[int, ...], **fields: object) -> Outcome:
    values: dict[str, object] = {
        "draws": 1_000, "nan": 0, "zeros": 0, "ones": 0, "lost": 0, "smallest": 1e-7, "smallest_log": -16.1,
        "worst": 2e-6, "wins": np.array(wins), "largest_difference": 0.0, "verdict": "agrees",
    }  # fmt: skip
    return Outcome(formula, precision, **{**values, **fields})  # type: ignore[arg-type]


def report(naive: Outcome, temperature: float = 0.5, rounded: tuple[float, float] = (0.5, 0.5)) -> PrecisionReport:
    fair = (501, 499)
    outcomes = (naive, outcome("naive", "double", fair, worst=3e-15), outcome("careful", "single", fair),
                outcome("careful", "double", fair))  # fmt: skip
    landings = (Landing("single", 8.0, np.array([0.0, 8.0]), np.array([0.982, 0.018])),
                Landing("double", 1.5e-8, np.empty(0), np.empty(0)))  # fmt: skip
    curve = np.array([-1.0, 1.0]), np.array([0.1, 0.2])
    return PrecisionReport(
        1_000, 1_000, temperature, 1e8, True, np.arange(2), np.array([0.5, 0.5]), np.array(rounded), outcomes, 1e8,
        1.0, landings, curve,
    )  # fmt: skip


def test_the_words_take_their_numbers_from_the_run() -> None:
    names = ("Ada", "Bob")
    lost = outcome("naive", "single", (973, 27), verdict="disagrees")
    words = describe_precision(report(lost), names)
    assert "Ada wins 97.3% of the draws instead of 50.0%" in words
    assert "8 apart" in words
    assert "gives 50.1% in the same precision" in words
    assert "Rounding" not in words
    words = describe_precision(report(lost, 0.5, (1 / 3, 2 / 3)), names)
    assert "Rounding the scores alone would make it 33.3%." in words
    zero = outcome("naive", "single", (0, 0), nan=1_000, verdict="disagrees")
    assert "divides by 0: all of its draws are NaN" in describe_precision(report(zero, 0.0), names)
    rounded = outcome("naive", "single", (500, 500), ones=317, zeros=2, lost=319)
    words = describe_precision(report(rounded), names)
    assert "31.7% of the draws have a share y that is exactly 1, and 0.2% one that is exactly 0" in words
    assert "down to −16.1" in words
    calm = describe_precision(report(outcome("naive", "single", (500, 499), nan=1)), names)
    assert calm.startswith("Nothing breaks here")
    assert calm.endswith("exactly 0 in 1 draw: NaN.")


def test_landings_in_words() -> None:
    single, double = report(outcome("naive", "single", (1, 1))).landings
    assert describe_landing(single, 1e8) == "single near 1e8: steps of 8 · 98.2% lands on one"
    assert describe_landing(double, 1e8) == "double near 1e8: steps of 1.5e−8 · the noise keeps its digits"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (8.0, "8"), (0.25, "0.25"), (1e8, "1e8"), (2.384e-7, "2.4e−7"), (123_456.0, "123,456"),
     (988_928.6, "988,929"), (4.4e6, "4.4e6"), (math.nan, "–"), (-math.inf, "−∞")],
)  # fmt: skip
def test_numbers_of_any_size_are_short(value: float, text: str) -> None:
    assert write_size(value) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (1_000_000, "all"), (999_999, ">99.9%"), (500_000, "50.0%"), (12, "12")]
)
def test_shares_of_draws(count: int, text: str) -> None:
    assert write_share(count, 1_000_000) == text
