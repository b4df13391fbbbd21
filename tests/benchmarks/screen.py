"""How smooth is the window? Ratios against a baseline measured in the same run; no part of the test suite.

Run it from the top folder: ``.venv/bin/python tests/benchmarks/screen.py [--seconds S]``. Every measurement
runs in a fresh interpreter. Milliseconds are printed for comparison with each other only.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))
SIZE = (1600, 900)
Measured = dict[str, Any]


def quantile(values: list[float], share: float) -> float:
    """Return the value below which `share` of `values` lie."""
    ordered = sorted(values)
    return ordered[min(round(share * (len(ordered) - 1)), len(ordered) - 1)]


# What is measured, each in a process of its own --------------------------------------------------------------


def started() -> float:
    """Return milliseconds since the driver started this process."""
    return 1e3 * (time.time() - float(os.environ["STARTED"]))


def bare_window(seconds: float) -> Measured:
    """The baseline of starting: import pyqtgraph, show one plot."""
    import pyqtgraph as pg

    application = pg.mkQApp()
    plot = pg.PlotWidget()
    plot.plot([1, 3, 2])
    plot.resize(*SIZE)
    plot.show()
    application.processEvents()
    shown = started()
    plot.close()
    return {"plot": shown}


def our_window(seconds: float) -> Measured:
    """Our start without arguments: the outline of the window, then the plots with a first picture."""
    from gumbelviz.app import first_look

    first_look.show()
    first = started()
    program, application = make_program("movie-night", start=False, window=first_look.take())
    program.start()
    while program._frame is None:
        application.processEvents()
    program.window.repaint()
    painted = started()
    program.stop()
    leave(program, application)
    return {"first": first, "plots": painted}


def frame_cost(seconds: float) -> Measured:
    """Milliseconds to draw and paint one frame of the Pipeline page, ours and naively."""
    program, application = make_program("movie-night", start=False)
    program.show_still(1000)
    page, settings = program.pager.page, program.store.state.settings
    frames = make_frames(settings, 120)
    application.processEvents()

    def ours(i: int) -> None:
        page.draw(settings, frames[i])
        application.processEvents()

    result = {"ours": timed(ours, len(frames))}
    leave(program, application)
    naive = NaivePage(settings)
    naive.widget.resize(*SIZE)
    naive.widget.show()
    application.processEvents()

    def theirs(i: int) -> None:
        naive.draw(frames[i])
        application.processEvents()

    result["naive"] = timed(theirs, 40)
    naive.widget.close()
    return result


def frame_gaps(seconds: float) -> Measured:
    """Milliseconds between two pictures, without a worker and beside one at full speed; and the worker's speed."""
    program, application = make_program("movie-night", start=False)
    program.show_still(1000)
    page, settings = program.pager.page, program.store.state.settings
    frames = make_frames(settings, 60)
    from PySide6.QtCore import Qt, QTimer

    times: list[float] = []

    def tick() -> None:
        page.draw(settings, frames[len(times) % len(frames)])
        times.append(time.perf_counter())

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(16)
    timer.timeout.connect(tick)
    timer.start()
    spin(application, seconds)
    timer.stop()
    alone = gaps(times)
    leave(program, application)

    program, application = make_program("movie-night")
    beside: list[float] = []
    draw = program._loop._draw

    def noted(frame: object, words: bool) -> None:
        draw(frame, words)
        beside.append(time.perf_counter())

    program._loop._draw = noted
    spin(application, 1.0)
    beside.clear()
    before, at = program._frame.draws, time.perf_counter()
    spin(application, seconds)
    speed = (program._frame.draws - before) / (time.perf_counter() - at)
    program.stop()
    leave(program, application)

    from gumbelviz.engine.simulation import Simulation

    simulation = Simulation(settings)
    at = time.perf_counter()
    while time.perf_counter() - at < seconds / 2:
        simulation.advance(simulation.draws + simulation.run)
    alone_speed = simulation.draws / (time.perf_counter() - at)
    return {"alone": alone, "beside": gaps(beside), "speed_beside": speed, "speed_alone": alone_speed}


