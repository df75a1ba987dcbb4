"""Two heads close together: each keeps its own hair, and who is in front stays in front."""

from __future__ import annotations

import numpy as np

from mirror.core.head_crop import SIDE
from mirror.core.head_space import HeadTransform
from mirror.segmentation.instance_separation import apart, in_front_last
from mirror.segmentation.matting import Mattes


def place(x: float, y: float, scale: float = 400.0) -> HeadTransform:
    return HeadTransform(x, y, scale, 0.0)


def everywhere(hair: float = 1.0, person: float = 1.0) -> Mattes:
    full = np.ones((SIDE, SIDE), np.float32)
    return Mattes(full * np.float32(hair), full * np.float32(person), full * 0)


ME = place(640, 300)


def test_nobody_near_changes_nothing() -> None:
    mattes = everywhere()
    assert apart(mattes, ME, ()) is mattes
    assert apart(mattes, ME, (place(1400, 300),)) is mattes


def test_hair_of_a_head_beside_is_theirs_and_mine_stays_mine() -> None:
    found = apart(everywhere(), ME, (place(640 + 260, 300),))
    assert found.hair.dtype == np.float32 and found.hair.shape == (SIDE, SIDE)
    assert found.hair[:, : SIDE // 2].min() == 1, "the far half"
    assert found.hair[118, 250] == 0
    meet = np.nonzero(found.hair[118] < 0.5)[0][0] / SIDE
    assert 0.78 < meet < 0.87, "half way between the two"


def test_who_is_lower_is_in_front_and_who_is_higher_is_not() -> None:
    below, above = place(640 - 240, 480), place(640 - 240, 220)
    found = apart(everywhere(), ME, (below,))
    theirs = found.hair < 0.01
    assert theirs.mean() > 0.05 and found.front[theirs].min() > 0.98
    assert not found.front[:, SIDE // 2 :].any()
    behind = apart(everywhere(), ME, (above,))
    assert (behind.hair < 0.01).mean() > 0.05 and not behind.front.any()
    assert [n for n in in_front_last((below, ME, above))] == [2, 1, 0]


def test_where_they_are_there_is_no_wall() -> None:
    found = apart(everywhere(hair=0.0, person=0.0), ME, (place(640 + 240, 300),))
    assert found.person[118, 250] == 1 and not found.person[:, : SIDE // 2].any()
    assert not found.front.any(), "and nothing is held before a wall that is empty"


def test_a_head_far_behind_takes_no_more_than_its_own_place() -> None:
    small = apart(everywhere(), ME, (place(640 + 150, 200, scale=80.0),))
    assert 0 < (small.hair < 0.5).mean() < 0.04
