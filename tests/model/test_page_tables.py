"""The tables of numbers: equal to the frame's, whole, safe for spreadsheets; and the sentences from the same values."""

from __future__ import annotations

import functools
import math
import time
from dataclasses import replace

import numpy as np
import pytest

from gumbelviz.app.library import load_builtin
from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.study import Moment, make_study
from gumbelviz.model.edits import EDITS
from gumbelviz.model.frame import Frame
from gumbelviz.model.margins_report import MarginsReport
from gumbelviz.model.noise_report import NoiseReport
from gumbelviz.model.number_table import (
    MOST_ROWS,
    NumberTable,
    copy_cell,
    copy_rows,
    few_places,
    in_rows,
    list_some,
    write_cell,
)
from gumbelviz.model.page_tables import MAKERS, page_tables
from gumbelviz.model.precision_report import PrecisionReport
from gumbelviz.model.scene import PAGES, Page
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.model.simplex_report import SimplexReport
from gumbelviz.model.temperature_report import TemperatureReport

PARTS: dict[Page, tuple[str, tuple[str, ...]]] = {
    "noise": ("noise view", ("curves", "inverse", "other", "scales")),
    "temperature": ("temperature tab", ("panels", "curves", "annealing")),
    "gradients": ("gradient tab", ("estimators", "switch", "table")),
    "learning": ("learning task", ("robot", "bit", "router")),
}
ALL: list[tuple[Page, str]] = [(page, part) for page in MAKERS for part in PARTS.get(page, ("", ("",)))[1]]
SEED = 7


def seen(settings: Settings, page: Page = "pipeline", draws: int = 3_000, seconds: float = 0.2) -> Frame:
    """A frame after some draws, with what the study of the page finds in a while."""
    simulation = Simulation(settings)
    simulation.advance(draws)
    frame = simulation.frame(1)
    study = make_study(page, settings)
    if study is None:
        return frame
    moment, start = Moment(frame.draws, frame.draw.index, running=False, hurried=True), time.monotonic()
    while study.busy(moment) and time.monotonic() - start < seconds:
        study.work(moment, lambda: False)
    return replace(frame, study=study.report(moment))


@functools.cache
def on(page: Page, part: str) -> tuple[Settings, Frame]:
    """Settings in which a part of a page is in front, and a frame of it."""
    chosen = load_builtin("movie-night").settings
    if part:
        chosen = EDITS[PARTS[page][0]][0](chosen, part)
    if page == "learning":
        chosen = EDITS["learning steps"][0](chosen, 20.0)
    return chosen, seen(chosen, page)


def named(tables: tuple[NumberTable, ...]) -> dict[str, NumberTable]:
    return {table.id: table for table in tables}


def column(table: NumberTable, heading: str) -> list[object]:
    return [row[table.columns.index(heading)] for row in table.rows]


def test_every_page_has_tables() -> None:
    assert set(MAKERS) == set(PAGES)


@pytest.mark.parametrize(("page", "part"), ALL, ids=[f"{page} {part}".strip() for page, part in ALL])
def test_every_part_has_whole_tables_and_sentences(page: Page, part: str) -> None:
    settings, frame = on(page, part)
    tables = page_tables(page, settings, frame)
    assert tables
    assert len(named(tables)) == len(tables)
    for table in tables:
        assert table.title
        assert table.sentence.endswith("."), table.sentence
        assert "nan" not in table.sentence.lower().replace("ordinan", "")
        assert len(set(table.columns)) == len(table.columns), table.columns
        for row in table.rows:
            assert len(row) == len(table.columns)
            for cell in row:
                assert cell is None or type(cell) in (str, int, float)
                assert not (isinstance(cell, float) and math.isnan(cell))


def test_a_frame_of_other_options_has_no_tables() -> None:
    frame = seen(make_settings([1.0, 2.0, 3.0], seed=SEED))
    assert page_tables("pipeline", make_settings([1.0, 2.0], seed=SEED), frame) == ()


# Numbers equal to the frame's.