def slider_latency(seconds: float) -> Measured:
    """Milliseconds from a wish for another temperature to the painted answer, beside a worker at full speed."""
    from PySide6.QtCore import QEvent

    program, application = make_program("movie-night")
    spin(application, 1.0)
    draw = program._loop._draw
    answered: list[float] = []
    waiting = [0, 0.0]

    def noted(frame: Any, words: bool) -> None:
        draw(frame, words)
        if waiting[0] and frame.revision >= waiting[0]:
            # What the event loop would do next: paint whatever the frame has changed.
            application.sendPostedEvents(program.window, QEvent.Type.UpdateRequest)
            answered.append(1e3 * (time.perf_counter() - waiting[1]))
            waiting[0] = 0

    program._loop._draw = noted
    temperature = 0.5
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        temperature = 0.3 + (temperature * 1.37) % 2.0
        waiting[1] = time.perf_counter()
        program.wish("temperature", temperature, False)
        waiting[0] = program.store.state.revision
        spin(application, 0.05)
    program.stop()
    leave(program, application)
    return {"latency": answered}


def memory_growth(seconds: float, slow: float = 0.0) -> Measured:
    """Megabytes that the process grows by while the stream runs at full speed."""
    program, application = make_program("movie-night")
    draw = program._loop._draw

    def slowed(frame: object, words: bool) -> None:
        draw(frame, words)
        time.sleep(slow)

    program._loop._draw = slowed
    spin(application, 6.0)
    readings = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        readings.append(resident())
        spin(application, 1.0)
    draws = program._frame.draws
    program.stop()
    leave(program, application)
    return {"start": readings[0], "end": readings[-1], "most": max(readings), "draws": draws}


def memory_growth_slowed(seconds: float) -> Measured:
    """The same with a window that takes 10 ms longer for every frame."""
    return memory_growth(seconds, 0.010)


# Parts of the measurements ----------------------------------------------------------------------------------


def make_program(scene_id: str, start: bool = True, window: Any = None) -> tuple[Any, Any]:
    """Open the program's window as `main.py` does, without its event loop."""
    from gumbelviz.app.library import load_builtin
    from gumbelviz.app.start import make_application

    application = make_application()
    from gumbelviz.app.program import Program

    program = Program(load_builtin(scene_id), theme="light", window=window)
    program.window.resize(*SIZE)
    program.window.show()
    application.processEvents()
    if start:
        program.start()
        import gc

        gc.collect()
        gc.freeze()
    return program, application


def leave(program: Any, application: Any) -> None:
    """Take the program apart."""
    from gumbelviz.app.start import end

    end(application, program)


def make_frames(settings: Any, count: int) -> list[Any]:
    """Return frames of a growing run."""
    from gumbelviz.engine.simulation import Simulation

    simulation = Simulation(settings)
    frames = []
    for i in range(count):
        simulation.advance(50_000 * (i + 1))
        frames.append(simulation.frame(10))
    return frames


