"""The draw on display as a few lines of NumPy, PyTorch or JAX that print the numbers on the screen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gumbelviz.model.export import MOST_CODE, Library

if TYPE_CHECKING:
    from gumbelviz.model.frame import Draw
    from gumbelviz.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one library says it; the words in braces are filled in."""

    title: str
    head: str
    array: str
    infinity: str
    winner: str
    largest: str
    at_zero: str
    at_infinity: str
    between: str


DIALECTS: dict[Library, Dialect] = {
    "numpy": Dialect(
        "NumPy",
        "import numpy as np",
        "np.array({0})",
        "np.inf",
        "int(np.argmax(noisy))",
        "noisy.max()",
        "np.eye(len(names))[winner]",
        "np.isfinite(noisy) / np.isfinite(noisy).sum()",
        "np.exp(behind) / np.exp(behind).sum()",
    ),
    "torch": Dialect(
        "PyTorch",
        "import torch",
        "torch.tensor({0}, dtype=torch.float64)",
        "torch.inf",
        "int(torch.argmax(noisy))",
        "noisy.max()",
        "torch.eye(len(names), dtype=torch.float64)[winner]",
        "torch.isfinite(noisy) / torch.isfinite(noisy).sum()",
        "torch.softmax(behind, dim=0)",
    ),
    "jax": Dialect(
        "JAX",
        'import jax\nimport jax.numpy as jnp\n\njax.config.update("jax_enable_x64", True)  # numbers of 64 bits',
        "jnp.array({0})",
        "jnp.inf",
        "int(jnp.argmax(noisy))",
        "noisy.max()",
        "jnp.eye(len(names))[winner]",
        "jnp.isfinite(noisy) / jnp.isfinite(noisy).sum()",
        "jax.nn.softmax(behind)",
    ),
}


def write_code(settings: Settings, draw: Draw, library: Library) -> str:
    """Return a program that makes this draw's hard and soft choice from its scores and its noise, and prints them.

    Names come from anybody's file: they are written as literals of printable ASCII, and stand nowhere else.

    Raises
    ------
    ValueError
        Where there are too many options to write down.
    """
    if len(settings.options) > MOST_CODE:
        raise ValueError(
            f"Code is written for up to {MOST_CODE} options; these are {len(settings.options):,}. "
            "Export data as NPZ instead: np.load reads it."
        )
    words, tau = DIALECTS[library], settings.temperature
    # Of these both are numbers: nothing of anybody's file stands in the comment.
    lines = [
        f"# Draw {draw.index} of seed {settings.seed}, Gumbel noise of location {settings.location!r} "
        f"and scale {settings.scale!r}, made with GumbelViz.",
        words.head,
        "",
        f"names = {_listed([ascii(name) for name in settings.names])}",
        f"scores = {words.array.format(_listed([_number(z, words) for z in settings.logits]))}",
        f"noise = {words.array.format(_listed([_number(g, words) for g in draw.noise.tolist()]))}",
        f"temperature = {_number(tau, words)}",
        "",
        "noisy = scores + noise",
        f"winner = {words.winner}  # the hard choice: the temperature never changes it",
    ]
    if tau == 0.0:
        lines.append(f"soft = {words.at_zero}  # temperature 0: all of it to the winner")
    elif tau == math.inf:
        lines.append(f"soft = {words.at_infinity}  # temperature infinity: as much for each that is not masked")
    else:
        lines.append(f"behind = (noisy - {words.largest}) / temperature  # at most 0, so that nothing overflows")
        lines.append(f"soft = {words.between}")
    lines += [
        "",
        'print(f"winner: {names[winner]}")',
        "for name, g, s, y in zip(names, noise.tolist(), noisy.tolist(), soft.tolist()):",
        '    print(f"{name}: noise {g:.4f}, noisy score {s:.4f}, soft choice {y:.6f}")',
    ]
    return "\n".join(lines) + "\n"


def _number(value: float, words: Dialect) -> str:
    if math.isinf(value):
        return words.infinity if value > 0 else f"-{words.infinity}"
    return repr(float(value))


def _listed(cells: list[str]) -> str:
    """Write a list on one line where it fits, else eight to a line."""
    line = f"[{', '.join(cells)}]"
    if len(line) <= 90:
        return line
    rows = [", ".join(cells[i : i + 8]) for i in range(0, len(cells), 8)]
    return "[\n" + "".join(f"    {row},\n" for row in rows) + "]"
