"""run.py: what it decides, and a whole first start in a folder of its own, without a network."""

import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

import run

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="system libraries are a matter of Linux")
NOT_THERE = ("libgumbelviz-not-there.so.9", "deb-package", "rpm-package", "arch-package")


# ---- decisions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_supported_pythons_are_accepted(version: tuple[int, int]) -> None:
    assert run.refusal(version) is None


@pytest.mark.parametrize("version", [(2, 7), (3, 8), (3, 10), (3, 15), (4, 0)])
def test_other_pythons_get_one_sentence(version: tuple[int, int]) -> None:
    sentence = run.refusal(version)
    assert sentence is not None
    assert sentence.endswith("this is Python {}.{}.".format(*version))
    assert "\n" not in sentence


def test_an_old_python_can_read_the_file_far_enough_to_refuse() -> None:
    ast.parse((run.ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_run_py_needs_the_standard_library_only() -> None:
    tree = ast.parse((run.ROOT / "run.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ([], True),
        (["scene.gumbel"], True),
        (["render", "--page", "noise"], True),
        (["--new"], True),
        (["simulate", "--seed", "1"], False),
        (["scenes"], False),
        (["--version"], False),
        (["render", "--help"], False),
        (["-h"], False),
    ],
)
def test_only_commands_that_draw_need_qt(arguments: list[str], answer: bool) -> None:
    assert run.needs_qt(arguments) is answer


@pytest.mark.parametrize(
    ("environ", "kinds"),
    [
        ({}, []),
        ({"DISPLAY": ""}, []),
        ({"DISPLAY": ":0"}, ["xcb"]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ["wayland"]),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ["wayland", "xcb"]),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, []),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "xcb"}, ["xcb"]),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, ["wayland", "xcb"]),
    ],
)
def test_which_screens_qt_could_use(environ: dict[str, str], kinds: list[str]) -> None:
    assert run.screens(environ) == kinds


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("PermissionError: [Errno 13] Permission denied: '/x'", "Nothing can be written"),
        ("OSError: [Errno 30] Read-only file system: '/x/.venv'", "Nothing can be written"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "refused"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "no ready-made packages"),
        ("Temporary failure in name resolution\nERROR: No matching distribution found for x", "network"),
    ],
)
def test_usual_failures_are_named(output: str, words: str) -> None:
    assert words in str(run.explain(output))


def test_an_unusual_failure_is_not_guessed() -> None:
    assert run.explain("Segmentation fault") is None


def test_pip_without_a_network_is_recognised(tmp_path: Path) -> None:
    command = [run.base_python(), "-m", "pip", "download", "--index-url=http://127.0.0.1:9/", "--retries=1"]
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    environ["PIP_CONFIG_FILE"] = os.devnull
    code, output = run.quietly([*command, "--dest", str(tmp_path), "numpy"], environ)
    assert code != 0
    assert run.explain(output) == run.NO_NETWORK


# ---- system libraries -------------------------------------------------------------------------------------


@LINUX
def test_a_library_that_cannot_be_loaded_is_found() -> None:
    assert run.absent((("libc.so.6",), NOT_THERE)) == [NOT_THERE]