@pytest.mark.parametrize("logits", [[0.3, -1.0], [2.0, 1.2, 0.4], [1.0, -math.inf, 0.5, 2.5, 0.0, -2.0, 1.5]])
def test_the_pipeline_says_what_the_frame_says(logits: list[float]) -> None:
    settings = make_settings(logits, seed=SEED)
    frame = seen(settings, draws=5_000)
    tables = named(page_tables("pipeline", settings, frame))
    masked = [i for i, z in enumerate(logits) if z == -math.inf]
    draw = tables["this draw"]
    assert column(draw, "noise G") == frame.draw.noise.tolist()
    assert column(draw, "soft choice") == frame.draw.soft.tolist()
    assert column(draw, "hard choice") == [int(i == frame.draw.winner) for i in range(len(logits))]
    noisy = column(draw, "noisy score z + G")
    assert [noisy[i] for i in masked] == ["masked"] * len(masked)
    assert [value for value in noisy if value != "masked"] == [
        value for value in frame.draw.perturbed.tolist() if math.isfinite(value)
    ]
    wins = tables["wins"]
    assert column(wins, "wins") == frame.wins.tolist()
    assert sum(column(wins, "wins")) == 5_000  # type: ignore[arg-type]
    assert column(wins, "frequency") == (frame.wins / 5_000).tolist()
    assert column(wins, "exact probability") == frame.theory.probabilities.tolist()
    assert column(tables["means"], "mean soft choice") == frame.soft_mean.tolist()
    noise = tables["all noise"]
    assert column(noise, "how many") == frame.pooled_noise.tolist()
    soft = tables["all soft"]
    shares = column(soft, f"{settings.options[0].name}, simulated")
    assert sum(shares) == pytest.approx(1.0, abs=1e-12)  # type: ignore[arg-type]
    assert len(soft.rows) == frame.soft_histograms.counts.shape[1] + 2


def test_densities_in_the_table_integrate_to_one_and_follow_the_exact_curve() -> None:
    settings = replace_scale(make_settings([1.0, 0.0, 0.5], seed=SEED), 2.0, -1.0)
    frame = seen(settings, draws=20_000)
    table = named(page_tables("pipeline", settings, frame))["all noise"]
    low, high = np.array(column(table, "from"), float), np.array(column(table, "to"), float)
    density = np.array(column(table, "density, simulated"), float)
    exact = np.array(column(table, "density in the middle, exact"), float)
    assert math.isinf(high[-1])
    high[-1] = low[-1] + (low[-1] - low[-2])
    assert float((density * (high - low)).sum()) == pytest.approx(1.0, abs=1e-12)
    middle = (low + high) / 2.0
    z = (middle - settings.location) / settings.scale
    gumbel = np.exp(-z - np.exp(-z)) / settings.scale
    # The curve is given at points, between which it is drawn straight.
    assert float(np.abs(exact - gumbel).max()) < 2e-3


def replace_scale(settings: Settings, scale: float, location: float) -> Settings:
    return EDITS["location"][0](EDITS["scale"][0](settings, scale), location)


def test_the_noise_page_says_what_its_report_says() -> None:
    settings, frame = on("noise", "curves")
    report = frame.study
    assert isinstance(report, NoiseReport)
    assert report.family is not None
    tables = named(page_tables("noise", settings, frame))
    assert column(tables["density"], "height") == [curve.height for curve in report.family.curves]
    points = tables["points 2"]
    curve = report.family.curves[1]
    places = np.searchsorted(curve.x, np.array(column(points, "x"), float))
    assert column(points, "density f(x)") == curve.density[places].tolist()
    assert len(points.rows) <= MOST_ROWS
    settings, frame = on("noise", "other")
    assert isinstance(frame.study, NoiseReport)
    comparison = frame.study.comparison
    assert comparison is not None
    wins = named(page_tables("noise", settings, frame))["wins"]
    assert column(wins, "wins") == comparison.chosen.wins.tolist()
    assert column(wins, "softmax(z / (T β))") == comparison.softmax.tolist()


