"""The licences of everything in the bundle: the list that is committed, and the texts that the bundle carries."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import cast

TOP = Path(__file__).resolve().parents[2]
LIST = TOP / "resources" / "licences" / "THIRD-PARTY.md"
_TEXT = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
_SHORT = {
    "pyside6-essentials": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "shiboken6": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
}
"""Where the field of the metadata is free text, or too long for a table."""

_HEAD = """# What GumbelViz is made with

Made by `python -m resources.packaging.licences` from the metadata of the installed packages; a test checks that it
covers `requirements.txt`. The texts are in the folder `licences` of every bundle.

| package | version | licence | home |
|---|---|---|---|
"""
_TAIL = """
Also inside a bundle:

| part | licence |
|---|---|
| Python and its standard library | PSF-2.0 |
| Qt 6 (Core, Gui, Widgets, Svg, DBus, OpenGL, WaylandClient, XcbQpa), in PySide6 | LGPL-3.0-only; parts of others: <https://doc.qt.io/qt-6/licenses-used-in-qt.html> |
| ICU, in Qt | Unicode-3.0 |
| OpenBLAS and LAPACK, in NumPy and SciPy | BSD-3-Clause |
| libgfortran and libquadmath, in NumPy and SciPy | GPL-3.0-or-later WITH GCC-exception-3.1, LGPL-2.1-or-later |
| The loader of PyInstaller | GPL-2.0-or-later WITH Bootloader-exception |
| Inter, the type | OFL-1.1 |
| On Linux, libraries of the system that builds (X11, xcb, xkbcommon, fontconfig, freetype, glib and what they need) | their copyright files are in `licences/system` |

GumbelViz itself is under the MIT licence.
"""


def required() -> list[str]:
    """Return the names of the packages in requirements.txt."""
    text = (TOP / "requirements.txt").read_text("utf-8")
    return re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE)


def licence_of(found: Distribution) -> str:
    """Return the licence of a package in few words, as its metadata say."""
    fields = cast(Message, found.metadata)
    short = _SHORT.get(fields["Name"].lower().replace("_", "-")) or fields.get("License-Expression")
    if short:
        return str(short)
    classes = [value.split(" :: ")[-1] for value in fields.get_all("Classifier") or () if value.startswith("License")]
    stated = (fields.get("License") or "").strip().splitlines()
    return ", ".join(classes) if classes else stated[0] if stated else "see its text"


def home_of(found: Distribution) -> str:
    """Return an address of a package."""
    fields = cast(Message, found.metadata)
    links = [value.split(", ", 1)[1] for value in fields.get_all("Project-URL") or () if ", " in value]
    return str(fields.get("Home-page") or (links[0] if links else ""))


def write_list() -> str:
    """Return the list of third parties as Markdown."""
    rows = []
    for name in required():
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # for other systems
        rows.append(f"| {found.metadata['Name']} | {found.version} | {licence_of(found)} | {home_of(found)} |\n")
    return _HEAD + "".join(rows) + _TAIL


def collect_licences(bundle: Path) -> None:
    """Put the texts into the folder ``licences`` of a bundle."""
    target = bundle / "licences"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(TOP / "resources" / "licences", target)
    shutil.copy(TOP / "LICENSE", target / "GumbelViz.txt")
    shutil.copy(TOP / "resources" / "fonts" / "OFL.txt", target / "Inter.txt")
    for name in [*required(), "pyinstaller"]:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        for file in found.files or ():
            # Texts only: dist-info also has files like "license_expression.py".
            if ".dist-info" in file.parts[0] and _TEXT.search(file.name):
                place = target / found.metadata["Name"] / "-".join(file.parts[1:]).removeprefix("licenses-")
                place.parent.mkdir(exist_ok=True)
                shutil.copy(str(file.locate()), place)
    _copy_python(target)
    if sys.platform == "linux":
        _copy_system(bundle, target / "system")


def _copy_python(target: Path) -> None:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base = Path(sys.base_prefix)
    places = (base / "lib" / version / "LICENSE.txt", base / "LICENSE.txt", Path(f"/usr/share/doc/{version}/copyright"))
    text = next((place for place in places if place.is_file()), None)
    if text is None:
        raise SystemExit("The licence of Python was not found; is this a complete installation?")
    shutil.copy(text, target / "Python.txt")


def _copy_system(bundle: Path, target: Path) -> None:
    """Copy the copyright files of the Debian packages that libraries in the bundle came from."""
    if shutil.which("dpkg") is None:
        return
    for library in sorted((bundle / "_internal").glob("lib*.so*")):
        if library.is_symlink():
            continue
        found = subprocess.run(["dpkg", "-S", f"*/{library.name}"], capture_output=True, text=True, check=False)
        package = found.stdout.partition(":")[0]
        text = Path(f"/usr/share/doc/{package}/copyright")
        if package and text.is_file():
            target.mkdir(exist_ok=True)
            shutil.copy(text, target / f"{package}.txt")


if __name__ == "__main__":
    LIST.write_text(write_list(), encoding="utf-8", newline="\n")
