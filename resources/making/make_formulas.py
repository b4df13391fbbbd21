"""Typeset the formulas of the window as SVG, once, when the program is built.

Run it from the top folder with the development packages installed: ``python resources/making/make_formulas.py``.
The pictures are committed; the program colours and scales them but never typesets.
"""

from __future__ import annotations

from pathlib import Path

import ziamath

FORMULAS = {
    "scores": "z",
    "noise": "G",
    "noisy": r"\tilde{z} = z + G",
    "hard": r"\mathrm{argmax}\ \tilde{z}",
    "soft": r"y = \mathrm{softmax}(\tilde{z} / \tau)",
    "family": r"w = (x - \mu) / \beta",
    "density": r"e^{-w - e^{-w}} / \beta",
    "distribution": r"e^{-e^{-w}}",
    "inverse": r"g = \mu - \beta \ln(-\ln u)",
    "other": r"\mathrm{argmax}(z / T + \beta W)",
    "distance": r"|f - p|_1 / 2",
    "scaled-scores": r"z / T",
    "scaled-noise": r"\beta\, G",
}
"""Name of the file and LaTeX source of each formula."""


def main() -> None:
    """Write one SVG per formula into ``resources/formulas``."""
    ziamath.config.svg2 = False  # QtSvg draws nothing of SVG 2, and says that it is valid.
    folder = Path(__file__).parent.parent / "formulas"
    for name, source in FORMULAS.items():
        (folder / f"{name}.svg").write_text(ziamath.Latex(source, size=24).svg() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
