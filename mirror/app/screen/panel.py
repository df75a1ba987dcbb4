"""Panel: what lies over the live picture and may hear the person before the keys do."""

from __future__ import annotations

from typing import Protocol

import pygame

from mirror.app.screen.keys import Wish
from mirror.app.screen.view import View


class Panel(Protocol):
    """One thing over the picture: a palette, a slider, a scene of the kiosk.

    A window draws its panels in order, the last one on top, and asks them in the opposite order what an
    event means. Coordinates are the window's, in pixels; text is never mirrored, the picture may be.

    Example:
        class Stop:
            def draw(self, screen, view, unit, now):
                self.spot = screen.blit(pill("Stop", unit, 200), (20, 20))

            def hear(self, event, now):
                pressed = event.type == pygame.MOUSEBUTTONDOWN and self.spot.collidepoint(event.pos)
                return Action.QUIT if pressed else None

        window.panels.append(Stop())
    """

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """Draws itself as it is at `now` (seconds of the window's clock), or nothing while it is closed.

        `unit` is the size of a design pixel, see `mirror.app.screen.overlay`.
        """

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """The wish that an event means; True where it is taken and means nothing more; None: not mine."""
