"""Caption: what a tour says, in type for a hall, off face and hair; on a screen or on a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pygame

from mirror.app.screen import overlay
from mirror.app.screen.design import CALM, FAR, WIDE, px, unit_of
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.typeface import line_height, text
from mirror.app.screen.view import View
from mirror.translation.message import Said

if TYPE_CHECKING:
    from mirror.app.screen.window import Window

# Shares of a picture's width: of a caption below or above a head, and of one beside it, where a head in the
# middle of a picture leaves a third.
_BROAD, _NARROW = 0.7, 0.3
_LINES = 2, 4  # that a broad one and a narrow one have at most, in type as large as that allows


@dataclass(frozen=True, slots=True)
class Laid:
    """A caption where it lies.

    Attributes:
        panel: what is drawn. where: in pixels of the screen or picture.
        share: how much of it shows, 0 to 1: it comes calmly.
    """

    panel: pygame.Surface
    where: pygame.Rect
    share: float


class Caption:
    """The caption of one screen or of one film, which looks for its place there.

    Example:
        >>> caption = Caption()
        >>> laid = caption.lay("Autumn", pygame.Rect(0, 0, 1280, 720), None, now=0.0)
        >>> laid.where.midbottom, caption.lay("", pygame.Rect(0, 0, 1280, 720), None, now=0.1)
        ((640, 696), None)
    """

    def __init__(self) -> None:
        self._seat = Seat()
        self._words, self._since = "", 0.0
        self._pixels: tuple[pygame.Surface, np.ndarray] | None = None

    def lay(
        self,
        words: str,
        room: pygame.Rect,
        head: pygame.Rect | None,
        now: float,
        taken: Sequence[pygame.Rect] = (),
    ) -> Laid | None:
        """Where the caption lies at `now` (seconds of one clock); None: there is none.

        Args:
            room: what it may lie on. head: face and hair; None: nobody is there.
            taken: what it keeps off as well.
        """
        if words != self._words:
            self._words, self._since = words, now
            self._seat = Seat() if not words else self._seat
        if not words:
            return None
        unit = unit_of(room.size)
        inner = room.inflate(-2 * px(unit, WIDE), -2 * px(unit, WIDE))
        broad = _panel(words, unit, round(inner.width * _BROAD), _LINES[0])
        narrow = _panel(words, unit, round(inner.width * _NARROW), _LINES[1])
        seats = [
            (broad, broad.get_rect(midbottom=inner.midbottom)),
            (narrow, narrow.get_rect(bottomleft=inner.bottomleft)),
            (narrow, narrow.get_rect(bottomright=inner.bottomright)),
            (broad, broad.get_rect(midtop=inner.midtop)),
            (narrow, narrow.get_rect(midleft=inner.midleft)),
            (narrow, narrow.get_rect(midright=inner.midright)),
            (narrow, narrow.get_rect(topleft=inner.topleft)),
            (narrow, narrow.get_rect(topright=inner.topright)),
        ]
        where = self._seat.choose([place for _, place in seats], head, now, taken)
        panel = next(panel for panel, place in seats if place is where)
        return Laid(panel, where, min(max((now - self._since) / CALM, 0.0), 1.0))

    def draw(self, screen: pygame.Surface, laid: Laid) -> None:
        """Draws it on a screen."""
        laid.panel.set_alpha(round(255 * laid.share))
        screen.blit(laid.panel, laid.where)

    def stamp(self, image: np.ndarray, laid: Laid) -> np.ndarray:
        """A copy of a picture, uint8 (H, W, 3) RGB, with the caption on it."""
        if self._pixels is None or self._pixels[0] is not laid.panel:
            panel = laid.panel
            panel.set_alpha(255)
            flat = np.frombuffer(pygame.image.tobytes(panel, "RGBA"), np.uint8)
            self._pixels = panel, flat.reshape(panel.get_height(), panel.get_width(), 4).astype(np.float32)
        out = image.copy()
        where = laid.where.clip(pygame.Rect(0, 0, image.shape[1], image.shape[0]))
        left, top = where.left - laid.where.left, where.top - laid.where.top
        pixels = self._pixels[1][top : top + where.height, left : left + where.width]
        part = out[where.top : where.bottom, where.left : where.right]
        share = pixels[..., 3:] * np.float32(laid.share / 255)
        part[...] = np.rint(part * (1 - share) + pixels[..., :3] * share)
        return out


class CaptionPanel:
    """The caption in the window, beneath its controls.

    Args:
        window: whose room it keeps to.
    """

    def __init__(self, window: Window) -> None:
        self._window, self._caption = window, Caption()

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """See `mirror.app.screen.panel.Panel`."""
        glass = self._window
        laid = self._caption.lay(view.caption, glass.free, glass.head, now, (glass.rail,))
        if laid is not None:
            self._caption.draw(screen, laid)

    def hear(self, event: pygame.event.Event, now: float) -> bool | None:
        """It hears nothing."""
        return None


def _panel(words: str, unit: float, width: int, lines: int) -> pygame.Surface:
    """The caption in the largest type that is read from three metres and takes no more than so many lines."""
    size = px(unit, FAR.title)
    for design in (FAR.title, FAR.heading):
        size = px(unit, design)
        tall = text(Said(words), size, width=max(size * 4, width - 2 * px(unit, WIDE))).get_height()
        if tall <= lines * line_height(size):
            break
    return overlay.caption(Said(words), size, unit, width)
