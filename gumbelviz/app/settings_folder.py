"""The folder for everything that is kept. Needs nothing but the standard library: it is asked for first."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

NAME = "settings.json"
VARIABLE = "GUMBELVIZ_SETTINGS_DIR"
"""Names the folder where no argument does; the tests keep away from the home folder with it."""
_OURS = Path("GumbelViz", "GumbelViz")


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
