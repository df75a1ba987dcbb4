"""Own sides stay the camera's where they are about as short as the new style's, and only there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.compositing.own_hairline import ONE, own_roots
from mirror.compositing.own_sides import ROWS, alike, own_sides, settled
from mirror.core.head_crop import SIDE
from mirror.core.head_space import EYE_CENTRE, EYE_DISTANCE
from mirror.segmentation.matting import Mattes
from tests.test_compositing_own_hairline import head_with

EYES, ROW = EYE_DISTANCE * SIDE, round(EYE_CENTRE[1] * SIDE)


def oval(wide: float, high: float) -> np.ndarray:
    """Alpha of an oval round the middle of a head, half axes in eye distances, uint8."""
    found = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(found, (SIDE // 2, ROW), (round(wide * EYES), round(high * EYES)), 0, 0, 360, 255, -1)
    return found


def cap(wide: float, until: float = 0.3, face: float = 1.05) -> np.ndarray:
    """Alpha of short hair round a face, down to so many eye distances below the eyes, uint8."""
    found = oval(wide, 2.3)
    found[oval(face, 1.6) > 0] = 0
    found[ROW + round(until * EYES) :] = 0
    return found


BARE = oval(1.15, 2.0).astype(np.float32) / 255


def mattes(hair: np.ndarray) -> Mattes:
    alpha = hair.astype(np.float32) / 255
    return Mattes(alpha, np.maximum(alpha, BARE), np.zeros((SIDE, SIDE), np.float32))


def test_short_sides_under_a_short_style_stay() -> None:
    left, right = alike(mattes(cap(1.25)), BARE, cap(1.3))
    assert left > 0.95 and right > 0.95
    kept = own_sides((left, right))
    assert kept.shape == (ROWS, SIDE)
    side = round(1.2 * EYES)
    assert kept[ROW, SIDE // 2 - side] > 0.9 and kept[ROW, SIDE // 2 + side] > 0.9
    assert not kept[:, [0, 1, 2, 3, -4, -3, -2, -1]].any(), (
        "nothing at the edge of the square, which would be a line"
    )
    assert not kept[: ROW - round(0.85 * EYES)].any(), "the top is the style's"
    assert not kept[:, SIDE // 2 - round(0.6 * EYES) : SIDE // 2 + round(0.6 * EYES)].any(), "and the face"


@pytest.mark.parametrize(
    ("own", "new"),
    [
        (cap(1.25), cap(1.7)),  # much wider than theirs
        (cap(1.25), cap(1.3, until=3.0)),  # long
        (cap(1.3, until=3.0), cap(1.3)),
        (cap(1.6), cap(1.2)),  # what stands out would have to go
        (cap(0.0), cap(1.3, face=0.8)),  # theirs are bare
    ],
    ids=["wider", "long", "own long", "own thick", "bare"],
)
def test_sides_that_differ_do_not(own: np.ndarray, new: np.ndarray) -> None:
    assert alike(mattes(own), BARE, new) == (0.0, 0.0)


def test_each_side_is_looked_at_by_itself() -> None:
    new = cap(1.3)
    new[:, : SIDE // 2] = cap(1.8)[:, : SIDE // 2]
    left, right = alike(mattes(cap(1.25)), BARE, new)
    assert left == 0.0 and right > 0.95
    kept = own_sides((left, right))
    assert not kept[:, : SIDE // 2].any() and kept[:, SIDE // 2 :].any()


def test_clipped_hair_on_the_head_may_stay_and_an_unknown_head_is_taken_as_none() -> None:
    clipped, narrow = cap(1.15, face=0.8), cap(1.1, face=1.05)
    assert min(alike(mattes(clipped), BARE, narrow)) > 0.95
    assert max(alike(mattes(clipped), None, narrow)) == 0.0


def test_own_sides_take_the_new_colour_and_skin_is_the_cameras() -> None:
    head, seen = head_with(66)
    new = np.zeros((SIDE, SIDE, 4), np.uint8)
    new[..., 3] = (seen.hair * 255).astype(np.uint8)
    new[..., :3] = new[..., 3:] // 4
    roots = own_roots(head, seen, new, (1.0, 1.0))
    assert roots is not None
    at = np.s_[ROW, SIDE // 2 + round(1.3 * EYES)]
    assert roots.share[at] > 240 and (roots.picture[at][:3] == ONE).all(), "no hair there"
    hair = np.s_[ROW - round(0.62 * EYES), SIDE // 2 + round(1.2 * EYES)]
    assert seen.hair[hair] == 0 or (roots.picture[hair][:3] < ONE).all()
    none = own_roots(head, seen, new)
    assert none is None or not none.share[at]


def test_a_colour_that_own_hair_cannot_take_is_not_begun() -> None:
    head, seen = head_with(150)
    new = np.zeros((SIDE, SIDE, 4), np.uint8)
    new[seen.hair > 0] = (255, 255, 255, 255)
    roots = own_roots(head, seen, new, (1.0, 1.0))
    at = np.s_[ROW, SIDE // 2 + round(1.3 * EYES)]
    assert roots is None or not roots.share[at], "twice as light at most: white on grey sides would be of two"


def test_a_side_stays_wholly_or_not_at_all_and_does_not_come_and_go() -> None:
    held = settled((0.6, 0.4), None)
    assert held == (1.0, 0.0)
    for found in ((0.3, 0.7), (0.7, 0.3), (0.26, 0.74)):
        held = settled(found, held)
        assert held == (1.0, 0.0), "between both limits it is as it was"
    seen = [held := settled((0.0, 1.0), held) for _ in range(6)]
    assert 0 < seen[0][0] < 1 and seen[-1] == (0.0, 1.0), "softly, and then it is over"
