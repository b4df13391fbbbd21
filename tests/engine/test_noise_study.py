"""The study of the Noise page: exact curves, the rain, trials with another noise, and what three scales change."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.studies.noise_curves import DROPS
from gumbelviz.engine.studies.noise_study import NoiseStudy
from gumbelviz.engine.studies.noise_trials import FEWEST_DRAWS, MOST_DRAWS, MOST_NUMBERS
from gumbelviz.engine.study import Moment, make_study
from gumbelviz.maths import concrete, gumbel
from gumbelviz.maths.noises import NOISES, noise_of, winner_probabilities
from gumbelviz.model.noise_choices import ARTICLE_DENSITIES, ARTICLE_FUNCTIONS, VIEWS, Curve, NoiseChoices
from gumbelviz.model.noise_report import Comparison, Family, InverseMap, NoiseReport, Scales
from gumbelviz.model.settings import Settings, make_settings

MOMENT = Moment(1000, 5, running=False)
LOGITS = [float(z) for z in np.log([0.7, 0.2, 0.1])]


def chosen(settings: Settings, **fields: object) -> Settings:
    noise = replace(settings.pages.noise, **fields)
    return replace(settings, pages=replace(settings.pages, noise=noise))


def finish(study: NoiseStudy, moment: Moment = MOMENT) -> NoiseReport:
    while study.busy(moment):
        study.work(moment, lambda: False)
    return study.report(moment)


def family(settings: Settings) -> Family:
    found = NoiseStudy(settings).report(MOMENT).family
    assert found is not None
    return found


def inverse(settings: Settings) -> InverseMap:
    found = NoiseStudy(chosen(settings, view="inverse")).report(MOMENT).inverse
    assert found is not None
    return found


def few_draws(settings: Settings, until: int = 40_000, **fields: object) -> Comparison:
    """The trials after a few draws: enough to compare, and soon done."""
    study = NoiseStudy(chosen(settings, view="other", **fields))
    comparison = None
    while study.busy(MOMENT) and (comparison is None or comparison.chosen.draws < until):
        study.work(MOMENT, lambda: True)
        comparison = study.report(MOMENT).comparison
        assert comparison is not None
    assert comparison is not None
    return comparison


def scales(settings: Settings, moment: Moment = MOMENT, **fields: object) -> Scales:
    found = finish(NoiseStudy(chosen(settings, view="scales", **fields)), moment).scales
    assert found is not None
    return found


def test_the_page_has_this_study() -> None:
    assert isinstance(make_study("noise", make_settings([1.0, 0.0])), NoiseStudy)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("logits", [[0.0], [1.0, 0.0], [2.0, -math.inf, 0.0], [float(i % 7) for i in range(1000)]])
def test_every_part_answers_at_once_and_says_whose_options_these_are(view: str, logits: list[float]) -> None:
    study = NoiseStudy(chosen(make_settings(logits), view=view))
    report = study.report(MOMENT)
    assert report.options == len(logits)
    found = {"curves": report.family, "inverse": report.inverse, "other": report.comparison, "scales": report.scales}
    assert [name for name, part in found.items() if part is not None] == [view]


# Curves. -------------------------------------------------------------------------------------------------------


def test_curves_are_exact_and_the_height_depends_on_the_scale_alone() -> None:
    settings = chosen(make_settings([0.0, 0.0]), curves=ARTICLE_DENSITIES)
    found = family(settings)
    for curve, facts in zip(ARTICLE_DENSITIES, found.curves, strict=True):
        np.testing.assert_array_equal(facts.density, gumbel.pdf(facts.x, curve.location, curve.scale))
        np.testing.assert_array_equal(facts.share, gumbel.cdf(facts.x, curve.location, curve.scale))
        assert facts.height == pytest.approx(1 / (math.e * curve.scale), rel=1e-14)
        assert facts.density.max() <= facts.height * (1 + 1e-12)
        assert facts.location < facts.median < facts.mean
        assert not facts.x.flags.writeable
    assert len({round(facts.height, 12) for facts in found.curves}) == 3


@pytest.mark.parametrize(
    "curves", [ARTICLE_DENSITIES, ARTICLE_FUNCTIONS, (Curve(0.0, 1e-3, 0),), (Curve(1e5, 1e4, 0), Curve(-3.0, 2.0, 1))]
)
def test_the_axis_cuts_no_curve(curves: tuple[Curve, ...]) -> None:
    found = family(chosen(make_settings([0.0, 0.0]), curves=curves))
    for curve in curves:
        assert gumbel.cdf(found.low, curve.location, curve.scale) < 1e-6
        assert gumbel.sf(found.high, curve.location, curve.scale) < 1.02e-3
    assert found.top == max(facts.height for facts in found.curves)


def test_what_the_articles_axis_cuts_is_worked_out() -> None:
    found = family(chosen(make_settings([0.0, 0.0]), curves=ARTICLE_DENSITIES))
    assert found.cut is not None
    worst = found.curves[found.cut.place]
    assert (worst.location, worst.scale) == (6.0, 2.0)
    assert found.cut.share == pytest.approx(1 - math.exp(-math.exp(-2.0)), rel=1e-12)
    assert found.high > found.cut.end
    assert family(chosen(make_settings([0.0, 0.0]), curves=ARTICLE_FUNCTIONS)).cut is None


def test_a_curve_that_stays_is_not_worked_out_again() -> None:
    settings = make_settings([0.0, 0.0])
    study = NoiseStudy(settings)
    before = study.report(MOMENT).family
    curves = settings.pages.noise.curves
    study.change(chosen(settings, curves=(*curves[:2], replace(curves[2], location=3.0))))
    after = study.report(MOMENT).family
    assert before is not None
    assert after is not None
    assert [a is b for a, b in zip(before.curves, after.curves, strict=True)] == [True, True, False]


# The inverse map. ----------------------------------------------------------------------------------------------


def test_the_level_becomes_its_quantile() -> None:
    settings = chosen(make_settings([1.0, 0.0, -1.0], None, location=2.0, scale=0.5), level=0.3)
    found = inverse(settings)
    assert found.noise == pytest.approx(2.0 - 0.5 * math.log(-math.log(0.3)), rel=1e-14)
    assert found.mode_level == pytest.approx(1 / math.e, rel=1e-14)
    assert 0.5 < found.mean_level < 0.6


def test_what_falls_is_the_stream() -> None:
    settings = make_settings([1.0, -math.inf, -1.0], None, seed=11)
    rain = inverse(settings).rain
    simulation = Simulation(settings)
    for n in (0, 1, 700):
        noise = simulation.draw(n).noise
        np.testing.assert_allclose(rain.noise[2 * n : 2 * n + 2], noise[[0, 2]], rtol=1e-13)
    assert rain.color[:4].tolist() == [0, 2, 0, 2]
    np.testing.assert_allclose(gumbel.ppf(rain.level), rain.noise, atol=1e-9)


@pytest.mark.parametrize("count", [1, 3, 7, 200])
def test_the_histograms_grow_by_one_number_each(count: int) -> None:
    rain = inverse(make_settings([0.0] * count)).rain
    assert rain.counts.shape[0] == DROPS + 1
    np.testing.assert_array_equal(rain.counts.sum(axis=1), np.arange(DROPS + 1))
    np.testing.assert_array_equal(rain.counts[-1], np.histogram(rain.noise, rain.edges)[0])
    np.testing.assert_array_equal(rain.counts[99], np.histogram(rain.noise[:99], rain.edges)[0])


def test_moving_u_keeps_the_rain() -> None:
    settings = chosen(make_settings([0.0, 1.0]), view="inverse")
    study = NoiseStudy(settings)
    before = study.report(MOMENT).inverse
    study.change(chosen(settings, level=0.1))
    after = study.report(MOMENT).inverse
    assert before is not None
    assert after is not None
    assert before.rain is after.rain
    study.change(replace(chosen(settings, level=0.1), seed=8))
    other = study.report(MOMENT).inverse
    assert other is not None
    assert other.rain is not after.rain


# Another noise. ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noise", NOISES, ids=lambda noise: noise.id)
def test_trials_agree_with_the_integral(noise: object) -> None:
    # Chi-square with two degrees of freedom at 27.6: a false alarm in one of 1e6 seeds, and the seed is fixed.
    # Another noise than the one that drew, a shift of at least 0.01, is found with certainty: see the last line.
    assert isinstance(noise, type(NOISES[0]))
    comparison = few_draws(make_settings(LOGITS), other=noise.id)
    trial = comparison.chosen
    exact = winner_probabilities(noise, LOGITS)
    assert trial.exact is not None
    np.testing.assert_array_equal(trial.exact, exact)
    assert trial.wins.sum() == trial.draws
    expected = trial.draws * exact
    assert ((trial.wins - expected) ** 2 / expected).sum() < 27.6
    other = noise_of("minus-gumbel" if noise.id != "minus-gumbel" else "gumbel")
    wrong = trial.draws * winner_probabilities(other, LOGITS)
    assert ((trial.wins - wrong) ** 2 / wrong).sum() > 27.6


def test_four_million_draws_give_the_reference_of_the_issue() -> None:
    comparison = finish(NoiseStudy(chosen(make_settings(LOGITS), view="other", other="minus-gumbel"))).comparison
    assert comparison is not None
    assert comparison.chosen.draws == comparison.chosen.target == MOST_DRAWS
    # Issue 4, from four million draws of its own: three decimals, and three standard errors of ours.
    np.testing.assert_allclose(comparison.chosen.frequencies, [0.740, 0.193, 0.067], atol=0.0005 + 3 * 0.00022)
    by_id = {law.id: law.distance for law in comparison.laws}
    assert by_id["gumbel"] is not None
    assert by_id["gumbel"] < 1e-13
    assert all(distance is not None and distance > 0.005 for name, distance in by_id.items() if name != "gumbel")
    distance = by_id["minus-gumbel"]
    assert distance is not None
    assert abs(comparison.chosen.distance - distance) < 5 * comparison.chosen.error
    assert comparison.gumbel.distance < 5 * comparison.gumbel.by_chance
    assert comparison.chosen.distance > 100 * comparison.chosen.error


def test_gumbels_wins_are_those_of_the_stream() -> None:
    settings = make_settings([1.0, 0.3, -0.2], None, seed=3)
    comparison = few_draws(settings, 2_000, other="gumbel")
    assert comparison.chosen is comparison.gumbel
    simulation = Simulation(settings)
    winners = [simulation.draw(n).winner for n in range(comparison.chosen.draws)][:1000]
    few = few_draws(settings, 1_000, other="gumbel").chosen
    assert few.draws == 1024
    counted = np.bincount(winners, minlength=3)
    # The last 24 draws are in our count only.
    assert np.all(few.wins - counted >= 0)
    assert (few.wins - counted).sum() == 24


def test_the_score_scale_divides_the_scores_and_the_noise_scale_does_the_same() -> None:
    plain = few_draws(make_settings([0.5, 0.25, 0.0]), 5_000, other="gaussian")
    by_t = few_draws(make_settings([1.0, 0.5, 0.0]), 5_000, other="gaussian", score_scale=2.0)
    by_beta = few_draws(make_settings([1.0, 0.5, 0.0], None, scale=2.0), 5_000, other="gaussian")
    np.testing.assert_array_equal(plain.chosen.wins, by_t.chosen.wins)
    np.testing.assert_array_equal(plain.chosen.wins, by_beta.chosen.wins)
    np.testing.assert_allclose(by_t.softmax, concrete.probabilities([0.5, 0.25, 0.0]), rtol=1e-14)


def test_trials_are_the_same_again_and_start_afresh_only_where_they_must() -> None:
    settings = chosen(make_settings(LOGITS), view="other")
    study = NoiseStudy(settings)
    for _ in range(20):
        study.work(MOMENT, lambda: True)
    first = study.report(MOMENT).comparison
    assert first is not None
    again = few_draws(make_settings(LOGITS), first.chosen.draws)
    np.testing.assert_array_equal(first.chosen.wins, again.chosen.wins)
    study.change(replace(settings, temperature=3.0))
    kept = study.report(MOMENT).comparison
    assert kept is not None
    assert kept.chosen.draws == first.chosen.draws
    study.change(chosen(settings, other="uniform"))
    fresh = study.report(MOMENT).comparison
    assert fresh is not None
    assert fresh.chosen.draws == 0
    assert fresh.chosen.noise == "uniform"


def test_the_first_answer_is_cheap_and_the_path_rises() -> None:
    settings = chosen(make_settings(LOGITS), view="other")
    study = NoiseStudy(settings)
    study.work(MOMENT, lambda: True)
    comparison = study.report(MOMENT).comparison
    assert comparison is not None
    assert comparison.chosen.draws == 16
    path = few_draws(make_settings(LOGITS)).chosen
    assert np.all(np.diff(path.path_draws) > 0)
    assert len(path.path_draws) == len(path.path_distance) > 8
    assert not path.wins.flags.writeable


@pytest.mark.parametrize("count", [1, 2, 130, 1000])
def test_any_number_of_options_comes_to_rest_within_reason(count: int) -> None:
    study = NoiseStudy(chosen(make_settings([0.01 * i for i in range(count)]), view="other", other="uniform"))
    report = study.report(MOMENT)
    assert report.comparison is not None
    target = report.comparison.chosen.target
    assert FEWEST_DRAWS <= target <= MOST_DRAWS
    assert target * count <= max(MOST_NUMBERS, FEWEST_DRAWS * count)
    assert report.comparison.exact == (count <= 128)


# Three scales. -------------------------------------------------------------------------------------------------


def test_the_temperature_never_changes_who_wins() -> None:
    settings = make_settings([1.0, 0.5, 0.0, -0.2], None, temperature=7.0)
    for shown in range(40):
        effect = scales(settings, Moment(100, shown, running=False)).effects[2]
        found = scales(settings, Moment(100, shown, running=False))
        assert effect.scale == "temperature"
        assert effect.winner == found.winner
        assert effect.chance == 0.0
        assert effect.soft > 0.0
        assert effect.mean is not None
        assert effect.mean > 0.01


def test_score_and_noise_scale_change_who_wins_in_the_same_way() -> None:
    settings = make_settings([1.0, 0.5, 0.0])
    by_t = scales(settings, score_scale=3.0)
    by_beta = scales(replace(settings, scale=3.0))
    np.testing.assert_allclose(by_t.chances, by_beta.chances, rtol=1e-14)
    assert by_t.winner == by_beta.winner
    assert by_t.same == by_beta.same == 3.0
    assert by_t.effects[0].chance == by_beta.effects[1].chance > 0.05
    assert by_t.effects[1].chance == by_beta.effects[0].chance == 0.0
    # For the soft choice they are not the same.
    assert np.abs(by_t.soft - by_beta.soft).max() > 0.01


def test_at_one_nothing_is_changed() -> None:
    found = scales(make_settings([1.0, 0.5, 0.0], None, temperature=1.0))
    for effect in found.effects:
        assert (effect.chance, effect.soft, effect.mean) == (0.0, 0.0, 0.0)
        assert effect.winner == found.winner


def test_somebody_else_wins_at_another_scale() -> None:
    settings = make_settings([1.0, 0.5, 0.0])
    turned = [
        found
        for shown in range(60)
        if (found := scales(settings, Moment(100, shown, running=False), score_scale=5.0)).winner
        != found.effects[0].winner
    ]
    assert turned


def test_this_draw_is_the_one_of_the_stream() -> None:
    settings = make_settings([1.0, 0.5, -math.inf, 0.0], None, location=0.3, scale=1.7, temperature=0.6)
    settings = replace(settings, options=(replace(settings.options[0], pinned=-0.4), *settings.options[1:]))
    simulation = Simulation(settings)
    draw = simulation.draw(37)
    found = scales(settings, Moment(100, 37, running=False))
    np.testing.assert_allclose(found.perturbed, draw.perturbed, rtol=1e-14)
    np.testing.assert_allclose(found.soft, draw.soft, rtol=1e-12)
    assert found.winner == draw.winner
    assert found.mean is not None
    expected = concrete.mean(settings.logits, settings.temperature, settings.scale)
    np.testing.assert_allclose(found.mean, expected, rtol=1e-14)


@pytest.mark.parametrize("temperature", [0.0, math.inf])
def test_the_limits_of_the_temperature(temperature: float) -> None:
    found = scales(make_settings([1.0, 0.5, 0.0], None, temperature=temperature))
    assert np.isfinite(found.soft).all()
    if temperature == 0.0:
        assert found.soft[found.winner] == 1.0
    else:
        np.testing.assert_allclose(found.soft, 1 / 3)


def test_many_options_have_no_exact_means_but_everything_else() -> None:
    found = scales(make_settings([0.01 * i for i in range(1000)]))
    assert found.mean is None
    assert found.effects[2].mean is None
    assert found.chances.shape == found.soft.shape == (1000,)


def test_parts_that_are_not_looked_at_rest() -> None:
    settings = chosen(make_settings(LOGITS), view="other")
    study = NoiseStudy(settings)
    for _ in range(10):
        study.work(MOMENT, lambda: True)
    found = study.report(MOMENT).comparison
    assert found is not None
    study.change(chosen(settings, view="curves"))
    assert not study.busy(MOMENT)
    study.change(settings)
    again = study.report(MOMENT).comparison
    assert again is not None
    assert again.chosen.draws == found.chosen.draws
    assert study.busy(MOMENT)


def test_defaults_are_what_a_new_document_shows() -> None:
    choices = NoiseChoices()
    choices.check(1)
    assert make_settings([0.0]).pages.noise == choices
