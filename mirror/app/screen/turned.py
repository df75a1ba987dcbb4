"""Turned: the layout of a language that is read from the right is that of the others, turned round."""

from __future__ import annotations

import pygame

from mirror.app.screen.typeface import right_to_left


def turned(where: pygame.Rect, room: pygame.Rect | int) -> pygame.Rect:
    """Where something belongs that is at `where` in a language that is read from the left.

    Args:
        room: what it is turned round in: a rectangle, or one from 0 to so many pixels.
    """
    if not right_to_left():
        return where
    left, right = (0, room) if isinstance(room, int) else (room.left, room.right)
    return pygame.Rect(left + right - where.right, where.top, where.width, where.height)


def begin(where: pygame.Rect, room: pygame.Rect) -> pygame.Rect:
    """Moved to the edge of a room at which lines begin."""
    if right_to_left():
        return pygame.Rect(room.right - where.width, where.top, *where.size)
    return pygame.Rect(room.left, where.top, *where.size)
