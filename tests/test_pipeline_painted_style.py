"""A painted style over a stream: painted beside the frames, laid in each of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count

import numpy as np
import pytest

from mirror.compositing.laid_hair import LaidHair
from mirror.compositing.laid_painting import LaidPainting
from mirror.core.frame import Frame
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown

clock = count(1)


@pytest.fixture
def fresh(mirror: Mirror) -> Iterator[Mirror]:
    mirror.forget()
    mirror.styling.choose("bob")
    yield mirror
    mirror._workers.close()
    mirror.forget()


def stream(mirror: Mirror, image: np.ndarray, frames: int) -> list[Shown]:
    """Some frames at 30 a second."""
    found = []
    for _ in range(frames):
        number = next(clock)
        found.append(mirror.process(Frame(image, number, 3000 + number / 30)))
    return found


def layer_of(one: Shown) -> int:
    assert isinstance(one.laid, LaidPainting)
    return id(one.laid.painting)


def test_it_is_painted_some_times_a_second_and_laid_in_each_frame(
    fresh: Mirror, demo_frame: np.ndarray
) -> None:
    began = stream(fresh, demo_frame, 30)
    assert all(one.swapped for one in began)
    sharp = next(n for n, one in enumerate(began) if one.laid and one.laid.layer.strands is not None)
    assert sharp / 30 < 0.5
    assert "matte" in began[0].stages
    resting = stream(fresh, demo_frame, 30)
    assert 2 <= len({layer_of(one) for one in resting}) <= 5
    assert 5 <= sum("matte" in one.stages for one in resting) <= 12, "a hand may come"
    moving = []
    for step in range(24):
        moving += stream(fresh, np.roll(demo_frame, step, axis=1), 1)
    assert 5 <= len({layer_of(one) for one in moving}) <= 12


def test_a_stream_without_workers_comes_out_the_same_each_time(fresh: Mirror, demo_frame: np.ndarray) -> None:
    pictures = []
    for _ in range(2):
        fresh.forget()
        began = [fresh.process(Frame(demo_frame, n, 5000 + n / 30)).image for n in range(10)]
        pictures.append(np.stack(began))
    assert np.array_equal(*pictures)


def test_no_frame_waits_for_a_painter_that_is_slow(
    fresh: Mirror, demo_frame: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh.start_workers()
    stream(fresh, demo_frame, 20)
    fresh._stream.settle()
    last = stream(fresh, demo_frame, 1)[0]
    fresh._stream.settle()
    painter, free, begun = fresh.engines["underlay"], threading.Event(), threading.Event()
    run = painter.run

    def slowly(**inputs: np.ndarray) -> dict[str, np.ndarray]:
        begun.set()
        assert free.wait(30)
        return run(**inputs)

    monkeypatch.setattr(painter, "run", slowly)
    fresh.styling.choose("afro", 3000 + next(clock) / 30)
    found = stream(fresh, demo_frame, 12)
    assert begun.wait(10) and all(one.swapped for one in found)
    assert len({layer_of(one) for one in found}) <= 2 and last.swapped
    before = found[-1].mattes()[1]
    free.set()
    for _ in range(12):
        after = stream(fresh, demo_frame, 1)[0]
        fresh._stream.settle()
    assert after.mattes()[1].sum() > 1.2 * before.sum(), "there it is"


def test_from_painted_to_grown_and_back_no_picture_is_bare(fresh: Mirror, demo_frame: np.ndarray) -> None:
    fresh.start_workers()
    stream(fresh, demo_frame, 20)
    kinds: list[type] = []
    for style in ("bob with fringe", "bob"):
        fresh.styling.choose(style, 3000 + next(clock) / 30)
        for _ in range(30):
            one = stream(fresh, demo_frame, 1)[0]
            assert one.swapped and (one.image != demo_frame).any()
            kinds.append(type(one.laid))
            fresh._stream.settle()
    assert kinds[29] is LaidHair and kinds[-1] is LaidPainting


def test_a_new_painting_does_not_come_at_a_stroke(fresh: Mirror, demo_frame: np.ndarray) -> None:
    stream(fresh, demo_frame, 20)
    whole = []
    for one in stream(fresh, demo_frame, 40):
        assert isinstance(one.laid, LaidPainting)
        whole.append(one.laid.sheet is one.laid.painting.sheet)
    assert not all(whole) and any(whole), "some frames lie between two paintings"
    number = whole.index(False)
    assert whole[number : number + 4] == [False, False, True, True]
