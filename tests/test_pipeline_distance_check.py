"""Who is too far away is told to step closer, and nothing is begun until then."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.core.head_space import EYE_DISTANCE, HeadTransform
from mirror.pipeline.distance_check import BACK, CLOSER, LEAST_EYES, Reach, check_reach, leaves, too_small
from mirror.pipeline.mirror import Mirror
from mirror.removal.long_hair import Under

SIZE = (640, 480)
NEAR = HeadTransform(320.0, 230.0, 300.0, 0.0)
NONE = np.zeros((256, 256), np.float32)
clock = count(1)


def head(eyes: float) -> HeadTransform:
    return replace(NEAR, scale=eyes / EYE_DISTANCE)


def hanging(rows: int) -> Under:
    """Hair over the whole width of so many rows below the head's square."""
    cover = NONE.copy()
    cover[77 : 77 + rows] = 1
    return Under(np.zeros((256, 256, 3), np.uint8), cover, cover, NONE)


def test_eyes_must_be_so_far_apart() -> None:
    assert too_small(head(LEAST_EYES)) == pytest.approx(1.0)
    assert too_small(head(LEAST_EYES * 4)) == pytest.approx(0.25)
    check_reach(NONE, None, head(LEAST_EYES + 0.1), SIZE)
    with pytest.raises(MirrorError, match=r"12 pixels apart, and 20 are needed\. Give a larger"):
        check_reach(NONE, None, head(12), SIZE)


def test_a_little_hair_below_the_square_is_well_and_much_is_not() -> None:
    assert leaves(NONE, None, NEAR, SIZE) == 0
    assert leaves(NONE, hanging(10), NEAR, SIZE) < 1 < leaves(NONE, hanging(40), NEAR, SIZE)
    inside = NONE.copy()
    inside[10:, 40:200] = 1
    assert leaves(inside, hanging(0), NEAR, SIZE) == 0, "within the square it may be as long as it likes"
    with pytest.raises(MirrorError, match="cut closer"):
        check_reach(NONE, hanging(60), NEAR, SIZE)


@pytest.mark.parametrize("edge", ["left", "right", "top"])
def test_hair_beyond_another_edge_counts_where_the_frame_goes_on(edge: str) -> None:
    hair = NONE.copy()
    part = {"left": np.s_[80:120, :20], "right": np.s_[80:120, -20:], "top": np.s_[:20, 80:120]}[edge]
    hair[part] = 1
    assert leaves(hair, None, NEAR, SIZE) > 1
    ends = {
        "left": replace(NEAR, x=148.0), "right": replace(NEAR, x=640 - 148.0), "top": replace(NEAR, y=136.0)
    }[edge]  # fmt: skip
    assert leaves(hair, None, ends, SIZE) < 0.2, "where the frame ends nothing is seen of it"
    turned = replace(NEAR, angle=0.4)
    assert leaves(hair, None, turned, (2000, 2000)) > 1


def test_nothing_is_begun_too_far_away_and_nothing_goes_at_a_stroke() -> None:
    reach, now = Reach(), 0.0
    assert reach.share(head(12), now) == 0 and reach.advice == CLOSER
    # A little nearer than it must be, or trembling would switch it on and off.
    for eyes in (LEAST_EYES + 0.5, LEAST_EYES / BACK - 0.5):
        now += 0.1
        assert reach.share(head(eyes), now) == 0 and reach.advice == CLOSER
    shares = []
    for _ in range(15):
        now += 0.1
        shares.append(reach.share(head(40), now))
    assert not any(shares[:9]), "not before it has lasted"
    begun = [share for share in shares if share > 0]
    assert 0 < begun[0] < begun[1] < 1 and shares[-1] == 1 and reach.advice == ""
    reach.note(NONE, hanging(60), NEAR, SIZE)
    for _ in range(11):
        now += 0.1
        last = reach.share(head(40), now)
    assert 0 < last < 1 and reach.advice == CLOSER
    reach.reset()
    assert reach.share(head(40), now) == 1 and reach.advice == ""


def test_hair_does_not_come_and_go_with_each_turn_of_a_head() -> None:
    reach = Reach()
    for begins in (True, False):
        reach.reset()
        shares = []
        for number in range(120):
            hangs = (number // 12) % 2 == begins  # four tenths of a second each
            reach.note(NONE, hanging(60 if hangs else 0), NEAR, SIZE)
            shares.append(reach.share(head(40), number / 30))
        assert set(shares) == {float(begins)}


def far_away(portrait: np.ndarray, side: int) -> np.ndarray:
    """The portrait, `side` pixels high, in a large plain picture."""
    small = cv2.resize(portrait, (side, side), interpolation=cv2.INTER_AREA)
    return cv2.copyMakeBorder(small, 0, 20, 60, 60, cv2.BORDER_REPLICATE)


def test_the_mirror_says_so_and_leaves_the_picture_alone(mirror: Mirror, portrait: np.ndarray) -> None:
    face = mirror.find_face(portrait)
    assert face is not None
    eyes = HeadTransform.from_face(face).scale * EYE_DISTANCE
    picture = far_away(portrait, round(512 * 16 / eyes))
    with pytest.raises(MirrorError, match="too small"):
        mirror.apply(picture)

    def last(image: np.ndarray, frames: int):  # type: ignore[no-untyped-def]
        for _ in range(frames):
            number = next(clock)
            out = mirror.process(Frame(image, number, number / 30))
        return out

    last(np.full_like(picture, 90), 1)
    for _ in range(12):
        out = last(picture, 1)
        assert out.face is not None and out.advice == CLOSER
        assert (out.image == picture).all(), "nothing is begun"
    near = far_away(portrait, round(512 * 45 / eyes))
    last(np.full_like(near, 90), 1)
    out = last(near, 14)
    assert out.advice == "" and (out.image != near).any()
