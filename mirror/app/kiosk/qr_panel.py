"""Take it home: the code of a link beside the picture, the Wi-Fi it is in, and how long it works."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pygame

from mirror.app.kiosk.keepsakes import Keepsake, Keepsakes
from mirror.app.screen.design import Colour
from mirror.app.screen.turned import turned
from mirror.app.sharing.qr_code import qr_code, wifi_code
from mirror.app.touch import layout
from mirror.translation.catalogue import Words
from mirror.translation.message import Said

# Words, their size and colour; or a code and its side. Units.
Block = tuple[str | np.ndarray, float, Colour | None]
WIDE, TALL = 350.0, 430.0  # units: a column beside the picture; below it, on an upright screen, a row
_CODE, _WITH_WIFI, _WIFI_CODE = 300.0, 215.0, 170.0  # units, of the codes' sides
_EDGE, _GAP = 20.0, 10.0  # units


def room_of(across: float, down: float) -> tuple[float, float]:
    """Units that it takes of a screen: where lines end, at the bottom."""
    return (WIDE, 0.0) if across > down else (0.0, TALL)


def draw_code(screen: pygame.Surface, modules: np.ndarray, place: pygame.Rect) -> pygame.Rect:
    """A code in the middle of a place, each module as many whole pixels as fit; where it lies."""
    side = max(1, min(place.size) // len(modules))
    drawn = _scaled(modules.tobytes(), len(modules), side)
    return screen.blit(drawn, drawn.get_rect(center=place.center))


@lru_cache(maxsize=8)
def _scaled(modules: bytes, count: int, side: int) -> pygame.Surface:
    grey = np.frombuffer(modules, np.uint8).reshape(count, count)
    large = np.repeat(np.repeat(grey, side, 0), side, 1)
    colours = np.repeat(large[..., None], 3, 2)
    return pygame.image.frombuffer(colours.tobytes(), (count * side, count * side), "RGB")


@lru_cache(maxsize=8)
def _code(link: str) -> np.ndarray:
    return qr_code(link)


class QrPanel:
    """Draws what a visitor needs to fetch one picture.

    Args:
        keepsakes: whose links.
        words: of the visitor.
    """

    def __init__(self, keepsakes: Keepsakes, words: Words) -> None:
        self._keepsakes, self._words = keepsakes, words
        one = keepsakes.settings
        self._wifi = None if one.wifi is None else wifi_code(one.wifi, one.wifi_password)

    def forget(self) -> None:
        """Wipes the codes that were drawn."""
        _scaled.cache_clear()
        _code.cache_clear()

    def draw(self, screen: pygame.Surface, made: Keepsake | None, top: float) -> None:
        """Draws it where lines end, from `top` on; at the bottom of an upright screen. Units."""
        unit = layout.unit_of(screen.get_size())
        across, down = screen.get_width() / unit, screen.get_height() / unit
        upright = down > across
        if made is None or made.state != "ready":
            where = (_EDGE, across - 2 * _EDGE) if upright else (across - WIDE + _EDGE, WIDE - 2 * _EDGE)
            self._column(screen, [(self._why(made), layout.LARGE, layout.ACCENT)], where, top)
            return
        one, until = self._keepsakes.settings, self._keepsakes.until
        if until is not None:
            lasts = self._words("home_until", time=self._words.digits(f"{until:%H:%M}"))
        elif one.after_visit:
            lasts = self._words.counted("home_minutes", one.minutes)
        else:
            lasts = self._words("home_here")
        title: Block = (self._words("home_title"), layout.LARGE, layout.ACCENT)
        code: Block = (_code(made.link), _CODE if self._wifi is None or upright else _WITH_WIFI, None)
        said: list[Block] = [
            (self._words("home_scan"), layout.BODY, layout.INK),
            (lasts, layout.BODY, layout.MUTED),
        ]
        wifi: list[Block] = []
        if self._wifi is not None:
            wifi = [(self._words("home_wifi", name=Said(one.wifi)), layout.BODY, layout.INK),
                    (self._wifi, _WIFI_CODE, None)]  # fmt: skip
            said[0] = (self._words("home_then"), layout.BODY, layout.INK)
        if upright:
            self._column(screen, [code], (_EDGE, _CODE), top)
            beside = (_CODE + 3 * _EDGE, across - _CODE - 4 * _EDGE)
            self._column(screen, [*(wifi or [title]), *said], beside, top)
        elif wifi:
            column = (across - WIDE + _EDGE, WIDE - 2 * _EDGE)
            self._column(screen, [*wifi, said[0], code, said[1]], column, top)
        else:
            self._column(screen, [title, code, *said], (across - WIDE + _EDGE, WIDE - 2 * _EDGE), top)

    @staticmethod
    def _column(screen: pygame.Surface, blocks: list[Block], where: tuple[float, float], top: float) -> None:
        """Lines and codes one below the other; `where`: left and width, units."""
        unit = layout.unit_of(screen.get_size())
        left, width = where
        column = pygame.Rect(round(left * unit), 0, round(width * unit), 1)
        left = turned(column, screen.get_width()).left / unit
        for what, size, colour in blocks:
            middle = left + width / 2
            if isinstance(what, str):
                spot = layout.line(screen, what, size, (middle, top), colour or layout.INK, width=width)
            else:
                place = pygame.Rect(*(round(v * unit) for v in (middle - size / 2, top, size, size)))
                spot = draw_code(screen, what, place)
            top = spot.bottom / unit + _GAP

    def _why(self, made: Keepsake | None) -> str:
        state = made.state if made is not None else "none"
        return self._words({"making": "home_making", "full": "home_full"}.get(state, "home_none"))
