"""pyqtgraph without the nine tenths of it that we never show: all of it takes longer to load than our first picture.

``import pyqtgraph`` loads every widget it has and, in ``pyqtgraph.Qt``, makes every class that Qt has. Once `install`
was called it loads instead the few parts in `PARTS`, each when it is first asked for. Asking for anything else loads
all the rest, as if nothing had been done, and so does any other version than the one this was written for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any

VERSION = "0.14."
PARTS = {
    "functions": ("arrayToQPath", "mkBrush", "mkColor", "mkPen"),
    "graphicsItems.AxisItem": ("AxisItem",),
    "graphicsItems.GraphicsObject": ("GraphicsObject",),
    "graphicsItems.PlotCurveItem": ("PlotCurveItem",),
    "graphicsItems.ViewBox": ("ViewBox",),
    "widgets.PlotWidget": ("PlotWidget",),
    "Point": ("Point",),
}
"""Modules of pyqtgraph, and what we use of each."""

MODULES = ("Qt", "colormap", "debug", "functions", "icons", "reload", "OpenGLConstants", "internals")
"""Modules that the parts import from the packages by name."""

_PLACES = {name: module for module, names in PARTS.items() for name in names}
_OPTIONS: dict[str, object] = {
    "useOpenGL": False,
    "leftButtonPan": True,
    "foreground": "d",
    "background": "k",
    "antialias": False,
    "editorCommand": None,
    "exitCleanup": True,
    "enableExperimental": False,
    "crashWarning": False,
    "mouseRateLimit": 100,
    "imageAxisOrder": "col-major",
    "useCupy": False,
    "useNumba": False,
    "segmentedLineMode": "auto",
}
"""What pyqtgraph lets one choose, and what it is when nobody does."""


def install() -> None:
    """See to it that pyqtgraph, where it was not imported yet, will be imported in parts."""
    if "pyqtgraph" not in sys.modules and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    """Answers for the modules in `_LOADERS`; all others are found as ever."""

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in _LOADERS:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None and spec.loader is not None:
                if name == "pyqtgraph" and not _is_known(spec):
                    sys.meta_path.remove(self)
                    return spec
                spec.loader = _LOADERS[name](spec.loader)
                return spec
        return None


def _is_known(spec: ModuleSpec) -> bool:
    get_code = getattr(spec.loader, "get_code", None)
    code = get_code(spec.name) if get_code is not None else None
    return isinstance(code, CodeType) and any(isinstance(c, str) and c.startswith(VERSION) for c in code.co_consts)


class _Part(Loader):
    """Fills a module with what `fill` says, and with all the rest when something else is asked for."""

    def __init__(self, real: Loader) -> None:
        self._real = real

    def exec_module(self, module: ModuleType) -> None:
        filled = self.fill(module)
        vars(module).update(filled)

        def ask(name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            found = self.find(module, name)
            if found is None:
                self.load_all(module)
                found = vars(module)[name] if name in vars(module) else _missing(module, name)
            setattr(module, name, found)
            return found

        vars(module)["__getattr__"] = ask

    def load_all(self, module: ModuleType) -> None:
        """Import the module as it would have been."""
        vars(module).pop("__getattr__", None)
        self._real.exec_module(module)

    def fill(self, module: ModuleType) -> dict[str, Any]:
        """Return what the module has from the start."""
        raise NotImplementedError

    def find(self, module: ModuleType, name: str) -> Any:
        """Return what the module has under that name; None where only the whole module knows."""
        raise NotImplementedError


def _missing(module: ModuleType, name: str) -> Any:
    raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")


class _Package(_Part):
    """``pyqtgraph`` itself."""

    def fill(self, module: ModuleType) -> dict[str, Any]:
        options = dict(_OPTIONS)

        def set_options(**chosen: object) -> None:
            unknown = set(chosen) - set(options)
            if unknown:
                raise KeyError(f"Unknown configuration options {sorted(unknown)}")
            options.update(chosen)

        return {
            "CONFIG_OPTIONS": options,
            "getConfigOption": options.__getitem__,
            "setConfigOption": lambda name, value: set_options(**{name: value}),
            "setConfigOptions": set_options,
            # pyqtgraph forgets its plots when the application ends; ours end before it, in order.
            "_connectCleanup": lambda: None,
        }

    def find(self, module: ModuleType, name: str) -> Any:
        if name in MODULES:
            return import_module(f"pyqtgraph.{name}")
        if name in _PLACES:
            return getattr(import_module(f"pyqtgraph.{_PLACES[name]}"), name)
        if name in ("QtCore", "QtGui", "QtWidgets"):
            return import_module(f"PySide6.{name}")
        return None

    def load_all(self, module: ModuleType) -> None:
        chosen = dict(vars(module)["CONFIG_OPTIONS"])
        super().load_all(module)
        vars(module)["CONFIG_OPTIONS"].update(chosen)


class _Qt(_Part):
    """``pyqtgraph.Qt``: the names of Qt's modules are the modules themselves, not copies of all they have."""

    def fill(self, module: ModuleType) -> dict[str, Any]:
        import shiboken6
        from PySide6 import QtCore, QtGui, QtWidgets

        faces = {"QtCore": QtCore, "QtGui": QtGui, "QtWidgets": QtWidgets}
        for name, face in faces.items():
            sys.modules[f"pyqtgraph.Qt.{name}"] = face
        version = QtCore.qVersion()
        return {
            **faces,
            "QT_LIB": "PySide6",
            "PYSIDE6": "PySide6",
            "QtVersion": version,
            "VERSION_INFO": f"PySide6 {version} Qt {version}",
            "isQObjectAlive": shiboken6.isValid,
        }

    def find(self, module: ModuleType, name: str) -> Any:
        if name in MODULES:
            return import_module(f"pyqtgraph.Qt.{name}")
        if name == "OpenGLHelpers":
            # It would load another module of Qt; we paint nothing with OpenGL, so no widget is of this kind.
            helpers = ModuleType("pyqtgraph.Qt.OpenGLHelpers")
            vars(helpers)["GraphicsViewGLWidget"] = type("GraphicsViewGLWidget", (), {})
            return helpers
        if name != "compat":
            return None
        import shiboken6

        compat = import_module("pyqtgraph.Qt.compat")
        vars(compat).update(
            wrapinstance=shiboken6.wrapInstance,
            unwrapinstance=lambda wrapped: shiboken6.getCppPointer(wrapped)[0],
            voidptr=shiboken6.VoidPtr,
        )
        return compat


class _Curve(Loader):
    """``pyqtgraph.graphicsItems.PlotCurveItem``, which would load ``QtOpenGL`` only to paint with it if asked to."""

    def __init__(self, real: Loader) -> None:
        self._real = real

    def exec_module(self, module: ModuleType) -> None:
        name = "PySide6.QtOpenGL"
        loaded = name in sys.modules
        if not loaded:
            sys.modules[name] = ModuleType(name)
        try:
            self._real.exec_module(module)
        finally:
            if not loaded:
                del sys.modules[name]


_LOADERS: dict[str, Callable[[Loader], Loader]] = {
    "pyqtgraph": _Package,
    "pyqtgraph.Qt": _Qt,
    "pyqtgraph.graphicsItems.PlotCurveItem": _Curve,
}
