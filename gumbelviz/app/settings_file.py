"""Where the program keeps what it keeps: one folder, with the settings file in it. No Qt: `simulate` asks too."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gumbelviz.app.keep import write_file
from gumbelviz.model.preferences import NewerSettings, Preferences, read_preferences, write_preferences
from gumbelviz.model.strictjson import LARGEST_FILE, quoted

NAME = "settings.json"
VARIABLE = "GUMBELVIZ_SETTINGS_DIR"
"""Names the folder where no argument does; the tests keep away from the home folder with it."""
_OURS = Path("GumbelViz", "GumbelViz")


@dataclass(frozen=True)
class Found:
    """What was there at the start.

    Attributes
    ----------
    preferences
        What holds: the defaults wherever nothing else was found.
    said
        Sentences for the person, none where all is well.
    writable
        False where the file must stay as it is, because a newer version wrote it.
    """

    preferences: Preferences
    said: tuple[str, ...] = ()
    writable: bool = True


def settings_folder(
    given: Path | None = None, environment: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> Path:
    """Return the folder for everything that is kept: `given`, or the one that the platform has for us.

    The same as `QStandardPaths.AppConfigLocation` says, which is not asked because it would load Qt.
    """
    if given is not None:
        return Path(os.path.abspath(given))  # noqa: PTH100 - links stay as they were written
    if environment.get(VARIABLE):
        return Path(os.path.abspath(environment[VARIABLE]))  # noqa: PTH100
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - does not raise where there is none
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / _OURS
    if platform == "darwin":
        return home / "Library" / "Preferences" / _OURS
    configured = environment.get("XDG_CONFIG_HOME", "")
    return (Path(configured) if os.path.isabs(configured) else home / ".config") / _OURS  # noqa: PTH117


def read_settings(folder: Path) -> Found:
    """Return what the settings file in `folder` says; whatever is wrong with it, the program can start.

    A file that cannot be understood is renamed aside, so that nothing of it is lost.
    """
    path = folder / NAME
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError("The settings file is larger than 4 MiB.")
        preferences, skipped = read_preferences(path.read_bytes())
    except FileNotFoundError:
        return Found(Preferences())
    except OSError as error:
        why = error.strerror or "the system does not say why"
        return Found(Preferences(), (f"The settings could not be read ({why}); the usual ones hold.",))
    except NewerSettings as error:
        return Found(Preferences(), (str(error),), writable=False)
    except ValueError as error:
        aside = set_aside(folder, "damaged")
        where = f"; the file is kept as {quoted(aside.name)}" if aside is not None else ""
        return Found(Preferences(), (f"{str(error).rstrip('.')}{where}, and the usual settings hold.",))
    if not skipped:
        return Found(preferences)
    names = ", ".join(quoted(name) for name in skipped[:5]) + (" and more" if len(skipped) > 5 else "")
    return Found(preferences, (f"In the settings file this was skipped: {names}.",))


def set_aside(folder: Path, why: str) -> Path | None:
    """Rename the settings file so that it is not read again; return its new path, or None where that fails."""
    path = folder / NAME
    for number in range(1, 100):
        aside = path.with_name(f"settings.{why}-{number}.json")
        if not aside.exists():
            break
    try:
        path.replace(aside)
    except OSError:
        return None
    return aside


def write_settings(folder: Path, preferences: Preferences) -> None:
    """Put the settings file into `folder`, whole or not at all.

    Raises
    ------
    OSError
        Where nothing can be written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / NAME, write_preferences(preferences))


def read_quietly(folder: Path) -> Preferences:
    """Return the settings without renaming, writing or saying anything: for commands that open no window."""
    try:
        return read_preferences((folder / NAME).read_bytes())[0]
    except (OSError, ValueError):
        return Preferences()
