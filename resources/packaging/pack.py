"""Pack a bundle for people to download: an archive that is the same every time, and a ``.deb`` on Debian."""

from __future__ import annotations

import gzip
import io
import lzma
import platform
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

from gumbelviz import __version__
from resources.packaging.platforms import IDENTIFIER, SUMMARY

TOP = Path(__file__).resolve().parents[2]
PACKAGING = Path(__file__).resolve().parent
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
DEPENDS = "libc6 (>= 2.34), libgl1, libegl1"
"""What the bundle takes from the system; with the first glibc that PySide6 runs on."""
MAINTAINER = "GumbelViz developers <gumbelviz@users.noreply.github.com>"


def pack(bundle: Path, target: Path, when: int) -> list[Path]:
    """Return what was made of `bundle` in the folder `target`, all of its times being `when` (seconds)."""
    name = f"GumbelViz-{__version__}-{sys.platform}-{platform.machine().lower()}"
    system: str = sys.platform
    if system == "linux":
        made = [pack_archive(bundle, target / f"{name}.tar.xz", when)]
        return [*made, pack_debian(bundle, target, when)] if shutil.which("dpkg-deb") else made
    if system == "darwin":
        application = next(parent for parent in bundle.parents if parent.suffix == ".app")
        return [pack_archive(application, target / f"{name}.tar.xz", when)]
    return [pack_zip(bundle, target / f"{name}.zip", when)]


def pack_archive(folder: Path, target: Path, when: int) -> Path:
    """Pack a folder into ``.tar.xz``: in order of names, owned by nobody in particular, all of one age."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = when, 0, 0, "", ""
        entry.mode = 0o755 if entry.isdir() or entry.mode & stat.S_IXUSR else 0o644
        return entry

    pax = tarfile.PAX_FORMAT
    with lzma.open(target, "wb", preset=9) as file, tarfile.open(fileobj=file, mode="w", format=pax) as tar:
        for path in [folder, *sorted(folder.rglob("*"))]:
            tar.add(path, path.relative_to(folder.parent).as_posix(), recursive=False, filter=plain)
    return target


def pack_zip(folder: Path, target: Path, when: int) -> Path:
    """Pack a folder into ``.zip``, for Windows."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(folder.parent).as_posix()
                entry = zipfile.ZipInfo(name, time.gmtime(max(when, 315532800))[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return target


# The .deb ---------------------------------------------------------------------------------------------------


def pack_debian(bundle: Path, target: Path, when: int) -> Path:
    """Make a ``.deb`` that puts the bundle into /opt and the desktop's files into /usr/share."""
    architecture = ARCHITECTURES.get(platform.machine(), platform.machine())
    made = target / f"gumbelviz_{__version__}_{architecture}.deb"
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(bundle, tree / "opt" / "gumbelviz", symlinks=True)
        install_desktop_files(tree, when)
        control = tree / "DEBIAN"
        control.mkdir()
        size = sum(path.lstat().st_size for path in tree.rglob("*") if path.is_file())
        (control / "control").write_text(_control(architecture, size), "utf-8")
        _settle(tree, when)
        command = ["dpkg-deb", "--root-owner-group", "--build", "-Zxz", str(tree), str(made)]
        environment = {"PATH": "/usr/bin:/bin", "SOURCE_DATE_EPOCH": str(when)}
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return made


def install_desktop_files(tree: Path, when: int) -> None:
    """Put command, menu entry, icons, kinds of files, description and licence where a desktop looks for them."""
    share = tree / "usr" / "share"
    _copy(PACKAGING / "gumbelviz.desktop", share / "applications" / f"{IDENTIFIER}.desktop")
    _copy(PACKAGING / "gumbelviz-mime.xml", share / "mime" / "packages" / "gumbelviz.xml")
    _copy(PACKAGING / "gumbelviz.metainfo.xml", share / "metainfo" / f"{IDENTIFIER}.metainfo.xml")
    _copy(PACKAGING / "copyright", share / "doc" / "gumbelviz" / "copyright")
    icons = TOP / "resources" / "icons"
    for size in ICON_SIZES:
        _copy(icons / f"gumbelviz-{size}.png", share / f"icons/hicolor/{size}x{size}/apps/{IDENTIFIER}.png")
    _copy(icons / "gumbelviz.svg", share / f"icons/hicolor/scalable/apps/{IDENTIFIER}.svg")
    notes = (PACKAGING / "RELEASE_NOTES.md").read_bytes()
    changelog = share / "doc" / "gumbelviz" / "NEWS.gz"
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=buffer, mode="wb", mtime=when) as file:
        file.write(notes)
    changelog.write_bytes(buffer.getvalue())
    command = tree / "usr" / "bin" / "gumbelviz"
    command.parent.mkdir(parents=True)
    command.symlink_to("../../opt/gumbelviz/gumbelviz")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _settle(tree: Path, when: int) -> None:
    """Give all files the same age and plain rights."""
    import os

    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
        os.utime(path, (when, when), follow_symlinks=False)


def _control(architecture: str, size: int) -> str:
    return f"""Package: gumbelviz
Version: {__version__}
Architecture: {architecture}
Maintainer: {MAINTAINER}
Installed-Size: {size // 1024}
Depends: {DEPENDS}
Section: education
Priority: optional
Description: {SUMMARY[0].lower() + SUMMARY[1:]}
 Noise turns scores into random choices; a softmax with a temperature makes
 those choices soft and differentiable. GumbelViz shows every stage of it, for
 one draw and for millions, with the exact theory drawn over the simulation.
"""
