"""The packaged program, run as a person without Python would run it.

Where ``dist`` holds a bundle made of these very files, it is tested; with ``--long`` it is built first where there is
none, which takes some minutes; otherwise these tests are skipped. `.github/workflows/bundles.yml` runs them with
``--long`` at every change of build.spec, of the requirements or of the resources.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gumbelviz.views.pages.table import PAGES
from resources.packaging import build, contents, licences
from resources.packaging.platforms import mac_settings, version_resource

TOP = Path(__file__).parent.parent
FATAL = re.compile(r"Traceback|Error|error:|fault|abort|Segmentation|cannot|could not|not found|undefined symbol")
"""Words that a healthy run does not print."""
MOST_MEGABYTES = 215


@pytest.fixture(scope="module")
def program(pytestconfig: pytest.Config) -> Path:
    """Return the packaged program, built if it has to be."""
    if build.is_fresh():
        return build.PROGRAM
    if not pytestconfig.getoption("--long"):
        pytest.skip("dist holds no bundle of these files: python3 run.py build makes one, --long too")
    if sys.platform == "linux" and shutil.which("objdump") is None:
        pytest.skip("needs binutils")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    command = [sys.executable, "run.py", "build"]
    done = subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return build.PROGRAM


def run(program: Path, *words: str | Path, **environment: str) -> str:
    """Run the bundle with next to no environment and return what it printed, which has no fatal word in it."""
    known = {name: os.environ[name] for name in ("SYSTEMROOT", "HOME", "TEMP") if name in os.environ}
    command = [str(program), *map(str, words)]
    done = subprocess.run(command, env=known | environment, capture_output=True, text=True, timeout=300, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert not FATAL.search(said), said
    return done.stdout


bundled = pytest.mark.timeout(1800)


@bundled
def test_it_says_its_version_and_tests_itself(program: Path, tmp_path: Path) -> None:
    assert run(program, "--version").startswith("GumbelViz ")
    assert run(program, f"--settings-dir={tmp_path}", "--self-test")


@bundled
def test_it_simulates_with_one_process_and_with_two(program: Path) -> None:
    reports = [json.loads(run(program, "simulate", "--draws", "2e6", "--json", "--threads", n)) for n in "12"]
    assert reports[0]["wins"] == reports[1]["wins"]
    assert sum(reports[0]["wins"]) == 2_000_000
    assert "Straight-through" in run(program, "gradients", "--draws", "1e4")


@bundled
@pytest.mark.parametrize("page", [row.id for row in PAGES])
def test_it_draws_every_page(page: str, program: Path, tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    run(program, "render", "movie-night", "--page", page, "--draws", "10000", "--output", picture)
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert picture.stat().st_size > 20_000


@bundled
@pytest.mark.parametrize("ending", ["svg", "pdf"])
def test_it_writes_other_pictures(ending: str, program: Path, tmp_path: Path) -> None:
    run(program, "render", "next-word", "--draws", "1000", "--output", tmp_path / f"page.{ending}")
    assert (tmp_path / f"page.{ending}").stat().st_size > 20_000


@bundled
def test_it_draws_a_step_of_the_story_and_prints_the_handout(program: Path, tmp_path: Path) -> None:
    run(program, "render", "story", "--step", "6", "--output", tmp_path / "step.png")
    assert (tmp_path / "step.png").stat().st_size > 20_000
    run(program, "handout", "story", "--output", tmp_path / "story.pdf")
    assert (tmp_path / "story.pdf").read_bytes()[:5] == b"%PDF-"
    assert "movie-night" in run(program, "scenes")


@bundled
def test_bad_input_is_one_sentence(program: Path, tmp_path: Path) -> None:
    command = [str(program), "render", str(tmp_path / "none.gumbel"), "--output", str(tmp_path / "p.png")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


@bundled
def test_it_is_small_and_whole(program: Path) -> None:
    assert build.megabytes(build.BUNDLE) <= MOST_MEGABYTES
    assert not [path for path in build.BUNDLE.rglob("*") if path.is_symlink() and not path.exists()]
    texts = build.BUNDLE / "licences"
    for name in ("GumbelViz.txt", "LGPL-3.0.txt", "GPL-3.0.txt", "Inter.txt", "Python.txt", "THIRD-PARTY.md"):
        assert (texts / name).stat().st_size > 500
    for name in ("numpy", "scipy", "pyqtgraph", "msgspec", "pyinstaller"):
        assert list((texts / name).iterdir())


@pytest.fixture
def display() -> Iterator[str]:
    """A screen on a display number of its own."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1740x980x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as file:
        number = file.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


