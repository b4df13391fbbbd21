"""How does the window bear a language model's vocabulary? Seconds, stalls and memory; no part of the test suite.

Run it from the top folder: ``.venv/bin/python tests/benchmarks/large.py``. Every size runs in a fresh interpreter,
with the engine at full speed. A heart beats in the window's thread every 4 ms; a stall is a pause between two beats.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))
SIZES = (50_257, 131_072)
WINDOW = (1600, 900)
BEAT = 4
LONGEST_WAIT = 60.0


class Heart:
    """Beats in the event loop, and remembers the longest pause since it was last asked."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self._last, self._longest = time.perf_counter(), 0.0

    def _beat(self) -> None:
        now = time.perf_counter()
        self._longest, self._last = max(self._longest, now - self._last), now

    def longest(self) -> float:
        """Return the longest pause in milliseconds, and begin anew."""
        longest, self._longest, self._last = self._longest, 0.0, time.perf_counter()
        return 1e3 * longest

    def stop(self) -> None:
        """Beat no more."""
        self._timer.stop()


def measure(count: int) -> dict[str, Any]:
    """Open scores of `count` options in a window that shows another scene, and live with them for a while."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from gumbelviz.app.library import load_builtin
    from gumbelviz.app.start import end, make_application

    application = make_application()
    from gumbelviz.app.program import Program

    program = Program(load_builtin("movie-night"), theme="light")
    program.window.resize(*WINDOW)
    program.window.show()
    application.processEvents()
    program.start()
    spin(1.0)
    drawn: list[tuple[float, float]] = []
    watch_drawing(program, drawn)
    heart = Heart()
    spin(0.5)
    result: dict[str, Any] = {"stall before": heart.longest()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scores.npy"
        write_scores(path, count)
        at = time.perf_counter()
        program.files.open_path(path)
        wait(lambda: program._frame is not None and len(program._frame.wins) == count)
    program.window.repaint()
    result["open to first picture"] = 1e3 * (time.perf_counter() - at)
    spin(0.3)
    result["stall opening"] = heart.longest()
    drawn.clear()
    spin(4.0)
    result["stall running"] = heart.longest()
    result["frames per second"] = len(drawn) / 4.0
    result["frame drawn"] = sorted(seconds for _, seconds in drawn)[len(drawn) // 2] * 1e3
    result["draws per second"] = program._frame.draws_per_second if program._frame else 0.0

    option = int(program._frame.theory.ranking.order[3])  # type: ignore[union-attr]
    answers = []
    for i in range(30):
        at = time.perf_counter()
        program.wish("logit", (option, 5.0 + 0.02 * i), final=i == 29)
        revision = program.store.state.revision
        wait(partial(answered, program, revision))
        answers.append(1e3 * (time.perf_counter() - at))
    result["score moved to picture"] = sorted(answers)[len(answers) // 2]
    result["stall moving a score"] = heart.longest()
    program.undo()
    spin(0.5)
    program.redo()
    spin(0.5)
    result["stall undo"] = heart.longest()
    finder = program.pager.page._scores_head.finder  # type: ignore[union-attr]
    for text in ("o", "op", "option 9", "option 99999"):
        finder.setText(text)
        spin(0.1)
    finder.clear()
    result["stall finding"] = heart.longest()
    program.wish("temperature", 2.0)
    spin(0.5)
    result["stall temperature"] = heart.longest()
    heart.stop()
    program.run()
    spin(0.5)
    result["frame painted"] = painting(program, application)
    end(application, program)
    result["memory"], result["memory peak"] = memory("VmRSS"), memory("VmHWM")
    return result


def watch_drawing(program: Any, drawn: list[tuple[float, float]]) -> None:
    """Note when each frame was drawn, and how many seconds that took, the painting not counted."""
    draw = program._loop._draw

    def noted(frame: object, words: bool) -> None:
        at = time.perf_counter()
        draw(frame, words)
        drawn.append((at, time.perf_counter() - at))

    program._loop._draw = noted


def painting(program: Any, application: Any) -> float:
    """Return the median milliseconds to draw and paint a frame that shows another draw and newer words."""
    times = []
    for _ in range(12):
        program.step()
        wait(partial(shows_another, program, program._frame.draw.index))
        frame = program._frame
        program.back()
        wait(partial(shows_another, program, frame.draw.index))
        application.processEvents()
        at = time.perf_counter()
        program.pager.draw(program.store.state.settings, frame)
        application.processEvents()
        times.append(1e3 * (time.perf_counter() - at))
    return sorted(times)[len(times) // 2]


def answered(program: Any, revision: int) -> bool:
    """Tell whether a frame answers the settings of that revision."""
    return program._frame is not None and bool(program._frame.revision >= revision)


def shows_another(program: Any, index: int) -> bool:
    """Tell whether another draw than that one is on display."""
    return bool(program._frame.draw.index != index)


def write_scores(path: Path, count: int) -> None:
    """Write single-precision scores with a Zipf-like shape, in no order."""
    import numpy as np

    generator = np.random.default_rng(1)
    scores = -1.1 * np.log(np.arange(count) + 2.6) + 0.2 * generator.standard_normal(count)
    np.save(path, generator.permutation(scores).astype(np.float32))


def spin(seconds: float) -> None:
    """Let the event loop run."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(1e3 * seconds), loop.quit)
    loop.exec()


def wait(done: Callable[[], bool]) -> None:
    """Let the event loop run until something is so."""
    until = time.perf_counter() + LONGEST_WAIT
    while not done():
        if time.perf_counter() > until:
            raise TimeoutError
        spin(0.002)


def memory(key: str) -> float:
    """Return a figure of this process's memory in MiB."""
    with Path("/proc/self/status").open() as file:
        line = next(line for line in file if line.startswith(key))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Measure each size in a process of its own and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, help="measure this one here, and print JSON")
    given = parser.parse_args()
    if given.size:
        print(json.dumps(measure(given.size)))
        return
    columns = []
    for size in SIZES:
        command = [sys.executable, __file__, "--size", str(size)]
        columns.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    print(f"{'milliseconds, MiB, per second':32}" + "".join(f"{size:>12,}" for size in SIZES))
    for key in columns[0]:
        print(f"{key:32}" + "".join(f"{column[key]:12.1f}" for column in columns))


if __name__ == "__main__":
    main()
