"""Brows that hair hung over are seen again where it is taken away."""

from __future__ import annotations

import numpy as np

from mirror.core.head_crop import SIDE, Head
from mirror.core.head_space import brow_points
from mirror.removal.hidden_brows import with_brows
from tests.train_tiny import SQUARE, some_face

SKIN, HAIR = np.float32(0.7), np.float32(0.15)


def head_with(seen: np.ndarray | np.float32, brows: np.ndarray | None) -> Head:
    """A head that is one colour, with such brows."""
    whole = np.full((SIDE, SIDE), 255, np.uint8)
    image = np.broadcast_to(np.asarray(seen, np.float32), (1, 3, SIDE, SIDE)).copy()
    return Head(image, whole, whole, whole, np.zeros(75, np.float32), brows)


def some_brows() -> np.ndarray:
    """Two bands, 8 pixels high and 40 wide, their middles at row 88."""
    brows = np.zeros((2, 10, 2), np.float32)
    for number, left in enumerate((70, 146)):
        x = np.linspace(left, left + 40, 5) / SIDE
        brows[number, :5] = np.stack([x, np.full(5, 84 / SIDE)], 1)
        brows[number, 5:] = np.stack([x, np.full(5, 92 / SIDE)], 1)
    return brows


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """To less than a grey level."""
    return bool(np.abs(one - other).max() < 1e-3)


def test_a_fringe_over_brows_becomes_brows_and_skin_stays_skin() -> None:
    skin = np.full((SIDE, SIDE, 3), SKIN, np.float32)
    out = with_brows(skin, head_with(HAIR, some_brows()))
    assert out[88, 90].max() < 0.3 and out[88, 166].max() < 0.3
    assert same(out[70:80], skin[70:80]) and same(out[88, 125:131], skin[88, 125:131])
    assert (skin == SKIN).all(), "what was given stays"


def test_fair_hair_over_brows_is_no_pale_patch() -> None:
    skin = np.full((SIDE, SIDE, 3), SKIN, np.float32)
    for seen in (np.float32(0.9), SKIN):
        assert same(with_brows(skin, head_with(seen, some_brows())), skin)


def test_beyond_the_picture_and_without_landmarks_nothing_is_known() -> None:
    skin = np.full((SIDE, SIDE, 3), SKIN, np.float32)
    assert with_brows(skin, head_with(HAIR, None)) is skin
    assert with_brows(skin, head_with(HAIR, some_brows() - 5)) is skin
    half = head_with(HAIR, some_brows())
    half.valid[:, :128] = 0
    out = with_brows(skin, half)
    assert same(out[:, :128], skin[:, :128]) and out[88, 166].max() < 0.3


def test_the_brows_of_a_tracked_face_lie_above_its_eyes() -> None:
    brows = brow_points(some_face(), SQUARE)
    skin = np.full((SIDE, SIDE, 3), SKIN, np.float32)
    dark = with_brows(skin, head_with(HAIR, brows))[..., 0] < 0.5
    assert dark.any() and brows[..., 1].min() * SIDE - 3 <= np.nonzero(dark)[0].min()


def brow_head(hidden: slice, brows: np.ndarray) -> tuple[Head, np.ndarray]:
    """Dark brows on a light face, over which fair hair hangs in some columns, and its matte."""
    head = head_with(SKIN, brows)
    for left in (70, 146):
        head.image[:, :, 84:92, left : left + 40] = HAIR
    hair = np.zeros((SIDE, SIDE), np.float32)
    hair[:, hidden] = 1
    head.image[:, :, :, hidden] = 0.9
    return head, hair


def test_what_hair_hides_of_one_brow_is_as_the_other_is() -> None:
    skin = np.full((SIDE, SIDE, 3), SKIN, np.float32)
    head, hair = brow_head(slice(0, 120), some_brows()[:, [4, 3, 2, 1, 0, 9, 8, 7, 6, 5]])
    out = with_brows(skin, head, hair)
    assert out[88, 80:100].max() < 0.4, "the hidden one is dark"
    assert same(out[70:78], skin[70:78]) and same(out[98:], skin[98:])


def test_what_is_hidden_of_both_brows_goes_on_as_beside() -> None:
    skin = np.full((SIDE, SIDE, 3), SKIN, np.float32)
    head, hair = brow_head(slice(85, 95), some_brows())
    assert with_brows(skin, head, hair)[88, 85:95].max() < 0.4
    everywhere = with_brows(skin, *brow_head(slice(0, SIDE), some_brows()))
    assert same(everywhere, skin), "of what nobody sees nothing is made up: fair hair is no brow"
