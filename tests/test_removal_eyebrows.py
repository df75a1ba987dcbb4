"""Brows under a fringe: drawn where the tracker says they are, and only where they are hidden."""

from __future__ import annotations

import numpy as np

from mirror.core.head_crop import SIDE
from mirror.core.push_pull_fill import FILL_SIDE
from mirror.removal.eyebrows import StillBrows, clear_of_brows, drawn, with_brows
from mirror.removal.observed import Observed

SKIN, FRINGE = np.array((0.75, 0.55, 0.45), np.float32), np.array((0.2, 0.12, 0.08), np.float32)
COLUMNS = np.linspace(0, 1, 5)


def brows(row: float = 0.4) -> np.ndarray:
    """Of a face that looks ahead: from the nose outwards, 0.03 of the side high."""
    out = np.zeros((2, 10, 2), np.float32)
    for number, away in enumerate((-1, 1)):
        x = 0.5 + away * (0.05 + 0.13 * COLUMNS)
        out[number, :5] = np.stack([x, np.full(5, row - 0.015)], 1)
        out[number, 5:] = np.stack([x, np.full(5, row + 0.015)], 1)
    return out


def scene(hidden: slice) -> tuple[np.ndarray, ...]:
    """Body (a bruise where the brows may be), skin, camera, seen, matte of a head whose rows `hidden` are."""
    body = np.full((SIDE, SIDE, 3), 0.3, np.float32)
    plain = np.broadcast_to(SKIN, (FILL_SIDE, FILL_SIDE, 3)).astype(np.float32)
    camera, seen = plain.copy(), np.ones((FILL_SIDE, FILL_SIDE), np.float32)
    camera[hidden], seen[hidden] = FRINGE, 0
    return body, plain, camera, seen, np.kron(1 - seen, np.ones((4, 4), np.float32))


def test_hidden_brows_are_drawn_on_plain_skin() -> None:
    body, skin, camera, seen, matte = scene(slice(10, 29))
    out = with_brows(body, skin, Observed(camera, seen, seen), matte, brows(), matte)
    assert out.shape == body.shape and out.dtype == np.float32
    row = int(0.4 * SIDE)
    on_brow, between = out[row, int(0.38 * SIDE)], out[row, SIDE // 2]
    assert np.abs(between - SKIN).max() < 0.02, "where the painter had a bruise"
    assert (on_brow < 0.75 * SKIN).all() and on_brow[0] > on_brow[2], "darker, and of the hair's hue"
    assert np.array_equal(out[: int(0.25 * SIDE)], body[: int(0.25 * SIDE)])
    assert np.array_equal(out[int(0.55 * SIDE) :], body[int(0.55 * SIDE) :])


def test_brows_that_are_seen_are_left_alone() -> None:
    body, skin, camera, seen, matte = scene(slice(10, 29))
    fringe = np.zeros_like(matte)  # the new one covers them as the old did
    assert with_brows(body, skin, Observed(camera, seen, seen), fringe, brows(), matte) is body
    body, skin, camera, seen, matte = scene(slice(5, 20))
    assert with_brows(body, skin, Observed(camera, seen, seen), matte, brows(), matte) is body


def test_a_hidden_brow_is_as_pale_as_the_other() -> None:
    body, skin, camera, seen, matte = scene(slice(10, 29))
    darkest = []
    for pale in (0.6, 0.95):
        seen[:, : FILL_SIDE // 2] = 1
        camera[:, : FILL_SIDE // 2] = SKIN
        camera[int(0.38 * FILL_SIDE) : int(0.43 * FILL_SIDE), : FILL_SIDE // 2] = SKIN * np.float32(pale)
        matte[:, : SIDE // 2] = 0
        out = with_brows(body, skin, Observed(camera, seen, seen), matte, brows(), matte)
        darkest.append(float(out[int(0.4 * SIDE), int(0.55 * SIDE) : int(0.68 * SIDE)].mean()))
    assert darkest[0] < darkest[1] - 0.05


def test_they_go_where_the_tracker_says_and_rest_while_it_does() -> None:
    low, high = drawn(brows(0.42), SIDE), drawn(brows(0.38), SIDE)
    for alpha, row in ((low, 0.42), (high, 0.38)):
        assert 0.4 < alpha.max() <= 1
        middle = (alpha.sum(1) @ np.arange(SIDE)) / alpha.sum() / SIDE
        assert abs(middle - row) < 0.01

    still = StillBrows()
    first = still(brows())
    assert still(brows() + np.float32(0.5 / SIDE)) is first
    assert still(raised := brows(0.38)) is raised
    assert still(None) is None


def test_brows_beyond_the_square_are_no_error() -> None:
    for shift in (-0.6, 0.6):
        assert np.isfinite(drawn(brows() + np.float32(shift), SIDE)).all()


def test_no_skull_is_laid_over_a_drawn_brow() -> None:
    skull = np.ones((SIDE, SIDE), np.float32)
    left = clear_of_brows(skull, brows())
    hairs = drawn(brows(), SIDE)
    assert left[hairs > 0.4].max() == 0 and left[hairs == 0].min() == 1
    assert not clear_of_brows(0 * skull, brows()).any()
