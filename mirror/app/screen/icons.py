"""Icons: the few signs on round buttons, drawn large and made smaller, so they are smooth at every size."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import pygame

from mirror.app.screen.typeface import GROUND, Colour

_LARGE = 256


@lru_cache(maxsize=64)
def icon(name: str, side: int, colour: Colour) -> pygame.Surface:
    """One of star, badge (a star on dark), star_outline, stars (a list), sliders, split, grid, search,
    close, left, right, again, camera, film, cards, dice, back, person, corners, mirror, gauge, help.

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


def _arc(canvas: np.ndarray, first: float, last: float, radius: int = 84, thick: int = 22) -> None:
    cv2.ellipse(canvas, (128, 132), (radius, radius), 0, first, last, 255, thick, cv2.LINE_AA)


def _fill(canvas: np.ndarray, *points: tuple[float, float], shade: int = 255) -> None:
    cv2.fillPoly(canvas, [np.round(np.array(points)).astype(np.int32)], shade, cv2.LINE_AA)


def _frame(canvas: np.ndarray, left: int, top: int, right: int, bottom: int, thick: int = 18) -> None:
    cv2.rectangle(canvas, (left, top), (right, bottom), 255, thick, cv2.LINE_AA)


def _again(canvas: np.ndarray) -> None:
    _arc(canvas, -50, 230)
    _fill(canvas, (128, 70), (210, 30), (212, 112))


def _back(canvas: np.ndarray) -> None:
    cv2.ellipse(canvas, (132, 150), (76, 60), 0, -90, 90, 255, 22, cv2.LINE_AA)
    _line(canvas, (80, 90), (132, 90), thick=22)
    _line(canvas, (80, 210), (132, 210), thick=22)
    _fill(canvas, (20, 90), (96, 36), (96, 144))


def _camera(canvas: np.ndarray) -> None:
    cv2.rectangle(canvas, (20, 76), (236, 212), 255, -1, cv2.LINE_AA)
    _fill(canvas, (82, 80), (104, 42), (152, 42), (174, 80))
    cv2.circle(canvas, (128, 144), 50, 0, -1, cv2.LINE_AA)
    cv2.circle(canvas, (128, 144), 32, 255, -1, cv2.LINE_AA)


def _film(canvas: np.ndarray) -> None:
    cv2.rectangle(canvas, (16, 72), (164, 188), 255, -1, cv2.LINE_AA)
    _fill(canvas, (176, 116), (240, 76), (240, 184), (176, 144))


def _cards(canvas: np.ndarray) -> None:
    for x, y in ((24, 24), (136, 24), (24, 136), (136, 136)):
        _frame(canvas, x + 8, y + 8, x + 88, y + 88, 14)
        cv2.circle(canvas, (x + 48, y + 40), 15, 255, -1, cv2.LINE_AA)
        cv2.ellipse(canvas, (x + 48, y + 82), (26, 24), 0, 180, 360, 255, -1, cv2.LINE_AA)


def _dice(canvas: np.ndarray) -> None:
    _frame(canvas, 40, 40, 216, 216)
    for x, y in ((88, 88), (168, 88), (128, 128), (88, 168), (168, 168)):
        cv2.circle(canvas, (x, y), 18, 255, -1, cv2.LINE_AA)


def _person(canvas: np.ndarray) -> None:
    cv2.circle(canvas, (128, 84), 52, 255, -1, cv2.LINE_AA)
    cv2.ellipse(canvas, (128, 228), (92, 76), 0, 180, 360, 255, -1, cv2.LINE_AA)


def _corners(canvas: np.ndarray) -> None:
    for x, y in ((36, 36), (220, 36), (36, 220), (220, 220)):
        across, down = (64 if x < 128 else -64), (64 if y < 128 else -64)
        _line(canvas, (x + across, y), (x, y), (x, y + down), thick=22)


def _mirror(canvas: np.ndarray) -> None:
    for y in range(24, 240, 44):
        _line(canvas, (128, y), (128, y + 20), thick=12)
    _fill(canvas, (100, 60), (100, 196), (16, 196))
    cv2.polylines(
        canvas, [np.array([(156, 60), (156, 196), (240, 196)], np.int32)], True, 255, 14, cv2.LINE_AA
    )


def _gauge(canvas: np.ndarray) -> None:
    cv2.ellipse(canvas, (128, 168), (100, 100), 0, 180, 360, 255, 20, cv2.LINE_AA)
    _line(canvas, (128, 168), (186, 104), thick=18)
    cv2.circle(canvas, (128, 168), 20, 255, -1, cv2.LINE_AA)
    _line(canvas, (28, 206), (228, 206), thick=16)


def _help(canvas: np.ndarray) -> None:
    cv2.ellipse(canvas, (128, 92), (56, 56), 0, 170, 400, 255, 28, cv2.LINE_AA)
    _line(canvas, (166, 132), (130, 160), (130, 178), thick=28)
    cv2.circle(canvas, (130, 226), 18, 255, -1, cv2.LINE_AA)


_DRAWN = {
    "again": _again,
    "back": _back,
    "camera": _camera,
    "film": _film,
    "cards": _cards,
    "dice": _dice,
    "person": _person,
    "corners": _corners,
    "mirror": _mirror,
    "gauge": _gauge,
    "help": _help,
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
