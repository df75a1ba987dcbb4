"""Rooms drawn at random: bricks, shelves, blinds, windows, picture frames, in focus or not.

Portraits have a studio's backdrop or a wall out of focus behind them, webcams have a room in focus. A network
that has seen none of its lines go on behind a head paints a haze there.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

# How large a room is drawn before it is turned: what comes in at its corners must be drawn, too.
_MARGIN = 1.3
# How many rooms are in focus, and the widest blur of the others, share of the side.
_IN_FOCUS, _WIDEST = 0.5, 0.035

Draw = Callable[[np.ndarray, np.random.Generator], None]


def drawn_room(side: int, rng: np.random.Generator) -> np.ndarray:
    """A room that is not there.

    Args:
        side: pixels.

    Returns:
        uint8 (side, side, 3) RGB.

    Example:
        >>> drawn_room(64, np.random.default_rng(0)).shape
        (64, 64, 3)
    """
    large = round(side * _MARGIN)
    room = np.empty((large, large, 3), np.float32)
    room[:] = _colour(rng, light=rng.random() < 0.6)
    if rng.random() < 0.65:
        _SURFACES[rng.integers(len(_SURFACES))](room, rng)
    for _ in range(rng.integers(0, 6)):
        _THINGS[rng.integers(len(_THINGS))](room, rng)
    room *= _texture(large, rng)
    room *= _lit(large, rng)
    room = _seen_from(room, side, rng)
    if rng.random() > _IN_FOCUS:
        room = cv2.GaussianBlur(room, (0, 0), max(0.3, rng.random() ** 2 * _WIDEST * side))
    return np.clip(room, 0, 255).astype(np.uint8)


def _colour(rng: np.random.Generator, light: bool = False) -> np.ndarray:
    """A colour of walls and furniture, mostly pale: float32 (3,)."""
    grey = rng.uniform(130, 245) if light else rng.uniform(10, 240)
    strong = rng.exponential(0.08 if light else 0.2)
    hue = rng.normal(0, 1, 3)
    return np.clip(grey * (1 + strong * hue), 5, 250).astype(np.float32)


def _box(room: np.ndarray, rng: np.random.Generator, least: float, most: float) -> tuple[int, int, int, int]:
    side = len(room)
    width, height = (round(side * s) for s in rng.uniform(least, most, 2))
    x, y = (int(v) for v in rng.uniform(-0.1, 0.95, 2) * side)
    return max(x, 0), max(y, 0), max(x + width, 1), max(y + height, 1)


def _bricks(room: np.ndarray, rng: np.random.Generator) -> None:
    side = len(room)
    height = max(3, round(side * rng.uniform(0.02, 0.16)))
    width = max(3, round(height * rng.choice((1.0, 1.0, 2.0, 3.0, 8.0))))
    joint, offset = max(1, round(height * rng.uniform(0.03, 0.12))), rng.choice((0.0, 0.5))
    brick, varied = _colour(rng), rng.exponential(0.06)
    for row, y in enumerate(range(0, side, height)):
        for x in range(-round(row * offset * width) % width - width, side, width):
            tone = brick * np.float32(1 + rng.normal(0, varied))
            room[y : y + height - joint, max(x, 0) : max(x + width - joint, 0)] = tone


def _stripes(room: np.ndarray, rng: np.random.Generator) -> None:
    """Panels, planks, blinds, curtains: they run one way."""
    side = len(room)
    period = side * rng.uniform(0.015, 0.2)
    phase = np.arange(side, dtype=np.float32) / np.float32(period) + np.float32(rng.random())
    kind = rng.integers(3)
    if kind == 0:  # folds of a curtain
        wave = 1 + rng.uniform(0.05, 0.4) * np.sin(
            2 * np.pi * phase + 2 * np.sin(phase * rng.uniform(0.3, 2))
        )
    elif kind == 1:  # planks, each of its own tone, a dark joint between
        tone = np.exp(rng.normal(0, rng.uniform(0.02, 0.2), int(phase[-1]) + 2))
        wave = tone[phase.astype(int)] * np.where(phase % 1 < 0.06, rng.uniform(0.3, 0.9), 1)
    else:  # blinds
        wave = np.where(phase % 1 < rng.uniform(0.2, 0.8), 1.0, rng.uniform(0.2, 0.9))
    room *= (wave[:, None, None] if rng.random() < 0.4 else wave[None, :, None]).astype(np.float32)


def _wallpaper(room: np.ndarray, rng: np.random.Generator) -> None:
    side = len(room)
    cell = max(6, round(side * rng.uniform(0.04, 0.15)))
    motif = np.zeros((cell, cell), np.float32)
    for _ in range(rng.integers(1, 4)):
        centre, axes = rng.uniform(0.2, 0.8, 2) * cell, rng.uniform(0.05, 0.4, 2) * cell
        cv2.ellipse(motif, (tuple(centre), tuple(2 * axes), float(rng.uniform(0, 180))), 1.0, -1)
    times = -(-side // cell)
    shape = np.tile(motif, (times, times))[:side, :side, None]
    room += shape * (_colour(rng) - room) * np.float32(rng.uniform(0.1, 0.9))


def _shelves(room: np.ndarray, rng: np.random.Generator) -> None:
    side = len(room)
    gap, board = round(side * rng.uniform(0.12, 0.4)), max(2, round(side * rng.uniform(0.008, 0.03)))
    wood, inside = _colour(rng), np.float32(rng.uniform(0.3, 0.9))
    left, _, right, _ = _box(room, rng, 0.4, 1.2)
    for y in range(rng.integers(0, gap), side + gap, gap):
        room[max(y - gap, 0) : y, left:right] *= inside
        x = left
        while x < right:
            width = max(2, round(side * rng.uniform(0.008, 0.05)))
            if rng.random() < 0.85:
                high = round(gap * rng.uniform(0.4, 0.9))
                room[max(y - high, 0) : max(y, 0), x : min(x + width, right)] = _colour(rng)
                line = max(y - round(high * rng.uniform(0.2, 0.8)), 0)
                room[line : line + max(1, board // 2), x : min(x + width, right)] *= np.float32(1.3)
            x += width + (1 if rng.random() < 0.8 else round(side * rng.uniform(0, 0.1)))
        room[max(y, 0) : y + board, left:right] = wood


def _frame(room: np.ndarray, rng: np.random.Generator) -> None:
    """A picture, a screen, a door, a mirror."""
    x0, y0, x1, y1 = _box(room, rng, 0.1, 0.6)
    room[y0:y1, x0:x1] = _colour(rng)
    rim = max(1, round((x1 - x0) * rng.uniform(0.01, 0.12)))
    inner = room[y0 + rim : max(y1 - rim, 0), x0 + rim : max(x1 - rim, 0)]
    if inner.size:
        inner[:] = _colour(rng)
        for _ in range(rng.integers(0, 5)):
            _blob(inner, rng)


def _window(room: np.ndarray, rng: np.random.Generator) -> None:
    x0, y0, x1, y1 = _box(room, rng, 0.25, 0.9)
    room[y0:y1, x0:x1] = np.clip(_colour(rng, light=True) * np.float32(1.25), 0, 255)
    bar, colour = max(1, round((x1 - x0) * rng.uniform(0.01, 0.05))), _colour(rng)
    for _ in range(rng.integers(0, 4)):
        _blob(room[y0:y1, x0:x1], rng)
    for place in np.linspace(x0, x1, rng.integers(2, 5)).astype(int):
        room[y0:y1, place : place + bar] = colour
    for place in np.linspace(y0, y1, rng.integers(2, 5)).astype(int):
        room[place : place + bar, x0:x1] = colour


def _blob(room: np.ndarray, rng: np.random.Generator) -> None:
    height, width = room.shape[:2]
    if min(height, width) < 4:
        return
    shape = np.zeros((height, width), np.float32)
    centre, axes = rng.random(2) * (width, height), rng.uniform(0.03, 0.3, 2) * min(width, height)
    cv2.ellipse(shape, (tuple(centre), tuple(2 * axes), float(rng.uniform(0, 180))), 1.0, -1)
    room += shape[..., None] * (_colour(rng) - room)


def _plant(room: np.ndarray, rng: np.random.Generator) -> None:
    side = len(room)
    foot, reach = rng.random(2) * side, side * rng.uniform(0.05, 0.25)
    green = np.array((60, 110, 50), np.float32) * np.float32(rng.uniform(0.3, 1.6))
    for _ in range(rng.integers(6, 30)):
        tone = [float(v) for v in np.clip(green * rng.uniform(0.5, 1.4) + rng.normal(0, 8, 3), 0, 255)]
        centre, axes = foot + rng.normal(0, 0.5, 2) * reach, (reach * rng.uniform(0.1, 0.5), reach * 0.12)
        cv2.ellipse(room, (tuple(centre), axes, float(rng.uniform(0, 180))), tone, -1)


def _line(room: np.ndarray, rng: np.random.Generator) -> None:
    """An edge of the room: a corner, a rail, a skirting board."""
    side = len(room)
    thick = max(1, round(side * rng.uniform(0.004, 0.05)))
    place, tone = int(rng.integers(0, side)), np.float32(rng.uniform(0.4, 1.4))
    across = rng.random() < 0.5
    part = room[place : place + thick] if across else room[:, place : place + thick]
    part[:] = _colour(rng)
    if rng.random() < 0.6:  # the wall beyond is lit otherwise
        beyond = room[place + thick :] if across else room[:, place + thick :]
        beyond *= tone


def _lamp(room: np.ndarray, rng: np.random.Generator) -> None:
    side = len(room)
    down, across = np.mgrid[:side, :side].astype(np.float32)
    x, y = rng.random(2) * side
    far = np.hypot(across - np.float32(x), down - np.float32(y))
    size = np.float32(side * rng.uniform(0.01, 0.08))
    glow = np.exp(-((far / (3 * size)) ** 2)) * np.float32(rng.uniform(0, 0.6)) + (far < size)
    room += glow[..., None] * (np.array((255, 245, 225), np.float32) - room)


def _texture(side: int, rng: np.random.Generator) -> np.ndarray:
    """Plaster, cloth, grain: float32 (side, side, 1) about 1."""
    found = np.zeros((side, side), np.float32)
    for _ in range(rng.integers(1, 4)):
        cells = max(2, round(side * rng.uniform(0.02, 1.0)))
        coarse = rng.normal(0, rng.exponential(0.02), (cells, cells)).astype(np.float32)
        found += cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.exp(found)[..., None]


def _lit(side: int, rng: np.random.Generator) -> np.ndarray:
    """Light that falls off over a wall: float32 (side, side, 1 or 3)."""
    at = np.linspace(-1, 1, side, dtype=np.float32)
    slope = rng.normal(0, 0.35, 2).astype(np.float32)
    bowl = np.float32(rng.normal(0, 0.2))
    stops = slope[0] * at[:, None] + slope[1] * at[None, :] + bowl * (at[:, None] ** 2 + at[None, :] ** 2)
    cast = np.exp(rng.normal(-0.1, 0.15, 3) + rng.normal(0, 0.2)).astype(np.float32)
    return np.exp(stops)[..., None] * cast


def _seen_from(room: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """The room, turned a little and seen at a slant."""
    large = len(room)
    inset = (large - side) / 2
    corners = np.array([(0, 0), (side, 0), (side, side), (0, side)], np.float32)
    leaning = inset + corners + rng.uniform(-0.8, 0.8, (4, 2)) * inset * rng.choice((0.15, 1.0))
    turned = cv2.getPerspectiveTransform(leaning.astype(np.float32), corners)
    return cv2.warpPerspective(
        room, turned, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )


_SURFACES: tuple[Draw, ...] = (_bricks, _stripes, _stripes, _wallpaper, _shelves)
_THINGS: tuple[Draw, ...] = (_frame, _frame, _window, _plant, _line, _line, _lamp, _blob, _shelves)
