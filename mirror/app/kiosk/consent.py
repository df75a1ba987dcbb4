"""Consent: what happens with the picture, before there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.app.kiosk.language_buttons import chosen, every
from mirror.app.screen import View, Wish
from mirror.app.touch import layout
from mirror.app.touch.buttons import Buttons, Place

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

# Units, where there is room for all: above the title, below it, below a line, above the buttons of an upright
# screen. Many lines on a small screen take of all of them alike, and of the buttons' height.
_TOP, _TITLE, _LINE, _BUTTONS = 40.0, 24.0, 16.0, 60.0
_LOW, _TALL = 60.0, 92.0  # units: the least and the most that a button is high
_EDGE, _APART, _LANGUAGE, _WIDEST = 24.0, 16.0, 190.0, 400.0  # units; the last of a button
_LETTERS, _ENOUGH = (layout.HEADING, layout.LARGE), 0.25  # the title smaller, where there is less room
_WIDE = 1232.0  # units that a line is wide, at most


class Consent:
    """A few plain lines, yes and no. Nobody answers: the machine goes back to attract.

    One button shows all languages.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("yes")
        self._choosing = False

    def enter(self, now: float) -> None:
        self._choosing = False

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        size = screen.get_size()
        unit = layout.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        screen.fill(layout.GROUND)
        if self._choosing:
            self._buttons.lay(size, every(across, down))
        else:
            below, tall = self._draw_lines(screen, across, down)
            self._buttons.lay(size, self._places(across, down, below, tall))
        self._buttons.draw(screen, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        pressed = self._buttons.hear(event)
        if chosen(pressed, self._scene.words):
            self._choosing = False
            return True
        if pressed == "language":
            self._choosing = True
        return {"yes": "agreed", "no": "refused"}.get(pressed or "", True)

    def step(self, now: float) -> str | None:
        return None

    def leave(self) -> None:
        pass

    def _says(self) -> list[str]:
        words, kept, keepsakes = self._scene.words, self._scene.kept, self._scene.visit.keepsakes
        if keepsakes is None or not keepsakes.shared:
            says = [words("consent_1"), words("consent_2")]
            return [*says, words.counted("consent_kept", kept.days, folder=kept.place), words("consent_3")]
        one = keepsakes.settings
        fetched = (
            words.counted("consent_share", one.minutes) if one.after_visit else words("consent_share_here")
        )
        if not keepsakes.secure:
            fetched = f"{fetched} {words('consent_plain')}"
        told = "consent_2_tablet" if self._scene.watched else "consent_2_share"
        says = [words("consent_1"), words(told)]
        says.append(words.counted("consent_kept", kept.days, folder=kept.place))
        return [*says, fetched, words("consent_3")]

    def _draw_lines(self, screen: pygame.Surface, across: float, down: float) -> tuple[float, float]:
        """Draws what is to be agreed to; where it ends, and how high the buttons below it are: units."""
        unit = layout.unit_of(screen.get_size())
        title, says = self._scene.words("consent_title"), self._says()
        wide, lies = min(across - 2 * _EDGE, _WIDE), across > down
        top, rows, apart = (_TOP, 1, 0.0) if lies else (0.2 * down, 2, _BUTTONS + _APART)
        wanted = top + _TITLE + len(says) * _LINE + apart + rows * (_TALL - _LOW)
        spare = down - _EDGE - rows * _LOW
        spare -= sum(layout.height_of(said, layout.BODY, wide, unit) for said in says)
        for letters in _LETTERS:
            room = min(1.0, (spare - layout.height_of(title, letters, wide, unit)) / wanted)
            if room > _ENOUGH:
                break
        spot = layout.line(screen, title, letters, (across / 2, top * room), layout.ACCENT, width=wide)
        y = spot.bottom / unit + _TITLE * room
        for said in says:
            at = ((across - wide) / 2, y)
            y = layout.line(screen, said, layout.BODY, at, width=wide, left=True).bottom / unit + _LINE * room
        return (y if lies else y + _BUTTONS * room), _LOW + (_TALL - _LOW) * room

    def _places(self, across: float, down: float, below: float, tall: float) -> tuple[Place, ...]:
        """No and yes in the middle, the language in the corner where lines begin; upright below them."""
        words = self._scene.words
        if across > down:
            y = down - _EDGE - tall
            left = _EDGE + _LANGUAGE + _APART
            wide = min(_WIDEST, (across - _EDGE - left - _APART) / 2)
            left = max(left, across / 2 - wide - _APART / 2)
            language = (_EDGE, y, _LANGUAGE, tall)
        else:
            y, wide = below, min(_WIDEST, (across - 2 * _EDGE - _APART) / 2)
            left = across / 2 - wide - _APART / 2
            language = ((across - _LANGUAGE) / 2, down - _EDGE - tall, _LANGUAGE, tall)
        return (
            ("language", words("language"), language),
            ("no", words("no"), (left, y, wide, tall)),
            ("yes", words("yes"), (left + wide + _APART, y, wide, tall)),
        )
