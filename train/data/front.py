"""Things held in front of a head, drawn: hands, cups, brushes, phones, so that the matte network knows them.

No portrait says where a hand ends and hair begins. So things are drawn over portraits, in the person's own
skin tone or in any colour, shaded, and what they cover is known exactly.
"""

from __future__ import annotations

import cv2
import numpy as np

Points = np.ndarray
SUPER = 4  # bits of subpixels when drawing


def with_something_in_front(
    item: dict[str, np.ndarray], rng: np.random.Generator, other: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """A head with a hand or a thing before it.

    Args:
        item: image uint8 (S, S, 3); matte, valid, face and, where known, person, uint8 (S, S).
        other: another picture, uint8 (S, S, 3), for the pattern of a thing.

    Returns:
        The same, `front` added; hair is cut where it is covered, the person is whatever is not the room.
    """
    side = item["image"].shape[0]
    alpha = np.zeros((side, side), np.uint8)
    for _ in range(1 if rng.random() < 0.7 else 2):
        hand = rng.random() < 0.6
        one = _hand(side, rng) if hand else _thing(side, rng)
        colour = _skin(item, rng) if hand else rng.uniform(10, 245, 3)
        paint = _painted(one, colour, rng, other if not hand and rng.random() < 0.4 else None)
        item = item | {"image": _over(item["image"], paint, one)}
        alpha = np.maximum(alpha, one)
    alpha = np.where(item["valid"] > 127, alpha, 0).astype(np.uint8)
    item = item | {"front": alpha, "matte": cv2.multiply(item["matte"], 255 - alpha, scale=1 / 255)}
    if "person" in item:
        item["person"] = np.maximum(item["person"], alpha)
    item["image"] = np.where(item["valid"][..., None] > 127, item["image"], 0).astype(np.uint8)
    return item


def _hand(side: int, rng: np.random.Generator) -> np.ndarray:
    """A palm, four fingers and a thumb, spread or closed, and an arm that leaves the picture."""
    canvas = np.zeros((side, side), np.uint8)
    size = side * rng.uniform(0.09, 0.17)  # half of a palm's width; a face is about 0.36 of the side wide
    centre = np.array([rng.uniform(0.1, 0.9), rng.uniform(0.15, 0.95)]) * side
    # The arm comes from below, more or less.
    up = rng.normal(0, 0.7)
    axis, across = _turned((0, -1), up), _turned((1, 0), up)
    palm = [centre + size * (a * across + b * axis) for a, b in ((-1, -1), (1, -1), (0.95, 1), (-0.95, 1))]
    _polygon(canvas, np.array(palm))
    cv2.GaussianBlur(canvas, (0, 0), size / 6, dst=canvas)
    canvas = np.where(canvas > 100, 255, 0).astype(np.uint8)
    spread, length = rng.uniform(0.0, 0.25), rng.uniform(0.7, 2.1)
    for i in range(4):
        start = centre + size * ((i - 1.5) * 0.5 * across + 0.9 * axis)
        way = _turned(axis, (i - 1.5) * spread)
        reach = length * (1.0, 1.15, 1.1, 0.85)[i] * rng.uniform(0.85, 1.05)
        _capsule(canvas, start, start + size * reach * way, size * rng.uniform(0.21, 0.26))
    thumb = _turned(axis, rng.choice([-1, 1]) * rng.uniform(0.5, 1.2))
    _capsule(canvas, centre, centre + size * rng.uniform(1.3, 1.9) * thumb, size * 0.27)
    _capsule(canvas, centre - size * 0.6 * axis, centre - size * 12 * axis, size * rng.uniform(0.7, 0.95))
    return canvas


def _thing(side: int, rng: np.random.Generator) -> np.ndarray:
    """A cup, a brush, a telephone, or any blob."""
    canvas = np.zeros((side, side), np.uint8)
    centre = np.array([rng.uniform(0.05, 0.95), rng.uniform(0.1, 0.95)]) * side
    angle = rng.normal(0, 0.5)
    kind = rng.integers(4)
    if kind == 0:  # a cup
        width, height = side * rng.uniform(0.06, 0.13), side * rng.uniform(0.08, 0.16)
        corners = [(-1, -1), (1, -1), (0.8, 1), (-0.8, 1)]
        _polygon(canvas, centre + np.array([_turned((a * width, b * height), angle) for a, b in corners]))
        if rng.random() < 0.6:
            ring = centre + _turned((width * 1.15, 0), angle)
            cv2.circle(
                canvas, _at(ring), int(width * 0.6) << SUPER, 255, max(2, side // 40), cv2.LINE_AA, SUPER
            )
    elif kind == 1:  # a brush or a comb
        way = _turned((0, 1), rng.uniform(0, 2 * np.pi))
        end = centre + way * side * rng.uniform(0.2, 0.6)
        _capsule(canvas, centre, end, side * rng.uniform(0.012, 0.03))
        _capsule(canvas, centre, centre + (end - centre) * 0.4, side * rng.uniform(0.03, 0.07))
    elif kind == 2:  # a telephone or a book
        width, height = side * rng.uniform(0.06, 0.2), side * rng.uniform(0.1, 0.25)
        corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
        _polygon(canvas, centre + np.array([_turned((a * width, b * height), angle) for a, b in corners]))
    else:
        turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        reach = (
            side
            * rng.uniform(0.05, 0.15)
            * (1 + 0.25 * np.sin(turns * rng.integers(1, 5) + rng.uniform(0, 6)))
        )
        _polygon(canvas, centre + np.stack([np.cos(turns), np.sin(turns)], 1) * reach[:, None])
    return canvas


def _skin(item: dict[str, np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """The tone of the person's face, or a little lighter or darker: a palm is not a cheek."""
    inside = (item["face"] > 200) & (item["matte"] < 60)
    if inside.sum() < 50:
        return rng.uniform(40, 230, 3)
    return np.median(item["image"][inside], 0) * np.exp(rng.normal(0, 0.15) + rng.normal(0, 0.04, 3))


def _painted(
    alpha: np.ndarray, colour: np.ndarray, rng: np.random.Generator, pattern: np.ndarray | None
) -> np.ndarray:
    """Colour with light from one side, round towards its edges, grained as by a camera."""
    side = alpha.shape[0]
    depth = cv2.distanceTransform((alpha > 127).astype(np.uint8), cv2.DIST_L2, 3)
    round_off = 1 - rng.uniform(0.1, 0.5) * np.exp(-depth / (side * rng.uniform(0.008, 0.03)))
    folds = cv2.resize(
        rng.normal(0, 1, (9, 9)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC
    )
    ramp = np.outer(np.linspace(-1, 1, side), np.full(side, rng.normal(0, 0.2)))
    ramp = ramp + np.outer(np.full(side, rng.normal(0, 0.2)), np.linspace(-1, 1, side))
    shade = round_off * np.exp(0.1 * folds + ramp)
    base = np.broadcast_to(colour, (side, side, 3)) if pattern is None else pattern[::-1].astype(np.float64)
    grain = rng.normal(0, rng.uniform(0, 5), (side, side))[..., None]
    return np.clip(base * shade[..., None] + grain, 0, 255).astype(np.uint8)


def _over(image: np.ndarray, paint: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    share = cv2.GaussianBlur(alpha, (3, 3), 0)[..., None].astype(np.float32) / 255
    return np.round(image + (paint.astype(np.float32) - image) * share).astype(np.uint8)


def _turned(vector: tuple[float, float] | np.ndarray, angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s], [s, c]]) @ np.asarray(vector, float)


def _at(point: np.ndarray) -> tuple[int, int]:
    x, y = np.clip(np.round(point * (1 << SUPER)), -(1 << 18), 1 << 18).astype(int)
    return int(x), int(y)


def _polygon(canvas: np.ndarray, points: Points) -> None:
    cv2.fillPoly(canvas, [np.array([_at(p) for p in points], np.int32)], 255, cv2.LINE_AA, SUPER)


def _capsule(canvas: np.ndarray, start: np.ndarray, end: np.ndarray, radius: float) -> None:
    cv2.line(canvas, _at(start), _at(end), 255, max(1, int(2 * radius)), cv2.LINE_AA, SUPER)
