"""The table of parts and controls agrees with itself and with the pages, and refuses what is not in it."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from msgspec.structs import replace

from gumbelviz.model import page_parts
from gumbelviz.model.gradient_choices import GradientTab
from gumbelviz.model.noise_choices import VIEWS
from gumbelviz.model.page_parts import CONTROLS, PARTS, WINDOW_CONTROLS
from gumbelviz.model.scene import HIGHLIGHTS, PAGES
from gumbelviz.model.settings import make_settings
from gumbelviz.model.temperature_choices import Tab

VIEWS_OF = {"noise": VIEWS, "temperature": get_args(Tab), "gradients": get_args(GradientTab)}


def test_every_page_is_in_both_tables() -> None:
    assert set(PARTS) == set(CONTROLS) == set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_ids_are_plain_words_and_stand_once(page: str) -> None:
    for rows in (page_parts.parts_of(page), page_parts.controls_of(page)):
        ids = [row.id for row in rows]
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"[a-z][a-z ]{1,20}", name) for name in ids)
        titles = [row.title for row in rows]
        assert len(set(titles)) == len(titles)
        assert all(row.view in ("", *VIEWS_OF.get(page, ())) for row in rows)


def test_the_columns_of_the_pipeline_are_the_highlights_of_scenes() -> None:
    columns = [part.id for part in page_parts.parts_of("pipeline") if part.group == "columns"]
    assert tuple(columns) == HIGHLIGHTS


@pytest.mark.parametrize(("page", "views"), VIEWS_OF.items())
def test_every_view_has_parts_of_its_own(page: str, views: tuple[str, ...]) -> None:
    for view in views:
        assert any(part.view == view for part in page_parts.parts_of(page, view))
        assert not any(part.view not in ("", view) for part in page_parts.parts_of(page, view))


def test_the_view_in_front_is_what_the_settings_say() -> None:
    settings = make_settings((0.0, 1.0, 2.0))
    for page in PAGES:
        assert page_parts.view_of(settings, page) in VIEWS_OF.get(page, ("",))
    pages = replace(settings.pages, noise=replace(settings.pages.noise, view="other"))
    assert page_parts.view_of(replace(settings, pages=pages), "noise") == "other"


def test_known_ids_pass() -> None:
    page_parts.check_parts("pipeline", ("noisy", "hard", "soft", "draw"))
    page_parts.check_controls("pipeline", ("temperature", "run"))
    for page in PAGES:
        page_parts.check_parts(page, [part.id for part in page_parts.parts_of(page)])
        page_parts.check_controls(page, [control.id for control in page_parts.controls_of(page)])
        page_parts.check_controls(page, [control.id for control in WINDOW_CONTROLS])


def test_an_unknown_part_is_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match=r'^The page “pipeline” has no part "sofd"; did you mean "soft"\?$'):
        page_parts.check_parts("pipeline", ("hard", "sofd"))


def test_an_unknown_control_is_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match=r'^The page “noise” has no control "density"\.$'):
        page_parts.check_controls("noise", ("density",))


def test_a_part_of_another_page_is_refused() -> None:
    with pytest.raises(ValueError, match="has no part to point at"):
        page_parts.check_parts("margins", ("scores",), "part to point at")


def test_columns_and_rows_are_chosen_on_their_own() -> None:
    every = tuple(part.id for part in page_parts.parts_of("pipeline"))
    assert page_parts.shown_parts("pipeline", ()) == every
    assert page_parts.shown_parts("pipeline", ("soft", "hard")) == ("hard", "soft", "draw", "stream")
    assert page_parts.shown_parts("pipeline", ("draw",)) == (*HIGHLIGHTS, "draw")
    assert page_parts.shown_parts("pipeline", ("soft", "draw")) == ("soft", "draw")


def test_parts_of_a_view_that_is_not_in_front_leave_the_one_that_is() -> None:
    assert page_parts.shown_parts("noise", ("map",), "inverse") == ("map",)
    curves = tuple(part.id for part in page_parts.parts_of("noise", "curves"))
    assert page_parts.shown_parts("noise", ("map",), "curves") == curves
