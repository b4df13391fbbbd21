"""What is said about an export: what it is called, that it was saved, why it was not."""

from __future__ import annotations

import re
from pathlib import Path

_FORBIDDEN = re.compile(r'[\x00-\x1f\\/:*?"<>|]+')
LONGEST_NAME = 80


def failure(error: BaseException, path: Path | None = None) -> str:
    """Return one sentence for what went wrong."""
    if isinstance(error, OSError):
        where = f" to “{path}”" if path is not None else ""
        return f"It could not be saved{where}: {error.strerror or error}. Nothing was left behind."
    if isinstance(error, MemoryError):
        return "There is not enough memory for this; take a smaller size or scale."
    if isinstance(error, ValueError):
        return str(error)
    return "Something went wrong inside GumbelViz, and the export was not made. Your work is still here."


def file_name(title: str) -> str:
    """Return a name for a file, from a title that may come from a stranger."""
    name = _FORBIDDEN.sub(" ", title).strip(" .")
    return " ".join(name.split())[:LONGEST_NAME].strip(" .") or "GumbelViz"


def saved_words(path: Path) -> str:
    """Return the name of a file that was written, and its size."""
    size = path.stat().st_size
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"“{path.name}”, {size / unit:.1f} {name}"
    return f"“{path.name}”, {size} bytes"
