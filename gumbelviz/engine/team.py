"""Worker processes for long simulations: the same tallies as one process makes, to the last bit, sooner.

Threads would share one interpreter lock, and gain little. Processes are started afresh rather than forked, which is
safe beside other threads and works on every system, and which costs a third of a second.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType

from gumbelviz.engine.simulation import Part, Simulation
from gumbelviz.model.settings import Settings

WORTH_A_TEAM = 200_000_000
"""Numbers (draws times options) that take longer, on one core, than a team takes to come together."""


def team_size(numbers: int) -> int:
    """Return how many processes are worth while for so many numbers: one, or one for each core that may be used."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return cores if numbers >= WORTH_A_TEAM else 1


class Team:
    """Processes that make chunks of one stream, while they are needed.

    Parameters
    ----------
    simulation
        What they draw for.
    size
        How many they are.
    """

    def __init__(self, simulation: Simulation, size: int) -> None:
        self._simulation = simulation
        self._size = size
        what = simulation.settings, *simulation.watching
        self._broken = False
        self._pool = ProcessPoolExecutor(size, multiprocessing.get_context("spawn"), _prepare, what)

    def __enter__(self) -> Team:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Of a pool whose processes were killed, Python 3.11 may wait for ever.
        self._pool.shutdown(wait=not self._broken, cancel_futures=True)

    def advance(self, until: int, stop: Callable[[], bool] = bool) -> None:
        """Draw on like `Simulation.advance`, whole chunks together and what is left alone.

        Raises
        ------
        RuntimeError
            With a sentence, where a process was killed.
        """
        simulation = self._simulation
        chunk = simulation.chunk
        simulation.advance(min(until, -(-simulation.draws // chunk) * chunk), stop)
        waiting: deque[Future[Part]] = deque()
        first = simulation.draws
        try:
            while waiting or until - first >= chunk:
                if until - first >= chunk and len(waiting) < 2 * self._size:
                    waiting.append(self._pool.submit(_make_chunk, first // chunk))
                    first += chunk
                else:
                    simulation.add(waiting.popleft().result())
                    if stop():
                        return
        except BrokenProcessPool:
            self._broken = True
            raise RuntimeError("A process that was drawing has been ended from outside; try fewer threads.") from None
        finally:
            for future in waiting:
                future.cancel()
        simulation.advance(until, stop)


_simulation: Simulation | None = None
"""In a worker process: what it draws with."""


def _prepare(settings: Settings, watched: int, picks: Sequence[int]) -> None:
    global _simulation
    # Ctrl-C reaches every process of a terminal; this one is ended by the one that asked.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="gumbelviz-parent", daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(5)
    _simulation = Simulation(settings, watched, picks)


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, however that went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _make_chunk(number: int) -> Part:
    assert _simulation is not None
    return _simulation.make_chunk(number)
