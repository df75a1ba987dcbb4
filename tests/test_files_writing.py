"""Where the program writes: checked without litter, written whole."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from mirror.core.errors import MirrorError
from mirror.files.writing import check_file, check_folder, write_whole


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_checks_leave_nothing_behind(tmp_path):
    check_file(tmp_path / "a" / "b" / "out.json", "out")
    check_folder(tmp_path / "c" / "d", "out")
    check_file(tmp_path / "out.json", "out")
    assert everything(tmp_path) == []


def test_a_file_that_is_there_keeps_its_content(tmp_path):
    old = tmp_path / "old.json"
    old.write_text("kept")
    check_file(old, "out")
    assert old.read_text() == "kept" and everything(tmp_path) == ["old.json"]


@pytest.mark.parametrize("check", [check_file, check_folder])
def test_a_file_in_the_way_is_refused_and_nothing_is_left(tmp_path, check):
    (tmp_path / "file").write_text("x")
    with pytest.raises(MirrorError, match=r"^the label: .*cannot be written"):
        check(tmp_path / "file" / "under" / "it", "the label")
    assert everything(tmp_path) == ["file"]


@pytest.mark.parametrize("check", [check_file, check_folder])
def test_a_name_that_no_disk_takes_is_refused_and_nothing_is_left(tmp_path, check):
    with pytest.raises(MirrorError, match="cannot be written"):
        check(tmp_path / "new" / ("x" * 300), "out")
    assert everything(tmp_path) == []


def test_folder_and_file_are_not_confused(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(MirrorError, match="this is a folder"):
        check_file(tmp_path, "out")
    with pytest.raises(MirrorError, match="this is a file"):
        check_folder(tmp_path / "file", "out")


@pytest.mark.skipif(os.name != "posix", reason="rights of folders are POSIX's here")
def test_a_folder_without_the_right_to_write(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(MirrorError, match="cannot be written"):
        check_folder(closed / "new", "out")


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="needs /dev/null")
def test_a_link_that_may_not_be_read_is_said(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr(os.path, "realpath", refuse)
    for look in (check_file, check_folder, lambda path, label: write_whole(path, "text", label)):
        with pytest.raises(MirrorError, match="--record x: this path cannot be written .Permission denied"):
            look(tmp_path / "x", "--record x")


def test_a_device_is_never_replaced():
    for call in (
        lambda: check_file(Path("/dev/null"), "out"),
        lambda: write_whole(Path("/dev/null"), "", "out"),
    ):
        with pytest.raises(MirrorError, match="no ordinary file"):
            call()
    assert not os.path.isfile("/dev/null")


def test_written_whole_with_missing_folders(tmp_path):
    path = tmp_path / "a" / "b.txt"
    write_whole(path, "first ä\n", "out")
    write_whole(path, "second\n", "out")
    assert path.read_bytes() == b"second\n" and everything(tmp_path) == ["a", os.path.join("a", "b.txt")]


@pytest.mark.skipif(os.name != "posix", reason="symbolic links and modes are POSIX's here")
def test_a_link_is_followed_and_the_mode_kept(tmp_path):
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    write_whole(link, "new", "out")
    assert link.is_symlink() and real.read_text() == "new" and real.stat().st_mode & 0o777 == 0o640


def test_a_failed_write_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "old.txt"
    path.write_text("old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(MirrorError, match="No space left on device"):
        write_whole(path, "new", "out")
    assert path.read_text() == "old" and everything(tmp_path) == ["old.txt"]