@LINUX
def test_one_kind_of_screen_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {"any": (), "xcb": (NOT_THERE, NOT_THERE), "wayland": (NOT_THERE,)}
    monkeypatch.setattr(run, "LIBRARIES", tables)
    assert run.missing_libraries({}) == []
    assert run.missing_libraries({"DISPLAY": ":0"}) == [NOT_THERE, NOT_THERE]
    assert run.missing_libraries({"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}) == [NOT_THERE]
    monkeypatch.setitem(tables, "xcb", (("libc.so.6",),))
    assert run.missing_libraries({"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}) == []


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_bring_their_own_libraries(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert run.missing_libraries({"DISPLAY": ":0"}) == []


@LINUX
@pytest.mark.parametrize(("manager", "package"), [("dnf", "rpm-package"), ("pacman", "arch-package")])
def test_the_line_to_paste(
    manager: str, package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / manager
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(run, "LIBRARIES", {"any": (NOT_THERE,)})
    with pytest.raises(run.Lacking) as lacking:
        run.check_libraries({})
    lines = [line.strip() for line in str(lacking.value).splitlines() if line.endswith(package)]
    assert len(lines) == 1
    assert lines[0].removeprefix("sudo ").startswith(manager)
    assert lines[0].startswith("sudo ") is not run.is_root()


@LINUX
def test_without_a_package_manager_the_files_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(run, "LIBRARIES", {"any": (NOT_THERE,)})
    with pytest.raises(run.Lacking, match="libgumbelviz-not-there"):
        run.check_libraries({})


def test_the_line_for_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "is_root", lambda: False)
    line = run.install_line("apt-get", ["libegl1", "libgl1"])
    assert line == ("sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 libgl1")


@LINUX
def test_the_table_names_every_library_that_qt_asks_for() -> None:
    """The names are read from the files of the installed PySide6, so a new version cannot ask in secret."""
    import PySide6
    import shiboken6

    qt = Path(PySide6.__path__[0])
    parts = ("Core", "DBus", "Gui", "Svg", "Widgets", "XcbQpa")
    libraries = [qt / f"Qt/lib/libQt6{name}.so.6" for name in parts]
    plugins = [qt / f"Qt/plugins/platforms/libq{name}.so" for name in ("offscreen", "xcb", "wayland")]
    system = re.compile(rb"\0(lib[A-Za-z0-9_+-]+(?:-[0-9.]+)?\.so\.[0-9]+)(?=\0)")
    asked: set[str] = set()
    for file in libraries + plugins:
        asked |= {name.decode() for name in system.findall(file.read_bytes())}
    folders = (qt, qt / "Qt/lib", Path(shiboken6.__path__[0]))
    own = {file.name for folder in folders for file in folder.iterdir()}
    glibc = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libpthread.so.0", "libdl.so.2"}
    named = {row[0] for rows in run.LIBRARIES.values() for row in rows}
    assert asked - own - glibc - named == set()


# ---- a first start, for real ------------------------------------------------------------------------------


def a_wheel(folder: Path, version: str) -> str:
    """Make a tiny package and return its line in a requirements file."""
    path = folder / f"tiny-{version}-py3-none-any.whl"
    info = f"tiny-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("tiny.py", f"VERSION = {version!r}\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", f"tiny.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return f"{path.as_uri()} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with run.py, a tiny package to install, and a main.py that shows what it was given."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(run.ROOT / "run.py", folder)
    (folder / "requirements.txt").write_text(a_wheel(folder, "1.0"))
    (folder / "main.py").write_text(
        "import json, os, sys, tiny\n"
        "print(json.dumps([sys.prefix, tiny.VERSION, os.getcwd(), sys.argv[1:]]))\n"
        "sys.exit(7)\n"
    )
    return folder


def begin(house: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start run.py in another process, from another folder."""
    command = [run.base_python(), str(house / "run.py"), "simulate", *arguments]
    environ = {**os.environ, "PIP_NO_INDEX": "1"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=house.parent, env=environ, stdout=pipe, stderr=pipe, text=True)


def end(process: "subprocess.Popen[str]", house: Path, *arguments: str) -> tuple[str, str]:
    """Return the version of the tiny package that main.py saw, and what run.py said."""
    with process:
        output, said = process.communicate()
    assert process.returncode == 7, said
    prefix, version, cwd, given = json.loads(output)
    assert (Path(prefix), Path(cwd)) == (house / ".venv", house.parent)
    assert given == ["simulate", *arguments]
    return version, said


def test_first_start_later_starts_and_repairs(house: Path) -> None:
    arguments = ("--seed", "two words", "", "ä")
    both = [begin(house, *arguments), begin(house, *arguments)]
    (one, said), (two, also_said) = (end(process, house, *arguments) for process in both)
    assert (one, two) == ("1.0", "1.0")
    assert sorted([said, also_said])[1].startswith("Setting up GumbelViz in .venv")
    assert (said + also_said).count("Setting up") == 1
    assert (said + also_said).count("\n") <= 2  # calm: nothing of pip's

    began = time.perf_counter()
    assert end(begin(house), house) == ("1.0", "")
    assert time.perf_counter() - began < 2.0  # 0.06 s on an idle machine; a silent set-up would take longer

    (house / "requirements.txt").write_text(a_wheel(house, "2.0"))
    assert end(begin(house), house) == ("2.0", "Bringing .venv up to date ...\n")

    (house / ".venv" / run.STAMP.name).write_text(run.UNFINISHED)  # as a cut-off installation leaves it
    left_over = house / ".venv" / "left-over"
    left_over.touch()
    version, said = end(begin(house), house)
    assert (version, left_over.exists(), (house / ".venv.old").exists()) == ("2.0", False, False)
    assert "incomplete" in said


def test_a_package_with_another_hash_is_refused(house: Path) -> None:
    line = a_wheel(house, "3.0")
    (house / "requirements.txt").write_text(line.replace("sha256:", "sha256:00")[:-3] + "\n")
    with begin(house) as process:
        output, said = process.communicate()
    assert (process.returncode, output) == (run.LACKING, "")
    assert said.splitlines()[-1].endswith("it was refused.")


def test_what_the_stamp_says_is_checked(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uses the .venv that the tests above left behind."""
    venv = house / ".venv"
    stamp = venv / run.STAMP.name
    (house / "requirements.txt").write_text(a_wheel(house, "2.0"))
    python = venv / run.PYTHON.relative_to(run.VENV)
    for name, value in (("ROOT", house), ("VENV", venv), ("STAMP", stamp), ("PYTHON", python)):
        monkeypatch.setattr(run, name, value)
    made = run.stamp_for([run.RUNTIME])
    for line, other, is_usable in (
        ("python", made["python"], True),
        ("python", "3.10", True),  # the stamp is wrong, the Python is not: it is asked
        ("home", "/nowhere/python3", True),
        ("files", {}, True),
        ("files", None, True),
        ("folder", "/elsewhere/.venv", False),
    ):
        stamp.write_text(json.dumps({**made, line: other}))
        assert run.is_ready([run.RUNTIME]) is (other == made[line])
        assert run.is_usable() is is_usable
    for broken in ("", "[]", "{}", run.UNFINISHED):
        stamp.write_text(broken)
        assert not run.is_ready([run.RUNTIME])
        assert not run.is_usable()
    stamp.unlink()
    assert not run.is_ready([run.RUNTIME])
    assert run.is_usable()  # a .venv made by hand is kept
    (venv / "pyvenv.cfg").unlink()
    assert not run.is_usable()  # else pip would install into the system
    run.PYTHON.unlink()
    assert not run.is_usable()
