"""Full screen and back, with a window manager or without; and how large a window may be."""

from __future__ import annotations

import pygame


class FullScreen:
    """Makes a window fill its screen.

    Attributes:
        on: whether it does.
    """

    def __init__(self, window: pygame.Window) -> None:
        self._window = window
        self._windowed: tuple[tuple[int, int], tuple[int, int]] | None = None
        self.on = False

    def toggle(self) -> None:
        """Fills the screen, or goes back to the place and size before."""
        self.on = not self.on
        window = self._window
        if not self.on:
            window.set_windowed()
            if self._windowed is not None:
                window.size, window.position = self._windowed
                self._windowed = None
            return
        desktops = pygame.display.get_desktop_sizes()
        if pygame.display.get_driver() == "x11" and len(desktops) == 1:
            # On X11 it is the window manager who makes a window fill the screen, and a kiosk often has
            # none: there the size itself has to do it.
            self._windowed = (window.size, window.position)
            window.size, window.position = desktops[0], (0, 0)
        window.set_fullscreen(desktop=True)


def within_desktop(size: tuple[int, int]) -> tuple[int, int]:
    """`size`, shrunk in proportion to leave a little of the screen free around the window."""
    desktop = pygame.display.get_desktop_sizes()[0]
    scale = min(1.0, 0.92 * desktop[0] / size[0], 0.88 * desktop[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
