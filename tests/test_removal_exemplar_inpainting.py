"""Exemplar-based inpainting: textures and lines go on into a hole, tones meet, and nothing unlike is put."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.removal.exemplar_inpainting import completed

SIDE = 120


def hole() -> np.ndarray:
    """A ring, as wall lies round a head: bool (120, 120)."""
    wanted = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(wanted, (60, 60), 34, 1, -1)
    cv2.circle(wanted, (60, 60), 20, 0, -1)
    return wanted > 0


def inside() -> np.ndarray:
    """The head, where nothing is seen or wanted."""
    head = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(head, (60, 60), 20, 1, -1)
    return head > 0


def inpainted(
    wall: np.ndarray, shrink: int = 2, most: int | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    wanted = hole() & ~inside()
    holed = np.where((wanted | inside())[..., None], np.uint8(0), wall)
    return completed(holed, ~(wanted | inside()), wanted, shrink, most)


def grainy() -> np.ndarray:
    noise = np.random.default_rng(0).normal(120, 30, (SIDE, SIDE, 3))
    return np.clip(cv2.GaussianBlur(noise, (0, 0), 1.0) * 3 - 240, 0, 255).astype(np.uint8)


def test_a_texture_is_as_strong_in_the_hole_as_beside_it() -> None:
    wall, wanted = grainy(), hole()
    found, done, unlike = inpainted(wall, shrink=1)
    assert (done & wanted).sum() > 0.9 * wanted.sum() and not (done & unlike).any()
    fine = found.astype(np.float32) - cv2.GaussianBlur(found.astype(np.float32), (0, 0), 2.0)
    within = cv2.erode((done & wanted).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    outside = cv2.erode((~wanted & ~inside()).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert 0.75 < fine[within].std() / fine[outside].std() < 1.25


def test_a_line_goes_on_through_the_hole() -> None:
    wall = np.full((SIDE, SIDE, 3), 60, np.uint8)
    wall[44:56] = 180  # a shelf, which the ring crosses twice
    found, done, _ = inpainted(wall)
    wanted = hole()
    assert done[wanted].all()
    assert np.abs(found.astype(int) - wall)[wanted].mean() < 3


def test_light_that_changes_slowly_has_no_seams() -> None:
    across = np.linspace(60, 160, SIDE, dtype=np.float32)
    wall = np.broadcast_to(across[None, :, None], (SIDE, SIDE, 3)).astype(np.uint8)
    found, done, _ = inpainted(wall)
    wanted = cv2.erode(hole().astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    assert done[wanted].all()
    assert np.abs(found.astype(int) - wall)[wanted].max() <= 8, "100 levels lie between left and right"


def test_what_is_seen_is_left_as_it_is() -> None:
    wall = grainy()
    found, done, unlike = inpainted(wall)
    seen = ~(hole() | inside())
    assert np.array_equal(found[seen & ~done], wall[seen & ~done]) and not unlike[seen].any()


def test_so_many_pieces_at_most() -> None:
    few, more = inpainted(grainy(), most=3)[1], inpainted(grainy(), most=12)[1]
    assert 0 < few.sum() < more.sum() < hole().sum()


def test_a_piece_that_is_unlike_everything_is_not_put() -> None:
    wall = np.full((SIDE, SIDE, 3), 128, np.uint8)
    # White round the hole alone: nothing else in the picture is like it.
    wall[cv2.dilate(hole().astype(np.uint8), np.ones((9, 9), np.uint8)) > 0] = 255
    _, done, unlike = inpainted(wall, shrink=1)
    assert unlike.sum() > 0.3 * hole().sum() and not (done & unlike).any()


def test_a_border_that_the_hole_hides_is_put_again() -> None:
    """Nowhere else do both meet: what is nearest goes on from either side."""
    wall = np.full((SIDE, SIDE, 3), 200, np.uint8)
    wall[:, 60:] = (90, 50, 30)
    wanted = hole() | inside()
    wanted[:70, 55:65] = wanted[50:, 55:65] = True
    found, done, _ = completed(np.where(wanted[..., None], np.uint8(0), wall), ~wanted, wanted, 1)
    assert done[wanted].mean() > 0.95
    off = np.abs(found.astype(int) - wall).max(-1)[wanted & done]
    assert (off > 40).mean() < 0.35, "a border somewhere, and beside it what lies there"
    between = np.minimum(
        np.abs(found.astype(int) - 200).max(-1), np.abs(found.astype(int) - (90, 50, 30)).max(-1)
    )
    assert (between[done] > 40).mean() < 0.12, "no haze of both"


def test_without_a_wall_nothing_is_put() -> None:
    picture, wanted = np.zeros((SIDE, SIDE, 3), np.uint8), hole()
    found, done, unlike = completed(picture, np.zeros_like(wanted), wanted, 2)
    assert np.array_equal(found, picture) and not done.any() and not unlike.any()


def test_sky_above_a_dim_rim_goes_on_as_sky() -> None:
    """A matte leaves a rim of hair in what is seen; the top of a hill fits that better than sky does."""
    rng = np.random.default_rng(1)
    wall = np.full((SIDE, 2 * SIDE, 3), (170, 210, 240), np.float32)
    wall[70:] = (110, 130, 110)  # the hill
    wall = cv2.GaussianBlur(wall, (0, 0), 2.0)
    rim = wall[64:69, :1] + rng.integers(-3, 4, (5, 60, 3))
    wall = np.clip(wall + rng.integers(-3, 4, wall.shape), 0, 255).astype(np.uint8)
    wanted = np.zeros((SIDE, 2 * SIDE), bool)
    wanted[30:52, 90:150] = True
    holed = np.where(wanted[..., None], np.uint8(0), wall)
    holed[25:30, 90:150] = np.clip(rim, 0, 255).astype(np.uint8)
    found, done, _ = completed(holed, ~wanted, wanted, 1)
    assert done[wanted].all()
    assert (np.abs(found.astype(int) - wall)[wanted].max(-1) > 40).mean() < 0.02
