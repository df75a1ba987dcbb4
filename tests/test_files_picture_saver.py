"""Pictures to keep: written whole, never overwriting, never lost to a full disk, and wiped when let go."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.files import picture_saver as module
from mirror.files.picture_saver import MOST, Pictures, encode_png, why, write_new

WHEN = datetime(2026, 3, 1, 14, 5, 9)
RNG = np.random.default_rng(0)


def picture() -> np.ndarray:
    return RNG.integers(0, 256, (90, 160, 3), dtype=np.uint8)


def until(wanted: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not wanted():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


class Disk:
    """Writes as `write_new` does, or fails as a disk does while `error` is set. Keeps what it was given."""

    def __init__(self) -> None:
        self.error: OSError | None = None
        self.given: list[np.ndarray] = []
        self.tries = 0
        self.hold = threading.Event()
        self.hold.set()

    def __call__(self, folder: Path, stem: str, ending: str, data: np.ndarray) -> Path:
        self.tries += 1
        self.given.append(data)
        assert self.hold.wait(20)
        if self.error is not None:
            raise self.error
        return write_new(folder, stem, ending, data)


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def kept(disk: Disk, tmp_path: Path) -> Iterator[Pictures]:
    pictures = Pictures(tmp_path / "Pictures" / "Hair Mirror", write=disk)
    yield pictures
    disk.hold.set()
    pictures.forget()
    pictures.close()


def files(folder: Path) -> list[str]:
    return sorted(os.listdir(folder)) if folder.exists() else []


def test_saved_under_date_and_time_and_never_overwritten(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "Pictures" / "Hair Mirror")
    images = [picture() for _ in range(3)]
    for image in images:
        assert pictures.keep(image.copy(), when=WHEN)
    names = [f"2026-03-01 14.05.09{number}.png" for number in ("", " (2)", " (3)")]
    until(lambda: files(pictures.folder) == sorted(names))
    for name, image in zip(names, images, strict=True):
        assert np.array_equal(cv2.imread(str(pictures.folder / name))[..., ::-1], image)
    until(lambda: (pictures.told() or "").startswith("Saved to "))
    assert [path.name for path in pictures.saved] == names
    assert pictures.told() is None, "said once"
    assert pictures.close() == 0


def test_a_folder_without_hard_links_overwrites_nothing_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(module.os, "link", refuse)
    for number in (1, 2):
        write_new(tmp_path, "a", ".mp4", np.full(4, number, np.uint8))
    assert {name: (tmp_path / name).read_bytes()[0] for name in files(tmp_path)} == {
        "a.mp4": 1,
        "a (2).mp4": 2,
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of files")
def test_a_disk_that_fills_up_leaves_nothing_half_written(tmp_path: Path) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OSError) as caught:
            write_new(tmp_path, "a", ".png", encode_png(picture()))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert why(caught.value) == "the disk is full"
    assert files(tmp_path) == []


def test_what_cannot_be_written_waits_and_is_saved_when_there_is_room(disk: Disk, kept: Pictures) -> None:
    disk.error = FULL
    image = picture()
    kept.keep(image.copy(), when=WHEN)
    until(lambda: kept.waiting == 1)
    assert kept.reason == "the disk is full" and kept.told() is None
    disk.error = None
    kept.try_again()
    until(lambda: kept.waiting == 0)
    assert kept.reason == ""
    assert np.array_equal(cv2.imread(str(kept.folder / "2026-03-01 14.05.09.png"))[..., ::-1], image)


def test_it_tries_again_by_itself(disk: Disk, kept: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.05)
    disk.error = FULL
    kept.keep(picture())
    until(lambda: disk.tries >= 3)
    disk.error = None
    until(lambda: kept.waiting == 0)
    assert len(files(kept.folder)) == 1


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("nothing is forbidden to this user")
    pictures = Pictures(folder)
    pictures.keep(picture())
    until(lambda: pictures.waiting == 1)
    assert pictures.reason == "this user may not write there"
    folder.chmod(0o700)
    pictures.try_again()
    until(lambda: pictures.waiting == 0)
    assert pictures.close() == 0 and len(files(folder)) == 1


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "Pictures").write_text("not a folder")
    pictures = Pictures(tmp_path / "Pictures" / "Hair Mirror")
    pictures.keep(picture())
    until(lambda: pictures.waiting == 1)
    assert pictures.reason == "the pictures folder cannot be made"
    (tmp_path / "Pictures").unlink()
    assert pictures.close() == 0, "leaving tries a last time"
    assert len(files(pictures.folder)) == 1


def test_no_more_than_so_many_are_held(disk: Disk, kept: Pictures) -> None:
    disk.error = FULL
    for _ in range(MOST):
        assert not kept.full and kept.keep(picture())
    assert kept.full and not kept.keep(picture())
    until(lambda: kept.waiting == MOST)
    kept.let_go()
    assert kept.waiting == MOST - 1 and kept.keep(picture())


def test_the_one_let_go_is_the_oldest_and_is_wiped(disk: Disk, kept: Pictures) -> None:
    disk.error = FULL
    for number in (7, 9):
        kept.keep(np.full(100, number, np.uint8), ending=".mp4")
    until(lambda: kept.waiting == 2)
    kept.let_go()
    wiped = {data.any() for data in disk.given[:1]}
    assert wiped == {False} and kept.waiting == 1
    disk.error = None
    kept.try_again()
    until(lambda: kept.waiting == 0)
    assert (kept.folder / files(kept.folder)[0]).read_bytes() == bytes([9] * 100)


def test_forgetting_wipes_every_picture_from_memory(disk: Disk, kept: Pictures) -> None:
    disk.error = FULL
    image = picture()
    kept.keep(image)
    kept.keep(np.full(100, 3, np.uint8), ending=".mp4")
    until(lambda: kept.waiting == 2)
    assert not image.any(), "encoded, the picture itself is needed no more"
    kept.forget()
    assert kept.waiting == 0 and not kept.full and kept.reason == ""
    assert len(disk.given) >= 2 and not any(data.any() for data in disk.given)
    assert files(kept.folder) == []


def test_one_that_is_given_up_while_it_is_written_does_not_stay_on_the_disk(
    disk: Disk, kept: Pictures
) -> None:
    disk.hold.clear()
    kept.keep(np.full(100, 3, np.uint8), ending=".mp4")
    until(lambda: disk.tries == 1)
    kept.forget()
    assert disk.given[0].all(), "half of it may be on the disk already"
    disk.hold.set()
    until(lambda: not disk.given[0].any())  # written, then wiped
    assert files(kept.folder) == [] and kept.saved == () and kept.told() is None


def test_leaving_says_what_is_lost(disk: Disk, kept: Pictures, caplog: pytest.LogCaptureFixture) -> None:
    disk.error = FULL
    kept.keep(np.full(100, 3, np.uint8), ending=".mp4")
    kept.keep(np.full(100, 4, np.uint8), ending=".mp4")
    assert kept.close() == 2
    assert "2 pictures could not be saved" in caplog.text and "the disk is full" in caplog.text
    assert not any(data.any() for data in disk.given)
    assert not kept.keep(picture()), "closed"


def test_a_disk_that_hangs_does_not_hold_up_who_asks(disk: Disk, kept: Pictures) -> None:
    disk.hold.clear()
    began = time.monotonic()
    for _ in range(3):
        kept.keep(picture())
        kept.told()
        assert kept.waiting == 0
    assert time.monotonic() - began < 5
