"""Lines: what the window says over the picture. What is wrong, what is shown, what was just done."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from mirror.app.screen import overlay
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.overlay import px
from mirror.app.screen.style_strip import TALL
from mirror.app.screen.typeface import ACCENT, Colour
from mirror.app.screen.view import View

MESSAGE_STAYS = 4.0  # seconds
_FADES = 0.5  # seconds, the last of them
_WARNING: Colour = (244, 164, 66)
_TOP, _LOWER, _MARGIN, _GAP = 24, 84, 24, 10  # design pixels; the lower is below what is being made
_WIDEST = 720  # design pixels


@dataclass(frozen=True, slots=True)
class Room:
    """What of a window lines can be laid on.

    Attributes:
        size: (width, height), pixels, without what a panel covers at the right edge.
        unit: a design pixel.
        rail: where the round buttons lie.
        head: where the head lies, face and hair; None: nobody is there.
    """

    size: tuple[int, int]
    unit: float
    rail: pygame.Rect
    head: pygame.Rect | None

    @property
    def left(self) -> int:
        """Where the room begins beside buttons at the left edge."""
        beside = self.rail.height > self.rail.width and self.rail.centerx < self.size[0] // 2
        return (self.rail.right if beside else 0) + px(self.unit, _MARGIN)

    @property
    def bottom(self) -> int:
        """Where it ends above the strip, and above buttons that lie there."""
        strip = self.size[1] - px(self.unit, TALL)
        level = self.rail.width > self.rail.height
        return (min(strip, self.rail.top) if level else strip) - px(self.unit, _MARGIN)


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
        beside = room.size[0] - room.left - px(room.unit, _MARGIN)
        width = min(round(room.size[0] * 0.9), px(room.unit, _WIDEST), max(beside, room.size[0] // 3))

        def pill(words: str, dot: Colour = ACCENT) -> pygame.Surface:
            drawn = overlay.pill(words, room.unit, width, dot)
            drawn.set_alpha(255)
            return drawn

        standing = [(view.problem, _WARNING), (view.nobody, ACCENT), (view.mark, ACCENT)]
        lines = [pill(words, dot) for words, dot in standing if words]
        if own:
            lines.append(pill("Your own hair"))
        lasting = len(lines)
        if self._message is not None:
            words, since = self._message
            left = MESSAGE_STAYS - (now - since)
            if words and left > 0:
                lines.append(pill(words))
                lines[-1].set_alpha(round(255 * min(1.0, left / _FADES)))
        if not lines:
            self._seat = Seat()
            return pygame.Rect(room.size[0] // 2, px(room.unit, _TOP), 0, 0)
        # What comes for a moment does not move what stays.
        place = self._seat.choose(_places(lines[: lasting or 1], room), room.head, now, (room.rail,))
        return _stack(screen, lines, place, room)


def _places(lines: list[pygame.Surface], room: Room) -> list[pygame.Rect]:
    """Where lines can lie: in the middle above, above at the left and at the right, below."""
    unit, (width, _) = room.unit, room.size
    wide = max(line.get_width() for line in lines)
    tall = sum(line.get_height() for line in lines) + px(unit, _GAP) * (len(lines) - 1)
    whole = pygame.Rect(0, 0, wide, tall)
    middle = whole.move((width - wide) // 2, px(unit, _TOP))
    if middle.colliderect(room.rail):
        middle.left = min(room.left, width - px(unit, _MARGIN) - wide)
    left = whole.move(room.left, px(unit, _TOP))
    right = whole.move(width - px(unit, _MARGIN) - wide, px(unit, _LOWER))
    return [middle, left, right, whole.move((width - wide) // 2, room.bottom - tall)]


def _stack(
    screen: pygame.Surface, lines: list[pygame.Surface], place: pygame.Rect, room: Room
) -> pygame.Rect:
    """Draws lines below each other from the top of a place on, or above it where there is no room."""
    gap = px(room.unit, _GAP)
    tall = sum(line.get_height() for line in lines) + gap * (len(lines) - 1)
    y = min(place.top, room.bottom - tall) if place.bottom >= room.bottom else place.top
    taken = pygame.Rect(place.centerx, y, 0, 0)
    for line in lines:
        spot = line.get_rect(midtop=(place.centerx, y))
        margin = px(room.unit, _MARGIN)
        if spot.width <= room.size[0] - 2 * margin:
            spot.clamp_ip(pygame.Rect(margin, 0, room.size[0] - 2 * margin, screen.get_height()))
        taken.union_ip(screen.blit(line, spot))
        y = spot.bottom + gap
    return taken
