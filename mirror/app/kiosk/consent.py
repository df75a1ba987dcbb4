"""Consent: what happens with the picture, before there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pygame

from mirror.app.kiosk import layout
from mirror.app.kiosk.buttons import Buttons, Place
from mirror.app.kiosk.language_buttons import chosen, every
from mirror.app.screen import View, Wish

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene


class _Gaps(NamedTuple):
    """Units: above the title, below it, below a line; how high the buttons are."""

    top: float
    title: float
    line: float
    tall: float


_GAPS, _GAPS_SQUARE = _Gaps(40, 24, 16, 92), _Gaps(10, 6, 4, 68)
_SQUARE = 1.4  # width by height: screens of 5:4 and 4:3, where many lines have the least room
_EDGE, _APART, _LANGUAGE, _WIDEST = 24.0, 16.0, 190.0, 400.0  # units; the last of a button


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
            near = _GAPS_SQUARE if down < across < _SQUARE * down else _GAPS
            below = self._draw_lines(screen, near, across, down)
            self._buttons.lay(size, self._places(near, across, down, below))
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

    def _draw_lines(self, screen: pygame.Surface, near: _Gaps, across: float, down: float) -> float:
        """Draws what is to be agreed to; where it ends."""
        words, unit = self._scene.words, layout.unit_of(screen.get_size())
        wide = min(across - 2 * _EDGE, 1160)
        top = near.top if across > down else 0.2 * down
        spot = layout.line(
            screen, words("consent_title"), layout.HEADING, (across / 2, top), layout.ACCENT, width=wide
        )
        y = spot.bottom / unit + near.title
        kept = self._scene.kept
        says = [words("consent_1"), words("consent_2")]
        says += [words.counted("consent_kept", kept.days, folder=kept.place), words("consent_3")]
        for said in says:
            left = (across - wide) / 2
            spot = layout.line(screen, said, layout.BODY, (left, y), width=wide, left=True)
            y = spot.bottom / unit + near.line
        return y

    def _places(self, near: _Gaps, across: float, down: float, below: float) -> tuple[Place, ...]:
        """No and yes in the middle, the language in the corner where lines begin; upright below them."""
        words = self._scene.words
        if across > down:
            y = down - _EDGE - near.tall
            left = _EDGE + _LANGUAGE + _APART
            wide = min(_WIDEST, (across - _EDGE - left - _APART) / 2)
            left = max(left, across / 2 - wide - _APART / 2)
            language = (_EDGE, y, _LANGUAGE, near.tall)
        else:
            y, wide = below + 60, min(_WIDEST, (across - 2 * _EDGE - _APART) / 2)
            left = across / 2 - wide - _APART / 2
            language = ((across - _LANGUAGE) / 2, down - _EDGE - near.tall, _LANGUAGE, near.tall)
        return (
            ("language", words("language"), language),
            ("no", words("no"), (left, y, wide, near.tall)),
            ("yes", words("yes"), (left + wide + _APART, y, wide, near.tall)),
        )
