"""Work beside the window: it reports, it asks the window's thread, it can be cancelled at any time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from gumbelviz.app.export_job import Bench, Cancelled, Job


@pytest.fixture
def jobs() -> Iterator[list[Job]]:
    made: list[Job] = []
    yield made
    for job in made:
        job.stop()
        job.deleteLater()


def run(qtbot: QtBot, jobs: list[Job], work: Callable[[Bench], object]) -> BaseException | None:
    job = Job(work)
    jobs.append(job)
    with qtbot.waitSignal(job.ended, timeout=10_000) as ended:
        job.start()
    error = ended.args[0]
    assert error is None or isinstance(error, BaseException)
    return error


def test_pieces_run_in_the_thread_of_the_window(qtbot: QtBot, jobs: list[Job]) -> None:
    seen: list[tuple[str, threading.Thread]] = []

    def piece() -> int:
        seen.append(("piece", threading.current_thread()))
        return 42

    def work(bench: Bench) -> None:
        seen.append(("work", threading.current_thread()))
        assert bench.on_screen(piece) == 42
        bench.later(lambda: seen.append(("later", threading.current_thread())))

    assert run(qtbot, jobs, work) is None
    here = threading.current_thread()
    assert [(name, thread is here) for name, thread in seen] == [("work", False), ("piece", True), ("later", True)]


def test_an_error_of_a_piece_is_raised_where_it_was_asked_for(qtbot: QtBot, jobs: list[Job]) -> None:
    def work(bench: Bench) -> None:
        with pytest.raises(ZeroDivisionError):
            bench.on_screen(lambda: 1 // 0)
        raise ValueError("as expected")

    error = run(qtbot, jobs, work)
    assert isinstance(error, ValueError)
    assert str(error) == "as expected"


def test_progress_and_the_time_left(qtbot: QtBot, jobs: list[Job]) -> None:
    now = [0.0]
    told: list[tuple[float, object]] = []
    release = threading.Event()

    def work(bench: Bench) -> None:
        bench.report(0.25)
        assert release.wait(10)

    job = Job(work, clock=lambda: now[0])
    jobs.append(job)
    job.progressed.connect(lambda share, left: told.append((share, left)))
    job.start()
    qtbot.waitUntil(lambda: bool(told) and told[-1] == (0.25, None), timeout=10_000)
    now[0] = 2.0
    qtbot.waitUntil(lambda: told[-1] == (0.25, 6.0), timeout=10_000)
    with qtbot.waitSignal(job.ended, timeout=10_000):
        release.set()


def test_cancel_ends_a_work_that_reports(qtbot: QtBot, jobs: list[Job]) -> None:
    begun = threading.Event()

    def work(bench: Bench) -> None:
        while True:
            bench.report(0.5)
            begun.set()

    job = Job(work)
    jobs.append(job)
    job.start()
    assert begun.wait(10)
    with qtbot.waitSignal(job.ended, timeout=10_000) as ended:
        job.cancel()
    assert isinstance(ended.args[0], Cancelled)


def test_stop_does_not_wait_for_an_answer_that_nobody_gives(jobs: list[Job]) -> None:
    """The worker waits for this thread, which waits for the worker: as when the window closes."""
    asked, cleared = threading.Event(), []

    def work(bench: Bench) -> None:
        try:
            asked.set()
            bench.on_screen(lambda: pytest.fail("nobody serves this"))
        finally:
            bench.later(lambda: cleared.append(threading.current_thread()))

    job = Job(work)
    jobs.append(job)
    job.start()
    assert asked.wait(10)
    job.stop()
    assert cleared == [threading.current_thread()]
