"""Attract: nobody is here. Hairstyles are seen on a portrait; the camera is off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pygame

from mirror.app.kiosk.idle_show import IdleShow
from mirror.app.kiosk.language_buttons import choice, chosen, high_of
from mirror.app.kiosk.salon_logo import plate
from mirror.app.kiosk.style_rows import SMALLEST, TILE, StyleRows
from mirror.app.screen import View, Wish
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import line_height, shortened
from mirror.app.touch import layout
from mirror.app.touch.buttons import Buttons
from mirror.hair.packs.portrait import SIZE
from mirror.translation.message import Said

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

_LOGO = (360.0, 110.0)  # units, at most
_EDGE, _APART = 24.0, 14.0  # units, around the column; above the name of the style


@dataclass(frozen=True, slots=True, eq=False)
class IdleContent:
    """What there is to be seen.

    Attributes:
        thumbnails: (name, uint8 (h, w, 3) RGB) of the style book, for a mirror without portraits.
        show: the portraits; None: there are none.
        logo: of the salon, uint8 (H, W, 4) RGB and alpha, in place of its name; None: none.
    """

    thumbnails: Sequence[tuple[str, np.ndarray]] = ()
    show: IdleShow | None = None
    logo: np.ndarray | None = None


class Attract:
    """A portrait that fills one side of the screen, or rows of the style book; the salon's name or logo, and
    "Touch to begin"."""

    def __init__(self, scene: Scene, content: IdleContent, salon: str | None = None) -> None:
        self._scene, self._salon = scene, salon
        self._show, self._logo = content.show, content.logo
        self._rows = StyleRows([picture for _, picture in content.thumbnails])
        self._buttons = Buttons()
        self._plate: tuple[tuple[float, float], pygame.Surface] | None = None

    def enter(self, now: float) -> None:
        self._scene.words.reset()
        self._scene.kept.forget()
        self._scene.printing.forget()
        self._scene.marked.forget()
        self._scene.window.hud = False

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        screen.fill(layout.GROUND)
        if self._show is None:
            self._draw_rows(screen, now)
        else:
            self._draw_show(screen, self._show, now)
        self._buttons.draw(screen, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        if chosen(self._buttons.hear(event), self._scene.words):
            return True
        if self._scene.visit.busy:
            return True
        # When the finger leaves: one that stays in the corner is the staff's.
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            return True if self._buttons.at(event.pos) else "touched"
        return "touched" if event.type == pygame.KEYDOWN and _begins(event.key) else True

    def step(self, now: float) -> str | None:
        return None

    def leave(self) -> None:
        if self._show is not None:
            self._show.forget()

    def _draw_show(self, screen: pygame.Surface, show: IdleShow, now: float) -> None:
        """The portrait to the edges of the screen, where lines begin or above; the words beside it."""
        width, height = screen.get_size()
        unit = layout.unit_of((width, height))
        across, down = width / unit, height / unit
        if width > height:
            place = turned(pygame.Rect(0, 0, min(width // 2, height * SIZE[0] // SIZE[1]), height), width)
            left, top, wide = place.width / unit, 0.0, across - place.width / unit
        else:
            tall = min(width * SIZE[1] // SIZE[0], round(0.66 * height))
            place = pygame.Rect(0, 0, width, tall)
            left, top, wide = 0.0, tall / unit, across
        show.draw(screen, place, now)
        foot = high_of(wide)
        buttons = [(name, label, (x + left, y, w, h)) for name, label, (x, y, w, h) in
                   choice(wide, down, self._scene.words)]  # fmt: skip
        self._buttons.lay((width, height), tuple(buttons))
        room = turned(pygame.Rect(round(left * unit), 0, round(wide * unit), height), width)
        self._write(
            screen, show.name, (room.centerx / unit, top + _EDGE, wide - 2 * _EDGE), down - foot - _EDGE
        )

    def _write(
        self, screen: pygame.Surface, style: str, at: tuple[float, float, float], bottom: float
    ) -> None:
        """The salon, the invitation, and the name of the style that is seen; the last only where it has room.

        Args:
            at: the middle of the column, where it begins, and how wide it is; units. bottom: where it ends.
        """
        words, unit = self._scene.words, layout.unit_of(screen.get_size())
        middle, top, wide = at
        said = words("waking" if self._scene.visit.busy else "touch")
        lines = [(said, size, layout.ACCENT) for size in (layout.TITLE, layout.HEADING, layout.LARGE)]
        invited = (words("invite"), layout.LARGE, layout.INK)
        named = (words.named(style), layout.BODY, layout.MUTED) if style else None
        logo = self._logo_for((min(_LOGO[0], wide), _LOGO[1]), unit)
        head = (logo.get_height() / unit + _EDGE) if logo is not None else 0.0
        if self._salon and logo is None:
            head = line_height(round(layout.LARGE * unit)) / unit + _EDGE / 2
        for number, title in enumerate(lines):
            shown = [title, invited, *([named] if named else [])]
            tall = (
                head
                + (_APART if named else 0.0)
                + sum(layout.height_of(text, size, wide, unit) for text, size, _ in shown)
            )
            if named and tall > bottom - top:
                shown.pop()
                tall -= _APART + layout.height_of(named[0], named[1], wide, unit)
            if tall <= bottom - top or number == len(lines) - 1:
                break
        y = max(top, (top + bottom - tall) / 2)
        if logo is not None:
            screen.blit(logo, logo.get_rect(midtop=(round(middle * unit), round(y * unit))))
        elif self._salon:
            name = shortened(Said(self._salon), round(layout.LARGE * unit), round(wide * unit))
            layout.line(screen, name, layout.LARGE, (middle, y), width=wide)
        y += head
        for number, (text, size, colour) in enumerate(shown):
            y += _APART if number == 2 else 0.0
            y = layout.line(screen, text, size, (middle, y), colour, width=wide).bottom / unit

    def _logo_for(self, room: tuple[float, float], unit: float) -> pygame.Surface | None:
        """The logo for a room, units; made once for each."""
        if self._logo is None:
            return None
        wanted = room[0] * unit, room[1] * unit
        if self._plate is None or self._plate[0] != wanted:
            self._plate = wanted, plate(self._logo, wanted, unit)
        return self._plate[1]

    def _draw_rows(self, screen: pygame.Surface, now: float) -> None:
        width, height = screen.get_size()
        unit = layout.unit_of((width, height))
        across, down = width / unit, height / unit
        size_of = layout.TITLE if across > down else layout.HEADING
        said_high, invited_high = (line_height(round(one * unit)) / unit for one in (size_of, layout.LARGE))
        named_high = invited_high if self._salon else 0.0
        foot = high_of(across) + 24
        top = 24 if across > down else 0.12 * down
        room = down - foot - 2 * top - named_high - said_high - 2 * invited_high - 24
        side = min(TILE, max(room / 2, SMALLEST))
        low = down - side - foot - (16 if across > down else top)
        for row, y in enumerate((top, low)):
            self._rows.draw(screen, row, round(y * unit), round(side * unit), now)
        words = self._scene.words
        middle = (top + side + low) / 2
        said = words("waking" if self._scene.visit.busy else "touch")
        y = middle - (named_high + said_high + invited_high) / 2
        if self._salon:
            name = shortened(Said(self._salon), round(layout.LARGE * unit), round(0.9 * width))
            layout.line(screen, name, layout.LARGE, (across / 2, y))
        title = layout.line(screen, said, size_of, (across / 2, y + named_high), layout.ACCENT)
        layout.line(screen, words("invite"), layout.LARGE, (across / 2, title.bottom / unit))
        self._buttons.lay((width, height), choice(across, down, words))


def _begins(key: int) -> bool:
    return key in (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE, pygame.K_LEFT, pygame.K_RIGHT)
