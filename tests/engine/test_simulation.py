"""The tallies against the slow and obvious way, bit for bit however they are cut, and against theory."""

import dataclasses
import functools
import itertools
import math
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import chain, repeat

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray
from scipy import stats

from gumbelviz.engine import pipeline, simulation
from gumbelviz.engine.pipeline import BINARY, MOST_WATCHED, NATURAL, SLICE_ELEMENTS, Plan, Workspace, quickest_base
from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.stream import Bits, SingleNoise, Stream, gumbel_of_bits
from gumbelviz.maths import checks, concrete, gumbel
from gumbelviz.maths.tallies import (
    INNER_CELLS,
    JOINT_CELLS,
    NOISE_CELLS,
    NOISE_EDGES,
    SOFT_CELLS,
    SOFT_EDGES,
    JointCells,
    Tally,
)
from gumbelviz.model.frame import Frame
from gumbelviz.model.settings import Settings, make_settings

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

TAUS = (0.0, 0.05, 0.5, 1.0, 10.0, math.inf)


def frame_of(settings: Settings, draws: int) -> Frame:
    stream = Simulation(settings)
    stream.advance(draws)
    return stream.frame()


def with_pins(settings: Settings, *pins: float | None) -> Settings:
    options = tuple(replace(o, pinned=pin) for o, pin in zip(settings.options, chain(pins, repeat(None)), strict=False))
    return replace(settings, options=options)


def arrays_of(frame: Frame) -> dict[str, NDArray[np.generic]]:
    """Every array in a frame, however deep, by its path."""
    found: dict[str, NDArray[np.generic]] = {}

    def visit(value: object, path: str) -> None:
        if isinstance(value, np.ndarray):
            found[path] = value
        elif dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                visit(getattr(value, field.name), f"{path}.{field.name}")
        elif isinstance(value, tuple):
            for i, part in enumerate(value):
                visit(part, f"{path}[{i}]")

    visit(frame, "frame")
    return found


# --------------------------------------------------------------------- the slow, obvious way, as an oracle


@dataclasses.dataclass
class Slow:
    """Draws 0 to N - 1 in double precision, straight from the definitions; noise (K, N), soft (K, N)."""

    noise: Reals
    winners: NDArray[np.intp]
    soft: Reals


def draw_slowly(settings: Settings, draws: int) -> Slow:
    width = len(settings.options)
    bits = np.empty((width, draws), np.uint32)
    Stream(settings.seed, np.arange(width), width).read(0, bits)
    noise = gumbel_of_bits(bits)
    perturbed = np.array(settings.logits)[:, None] + settings.location + settings.scale * noise
    return Slow(noise, concrete.choose(perturbed), concrete.relax(perturbed, settings.temperature))


def assert_same_cells(counts: Integers, values: Reals, edges: Reals, slack: float) -> None:
    """Assert that cells count `values` (N,), each of which may be wrong by `slack`: cumulated counts lie between."""
    assert counts.sum() == len(values)
    ordered = np.sort(values)
    below = np.cumsum(counts)[:-1]
    assert (np.searchsorted(ordered, edges[1:-1] - slack) <= below).all()
    assert (below <= np.searchsorted(ordered, edges[1:-1] + slack, side="right")).all()


