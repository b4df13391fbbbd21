"""The one mutable cell: the document, how it is watched, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from msgspec.structs import replace as with_fields

from gumbelviz.model.edits import EDITS
from gumbelviz.model.scene import Page, Scene
from gumbelviz.model.settings import Settings, Transport

MOST_UNDO = 500
MOST_UNDO_OPTIONS = 8_000_000
"""Options that the way back may hold in all, at 8 bytes each; with very many of them it is shorter."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything that can change while the program runs.

    Attributes
    ----------
    scene
        The document.
    transport
        How its stream is being watched.
    path
        The file it was opened from or saved to, if any.
    saved
        The scene as it is in that file, to tell whether there is something to save.
    revision
        Grows with each change that the engine has to hear of.
    page
        The page that is looked at. Not undone, and no reason to save.
    recovered
        It comes from a session that broke off, and is in no file as it is now.
    """

    scene: Scene
    transport: Transport
    path: Path | None
    saved: Scene
    revision: int
    page: Page = "pipeline"
    recovered: bool = False

    @property
    def settings(self) -> Settings:
        """What is drawn."""
        return self.scene.settings

    @property
    def edited(self) -> bool:
        """True where the document differs from its file."""
        return self.recovered or (self.scene is not self.saved and self.scene != self.saved)


Listener = Callable[[State, State], None]


class Store:
    """Holds the state; whoever wants it changed asks here, whoever shows it listens here."""

    def __init__(self, scene: Scene, transport: Transport, path: Path | None = None) -> None:
        self._state = State(scene, transport, path, scene, 0, scene.page)
        self._listeners: list[Listener] = []
        self._undo: list[tuple[str, Settings]] = []
        self._redo: list[tuple[str, Settings]] = []
        self._gesture: tuple[str, object] | None = None

    @property
    def state(self) -> State:
        """The present state."""
        return self._state

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the state before and after each change."""
        self._listeners.append(listener)

    def edit(self, name: str, value: Any = None, final: bool = True) -> None:
        """Grant a wish from the table of edits.

        Wishes of one drag come with `final` False but for the last, and are undone together.

        Raises
        ------
        ValueError
            With a sentence for a person, where the value has no meaning; nothing is changed then.
        """
        change, label = EDITS[name]
        before = self._state.settings
        after = change(before, value)
        gesture = (name, value[0] if isinstance(value, tuple) and name != "move" else None)
        going_on = self._gesture == gesture
        if after == before:
            # A drag begins with its first change: only that has a step to go back to.
            if final or not going_on:
                self._gesture = None
            return
        self._gesture = None if final else gesture
        if not going_on:
            self._undo.append((label, before))
            del self._undo[: -max(min(MOST_UNDO, MOST_UNDO_OPTIONS // len(before.options)), 1)]
        self._redo.clear()
        self._put(scene=with_fields(self._state.scene, settings=after))

    def follow(self, name: str, value: Any) -> None:
        """Grant a wish in the course of something that plays by itself, and has its step back already."""
        settings = EDITS[name][0](self._state.settings, value)
        if settings != self._state.settings:
            self._put(scene=with_fields(self._state.scene, settings=settings))

    def watch(self, **fields: Any) -> None:
        """Change how the stream is watched: running, speed, cursor, run."""
        self._put(transport=with_fields(self._state.transport, **fields))

    def turn(self, page: Page) -> None:
        """Look at another page."""
        if page != self._state.page:
            self._put(page=page)

    def open(self, scene: Scene, path: Path | None = None, recovered: bool = False) -> None:
        """Show another document; the way back ends here. One that was `recovered` counts as edited."""
        self._undo.clear()
        self._redo.clear()
        self._gesture = None
        transport = with_fields(self._state.transport, cursor=None, frozen=False, run=self._state.transport.run + 1)
        self._put(scene=scene, saved=scene, path=path, transport=transport, page=scene.page, recovered=recovered)

    def mark_saved(self, path: Path) -> None:
        """The document is now in the file `path`."""
        self._put(saved=self._state.scene, path=path, recovered=False)

    @property
    def undo_label(self) -> str | None:
        """What `undo` would take back, or None."""
        return self._undo[-1][0] if self._undo else None

    @property
    def redo_label(self) -> str | None:
        """What `redo` would do again, or None."""
        return self._redo[-1][0] if self._redo else None

    def undo(self) -> None:
        """Take the last change back."""
        self._swap(self._undo, self._redo)

    def redo(self) -> None:
        """Do the change again that was taken back last."""
        self._swap(self._redo, self._undo)

    def _swap(self, source: list[tuple[str, Settings]], target: list[tuple[str, Settings]]) -> None:
        if source:
            label, settings = source.pop()
            target.append((label, self._state.settings))
            self._gesture = None
            self._put(scene=with_fields(self._state.scene, settings=settings))

    def _put(self, **fields: Any) -> None:
        before = self._state
        self._state = replace(before, revision=before.revision + 1, **fields)
        for listener in self._listeners:
            listener(before, self._state)
