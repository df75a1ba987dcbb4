"""Failsafe: something broke. The visitor is wiped, and the kiosk finds its way back by itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pygame

from mirror.app.screen import View, Wish
from mirror.app.touch import layout

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

PAUSES = (1.0, 2.0, 5.0, 10.0)  # seconds before the first, second ... try; the last one again and again
CALM = 60.0  # seconds without a failure after which it begins with the first again


class Failsafe:
    """Wipes, waits, loads again what was lost and tries the camera; then attract."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._failures = 0
        self._well_at = -math.inf
        self._again_at = 0.0
        self._trying = False

    def enter(self, now: float) -> None:
        if now - self._well_at > CALM and not self._trying:
            self._failures = 0
        self._again_at = now + PAUSES[min(self._failures, len(PAUSES) - 1)]
        self._failures += 1
        self._trying = False
        self._scene.visit.end()

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        size = screen.get_size()
        unit = layout.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        screen.fill(layout.GROUND)
        layout.line(
            screen, self._scene.words("failsafe"), layout.HEADING, (across / 2, down / 2 - 60), layout.ACCENT
        )

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        return True

    def step(self, now: float) -> str | None:
        if self._scene.visit.busy or now < self._again_at:
            return None
        if not self._trying:
            self._trying = True
            self._scene.visit.prepare()
            return None
        self._trying, self._well_at = False, now
        return "well"

    def leave(self) -> None:
        pass
