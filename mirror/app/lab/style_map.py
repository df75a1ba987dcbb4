"""Style map: the styles of the book laid out on a square, alike beside alike, and the hair between them."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.app.lab.latent_point import Look
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.likeness import appearance
from mirror.translation.message import Message

# Between so many styles a point lies; those further away have no say. At three none of them shows through.
_AMONG = 3
# A point so near to a style, as a share of the side, is that very style: as wide as half a thumbnail.
NEAR = 0.035
# Styles are pushed apart until they lie so far from each other, in so many steps at most: 120 of them fill
# the square then, as a honeycomb.
APART, _STEPS = 0.09, 300
_EDGE = 0.046  # of the side that stays free round the outermost
THUMBNAIL = 0.09  # its side
# The part of a thumbnail that is seen, shares of its side: head and hair, not the shoulders.
_HEAD = (0.0, 0.82), (0.09, 0.91)


class StyleMap:
    """Where each kind of hair of a book lies, and what hair a point is.

    Laid out by what a person sees of them, along the two directions in which they differ most (principal
    component analysis of `mirror.hair.styles.likeness.appearance`), by rank, then pushed apart until no two
    lie on each other.

    Args:
        book: its codes, names and thumbnails.

    Attributes:
        places: float64 (N, 2), x and y of each style, 0 to 1 from the upper left.
    """

    def __init__(self, book: StyleBook) -> None:
        self._book = book
        seen = appearance([style.thumbnail for style in book.styles], [style.tags for style in book.styles])
        self.places = spread_out(_flattened(seen))

    def nearest(self, point: tuple[float, float]) -> int:
        """The number of the style that lies nearest to a point."""
        return int(np.hypot(*(self.places - point).T).argmin())

    def beside(self, point: tuple[float, float], by: int) -> tuple[float, float]:
        """The nearest place to the left (by -1) or right (1) of a point; itself where there is none."""
        aside = (self.places[:, 0] - point[0]) * by
        far = np.hypot(*(self.places - point).T)
        far[aside < 1e-6] = np.inf
        if not np.isfinite(far).any():
            return point
        x, y = self.places[int(far.argmin())]
        return float(x), float(y)

    def style_at(self, point: tuple[float, float]) -> int | None:
        """The number of the style whose very place a point is; None: it lies between them."""
        number = self.nearest(point)
        return number if np.hypot(*(self.places[number] - point)) <= NEAR else None

    def look(self, point: tuple[float, float]) -> Look:
        """The hair at a point: of a style at its place, of a mixture of those about it between them."""
        far = np.hypot(*(self.places - point).T)
        order = np.argsort(far)[:_AMONG]
        first = self._book[int(order[0])]
        if far[order[0]] <= NEAR:
            return Look.at(first.code, first.name, int(order[0]))
        weights = (1 / np.maximum(far[order] - NEAR, 1e-6)) ** 2
        weights /= weights.sum()
        styles = [self._book[int(place)] for place in order]
        z = weights @ np.stack([style.code.z.astype(np.float64) for style in styles])
        name = Message("{a} to {b}, {percent:.0f}%", a=styles[0].name, b=styles[1].name,
                       percent=100 * weights[1] / (weights[0] + weights[1]))  # fmt: skip
        return Look(z, name, styles[0].code, style=int(order[0]))

    def drawn(self, side: int, ground: tuple[int, int, int]) -> np.ndarray:
        """The map as a picture, uint8 (side, side, 3) RGB: a thumbnail at each place."""
        picture = np.full((side, side, 3), ground, np.uint8)
        tile = max(round(THUMBNAIL * side), 4)
        for number, (x, y) in enumerate(self.places):
            small = cv2.resize(
                _head_of(self._book[number].thumbnail), (tile, tile), interpolation=cv2.INTER_AREA
            )
            left, top = (min(max(round(at * side - tile / 2), 0), side - tile) for at in (x, y))
            picture[top : top + tile, left : left + tile] = small
        return picture


def _head_of(thumbnail: np.ndarray) -> np.ndarray:
    (top, bottom), (left, right) = ((round(a * n), round(b * n)) for (a, b), n in zip(
        _HEAD, thumbnail.shape[:2], strict=True))  # fmt: skip
    return thumbnail[top:bottom, left:right]


def _flattened(codes: np.ndarray) -> np.ndarray:
    """The two coordinates in which codes (N, D) differ most, as ranks, float64 (N, 2), 0 to 1."""
    centred = codes - codes.mean(0)
    left, sizes, rows = np.linalg.svd(centred, full_matrices=False)
    count = min(2, len(sizes))
    flat = np.zeros((len(codes), 2))
    # The sign of a direction is anybody's choice: this one is the same on every machine.
    signs = np.sign(rows[np.arange(count), np.abs(rows[:count]).argmax(1)])
    flat[:, :count] = left[:, :count] * sizes[:count] * signs
    # By rank: a few odd styles would press all others into a heap.
    return flat.argsort(0, kind="stable").argsort(0, kind="stable") / max(len(codes) - 1, 1)


def spread_out(places: np.ndarray) -> np.ndarray:
    """Places (N, 2) pushed apart, within the square less its edge: the same each time.

    Example:
        >>> spread_out(np.array([[0.5, 0.5], [0.5, 0.5]])).round(3).tolist()
        [[0.455, 0.5], [0.545, 0.5]]
    """
    at = _EDGE + (1 - 2 * _EDGE) * places.astype(np.float64)
    # Two in one place would not know where to go.
    at[:, 0] += 1e-7 * np.arange(len(at))
    for _ in range(_STEPS):
        away = at[:, None] - at[None]
        far = np.hypot(away[..., 0], away[..., 1])
        np.fill_diagonal(far, np.inf)
        short = np.maximum(APART - far, 0)
        if short.max() < 1e-4:
            break
        at += 0.5 * (away / np.maximum(far, 1e-9)[..., None] * short[..., None]).sum(1)
        at = np.clip(at, _EDGE, 1 - _EDGE)
    return at
