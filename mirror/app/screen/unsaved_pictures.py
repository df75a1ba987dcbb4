"""Waiting: the line that says which pictures could not be saved yet, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

import pygame

from mirror.app.screen import overlay
from mirror.app.screen.keys import Action
from mirror.app.screen.overlay import px
from mirror.app.screen.typeface import Colour
from mirror.app.screen.view import View

_WARNING: Colour = (244, 164, 66)
_TOP = 108  # design pixels from the upper edge
_AGAIN = (pygame.K_RETURN, pygame.K_KP_ENTER)
_LET_GO = (pygame.K_DELETE, pygame.K_BACKSPACE)  # Apple's delete key is the other one


class Waiting:
    """A panel, there only while pictures wait.

    Args:
        state: gives how many wait, and why.
        covered: gives the pixels at the right edge that are another panel's.

    Example:
        window.panels.append(Waiting(lambda: (pictures.waiting, pictures.reason)))
    """

    def __init__(self, state: Callable[[], tuple[int, str]], covered: Callable[[], int] = lambda: 0) -> None:
        self._covered = covered
        self._state = state

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """A few lines at the right, beside the face, below what is said at the top."""
        count, reason = self._state()
        if not count:
            return
        one = count == 1
        lines = [f"{count} picture{'' if one else 's'} waiting{':' if reason else ''}"]
        lines += [reason] if reason else []
        lines += ["Enter tries again", f"Delete lets {'it' if one else 'the oldest'} go"]
        width, margin = screen.get_width() - self._covered(), px(unit, 24)
        note = overlay.pill("\n".join(lines), unit, min(width - 2 * margin, px(unit, 420)), _WARNING)
        screen.blit(note, note.get_rect(topright=(width - margin, px(unit, _TOP))))

    def hear(self, event: pygame.event.Event, now: float) -> Action | None:
        """Enter and Delete, while there is something that waits."""
        if event.type != pygame.KEYDOWN or event.key not in _AGAIN + _LET_GO or not self._state()[0]:
            return None
        return Action.TRY_AGAIN if event.key in _AGAIN else Action.LET_GO
