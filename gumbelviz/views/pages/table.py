"""The table of pages: one row is a tab, a command, and what `render --page` knows.

A page loads when it is first turned to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gumbelviz.model.scene import Page as PageId
    from gumbelviz.views.pages.page import Page


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page: its id in scenes and on the command line, its title, its question, and how it is made."""

    id: PageId
    title: str
    question: str
    make: Callable[[], Page]
    tab: bool = True


def _make_pipeline() -> Page:
    from gumbelviz.views.pages.pipeline import PipelinePage

    return PipelinePage()


def _make_noise() -> Page:
    from gumbelviz.views.pages.noise import NoisePage

    return NoisePage()


def _make_simplex() -> Page:
    from gumbelviz.views.pages.simplex import SimplexPage

    return SimplexPage()


def _make_temperature() -> Page:
    from gumbelviz.views.pages.temperature import TemperaturePage

    return TemperaturePage()


def _make_learning() -> Page:
    from gumbelviz.views.pages.learning import LearningPage

    return LearningPage()


def _make_margins() -> Page:
    from gumbelviz.views.pages.margins import MarginsPage

    return MarginsPage()


def _make_precision() -> Page:
    from gumbelviz.views.pages.precision import PrecisionPage

    return PrecisionPage()


PAGES: tuple[PageRow, ...] = (
    PageRow("pipeline", "Pipeline", "What happens to one draw, and to millions?", _make_pipeline),
    PageRow("noise", "Noise", "What is Gumbel noise, and why Gumbel?", _make_noise),
    PageRow("simplex", "Simplex", "Where do soft choices live?", _make_simplex),
    PageRow("temperature", "Temperature", "What does the temperature do?", _make_temperature),
    PageRow("learning", "Learning", "Does it train?", _make_learning),
    PageRow("margins", "The winner’s margin", "How far is the winner ahead?", _make_margins, tab=False),
    PageRow("precision", "What floating point does", "What does rounding do to the trick?", _make_precision, tab=False),
)


def row_of(page: str) -> PageRow:
    """Return the row of a page; the first, for one that a scene may name but that does not exist yet."""
    return next((row for row in PAGES if row.id == page), PAGES[0])
