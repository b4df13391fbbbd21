"""Start GumbelViz on a machine that has only Python, or test it.

``python3 run.py [arguments]``         starts the program with those arguments
``python3 run.py test``                checks the code and runs every test
``python3 run.py test [arguments]``    runs pytest with those arguments only
``python3 run.py build [--pack]``      builds the program for machines without Python into ``dist``

The first start makes ``.venv`` beside this file and installs ``requirements.txt`` into it; later starts see
the stamp left there and lose no time. Only the standard library is used, in words that Python 3.8 can still
read, so that an old Python gets a sentence and not a syntax error. Exit code 4: this machine lacks something.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "gumbelviz-stamp.json"
UNFINISHED = "an installation began here and has not ended\n"
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
BUILDING = "resources/packaging/requirements-build.txt"
OLDEST, NEWEST = (3, 11), (3, 14)
LACKING = 4  # exit code: something is missing on this machine, and the message says what to do

# What Qt asks of a Linux system: file to load, then the package that has it for apt, dnf and pacman.
LIBRARIES = {
    "any": (
        ("libstdc++.so.6", "libstdc++6", "libstdc++", "gcc-libs"),
        ("libz.so.1", "zlib1g", "zlib", "zlib"),
        ("libzstd.so.1", "libzstd1", "libzstd", "zstd"),
        ("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd"),
        ("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd"),
        ("libX11.so.6", "libx11-6", "libX11", "libx11"),
        ("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon"),
        ("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus"),
        ("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig"),
        ("libfreetype.so.6", "libfreetype6", "freetype", "freetype2"),
        ("libglib-2.0.so.0", "libglib2.0-0", "glib2", "glib2"),
        ("libgthread-2.0.so.0", "libglib2.0-0", "glib2", "glib2"),
    ),
    "xcb": (
        ("libxcb.so.1", "libxcb1", "libxcb", "libxcb"),
        ("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
        ("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
        ("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "xcb-util-image"),
        ("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
        ("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
        ("libxcb-randr.so.0", "libxcb-randr0", "libxcb", "libxcb"),
        ("libxcb-render.so.0", "libxcb-render0", "libxcb", "libxcb"),
        ("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb"),
        ("libxcb-shm.so.0", "libxcb-shm0", "libxcb", "libxcb"),
        ("libxcb-sync.so.1", "libxcb-sync1", "libxcb", "libxcb"),
        ("libxcb-util.so.1", "libxcb-util1", "xcb-util", "xcb-util"),
        ("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb", "libxcb"),
        ("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb"),
        ("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb", "libx11"),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    ),
    "wayland": (
        ("libwayland-client.so.0", "libwayland-client0", "libwayland-client", "wayland"),
        ("libwayland-cursor.so.0", "libwayland-cursor0", "libwayland-cursor", "wayland"),
        ("libwayland-egl.so.1", "libwayland-egl1", "libwayland-egl", "wayland"),
    ),
}
MANAGERS = {
    "apt-get": "apt-get update && {sudo}apt-get install -y --no-install-recommends",
    "dnf": "dnf install -y",
    "pacman": "pacman -S --needed",
}

# Words in pip's output and what they mean to the person in front of the screen; the first row that fits.
NO_NETWORK = "The packages could not be downloaded: is this machine connected to the network?"
PIP_FAILURES = (
    ("No space left|Errno 28|not enough space", "The disk is full: {root} needs about 700 MB."),
    ("WinError 5|WinError 32", "A file in .venv is in use: close every GumbelViz window and start again."),
    ("Permission denied|Read-only file|Errno 13|Errno 30", "Nothing can be written in {root}."),
    ("DO NOT MATCH THE HASHES", "A downloaded package is not the one that {root} asks for; it was refused."),
    ("NewConnectionError|Timeout|ame resolution|NameResolution|ProxyError|SSLError", NO_NETWORK),
    ("Connection refused|Connection aborted|ConnectionReset|unreachable|IncompleteRead", NO_NETWORK),
    ("No matching distribution", "There are no ready-made packages for this Python on this kind of machine."),
)


class Lacking(Exception):
    """This machine lacks something; the message is for the person who started the program."""


def say(text: str) -> None:
    """Print for a person, beside the program's own output."""
    print(text, file=sys.stderr, flush=True)


