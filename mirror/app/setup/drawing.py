"""What pages draw beside their buttons: pictures in a frame, and lines of text with a dot."""

from __future__ import annotations

import re

import cv2
import numpy as np
import pygame

from mirror.app.screen import icons, shapes
from mirror.app.screen.design import CORNER, INK, MUTED, NEAR, SMALL, SUNK, px
from mirror.app.screen.live_picture import fitted
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import line_height, text
from mirror.translation.message import Message


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
    """A picture as `scaled` makes it; an empty frame for None. Returns where it lies.

    Args:
        frame: of a window whose lines begin at the left.
    """
    frame = turned(frame, screen.get_width())
    if image is None:
        screen.blit(shapes.box(*frame.size, CORNER, SUNK), frame)
        return frame
    small, where = scaled(image, frame, mirrored)
    put(screen, small, where)
    return where


def line(
    screen: pygame.Surface,
    words: str,
    place: pygame.Rect,
    unit: float,
    sign: str | None = None,
    size: float = NEAR.body,
    muted: bool = False,
) -> int:
    """Words at the top of a place, broken at its width, a sign before them; where the next may begin.

    Args:
        place: of a window whose lines begin at the left.
        sign: one of `mirror.app.screen.icons.SIGNS`, or "wait".
    """
    tall, whole = px(unit, size), screen.get_width()
    lead = px(unit, 26) if sign else 0
    surface = text(words, tall, MUTED if muted else INK, max(tall * 4, place.width - lead))
    if sign:
        side = px(unit, 16)
        spot = pygame.Rect(place.left, place.top + (line_height(tall) - side) // 2, side, side)
        drawn = icons.icon("note", side, MUTED) if sign == "wait" else icons.sign(sign, side)
        screen.blit(drawn, turned(spot, whole))
    screen.blit(surface, turned(surface.get_rect(topleft=(place.left + lead, place.top)), whole))
    return place.top + surface.get_height() + px(unit, SMALL)


def brief(problem: str) -> str:
    """What is wrong, without what follows it: where an error goes on, that tells of flags to give.

    Example:
        >>> brief(joined(" ", Message("{camera} is silent.", camera="camera 0"), "Give --source another."))
        'camera 0 is silent.'
    """
    if isinstance(problem, Message) and "parts" in problem.values:
        return str(problem.values["parts"][0])
    found = re.match(r".*?[a-z)]\.(?= [A-Z])", problem)
    return problem if found is None else found[0].rstrip(".")


def of_it(problem: str) -> str:
    """The same said beneath the camera's name: "it" in place of that."""
    told = brief(problem)
    if isinstance(told, Message) and "camera" in told.values:
        return told.naming(camera=Message("it"))
    return told
