"""Make the pictures of the README: ``python -m resources.making.make_screenshots [NAME …]`` from the top folder.

Each is what ``main.py render`` draws, with as many colours as keep it below 300 kB.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

TOP = Path(__file__).resolve().parents[2]
FOLDER = TOP / "resources" / "screenshots"
MOST_BYTES = 300_000
SHOTS = {
    "pipeline": ("movie-night", "--page", "pipeline", "--draws", "100000"),
    "simplex": ("movie-night", "--page", "simplex", "--draws", "20000"),
    "gradients": ("movie-night", "--page", "gradients", "--draws", "20000"),
    "learning": ("one-bit", "--page", "learning", "--draws", "1000"),
    "lecture": ("story", "--step", "6", "--theme", "lecture"),
}
"""Name of the file, and the words after ``main.py render``."""


def shoot(name: str) -> Path:
    """Render one picture, and return where it is."""
    target = FOLDER / f"{name}.png"
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.png"
        words = ["render", *SHOTS[name], "--size", "1600x900", "--output", str(whole)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        subprocess.run([sys.executable, str(TOP / "main.py"), *words], check=True, env=environment, cwd=TOP)
        with Image.open(whole) as picture:
            picture.convert("RGB").save(target, optimize=True)
            for colors in (256, 128, 64):
                if target.stat().st_size <= MOST_BYTES:
                    break
                # Without dithering, which would speckle the even areas.
                few = picture.convert("RGB").quantize(colors, dither=Image.Dither.NONE)
                few.save(target, optimize=True)
    return target


def main() -> None:
    """Make those that are named, or all."""
    for name in sys.argv[1:] or SHOTS:
        made = shoot(name)
        print(f"{made.relative_to(TOP)}: {made.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
