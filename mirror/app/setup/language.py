"""Page: the language of the screen, how large it is written, and whether names are spoken."""

from __future__ import annotations

from functools import partial

import pygame

from mirror.app.screen.design import NEAR, px
from mirror.app.screen.voice import found
from mirror.app.setup import drawing
from mirror.app.setup.setup_page import Control, Page
from mirror.app.setup.shared_state import Desk
from mirror.translation.catalogue import languages
from mirror.translation.message import Message, Said

_COLUMNS = 2


class LanguagePage(Page):
    """A press on a language changes the set-up at once."""

    title = Message("Which language?")
    about = Message("All that the screen says is said in it. Visitors of a kiosk can choose another one.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._speaks = found() is not None

    @property
    def settled(self) -> bool:
        """Not before a camera was chosen."""
        return False

    def controls(self, area: pygame.Rect, unit: float) -> list[Control]:
        """The languages by their own names, and two switches."""
        settings, tall, gap = self.desk.settings, px(unit, 60), px(unit, 12)
        width = min(px(unit, 340), (area.width - gap) // _COLUMNS)
        controls = []
        for number, (code, name) in enumerate(languages().items()):
            row, column = divmod(number, _COLUMNS)
            rect = pygame.Rect(area.left + column * (width + gap), area.top + row * (tall + gap), width, tall)
            chosen = code == self.desk.words.language
            controls.append(
                Control(f"speak {code}", rect, Said(name), partial(self._choose, code), chosen=chosen)
            )
        y, half = controls[-1].rect.bottom + px(unit, 36), (area.width - gap) // 2
        for number, (field, words, usable) in enumerate((
            ("large_text", Message("Large text"), True),
            ("speak", Message("Say the names of styles"), self._speaks or settings.speak),
        )):  # fmt: skip
            on = getattr(settings, field)
            rect = pygame.Rect(area.left + number * (half + gap), y, half, tall)
            press = partial(self.desk.change, **{field: not on})
            controls.append(Control(field, rect, words, press, enabled=usable, chosen=on))
        return controls

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """Why names cannot be spoken."""
        if self._speaks:
            return
        rows = -(-len(languages()) // _COLUMNS)
        top = area.top + rows * px(unit, 72) + px(unit, 24 + 60 + 12)
        place = pygame.Rect(area.left, top, area.width, 0)
        told = Message("Nothing that speaks is installed here: the names stay silent.")
        drawing.line(
            screen, told, place, unit, "warning" if self.desk.settings.speak else "note", NEAR.caption
        )

    def _choose(self, code: str) -> None:
        self.desk.words.choose(code)
        self.desk.change(language=code)