def refusal(version: tuple[int, int]) -> str | None:
    """Return why this Python cannot run the program, or None."""
    if OLDEST <= version <= NEWEST:
        return None
    return "GumbelViz needs Python {}.{} to {}.{}; this is Python {}.{}.".format(*OLDEST, *NEWEST, *version)


# ---- system libraries --------------------------------------------------------------------------------------


def needs_qt(arguments: list[str]) -> bool:
    """Tell whether the program, started so, will load Qt."""
    only_words = any(word in ("--version", "--help", "-h") for word in arguments)
    return not only_words and arguments[:1] not in (["simulate"], ["scenes"])


def screens(environ: dict[str, str]) -> list[str]:
    """Return the kinds of screen Qt could use, in the words of `LIBRARIES`."""
    forced = environ.get("QT_QPA_PLATFORM", "")
    if forced:
        return [kind for kind in ("wayland", "xcb") if kind in forced]
    return [kind for kind, name in (("wayland", "WAYLAND_DISPLAY"), ("xcb", "DISPLAY")) if environ.get(name)]


def absent(rows: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    """Return the rows of a library table whose file this system cannot load."""
    import ctypes

    missing = []
    for row in rows:
        try:
            ctypes.CDLL(row[0])
        except OSError:
            missing.append(row)
    return missing


def missing_libraries(environ: dict[str, str]) -> list[tuple[str, ...]]:
    """Return what Qt would not find here; of two kinds of screen, the one that lacks less is enough."""
    if sys.platform == "linux":
        on_screen = [absent(LIBRARIES[kind]) for kind in screens(environ)]
        return absent(LIBRARIES["any"]) + min(on_screen, key=len, default=[])
    else:
        return []  # Windows and macOS have them all


def is_root() -> bool:
    """Tell whether this person may install system packages."""
    return sys.platform != "win32" and os.geteuid() == 0


def install_line(manager: str, packages: list[str]) -> str:
    """Return the one line that installs these packages."""
    sudo = "" if is_root() else "sudo "
    return sudo + MANAGERS[manager].format(sudo=sudo) + " " + " ".join(packages)


def package_manager() -> tuple[int, str] | None:
    """Return the column of `LIBRARIES` and the name of the package manager of this system."""
    import shutil

    return next(((i, name) for i, name in enumerate(MANAGERS, 1) if shutil.which(name)), None)


def check_libraries(environ: dict[str, str]) -> None:
    """Install what Qt lacks on this system when that is possible, or raise with the line to paste."""
    rows = missing_libraries(environ)
    if not rows:
        return
    found = package_manager()
    if found is None:
        raise Lacking("GumbelViz needs these system libraries: " + ", ".join(row[0] for row in rows))
    column, manager = found
    packages = sorted({row[column] for row in rows})
    line = install_line(manager, packages)
    advice = "Some system libraries are missing. This line installs them:\n\n    {}\n".format(line)
    if not (is_root() and manager == "apt-get"):
        raise Lacking(advice)
    say("Installing system libraries with apt: " + " ".join(packages))
    code, output = quietly(["sh", "-c", line], {**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    if code != 0 or missing_libraries(environ):
        raise Lacking(output + "\napt could not install them all. " + advice)


# ---- the virtual environment -------------------------------------------------------------------------------


def quietly(command: list[str], environ: dict[str, str] | None = None) -> tuple[int, str]:
    """Run a command; return its exit code and all it printed."""
    import subprocess

    # fmt: off
    done = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", errors="replace", check=False)
    # fmt: on
    return done.returncode, done.stdout


def digest(name: str) -> str:
    """Return the hash of one requirements file."""
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def home_of_venv() -> str:
    """Return where the Python under ``.venv`` lives: it is only a link (or a launcher) to that one."""
    if os.name != "nt":
        return os.path.realpath(PYTHON)
    lines = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    return next((line.partition("=")[2].strip() for line in lines if line.startswith("home")), "")


def stamp_for(names: list[str]) -> dict[str, object]:
    """Return what a finished ``.venv`` here, with these requirements files, says about itself."""
    version = "{}.{}".format(*sys.version_info[:2])
    files = {name: digest(name) for name in names}
    return {"folder": str(VENV), "python": version, "home": home_of_venv(), "files": files}


def is_ready(names: list[str]) -> bool:
    """Tell whether ``.venv`` belongs to this folder and this Python and holds these requirements."""
    try:
        found, wanted = json.loads(STAMP.read_text(encoding="utf-8")), stamp_for(names)
        same = all(found[key] == wanted[key] for key in ("folder", "python", "home"))
        return same and all(found["files"].get(name) == digest(name) for name in names) and PYTHON.exists()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def is_usable() -> bool:
    """Tell whether packages may be installed into the ``.venv`` that is here, whoever made it."""
    try:
        made = STAMP.read_text(encoding="utf-8")
        if made == UNFINISHED or json.loads(made)["folder"] != str(VENV):
            return False
    except FileNotFoundError:
        pass  # made by hand or by uv
    except (OSError, ValueError, KeyError, TypeError):
        return False
    ask = "import sys; print(sys.prefix != sys.base_prefix, *sys.version_info[:2])"
    try:
        code, output = quietly([str(PYTHON), "-c", ask])
    except OSError:
        return False
    return code == 0 and output.split() == ["True", *map(str, sys.version_info[:2])]


def lock() -> io.TextIOWrapper:
    """Wait until no other run.py works on ``.venv``; it is ours until the returned file is closed."""
    import time

    handle = (ROOT / ".venv.lock").open("a", encoding="utf-8")
    waiting = False
    while True:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            if not waiting:
                say("Another run.py is setting up GumbelViz here; waiting for it.")
            waiting = True
            time.sleep(0.2)
        else:
            return handle


def base_python() -> str:
    """Return the Python of the system: the one that runs this may live in the ``.venv`` to be replaced."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def make_venv() -> None:
    """Make an empty ``.venv``; one that is there is moved aside first, so that no half of it stays."""
    import shutil

    aside = ROOT / ".venv.old"
    shutil.rmtree(aside, ignore_errors=True)
    if os.path.lexists(VENV):
        say("(The .venv that was here is incomplete, or made for another folder or Python.)")
        VENV.replace(aside)
        shutil.rmtree(aside, ignore_errors=True)
    code, output = quietly([base_python(), "-m", "venv", "--without-pip", str(VENV)])
    if code != 0:
        raise Lacking(output + "\n" + (explain(output) or "Python could not make the folder .venv."))


def find_pip() -> list[str]:
    """Return the command that installs into ``.venv``: the system's pip, or one that Python brings along."""
    outside = [base_python(), "-m", "pip", "--python", str(PYTHON)]
    inside = [str(PYTHON), "-m", "pip"]
    if quietly([*outside, "--version"])[0] == 0:
        return outside
    if quietly([*inside, "--version"])[0] == 0 or quietly([str(PYTHON), "-m", "ensurepip"])[0] == 0:
        return inside
    found = package_manager()
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    names = {"apt-get": package, "dnf": "python3-pip", "pacman": "python-pip"}
    line = install_line(found[1], [names[found[1]]]) if found else "python3 -m ensurepip"
    raise Lacking("This Python has no pip. This line installs it:\n\n    {}\n".format(line))


def explain(output: str) -> str | None:
    """Return what pip's (or venv's) output means, in one sentence, if it is one of the usual failures."""
    fits = (sentence for words, sentence in PIP_FAILURES if any(word in output for word in words.split("|")))
    return next((sentence.format(root=ROOT) for sentence in fits), None)


def set_up(names: list[str]) -> None:
    """Bring ``.venv`` to these requirements files, with no other run.py, and stamp it when all is there."""
    try:
        with lock():
            if is_ready(names):
                return  # another run.py did it while this one waited
            keep = is_usable()
            if keep:
                say("Bringing .venv up to date ...")
            else:
                say("Setting up GumbelViz in {}, about 150 MB; this happens once ...".format(VENV.relative_to(ROOT)))
                make_venv()
            pip = find_pip()
            STAMP.write_text(UNFINISHED, encoding="utf-8")
            files = [word for name in names for word in ("-r", str(ROOT / name))]
            options = ["--require-hashes", "--only-binary=:all:", "--no-user", "--no-input", "--retries=2"]
            code, output = quietly([*pip, "install", "--disable-pip-version-check", *options, *files])
            if code != 0:
                reason = explain(output)
                if keep and reason == NO_NETWORK:
                    STAMP.unlink()  # still whole: pip downloads all before it touches any
                raise Lacking(output + "\n" + (reason or "pip could not install the packages."))
            fresh = STAMP.with_suffix(".new")
            fresh.write_text(json.dumps(stamp_for(names), indent=1), encoding="utf-8")
            fresh.replace(STAMP)
    except OSError as error:
        raise Lacking(explain(str(error)) or "Setting up failed: {}".format(error)) from error


# ---- what the words after run.py mean ----------------------------------------------------------------------


def start(arguments: list[str]) -> int:
    """Start the program with these arguments, in place of this process where the system can do that."""
    if needs_qt(arguments):
        check_libraries(dict(os.environ))
    if not is_ready([RUNTIME]):
        set_up([RUNTIME])
    command = [str(PYTHON), str(ROOT / "main.py"), *arguments]
    if os.name != "nt":
        os.execv(command[0], command)
    return wait_for(command)


def test(arguments: list[str]) -> int:
    """Run ruff, mypy and pytest up to the first failure; given arguments, pytest alone with them."""
    environ = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    check_libraries(environ)
    if not is_ready([RUNTIME, DEVELOPMENT]):
        set_up([RUNTIME, DEVELOPMENT])
    # Two at once, whatever the machine: more would have the windows of the tests wait for each other.
    both = ["pytest", "-n", "2", "--dist", "loadfile"]
    steps = [["pytest", *arguments]] if arguments else [["ruff", "check", "."], ["mypy"], both]
    for step in steps:
        say("== " + " ".join(step))
        code = wait_for([str(PYTHON), "-m", *step], environ, ROOT)
        if code != 0:
            return code
    return 0


def build(arguments: list[str]) -> int:
    """Build the bundle in an environment that holds nothing else; given ``--pack``, also what people download."""
    global VENV, PYTHON, STAMP
    VENV = ROOT / "build" / "venv"
    PYTHON = VENV / PYTHON.relative_to(ROOT / ".venv")
    STAMP = VENV / STAMP.name
    VENV.parent.mkdir(exist_ok=True)
    check_tools()
    check_libraries({"QT_QPA_PLATFORM": "xcb", **os.environ})
    if not is_ready([RUNTIME, BUILDING]):
        set_up([RUNTIME, BUILDING])
    return wait_for([str(PYTHON), "-m", "resources.packaging.build", *arguments], folder=ROOT)


def check_tools() -> None:
    """Install what PyInstaller asks of a Linux system, or raise with the line to paste."""
    import shutil
    import sysconfig

    if sys.platform != "linux":
        return
    version = "{}.{}".format(*sys.version_info[:2])
    packages = [] if shutil.which("objdump") else ["binutils"]
    folders = [sysconfig.get_config_var(name) or "" for name in ("LIBDIR", "LIBPL")]
    shared = any(list(Path(folder).glob("libpython{}*.so*".format(version))) for folder in folders if folder)
    if not shared and absent((("libpython{}.so.1.0".format(version),),)):
        packages.append("libpython" + version)
    if not packages:
        return
    found = package_manager()
    line = install_line(found[1], packages) if found else " ".join(packages)
    if found is None or found[1] != "apt-get" or not is_root():
        raise Lacking("PyInstaller needs {} here. This line installs it on Debian:\n\n    {}\n".format(
            " and ".join(packages), line))
    say("Installing with apt: " + " ".join(packages))
    code, output = quietly(["sh", "-c", line], {**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    if code != 0:
        raise Lacking(output + "\napt could not install " + " ".join(packages))


def wait_for(command: list[str], environ: dict[str, str] | None = None, folder: Path | None = None) -> int:
    """Run a command in front of the person and return its exit code."""
    import subprocess

    code = subprocess.call(command, env=environ, cwd=folder)
    return code if code >= 0 else 128 - code


def main(arguments: list[str]) -> int:
    """Do what the words after run.py say; return the exit code."""
    try:
        why_not = refusal(sys.version_info[:2])
        if why_not:
            raise Lacking(why_not)
        work = {"test": test, "build": build}.get(arguments[0]) if arguments else None
        return work(arguments[1:]) if work is not None else start(arguments)
    except Lacking as lacking:
        say(str(lacking))
        return LACKING
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
