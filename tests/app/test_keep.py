"""Files are replaced whole or not at all."""

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gumbelviz.app.keep import open_whole, write_file

OLD, NEW = b"the old text", b"the new text\n\x00\xff"
posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions and links as POSIX has them")


@pytest.fixture
def umask() -> Iterator[Callable[[int], None]]:
    before = os.umask(0o022)

    def choose(mask: int) -> None:
        os.umask(mask)

    yield choose
    os.umask(before)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "scene.gumbel"
    path.write_bytes(OLD)
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_holds_the_bytes(tmp_path: Path) -> None:
    for data in (NEW, b"", b"x" * 5_000_000):
        write_file(tmp_path / "new.gumbel", data)
        assert (tmp_path / "new.gumbel").read_bytes() == data
    assert os.listdir(tmp_path) == ["new.gumbel"]


def test_a_file_is_replaced(target: Path) -> None:
    write_file(target, NEW)
    assert target.read_bytes() == NEW
    assert os.listdir(target.parent) == [target.name]


def test_whoever_reads_the_old_file_goes_on_reading_it(target: Path) -> None:
    with target.open("rb") as file:
        write_file(target, NEW)
        assert file.read() == OLD


@pytest.mark.parametrize("name", ["ü 🍦.gumbel", "x" * 200 + ".gumbel", "🍦" * 50, ".hidden", "no suffix", "-rf"])
def test_any_name_will_do(tmp_path: Path, name: str) -> None:
    write_file(tmp_path / name, NEW)
    assert (tmp_path / name).read_bytes() == NEW
    assert os.listdir(tmp_path) == [name]


def test_a_relative_path_is_taken_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_file(Path("here.gumbel"), NEW)
    assert (tmp_path / "here.gumbel").read_bytes() == NEW


@posix
@pytest.mark.parametrize("bits", [0o600, 0o640, 0o644, 0o666, 0o755])
def test_a_replaced_file_keeps_its_mode(target: Path, bits: int, umask: Callable[[int], None]) -> None:
    target.chmod(bits)
    umask(0o077)
    write_file(target, NEW)
    assert mode(target) == bits


@posix
@pytest.mark.parametrize(("mask", "bits"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664), (0o000, 0o666)])
def test_a_new_file_has_the_mode_that_others_would_get(
    tmp_path: Path, mask: int, bits: int, umask: Callable[[int], None]
) -> None:
    umask(mask)
    write_file(tmp_path / "new.gumbel", NEW)
    assert mode(tmp_path / "new.gumbel") == bits
    assert os.umask(mask) == mask


@posix
def test_a_link_stays_a_link_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    real = tmp_path / "there" / "real.gumbel"
    real.write_bytes(OLD)
    (tmp_path / "middle").symlink_to(real)
    link = tmp_path / "link.gumbel"
    link.symlink_to("middle")
    write_file(link, NEW)
    assert link.is_symlink()
    assert (tmp_path / "middle").is_symlink()
    assert real.read_bytes() == NEW
    assert os.listdir(real.parent) == ["real.gumbel"]


@posix
def test_a_link_to_nothing_makes_what_it_points_to(tmp_path: Path) -> None:
    link = tmp_path / "link.gumbel"
    link.symlink_to(tmp_path / "new.gumbel")
    write_file(link, NEW)
    assert link.is_symlink()
    assert (tmp_path / "new.gumbel").read_bytes() == NEW


# ------------------------------------------------------------------------------------------------- faults


def assert_as_it_was(target: Path) -> None:
    assert target.read_bytes() == OLD
    assert os.listdir(target.parent) == [target.name]


def test_a_full_disk_leaves_the_old_file_whole(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left") as caught:
        write_file(target, NEW)
    assert caught.value.errno == errno.ENOSPC
    assert_as_it_was(target)


def test_a_write_that_the_system_refuses_half_way(tmp_path: Path) -> None:
    """Nothing is replaced by hand here: this process may not write files above 100,000 bytes for a moment."""
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    target = tmp_path / "scene.gumbel"
    target.write_bytes(OLD)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        with pytest.raises(OSError, match="File too large"):
            write_file(target, b"x" * 1_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert_as_it_was(target)


def test_bytes_that_come_back_different_are_not_trusted(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two bytes change places on the way to the disk: the length is right, the content is not."""
    fsync = os.fsync

    def damage(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            os.pwrite(handle, NEW[1::-1], 0)
        fsync(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", damage)
        with pytest.raises(OSError, match="different from what was written"):
            write_file(target, NEW)
    assert_as_it_was(target)


def test_a_file_written_in_pieces_is_whole_or_not_there(target: Path) -> None:
    with open_whole(target) as file:
        for piece in (b"one ", bytearray(b"two "), memoryview(b"three")):
            assert file.write(piece) == len(piece)
        assert target.read_bytes() == OLD
    assert target.read_bytes() == b"one two three"
    assert os.listdir(target.parent) == [target.name]


def test_a_work_that_is_cancelled_between_two_pieces_leaves_nothing(target: Path) -> None:
    def work() -> None:
        with open_whole(target) as file:
            file.write(NEW)
            raise RuntimeError("cancelled")

    with pytest.raises(RuntimeError, match="cancelled"):
        work()
    assert_as_it_was(target)


@pytest.mark.parametrize("name", ["chmod", "replace"])
@pytest.mark.parametrize("error", [PermissionError, KeyboardInterrupt, MemoryError])
def test_any_interruption_leaves_the_old_file_and_nothing_else(
    target: Path, name: str, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise error("in between")

    with monkeypatch.context() as patch:
        patch.setattr(Path, name, fail)
        with pytest.raises(error):
            write_file(target, NEW)
    assert_as_it_was(target)


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "inside").write_bytes(OLD)
    with pytest.raises(OSError, match=r"\w"):
        write_file(folder, NEW)
    assert os.listdir(tmp_path) == ["folder"]
    assert (folder / "inside").read_bytes() == OLD


def test_a_folder_that_is_not_there_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_file(tmp_path / "nowhere" / "scene.gumbel", NEW)
    assert os.listdir(tmp_path) == []


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(target: Path) -> None:
    target.parent.chmod(0o500)
    try:
        with pytest.raises(PermissionError):
            write_file(target, NEW)
        assert_as_it_was(target)
    finally:
        target.parent.chmod(0o700)


def test_a_folder_that_cannot_be_synced_is_no_failure(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows and on some network disks: the file is safe by then."""
    fsync = os.fsync

    def only_files(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", only_files)
    write_file(target, NEW)
    assert target.read_bytes() == NEW
