"""Icons: the few signs on round buttons, drawn large and made smaller, so they are smooth at every size."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import pygame

from mirror.screen.typeface import GROUND, Colour

_LARGE = 256


@lru_cache(maxsize=64)
def icon(name: str, side: int, colour: Colour) -> pygame.Surface:
    """One of star, badge (a star on dark), star_outline, stars (a list),
    sliders, split, grid, search, close, left, right.

    Shared: draw it, do not draw on it.
    """
    canvas = np.zeros((_LARGE, _LARGE), np.uint8)
    _DRAWN[name](canvas)
    alpha = cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA)
    bgra = np.empty((side, side, 4), np.uint8)
    bgra[..., :3] = colour[::-1]
    bgra[..., 3] = alpha
    if name == "badge":  # readable on hair of every colour
        canvas[:] = 0
        cv2.circle(canvas, (128, 128), 120, 220, -1, cv2.LINE_AA)
        disc = cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA)
        share = (alpha / 255)[..., None]
        bgra[..., :3] = np.rint(share * colour[::-1] + (1 - share) * GROUND[::-1])
        bgra[..., 3] = np.maximum(alpha, disc)
    return pygame.image.frombuffer(bgra.tobytes(), (side, side), "BGRA")


def _line(canvas: np.ndarray, *points: tuple[float, float], thick: int = 20) -> None:
    for (x1, y1), (x2, y2) in zip(points[:-1], points[1:], strict=True):
        cv2.line(canvas, (round(x1), round(y1)), (round(x2), round(y2)), 255, thick, cv2.LINE_AA)


def _star_points(x: float, y: float, radius: float) -> np.ndarray:
    turn = np.arange(10) * np.pi / 5 - np.pi / 2
    reach = np.where(np.arange(10) % 2 == 0, radius, radius * 0.42)
    points = np.stack([x + reach * np.cos(turn), y + reach * np.sin(turn)], 1)
    return np.round(points).astype(np.int32)


def _star(canvas: np.ndarray) -> None:
    cv2.fillPoly(canvas, [_star_points(128, 138, 118)], 255, cv2.LINE_AA)


def _badge(canvas: np.ndarray) -> None:
    cv2.fillPoly(canvas, [_star_points(128, 134, 88)], 255, cv2.LINE_AA)


def _star_outline(canvas: np.ndarray) -> None:
    cv2.polylines(canvas, [_star_points(128, 138, 106)], True, 255, 18, cv2.LINE_AA)


def _stars(canvas: np.ndarray) -> None:
    cv2.fillPoly(canvas, [_star_points(92, 112, 88)], 255, cv2.LINE_AA)
    _line(canvas, (178, 84), (240, 84))
    _line(canvas, (178, 144), (240, 144))
    _line(canvas, (30, 216), (240, 216))


def _sliders(canvas: np.ndarray) -> None:
    for y, x in ((60, 165), (128, 85), (196, 150)):
        _line(canvas, (24, y), (232, y), thick=16)
        cv2.circle(canvas, (x, y), 30, 255, -1, cv2.LINE_AA)


def _split(canvas: np.ndarray) -> None:
    cv2.circle(canvas, (128, 128), 92, 255, 18, cv2.LINE_AA)
    cv2.ellipse(canvas, (128, 128), (92, 92), 0, -90, 90, 255, -1, cv2.LINE_AA)
    _line(canvas, (128, 8), (128, 248), thick=16)


def _grid(canvas: np.ndarray) -> None:
    for x in (30, 142):
        for y in (30, 142):
            cv2.rectangle(canvas, (x, y), (x + 84, y + 84), 255, -1, cv2.LINE_AA)


def _search(canvas: np.ndarray) -> None:
    cv2.circle(canvas, (108, 108), 72, 255, 22, cv2.LINE_AA)
    _line(canvas, (162, 162), (230, 230), thick=28)


def _close(canvas: np.ndarray) -> None:
    _line(canvas, (56, 56), (200, 200), thick=24)
    _line(canvas, (56, 200), (200, 56), thick=24)


def _left(canvas: np.ndarray) -> None:
    _line(canvas, (160, 44), (76, 128), (160, 212), thick=28)


def _right(canvas: np.ndarray) -> None:
    _line(canvas, (96, 44), (180, 128), (96, 212), thick=28)


_DRAWN = {
    "star": _star,
    "badge": _badge,
    "star_outline": _star_outline,
    "stars": _stars,
    "sliders": _sliders,
    "split": _split,
    "grid": _grid,
    "search": _search,
    "close": _close,
    "left": _left,
    "right": _right,
}