@bundled
@pytest.mark.skipif(not all(map(shutil.which, ("Xvfb", "xdotool"))), reason="needs Xvfb and xdotool")
def test_its_window_turns_pages_and_closes(program: Path, display: str, tmp_path: Path) -> None:
    environment = {"DISPLAY": display, "HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    command = [str(program), f"--settings-dir={tmp_path}"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as process:  # type: ignore[call-overload]
        turned = drive_window(process, environment)
        printed = process.communicate(timeout=30)[0]
    assert turned, printed
    assert process.returncode == 0, printed
    assert not FATAL.search(printed), printed


def drive_window(process: subprocess.Popen[str], environment: dict[str, str]) -> bool:
    """Wait for the window, turn to every page in five seconds, close it with Ctrl+Q; tell whether it lived so long."""

    def do(*words: str) -> str:
        found = subprocess.run(["xdotool", *words], env=environment, capture_output=True, text=True, check=False)
        return found.stdout.strip()

    until = time.monotonic() + 60
    while not do("search", "--name", "– GumbelViz") and time.monotonic() < until and process.poll() is None:
        time.sleep(0.2)
    time.sleep(1.0)
    # Without a window manager keys go where the focus is put.
    do("windowfocus", "--sync", do("search", "--name", "– GumbelViz").splitlines()[-1])
    for key in "2345617":
        do("key", key)
        time.sleep(0.7)
    if process.poll() is not None or not do("search", "--name", "– GumbelViz"):
        process.kill()
        return False
    do("key", "ctrl+q")
    return True


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not all(map(shutil.which, ("debootstrap", "Xvfb", "dpkg-deb"))),
    reason="needs root, debootstrap, Xvfb and dpkg-deb",
)
def test_it_runs_where_there_is_no_python_and_the_deb_leaves_nothing(program: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(TOP / "tests" / "bundle_chroot.py"), str(tmp_path / "chroot")]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not FATAL.search(done.stdout), done.stdout


# The recipe, without a bundle --------------------------------------------------------------------------------


def test_a_change_of_the_recipe_changes_its_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "TOP", tmp_path)
    file = tmp_path / "build.spec"
    file.write_bytes(b"one\r\n")
    first = build.digest([file])
    file.write_bytes(b"one\n")
    assert build.digest([file]) == first
    file.write_bytes(b"two\n")
    assert build.digest([file]) != first


def test_libraries_that_nobody_asks_for_are_left_out() -> None:
    entries = [
        ("module.so", "/m", "EXTENSION"),
        ("PySide6/plugin.so", "/p", "BINARY"),
        ("liba.so.1", "/a", "BINARY"),
        ("libb.so.1", "/b", "BINARY"),
        ("libc.so.1", "/c", "BINARY"),
        ("libb.so", "libb.so.1", "SYMLINK"),
        ("libd.so", "libd.so.1", "SYMLINK"),
    ]
    asks = {"/p": ["liba.so.1"], "/a": ["libb.so.1"]}
    kept = contents.needed(entries, lambda source: asks.get(source, []))
    names = [name for name, _, _ in contents.without_dangling(kept, kept)]
    assert names == ["PySide6/plugin.so", "liba.so.1", "libb.so.1", "libb.so"]


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/imageformats/libqsvg.so", True),
        ("PySide6/Qt/plugins/imageformats/libqtiff.so", False),
        ("PySide6/Qt/translations/qt_de.qm", False),
        ("libgtk-3.so.0", False),
        ("libxcb-cursor.so.0", True),
    ],
)
def test_which_files_stay(name: str, stays: bool) -> None:
    assert bool(contents.wanted([(name, "/x", "BINARY")])) is stays


def test_resources_are_carried_without_what_makes_them() -> None:
    folders = {target.split("/")[1] for _, target in contents.resource_files(TOP)}
    assert {"fonts", "formulas", "icons", "licences", "scenes", "lectures"} <= folders
    assert not folders & set(contents.NOT_CARRIED)


def test_the_list_of_third_parties_covers_the_requirements() -> None:
    text = licences.LIST.read_text("utf-8").lower().replace("_", "-")
    names = licences.required()
    assert len(names) >= 7
    missing = [name for name in names if not re.search(rf"^\| {re.escape(name)} \| [0-9.]+ \| \S", text, re.MULTILINE)]
    assert not missing, "run python -m resources.packaging.licences"
    pinned = re.findall(r"^([A-Za-z0-9_.-]+)==([0-9.]+)", (TOP / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    assert all(f"| {name} | {version} |" in text for name, version in pinned)


def test_what_windows_and_macos_are_told() -> None:
    assert "filevers=(1, 2, 3, 0)" in version_resource("1.2.3")
    settings = mac_settings("1.2.3")
    types = settings["UTExportedTypeDeclarations"]
    assert isinstance(types, list)
    suffixes = [kind["UTTypeTagSpecification"]["public.filename-extension"] for kind in types]
    assert suffixes == [["gumbel"], ["lecture"]]


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="needs desktop-file-utils")
def test_the_menu_entry_is_valid() -> None:
    command = ["desktop-file-validate", str(TOP / "resources/packaging/gumbelviz.desktop")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("appstreamcli") is None, reason="needs appstream")
def test_the_description_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "io.github.gumbelviz.GumbelViz.metainfo.xml"
    shutil.copy(TOP / "resources/packaging/gumbelviz.metainfo.xml", file)
    command = ["appstreamcli", "validate", "--no-net", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert not re.search(r"^[EW]:", done.stdout, re.MULTILINE), done.stdout
