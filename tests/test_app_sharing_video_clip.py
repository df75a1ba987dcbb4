"""Clips: encoded aside, marked on every picture, whole, and gone when forgotten."""

from __future__ import annotations

import io
import threading
import time

import av
import numpy as np
import pytest

from mirror.app.sharing import video_clip as module
from mirror.app.sharing.video_clip import BACKLOG, Clip, stamp
from mirror.core.errors import MirrorError

SIZE = (160, 90)
MARK = np.zeros((12, 40, 4), np.uint8)
MARK[...] = (250, 10, 10, 255)


def picture(level: int = 90) -> np.ndarray:
    return np.full((SIZE[1], SIZE[0], 3), level, np.uint8)


def frames(film: np.ndarray) -> list[tuple[float, np.ndarray]]:
    """(seconds, RGB picture) of every frame."""
    with av.open(io.BytesIO(film.tobytes())) as file:
        return [(float(f.time), f.to_ndarray(format="rgb24")) for f in file.decode(video=0)]


def test_a_stamp_lies_at_the_lower_left_and_is_never_mirrored() -> None:
    image = np.zeros((90, 160, 3), np.uint8)
    image[:, :80] = 200
    mark = np.zeros((12, 40, 4), np.uint8)
    mark[:, :20] = (255, 0, 0, 255)
    mark[:, 20:] = (0, 0, 255, 255)
    for mirrored in (False, True):
        out = stamp(image, mark, mirrored)
        turned = image[:, ::-1] if mirrored else image
        changed = (out != turned).any(-1)
        rows, columns = np.nonzero(changed)
        assert rows.min() > 60 and columns.max() < 60 and changed.sum() == 12 * 40
        left, right = out[rows[0], columns[0]], out[rows[0], columns[-1]]
        assert tuple(left) == (255, 0, 0) and tuple(right) == (0, 0, 255)
    assert image[:, :80].all() and not image[:, 80:].any(), "the live picture itself is untouched"


def test_a_mark_larger_than_the_picture_is_cut() -> None:
    out = stamp(np.zeros((8, 20, 3), np.uint8), MARK)
    assert out.shape == (8, 20, 3) and (out == MARK[0, 0, :3]).all()


def test_every_picture_is_marked_and_keeps_its_time() -> None:
    clip = Clip(SIZE, 30, MARK, until=1.0)
    for n in range(12):
        clip.add(picture(40 + 15 * n), 100 + n / 20)
        while clip._pictures.qsize() > BACKLOG // 2:
            time.sleep(0.005)
    film = clip.file()
    assert film is not None and clip.done and clip.lost == 0
    seen = frames(film)
    assert [round(at, 3) for at, _ in seen] == [round(n / 20, 3) for n in range(12)]
    for n, (_, image) in enumerate(seen):
        assert abs(int(image[20, 80].mean()) - (40 + 15 * n)) < 5
        mark = image[-14:-6, 8:36].reshape(-1, 3).mean(0)
        assert mark[0] > 180 and mark[1:].max() < 70, "the mark"


def test_it_ends_by_time_or_early() -> None:
    clip = Clip(SIZE, 30, MARK, until=16.0)
    assert clip.left(10.0) == 6.0 and clip.left(20.0) == 0.0
    clip.add(picture(), 10.0)
    clip.end()
    clip.end()
    assert clip.left(10.0) == 0.0
    clip.add(picture(), 11.0)
    film = clip.file()
    assert film is not None and len(frames(film)) == 1
    empty = Clip(SIZE, 30, MARK, until=16.0)
    assert empty.file() is None, "nothing was shown, nothing is kept"


def test_a_slow_encoder_loses_pictures_and_never_holds_up_the_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()
    begun = threading.Event()

    def slow(image: np.ndarray, *_: object) -> np.ndarray:
        begun.set()
        assert free.wait(20)
        return image

    monkeypatch.setattr(module, "stamp", slow)
    clip = Clip(SIZE, 30, MARK, until=16.0)
    clip.add(picture(), 0.0)
    assert begun.wait(20)
    for n in range(1, 40):
        clip.add(picture(), n / 30)
    assert clip.lost == 39 - BACKLOG
    assert clip.file(timeout=0.0) is None and not clip.done, "asking does not wait either"
    free.set()
    film = clip.file()
    assert film is not None and len(frames(film)) == 1 + BACKLOG


def test_pictures_of_another_size_are_left_out() -> None:
    clip = Clip(SIZE, 30, MARK, until=16.0)
    clip.add(picture(), 0.0)
    clip.add(np.zeros((10, 10, 3), np.uint8), 0.1)
    film = clip.file()
    assert film is not None and len(frames(film)) == 1


def test_forgotten_it_leaves_only_zeros() -> None:
    for encoded in (False, True):
        clip = Clip(SIZE, 30, MARK, until=16.0)
        for n in range(4):
            clip.add(picture(), n / 30)
        if encoded:
            assert clip.file() is not None
        clip.forget()
        clip._thread.join(20)
        assert clip.file() is None
        assert not any(clip._file.getvalue())


def test_an_encoder_that_fails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MirrorError("the encoder broke")

    clip = Clip(SIZE, 30, MARK, until=16.0)
    monkeypatch.setattr(clip._recorder, "write", fail)
    clip.add(picture(), 0.0)
    assert clip.file() is None and clip.problem == "the encoder broke"
