"""Things held in front of a head, drawn: hands, cups, brushes, phones, so that the matte network knows them.

No portrait says where a hand ends and hair begins. So things are drawn over portraits, in the person's own
skin tone or in any colour, shaded, and what they cover is known exactly.
"""

from __future__ import annotations

import cv2
import numpy as np

from train.data.drawn_hands import Hand, draw_hand

Points = np.ndarray
SUPER = 4  # bits of subpixels when drawing
HANDS = 0.75  # of what is held there
_DARKEST, _LIGHTEST = np.array([60.0, 38.0, 28.0]), np.array([240.0, 205.0, 185.0])  # skin, RGB


def with_something_in_front(
    item: dict[str, np.ndarray],
    rng: np.random.Generator,
    other: np.ndarray | None = None,
    hand: tuple[np.ndarray, np.ndarray] | None = None,
) -> dict[str, np.ndarray]:
    """A head with a hand or a thing before it.

    Args:
        item: image uint8 (S, S, 3); matte, valid, face and, where known, person, worn, held, uint8 (S, S).
        other: another picture, uint8 (S, S, 3), for the pattern of a thing.
        hand: another picture, uint8 (S, S, 3), and the alpha of a hand on it, uint8 (S, S), to be taken over
            instead of a drawn one.

    Returns:
        The same, with it in `held`; hair and hats are cut where it covers them, the person is whatever is
        not the room.
    """
    side = item["image"].shape[0]
    alpha = np.zeros((side, side), np.uint8)
    for _ in range(1 if rng.random() < 0.7 else 2):
        if rng.random() < HANDS:
            image, one = _with_hand(item, rng) if hand is None else _with_hand_of(item, *hand, rng)
            hand = None
        else:
            one = _thing(side, rng)
            paint = _painted(one, rng.uniform(10, 245, 3), rng, other if rng.random() < 0.4 else None)
            image = _over(item["image"], paint, one)
        item = item | {"image": image}
        alpha = np.maximum(alpha, one)
    alpha = np.where(item["valid"] > 127, alpha, 0).astype(np.uint8)
    covered = [name for name in ("matte", "worn", "held") if name in item]
    item = item | {name: cv2.multiply(item[name], 255 - alpha, scale=1 / 255) for name in covered}
    item["held"] = np.maximum(alpha, item.get("held", alpha))
    if "person" in item:
        item["person"] = np.maximum(item["person"], alpha)
    item["image"] = np.where(item["valid"][..., None] > 127, item["image"], 0).astype(np.uint8)
    return item


