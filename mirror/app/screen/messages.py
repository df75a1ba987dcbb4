"""Lines: what the window says over the picture. What is wrong, what is shown, what was just done."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from mirror.app.screen import overlay
from mirror.app.screen.design import CALM, SMALL, WIDE, px
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import right_to_left
from mirror.app.screen.view import View
from mirror.translation.message import Message

MESSAGE_STAYS = 4.0  # seconds
_LOWER = 84  # design pixels from the top: below what is being made
_WIDEST = 720  # design pixels


@dataclass(frozen=True, slots=True)
class Room:
    """What of a window lines can be laid on.

    Attributes:
        free: what neither the strip nor a panel takes of it, pixels.
        unit: a design pixel.
        rail: where the round buttons lie.
        head: where the head lies, face and hair; None: nobody is there.
    """

    free: pygame.Rect
    unit: float
    rail: pygame.Rect
    head: pygame.Rect | None

    @property
    def inner(self) -> pygame.Rect:
        """The same beside the round buttons, or above them, and a little from all edges."""
        left, top, right, bottom = self.free.left, self.free.top, self.free.right, self.free.bottom
        rail = self.rail
        if rail.height > rail.width and rail.centerx < self.free.centerx:
            left = max(left, rail.right)
        elif rail.height > rail.width:
            right = min(right, rail.left)
        elif rail.width:
            bottom = min(bottom, rail.top)
        margin = px(self.unit, WIDE)
        return pygame.Rect(
            left + margin, top + margin, max(right - left - 2 * margin, 1), max(bottom - top - 2 * margin, 1)
        )


class Lines:
    """The lines, one below the other: at the top in the middle, or elsewhere where a head is there."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begins anew, as for the next person."""
        self._message: tuple[str, float] | None = None
        self._last: str | None = None
        self._seat = Seat()

    def draw(self, screen: pygame.Surface, view: View, own: bool, room: Room, now: float) -> pygame.Rect:
        """Draws them at `now` (seconds of the window's clock) and returns their place.

        Args:
            own: the own hair is shown, because a key is held.
        """
        if view.message is not None and view.message != self._last:
            self._message = (view.message, now)
        self._last = view.message
        width = min(room.inner.width, px(room.unit, _WIDEST))

        def pill(words: str, sign: str = "note") -> pygame.Surface:
            drawn = overlay.pill(words, room.unit, width, sign)
            drawn.set_alpha(255)
            return drawn

        standing = [(view.problem, "warning"), (view.nobody, "note"), (view.mark, "note")]
        lines = [pill(words, sign) for words, sign in standing if words]
        if own:
            lines.append(pill(Message("Your own hair")))
        lasting = len(lines)
        if self._message is not None:
            words, since = self._message
            left = MESSAGE_STAYS - (now - since)
            if words and left > 0:
                lines.append(pill(words))
                lines[-1].set_alpha(round(255 * min(1.0, left / CALM)))
        if not lines:
            self._seat = Seat()
            return pygame.Rect(room.free.centerx, room.inner.top, 0, 0)
        # What comes for a moment does not move what stays.
        place = self._seat.choose(_places(lines[: lasting or 1], room), room.head, now, (room.rail,))
        return _stack(screen, lines, place, room)


def _places(lines: list[pygame.Surface], room: Room) -> list[pygame.Rect]:
    """Where lines can lie: in the middle above, above where lines begin and where they end, below."""
    inner = room.inner
    wide = max(line.get_width() for line in lines)
    tall = sum(line.get_height() for line in lines) + px(room.unit, SMALL) * (len(lines) - 1)
    whole = pygame.Rect(0, 0, wide, tall)
    middle = whole.move(min(max(room.free.centerx - wide // 2, inner.left), inner.right - wide), inner.top)
    begin = whole.move(inner.left, inner.top)
    end = whole.move(inner.right - wide, room.free.top + px(room.unit, _LOWER))
    below = whole.move(middle.left, inner.bottom - tall)
    return [middle, turned(begin, inner), turned(end, inner), below]


def _stack(
    screen: pygame.Surface, lines: list[pygame.Surface], place: pygame.Rect, room: Room
) -> pygame.Rect:
    """Draws lines below each other from the top of a place on, or above it where there is no room."""
    gap, inner = px(room.unit, SMALL), room.inner
    tall = sum(line.get_height() for line in lines) + gap * (len(lines) - 1)
    y = min(place.top, inner.bottom - tall) if place.bottom >= inner.bottom else place.top
    taken = pygame.Rect(place.centerx, y, 0, 0)
    for line in lines:
        spot = line.get_rect(midtop=(place.centerx, y))
        if place.left == inner.left or place.right == inner.right:  # beside the head: all begin alike
            spot.left = place.right - spot.width if right_to_left() else place.left
        if spot.width <= inner.width:
            spot.clamp_ip(pygame.Rect(inner.left, 0, inner.width, screen.get_height()))
        taken.union_ip(screen.blit(line, spot))
        y = spot.bottom + gap
    return taken


__all__ = ["MESSAGE_STAYS", "Lines", "Room"]
