"""Every part of every page alone: it is drawn, what is hidden is hidden, and going back leaves no trace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from gumbelviz.engine.simulation import Simulation
from gumbelviz.engine.study import Moment, make_study
from gumbelviz.model import page_parts
from gumbelviz.model.frame import Frame
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Settings, make_settings
from gumbelviz.views.look import THEMES, Look
from gumbelviz.views.pages.page import Page
from gumbelviz.views.pages.pipeline import PipelinePage
from gumbelviz.views.pages.table import row_of
from gumbelviz.views.window import Window

VIEWS = {"noise": ("curves", "inverse", "other", "scales"), "temperature": ("panels", "curves", "annealing"),
         "gradients": ("estimators", "switch", "table")}  # fmt: skip
PLACES = [(page, view) for page in page_parts.PARTS for view in VIEWS.get(page, ("",))]
MOST_PIECES = 40
"""Of the work of a study: enough to draw something, too few to wait for."""


def settings_for(page: str, view: str, count: int = 3) -> Settings:
    """Settings with a view of the page in front, and light work for its study."""
    names = ("Drama", "Comedy", "Sci-fi", "Thriller", "Animation", "Western", "Horror")
    scores = [2.0 - 0.6 * i for i in range(count)]
    settings = make_settings(scores, names=[names[i % 7] if count <= 7 else f"Option {i + 1}" for i in range(count)],
                             temperature=0.5)  # fmt: skip
    pages = settings.pages
    noise = replace(pages.noise, view=view) if page == "noise" else pages.noise
    temperature = replace(pages.temperature, tab=view) if page == "temperature" else pages.temperature
    gradients = replace(pages.gradients, tab=view) if page == "gradients" else pages.gradients
    learning = replace(pages.learning, steps=40, repeats=4)
    pages = replace(pages, noise=noise, temperature=temperature, gradients=gradients, learning=learning)
    return replace(settings, pages=pages)


_frames: dict[tuple[str, str, int], Frame] = {}


def frame_of(page: str, view: str, count: int = 3) -> Frame:
    """A frame with the report of the page's own study."""
    if (page, view, count) not in _frames:
        from dataclasses import replace as with_values

        settings = settings_for(page, view, count)
        simulation = Simulation(settings)
        simulation.advance(500)
        frame = simulation.frame()
        study = make_study(row_of(page).id, settings)
        if study is not None:
            moment = Moment(frame.draws, frame.draw.index, running=False, hurried=True)
            for _ in range(MOST_PIECES):
                if study.busy(moment):
                    study.work(moment, lambda: True)
            frame = with_values(frame, study=study.report(moment))
        _frames[page, view, count] = frame
    return _frames[page, view, count]


