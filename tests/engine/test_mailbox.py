"""One place, the newest letter, and nobody left waiting."""

import threading
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from gumbelviz.engine.mailbox import Mailbox

PATIENCE = 30.0
"""Seconds after which a test gives up; nothing here takes long."""


def run_beside(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, name="gumbelviz-test", daemon=True)
    thread.start()
    return thread


def test_the_newest_letter_wins_and_is_taken_once() -> None:
    box: Mailbox[int] = Mailbox()
    assert box.empty
    assert box.take() is None
    for letter in (1, 2, 3):
        box.put(letter)
    assert box.take() == 3
    assert box.take() is None


@settings(derandomize=True, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers()), max_size=40))
def test_a_mailbox_is_a_variable_that_is_emptied(steps: list[int | None]) -> None:
    """None takes, a number puts."""
    box: Mailbox[int] = Mailbox()
    inside: int | None = None
    for step in steps:
        if step is None:
            assert box.take() == inside
            inside = None
        else:
            box.put(step)
            inside = step
        assert box.empty is (inside is None)


def test_a_letter_of_no_size_is_a_letter() -> None:
    box: Mailbox[int] = Mailbox()
    box.put(0)
    assert not box.empty
    assert box.take(None) == 0


def test_waiting_ends_with_the_time_or_the_letter() -> None:
    box: Mailbox[str] = Mailbox()
    assert box.take(0.001) is None
    asking = threading.Event()
    found: list[str | None] = []

    def wait() -> None:
        asking.set()
        found.append(box.take(PATIENCE))

    thread = run_beside(wait)
    assert asking.wait(PATIENCE)
    box.put("here")
    thread.join(PATIENCE)
    assert found == ["here"]


def test_closing_wakes_whoever_waits_now_and_later() -> None:
    box: Mailbox[str] = Mailbox()
    found: list[str | None] = []
    threads = [run_beside(lambda: found.append(box.take(None))) for _ in range(3)]
    box.close()
    for thread in threads:
        thread.join(PATIENCE)
    assert found == [None, None, None]
    assert box.take(None) is None
    box.close()


def test_a_letter_that_lies_there_when_it_is_closed_can_still_be_taken() -> None:
    box: Mailbox[str] = Mailbox()
    box.put("last")
    box.close()
    assert box.take(None) == "last"
    assert box.take(None) is None
    box.put("later")
    assert box.take() == "later"


def test_a_hasty_writer_and_a_reader_see_rising_numbers_and_the_last_one() -> None:
    """20,000 letters past a reader that takes what it can get: none twice, none out of order, the last for sure."""
    box: Mailbox[int] = Mailbox()
    last = 20_000
    found: list[int] = []

    def read() -> None:
        while not found or found[-1] != last:
            letter = box.take(None)
            if letter is not None:
                found.append(letter)

    thread = run_beside(read)
    for letter in range(1, last + 1):
        box.put(letter)
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert found == sorted(set(found))
    assert found[-1] == last


def test_two_readers_never_get_the_same_letter() -> None:
    box: Mailbox[int] = Mailbox()
    found: tuple[list[int], list[int]] = ([], [])
    stop = threading.Event()

    def read(mine: list[int]) -> None:
        while not stop.is_set():
            letter = box.take(0.01)
            if letter is not None:
                mine.append(letter)

    threads = [run_beside(lambda mine=mine: read(mine)) for mine in found]  # type: ignore[misc]
    for letter in range(3000):
        box.put(letter)
    stop.set()
    box.close()
    for thread in threads:
        thread.join(PATIENCE)
    assert not set(found[0]) & set(found[1])
