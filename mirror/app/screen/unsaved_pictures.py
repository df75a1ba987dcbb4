"""Waiting: the line that says which pictures could not be saved yet, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

import pygame

from mirror.app.screen import overlay
from mirror.app.screen.design import px
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.keys import Action
from mirror.app.screen.messages import Room
from mirror.app.screen.turned import turned
from mirror.app.screen.view import View
from mirror.translation.message import Message, counted, joined

_TOP = 108  # design pixels from the upper edge
_AGAIN = (pygame.K_RETURN, pygame.K_KP_ENTER)
_LET_GO = (pygame.K_DELETE, pygame.K_BACKSPACE)  # Apple's delete key is the other one


class Waiting:
    """A panel, there only while pictures wait.

    Args:
        state: gives how many wait, and why.
        free: gives what of the window is not another panel's; None: all of it.
        head: gives where on the screen the head is; None: nowhere.
        rail: gives where the round buttons are.

    Example:
        window.panels.append(Waiting(lambda: (pictures.waiting, pictures.reason)))
    """

    def __init__(
        self,
        state: Callable[[], tuple[int, str]],
        free: Callable[[], pygame.Rect | None] = lambda: None,
        head: Callable[[], pygame.Rect | None] = lambda: None,
        rail: Callable[[], pygame.Rect] = lambda: pygame.Rect(0, 0, 0, 0),
    ) -> None:
        self._free, self._head, self._rail, self._seat = free, head, rail, Seat()
        self._state = state

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """A few lines at the edge, beside the face, below what is said at the top."""
        count, reason = self._state()
        if not count:
            self._seat = Seat()
            return
        lines: list[str] = [counted("1 picture waiting", "{count} pictures waiting", count)]
        lines += [reason] if reason else []
        lines.append(Message("Enter tries again"))
        lines.append(Message("Delete lets it go") if count == 1 else Message("Delete lets the oldest go"))
        free = Room(self._free() or screen.get_rect(), unit, self._rail(), self._head()).inner
        width = min(free.width, px(unit, 420))
        note = overlay.pill(joined("\n", *lines), unit, width, "warning")
        spot = note.get_rect(topright=(free.right, px(unit, _TOP)))
        places = [
            spot,
            note.get_rect(bottomright=free.bottomright),
            note.get_rect(bottomleft=free.bottomleft),
        ]
        places = [turned(place, free) for place in places]
        screen.blit(note, self._seat.choose(places, self._head(), now, (self._rail(),)))

    def hear(self, event: pygame.event.Event, now: float) -> Action | None:
        """Enter and Delete, while there is something that waits."""
        if event.type != pygame.KEYDOWN or event.key not in _AGAIN + _LET_GO or not self._state()[0]:
            return None
        return Action.TRY_AGAIN if event.key in _AGAIN else Action.LET_GO
