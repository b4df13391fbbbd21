"""What the program carries with it: scenes, and later icons, fonts and lecture texts.

Read through `importlib.resources`, so that it works the same from the source and from the packaged program.
"""

from __future__ import annotations

from importlib.resources import files


def read_bytes(*path: str) -> bytes:
    """Return the bytes of one resource, such as ``read_bytes("scenes", "hiring.gumbel")``."""
    return files(__name__).joinpath(*path).read_bytes()


def read_text(*path: str) -> str:
    """Return one resource as UTF-8 text."""
    return read_bytes(*path).decode("utf-8")


def names(*folder: str) -> tuple[str, ...]:
    """Return the names of the files in a folder of resources, sorted."""
    found = files(__name__).joinpath(*folder).iterdir()
    return tuple(sorted(entry.name for entry in found if entry.is_file()))
