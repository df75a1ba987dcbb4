"""Keeping a layer for one frame more: only on a head that hardly moved, and never twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mirror.core.frame import Frame
from mirror.core.head_space import FACE_SHAPE_SIZE, HeadTransform
from mirror.core.layer import Layer
from mirror.pipeline.layer_reuse import CHANGED, Keeper
from mirror.pipeline.mirror import Mirror

HEAD = HeadTransform(300.0, 200.0, 400.0, 0.1)
SHAPE = np.zeros(FACE_SHAPE_SIZE, np.float32)
WORN = (object(), None)
PLANE = np.zeros((4, 4), np.float32)
LAYER = Layer(np.zeros((4, 4, 3), np.uint8), PLANE, PLANE, PLANE)


def keeper() -> Keeper:
    one = Keeper()
    one.note(LAYER, HEAD, SHAPE, WORN)
    return one


def test_a_still_head_keeps_it_once() -> None:
    one = keeper()
    assert one.kept(replace(HEAD, x=304.0), SHAPE + 0.01, WORN) is LAYER
    assert one.kept(HEAD, SHAPE, WORN) is None
    one.note(LAYER, HEAD, SHAPE, WORN)
    one.reset()
    assert one.kept(HEAD, SHAPE, WORN) is None


@pytest.mark.parametrize(
    ("transform", "shape", "worn"),
    [
        (replace(HEAD, x=312.0), SHAPE, WORN),
        (replace(HEAD, scale=410.0), SHAPE, WORN),
        (replace(HEAD, angle=0.13), SHAPE, WORN),
        (HEAD, SHAPE + 1.1 * CHANGED, WORN),
        (HEAD, SHAPE, (object(), None)),
        (HEAD, SHAPE, (WORN[0], object())),
        (HEAD, SHAPE, None),
    ],
)
def test_whatever_moves_or_changes_is_painted_anew(
    transform: HeadTransform, shape: np.ndarray, worn: tuple[object, ...] | None
) -> None:
    assert keeper().kept(transform, shape, worn) is None


def test_what_is_changing_is_not_kept() -> None:
    one = Keeper()
    one.note(LAYER, HEAD, SHAPE, None)
    assert one.kept(HEAD, SHAPE, WORN) is None


def test_in_a_stream_every_second_frame_of_a_still_head_is_painted(
    mirror: Mirror, demo_frame: np.ndarray
) -> None:
    mirror.styling.choose("bob")
    still = [mirror.process(Frame(demo_frame, n, 900 + n / 30)) for n in range(24)][14:]
    painted = [shown.stages["swap"] > 0 for shown in still]
    assert all(one != other for one, other in zip(painted, painted[1:], strict=False))
    moving = []
    for n in range(12):
        image = np.roll(demo_frame, 14 * n, axis=1)
        moving.append(mirror.process(Frame(image, 24 + n, 901 + n / 30)))
    followed = [s for s in moving[3:] if s.face is not None]
    assert len(followed) > 5 and all(shown.stages["swap"] > 0 for shown in followed)
