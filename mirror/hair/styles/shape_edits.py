"""Reshaping: the same hair, but longer, fuller, curlier, with a fringe, lighter or grey.

What a customer asks for by a name is made of what each part of a style code does best. The outline is moved
as an outline (the networks draw whatever lies in it), the kind of hair is moved along the style book's axes
and towards a style that has it, and grey is a dye.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.head_space import EYE_CENTRE, fill_polygon, oval_of
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.code import COARSE_SIDE, StyleCode, outline_of, soft_outline
from mirror.hair.styles.dye import Dye
from mirror.hair.styles.latent_direction import Axis


@dataclass(frozen=True, slots=True)
class Range:
    """How far something may be changed: from `low` to `high`, 0 leaves it as it is."""

    low: float
    high: float


# What a customer can ask for; names as they are shown.
AXES: dict[str, Range] = {
    "length": Range(-1, 1),
    "volume": Range(-1, 1),
    "fringe": Range(0, 1),
    "curl": Range(-1, 1),
    "colour": Range(-1, 1),
    "grey": Range(0, 1),
}
# Steps along an axis of the style book at a full turn of the dial; its networks follow about 3.
_STEPS = {"length": 2.0, "volume": 1.5, "colour": 1.5}
_BOOK_AXIS = {"length": "length", "volume": "volume", "colour": "lightness"}
# The hair's colour is multiplied by so much at the light and at the dark end.
_LIGHT, _DARK = 1.35, 0.45
# Cells of the 64-cell outline by which volume grows and length hangs down at a full turn.
_VOLUME, _LENGTH = 3.5, 9.0
# From here down hair hangs, as shares of the square: it begins at the ears.
_HANGS = (0.46, 0.6)
# A fringe lies between these columns, ends softly at the brows, and begins under the hairline.
_FRINGE_WIDE, _BROWS, _ROOTS = 0.17, 0.405, 0.22
_CURLY, _STRAIGHT = ("long curls", "short curls"), ("long straight", "side part")
_MOST_CURL = 0.9
# Cells up to which a map is fine; how much of the other's code comes with its curls.
_FINE, _KIND = 3.0, 0.35
_LONG = 0.12  # share of the square below the ears from which on hair is long
_GREY = Dye("grey", 58, -0.5, 1.0, 14)
_MOST_GREY = 0.9


def check_steps(axis: str, amount: float) -> float:
    """An amount that fits an axis: cut to its range.

    Raises:
        MirrorError: there is no such axis.
    """
    if axis not in AXES:
        raise MirrorError(f"Hair cannot be changed in '{axis}'. It can in: {', '.join(AXES)}.")
    return min(max(float(amount), AXES[axis].low), AXES[axis].high)


def reshaped(code: StyleCode, asked: Mapping[str, float], book: StyleBook) -> StyleCode:
    """A style changed as a customer asks.

    Args:
        asked: by name of `AXES`, how much; what is left out stays.
        book: for its axes, and for a style that is curly or straight.

    Returns:
        A code on the same face shape; the very same object where nothing is asked for.

    Raises:
        MirrorError: an unknown axis.

    Example:
        >>> longer = reshaped(code, {"length": 0.5, "grey": 1.0}, book)  # doctest: +SKIP
    """
    wanted = {axis: check_steps(axis, amount) for axis, amount in asked.items() if amount}
    if not any(wanted.values()):
        return code
    z = code.z.copy()
    for name, steps in _STEPS.items():
        axis = book.axes.get(_BOOK_AXIS[name])
        if axis is not None and wanted.get(name):
            z += axis.direction * np.float32(_within(axis, steps * wanted[name]))
    outline = _fuller(outline_of(code.coarse), wanted.get("volume", 0.0))
    coarse = soft_outline(outline) if wanted.get("volume") else code.coarse
    coarse = _longer(coarse, wanted.get("length", 0.0))
    coarse = np.where(_face_below(code.shape), np.minimum(coarse, code.coarse), coarse)
    coarse = _fringed(coarse, wanted.get("fringe", 0.0)).astype(np.float32)
    # Another colour leaves the outline, and with it every strand of the map, as they are.
    same = np.array_equal(coarse, code.coarse)
    moved = replace(
        code, z=z, coarse=coarse, detail=code.detail if same else led_on(code.detail, code.coarse)
    )
    moved = _curled(moved, wanted.get("curl", 0.0), book)
    if colour := wanted.get("colour", 0.0):
        moved = replace(moved, tint=moved.tint * np.float32((_LIGHT if colour > 0 else _DARK) ** abs(colour)))
    if grey := wanted.get("grey", 0.0):
        moved = replace(moved, dye=replace(_GREY, amount=grey * _MOST_GREY))
    return moved


def led_on(detail: np.ndarray, coarse: np.ndarray) -> np.ndarray:
    """A detail map led on beyond the hair that it was read from: outside it there was nothing to read.

    Args:
        detail: float32 (8, 64, 64); coarse: float32 (64, 64), where the hair lies.

    Returns:
        float32 (8, 64, 64), within the hair as it was.
    """
    # At its rim a map already holds something of what lies beside.
    weight = cv2.erode(np.where(coarse > 0.7, coarse, 0).astype(np.float32), np.ones((3, 3), np.uint8))
    total, out = np.zeros_like(weight), np.zeros_like(detail)
    for sigma, share in ((1.0, 1.0), (4.0, 1e-2), (16.0, 1e-4)):
        total += cv2.GaussianBlur(weight, (0, 0), sigma) * np.float32(share)
        out += np.stack([cv2.GaussianBlur(p * weight, (0, 0), sigma) for p in detail]) * np.float32(share)
    return np.where(coarse > 0.5, detail, out / (total + 1e-6)).astype(np.float32)


def _within(axis: Axis, steps: float) -> float:
    return min(max(steps, axis.low), axis.high)


def _fuller(outline: np.ndarray, amount: float) -> np.ndarray:
    """Hair that stands further off the head, less so where it hangs."""
    rows = _rows()
    share = 1 - _ramp(rows, *_HANGS) * 0.5
    return outline + np.float32(amount * _VOLUME) * share[:, None]


def _longer(coarse: np.ndarray, amount: float) -> np.ndarray:
    """What hangs beside the face, drawn down or pushed up."""
    if not amount:
        return coarse
    rows = np.arange(COARSE_SIDE, dtype=np.float32)
    below = _ramp((rows + 0.5) / COARSE_SIDE, _HANGS[0] - 0.1, _HANGS[1])
    # Pixels below come from further up (longer) or further down (shorter).
    source = rows - np.float32(amount * _LENGTH) * below
    columns = np.broadcast_to(np.arange(COARSE_SIDE, dtype=np.float32), coarse.shape).copy()
    places = np.ascontiguousarray(np.broadcast_to(source[:, None], coarse.shape), dtype=np.float32)
    return cv2.remap(coarse, columns, places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _fringed(coarse: np.ndarray, amount: float) -> np.ndarray:
    """Hair over the forehead, down to the brows at 1."""
    if not amount:
        return coarse
    rows, columns = _rows(), _rows() - EYE_CENTRE[0]
    low = _ROOTS + (_BROWS - _ROOTS) * amount
    down = 1 - _ramp(rows, low - 0.02, low + 0.02)
    across = 1 - _ramp(np.abs(columns), _FRINGE_WIDE - 0.03, _FRINGE_WIDE + 0.02)
    there = coarse[: round(_BROWS * COARSE_SIDE)].max(0)  # under hair only: no fringe grows on a bald head
    return np.maximum(coarse, np.outer(down, across * there) * _ramp(rows, 0.12, 0.2)[:, None])


def _curled(code: StyleCode, amount: float, book: StyleBook) -> StyleCode:
    """The kind of hair taken towards a curly or a straight style of about the same length."""
    if not amount:
        return code
    long = code.coarse[round(_HANGS[1] * COARSE_SIDE) :].mean() > _LONG
    names = _CURLY if amount > 0 else _STRAIGHT
    kinds = {style.name: style.code for style in book.styles}
    kind = kinds.get(names[0] if long else names[1])
    if kind is None:
        return code
    kind = kind.fitted(code.shape)
    share = np.float32(abs(amount) * _MOST_CURL)
    # How the hair runs is in what is fine of a map, its colour and its shading in what is not.
    theirs = led_on(kind.detail, kind.coarse)
    fine, coarse = ((m - _blurred(m)) for m in (theirs, code.detail)), _blurred(code.detail)
    theirs_fine, mine_fine = fine
    detail = coarse + mine_fine + (theirs_fine - mine_fine) * share
    residual = code.residual.faded(1 - float(share)) if code.residual is not None else None
    z = code.z + (kind.z - code.z) * share * np.float32(_KIND)
    return replace(code, z=z, detail=detail, residual=residual)


def _blurred(detail: np.ndarray) -> np.ndarray:
    return np.stack([cv2.GaussianBlur(plane, (0, 0), _FINE) for plane in detail])


def _face_below(shape: np.ndarray) -> np.ndarray:
    """The face below the brows, bool (64, 64): no hair that is grown longer or fuller falls over it."""
    oval = oval_of(shape)
    return (fill_polygon(oval, COARSE_SIDE) > 127) & (_rows() > _BROWS)[:, None]


def _rows() -> np.ndarray:
    return ((np.arange(COARSE_SIDE) + 0.5) / COARSE_SIDE).astype(np.float32)


def _ramp(value: np.ndarray, low: float, high: float) -> np.ndarray:
    share = np.clip((value - low) / (high - low), 0, 1)
    return share * share * (3 - 2 * share)