def _with_hand(item: dict[str, np.ndarray], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The picture with a hand over it, now and then one that holds something or moves; and its alpha."""
    side = item["image"].shape[0]
    hand = draw_hand(side, rng)
    alpha = hand.alpha
    paint = _flesh(item, hand, rng)
    if rng.random() < 0.3:  # a brush or a pencil between thumb and forefinger
        held = np.zeros_like(alpha)
        way = _turned((1, 0), hand.along + rng.normal(0, 0.8))
        middle = np.array(hand.tip)
        ends = middle - way * side * rng.uniform(0.02, 0.12), middle + way * side * rng.uniform(0.05, 0.3)
        _capsule(held, *ends, side * rng.uniform(0.006, 0.02))
        if rng.random() < 0.5:
            _capsule(held, ends[1] - way * side * 0.05, ends[1], side * rng.uniform(0.015, 0.04))
        stick = _painted(held, rng.uniform(10, 245, 3), rng, None)
        # Thumb and forefinger close over it, as often as not.
        over = held if rng.random() < 0.5 else cv2.subtract(held, alpha)
        paint, alpha = _over(paint, stick, over), np.maximum(alpha, held)
    return _held_before(item["image"], paint, alpha, rng)


def _with_hand_of(
    item: dict[str, np.ndarray], other: np.ndarray, alpha: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The picture with the hand of another one over it, in the tone of this person; and its alpha."""
    side = alpha.shape[0]
    flip, angle, scale = rng.choice((-1, 1)), rng.normal(0, 0.45), np.exp(rng.normal(0, 0.22))
    c, s = np.cos(angle) * scale, np.sin(angle) * scale
    linear = np.array([[c, -s], [s, c]]) * (flip, 1)
    rows, columns = np.nonzero(alpha > 127)
    if not len(rows):
        return item["image"], np.zeros_like(alpha)
    middle = np.array([columns.mean(), rows.mean()])
    to = np.array([rng.uniform(0.08, 0.92), np.clip(rng.normal(0.62, 0.2), 0.15, 0.95)]) * side
    matrix = np.hstack([linear, (to - linear @ middle)[:, None]])
    paint, moved = cv2.warpAffine(other, matrix, (side, side)), cv2.warpAffine(alpha, matrix, (side, side))
    there = moved > 200
    if there.sum() < 20:
        return item["image"], np.zeros_like(alpha)
    ratio = (_skin(item, rng) + 4) / (np.median(paint[there], 0) + 4)
    paint = np.clip(paint * np.clip(ratio, 0.25, 4), 0, 255).astype(np.uint8)
    return _held_before(item["image"], paint, moved, rng)


def _held_before(
    image: np.ndarray, paint: np.ndarray, alpha: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Laid over a picture, mostly with its shadow, now and then moving; and the alpha with which it was."""
    side = alpha.shape[0]
    if rng.random() < 0.6:  # its shadow on what is behind
        off = np.array([[1, 0, rng.normal(0, 0.02) * side], [0, 1, rng.uniform(0, 0.03) * side]])
        shadow = cv2.GaussianBlur(alpha, (0, 0), side * rng.uniform(0.008, 0.03))
        shadow = cv2.warpAffine(shadow, off, (side, side)).astype(np.float32) * np.float32(1 / 255)
        image = np.round(image * (1 - rng.uniform(0.1, 0.5) * shadow[..., None])).astype(np.uint8)
    if rng.random() < 0.25:  # it moves while the camera looks
        paint, alpha = _moved(paint, alpha, rng)
    return _over(image, paint, alpha), alpha


def _flesh(item: dict[str, np.ndarray], hand: Hand, rng: np.random.Generator) -> np.ndarray:
    """Skin in the person's own tone, seldom in another's; sleeves in any colour, or that of the clothes."""
    side = hand.alpha.shape[0]
    skin = _skin(item, rng)
    if rng.random() < 0.1:
        skin = _DARKEST + rng.random() * (_LIGHTEST - _DARKEST)
    cloth = rng.uniform(5, 245, 3)
    if rng.random() < 0.6:
        x, y = rng.integers(side // 8, side - side // 8), rng.integers(side * 7 // 8, side)
        cloth = item["image"][y, x].astype(np.float64)
    colours = np.where(hand.sleeve[..., None], cloth, skin)
    # Knuckles and palms are redder here and there.
    blotches = cv2.resize(rng.normal(0, 1, (17, 17)).astype(np.float32), (side, side)) * rng.uniform(0, 0.08)
    tint = np.exp(blotches[..., None] * np.array([0.3, 1.0, 1.0]))
    grain = rng.normal(0, rng.uniform(0, 4), (side, side))[..., None]
    # Less light is redder on skin: some of it has passed through flesh.
    warm = np.power(np.maximum(hand.light, 0.02)[..., None], np.array([0.85, 1.05, 1.1]))
    warm /= np.median(warm[hand.alpha > 0], 0) if hand.alpha.any() else 1.0
    return np.clip(colours * warm * tint + grain, 0, 255).astype(np.uint8)


def _moved(paint: np.ndarray, alpha: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Smeared along a line, as the picture of anything is that moves."""
    length = max(3, int(alpha.shape[0] * rng.uniform(0.015, 0.07)))
    kernel = np.zeros((length, length), np.float32)
    way = _turned((length / 2, 0), rng.uniform(0, np.pi))
    middle = np.array([length / 2, length / 2])
    _line(kernel, middle - way, middle + way)
    kernel /= kernel.sum()
    share = alpha.astype(np.float32) * np.float32(1 / 255)
    smeared = cv2.filter2D(share, -1, kernel)
    colour = cv2.filter2D(paint * share[..., None], -1, kernel) / np.maximum(smeared, 1e-3)[..., None]
    return np.clip(colour, 0, 255).astype(np.uint8), np.round(smeared * 255).astype(np.uint8)


def _line(canvas: np.ndarray, start: np.ndarray, end: np.ndarray) -> None:
    cv2.line(canvas, _at(start), _at(end), 1.0, 1, cv2.LINE_8, SUPER)


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
