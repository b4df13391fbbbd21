"""Build the bundle into ``dist``; ``python3 run.py build [--pack]`` calls this in an environment of its own.

With ``--pack`` the archive, and on Debian the ``.deb``, are made too. The same source and the same packages give the
same files: hashes of Python do not vary, and all times are that of the last commit.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from resources.packaging.contents import resource_files
from resources.packaging.licences import collect_licences

TOP = Path(__file__).resolve().parents[2]
DIST, WORK = TOP / "dist", TOP / "build" / "work"
BUNDLE = DIST / ("GumbelViz.app/Contents/MacOS" if sys.platform == "darwin" else "GumbelViz")
PROGRAM = BUNDLE / ("gumbelviz-console.exe" if sys.platform == "win32" else "gumbelviz")
STAMP = TOP / "build" / "bundle-stamp.txt"


def recipe() -> list[Path]:
    """Return the files that say how the bundle is made, and the resources in it: all but the code."""
    packaging = sorted((TOP / "resources" / "packaging").glob("*.py"))
    lists = [TOP / "build.spec", TOP / "requirements.txt", TOP / "resources/packaging/requirements-build.txt"]
    return [*lists, *packaging, *(Path(source) for source, _ in resource_files(TOP))]


def code() -> list[Path]:
    """Return the files of the program itself."""
    return [TOP / "main.py", *sorted((TOP / "gumbelviz").rglob("*.py"))]


def digest(files: list[Path]) -> str:
    """Return the hash of these files and their names, the same on every system."""
    total = hashlib.sha256()
    for path in files:
        data = path.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{path.relative_to(TOP).as_posix()}\0{len(data)}\0".encode() + data)
    return total.hexdigest()


def source_time() -> int:
    """Return the time that everything in the bundle carries: of the last commit, or what the environment says."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    try:
        command = ["git", "log", "-1", "--format=%ct"]
        return int(subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True).stdout)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return int((TOP / "gumbelviz" / "__init__.py").stat().st_mtime)


def build() -> None:
    """Build the bundle, and put the licences of all that is in it into it."""
    for folder in (BUNDLE, WORK):
        shutil.rmtree(folder, ignore_errors=True)
    STAMP.unlink(missing_ok=True)
    environment = {**os.environ, "PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": str(source_time())}
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    places = [f"--distpath={DIST}", f"--workpath={WORK}"]
    subprocess.run([*command, *places, str(TOP / "build.spec")], cwd=TOP, env=environment, check=True)
    if sys.platform == "linux":
        link_twins(BUNDLE)
    collect_licences(BUNDLE)
    STAMP.write_text(digest([*recipe(), *code()]), encoding="utf-8")


def link_twins(folder: Path) -> None:
    """Replace libraries that are in the bundle twice, in the folders of two packages, by links to the first."""
    seen: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.so*")):
        if path.is_file() and not path.is_symlink():
            first = seen.setdefault(path.name + hashlib.sha256(path.read_bytes()).hexdigest(), path)
            if first is not path:
                path.unlink()
                path.symlink_to(os.path.relpath(first, path.parent))


def is_fresh() -> bool:
    """Tell whether the bundle in ``dist`` is made of the files that are here."""
    try:
        return PROGRAM.exists() and STAMP.read_text(encoding="utf-8") == digest([*recipe(), *code()])
    except OSError:
        return False


def megabytes(path: Path) -> float:
    """Return the size of a file, or of all files in a folder; links count nothing."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file() and not file.is_symlink()]
    return sum(file.stat().st_size for file in files) / 1e6


def report() -> None:
    """Print how large the bundle is and what its largest parts are."""
    print(f"{BUNDLE}: {megabytes(BUNDLE):.0f} MB")
    inside = BUNDLE / "_internal"
    if inside.is_dir():
        real = [path for path in inside.iterdir() if not path.is_symlink()]
        parts = sorted(((megabytes(path), path.name) for path in real), reverse=True)
        print(", ".join(f"{name} {size:.0f}" for size, name in parts[:8]))


def main() -> None:
    """Build, and pack where that is asked for."""
    parser = argparse.ArgumentParser(prog="run.py build", description="Build the bundle into dist.")
    parser.add_argument("--pack", action="store_true", help="also make the archive and, on Debian, the .deb")
    chosen = parser.parse_args()
    build()
    report()
    if chosen.pack:
        from resources.packaging.pack import pack

        for made in pack(BUNDLE, DIST, source_time()):
            print(f"{made}: {megabytes(made):.1f} MB")


if __name__ == "__main__":
    main()
