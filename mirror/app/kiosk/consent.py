"""Consent: what happens with the picture, before there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pygame

from mirror.app.kiosk import layout
from mirror.app.kiosk.buttons import Buttons
from mirror.app.kiosk.language_buttons import choice, chosen
from mirror.app.screen import View, Wish

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene


class _Gaps(NamedTuple):
    """Design pixels: below the title, below a line, above the buttons, a button's height; `top`: a share."""

    top: float
    title: float
    line: float
    buttons: float
    tall: float


_GAPS, _GAPS_SQUARE = _Gaps(0.06, 28, 18, 14, 92), _Gaps(0.015, 10, 8, 12, 68)
_SQUARE = 1.4  # width by height: screens of 5:4 and 4:3


class Consent:
    """A few plain lines, yes and no. Nobody answers: the machine goes back to attract."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("yes")

    def enter(self, now: float) -> None:
        pass

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        words, size = self._scene.words, screen.get_size()
        unit = layout.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        screen.fill(layout.GROUND)
        wide = min(across - 80, 1160)
        # Lines are more and longer on a screen that is nearly square: they move together there, or yes and no
        # would lie beneath the languages.
        near = _GAPS_SQUARE if down < across < _SQUARE * down else _GAPS
        tall = (near.top if across > down else 0.22) * down
        spot = layout.line(screen, words("consent_title"), 52, (across / 2, tall), layout.ACCENT, width=wide)
        y = spot.bottom / unit + near.title
        kept = self._scene.kept
        says = [words("consent_1"), words("consent_2")]
        says += [words.counted("consent_kept", kept.days, folder=kept.place), words("consent_3")]
        for said in says:
            left = (across - wide) / 2
            spot = layout.line(screen, said, 29, (left, y), width=wide, left=True)
            y = spot.bottom / unit + near.line
        y = max(y + near.buttons, down - 250) if across > down else y + 60
        wide = min(400, (across - 120) / 2)
        places = (
            ("no", words("no"), (across / 2 - wide - 16, y, wide, near.tall)),
            ("yes", words("yes"), (across / 2 + 16, y, wide, near.tall)),
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
