"""Controls: buttons, sliders and the ring of the keys, drawn alike wherever they are.

pygame_gui knows what is pressed, held and dragged (`mirror.app.screen.widgets`); it draws none of them.
"""

from __future__ import annotations

import pygame

from mirror.app.screen import shapes
from mirror.app.screen.design import (
    ACCENT,
    CORNER,
    GROUND,
    INK,
    NEAR,
    RING,
    RING_GAP,
    SMALL,
    TIGHT,
    TRACK,
    Look,
    look,
    px,
)
from mirror.app.screen.typeface import in_lines, right_to_left


def draw_button(
    screen: pygame.Surface,
    where: pygame.Rect,
    words: str,
    unit: float,
    looks: Look,
    size: float = NEAR.caption,
) -> None:
    """A rounded button with words in the middle: in several lines where they are long and it is high enough.

    Args:
        looks: see `design.look`.
        size: of the type, design pixels.
    """
    screen.blit(shapes.box(*where.size, px(unit, CORNER), looks.ground), where)
    room = where.width - 2 * px(unit, SMALL)
    line = in_lines(words, px(unit, size), (room, where.height), looks.ink)
    screen.blit(line, line.get_rect(center=where.center))


def draw_ring(screen: pygame.Surface, where: pygame.Rect, unit: float, radius: float = CORNER) -> None:
    """The ring around what the keys speak to: light in dark, so that it is seen on everything."""
    line, apart = px(unit, RING), px(unit, RING_GAP)
    for colour, thick in ((GROUND, line + 2 * px(unit, 1)), (INK, line)):
        beyond = apart + (thick + line) // 2
        ring = where.inflate(2 * beyond, 2 * beyond)
        pygame.draw.rect(screen, colour, ring, thick, px(unit, radius) + beyond)


def draw_slider(
    screen: pygame.Surface, where: pygame.Rect, shares: tuple[float, float], unit: float, held: bool = False
) -> None:
    """A thin track, bright from one share of its length to the round knob at another.

    Args:
        where: the middle of the knob goes from its left edge to its right one, or back in a language that is
            read from the right.
        shares: (where the bright part begins, where the knob is), 0 to 1.
    """

    def place(share: float) -> int:
        share = min(max(share, 0.0), 1.0)
        return where.left + round(where.width * (1 - share if right_to_left() else share))

    thick = px(unit, 6)
    middle = where.centery - thick // 2
    screen.blit(shapes.box(where.width + thick, thick, thick / 2, TRACK), (where.left - thick // 2, middle))
    begin, knob = shares
    start, end = sorted((place(begin), place(knob)))
    screen.fill(ACCENT, (start, middle, end - start, thick))
    if 0 < begin < 1:  # where nothing is changed
        tall = px(unit, 20)
        screen.fill(TRACK, (place(begin) - px(unit, 1), where.centery - tall // 2, px(unit, 2), tall))
    side = px(unit, 26 + (TIGHT if held else 0))
    round_knob = shapes.box(side, side, side / 2, INK)
    screen.blit(round_knob, round_knob.get_rect(center=(place(knob), where.centery)))


def draw_bar(screen: pygame.Surface, where: pygame.Rect, share: float) -> None:
    """How far something is, 0 to 1."""
    screen.blit(shapes.box(*where.size, where.height / 2, TRACK), where)
    done = round(where.width * min(max(share, 0.0), 1.0))
    if done >= where.height:
        left = where.right - done if right_to_left() else where.left
        screen.blit(shapes.box(done, where.height, where.height / 2, ACCENT), (left, where.top))


__all__ = ["draw_bar", "draw_button", "draw_ring", "draw_slider", "look"]