class Stage:
    """One window, in which pages are made once and reduced again and again."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = Window()
        qtbot.addWidget(self.window)
        for part in (self.window.menuBar(), self.window.toolbar, self.window.footer):
            part.hide()
        self.window.set_look(Look(THEMES["lecture"]))
        self.window.resize(1024, 640)
        self.window.show()

    def open(self, page: str, view: str = "", count: int = 3) -> Page:
        made = row_of(page).make()
        self.window.add_page(made)
        self.window.show_page(made)
        self.show(made, page, view, count)
        return made

    def show(self, made: Page, page: str, view: str = "", count: int = 3) -> None:
        settings = settings_for(page, view, count)
        made.show_scene(Scene(title="Test", settings=settings))
        made.draw(settings, frame_of(page, view, count))
        QApplication.processEvents()

    def picture(self) -> bytes:
        QApplication.processEvents()
        image = self.window.grab().toImage()
        return bytes(image.constBits())


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    made.window.hide()


def test_every_page_knows_its_name() -> None:
    for page in page_parts.PARTS:
        assert row_of(page).id == page


@pytest.mark.parametrize(("page", "view"), PLACES)
def test_each_part_alone_is_seen_and_going_back_leaves_no_trace(stage: Stage, page: str, view: str) -> None:
    made = stage.open(page, view)
    before, places = stage.picture(), geometry(made)
    for part in page_parts.parts_of(page, view):
        made.show_only(frozenset({part.id}), frozenset())
        QApplication.processEvents()
        shown = page_parts.shown_parts(page, (part.id,), view)
        pieces = made.pieces(shown)
        assert pieces, part.id
        for piece in pieces:
            assert piece.widget.isVisible(), part.id
            area = piece.widget.visibleRegion().boundingRect()
            assert area.width() == piece.widget.width(), part.id
            assert area.height() == piece.widget.height(), part.id
        seen = {piece.widget for piece in pieces}
        for other in page_parts.parts_of(page, view):
            if other.id not in shown:
                for piece in made.pieces((other.id,)):
                    assert piece.widget in seen or not piece.widget.isVisible(), (part.id, other.id)
        assert not any(bar.isVisible() for bar in made.findChildren(QScrollBar)), part.id
    assert len(set(stage.picture())) > 8
    made.show_only(frozenset(), frozenset())
    stage.show(made, page, view)
    assert not made.reduced
    assert geometry(made) == places
    assert stage.picture() == before


def geometry(page: Page) -> list[tuple[str, QRect, bool]]:
    """Where every widget of a page stands, and whether it can be seen."""
    widgets = page.body.findChildren(QWidget)
    return sorted(
        (
            (type(widget).__name__, widget.geometry(), widget.isVisible())
            for widget in widgets
            if widget.isVisible()
        ),
        key=repr,
    )


@pytest.mark.parametrize(("page", "view"), PLACES)
def test_all_parts_with_all_controls_fit(stage: Stage, page: str, view: str) -> None:
    stage.window.resize(1024, 480)
    stage.window.set_look(Look(THEMES["lecture"], 2.0))
    made = stage.open(page, view)
    controls = frozenset(control.id for control in page_parts.controls_of(page, view))
    made.show_only(frozenset(part.id for part in page_parts.parts_of(page, view)), controls)
    stage.show(made, page, view)
    levers = made.levers(page_parts.shown_parts(page, (), view))
    allowed = {control.id for control in page_parts.controls_of(page, view)}
    pieces = made.pieces(page_parts.shown_parts(page, (), view))
    assert all(piece.widget.isVisible() and piece.widget.parent() is made._showcase for piece in pieces)
    rects = [piece.widget.geometry() for piece in pieces]
    for name, lever in levers.items():
        if name in allowed:
            rects += [piece.widget.geometry() for piece in (*lever.side, *lever.line)]
    unique = [rect for i, rect in enumerate(rects) if rect not in rects[:i]]
    for i, rect in enumerate(unique):
        assert made.rect().contains(rect)
        assert not any(rect.adjusted(1, 1, -1, -1).intersects(other.adjusted(1, 1, -1, -1)) for other in unique[:i])


@pytest.mark.parametrize(
    ("count", "parts"),
    [(2, ("soft",)), (7, ("scores", "noise")), (12, ("noisy", "hard", "soft", "draw")), (40, ("scores", "hard"))],
)
def test_the_pipeline_is_reduced_for_any_number_of_options(stage: Stage, count: int, parts: tuple[str, ...]) -> None:
    made = stage.open("pipeline", count=count)
    made.show_only(frozenset(parts), frozenset())
    stage.show(made, "pipeline", count=count)
    pieces = made.pieces(page_parts.shown_parts("pipeline", parts))
    assert all(piece.widget.isVisible() for piece in pieces)
    columns = {part for part in parts if part not in ("draw", "stream")}
    assert len({piece.widget.x() for piece in pieces}) == (len(columns) if len(columns) > 1 else len(pieces))
    widths = {piece.widget.width() for piece in pieces}
    assert max(widths) - min(widths) <= 1
    assert len(set(stage.picture())) > 8


def test_fewer_columns_are_drawn_larger(stage: Stage) -> None:
    made = stage.open("pipeline")
    sizes = []
    for parts in (("scores", "noise", "noisy", "hard", "soft"), ("noisy", "hard", "soft"), ("soft",)):
        made.show_only(frozenset((*parts, "draw")), frozenset())
        assert made._showcase.look is not None
        sizes.append(made._showcase.look.zoom)
    assert sizes[0] < sizes[1] <= sizes[2]


def test_only_what_remains_answers_to_a_hand(stage: Stage) -> None:
    made = stage.open("pipeline")
    pieces = made.levers(())
    made.show_only(frozenset({"scores", "soft"}), frozenset({"temperature"}))
    still = [widget for name in ("scores", "noise") for widget in pieces[name].live]
    from PySide6.QtCore import Qt

    passive = Qt.WidgetAttribute.WA_TransparentForMouseEvents
    assert all(widget.testAttribute(passive) for widget in still)
    assert pieces["temperature"].line[0].widget.isVisible()
    made.show_only(frozenset({"scores", "soft"}), frozenset({"scores"}))
    assert not any(widget.testAttribute(passive) for widget in pieces["scores"].live)
    assert not pieces["temperature"].line[0].widget.isVisible()
    made.show_only(frozenset(), frozenset())
    assert not any(widget.testAttribute(passive) for widget in still)
    assert all(widget.focusPolicy() == Qt.FocusPolicy.StrongFocus for widget in pieces["scores"].live)


def test_controls_alone_leave_all_parts(stage: Stage) -> None:
    made = stage.open("margins")
    made.show_only(frozenset(), frozenset({"run"}))
    assert made.reduced
    assert all(piece.widget.isVisible() for piece in made.pieces(("margin", "largest")))


@pytest.mark.parametrize(("page", "view"), PLACES)
def test_a_part_is_pointed_at_in_either_form(stage: Stage, page: str, view: str) -> None:
    made = stage.open(page, view)
    calm = stage.picture()
    for part in page_parts.parts_of(page, view):
        made.point_at(frozenset({part.id}))
        assert made._lit, part.id
    last = page_parts.parts_of(page, view)[-1].id
    assert stage.picture() != calm
    made.show_only(frozenset({last}), frozenset())
    assert all(widget.isVisible() for widget in made._lit)
    made.show_only(frozenset(), frozenset())
    made.point_at(frozenset())
    stage.show(made, page, view)
    assert not made._lit
    assert stage.picture() == calm


def test_a_scene_still_points_at_its_column_when_the_step_points_at_nothing(stage: Stage) -> None:
    made = stage.open("pipeline")
    made.show_scene(Scene(title="Test", settings=settings_for("pipeline", ""), highlight="hard"))
    assert [widget.property("lit") for widget in made._lit[:2]] == ["true", "true"]
    hard = list(made._lit)
    made.point_at(frozenset({"soft", "draw"}))
    assert not set(hard) & set(made._lit)
    made.point_at(frozenset())
    assert made._lit == hard


def test_turning_the_view_turns_the_parts(stage: Stage) -> None:
    made = stage.open("noise", "curves")
    made.show_only(frozenset({"density", "map"}), frozenset({"view"}))
    stage.show(made, "noise", "inverse")
    (inverse,) = made.pieces(("map",))
    assert inverse.widget.isVisible()
    stage.show(made, "noise", "curves")
    assert not inverse.widget.isVisible()
    (density,) = made.pieces(("density",))
    assert density.widget.isVisible()


def test_another_window_size_and_look_are_followed(stage: Stage) -> None:
    made = stage.open("pipeline")
    made.show_only(frozenset({"soft", "draw"}), frozenset())
    first = made._showcase.look
    stage.window.resize(1600, 900)
    QApplication.processEvents()
    second = made._showcase.look
    assert first is not None
    assert second is not None
    assert second.zoom > first.zoom
    stage.window.set_look(Look(THEMES["dark"]))
    assert made._showcase.look == Look(THEMES["dark"], second.zoom * second.theme.text)
    made.show_only(frozenset(), frozenset())
    assert isinstance(made, PipelinePage)
    assert made._look == Look(THEMES["dark"])
