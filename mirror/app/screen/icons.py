"""Icons: signs of one weight, lines with round ends, drawn large and made smaller for smooth edges."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
import pygame

from mirror.app.screen.design import ACCENT, GOOD, GROUND, RECORDING, STROKE, WARNING, Colour

_LARGE = 256
_THICK = round(STROKE * _LARGE)


@lru_cache(maxsize=128)
def icon(name: str, side: int, colour: Colour) -> pygame.Surface:
    """One of those in `ICONS`. Shared: draw it, do not draw on it."""
    canvas = np.zeros((_LARGE, _LARGE), np.uint8)
    ICONS[name](canvas)
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


# Before a line: what kind it is, by shape and by colour.
SIGNS: dict[str, Colour] = {"note": ACCENT, "warning": WARNING, "good": GOOD, "recording": RECORDING}


def sign(kind: str, side: int) -> pygame.Surface:
    """The sign of a kind of line, one of `SIGNS`."""
    return icon(kind, side, SIGNS[kind])


def _line(canvas: np.ndarray, *points: tuple[float, float]) -> None:
    for (x1, y1), (x2, y2) in zip(points[:-1], points[1:], strict=True):
        cv2.line(canvas, (round(x1), round(y1)), (round(x2), round(y2)), 255, _THICK, cv2.LINE_AA)


def _loop(canvas: np.ndarray, *points: tuple[float, float]) -> None:
    _line(canvas, *points, points[0])


def _ring(canvas: np.ndarray, x: float, y: float, radius: float) -> None:
    cv2.circle(canvas, (round(x), round(y)), round(radius), 255, _THICK, cv2.LINE_AA)


def _dot(canvas: np.ndarray, x: float, y: float) -> None:
    cv2.circle(canvas, (round(x), round(y)), round(0.75 * _THICK), 255, -1, cv2.LINE_AA)


def _arc(canvas: np.ndarray, middle: tuple[int, int], axes: tuple[int, int], first: int, last: int) -> None:
    cv2.ellipse(canvas, middle, axes, 0, first, last, 255, _THICK, cv2.LINE_AA)


def _box(canvas: np.ndarray, left: int, top: int, right: int, bottom: int, corner: int = 26) -> None:
    """A rounded rectangle."""
    for x, y, first in ((left, top, 180), (right, top, 270), (right, bottom, 0), (left, bottom, 90)):
        middle = (x + (corner if x == left else -corner), y + (corner if y == top else -corner))
        _arc(canvas, middle, (corner, corner), first, first + 90)
    for y in (top, bottom):
        _line(canvas, (left + corner, y), (right - corner, y))
    for x in (left, right):
        _line(canvas, (x, top + corner), (x, bottom - corner))


def _star_points(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    turn = np.arange(10) * np.pi / 5 - np.pi / 2
    reach = np.where(np.arange(10) % 2 == 0, radius, radius * 0.45)
    return list(zip(x + reach * np.cos(turn), y + reach * np.sin(turn), strict=True))


def _filled(canvas: np.ndarray, points: list[tuple[float, float]]) -> None:
    cv2.fillPoly(canvas, [np.round(np.array(points)).astype(np.int32)], 255, cv2.LINE_AA)


def _star(canvas: np.ndarray) -> None:
    _filled(canvas, _star_points(128, 138, 106))
    _loop(canvas, *_star_points(128, 138, 106))


def _badge(canvas: np.ndarray) -> None:
    _filled(canvas, _star_points(128, 134, 88))


def _star_outline(canvas: np.ndarray) -> None:
    _loop(canvas, *_star_points(128, 138, 106))


def _stars(canvas: np.ndarray) -> None:
    _loop(canvas, *_star_points(86, 106, 70))
    for y, left in ((72, 180), (138, 180), (206, 28)):
        _line(canvas, (left, y), (232, y))


def _sliders(canvas: np.ndarray) -> None:
    for y, x in ((60, 168), (128, 88), (196, 150)):
        _line(canvas, (24, y), (x - 28, y))
        _line(canvas, (x + 28, y), (232, y))
        _ring(canvas, x, y, 24)


def _split(canvas: np.ndarray) -> None:
    _box(canvas, 26, 46, 230, 210)
    _line(canvas, (128, 20), (128, 236))


def _grid(canvas: np.ndarray) -> None:
    for x in (30, 144):
        for y in (30, 144):
            _box(canvas, x, y, x + 82, y + 82, 14)


def _search(canvas: np.ndarray) -> None:
    _ring(canvas, 110, 110, 76)
    _line(canvas, (168, 168), (230, 230))


def _close(canvas: np.ndarray) -> None:
    _line(canvas, (56, 56), (200, 200))
    _line(canvas, (56, 200), (200, 56))


def _left(canvas: np.ndarray) -> None:
    _line(canvas, (160, 44), (76, 128), (160, 212))


def _right(canvas: np.ndarray) -> None:
    _line(canvas, (96, 44), (180, 128), (96, 212))


def _again(canvas: np.ndarray) -> None:
    _arc(canvas, (128, 136), (86, 86), -60, 220)
    _line(canvas, (128, 30), (172, 62), (136, 104))


def _back(canvas: np.ndarray) -> None:
    _arc(canvas, (140, 148), (74, 62), -90, 90)
    _line(canvas, (140, 210), (84, 210))
    _line(canvas, (140, 86), (36, 86))
    _line(canvas, (86, 36), (36, 86), (86, 136))


def _forward(canvas: np.ndarray) -> None:
    turned = np.zeros_like(canvas)
    _back(turned)
    np.maximum(canvas, turned[:, ::-1], out=canvas)


def _camera(canvas: np.ndarray) -> None:
    _line(canvas, (86, 76), (106, 44), (150, 44), (170, 76))
    _box(canvas, 22, 76, 234, 212)
    _ring(canvas, 128, 144, 38)


def _film(canvas: np.ndarray) -> None:
    _box(canvas, 20, 66, 166, 190)
    _loop(canvas, (176, 124), (236, 86), (236, 170), (176, 132))


def _cards(canvas: np.ndarray) -> None:
    _box(canvas, 72, 26, 232, 186)
    _line(canvas, (34, 80), (34, 224), (178, 224))
    _ring(canvas, 152, 84, 22)
    _arc(canvas, (152, 166), (44, 38), 190, 350)


def _dice(canvas: np.ndarray) -> None:
    _box(canvas, 36, 36, 220, 220)
    for x, y in ((86, 86), (170, 86), (128, 128), (86, 170), (170, 170)):
        _dot(canvas, x, y)


def _person(canvas: np.ndarray) -> None:
    _ring(canvas, 128, 84, 48)
    _arc(canvas, (128, 226), (88, 70), 180, 360)


def _corners(canvas: np.ndarray) -> None:
    for x, y in ((36, 36), (220, 36), (36, 220), (220, 220)):
        across, down = (58 if x < 128 else -58), (58 if y < 128 else -58)
        _line(canvas, (x + across, y), (x, y), (x, y + down))


def _mirror(canvas: np.ndarray) -> None:
    for y in (28, 92, 156, 220):
        _line(canvas, (128, y), (128, y + 12))
    _loop(canvas, (92, 66), (92, 190), (24, 190))
    _loop(canvas, (164, 66), (164, 190), (232, 190))


def _bulb(canvas: np.ndarray) -> None:
    _arc(canvas, (128, 104), (72, 72), 125, 415)
    _line(canvas, (88, 164), (96, 188), (160, 188), (168, 164))
    _line(canvas, (104, 224), (152, 224))


def _filter(canvas: np.ndarray) -> None:
    _loop(canvas, (28, 44), (228, 44), (152, 136), (152, 188), (104, 220), (104, 136))


def _gauge(canvas: np.ndarray) -> None:
    _arc(canvas, (128, 160), (102, 102), 160, 380)
    _line(canvas, (128, 160), (182, 100))
    _dot(canvas, 128, 160)


def _help(canvas: np.ndarray) -> None:
    _arc(canvas, (128, 92), (56, 56), 180, 390)
    _line(canvas, (176, 120), (128, 152), (128, 178))
    _dot(canvas, 128, 226)


def _speaker(canvas: np.ndarray) -> None:
    _loop(canvas, (28, 100), (70, 100), (124, 52), (124, 204), (70, 156), (28, 156))
    _arc(canvas, (130, 128), (44, 48), -50, 50)
    _arc(canvas, (130, 128), (88, 96), -50, 50)


def _letters(canvas: np.ndarray) -> None:
    _line(canvas, (24, 208), (88, 48), (152, 208))
    _line(canvas, (48, 150), (128, 150))
    _line(canvas, (172, 208), (204, 124), (236, 208))
    _line(canvas, (184, 178), (224, 178))


def _note(canvas: np.ndarray) -> None:
    cv2.circle(canvas, (128, 128), 84, 255, -1, cv2.LINE_AA)


def _warning(canvas: np.ndarray) -> None:
    _filled(canvas, [(128, 20), (244, 224), (12, 224)])
    for end, thick in (((128, 150), 28), ((128, 192), 28)):
        start = (128, 92) if end[1] == 150 else end
        cv2.line(canvas, start, end, 0, thick, cv2.LINE_AA)


def _good(canvas: np.ndarray) -> None:
    cv2.polylines(canvas, [np.array([(28, 138), (100, 208), (228, 58)])], False, 255, 44, cv2.LINE_AA)


def _recording(canvas: np.ndarray) -> None:
    cv2.circle(canvas, (128, 128), 60, 255, -1, cv2.LINE_AA)
    _ring(canvas, 128, 128, 108)


ICONS: dict[str, Callable[[np.ndarray], None]] = {
    "again": _again, "back": _back, "badge": _badge, "bulb": _bulb, "camera": _camera, "cards": _cards,
    "close": _close, "corners": _corners, "dice": _dice, "film": _film, "filter": _filter,
    "forward": _forward, "gauge": _gauge, "good": _good, "grid": _grid, "help": _help, "left": _left,
    "letters": _letters, "mirror": _mirror, "note": _note, "person": _person, "recording": _recording,
    "right": _right, "search": _search, "sliders": _sliders, "speaker": _speaker, "split": _split,
    "star": _star, "star_outline": _star_outline, "stars": _stars, "warning": _warning,
}  # fmt: skip
