"""What hair hides of one half of a face is taken from the other, in its own light, or left alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.removal.face_symmetry import mirrored
from tests.oval import oval_shape

SIDE = 256
SKIN = np.array((0.7, 0.5, 0.4), np.float32)
BROW = np.s_[98:104, 88:112]  # the left one in the picture
OTHER = np.s_[98:104, 144:168]


def a_face(slope: float = 0.0) -> np.ndarray:
    """Skin with two brows; `slope` is how much lighter it is on the right than on the left."""
    out = np.broadcast_to(SKIN, (SIDE, SIDE, 3)).copy()
    for brow in (BROW, OTHER):
        out[brow] = 0.15
    light = np.linspace(1 - slope / 2, 1 + slope / 2, SIDE, dtype=np.float32)
    return cv2.GaussianBlur(out, (0, 0), 1.0) * light[None, :, None]


def tone_of(slope: float = 0.0) -> np.ndarray:
    light = np.linspace(1 - slope / 2, 1 + slope / 2, 64, dtype=np.float32)
    return np.broadcast_to(SKIN, (64, 64, 3)) * light[None, :, None]


def hidden() -> np.ndarray:
    """Hair over the left brow."""
    free = np.ones((SIDE, SIDE), np.float32)
    free[60:116, 70:118] = 0
    return free


def seen(face: np.ndarray) -> np.ndarray:
    out = face.copy()
    out[hidden() == 0] = (0.1, 0.3, 0.1)
    return out


@pytest.mark.parametrize("slope", [0.0, 0.6])
def test_a_hidden_brow_is_the_other_one_in_its_own_light(slope: float) -> None:
    face = a_face(slope)
    painted = np.full_like(face, 0.4)
    out = mirrored(painted, seen(face), hidden(), tone_of(slope), oval_shape())
    assert np.abs(out[96:110, 96:112] - face[96:110, 96:112]).mean() < 0.03
    assert np.abs(painted - 0.4).max() == 0, "what was given is not written to"
    assert np.array_equal(out[:80], painted[:80]) and np.array_equal(out[165:], painted[165:])


def test_of_what_is_hidden_on_both_sides_nothing_is_known() -> None:
    free = hidden() * hidden()[:, ::-1]
    painted = np.full((SIDE, SIDE, 3), 0.4, np.float32)
    assert mirrored(painted, a_face(), free, tone_of(), oval_shape()) is painted


def test_a_face_that_is_turned_away_or_all_seen_is_left_as_it_was_painted() -> None:
    painted, face = np.full((SIDE, SIDE, 3), 0.4, np.float32), a_face()
    assert mirrored(painted, seen(face), hidden(), tone_of(), oval_shape(yaw=20)) is painted
    everything = np.ones((SIDE, SIDE), np.float32)
    assert mirrored(painted, face, everything, tone_of(), oval_shape()) is painted
    half = mirrored(painted, seen(face), hidden(), tone_of(), oval_shape(yaw=13))
    whole = mirrored(painted, seen(face), hidden(), tone_of(), oval_shape())
    assert np.abs(half - painted)[BROW].mean() == pytest.approx(
        0.5 * np.abs(whole - painted)[BROW].mean(), rel=0.1
    )


def brow_points() -> np.ndarray:
    """What of `BROW` and `OTHER` lies in the face, float32 (2, 10, 2), from the nose outwards."""
    columns = np.linspace(112, 99, 5)
    rows = np.repeat((98.0, 104.0), 5)
    one = np.stack([np.tile(columns, 2), rows], 1) / SIDE
    return np.stack([one, one * (-1, 1) + (1, 0)]).astype(np.float32)


def test_a_brow_is_mirrored_whole_or_not_at_all() -> None:
    painted, face, brows = np.full((SIDE, SIDE, 3), 0.4, np.float32), a_face(), brow_points()
    whole = mirrored(painted, seen(face), hidden(), tone_of(), oval_shape(), brows)
    assert np.array_equal(whole, mirrored(painted, seen(face), hidden(), tone_of(), oval_shape()))
    free = hidden()
    free[60:116, 150:190] = 0  # and over the outer half of the other one
    out = mirrored(painted, seen(face), free, tone_of(), oval_shape(), brows)
    inside = np.s_[98:104, 99:112]
    assert np.abs(out - painted)[inside].max() < 0.01, "as it was painted or drawn"
    assert np.abs(out - painted)[110:114, 109:112].mean() > 0.1, "the skin below it is mirrored"
    turned = mirrored(painted, seen(face), hidden(), tone_of(), oval_shape(yaw=13), brows)
    assert np.abs(turned - painted)[inside].max() < 0.01, "nor where it would be in another place"
