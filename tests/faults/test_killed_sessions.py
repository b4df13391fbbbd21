"""A program that is killed with unsaved changes offers them at the next start, at most five seconds old."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from gumbelviz.app.recovery import EVERY, Recovery
from gumbelviz.app.recovery_file import decode
from gumbelviz.app.store import Store
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Transport, make_settings

TOP = Path(__file__).parents[2]
SEED = 20261125
# The real store, recovery and event loop, without a window: an edit every 50 ms, each told with its time.
EDIT_FOR_EVER = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from gumbelviz.app.recovery import Recovery
from gumbelviz.app.store import Store
from gumbelviz.model.scene import Scene
from gumbelviz.model.settings import Transport, make_settings

application = QCoreApplication([])
store = Store(Scene(title="Killed", settings=make_settings([0.0, 0.0])), Transport())
recovery = Recovery(store, Path(sys.argv[1]), every=float(sys.argv[2]))
assert recovery.begin() == []
edits = 0

def edit():
    global edits
    edits += 1
    store.edit("logit", (0, float(edits)))
    print(edits, time.time(), flush=True)

timer = QTimer()
timer.timeout.connect(edit)
timer.start(50)
application.exec()
"""


def live_and_die(folder: Path, every: float, seconds: float) -> tuple[float, float]:
    """Edit for a while, be killed, and start again; return how old the offered edit is, and how many were lost."""
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", EDIT_FOR_EVER, str(folder), str(every)], cwd=TOP, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    killed = time.time()
    told = [first, *process.communicate()[0].splitlines()]
    made = {int(line.split()[0]): float(line.split()[1]) for line in told if len(line.split()) == 2}
    recovery = Recovery(Store(Scene(title="Next", settings=make_settings([0.0])), Transport()), folder)
    try:
        left = recovery.begin()
        assert len(left) == 1
        lock, path = left[0]
        offered = int(decode(path.read_bytes()).scene.settings.logits[0])
        assert offered in made
        path.unlink()
        lock.drop()
    finally:
        recovery.stop()
    # The oldest edit that is lost tells how much work that is.
    lost = [moment for edit, moment in made.items() if edit > offered]
    return (killed - min(lost) if lost else 0.0), len(lost)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 as POSIX has it")
def test_two_kills_offer_what_was_put_aside(qapp: QApplication, tmp_path: Path) -> None:
    """With a shorter interval, so that nobody waits: what is offered is an edit that was made, once."""
    for i in range(2):
        age, _ = live_and_die(tmp_path / str(i), 0.2, 1.0 + 0.3 * i)
        assert age < 5.0


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 as POSIX has it")
@pytest.mark.long
@pytest.mark.timeout(900)
def test_fifty_kills_offer_edits_at_most_five_seconds_old(qapp: QApplication, tmp_path: Path) -> None:
    """Killed at random moments from one to three writings in; five at a time, because they mostly wait."""
    generator = random.Random(SEED)
    moments = [generator.uniform(1.5, 3.0 * EVERY) for _ in range(50)]
    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(lambda i: live_and_die(tmp_path / str(i), EVERY, moments[i]), range(50)))
    ages = sorted(age for age, _ in found)
    print(f"50 kills with unsaved changes: all offered; lost work at most {ages[-1]:.1f} s, median {ages[25]:.1f} s")
    assert len(found) == 50
    assert ages[-1] <= 5.0
