"""Run the bundle on a Debian that has no Python: ``sudo python3 tests/bundle_chroot.py FOLDER`` after run.py build.

Makes a minimal Debian in FOLDER, adds libgl1 and libegl1 and nothing else, then runs the bundle without a screen and
on a screen from outside. Then packs the .deb, installs it there, runs it, removes it, and compares what is left.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP))

from resources.packaging import build, pack  # noqa: E402

PAGES = ("pipeline", "noise", "simplex", "temperature", "gradients", "learning", "margins", "precision")
UNWATCHED = ("proc", "sys", "dev", "tmp", "root", "var/log", "var/cache", "var/lib/dpkg", "var/lib/apt")
PLAIN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}


def inside(root: Path, *words: str, **environment: str) -> str:
    """Run a command in the chroot, print what it said, and stop where it failed."""
    done = subprocess.run(
        ["chroot", str(root), *words], env=PLAIN | environment, capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}:\n{said}")
    return said


def try_program(root: Path, program: str) -> None:
    """Version, self-test, simulation and every page, without a screen; the last line of each is printed."""
    orders = [["--version"], ["--self-test"], ["simulate", "--draws", "2e6", "--threads", "2"]]
    orders += [["render", "movie-night", "--page", page, "--draws", "1000", "--output", "/tmp/p.png"] for page in PAGES]
    for order in orders:
        said = inside(root, program, *order).strip().splitlines()
        print(" ".join(order), "->", said[-1] if said else "ok", flush=True)
    for order in (
        ["render", "story", "--step", "6", "--output", "/tmp/step.png"],
        ["handout", "story", "--output", "/tmp/story.pdf"],
        ["gradients", "--draws", "1e4"],
    ):
        inside(root, program, *order)
        print(" ".join(order), "-> ok", flush=True)
    # Nobody said where a screen is: the window becomes a picture.
    print(inside(root, "sh", "-c", f"cd /tmp && {program}").strip(), flush=True)


def try_window(root: Path, program: str) -> None:
    """The window on a screen from outside, for five seconds, pages switched where xdotool is here."""
    number = "36"
    command = ["Xvfb", f":{number}", "-screen", "0", "1740x980x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    sockets = root / "tmp" / ".X11-unix"
    sockets.mkdir(exist_ok=True)
    subprocess.run(["mount", "--bind", "/tmp/.X11-unix", str(sockets)], check=True)
    outside = os.environ | {"DISPLAY": f":{number}"}
    try:
        time.sleep(2)
        process = subprocess.Popen(
            ["chroot", str(root), program],
            env=PLAIN | {"DISPLAY": f":{number}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        time.sleep(4)
        if shutil.which("xdotool") is not None:
            search = ["xdotool", "search", "--name", "– GumbelViz"]
            found = subprocess.run(search, env=outside, capture_output=True, check=False)
            if not found.stdout.strip():
                process.kill()
                raise SystemExit(f"no window: {process.communicate()[0]}")
            # Without a window manager keys go where the focus is put.
            window = found.stdout.decode().split()[-1]
            subprocess.run(["xdotool", "windowfocus", "--sync", window], env=outside, check=False)
            for key in "2345617":
                subprocess.run(["xdotool", "key", key], env=outside, check=False)
                time.sleep(0.7)
            subprocess.run(["xdotool", "key", "ctrl+q"], env=outside, check=False)
        else:
            time.sleep(5)
            process.terminate()
        said, _ = process.communicate(timeout=30)
        if process.returncode != 0:
            raise SystemExit(f"the window ended with {process.returncode}:\n{said}")
        print("the window opened, turned its pages and closed:", said.strip() or "nothing printed", flush=True)
    finally:
        subprocess.run(["umount", str(sockets)], check=True)
        server.terminate()
        server.wait(10)


def files_of(root: Path) -> set[str]:
    """Return every file and folder of the chroot but logs, caches and what dpkg writes about itself."""
    found = set()
    for folder, folders, names in os.walk(root):
        place = Path(folder).relative_to(root).as_posix()
        if place.startswith(UNWATCHED):
            folders.clear()
            continue
        found |= {f"{place}/{name}" for name in (*folders, *names)}
    return found


def try_package(root: Path) -> None:
    """Install the .deb, run it, remove it; nothing may be left."""
    package = pack.pack_debian(build.BUNDLE, TOP / "dist", build.source_time())
    before = files_of(root)
    shutil.copy(package, root / "tmp" / package.name)
    inside(root, "dpkg", "--install", f"/tmp/{package.name}")
    try_program(root, "/usr/bin/gumbelviz")
    inside(root, "dpkg", "--purge", "gumbelviz")
    left = {name for name in files_of(root) - before if not name.startswith("var/tmp")}
    if left:
        raise SystemExit(f"the package left behind: {sorted(left)[:20]}")
    print(f"{package.name} was installed and removed, and left nothing", flush=True)


def main() -> None:
    """Do all of it."""
    root = Path(sys.argv[1])
    if not (root / "usr/bin/dpkg").exists():
        command = ["debootstrap", "--variant=minbase", "bookworm", str(root)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    inside(root, "apt-get", "update")
    inside(root, "apt-get", "install", "-y", "--no-install-recommends", "libgl1", "libegl1")
    if subprocess.run(["chroot", str(root), "which", "python3"], capture_output=True, check=False).returncode == 0:
        raise SystemExit("there is a Python here, so this would prove nothing")
    (root / "dev/shm").mkdir(exist_ok=True)
    shutil.rmtree(root / "opt/bundle", ignore_errors=True)
    shutil.copytree(build.BUNDLE, root / "opt/bundle", symlinks=True)
    try_program(root, "/opt/bundle/gumbelviz")
    try_window(root, "/opt/bundle/gumbelviz")
    shutil.rmtree(root / "opt/bundle")
    try_package(root)


if __name__ == "__main__":
    main()
