"""Draws one by one, as CSV, JSON or NPZ, written as they are made: however many there are, few are in memory."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from gumbelviz import __version__
from gumbelviz.app.export_data import setting_arrays
from gumbelviz.app.keep import open_whole
from gumbelviz.app.numbers_file import safe_text
from gumbelviz.app.report import masked_to_json, setting_content
from gumbelviz.engine.draws import Block, draw_blocks
from gumbelviz.model.export import check_draws

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gumbelviz.model.settings import Settings

Report = Callable[[float], None]
"""Gets the share that is done, after each block; raises where the work was cancelled."""


def write_draws(path: Path, settings: Settings, first: int, count: int, report: Report) -> None:
    """Write draws `first` to `first + count - 1` of the stream to `path`, in the form that its suffix names.

    They are the numbers of ``simulate --show-draws``. Columns of a CSV are the draw, the place of its winner counted
    from 0 and its name, then noise, noisy score and soft choice of each option. An NPZ has the arrays ``noise``,
    ``perturbed`` and ``soft``, (draws, options), and ``winner``, (draws,), without pickles.

    Raises
    ------
    ValueError
        Where these are too many for one file.
    OSError
        Where they cannot be written; the file that was there is whole.
    """
    check_draws(count, len(settings.options))
    write = {".csv": _write_csv, ".json": _write_json, ".npz": _write_npz}[path.suffix.lower()]
    with open_whole(path) as file:
        write(file, settings, first, count, report)


def _blocks(
    settings: Settings, first: int, count: int, report: Report, turn: int = 0, turns: int = 1
) -> Iterator[Block]:
    """Yield the blocks, and report after each of them; where all are drawn several times, in which turn this is."""
    for block in draw_blocks(settings, first, count):
        yield block
        done = (block.first + len(block.winners) - first) / count
        report((turn + done) / turns)


def _write_csv(file: io.RawIOBase, settings: Settings, first: int, count: int, report: Report) -> None:
    text = io.TextIOWrapper(io.BufferedWriter(file), "utf-8", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    names = column_names(settings.names)
    heads = [f"{what} {name}" for what in ("noise", "noisy", "soft") for name in names]
    writer.writerow(["draw", "winner", "winner_name", *heads])
    shown = [safe_text(name) for name in settings.names]
    for block in _blocks(settings, first, count, report):
        winners = block.winners.tolist()
        numbers = [row.tolist() for part in (block.noise, block.perturbed, block.soft) for row in part]
        # The writer writes numbers so that they come back exactly, and in C.
        places = range(block.first, block.first + len(winners))
        writer.writerows(zip(places, winners, [shown[k] for k in winners], *numbers, strict=True))
    text.flush()
    text.detach().detach()


def column_names(names: tuple[str, ...]) -> list[str]:
    """Return names of which no two are the same: those that repeat get the place of their option, from 0."""
    often = Counter(names)
    return [f"{name} [{place}]" if often[name] > 1 else name for place, name in enumerate(names)]


def _write_json(file: io.RawIOBase, settings: Settings, first: int, count: int, report: Report) -> None:
    head = {"version": __version__, "seed": settings.seed, **setting_content(settings)}
    file.write(json.dumps(head, indent=1, allow_nan=False)[:-2].encode() + b',\n "draws": [')
    before = "\n  "
    write = json.JSONEncoder(allow_nan=False).encode
    masked = not np.isfinite(settings.scores).all()
    for block in _blocks(settings, first, count, report):
        pieces = []
        columns = zip(block.noise.T.tolist(), block.perturbed.T.tolist(), block.winners.tolist(),
                      block.soft.T.tolist(), strict=True)  # fmt: skip
        for index, (noise, perturbed, winner, soft) in enumerate(columns, block.first):
            row = {"draw": index, "noise": noise, "perturbed": masked_to_json(perturbed) if masked else perturbed,
                   "winner": winner, "soft": soft}  # fmt: skip
            pieces.append(before + write(row))
            before = ",\n  "
        file.write("".join(pieces).encode())
    file.write(b"\n ]\n}\n")


def _write_npz(file: io.RawIOBase, settings: Settings, first: int, count: int, report: Report) -> None:
    options = len(settings.options)
    columns: tuple[tuple[str, tuple[int, ...], np.dtype[np.generic], Callable[[Block], NDArray[np.generic]]], ...] = (
        ("winner", (count,), np.dtype(np.int64), lambda block: block.winners),
        ("noise", (count, options), np.dtype(np.float64), lambda block: block.noise.T),
        ("perturbed", (count, options), np.dtype(np.float64), lambda block: block.perturbed.T),
        ("soft", (count, options), np.dtype(np.float64), lambda block: block.soft.T),
    )
    with zipfile.ZipFile(cast("io.BufferedIOBase", file), "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        small = {"version": np.array(__version__), "seed": np.array(settings.seed), "first": np.array(first),
                 **setting_arrays(settings)}  # fmt: skip
        for name, array in small.items():
            with archive.open(_member(name), "w") as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
        # One array after the other, because a file has its arrays in a row: the draws have addresses, so that
        # drawing them again costs less than keeping them.
        for turn, (name, shape, dtype, of) in enumerate(columns):
            with archive.open(_member(name), "w", force_zip64=True) as member:
                head = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
                np.lib.format.write_array_header_2_0(member, head)
                for block in _blocks(settings, first, count, report, turn, len(columns)):
                    member.write(np.ascontiguousarray(of(block)).data.cast("B"))


def _member(name: str) -> zipfile.ZipInfo:
    """Return a member of fixed age, so that the same draws give the same file."""
    return zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
