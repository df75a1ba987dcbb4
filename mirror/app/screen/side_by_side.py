"""Snapshot: before and after side by side, or a card of the last looks, marked for what they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygame

from mirror.app.screen import overlay
from mirror.app.screen.design import GROUND, INK, MUTED, Colour, px
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import right_to_left, shortened, text
from mirror.pipeline.worn_style import SIMULATED
from mirror.translation.message import Message, joined


def side_by_side(
    before: np.ndarray, after: np.ndarray, style_name: str = "", mark: str = SIMULATED
) -> np.ndarray:
    """The two pictures next to each other with a caption under them, the mark on the second.

    Args:
        before, after: uint8 (H, W, 3) RGB of one shape, the right way round: flip both for a
            picture as the mirror shows it.
        style_name: named in the caption.
        mark: what the second picture is called, there and in its caption.

    Returns:
        uint8 RGB, a little wider than 2 W and higher than H. The pixels of both pictures are
        untouched but under the mark, at the lower left corner of the second.

    Raises:
        ValueError: the two shapes differ.
    """
    if before.shape != after.shape:
        raise ValueError(f"before is {before.shape}, after is {after.shape}: they must be one shape")
    parts = (Message("After"), style_name, mark) if style_name else (Message("After"), mark)
    return _sheet([(before, Message("Before"), MUTED, ""), (after, joined(" · ", *parts), INK, mark)])


def four_up(
    pictures: Sequence[np.ndarray], names: Sequence[str], marks: Sequence[str] | None = None
) -> np.ndarray:
    """One to four pictures of one moment, two in a row, each with its look's name under it and its mark.

    Args:
        pictures: uint8 (H, W, 3) RGB each, of one shape, the right way round.
        names: of their looks.
        marks: what each is called; None: all are simulated.

    Returns:
        uint8 RGB, a little wider than 2 W, or than W for one; the pictures' own pixels, but under the marks.

    Raises:
        ValueError: none are given, or not one name and mark each, or the shapes differ.
    """
    marks = [SIMULATED] * len(pictures) if marks is None else marks
    counts = {len(pictures), len(names), len(marks)}
    if not pictures or len(counts) != 1 or len({one.shape for one in pictures}) != 1:
        raise ValueError(
            f"{len(pictures)} pictures, {len(names)} names, {len(marks)} marks: give one each, of one shape"
        )
    cells = zip(pictures, names, marks, strict=True)
    return _sheet([(one, joined(" · ", name, mark), INK, mark) for one, name, mark in cells])


def mark_of(size: tuple[int, int], words: str = SIMULATED) -> np.ndarray:
    """The mark for a picture of (width, height): uint8 (h, w, 4) RGBA, for
    `mirror.app.sharing.video_clip.stamp`."""
    pill = overlay.pill(words, _unit(*size) * 1.25, size[0], "note")
    rgba = pygame.image.tobytes(pill, "RGBA")
    return np.frombuffer(rgba, np.uint8).reshape(pill.get_height(), pill.get_width(), 4)


def _sheet(cells: Sequence[tuple[np.ndarray, str, Colour, str]]) -> np.ndarray:
    """Pictures two in a row: (picture, caption, its colour, mark or "")."""
    height, width = cells[0][0].shape[:2]
    unit = _unit(width, height)
    gap, edge, caption = px(unit, 10), px(unit, 24), px(unit, 84)
    columns = min(len(cells), 2)
    rows = -(-len(cells) // columns)
    wide = columns * width + (columns - 1) * gap + 2 * edge
    sheet = np.full((edge + rows * (height + caption), wide, 3), GROUND, np.uint8)
    # Pygame draws straight into the array.
    surface = pygame.image.frombuffer(sheet.data, (sheet.shape[1], sheet.shape[0]), "RGB")
    inset, size = px(unit, 18), px(unit, 28)
    for number, (picture, words, colour, mark) in enumerate(cells):
        column = columns - 1 - number % columns if right_to_left() else number % columns
        left = edge + column * (width + gap)
        top = edge + number // 2 * (height + caption)
        sheet[top : top + height, left : left + width] = picture
        if mark:
            pill = overlay.pill(mark, unit * 1.25, width, "note")
            spot = pill.get_rect(bottomleft=(left + inset, top + height - inset))
            surface.blit(pill, turned(spot, pygame.Rect(left, top, width, height)))
        line = text(shortened(words, size, width), size, colour)
        spot = line.get_rect(midleft=(left, top + height + caption // 2))
        surface.blit(line, turned(spot, pygame.Rect(left, top, width, height)))
    return sheet


def _unit(width: int, height: int) -> float:
    return max(0.5, min(height / 720, width / 640))
