"""What pages draw beside their buttons: pictures in a frame, and lines of text with a dot."""

from __future__ import annotations

import re

import cv2
import numpy as np
import pygame

from mirror.app.screen import shapes
from mirror.app.screen.live_picture import fitted
from mirror.app.screen.overlay import px
from mirror.app.screen.typeface import INK, MUTED, Colour, text

GOOD: Colour = (132, 204, 146)
WRONG: Colour = (244, 164, 66)
_EMPTY: Colour = (22, 22, 24)


def scaled(image: np.ndarray, frame: pygame.Rect, mirrored: bool = False) -> tuple[np.ndarray, pygame.Rect]:
    """A uint8 (H, W, 3) RGB picture as large as a frame allows, to be drawn on; and where it lies."""
    where = fitted((image.shape[1], image.shape[0]), frame.size).move(frame.topleft)
    how = cv2.INTER_AREA if image.shape[1] >= 2 * where.width else cv2.INTER_LINEAR
    small = cv2.resize(image, where.size, interpolation=how)
    return (cv2.flip(small, 1) if mirrored else small), where


def put(screen: pygame.Surface, image: np.ndarray, where: pygame.Rect) -> None:
    """A uint8 (H, W, 3) RGB picture of exactly the size of its place."""
    screen.blit(pygame.image.frombuffer(image.tobytes(), where.size, "RGB"), where)


def picture(
    screen: pygame.Surface, image: np.ndarray | None, frame: pygame.Rect, mirrored: bool = False
) -> pygame.Rect:
    """A picture as `scaled` makes it; an empty frame for None. Returns where it lies."""
    if image is None:
        screen.blit(shapes.box(frame.width, frame.height, 12, _EMPTY), frame)
        return frame
    small, where = scaled(image, frame, mirrored)
    put(screen, small, where)
    return where


def line(
    screen: pygame.Surface,
    words: str,
    place: pygame.Rect,
    unit: float,
    dot: Colour | None = None,
    size: float = 20,
    muted: bool = False,
) -> int:
    """Words at the top left of a place, broken at its width, a dot before them; where the next may begin."""
    tall = px(unit, size)
    lead = px(unit, 26) if dot else 0
    surface = text(words, tall, MUTED if muted else INK, max(tall * 4, place.width - lead))
    if dot:
        side = px(unit, 12)
        spot = shapes.box(side, side, side / 2, dot)
        screen.blit(spot, (place.left, place.top + (round(tall * 1.3) - side) // 2))
    screen.blit(surface, (place.left + lead, place.top))
    return place.top + surface.get_height() + px(unit, 10)


def bar(screen: pygame.Surface, share: float, place: pygame.Rect, colour: Colour) -> None:
    """A progress bar."""
    screen.blit(shapes.box(place.width, place.height, place.height / 2, (60, 59, 57)), place)
    done = round(place.width * min(max(share, 0.0), 1.0))
    if done >= place.height:
        screen.blit(shapes.box(done, place.height, place.height / 2, colour), place)


def brief(problem: str) -> str:
    """The first sentence of an error, without its full stop: those after it tell of flags to give.

    Example:
        >>> brief("camera 0 (Eye) gives no picture. Give --source another camera.")
        'camera 0 (Eye) gives no picture'
    """
    found = re.match(r".*?[a-z)]\.(?= [A-Z])", problem)
    return (found[0] if found else problem).rstrip(".")