def scores(options: int, kind: str) -> list[float]:
    rng = np.random.default_rng(options)
    logits = np.round(rng.normal(0.0, 1.5, options), 2)
    if kind == "masked":
        logits[rng.permutation(options)[: options // 3]] = -math.inf
    if kind == "large":
        logits += 1e6 - 10.0
    if kind == "far apart":
        logits[: options // 2] -= 1e5
    return [float(z) for z in logits]


@pytest.mark.parametrize("temperature", TAUS)
@pytest.mark.parametrize("kind", ["plain", "masked", "large", "far apart", "scaled"])
@pytest.mark.parametrize("options", [1, 2, 3, 7, 12, 13, 129, 1000])
def test_tallies_match_the_slow_way(options: int, kind: str, temperature: float) -> None:
    """Wins and numbers of draws exactly; means and variances to 4e-6 (measured 1.4e-6), histograms up to rounding.

    Up to three options 40,000 draws, which fill blocks of 16,384 and more; above, 300.
    """
    scale, location = (2.5, -3.0) if kind == "scaled" else (1.0, 0.0)
    settings = make_settings(scores(options, kind), temperature=temperature, scale=scale, location=location, seed=11)
    draws = 40_000 if options <= 3 else 300
    frame, slow = frame_of(settings, draws), draw_slowly(settings, draws)
    live = np.flatnonzero(np.isfinite(settings.logits))

    assert frame.draws == draws
    assert frame.wins.tolist() == np.bincount(slow.winners, minlength=options).tolist()
    assert frame.soft_mean == pytest.approx(slow.soft.mean(axis=1), rel=0, abs=4e-6)
    assert frame.soft_variance == pytest.approx(slow.soft.var(axis=1), rel=0, abs=4e-6)
    assert frame.noise_mean == pytest.approx(location + scale * slow.noise[live].mean(), rel=0, abs=1e-6 * scale)
    assert frame.noise_variance == pytest.approx(scale**2 * slow.noise[live].var(), rel=0, abs=3e-6 * scale**2)

    ranked = sorted(live, key=lambda i: (-settings.logits[i], i))
    assert frame.watched.tolist() == sorted(ranked[:MOST_WATCHED])
    slack = 2e-6 * (1.0 + (scale / temperature if 0.0 < temperature < math.inf else 0.0))
    for row, i in enumerate(frame.watched):
        # The last noise cell is open: nothing lies above the last inner edge but in it.
        assert_same_cells(frame.noise_histograms.counts[row], slow.noise[i], NOISE_EDGES, 5e-5)
        soft = np.array(frame.soft_histograms.counts[row])
        soft[[0, -1]] += frame.soft_exact[row]
        assert_same_cells(soft, slow.soft[i], SOFT_EDGES, slack)
    assert np.array_equal(frame.pooled_noise.sum(), draws * len(live))


@pytest.mark.parametrize("temperature", [0.0, 0.5])
def test_the_slow_way_notices_a_wrong_tally(temperature: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oracle is worth something: one value of 300 that is counted in the next cell is found."""
    settings = make_settings([1.0, 2.0, 3.0], temperature=temperature, seed=11)

    counts_of = JointCells.counts

    def shifted(cells: JointCells) -> Integers:
        counts = counts_of(cells)
        place = int(np.argmax(counts[0]))
        counts[0, place] -= 1
        counts[0, (place + SOFT_CELLS + 2) % JOINT_CELLS] += 1
        return counts

    monkeypatch.setattr(JointCells, "counts", shifted)
    frame, slow = frame_of(settings, 300), draw_slowly(settings, 300)
    with pytest.raises(AssertionError):
        assert_same_cells(frame.noise_histograms.counts[0], slow.noise[0], NOISE_EDGES, 5e-5)
    soft = np.array(frame.soft_histograms.counts[0])
    soft[[0, -1]] += frame.soft_exact[0]
    with pytest.raises(AssertionError):
        assert_same_cells(soft, slow.soft[0], SOFT_EDGES, 1e-5)


# ---------------------------------------------------------------------------------------- same seed, same run


def assert_identical(a: Frame, b: Frame) -> None:
    theirs = arrays_of(b)
    for path, array in arrays_of(a).items():
        assert np.array_equal(array, theirs[path]), path
    assert (a.draws, a.noise_mean, a.noise_variance) == (b.draws, b.noise_mean, b.noise_variance)


@pytest.mark.parametrize("logits", [[1.0, 2.0, 3.0], [0.0] * 40, [1.0, -math.inf, 2.0]])
def test_chunks_made_elsewhere_give_the_same_bits(logits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation, "CHUNK_RUNS", 2)
    settings = make_settings(logits, seed=3)
    whole, parts, other = Simulation(settings), Simulation(settings), Simulation(settings)
    other.advance(12_345)
    draws = 3 * whole.chunk + 77
    whole.advance(draws)
    parts.advance(whole.chunk)
    for number in (1, 2):
        parts.add(other.make_chunk(number))
    parts.advance(draws)
    assert parts.draws == draws
    assert_identical(parts.frame(), whole.frame())


@pytest.mark.parametrize("logits", [[1.0, 2.0, 3.0], [0.5 * i for i in range(200)]])
def test_advances_of_any_length_give_the_same_counts(logits: list[float]) -> None:
    settings = make_settings(logits, seed=5)
    total = 3 * Plan(settings).run + 13
    whole = frame_of(settings, total)
    stream = Simulation(settings)
    rng = np.random.default_rng(1)
    for until in sorted({1, 2, total, *(int(n) for n in rng.integers(3, total, 12))}):
        stream.advance(until)
        assert stream.draws == until
        assert stream.frame(exact_means=False).wins.sum() == until
    parts = stream.frame()
    assert np.array_equal(parts.wins, whole.wins)
    assert np.array_equal(parts.noise_histograms.counts, whole.noise_histograms.counts)
    assert np.array_equal(parts.soft_histograms.counts, whole.soft_histograms.counts)
    assert parts.soft_mean == pytest.approx(whole.soft_mean, rel=1e-6, abs=1e-9)
    assert parts.noise_mean == pytest.approx(whole.noise_mean, rel=1e-5)
    assert parts.noise_variance == pytest.approx(whole.noise_variance, rel=1e-5)


@pytest.mark.parametrize("options", [3, 10])
@pytest.mark.parametrize("temperature", [0.02, 0.1, 0.5, 3.0])
def test_both_bases_of_the_logarithm_give_the_same_draws(
    options: int, temperature: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to rounding: of 20,000 draws at most a few wins or cells may differ, where two values nearly tie."""
    settings = make_settings(scores(options, "plain"), temperature=temperature, seed=3)
    frames = []
    for base in (NATURAL, BINARY):
        monkeypatch.setattr(pipeline, "quickest_base", lambda base=base: base)
        frames.append(frame_of(settings, 20_000))
    natural, binary = frames
    assert np.abs(natural.wins - binary.wins).sum() <= 2
    assert natural.soft_mean == pytest.approx(binary.soft_mean, abs=1e-6)
    assert natural.noise_variance == pytest.approx(binary.noise_variance, rel=1e-6)
    for name in ("noise_histograms", "soft_histograms"):
        assert np.abs(getattr(natural, name).counts - getattr(binary, name).counts).sum() <= 20 * options


def test_the_base_is_chosen_by_what_numpy_says_not_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for current, base in (("AVX512_SKX", BINARY), ("AVX2", NATURAL), ("baseline(SSE SSE2)", NATURAL)):
        said = {"log2": {"f": {"current": current, "available": current}}}
        monkeypatch.setattr(np.lib.introspect, "opt_func_info", lambda said=said, **_: said)
        assert quickest_base.__wrapped__() is base


def test_going_back_is_no_advance() -> None:
    stream = Simulation(make_settings([1.0, 2.0, 3.0]))
    stream.advance(100)
    stream.advance(50)
    stream.advance(-1)
    assert stream.draws == 100


def test_an_advance_stops_when_it_is_asked_to_and_goes_on_from_there() -> None:
    settings = make_settings([1.0, 2.0, 3.0])
    stream = Simulation(settings)
    stream.advance(10**12, lambda: True)
    assert stream.draws == stream.first_slice
    total = 10 * stream.run
    stream.advance(total)
    frame = stream.frame()
    assert_identical(frame, frame_of(settings, total))


@pytest.mark.parametrize("options", [3, 7, 40, 200])
def test_a_slice_that_is_given_up_leaves_no_trace(options: int) -> None:
    """Wherever in a slice, and however often; with and without options that are not watched."""
    settings = make_settings(scores(options, "plain"), seed=3)
    stream = Simulation(settings)
    total = 2 * stream.run + 1000
    rng = np.random.default_rng(options)
    given_up = 0
    while stream.draws < total:
        limit = int(rng.integers(0, 12))
        looks = itertools.chain(itertools.repeat(False, limit), itertools.repeat(True))
        stream.advance(total, abandon=functools.partial(next, looks))
        given_up += stream.draws < total
    assert given_up >= 3
    assert_identical(stream.frame(), frame_of(settings, total))


def test_the_first_picture_is_made_of_few_draws() -> None:
    plan = Plan(make_settings([1.0, 2.0, 3.0]))
    ends, draw = [], 0
    while draw < 3 * plan.slice:
        draw = plan.slice_end(draw)
        ends.append(draw)
    assert ends[0] == plan.first_slice <= plan.slice // 4
    assert ends[-3:] == [plan.slice, 2 * plan.slice, 3 * plan.slice]


def test_an_error_in_a_run_reaches_the_caller_and_leaves_whole_tallies(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_settings([1.0, 2.0, 3.0])
    stream = Simulation(settings)
    run = Workspace.run
    border = 5 * stream.run

    def fail_late(workspace: Workspace, first: int, count: int, total: Tally, *asked: Callable[[], bool]) -> None:
        if first >= border:
            raise MemoryError
        run(workspace, first, count, total, *asked)

    with monkeypatch.context() as patch:
        patch.setattr(Workspace, "run", fail_late)
        with pytest.raises(MemoryError):
            stream.advance(10 * stream.run)
    assert stream.draws == border
    assert_identical(stream.frame(), frame_of(settings, border))
    stream.advance(7 * stream.run)
    assert_identical(stream.frame(), frame_of(settings, 7 * stream.run))


def test_slices_depend_on_the_number_of_options_alone_and_stay_small() -> None:
    for options in (1, 2, 3, 16, 17, 100, 65_536, 65_537, 131_072):
        plan = Plan(make_settings([0.0] * options))
        assert plan.slice == Plan(make_settings([float(i % 7) for i in range(options)], temperature=3.0)).slice
        assert plan.slice == 1 or plan.slice * options <= 2 * SLICE_ELEMENTS
        assert 2 * plan.slice * options > SLICE_ELEMENTS
        assert plan.run % plan.slice == 0


# ------------------------------------------------------------------------------------------- what must hold


def test_wins_do_not_depend_on_the_temperature_or_the_location() -> None:
    base = make_settings([1.0, 2.0, 3.0, -math.inf, 0.5], seed=8)
    wins = frame_of(base, 50_000).wins.tolist()
    for tau in TAUS:
        assert frame_of(replace(base, temperature=tau), 50_000).wins.tolist() == wins
    assert frame_of(replace(base, location=-37.5), 50_000).wins.tolist() == wins


def test_scaling_scores_noise_and_temperature_together_changes_nothing() -> None:
    """By a power of two, so that the numbers are the same to the last bit."""
    base = make_settings([1.0, 2.0, 3.0], temperature=0.5, seed=8)
    wide = make_settings([4.0, 8.0, 12.0], temperature=2.0, scale=4.0, seed=8)
    a, b = frame_of(base, 30_000), frame_of(wide, 30_000)
    assert np.array_equal(a.wins, b.wins)
    assert np.array_equal(a.soft_mean, b.soft_mean)
    assert b.noise_variance == pytest.approx(16 * a.noise_variance, rel=1e-12)


@pytest.mark.parametrize("logits", [[1.0, 2.0, 3.0], [3.0, -math.inf, 2.5, 2.0], [0.01 * i for i in range(130)]])
def test_the_draw_on_display_is_the_draw_that_was_tallied(logits: list[float]) -> None:
    """Thousands of draws, one by one: adding draw n moves the count of the option that draw n shows as winner."""
    stream = Simulation(make_settings(logits, seed=13))
    before = stream.frame(exact_means=False).wins
    for n in range(2000 if len(logits) < 100 else 500):
        stream.advance(n + 1)
        frame = stream.frame(exact_means=False)
        assert frame.draw.index == n
        assert np.flatnonzero(frame.wins - before).tolist() == [frame.draw.winner]
        before = frame.wins


def test_any_draw_can_be_shown_before_it_is_tallied() -> None:
    settings = make_settings([1.0, 2.0, 3.0], temperature=0.7, location=0.25, scale=1.5, seed=13)
    stream, slow = Simulation(settings), draw_slowly(settings, 500)
    for n in (499, 0, 250, 251, 7):
        draw = stream.draw(n)
        assert draw.index == n
        assert draw.noise == pytest.approx(0.25 + 1.5 * slow.noise[:, n], rel=1e-14)
        assert draw.perturbed == pytest.approx(np.array([1.0, 2.0, 3.0]) + draw.noise, rel=1e-14)
        assert draw.soft == pytest.approx(slow.soft[:, n], rel=1e-12)
        assert draw.winner == slow.winners[n]
        assert draw.quantile == pytest.approx(stats.gumbel_r.cdf(draw.noise, 0.25, 1.5), rel=1e-12)
        assert draw.density == pytest.approx(stats.gumbel_r.pdf(draw.noise, 0.25, 1.5), rel=1e-12)
        ordered = np.sort(draw.perturbed)
        assert draw.margin == ordered[-1] - ordered[-2]
        assert draw.tied == ()
    assert stream.draws == 0
    assert np.isfinite(stream.draw(10**12).perturbed).all()


def test_ice_cream_is_an_exact_tie_and_the_first_is_kept() -> None:
    """3.0 - 0.1 and 2.5 + 0.4 are both 2.9: 50 / 50 at every temperature, and not 60 / 40 as printed."""
    for tau in TAUS[1:]:
        settings = make_settings([3.0, 2.5], ["Chocolate", "Vanilla"], temperature=tau)
        draw = Simulation(with_pins(settings, -0.1, 0.4)).draw(0)
        assert draw.tied == (0, 1)
        assert (draw.winner, draw.margin) == (0, 0.0)
        assert draw.soft.tolist() == [0.5, 0.5]


def test_hiring_has_its_shares_the_right_way_round() -> None:
    """1.8 + 0.2 = 2.0 and 1.7 + 0.5 = 2.2: 45.02 % and 54.98 % at temperature 1."""
    draw = Simulation(with_pins(make_settings([1.8, 1.7], temperature=1.0), 0.2, 0.5)).draw(0)
    assert draw.soft == pytest.approx([0.4502, 0.5498], abs=5e-5)
    assert (draw.winner, draw.tied) == (1, ())


def test_pinned_noise_shows_in_the_draw_and_never_in_the_tallies() -> None:
    settings = make_settings([1.0, 2.0, 3.0], seed=4)
    pinned = with_pins(settings, 50.0, None, 0.0)
    a, b = frame_of(settings, 1000), frame_of(pinned, 1000)
    assert np.array_equal(a.wins, b.wins)
    assert np.array_equal(a.soft_mean, b.soft_mean)
    assert b.draw.winner == 0
    assert b.draw.noise.tolist() == [50.0, a.draw.noise[1], 0.0]


def test_show_takes_what_leaves_the_tallies_alone() -> None:
    settings = make_settings([1.0, 2.0, 3.0], seed=4)
    stream = Simulation(settings)
    stream.advance(1000)
    before = stream.frame()
    stream.show(with_pins(replace(settings, location=2.0), 1.5))
    after = stream.frame()
    assert np.array_equal(before.wins, after.wins)
    assert after.noise_mean == pytest.approx(before.noise_mean + 2.0, abs=1e-12)
    assert after.draw.noise[0] == 1.5
    assert after.draw.noise[1] == before.draw.noise[1] + 2.0
    assert after.theory.noise_curve[0] == pytest.approx(before.theory.noise_curve[0] + 2.0)
    assert after.theory.soft_mean is not None
    assert after.theory.soft_mean is before.theory.soft_mean


def test_a_changed_simulation_is_as_good_as_a_new_one() -> None:
    """Whatever changes, and back again: the buffers that are used again hold nothing over."""
    base = make_settings([1.0, 2.0, 3.0], seed=4)
    ways = [
        replace(base, temperature=0.0),
        replace(base, temperature=2.0, scale=3.0),
        make_settings([1.0, -math.inf, 3.0], seed=4),
        make_settings([1.0, 2.0, 3.0, 0.0], seed=4),
        make_settings([0.01 * i for i in range(140)], seed=4),
        replace(base, seed=5),
        make_settings([3.0, 2.0, -math.inf], seed=5),
        base,
    ]
    stream = Simulation(base)
    stream.advance(2 * stream.run + 5)
    for settings in ways:
        stream.change(settings)
        assert stream.draws == 0
        draws = stream.run + 9
        stream.advance(draws)
        assert_identical(stream.frame(revision=1), frame_of(settings, draws))


class ReusedNoise(Stream):
    """Broken: every option reads the noise of the first."""

    def read(self, first: int, out: Bits) -> None:
        super().read(first, out)
        out[:] = out[:1]


@pytest.mark.parametrize("options", [3, 129])
@pytest.mark.parametrize("temperature", [0.0, 0.5])
def test_ties_in_the_tallies_keep_the_first(options: int, temperature: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """With equal noise and two equal largest scores every draw is a tie."""
    monkeypatch.setattr(pipeline, "Stream", ReusedNoise)
    logits = [0.0, 1.0, *[-50.0] * (options - 3), 1.0]
    frame = frame_of(make_settings(logits, temperature=temperature), 700)
    assert frame.wins.tolist() == [0, 700, *[0] * (options - 2)]
    shares = [1.0, 0.0] if temperature == 0.0 else [0.5 / (1 + 0.5 * math.exp(-2.0))] * 2
    assert frame.soft_mean[[1, -1]] == pytest.approx(shares, rel=1e-5)


def test_masked_options_get_nothing() -> None:
    frame = frame_of(make_settings([1.0, -math.inf, 3.0, -math.inf]), 5000)
    for values in (frame.wins, frame.soft_mean, frame.soft_variance, frame.draw.soft, frame.theory.probabilities):
        assert values[[1, 3]].tolist() == [0, 0]
    assert frame.watched.tolist() == [0, 2]
    assert frame.draw.perturbed[1] == -math.inf
    assert np.isfinite(frame.draw.noise).all()
    assert frame.wins.sum() == 5000


def test_masking_does_not_move_the_others_noise() -> None:
    whole = make_settings([1.0, 2.0, 3.0], seed=2)
    masked = make_settings([1.0, -math.inf, 3.0], seed=2)
    assert np.array_equal(Simulation(whole).draw(9).noise, Simulation(masked).draw(9).noise)
    a, b = frame_of(whole, 3000), frame_of(masked, 3000)
    assert np.array_equal(a.noise_histograms.counts[[0, 2]], b.noise_histograms.counts)


@pytest.mark.parametrize("temperature", [0.0, 0.02, 0.1, 0.5, 2.0])
def test_the_cells_of_soft_choices_follow_their_exact_law(temperature: float) -> None:
    """Chi-square of 66 cells, exactly 0 and exactly 1 among them; alpha 1e-6 each, ten tests of 200,000 draws.

    Which draws round to exactly 1 depends on the order of a sum in the last digit: that cell is pooled with its
    neighbour. A cell whose chance is wrong by 0.006 is found nine times of ten.
    """
    for logits in ([1.0, 2.0, 3.0], [0.5, -1.0]):
        stream = Simulation(make_settings(logits, temperature=temperature, seed=77))
        stream.advance(200_000)
        while stream.refine():
            pass
        frame = stream.frame()
        law = frame.theory.soft_cells
        assert law is not None
        assert law.shape == (len(logits), SOFT_CELLS)
        assert law.sum(axis=1) == pytest.approx(np.ones(len(logits)), abs=1e-9)
        for row, chances in enumerate(law):
            counts = np.concatenate((frame.soft_exact[row, :1], frame.soft_histograms.counts[row]))
            counts[-1] += frame.soft_exact[row, 1]
            shares = np.concatenate((chances[:-2], [chances[-2] + chances[-1]]))
            assert checks.chi_square(counts, shares / shares.sum()).p_value > ALPHA
            wrong = shares.copy()
            best = int(np.argmax(shares))
            wrong[best] -= 0.02
            wrong[best - 1] += 0.02
            assert checks.chi_square(counts, wrong).p_value < ALPHA


def test_exactly_0_and_exactly_1_have_cells_of_their_own() -> None:
    settings = make_settings([1.0, 2.0, 3.0], temperature=0.02, seed=5)
    frame, slow = frame_of(settings, 20_000), draw_slowly(settings, 20_000)
    faint = np.exp(-41.5)
    nothing = (slow.soft < faint).sum(axis=1)
    assert np.abs(frame.soft_exact[:, 0] - nothing).max() <= 2
    whole = (slow.soft >= 1.0 / (1.0 + 2.0**-24)).sum(axis=1)
    assert np.abs(frame.soft_exact[:, 1] - whole).max() <= 20
    assert frame.soft_exact.min() > 500
    hard = frame_of(replace(settings, temperature=0.0), 5000)
    assert hard.soft_histograms.counts.sum() == 0
    assert hard.soft_exact[:, 1].tolist() == hard.wins.tolist()


def test_three_options_have_a_joint_histogram() -> None:
    settings = make_settings([1.0, -math.inf, 2.0, 3.0], temperature=0.7, seed=5)
    frame, slow = frame_of(settings, 30_000), draw_slowly(settings, 30_000)
    expected, _, _ = np.histogram2d(slow.soft[0], slow.soft[2], bins=[SOFT_EDGES, SOFT_EDGES])
    assert frame.grid is not None
    assert frame.grid.shape == (INNER_CELLS, INNER_CELLS)
    assert np.abs(frame.grid - expected).sum() <= 10


def test_picked_options_are_watched_first() -> None:
    logits = [0.1 * i for i in range(40)]
    frame = Simulation(make_settings(logits), picks=[3, 0, 39]).frame()
    assert frame.watched.tolist() == [0, 3, *range(30, 40)]
    masked = Simulation(make_settings([-math.inf, *logits]), picks=[0, 2]).frame()
    assert masked.watched.tolist() == [2, *range(30, 41)]


def test_one_option_always_wins() -> None:
    frame = frame_of(make_settings([-3.0]), 1)
    assert frame.wins.tolist() == [1]
    assert frame.soft_mean.tolist() == [1.0]
    assert frame.draw.margin == math.inf
    assert frame.agreement.p_value == 1.0


def test_a_variance_is_never_negative() -> None:
    """Of a single number the sums differ by roundings only."""
    for seed in range(60):
        frame = frame_of(make_settings([0.0], seed=seed), 1)
        assert 0.0 <= frame.noise_variance < 1e-5


# ---------------------------------------------------------------------------------------------- frames


def test_a_frame_without_draws_shows_draw_0_and_no_counts() -> None:
    frame = Simulation(make_settings([1.0, 2.0, 3.0])).frame(revision=4)
    assert (frame.revision, frame.draws, frame.draw.index, frame.draws_per_second) == (4, 0, 0, 0.0)
    assert not frame.wins.any()
    assert not frame.noise_histograms.counts.any()
    assert frame.agreement.verdict == "too few draws"
    assert frame.agreement.largest_difference == 0.0


@pytest.mark.parametrize("options", [1, 3, 13, 129])
def test_counts_add_up(options: int) -> None:
    frame = frame_of(make_settings([0.1 * i for i in range(options)]), 2000)
    assert frame.wins.sum() == 2000
    for histograms, edges in ((frame.noise_histograms, NOISE_EDGES), (frame.soft_histograms, SOFT_EDGES)):
        assert histograms.counts.shape == (min(options, MOST_WATCHED), len(edges) - 1)
        assert np.array_equal(histograms.edges, edges)
    assert frame.noise_histograms.counts.sum(axis=1).tolist() == [2000] * len(frame.watched)
    soft = frame.soft_histograms.counts.sum(axis=1) + frame.soft_exact.sum(axis=1)
    assert soft.tolist() == [2000] * len(frame.watched)
    assert frame.pooled_noise.sum() == 2000 * options
    assert (frame.grid is not None) == (options == 3)
    assert frame.grid is None or frame.grid.sum() == 2000
    assert frame.soft_mean.sum() == pytest.approx(1.0, abs=1e-5)
    assert frame.theory.probabilities.sum() == pytest.approx(1.0, abs=1e-12)


def test_frames_are_read_only_and_stay_as_they_were() -> None:
    stream = Simulation(make_settings([1.0, 2.0, -math.inf]))
    stream.advance(1000)
    frame = stream.frame()
    found = arrays_of(frame)
    assert len(found) >= 15
    copies = {path: array.copy() for path, array in found.items()}
    for path, array in found.items():
        assert not array.flags.writeable, path
    stream.advance(5000)
    stream.frame()
    for path, array in found.items():
        assert np.array_equal(array, copies[path]), path
    with pytest.raises(dataclasses.FrozenInstanceError):
        frame.draws = 0  # type: ignore[misc]


def test_frames_and_memory_do_not_grow_with_the_run() -> None:
    stream = Simulation(make_settings([1.0, 2.0, 3.0, 0.0]))
    stream.advance(5 * stream.run)
    size = sum(array.nbytes for array in arrays_of(stream.frame()).values())
    tracemalloc.start()
    try:
        stream.advance(10 * stream.run)
        early, _ = tracemalloc.get_traced_memory()
        stream.advance(100 * stream.run)
        late, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert late - early < 20_000
    assert sum(array.nbytes for array in arrays_of(stream.frame()).values()) == size


def test_exact_means_come_when_they_are_asked_for_and_stay() -> None:
    settings = make_settings([1.0, 2.0, 3.0], temperature=0.8)
    stream = Simulation(settings)
    assert stream.theory(exact_means=False).soft_mean is None
    assert stream.theory().soft_mean == pytest.approx(concrete.mean([1.0, 2.0, 3.0], 0.8))
    assert stream.theory(exact_means=False).soft_mean is not None
    assert stream.theory() is stream.theory()
    assert Simulation(make_settings([0.0] * 101)).theory().soft_mean is None


def test_theory_is_worked_out_once_for_many_options_too() -> None:
    stream = Simulation(make_settings([0.0] * 101))
    assert stream.theory() is stream.theory()


finite_scores = st.one_of(st.floats(-5, 5), st.floats(-1e6, 1e6), st.sampled_from([0.0, 1e6, -1e6]))
any_scores = st.lists(st.one_of(finite_scores, st.just(-math.inf)), min_size=1, max_size=6)
temperatures = st.one_of(st.sampled_from([0.0, math.inf, 5e-324, 1e-30, 1e308]), st.floats(0, 10), st.floats(0, 1e300))
scales = st.one_of(st.sampled_from([1e-6, 1e6, 1.0]), st.floats(0.1, 10), st.floats(1e-6, 1e6))
locations = st.one_of(st.just(0.0), st.floats(-1e6, 1e6))


@trials(derandomize=True, deadline=None, max_examples=150)
@given(any_scores.filter(lambda logits: max(logits) > -math.inf), temperatures, scales, locations, st.integers(0, 99))
def test_whatever_is_legal_can_be_drawn(
    logits: list[float], temperature: float, scale: float, location: float, seed: int
) -> None:
    """No warning, no NaN, no infinity, for any settings that the checks let through."""
    settings = make_settings(logits, temperature=temperature, scale=scale, location=location, seed=seed)
    frame = frame_of(settings, 60)
    for path, array in arrays_of(frame).items():
        if "perturbed" not in path:
            assert np.isfinite(array).all(), path
    assert not np.isnan(frame.draw.perturbed).any()
    assert frame.wins.sum() == 60
    assert frame.soft_mean.sum() == pytest.approx(1.0, abs=1e-5)
    assert 0.0 <= frame.noise_variance < math.inf
    assert frame.draw.margin >= 0.0


# -------------------------------------------------------------------------- agreement with theory, and alarms

DRAWS = 4 * 10**6
LOGITS = (1.0, 2.0, 3.0)
CHANCES = concrete.probabilities(LOGITS)
ALPHA = 1e-6
TEMPERATURE = 0.5


@dataclasses.dataclass
class Verdicts:
    """p-values of a run, as false-alarm rates: were the seed not fixed, each would fall below ALPHA once in a million.

    With 4e6 draws of three options each sees, with a power above 0.99 (asserted below):

    * wins, chi-square with 2 degrees of freedom: noise 2 % too narrow or too wide;
    * noise, chi-square of 3 x 64 cells: 0.5 % too narrow or too wide, moved by 0.005;
    * soft, scores of the 3 means: 0.002 in any of them, which is noise 2 % too narrow.
    """

    wins: float
    noise: float
    soft: float


def judge(monkeypatch: pytest.MonkeyPatch | None = None, **broken: object) -> Verdicts:
    """Run with parts of the engine replaced: name of a part -> what takes its place."""
    for name, part in broken.items():
        assert monkeypatch is not None
        monkeypatch.setattr(simulation if name in ("Workspace", "Plan") else pipeline, name, part)
    return verdicts_of(frame_of(make_settings(LOGITS, temperature=TEMPERATURE, seed=2024), DRAWS))


def noise_shares() -> Reals:
    """The exact shares of the noise in the cells; none lies below the first, the last is open."""
    return np.diff(gumbel.cdf(np.concatenate([[-50.0], NOISE_EDGES[1:-1], [700.0]])))


def verdicts_of(frame: Frame) -> Verdicts:
    wins = checks.chi_square(frame.wins, CHANCES).p_value
    shares = noise_shares() / 3
    noise = checks.chi_square(frame.noise_histograms.counts.ravel(), np.tile(shares, 3)).p_value
    exact = concrete.expectations(LOGITS, TEMPERATURE)
    scores = checks.mean_score(frame.soft_mean, exact.mean, exact.variance, frame.draws)
    soft = min(1.0, 3 * 2 * float(stats.norm.sf(abs(scores).max())))
    return Verdicts(wins, noise, soft)


def test_the_power_is_as_stated() -> None:
    narrow = concrete.probabilities(LOGITS, 0.98)
    bend = DRAWS * float(((narrow - CHANCES) ** 2 / CHANCES).sum())
    assert stats.ncx2.sf(stats.chi2.isf(ALPHA, 2), 2, bend) > 0.99

    cells = np.concatenate([[-50.0], NOISE_EDGES[1:-1], [700.0]])
    degrees = 3 * NOISE_CELLS - 1
    for other in (np.diff(gumbel.cdf(cells, 0.0, 0.995)), np.diff(gumbel.cdf(cells, 0.005, 1.0))):
        bend = 3 * DRAWS * float(((other - noise_shares()) ** 2 / noise_shares()).sum())
        assert stats.ncx2.sf(stats.chi2.isf(ALPHA, degrees), degrees, bend) > 0.99

    exact = concrete.expectations(LOGITS, TEMPERATURE)
    threshold = stats.norm.isf(ALPHA / 6)
    errors = np.sqrt(np.asarray(exact.variance) / DRAWS)
    assert (stats.norm.sf(threshold - 0.002 / errors) > 0.99).all()
    assert abs(concrete.mean(LOGITS, TEMPERATURE, 0.98) - exact.mean).max() > 0.002


def test_a_run_agrees_with_theory() -> None:
    found = judge()
    assert min(found.wins, found.noise, found.soft) > ALPHA


@pytest.mark.parametrize("temperature", [0.0, 0.1, 1.0, 5.0, math.inf])
def test_soft_means_agree_with_the_exact_ones(temperature: float) -> None:
    """1e6 draws; a score above 5.1 has a false-alarm rate of 1e-6 for the three together."""
    frame = frame_of(make_settings(LOGITS, temperature=temperature, seed=77), 10**6)
    exact = concrete.expectations(LOGITS, temperature)
    scores = checks.mean_score(frame.soft_mean, exact.mean, exact.variance, frame.draws)
    # At infinity the mean cannot vary, and the sum of a block in single precision is right to 3e-6 only.
    assert temperature == math.inf or abs(scores).max() < 5.1
    assert frame.soft_mean == pytest.approx(exact.mean, abs=0.005 if temperature < math.inf else 3e-6)
    # The variances too: a fourth moment is at most the second, so 0.005 is more than ten standard errors.
    assert frame.soft_variance == pytest.approx(exact.variance, abs=0.005)
    assert checks.chi_square(frame.wins, CHANCES).p_value > ALPHA


def test_a_million_draws_of_each_width_agree_with_theory() -> None:
    """Narrow and wide layout, masked options, another scale: chi-square of the wins at alpha 1e-6."""
    for logits, scale in (([1.0, 2.0, -math.inf, 3.0], 2.0), ([0.02 * i for i in range(130)], 1.0)):
        frame = frame_of(make_settings(logits, scale=scale, seed=31), 10**6 if len(logits) < 100 else 10**5)
        assert checks.chi_square(frame.wins, concrete.probabilities(logits, scale)).p_value > ALPHA
        assert frame.agreement.verdict == "agrees"


class OtherNoise(SingleNoise):
    """The same bits, made into other noise; the body of the classes below speaks of log E."""

    @staticmethod
    def change(log_e: NDArray[np.float32]) -> NDArray[np.float32]:
        raise NotImplementedError

    def log_exponential(self, bits: Bits, out: NDArray[np.float32]) -> None:
        super().log_exponential(bits, out)
        out[:] = self.change(out * np.float32(self._nat)) / np.float32(self._nat)


class MinusGumbel(OtherNoise):
    """Broken: the mirror image of the noise, held inside the cells of the histogram."""

    @staticmethod
    def change(log_e: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.minimum(-log_e, np.float32(3.1))


class NarrowNoise(OtherNoise):
    """Broken: the noise 2 % too narrow."""

    @staticmethod
    def change(log_e: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.float32(0.98) * log_e


class BarelyNarrowNoise(OtherNoise):
    """Broken: the noise 1 % too narrow."""

    @staticmethod
    def change(log_e: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.float32(0.99) * log_e


class TwoAlike(Stream):
    """Broken: options 1 and 2 share a seed."""

    def read(self, first: int, out: Bits) -> None:
        super().read(first, out)
        out[1] = out[2]


class SameRunAgain(Stream):
    """Broken: the stream starts again with each block."""

    def read(self, first: int, out: Bits) -> None:
        super().read(0, out)


class NeighbourWins(Workspace):
    """Broken: one draw in 300 is counted for the option after the winner."""

    def _run_slice(self, bits: Bits) -> Tally:
        tally = super()._run_slice(bits)
        moved = tally.wins // 300
        tally.wins += np.roll(moved, 1) - moved
        return tally


class LeftOut(Workspace):
    """Broken: the soft choices of one draw in 250 are left out."""

    def _run_slice(self, bits: Bits) -> Tally:
        tally = super()._run_slice(bits)
        tally.soft_sum *= 0.996
        return tally


class NextCell(Workspace):
    """Broken: the noise is counted one cell too far to the right."""

    def _tally_noise(self, log_e: NDArray[np.float32], tally: Tally, joint: NDArray[np.int16]) -> None:
        super()._tally_noise(log_e, tally, joint)
        joint[:] = np.minimum(joint + SOFT_CELLS, JOINT_CELLS - SOFT_CELLS)


class ShiftedScores(Plan):
    """Broken: a score is wrong by 0.01."""

    def __init__(self, settings: Settings, watched: int = MOST_WATCHED, picks: Sequence[int] = ()) -> None:
        super().__init__(settings, watched, picks)
        self.offsets[1] += 0.01 / self.base.nat


BROKEN = [
    ("SingleNoise", MinusGumbel, {"wins", "noise", "soft"}),
    ("SingleNoise", NarrowNoise, {"wins", "noise", "soft"}),
    ("SingleNoise", BarelyNarrowNoise, {"noise"}),
    ("Stream", ReusedNoise, {"wins", "soft"}),
    ("Stream", TwoAlike, {"wins", "soft"}),
    ("Stream", SameRunAgain, {"noise"}),
    ("Workspace", NeighbourWins, {"wins"}),
    ("Workspace", LeftOut, {"soft"}),
    ("Workspace", NextCell, {"noise"}),
    ("Plan", ShiftedScores, {"wins", "soft"}),
]


@pytest.mark.parametrize(("part", "instead", "caught_by"), BROKEN, ids=[row[1].__name__ for row in BROKEN])
def test_a_broken_sampler_raises_the_alarm(
    part: str, instead: type, caught_by: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = judge(monkeypatch, **{part: instead})
    alarms = {name for name, p_value in dataclasses.asdict(found).items() if p_value < ALPHA}
    assert caught_by <= alarms


@pytest.mark.parametrize("instead", [MinusGumbel, NarrowNoise])
def test_the_window_says_so_when_a_sampler_is_broken(instead: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "SingleNoise", instead)
    assert frame_of(make_settings(LOGITS, seed=2024), DRAWS).agreement.verdict == "disagrees"
