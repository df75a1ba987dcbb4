"""Consent: what happens with the picture, before there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.app.kiosk import layout
from mirror.app.kiosk.buttons import Buttons
from mirror.app.kiosk.language_buttons import choice, chosen, width_of
from mirror.app.screen import View, Wish

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

# Units: of the title and the buttons, from the edges, between two lines at least and at most.
_TITLE, _TALL, _WIDE, _EDGE, _GAPS = 52.0, 88.0, 400.0, 26.0, (8.0, 18.0)
_LETTERS = (29.0, layout.BODY)  # units: the larger where all lines have room


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
        wide_screen = across > down
        # Below the lines: yes and no, and the languages beside them; on an upright screen below them.
        y = down - _EDGE - _TALL if wide_screen else down - 220
        left = 2 * _EDGE + width_of(words) if wide_screen else _EDGE
        wide = min(_WIDE, (across - left - 2 * _EDGE) / 2)
        right = across - _EDGE if wide_screen else across / 2 + wide + _EDGE / 2
        places = (
            ("no", words("no"), (right - 2 * wide - _EDGE, y, wide, _TALL)),
            ("yes", words("yes"), (right - wide, y, wide, _TALL)),
        )
        languages = choice(across, down, words, _EDGE if wide_screen else None)
        self._buttons.lay(size, places + languages)
        self._buttons.draw(screen, now)
        self._draw_lines(screen, min(across - 80, 1160), y)

    def _draw_lines(self, screen: pygame.Surface, wide: float, low: float) -> None:
        """The title and the lines, above `low`; units."""
        unit = layout.unit_of(screen.get_size())
        across, down = screen.get_width() / unit, screen.get_height() / unit
        top = 0.015 * down if across > down else 0.16 * down
        spot = layout.line(
            screen, self._scene.words("consent_title"), _TITLE, (across / 2, top), layout.ACCENT, width=wide
        )
        says, y = self._says(), spot.bottom / unit
        for letters in _LETTERS:
            tall = sum(layout.height_of(said, letters, wide, unit) for said in says)
            gap = min((low - y - tall) / (len(says) + 1), _GAPS[1])
            if gap >= _GAPS[0]:
                break
        for said in says:
            at = ((across - wide) / 2, y + gap)
            y = layout.line(screen, said, letters, at, width=wide, left=True).bottom / unit

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        pressed = self._buttons.hear(event)
        if chosen(pressed, self._scene.words):
            return True
        return {"yes": "agreed", "no": "refused"}.get(pressed or "", True)

    def _says(self) -> list[str]:
        words, kept, keepsakes = self._scene.words, self._scene.kept, self._scene.visit.keepsakes
        shared = keepsakes is not None and keepsakes.shared
        says = [words("consent_1"), words("consent_2_share" if shared else "consent_2")]
        says.append(words.counted("consent_kept", kept.days, folder=kept.place))
        if keepsakes is not None and shared:
            one = keepsakes.settings
            said = (
                words.counted("consent_share", one.minutes)
                if one.after_visit
                else words("consent_share_here")
            )
            says.append(said if keepsakes.secure else f"{said} {words('consent_plain')}")
        return [*says, words("consent_3")]

    def step(self, now: float) -> str | None:
        return None

    def leave(self) -> None:
        pass
