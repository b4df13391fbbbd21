"""The numbers behind the pictures of each page, and a sentence for each: pure functions of settings and frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gumbelviz.model.gradient_tables import gradient_tables
from gumbelviz.model.learning_tables import learning_tables
from gumbelviz.model.margins_tables import margins_tables
from gumbelviz.model.noise_tables import noise_tables
from gumbelviz.model.pipeline_tables import pipeline_tables
from gumbelviz.model.precision_tables import precision_tables
from gumbelviz.model.simplex_tables import simplex_tables
from gumbelviz.model.temperature_tables import temperature_tables

if TYPE_CHECKING:
    from gumbelviz.model.frame import Frame
    from gumbelviz.model.number_table import NumberTable
    from gumbelviz.model.scene import Page
    from gumbelviz.model.settings import Settings

Maker = Callable[["Settings", "Frame"], "tuple[NumberTable, ...]"]
MAKERS: dict[Page, Maker] = {
    "pipeline": pipeline_tables,
    "noise": noise_tables,
    "simplex": simplex_tables,
    "temperature": temperature_tables,
    "gradients": gradient_tables,
    "learning": learning_tables,
    "margins": margins_tables,
    "precision": precision_tables,
}


def page_tables(page: Page, settings: Settings, frame: Frame) -> tuple[NumberTable, ...]:
    """Return the tables of the page in front, in reading order; none where the frame answers other options."""
    if len(frame.wins) != len(settings.options):
        return ()
    return MAKERS[page](settings, frame)
