"""A program that is killed while it saves leaves the old file or the new one, never a part of either."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gumbelviz.model.scene import Scene, read_scene, write_scene
from gumbelviz.model.settings import make_settings

TOP = Path(__file__).parents[2]
SAVE_FOR_EVER = """
import sys
from pathlib import Path
from gumbelviz.app.keep import write_file
path, contents = Path(sys.argv[1]), [Path(name).read_bytes() for name in sys.argv[2:]]
print("ready", flush=True)
while True:
    for data in contents:
        write_file(path, data)
"""
SEED = 20261124


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 as POSIX has it")
@pytest.mark.parametrize("times", [6, pytest.param(500, marks=[pytest.mark.long, pytest.mark.timeout(900)])])
def test_a_kill_while_saving_corrupts_nothing(times: int, tmp_path: Path) -> None:
    """Small and large documents in turn, so that the new file is now shorter, now longer than the old one."""
    generator = random.Random(SEED)
    scenes = [
        Scene(title=f"{count} options", settings=make_settings([generator.gauss(0.0, 1.0) for _ in range(count)]))
        for count in (3, 20_000, 40)
    ]
    names = []
    for i, scene in enumerate(scenes):
        (tmp_path / f"new-{i}").write_bytes(write_scene(scene))
        names.append(str(tmp_path / f"new-{i}"))
    folder = tmp_path / "saved"
    folder.mkdir()
    path = folder / "document.gumbel"
    path.write_bytes(write_scene(scenes[0]))
    seen = dict.fromkeys((scene.title for scene in scenes), 0)
    halves = 0
    for _ in range(times):
        process = subprocess.Popen(
            [sys.executable, "-c", SAVE_FOR_EVER, str(path), *names], cwd=TOP, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(generator.uniform(0.0, 0.05))
        process.kill()
        process.communicate()
        scene = read_scene(path.read_bytes())
        assert scene in scenes
        seen[scene.title] += 1
        left = [name for name in folder.iterdir() if name != path]
        halves += bool(left)
        for name in left:
            name.unlink()
    print(f"{times} kills while saving: no file corrupt; {halves} left a half-written one beside it; {seen}")
    assert sum(seen.values()) == times
