"""Shiboken's Python files, compiled: PySide carries them as text and compiles that anew at every start.

With a folder ``files.dir`` beside itself Shiboken reads them from there; ``SBK_EMBED=0`` is its own switch for
making that folder. Here it is made beside a copy, so that the installed package stays as it is.
"""

from __future__ import annotations

import importlib.util
import os
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path


def support_files(work: Path) -> list[tuple[str, str]]:
    """Return the compiled files, made below the folder `work`, and their folders in the bundle."""
    spec = importlib.util.find_spec("shiboken6")
    assert spec is not None
    assert spec.origin is not None
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(Path(spec.origin).parent, work / "shiboken6")
    environment = {**os.environ, "SBK_EMBED": "0", "PYTHONPATH": str(work)}
    subprocess.run([sys.executable, "-c", "import shiboken6.Shiboken"], env=environment, check=True)
    top = work / "shiboken6" / "files.dir"
    found = []
    for source in sorted(top.rglob("*.py")):
        # The time of the file does not matter, so that a copied or unpacked bundle still starts quickly.
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        name = "shiboken6/" + source.relative_to(work / "shiboken6").as_posix()
        compiled = py_compile.compile(str(source), dfile=name, doraise=True, invalidation_mode=mode)
        folder = Path(name).parent
        found += [(str(source), folder.as_posix()), (compiled, (folder / "__pycache__").as_posix())]
    return found
