"""Goodbye: everything of the visitor is wiped, and said to be only when it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.kiosk import look
from mirror.screen import View, Wish

if TYPE_CHECKING:
    from mirror.kiosk.scene import Scene

STAYS = 4.0  # seconds after the wipe


class Goodbye:
    """Thank you; wiped."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._wiped_at: float | None = None

    def enter(self, now: float) -> None:
        self._wiped_at = None
        self._scene.visit.end()

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        words, size = self._scene.words, screen.get_size()
        unit = look.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        screen.fill(look.GROUND)
        look.line(screen, words("thanks"), look.TITLE, (across / 2, down / 2 - 120), look.ACCENT)
        said = words("wiping" if self._wiped_at is None else "wiped")
        look.line(screen, said, look.LARGE, (across / 2, down / 2 + 10))

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        return True

    def step(self, now: float) -> str | None:
        if self._scene.visit.busy:
            return None
        if self._wiped_at is None:
            self._wiped_at = now
        return "over" if now - self._wiped_at >= STAYS else None

    def leave(self) -> None:
        pass