def timed(draw: Callable[[int], None], count: int) -> list[float]:
    """Return milliseconds of each call, the first tenth left out."""
    import gc

    gc.collect()
    gc.freeze()
    values = []
    for i in range(count):
        at = time.perf_counter()
        draw(i)
        values.append(1e3 * (time.perf_counter() - at))
    return values[count // 10 :]


def spin(application: Any, seconds: float) -> None:
    """Let the event loop run for a while, waiting in it rather than around it."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(1e3 * seconds), loop.quit)
    loop.exec()


def gaps(times: list[float]) -> list[float]:
    """Return milliseconds between neighbours."""
    return [1e3 * (b - a) for a, b in pairwise(times)]


def resident() -> float:
    """Return the resident memory of this process in MiB."""
    with Path("/proc/self/status").open() as file:
        line = next(line for line in file if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


class NaivePage:
    """The ten pictures of the Pipeline page as pyqtgraph's examples suggest: clear, plot again, let it look nice."""

    def __init__(self, settings: Any) -> None:
        import pyqtgraph as pg

        self.pg, self.settings = pg, settings
        pg.setConfigOptions(antialias=True)
        self.widget = pg.GraphicsLayoutWidget()
        self.plots = [self.widget.addPlot(row=i // 5, col=i % 5) for i in range(10)]
        for plot in self.plots:
            plot.showGrid(x=True, y=True)

    def bars(self, plot: Any, values: Any) -> None:
        """Horizontal bars with their numbers."""
        pg = self.pg
        plot.clear()
        for i, value in enumerate(values):
            plot.addItem(pg.BarGraphItem(x0=0, y=-i, height=0.6, width=float(value), brush=pg.intColor(i)))
            text = pg.TextItem(f"{self.settings.options[i].name} {value:.2f}")
            text.setPos(float(value), -i)
            plot.addItem(text)

    def histogram(self, plot: Any, edges: Any, heights: Any, i: int) -> None:
        """A filled histogram."""
        pg = self.pg
        color = pg.intColor(i)
        fill = pg.intColor(i, alpha=80)
        plot.plot(edges, heights, stepMode="center", fillLevel=0, brush=fill, pen=pg.mkPen(color, width=2))

    def draw(self, frame: Any) -> None:
        """Show `frame`."""
        pg, draw = self.pg, frame.draw
        logits = [option.logit for option in self.settings.options]
        shown = (logits, draw.noise, draw.perturbed, [float(i == draw.winner) for i in range(len(logits))], draw.soft)
        for plot, values in zip(self.plots, shown, strict=False):
            self.bars(plot, values)
        self.bars(self.plots[5], frame.theory.probabilities)
        self.bars(self.plots[8], frame.wins / frame.draws)
        noise, soft = frame.noise_histograms, frame.soft_histograms
        xs, ys = frame.theory.noise_curve
        self.plots[6].clear()
        self.histogram(self.plots[6], noise.edges, noise.counts.sum(axis=0) / (3 * frame.draws * 0.2), 0)
        self.plots[6].plot(xs, ys, pen=pg.mkPen("b", width=2))
        self.plots[7].clear()
        self.plots[9].clear()
        for i, z in enumerate(logits):
            self.histogram(self.plots[7], noise.edges + z, noise.counts[i] / (frame.draws * 0.2), i)
            self.plots[7].plot(xs + z, ys, pen=pg.mkPen(pg.intColor(i), width=2))
            self.histogram(self.plots[9], soft.edges, soft.counts[i] * 64 / frame.draws, i)
            self.plots[9].addItem(pg.InfiniteLine(float(frame.soft_mean[i]), pen=pg.mkPen(pg.intColor(i), width=2)))


def page_costs(seconds: float) -> Measured:
    """Milliseconds to draw each page, with the engine at full speed; and draws per second while it is in front.

    Then the Pipeline page once more, with all the others behind it: what is hidden costs nothing.
    """
    from gumbelviz.views.pages.table import PAGES

    program, application = make_program("movie-night")
    spin(application, 0.5)
    result: Measured = {}
    for name in (*(row.id for row in PAGES), "pipeline again"):
        program.turn(name.removesuffix(" again"))
        spin(application, 1.0)
        page, draw = program.pager.page, program.pager.page.draw
        times: list[float] = []

        def timed_draw(*arguments: Any, draw: Any = draw, times: list[float] = times) -> None:
            at = time.perf_counter()
            draw(*arguments)
            times.append(1e3 * (time.perf_counter() - at))

        page.draw = timed_draw
        before, at = program._frame.draws, time.perf_counter()
        spin(application, seconds)
        result[name] = times
        result[f"{name} speed"] = (program._frame.draws - before) / (time.perf_counter() - at)
        del page.draw
    program.stop()
    leave(program, application)
    return result


# The driver -------------------------------------------------------------------------------------------------

PARTS = {
    part.__name__: part
    for part in (
        bare_window,
        our_window,
        frame_cost,
        frame_gaps,
        slider_latency,
        page_costs,
        memory_growth,
        memory_growth_slowed,
    )
}


def measure(name: str, seconds: float) -> Measured:
    """Run one part in a fresh interpreter and return what it found."""
    environment = {"QT_QPA_PLATFORM": "offscreen", "PYQTGRAPH_QT_LIB": "PySide6", "OPENBLAS_NUM_THREADS": "1"}
    environment |= {"QT_NO_GUI_THREADPOOL": "1"} | os.environ | {"STARTED": repr(time.time())}
    command = [sys.executable, __file__, "--part", name, "--seconds", str(seconds)]
    result = subprocess.run(command, env=environment, cwd=TOP, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise SystemExit(f"{name} failed with {result.returncode}:\n{result.stderr}")
    measured: Measured = json.loads(result.stdout.splitlines()[-1])
    return measured


def report(what: str, ratio: float, goal: str, met: bool, details: str) -> None:
    """Print one row."""
    print(f"{what:<58} {ratio:8.2f}  goal {goal:<9} {'met' if met else 'MISSED':<7} {details}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each timed stretch")
    parser.add_argument("--memory-seconds", type=float, default=60.0, help="length of each memory run")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part:
        print(json.dumps(PARTS[arguments.part](arguments.seconds)))
        return
    first, plots = [], []
    for _ in range(7):
        bare = measure("bare_window", 0)["plot"]
        ours = measure("our_window", 0)
        first.append(ours["first"] / bare)
        plots.append(ours["plots"] / bare)
    ratio = statistics.median(first)
    report("first painted window / one bare PlotWidget", ratio, "<= 0.35", ratio <= 0.35, f"bare {bare:.0f} ms")
    ratio = statistics.median(plots)
    report("all plots painted / one bare PlotWidget", ratio, "<= 1.25", ratio <= 1.25, "")
    cost = measure("frame_cost", 0)
    ours, naive = statistics.median(cost["ours"]), statistics.median(cost["naive"])
    details = f"{ours:.1f} against {naive:.1f} ms"
    report("Pipeline frame / the same made naively", ours / naive, "<= 0.25", ours / naive <= 0.25, details)
    ratio = quantile(cost["ours"], 0.95) / ours
    report("frame p95 / p50", ratio, "<= 1.15", ratio <= 1.15, f"p95 {quantile(cost['ours'], 0.95):.1f} ms")
    gap = measure("frame_gaps", arguments.seconds)
    alone, beside = quantile(gap["alone"], 0.99), quantile(gap["beside"], 0.99)
    details = f"p99 {beside:.1f} against {alone:.1f} ms"
    report("frame gap p99, worker at full speed / no worker", beside / alone, "<= 1.2", beside / alone <= 1.2, details)
    ratio = gap["speed_beside"] / gap["speed_alone"]
    details = f"{gap['speed_beside'] / 1e6:.1f} against {gap['speed_alone'] / 1e6:.1f} M draws/s"
    report("worker beside a 60 Hz window / alone", ratio, ">= 0.85", ratio >= 0.85, details)
    latency = measure("slider_latency", arguments.seconds)["latency"]
    ratio = quantile(latency, 0.95) / 16.0
    details = f"median {statistics.median(latency):.1f}, p95 {quantile(latency, 0.95):.1f} ms"
    report("slider to painted answer p95 / one screen tick", ratio, "<= 1.0", ratio <= 1.0, details)
    pages = measure("page_costs", arguments.seconds / 3)
    for name, times in pages.items():
        if not name.endswith(" speed"):
            ratio, speed = statistics.median(times) / 16.0, pages[f"{name} speed"] / pages["pipeline speed"]
            details = f"p95 {quantile(times, 0.95):.1f} ms, stream at {speed:.2f} of its speed on the first page"
            report(f"page {name}: drawn, median / one screen tick", ratio, "<= 1.0", ratio <= 1.0, details)
    for name, words in (("memory_growth", ""), ("memory_growth_slowed", ", window slowed by 10 ms a frame")):
        memory = measure(name, arguments.memory_seconds)
        grown = memory["end"] - memory["start"]
        details = f"{memory['start']:.0f} to {memory['end']:.0f} MiB, {memory['draws']:,} draws"
        what = f"MiB grown in {arguments.memory_seconds:.0f} s{words}"
        report(what, grown, "<= 5", grown <= 5.0, details)


if __name__ == "__main__":
    main()
