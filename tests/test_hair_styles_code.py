"""Style codes: moved onto another face, and mixed on the way to another style."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mirror.core.head_space import FACE_SHAPE_SIZE
from mirror.engines import ENGINES_FOLDER
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.code import COARSE_SIDE, DETAIL_SHAPE, LATENT, OVAL_POINTS, StyleCode


@pytest.fixture(scope="module")
def book() -> StyleBook:
    return StyleBook.load(ENGINES_FOLDER / "styles.safetensors")


def face(points: np.ndarray | None = None) -> np.ndarray:
    """A face shape: an oval, or these unit points, (36, 2)."""
    if points is None:
        turn = np.linspace(0, 2 * np.pi, OVAL_POINTS, endpoint=False)
        points = np.stack([0.5 + 0.17 * np.sin(turn), 0.55 - 0.24 * np.cos(turn)], 1)
    shape = np.zeros(FACE_SHAPE_SIZE, np.float32)
    shape[: 2 * OVAL_POINTS] = ((points - 0.5) * 4).ravel()
    return shape


def oval() -> np.ndarray:
    return face()[: 2 * OVAL_POINTS].reshape(-1, 2) / 4 + 0.5


def code(seed: int, x: float = 32, y: float = 20, radius: int = 9) -> StyleCode:
    rng = np.random.default_rng(seed)
    coarse = np.zeros((COARSE_SIDE, COARSE_SIDE), np.float32)
    cv2.circle(coarse, (round(x * 16), round(y * 16)), radius * 16, 1.0, -1, cv2.LINE_8, 4)
    coarse = cv2.GaussianBlur(coarse, (0, 0), 1.2)
    detail = rng.normal(0, 1, DETAIL_SHAPE).astype(np.float32)
    return StyleCode(rng.normal(0, 1, LATENT).astype(np.float32), detail, coarse, face())


def centre(plane: np.ndarray) -> np.ndarray:
    """Centre of mass in unit coordinates, x and y."""
    rows, columns = np.mgrid[: plane.shape[0], : plane.shape[1]] + 0.5
    return np.array([(plane * columns).sum(), (plane * rows).sum()]) / plane.sum() / plane.shape[0]


def test_fitted_to_its_own_face_it_stays_as_it_is(book: StyleBook) -> None:
    for style in (code(1), book.find("bob").code, book.find("afro").code):
        same = style.fitted(style.shape)
        assert np.abs(same.coarse - style.coarse).max() < 0.02
        assert np.abs(same.detail - style.detail).max() < 0.05 * np.abs(style.detail).max()
        assert np.array_equal(same.z, style.z)
        assert same.coarse.dtype == same.detail.dtype == np.float32


@pytest.mark.parametrize(
    "affine",
    [
        np.array([[1.0, 0, 0.08], [0, 1, -0.05]]),
        np.array([[1.2, 0, -0.1], [0, 1.2, -0.11]]),
        np.array([[0.95, -0.1, 0.07], [0.1, 0.95, -0.03]]),
        np.array([[0.8, 0.0, 0.1], [0.1, 1.1, -0.12]]),
    ],
    ids=["shift", "scale", "turn", "shear"],
)
def test_fitted_it_moves_with_the_face(affine: np.ndarray) -> None:
    style = code(2, 30, 26, 7)
    there = face(np.hstack([oval(), np.ones((OVAL_POINTS, 1))]) @ affine.T)
    moved = style.fitted(there)
    assert moved.coarse.shape == style.coarse.shape and moved.detail.shape == DETAIL_SHAPE
    assert np.array_equal(moved.shape, there) and np.array_equal(moved.z, style.z)
    wanted = affine @ np.append(centre(style.coarse), 1)
    assert np.abs(centre(moved.coarse) - wanted).max() * COARSE_SIDE < 0.3
    grown = np.linalg.det(affine[:, :2])
    assert moved.coarse.sum() == pytest.approx(style.coarse.sum() * grown, rel=0.05)


def test_detail_and_shape_move_together() -> None:
    style = code(3)
    detail = np.zeros(DETAIL_SHAPE, np.float32)
    detail[:] = style.coarse
    both = StyleCode(style.z, detail, style.coarse, style.shape)
    moved = both.fitted(face(oval() + (0.1, 0.06)))
    for channel in moved.detail:
        assert np.abs(centre(channel) - centre(moved.coarse)).max() * 32 < 0.3


def test_the_light_goes_with_the_style() -> None:
    one, other = (replace(code(seed), light=np.full(9, seed, np.float32)) for seed in (4, 6))
    assert np.array_equal(one.fitted(face()).light, one.light)
    assert one.mixed(other, 0.25).light == pytest.approx(4.5)
    assert np.array_equal(code(4).mixed(other, 0.1).light, other.light), "what is not known takes no part"


def test_mixed_has_both_styles_at_its_ends(book: StyleBook) -> None:
    for one, other in ((code(4), code(5, 40, 30, 14)), (book[1].code, book.find("afro").code)):
        none, whole = one.mixed(other, 0.0), one.mixed(other, 1.0)
        there = other.fitted(one.shape)
        for mixed, end in ((none, one), (whole, there)):
            assert np.abs(mixed.coarse - end.coarse).max() < 1e-5
            assert np.abs(mixed.detail - end.detail).max() < 1e-5
            assert np.abs(mixed.z - end.z).max() < 1e-5
            assert np.array_equal(mixed.shape, one.shape)


def test_half_way_hair_has_grown_half_way_and_is_not_half_transparent() -> None:
    small, large = code(6, radius=8), code(7, radius=16)
    radii = []
    for amount in np.linspace(0, 1, 9):
        coarse = small.mixed(large, float(amount)).coarse
        assert coarse.min() >= 0 and coarse.max() <= 1
        # A fade would leave the ring between both circles grey.
        assert ((coarse > 0.2) & (coarse < 0.8)).sum() < 200
        radii.append(np.sqrt((coarse > 0.5).sum() / np.pi))
    assert np.diff(radii).min() > 0.3, "it grows at every step"
    assert radii[4] == pytest.approx((radii[0] + radii[-1]) / 2, abs=0.7)


def test_to_bald_and_back(book: StyleBook) -> None:
    bald = StyleCode(code(8).z, code(8).detail, np.zeros((COARSE_SIDE, COARSE_SIDE), np.float32), face())
    one = code(9)
    areas = [(one.mixed(bald, float(a)).coarse).sum() for a in np.linspace(0, 1, 6)]
    assert all(a >= b for a, b in zip(areas, areas[1:], strict=False)) and areas[-1] == 0
    assert not bald.mixed(bald, 0.5).coarse.any()
