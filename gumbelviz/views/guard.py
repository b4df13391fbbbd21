"""Painting that cannot take the program down.

An exception that leaves a paint method written in Python ends the process, or comes back a hundred times a
second. A guarded method reports its first failure through the ordinary exception hook, and paints no more.
"""

from __future__ import annotations

import functools
import sys
import weakref
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

Painted = TypeVar("Painted")
Arguments = ParamSpec("Arguments")


def guarded(
    paint: Callable[Concatenate[Painted, Arguments], None],
) -> Callable[Concatenate[Painted, Arguments], None]:
    """Make the paint method of a widget or an item safe to call from Qt."""
    # Weak, because the address of a widget that is gone is soon that of another one.
    failed: weakref.WeakSet[object] = weakref.WeakSet()

    @functools.wraps(paint)
    def safe(self: Painted, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        if self in failed:
            return
        try:
            paint(self, *args, **kwargs)
        except Exception:
            failed.add(self)
            sys.excepthook(*sys.exc_info())

    return safe
