"""Lines: what the visitor's picture is, what was just done, or is wrong. Each has a place of its own."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from mirror.app.screen.free_placement import Seat
from mirror.app.screen.style_strip import lies
from mirror.app.screen.turned import turned
from mirror.app.touch import layout
from mirror.app.touch.buttons import Place

_WIDEST = 640.0  # units of a line in the middle
_APART, _EDGE, _PAD = 8.0, 16.0, 44.0  # units between two, around them, and of the ground beside their words
_LANE = 300.0  # units, of lines below a column that has room towards the middle
Laid = list[tuple[str, pygame.Rect, float]]  # a line, the place of its ground, pixels; its width in units


def beside(
    lines: Sequence[str],
    glass: pygame.Rect,
    size: tuple[int, int],
    buttons: Sequence[Place],
    name: pygame.Rect,
    low: float,
) -> tuple[Laid, pygame.Rect]:
    """Lines beside a picture that keeps to a part of the screen, and what they leave of that part.

    On an upright screen they stand below the picture; on one that lies below the buttons, or above it.

    Args:
        glass: that part, pixels.
        size: of the screen, pixels.
        name: where the style's name is, pixels.
        buttons, low: as of `Lines.lay`.
    """
    unit = layout.unit_of(size)
    if lies(size):
        lanes = _lanes(buttons, low, unit, 0.0)
        lanes = [lane for lane in lanes if not turned(lane, size[0]).colliderect(glass)]
        flowing = _flowing(lines, lanes, size)
        if flowing is not None:
            return flowing, glass
    gap = round(_APART * unit)
    width = min(_WIDEST, (glass.width - 2 * _EDGE * unit) / unit - _PAD)
    rooms = [layout.room_of(line, layout.BODY, width, unit) for line in lines]
    begin = glass.top
    if lies(size) and name.left < glass.right and glass.left < name.right:
        begin = max(begin, name.bottom)
    tall = sum(room.height + gap for room in rooms) + gap
    y = begin + gap if lies(size) else glass.bottom - tall + gap
    laid: Laid = []
    for line, room in zip(lines, rooms, strict=True):
        room.midtop = (glass.centerx, y)
        laid.append((line, room, width))
        y = room.bottom + gap
    left = glass.copy()
    if lies(size):
        left.top, left.height = y, max(1, glass.bottom - y)
    else:
        left.height = max(1, glass.height - tall)
    return laid, left


class Lines:
    """Their place over a picture that fills the screen: at the top in the middle; where a head, buttons or
    the style's name are there, below the buttons, upright at a side.
    """

    def __init__(self) -> None:
        self._seat = Seat()

    def forget(self) -> None:
        """The next ones choose anew."""
        self._seat = Seat()

    def lay(
        self,
        lines: Sequence[str],
        size: tuple[int, int],
        head: pygame.Rect | None,
        now: float,
        buttons: Sequence[Place],
        taken: Sequence[pygame.Rect],
        low: float,
    ) -> Laid:
        """Where each lies.

        Args:
            head: on the screen, face and hair; None: nobody is there.
            buttons: as they are laid, of a screen whose lines begin at the left.
            taken: what else is there, pixels.
            low: where the room above strip or slider ends, units.
        """
        unit = layout.unit_of(size)
        tops = _at_the_top(lines, size)
        if not lies(size):
            found = [(_around(laid), laid) for laid in tops]
        else:
            lanes = _lanes(buttons, low, unit)
            flows = [_flowing(lines, order, size) for order in (lanes, lanes[::-1])]
            # The first line chooses: what comes for a moment does not move what stays.
            below = [(laid[0][1], laid) for laid in flows if laid is not None]
            spots = [pygame.Rect(*(round(v * unit) for v in where)) for _, _, where in buttons]
            middle = _around(tops[0])
            free = middle.collidelist([*(turned(spot, size[0]) for spot in spots), *taken]) < 0
            found = [(middle, tops[0]) if free or not below else below[0], *below]
        place = self._seat.choose([place for place, _ in found], head, now, taken)
        return next(laid for spot, laid in found if spot is place)


def draw(screen: pygame.Surface, laid: Laid) -> None:
    """Draws them."""
    unit = layout.unit_of(screen.get_size())
    for line, room, width in laid:
        at = (room.centerx / unit, room.top / unit + 12)
        layout.backed_line(screen, line, layout.BODY, at, width=width)


def _around(laid: Laid) -> pygame.Rect:
    return laid[0][1].unionall([room for _, room, _ in laid])


def _at_the_top(lines: Sequence[str], size: tuple[int, int]) -> list[Laid]:
    """In the middle, at the left and at the right."""
    unit = layout.unit_of(size)
    width = min(_WIDEST, size[0] / unit - 140)
    found = []
    for side in (0, -1, 1):
        laid: Laid = []
        y = round(_EDGE * unit)
        for line in lines:
            room = layout.room_of(line, layout.BODY, width, unit)
            room.midtop = (size[0] // 2, y)
            if side:
                edge = round(24 * unit)
                room.left = edge if side < 0 else size[0] - edge - room.width
            laid.append((line, room, width))
            y = room.bottom + round(_APART * unit)
        found.append(laid)
    return found


def _lanes(buttons: Sequence[Place], low: float, unit: float, most: float = _LANE) -> list[pygame.Rect]:
    """What is free below each column of buttons, pixels, of a screen whose lines begin at the left."""
    columns: dict[float, tuple[float, float]] = {}
    for _, _, (left, top, wide, tall) in sorted(buttons, key=lambda place: -place[2][2]):
        home = next((x for x, (end, _) in columns.items() if x <= left < end), left)
        end, bottom = columns.get(home, (left + wide, 0.0))
        columns[home] = end, max(bottom, top + tall)
    lanes = []
    for number, (left, (end, bottom)) in enumerate(sorted(columns.items())):
        top, more = bottom + _EDGE, max(0.0, most - (end - left))
        alone = len(columns) == 2 and max(columns) - min(columns) > 2 * _LANE
        spot = (left - more * (alone and number == 1), top, end - left + more * alone, low - _APART - top)
        lanes.append(pygame.Rect(*(round(v * unit) for v in spot)))
    return lanes


def _flowing(lines: Sequence[str], lanes: Sequence[pygame.Rect], size: tuple[int, int]) -> Laid | None:
    """Down one lane after the other; None where they do not all fit."""
    unit, laid, waiting = layout.unit_of(size), [], list(lines)
    gap = round(_APART * unit)
    for lane in lanes:
        y = lane.top
        width = lane.width / unit - _PAD
        while waiting:
            room = layout.room_of(waiting[0], layout.BODY, width, unit)
            if y + room.height > lane.bottom or room.width > lane.width:
                break
            room.midtop = (lane.centerx, y)
            laid.append((waiting.pop(0), turned(room, size[0]), width))
            y = room.bottom + gap
    return None if waiting else laid


__all__ = ["Laid", "Lines", "beside", "draw"]
