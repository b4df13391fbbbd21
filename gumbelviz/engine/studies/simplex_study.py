"""Where soft choices live: the dots, the exact density, this draw's trail and the means, for a few options.

Any options of more, renormalised, have exactly the Concrete law of their own scores (the noises of the others drop
out of their ratios), so that everything here is about the n options at the corners alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gumbelviz.engine.stream import Stream, gumbel_of_bits
from gumbelviz.engine.studies.newest_draws import NewestDraws
from gumbelviz.engine.studies.simplex_heat import HeatDrawing
from gumbelviz.engine.studies.simplex_layers import draw_segment, draw_slopes, draw_trail
from gumbelviz.engine.studies.simplex_tally import TriangleTally
from gumbelviz.engine.study import Moment
from gumbelviz.maths import concrete, concrete_shape
from gumbelviz.maths.expectations import Reals
from gumbelviz.model.frame import freeze
from gumbelviz.model.settings import Settings
from gumbelviz.model.simplex_choices import SimplexChoices, corner_options
from gumbelviz.model.simplex_report import HeatMap, Limit, Segment, SimplexReport, Slopes, Streamed

DRAWABLE = (0.01, 1000.0)
"""Temperatures in units of the noise scale between which a density can be seen at all."""
FLAT_BELOW = 1e-6
"""Slopes below this are counted as flat."""
_SEEN_GROWTH = 1.06


class SimplexStudy:
    """Answers settings with dots and densities; see `Study`."""

    def __init__(self, settings: Settings) -> None:
        self._dots = NewestDraws(settings.pages.simplex.dots_shown)
        self._draws_seen = 0
        self._fresh = True
        self._settings = settings
        self._take(settings)

    def change(self, settings: Settings) -> None:
        """Answer other settings from now on; what still holds under them is kept."""
        before = self._settings
        if _stream_key(before) != _stream_key(settings):
            # The stream begins again, and what was counted with it.
            self._draws_seen = 0
            if len(before.options) == len(settings.options) and before.seed == settings.seed:
                self._dots.hold()
            else:
                self._dots.forget()
        if settings.pages.simplex.dots_shown != before.pages.simplex.dots_shown:
            self._dots.resize(settings.pages.simplex.dots_shown)
        self._settings = settings
        self._take(settings)
        self._fresh = True

    def _take(self, settings: Settings) -> None:
        """Work out what depends on the settings, as far as it is cheap."""
        self._choices: SimplexChoices = settings.pages.simplex
        self._corners = corner_options(self._choices, settings.logits)
        logits = np.array([settings.logits[i] for i in self._corners])
        self._logits: Reals = (logits - logits.max()) / settings.scale
        self._temperature = settings.temperature / settings.scale
        self._dots.read_from(settings.seed, self._corners, len(settings.options))
        law = self._corners, tuple(self._logits), self._temperature, settings.seed, len(settings.options)
        if law != getattr(self, "_law", None):
            self._law = law
            self._display = Stream(settings.seed, np.array(sorted(self._corners), np.int64), len(settings.options))
            self._begin()
        self._shares: Reals | None = None
        self._trail_of: tuple[int, Reals, Reals] | None = None
        self._slopes: Slopes | None = None

    def _begin(self) -> None:
        """Forget what belongs to another law."""
        drawable = len(self._corners) == 3 and DRAWABLE[0] <= self._temperature <= DRAWABLE[1]
        self._heat = HeatDrawing(self._logits, self._temperature) if drawable else None
        self._segment: Segment | None = None
        self._tally: TriangleTally | None = None
        self._streamed: tuple[tuple[int, bool, HeatMap], Streamed] | None = None
        self._probabilities = concrete.probabilities(self._logits)
        freeze(self._probabilities)
        self._soft_mean: Reals | None = None
        self._mode: Reals | None = None
        self._shape_known = False
        self._flat_chance: tuple[int, float | None] | None = None

    def _note(self, moment: Moment) -> None:
        """Notice when the stream has begun again from draw 0 though nothing else changed."""
        if moment.draws < self._draws_seen:
            self._dots.forget()
            self._shares = None
            self._fresh = True
        self._draws_seen = moment.draws

    def busy(self, moment: Moment) -> bool:
        """Tell whether there is work to do now."""
        self._note(moment)
        return self._task(moment) is not None

    def work(self, moment: Moment, stop: Callable[[], bool]) -> None:
        """Do some, in pieces of a few milliseconds at most."""
        self._note(moment)
        while (task := self._task(moment)) is not None:
            task()
            if stop():
                return

    def _task(self, moment: Moment) -> Callable[[], None] | None:
        """What is to be done first: what moves under the hand, then what is read, then what takes long."""
        heat, options = self._heat, len(self._corners)
        coarse = heat is not None and heat.heat is None and self._choices_need_heat()
        if coarse or (self._fresh and self._choices_need_dots() and self._dots.is_behind(moment.draws)):
            return lambda: self._answer(moment)
        if options == 2 and self._segment is None and self._has_density():
            return self._draw_segment
        if self._soft_mean is None:
            return self._find_mean
        if not self._shape_known:
            return self._find_mode
        if self._choices.arrows and options > 1 and self._flat_key() != self._flat_chance_of():
            return self._find_flat_chance
        if heat is not None and not heat.finished and self._choices_need_heat():
            return heat.work
        return self._tally_task(moment)

    def _tally_task(self, moment: Moment) -> Callable[[], None] | None:
        if not self._choices.streamed or self._heat is None:
            return None
        if self._tally is None:
            return self._make_tally
        tally = self._tally
        if tally.draws > moment.draws:
            return self._make_tally
        return (lambda: tally.work(moment.draws)) if tally.busy(moment.draws) else None

    def _choices_need_heat(self) -> bool:
        return self._choices.heat or self._choices.streamed

    def _choices_need_dots(self) -> bool:
        return self._choices.dots or self._choices.means or self._choices.arrows

    def _has_density(self) -> bool:
        return DRAWABLE[0] <= self._temperature <= DRAWABLE[1]

    def _answer(self, moment: Moment) -> None:
        """Both that a moved slider waits for in one piece: while it moves on and on, one would starve the other."""
        if self._heat is not None and self._heat.heat is None and self._choices_need_heat():
            self._heat.work()
        if self._fresh and self._choices_need_dots() and self._dots.is_behind(moment.draws):
            # Once per picture, so that dots can be followed with the eye.
            self._fresh = not self._dots.update(moment.draws)
            self._shares = None
            self._slopes = None

    def _make_tally(self) -> None:
        settings = self._settings
        self._tally = TriangleTally(
            settings.seed, self._corners, len(settings.options), self._logits, self._temperature
        )  # fmt: skip

    def _draw_segment(self) -> None:
        self._segment = draw_segment(self._logits, self._temperature)

    def _find_mean(self) -> None:
        self._soft_mean = concrete.mean(self._logits, self._temperature)
        freeze(self._soft_mean)

    def _find_mode(self) -> None:
        # The segment tells its turning point itself; of a tetrahedron nobody asks.
        if self._has_density() and len(self._corners) == 3:
            self._mode = concrete_shape.inner_mode(self._logits, self._temperature)
            if self._mode is not None:
                freeze(self._mode)
        self._shape_known = True

    def _slope_corner(self) -> int:
        return self._choices.slope_of if self._choices.slope_of < len(self._corners) else 0

    def _flat_key(self) -> int:
        return self._slope_corner()

    def _flat_chance_of(self) -> int | None:
        return self._flat_chance[0] if self._flat_chance is not None else None

    def _find_flat_chance(self) -> None:
        # dy / dz is in the units of the scores, so the bound moves with the scale.
        bound, corner = FLAT_BELOW * self._settings.scale, self._slope_corner()
        chance: float | None
        try:
            chance = concrete_shape.flat_chance(bound, corner, self._logits, self._temperature)
        except ValueError:
            chance = None
        self._flat_chance = corner, chance
        self._slopes = None

    # What is known so far.

    def report(self, moment: Moment) -> SimplexReport:
        """Return what is known so far, in read-only arrays."""
        self._note(moment)
        self._fresh = True
        shares, winners, mean = self._soft_choices()
        trail, point = self._trail(moment.shown)
        choices = self._choices
        heat = self._heat.heat if self._heat is not None and self._choices_need_heat() else None
        return SimplexReport(
            corners=self._corners,
            options=len(self._settings.options),
            unit_temperature=self._temperature,
            limit=_limit(self._temperature),
            dots=shares,
            addresses=self._addresses,
            winners=winners,
            trail=trail,
            point=point,
            probabilities=self._probabilities,
            soft_mean=self._soft_mean,
            dots_mean=mean,
            dots_error=self._dots_error,
            mode=self._mode,
            shape_known=self._shape_known,
            heat=heat,
            streamed=self._compare(heat, moment.draws),
            segment=self._segment,
            slopes=self._find_slopes(shares) if choices.arrows and len(self._corners) > 1 else None,
        )

    def _soft_choices(self) -> tuple[Reals, NDArray[np.intp], Reals]:
        if self._shares is None:
            noisy = self._logits[:, None] + self._dots.noise
            self._shares = concrete.relax(noisy, self._temperature) if noisy.size else noisy
            self._winners = concrete.choose(noisy) if noisy.size else np.empty(0, np.intp)
            self._addresses = self._dots.addresses.copy()
            count = noisy.shape[1]
            self._dots_mean = self._shares.mean(axis=1) if count else self._probabilities
            self._dots_error = self._shares.std(axis=1) / math.sqrt(count) if count else np.zeros(len(self._corners))
            self._slopes = None
            for array in (self._shares, self._winners, self._addresses, self._dots_mean, self._dots_error):
                freeze(array)
        return self._shares, self._winners, self._dots_mean

    def _trail(self, shown: int) -> tuple[Reals, Reals]:
        if self._trail_of is None or self._trail_of[0] != shown:
            settings, rows = self._settings, np.argsort(np.argsort(self._corners))
            bits = np.empty((len(self._corners), 1), np.uint32)
            self._display.read(shown, bits)
            noise = settings.location + settings.scale * gumbel_of_bits(bits[:, 0])[rows]
            pins = [settings.options[i].pinned for i in self._corners]
            noise = np.array([value if pin is None else pin for value, pin in zip(noise, pins, strict=True)])
            # Added plainly, as the draw on display is, so that what ties on paper ties here.
            noisy = np.array([settings.logits[i] for i in self._corners]) + noise
            trail, point = draw_trail(noisy), concrete.relax(noisy, settings.temperature)
            for array in (trail, point):
                freeze(array)
            self._trail_of = shown, trail, point
        return self._trail_of[1], self._trail_of[2]

    def _compare(self, heat: HeatMap | None, draws: int) -> Streamed | None:
        tally = self._tally
        if heat is None or tally is None or not self._choices.streamed:
            return None
        known = tally.chances is not None
        if self._streamed is not None:
            (counted, knew, colored), streamed = self._streamed
            # A new picture where it can be told from the old one, and at the end.
            same = tally.draws == counted or (tally.draws < _SEEN_GROWTH * counted and tally.busy(draws))
            if same and knew == known and colored is heat:
                return streamed
        self._streamed = (tally.draws, known, heat), tally.streamed(heat)
        return self._streamed[1]

    def _find_slopes(self, shares: Reals) -> Slopes:
        if self._slopes is None:
            corner = self._slope_corner()
            known = self._flat_chance if self._flat_chance_of() == corner else None
            self._slopes = draw_slopes(
                shares, corner, self._corners[corner], self._settings.temperature, FLAT_BELOW,
                None if known is None else known[1],
            )  # fmt: skip
        return self._slopes


def _stream_key(settings: Settings) -> tuple[object, ...]:
    """What the stream starts over for."""
    return settings.logits, settings.temperature, settings.scale, settings.seed


def _limit(temperature: float) -> Limit:
    return "hard" if temperature == 0.0 else "flat" if temperature == math.inf else None
