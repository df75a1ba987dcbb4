"""Consent: what happens with the picture, before there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.kiosk import look
from mirror.kiosk.buttons import Buttons
from mirror.kiosk.speak import choice, chosen
from mirror.screen import View, Wish

if TYPE_CHECKING:
    from mirror.kiosk.scene import Scene


class Consent:
    """A few plain lines, yes and no. Nobody answers: the machine goes back to attract."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("yes")

    def enter(self, now: float) -> None:
        pass

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        words, size = self._scene.words, screen.get_size()
        unit = look.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        screen.fill(look.GROUND)
        wide = min(across - 80, 1160)
        tall = (0.06 if across > down else 0.22) * down
        spot = look.line(screen, words("consent_title"), 52, (across / 2, tall), look.ACCENT, width=wide)
        y = spot.bottom / unit + 28
        kept = self._scene.kept
        says = [words("consent_1"), words("consent_2")]
        says += [words.counted("consent_kept", kept.days, folder=kept.place), words("consent_3")]
        for said in says:
            left = (across - wide) / 2
            spot = look.line(screen, said, 29, (left, y), width=wide, left=True)
            y = spot.bottom / unit + 18
        y = max(y + 14, down - 250) if across > down else y + 60
        wide = min(400, (across - 120) / 2)
        places = (
            ("no", words("no"), (across / 2 - wide - 16, y, wide, 92)),
            ("yes", words("yes"), (across / 2 + 16, y, wide, 92)),
        )
        self._buttons.lay(size, places + choice(across, down, words))
        self._buttons.draw(screen, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        pressed = self._buttons.hear(event)
        if chosen(pressed, self._scene.words):
            return True
        return {"yes": "agreed", "no": "refused"}.get(pressed or "", True)

    def step(self, now: float) -> str | None:
        return None

    def leave(self) -> None:
        pass
