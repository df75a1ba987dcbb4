"""Focus: which control the keys speak to, and which one lies in the direction of an arrow."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from mirror.app.setup.setup_page import Control

ARROWS = {
    pygame.K_LEFT: (-1, 0),
    pygame.K_RIGHT: (1, 0),
    pygame.K_UP: (0, -1),
    pygame.K_DOWN: (0, 1),
}


def step(controls: Sequence[Control], focus: str, by: int) -> str:
    """The key of the next control that can be pressed (`by` 1) or the one before (-1), round and round."""
    keys = [control.key for control in controls if control.enabled]
    if not keys:
        return focus
    if focus not in keys:
        return keys[0 if by > 0 else -1]
    return keys[(keys.index(focus) + by) % len(keys)]


def towards(controls: Sequence[Control], focus: str, arrow: tuple[int, int]) -> str:
    """The key of the nearest control in a direction; the same one where there is none.

    Example:
        >>> left, right = (Control(k, pygame.Rect(x, 0, 9, 9), "", print) for k, x in (("a", 0), ("b", 20)))
        >>> towards([left, right], "a", (1, 0)), towards([left, right], "a", (0, 1))
        ('b', 'a')
    """
    here = next((control.rect for control in controls if control.key == focus), None)
    if here is None:
        return step(controls, focus, 1)
    best, least = focus, float("inf")
    for control in controls:
        if not control.enabled or control.key == focus:
            continue
        # Edges, not middles: a wide button below a narrow one is straight below it.
        if arrow[0]:
            along = (control.rect.left - here.right) if arrow[0] > 0 else (here.left - control.rect.right)
            aside = max(control.rect.top - here.bottom, here.top - control.rect.bottom, 0)
        else:
            along = (control.rect.top - here.bottom) if arrow[1] > 0 else (here.top - control.rect.bottom)
            aside = max(control.rect.left - here.right, here.left - control.rect.right, 0)
        if along < 0:
            continue
        middles = abs(control.rect.centerx - here.centerx) + abs(control.rect.centery - here.centery)
        far = along + 3 * aside + 0.1 * middles
        if far < least:
            best, least = control.key, far
    return best