@pytest.mark.parametrize("logits", [[0.4, 1.0], [2.0, 1.2, 0.4], [0.1, 0.7, -0.5, 1.2]])
def test_the_simplex_page_says_where_its_marks_and_dots_are(logits: list[float]) -> None:
    settings = make_settings(logits, seed=SEED)
    frame = seen(settings, "simplex")
    report = frame.study
    assert isinstance(report, SimplexReport)
    tables = named(page_tables("simplex", settings, frame))
    marks = {row[0]: list(row[1:]) for row in tables["picture"].rows}
    assert marks["this draw"] == report.point.tolist()
    assert marks["P(win)"] == report.probabilities.tolist()
    dots = tables["dots"]
    assert len(dots.rows) == min(report.winners.size, MOST_ROWS)
    addresses = column(dots, "draw")
    assert addresses == sorted(report.addresses.tolist(), reverse=True)[: len(dots.rows)]
    assert all(sum(row[2:]) == pytest.approx(1.0) for row in dots.rows)  # type: ignore[arg-type]


def test_the_temperature_page_says_what_its_report_says() -> None:
    settings, frame = on("temperature", "panels")
    report = frame.study
    assert isinstance(report, TemperatureReport)
    assert report.panels is not None
    tables = named(page_tables("temperature", settings, frame))
    for place, tau in enumerate(report.panels.taus):
        draws = tables[f"panel {place}"]
        assert column(draws, f"draw {report.panels.index:,}") == report.panels.draw[place].tolist()
        assert f"Temperature {'infinity' if math.isinf(tau) else f'{tau:g}'}" in draws.sentence
    settings, frame = on("temperature", "curves")
    report = frame.study
    assert isinstance(report, TemperatureReport)
    assert report.exact is not None
    table = named(page_tables("temperature", settings, frame))["entropy"]
    taus = column(table, "temperature")
    assert taus == sorted(taus)  # type: ignore[type-var]
    assert taus[0] == 0.0
    assert taus[-1] == math.inf
    row = table.rows[taus.index(float(report.exact.taus[3]))]
    assert row[1] == float(report.exact.entropy[3])


def test_margins_and_precision_say_what_their_reports_say() -> None:
    settings, frame = on("margins", "")
    assert isinstance(frame.study, MarginsReport)
    tables = named(page_tables("margins", settings, frame))
    assert column(tables["winners"], "wins") == frame.study.wins.tolist()
    assert frame.study.margins is not None
    assert column(tables["margin"], "density, simulated") == frame.study.margins.heights[0].tolist()
    settings, frame = on("precision", "")
    assert isinstance(frame.study, PrecisionReport)
    rows = {row[0]: row[1:] for row in named(page_tables("precision", settings, frame))["comparison"].rows}
    assert list(rows["draws"]) == [outcome.draws for outcome in frame.study.outcomes]


# Very many options.


def test_of_very_many_options_two_hundred_have_rows_and_the_rest_is_said() -> None:
    rng = np.random.default_rng(SEED)
    settings = make_settings(rng.normal(size=1_000).tolist(), seed=SEED)
    frame = seen(settings, draws=200)
    tables = named(page_tables("pipeline", settings, frame))
    wins = tables["wins"]
    assert len(wins.rows) == MOST_ROWS
    probabilities = column(wins, "exact probability")
    assert probabilities == sorted(frame.theory.probabilities.tolist(), reverse=True)[:MOST_ROWS]
    rest = 1.0 - sum(probabilities)  # type: ignore[arg-type]
    assert wins.remark.startswith("The 200 most probable of 1,000 options; the other 800 together win")
    assert f"{100 * rest:.1f}%" in wins.remark
    assert "and 995 more" in wins.sentence


# Sentences.


