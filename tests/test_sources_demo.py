"""The demo: the same pictures every time, a head that moves over a room that does not."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.sources import demo
from mirror.sources.demo import MIDDLE, DemoSource, pose, read_portrait


@pytest.fixture(scope="module")
def source() -> DemoSource:
    return DemoSource(pace="max")


def test_the_portrait_is_scikit_images_own() -> None:
    skimage_data = pytest.importorskip("skimage.data")
    assert np.array_equal(read_portrait(), skimage_data.astronaut())


def test_frames_follow_from_their_number(source: DemoSource) -> None:
    other = DemoSource(pace="max")
    for index in (0, 57, 1234):
        image = source.image(index)
        assert image.shape == (720, 1280, 3) and image.dtype == np.uint8
        assert np.array_equal(image, other.image(index))
    first = other.read()
    assert first is not None and first.index == 0 and np.array_equal(first.image, source.image(0))


def test_the_room_stands_still_but_for_noise_of_two_levels(source: DemoSource) -> None:
    corner = np.stack([source.image(index)[:80, :80] for index in range(0, 60, 2)]).astype(np.float32)
    assert 1.7 < corner.std(0).mean() < 2.3
    assert np.abs(np.diff(corner.mean((1, 2)), axis=0)).max() < 1.0
    assert not np.array_equal(corner[0], corner[1])


def test_the_head_sways_tilts_and_comes_nearer(source: DemoSource) -> None:
    poses = [pose(index) for index in range(600)]
    assert max(p.right for p in poses) > 60 and min(p.right for p in poses) < -60
    assert max(p.tilt for p in poses) > 6 and min(p.tilt for p in poses) < -6
    assert max(p.nearer for p in poses) > 1.05 and min(p.nearer for p in poses) < 0.95
    steps = [abs(b.right - a.right) + abs(b.down - a.down) for a, b in zip(poses, poses[1:], strict=False)]
    assert max(steps) < 6, "a head does not jump"
    middle = np.stack([source.image(index)[300:420, 560:720] for index in range(0, 90, 10)])
    assert middle.astype(np.float32).std(0).mean() > 10


def test_the_face_is_where_and_as_large_as_said(source: DemoSource) -> None:
    mediapipe = pytest.importorskip("mediapipe")
    if not hasattr(mediapipe, "solutions"):
        pytest.skip("this MediaPipe carries no face model")
    from mirror.tracking.mediapipe.solutions import SolutionsTracker

    tracker = SolutionsTracker(still=True, faces=1)
    for index in (0, 45, 130):
        (face,) = tracker.track(source.image(index))
        assert 300 * 0.9 * 0.9 < face.height < 300 * 1.1 * 1.1
        left, top, right, bottom = face.box
        assert left > 300 and right < 980 and top > 120 and bottom < 680
    tracker.close()


@pytest.mark.parametrize("size", [(640, 360), (641, 483), (720, 1280), (480, 1920), (64, 64)])
def test_every_shape_of_frame_is_filled(size: tuple[int, int]) -> None:
    small = DemoSource(size, pace="max")
    image = small.image(30)
    assert image.shape == (size[1], size[0], 3) and small.size == size
    # The body reaches the lower edge, whatever the shape: it is no cut-out that floats.
    assert np.abs(image[-3:, size[0] // 2].astype(int) - image[:3, 2].astype(int)).mean() > 25


def test_pace_source_gives_thirty_a_second_and_loses_what_comes_late() -> None:
    source = DemoSource((320, 180), pace="source")
    assert source.live and source.rate == 30.0
    began = time.monotonic()
    for _ in range(7):
        source.read()
    assert 0.19 <= time.monotonic() - began < 2
    before = source.dropped
    time.sleep(0.3)
    frame = source.read()
    assert frame is not None and source.dropped - before >= 6
    assert frame.index == source.dropped + 7
    source.close()
    assert source.read() is None


def test_a_missing_or_other_portrait_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "PORTRAIT_SHA256", "0" * 64)
    with pytest.raises(MirrorError, match="not the portrait that scikit-image ships"):
        DemoSource()
    monkeypatch.setattr(demo.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MirrorError, match="scikit-image, which is not installed"):
        DemoSource()
    with pytest.raises(MirrorError, match="not a possible picture size"):
        DemoSource((1280, 7))


def test_no_wall_of_her_own_comes_along_with_her(source: DemoSource) -> None:
    width, height = source.size
    for index in (0, 20, 45):
        picture = source.image(index).astype(float)
        off = np.abs(cv2.blur(picture - MIDDLE - source._room, (9, 9))).max(2)
        # Beside her hair, where her own wall was; a row begins with the room and ends with her.
        rows = off[round(0.2 * height) : round(0.4 * height), : width // 2]
        begins = (rows > 25).argmax(1)
        assert (begins > width // 4).all()
        rim = [
            row[at - round(0.06 * height) - 40 : at - round(0.03 * height)]
            for row, at in zip(rows, begins, strict=True)
        ]
        assert np.mean(np.concatenate(rim)) < 1.5
