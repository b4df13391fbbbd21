"""What a person chose on each page beside the settings that all pages share: one value per page, kept in scenes."""

from __future__ import annotations

from msgspec import Struct

from gumbelviz.model.learning_choices import LearningChoices
from gumbelviz.model.noise_choices import NoiseChoices
from gumbelviz.model.precision_choices import PrecisionChoices
from gumbelviz.model.simplex_choices import SimplexChoices
from gumbelviz.model.temperature_choices import TemperatureChoices


class PageChoices(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The choices of every page that has some of its own."""

    noise: NoiseChoices = NoiseChoices()
    simplex: SimplexChoices = SimplexChoices()
    temperature: TemperatureChoices = TemperatureChoices()
    precision: PrecisionChoices = PrecisionChoices()
    learning: LearningChoices = LearningChoices()

    def check(self, options: int) -> None:
        """Raise `ValueError` with one sentence for the first choice that has no meaning with that many options."""
        for choices in (self.noise, self.simplex, self.temperature, self.precision, self.learning):
            choices.check(options)
