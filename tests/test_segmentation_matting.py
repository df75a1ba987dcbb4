"""Matting: three mattes of a head crop, and what is remembered of the picture before."""

from __future__ import annotations

import numpy as np

from mirror.engines.protocol import Port
from mirror.segmentation.matting import MEMORY, UNKNOWN, Matting

HEAD = np.zeros((1, 3, 256, 256), np.float32)


class Answers:
    """A network that gives flat mattes, one set after the other, and keeps what it was told."""

    def __init__(self, *values: tuple[float, float, float]) -> None:
        self.inputs = {"image": Port(HEAD.shape, "float32"), "previous": Port((1, 1, 256, 256), "float32")}
        self.told: list[np.ndarray] = []
        self._values = list(values)

    def run(self, image: np.ndarray, previous: np.ndarray) -> dict[str, np.ndarray]:
        self.told.append(previous.copy())
        value = np.array(self._values.pop(0), np.float32)[:, None, None]
        return {"mattes": np.broadcast_to(value, (3, 256, 256))[None]}


def test_a_stream_is_told_of_the_picture_before_and_smoothed() -> None:
    engine = Answers((0.2, 0.9, 0.0), (0.6, 0.9, 1.0), (0.6, 0.9, 1.0))
    matting = Matting(engine)
    first, second = matting.look(HEAD), matting.look(HEAD)
    assert (first.hair == np.float32(0.2)).all() and (first.front == 0).all()
    hair = 0.6 + (0.2 - 0.6) * MEMORY
    np.testing.assert_allclose(second.hair, hair, atol=1e-6)
    np.testing.assert_allclose(second.front, 1 - hair, atol=1e-6, err_msg="hair is not before itself")
    assert (engine.told[0] == UNKNOWN).all()
    np.testing.assert_allclose(engine.told[1], 0.2, atol=1e-6)
    matting.look(HEAD)
    np.testing.assert_allclose(engine.told[2], hair, atol=1e-6)
    assert all(told.shape == (1, 1, 256, 256) and told.dtype == np.float32 for told in engine.told)


def test_a_still_picture_neither_uses_nor_leaves_a_memory() -> None:
    engine = Answers((0.2, 0, 0), (0.9, 0, 0), (0.5, 0, 0))
    matting = Matting(engine)
    matting.look(HEAD)
    assert (matting.matte(HEAD, still=True) == np.float32(0.9)).all()
    assert (engine.told[1] == UNKNOWN).all()
    np.testing.assert_allclose(matting.matte(HEAD), 0.5 + (0.2 - 0.5) * MEMORY, atol=1e-6)


def test_another_face_begins_anew() -> None:
    engine = Answers((0.2, 0, 0), (0.9, 0, 0))
    matting = Matting(engine)
    matting.look(HEAD)
    matting.reset()
    assert (matting.look(HEAD).hair == np.float32(0.9)).all()
    assert (engine.told[1] == UNKNOWN).all()