def test_sentences_have_the_numbers_of_the_frame() -> None:
    settings = load_builtin("movie-night").settings
    frame = seen(settings, draws=3_000)
    said = {table.id: table.sentence for table in page_tables("pipeline", settings, frame)}
    share, exact = frame.wins[0] / 3_000, float(frame.theory.probabilities[0])
    assert said["wins"].startswith(
        f"How often each option won, 3,000 draws: Drama {100 * share:.1f}%, exact {100 * exact:.1f}%; Comedy "
    )
    winner = settings.options[frame.draw.winner].name
    assert said["hard"] == f"Hard choice of draw 2,999: {winner} is 1 and all others are 0."
    assert f"{winner} is the largest, by {frame.draw.margin:.2f}" in said["noisy"]


def test_a_sentence_follows_the_draw() -> None:
    settings = load_builtin("movie-night").settings
    first, second = seen(settings, draws=3_000), seen(settings, draws=3_001)
    tables = [named(page_tables("pipeline", settings, frame)) for frame in (first, second)]
    assert tables[0]["noise"].sentence != tables[1]["noise"].sentence
    assert tables[0]["scores"].sentence == tables[1]["scores"].sentence


def test_masked_and_pinned_values_are_said() -> None:
    settings = EDITS["pin"][0](make_settings([1.0, -math.inf, 0.5], seed=SEED), (0, 1.25))
    said = {table.id: table.sentence for table in page_tables("pipeline", settings, seen(settings))}
    assert "masked" in said["scores"]
    assert "1.25 (quantile 0.751, pinned)" in said["noise"]


@pytest.mark.parametrize("tau", [0.0, math.inf])
def test_the_limits_of_the_temperature_have_tables_too(tau: float) -> None:
    settings = EDITS["temperature"][0](make_settings([1.0, 0.2, 0.5], seed=SEED), tau)
    for page in ("pipeline", "simplex", "gradients"):
        tables = page_tables(page, settings, seen(settings, page, seconds=0.1))
        assert all("nan" not in table.sentence for table in tables)
        assert all(len(row) == len(table.columns) for table in tables for row in table.rows)


# Cells.


@pytest.mark.parametrize(
    ("cell", "people", "sheet"),
    [
        (0.5, "0.5", "0.5"), (1 / 3, "0.333333", "0.3333333333333333"), (-2.0, "−2", "-2.0"), (7, "7", "7"),
        (1234567, "1,234,567", "1234567"), (1.5e-7, "1.5000e−7", "1.5e-07"), (math.inf, "∞", "inf"),
        (-math.inf, "−∞", "-inf"), (None, "", ""), ("Drama", "Drama", "Drama"), (0.0, "0", "0.0"),
        (12345.678, "12,345.7", "12345.678"), ("=1+1", "=1+1", "'=1+1"), ("-x", "-x", "'-x"),
        ("@cmd", "@cmd", "'@cmd"), ("+a", "+a", "'+a"), ("a\tb\nc", "a\tb\nc", "a b c"), ("\t=x", "\t=x", "'=x"),
    ],
)  # fmt: skip
def test_cells_for_people_and_for_spreadsheets(cell: str | float | None, people: str, sheet: str) -> None:
    assert write_cell(cell) == people
    assert copy_cell(cell) == sheet


def test_what_is_copied_comes_back_exactly() -> None:
    values = np.random.default_rng(SEED).normal(size=50)
    rows = in_rows(values, np.arange(50))
    lines = copy_rows(("a", "b"), rows).split("\n")
    assert lines[0] == "a\tb"
    assert [float(line.split("\t")[0]) for line in lines[1:]] == values.tolist()


def test_rows_leave_out_what_is_no_number() -> None:
    assert in_rows([1.0, math.nan], ["x", "y"]) == ((1.0, "x"), (None, "y"))


@pytest.mark.parametrize("count", [0, 1, 2, 199, 200, 201, 1_000, 1_046])
def test_few_places_keep_both_ends(count: int) -> None:
    places = few_places(count)
    assert len(places) <= MOST_ROWS + 1
    assert len(np.unique(places)) == len(places)
    if count:
        assert (places[0], places[-1]) == (0, count - 1)


def test_lists_say_how_many_are_left_out() -> None:
    assert list_some(["a", "b"], 2) == "a, b"
    assert list_some([str(n) for n in range(9)], 9, "; ") == "0; 1; 2; 3; 4; and 4 more"
