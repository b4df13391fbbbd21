"""What goes into the bundle and what stays out; `build.spec` asks here.

Every exclusion is checked by running each page and each command from the bundle (`tests/test_bundle.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

Entry = tuple[str, str, str]
"""As PyInstaller has it: name in the bundle, where it comes from, kind."""

UNUSED_MODULES = (
    # Other faces of Qt: the window is made of QtCore, QtGui, QtWidgets and QtSvg; QtDBus keeps the screen awake.
    *(f"PySide6.Qt{name}" for name in ("Qml", "Quick", "QuickWidgets", "QuickControls2", "QuickTest", "Network")),
    *(f"PySide6.Qt{name}" for name in ("Sql", "Designer", "Help", "UiTools", "Xml", "Concurrent")),
    *(f"PySide6.Qt{name}" for name in ("OpenGL", "OpenGLWidgets", "PrintSupport", "SvgWidgets", "Test")),
    # Parts of pyqtgraph that bring in libraries or windows of their own.
    *(f"pyqtgraph.{name}" for name in ("opengl", "exporters", "flowchart", "console", "examples", "jupyter")),
    # Of SciPy, `special` is used, and imports `linalg`; only tests use `stats`.
    *(f"scipy.{name}" for name in ("cluster", "constants", "datasets", "differentiate", "fft", "fftpack")),
    *(f"scipy.{name}" for name in ("integrate", "interpolate", "io", "misc", "ndimage", "odr", "optimize")),
    *(f"scipy.{name}" for name in ("signal", "sparse", "spatial", "stats")),
    *(f"scipy._lib.{name}" for name in ("pyprima", "cobyqa", "_uarray", "array_api_compat.torch")),
    # Pillow writes GIF and APNG, and nothing else.
    *(f"PIL.{name}" for name in ("ImageTk", "ImageQt", "ImageShow", "_avif", "_webp", "_imagingcms")),
    *(f"PIL.{name}" for name in ("_imagingft", "_imagingtk", "_imagingmath", "_imagingmorph")),
    *(f"PIL.{name}ImagePlugin" for name in ("Avif", "Blp", "Bmp", "BufrStub", "Cur", "Dcx", "Dds", "Eps", "Fits")),
    *(f"PIL.{name}ImagePlugin" for name in ("Fli", "Fpx", "Ftex", "Gbr", "GribStub", "Hdf5Stub", "Icns", "Ico")),
    *(f"PIL.{name}ImagePlugin" for name in ("Im", "Imt", "Iptc", "Jpeg2K", "Jpeg", "McIdas", "Mic", "Mpeg")),
    *(f"PIL.{name}ImagePlugin" for name in ("Mpo", "Msp", "Palm", "Pcd", "Pcx", "Pdf", "Pixar", "Ppm", "Psd")),
    *(f"PIL.{name}ImagePlugin" for name in ("Qoi", "Sgi", "Spider", "Sun", "Tga", "Tiff", "WebP", "Wmf")),
    *(f"PIL.{name}ImagePlugin" for name in ("XVThumb", "Xbm", "Xpm")),
    # Connections: the program never talks to a network, and hashes nothing by OpenSSL.
    *("ssl", "_ssl", "_hashlib", "ftplib", "imaplib", "smtplib", "xmlrpc", "asyncio", "http.server"),
    # Other toolkits and tools, which an installed package may mention.
    *("tkinter", "_tkinter", "turtle", "idlelib", "ensurepip", "lib2to3", "curses", "readline", "sqlite3", "pdb"),
    *("matplotlib", "IPython", "pytest", "setuptools", "pkg_resources", "pip", "distutils", "pydoc_data"),
    *("PyQt5", "PyQt6", "PySide2", "cupy", "numba", "OpenGL", "h5py", "pandas", "torch", "jax", "yaml", "sklearn"),
    *("numpy.distutils", "numpy._core.tests", "numpy.tests"),
)
"""Modules that are left out. `numpy.f2py` must stay, or `scipy.special` cannot be imported."""

UNUSED_FILES = (
    # Qt: translations, and plugins for other screens, other desktops and other pictures than PNG, SVG and GIF.
    r"PySide6/(Qt/)?(translations|qml)/",
    r"PySide6/(Qt/)?plugins/(?!platforms/|iconengines/|imageformats/|xcbglintegrations/|styles/"
    r"|platforminputcontexts/|wayland-)",
    r"plugins/platforms/(lib)?q(eglfs|linuxfb|minimal|vnc|vkkhrdisplay|direct2d)",
    r"plugins/imageformats/(lib)?q(?!svg|gif)",
    r"plugins/platforminputcontexts/(lib)?qtvirtualkeyboard",
    r"plugins/wayland-graphics-integration-server/",
    r"PySide6/opengl32sw\.dll$",
    # The desktop of the machine that builds.
    r"^lib(gtk|gdk|pango|cairo|atk|gio|gmodule|epoxy)[-.A-Za-z0-9_]*\.so",
    # Pictures, headers and tests inside packages.
    r"pyqtgraph/(icons|examples)/",
    r"pyqtgraph/colors/maps/(?!viridis|cividis)",
    r"(numpy|scipy)/.*/tests/",
    r"(numpy|scipy)/.*\.(h|lib|a|pxd|pyx|f|f90)$",
    r"\.pyi$",
    r"dist-info/",
    r"_core/_multiarray_tests\.",
)
"""Regular expressions of files, as they are named in the bundle, that are left out."""

NOT_CARRIED = ("making", "packaging", "screenshots", "training", "__pycache__")
"""Folders of `resources` that are for people who change the program."""

_UNUSED = re.compile("|".join(f"(?:{pattern})" for pattern in UNUSED_FILES))
_LIBRARY = re.compile(r"^((PySide6/Qt/lib|pillow\.libs)/)?[^/]+\.(so|dylib)[.0-9]*$")


def resource_files(top: Path) -> list[tuple[str, str]]:
    """Return each file of `resources` that the program carries, and its folder in the bundle."""
    resources = top / "resources"
    others = (".py", ".pyc", ".ico", ".icns")
    found = [path for path in resources.rglob("*") if path.is_file() and path.suffix not in others]
    carried = sorted(path for path in found if not set(path.relative_to(resources).parts) & set(NOT_CARRIED))
    return [(str(path), path.parent.relative_to(top).as_posix()) for path in carried]


def wanted(entries: Iterable[Entry]) -> list[Entry]:
    """Return those of PyInstaller's entries that no row of `UNUSED_FILES` names."""
    return [entry for entry in entries if not _UNUSED.search(entry[0].replace("\\", "/"))]


def needed(entries: Iterable[Entry], needs: Callable[[str], Iterable[str]]) -> list[Entry]:
    """Return the entries without those libraries, of the system and of Qt, that nothing else asks for any more.

    Parameters
    ----------
    entries
        Binaries, and links to them.
    needs
        Names of the libraries that a file asks the system for.
    """
    entries = list(entries)
    files = {name: source for name, source, kind in entries if kind != "SYMLINK"}
    kept = {name for name in files if not _LIBRARY.match(name) or name.startswith("libpython")}
    places = {Path(name).name: name for name in files if name not in kept}
    waiting = sorted(kept)
    while waiting:
        for asked in needs(files[waiting.pop()]):
            place = places.pop(asked, None)
            if place is not None:
                kept.add(place)
                waiting.append(place)
    return [entry for entry in entries if entry[2] == "SYMLINK" or entry[0] in kept]


def without_dangling(entries: Iterable[Entry], present: Iterable[Entry]) -> list[Entry]:
    """Return the entries without links to what is not in the bundle."""
    names = {Path(name).name for name, _, kind in present if kind != "SYMLINK"}
    return [entry for entry in entries if entry[2] != "SYMLINK" or Path(entry[1]).name in names]
