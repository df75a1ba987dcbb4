"""Figures over time, and filmstrips, on a mirror whose hair is known."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from mirror.compositing.laid_painting import LaidPainting, painting_of
from mirror.core.errors import MirrorError
from mirror.core.face import Face
from mirror.core.head_space import HeadTransform, face_shape, paste_back
from mirror.core.layer import Layer
from mirror.engines import ENGINES_FOLDER
from mirror.pipeline.shown_frame import Shown
from mirror.removal.background_plate import Plate
from tests.train_tiny import some_face
from train.evaluation.filmstrip import draw, save_filmstrips, watch
from train.evaluation.temporal_stability import _flicker_of, motion

ON_A_FRAME = HeadTransform(x=160.0, y=118.0, scale=200.0, angle=0.0)


class FakeMirror:
    """Lays hair over the top of the head that does not follow its jitter."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._rng = np.random.default_rng(0)
        points = some_face(yaw=0).landmarks.copy()
        points[:, :2] = ON_A_FRAME.to_frame((points[:, :2] + 0.5) / 256)
        self._face = Face(points)

    def process(self, frame) -> Shown:
        new = np.zeros((256, 256), np.float32)
        new[10:80, 60:190] = 1
        layer = Layer(np.zeros((256, 256, 3), np.uint8), new, np.zeros_like(new), new)
        height, width = frame.image.shape[:2]
        matte = paste_back(new, ON_A_FRAME, (0, 0, width, height))[..., None] > 0
        boiling = self._rng.normal(120, 10, frame.image.shape)
        colour = {"still": 120, "lags": 40, "camera": frame.image, "boils": boiling}
        image = np.where(matte, colour[self._kind], frame.image).astype(np.uint8)
        shape, size = face_shape(self._face, ON_A_FRAME), (width, height)
        painting = painting_of(layer, shape, ON_A_FRAME, size)
        laid = LaidPainting(painting, painting.sheet, shape, ON_A_FRAME, 1.0, Plate())
        return Shown(frame, image, self._face, laid, ON_A_FRAME, 1.0)


@pytest.mark.parametrize(
    "kind, low, high", [("still", 0, 0.3), ("lags", 0.4, 2), ("camera", 0.95, 1.05), ("boils", 4, 6)]
)
def test_flicker_is_measured_against_the_camera(kind: str, low: float, high: float) -> None:
    """Hair like the wall behind it does not flicker, hair of another colour does at its edge; hair with the
    camera's own noise of 2 flickers at 1, with a noise of 10 at 5."""
    # Small tiles: a shift that were not undone would show in the face too.
    tiles = np.random.default_rng(3).integers(100, 140, (60, 80, 3))
    photograph = tiles.repeat(4, 0).repeat(4, 1).astype(np.uint8)
    found = _flicker_of(FakeMirror(kind), photograph, 20, np.random.default_rng(0))  # type: ignore[arg-type]
    assert found is not None and low <= found <= high


def test_flicker_of_a_face_that_is_lost() -> None:
    nobody = SimpleNamespace(process=lambda frame: Shown(frame, frame.image))
    photograph = np.full((240, 320, 3), 120, np.uint8)
    assert _flicker_of(nobody, photograph, 2, np.random.default_rng(0)) is None  # type: ignore[arg-type]


def test_motion_without_a_clip(tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(MirrorError, match="holds no video"):
            motion(folder, None, ENGINES_FOLDER, "1")  # type: ignore[arg-type]


class FakeClip:
    """Thirty frames, each with its number as its brightness."""

    rate, size = 25.0, (320, 240)

    def __init__(self, count: int = 30) -> None:
        self._left = iter(range(count))

    def read(self):
        i = next(self._left, None)
        return None if i is None else SimpleNamespace(image=np.full((240, 320, 3), i, np.uint8))


def test_a_filmstrip_shows_every_nth_frame_and_what_became_of_it() -> None:
    mirror = FakeMirror("still")
    strip = watch(mirror, FakeClip(), every=10, count=9)  # type: ignore[arg-type]
    assert strip.numbers == [0, 10, 20] and strip.faces == 3
    assert [frame[0, 0, 0] for frame in strip.before] == [0, 10, 20]
    left, top, right, bottom = strip.around
    assert (left, top, right) == (60, 26, 261) and bottom == 227
    picture = draw(strip, "bob", tile=101)
    assert picture.shape == (202, 3 * round(101 * 201 / 201), 3)
    wide = draw(strip, "bob", tile=bottom - top)
    before, after = np.vsplit(wide, 2)
    # The fake's hair is grey 120, and lies over the top of the head in the lower row alone.
    assert (after == 120).all(-1)[40].sum() > 200 and not (before == 120).all(-1).any()
    assert watch(mirror, FakeClip(), every=15, count=2).numbers == [0, 15]  # type: ignore[arg-type]


def test_a_filmstrip_without_a_face_is_the_whole_frame() -> None:
    nobody = SimpleNamespace(process=lambda frame: Shown(frame, frame.image))
    strip = watch(nobody, FakeClip(3), every=1, count=9)  # type: ignore[arg-type]
    assert strip.numbers == [0, 1, 2] and strip.faces == 0 and strip.around == (0, 0, 320, 240)


def test_filmstrips_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="holds no video"):
        save_filmstrips(tmp_path / "out", tmp_path, ENGINES_FOLDER, "bob")
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    with pytest.raises(MirrorError, match="None of the videos"):
        save_filmstrips(tmp_path / "out", tmp_path, ENGINES_FOLDER, "bob")
    (tmp_path / "file").touch()
    with pytest.raises(MirrorError, match="cannot be made"):
        save_filmstrips(tmp_path / "file" / "out", tmp_path, ENGINES_FOLDER, "bob")
