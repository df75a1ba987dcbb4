"""Page: what a salon's visitors see: its name, when all is wiped, and whether pictures go to their phones."""

from __future__ import annotations

import dataclasses
from functools import partial
from importlib.util import find_spec

import pygame

from mirror.app.screen import shapes
from mirror.app.screen.design import ACCENT, CORNER, INK, MUTED, NEAR, RING, SUNK, px
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import lacking, shortened, text
from mirror.app.setup import drawing
from mirror.app.setup.setup_page import Control, Page
from mirror.app.setup.shared_state import Desk
from mirror.app.sharing.web.own_network import own_network
from mirror.settings.options import KEYS
from mirror.settings.tables import LONGEST_NAME
from mirror.translation.message import Message, Said

TIMES = (10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600)  # seconds, as the setting allows
_NEEDED = ("tornado", "segno")  # of requirements-share.txt
_INSTALL = "pip install -r requirements-share.txt"
_ROW, _LABEL = 60, 30  # design pixels


class SalonPage(Page):
    """A field for the name, two buttons for the time, a switch for sharing."""

    title = Message("For a salon?")
    about = Message("What visitors of a kiosk see. At home you may go on without.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._typing = False
        self._lacking = ""
        self._network: str | None = None
        self._where = pygame.Rect(0, 0, 0, 0)
        assert all(KEYS["idle"].check(time) for time in TIMES)

    def enter(self) -> None:
        """Asks the system in which network this machine is."""
        self._network = self.desk.settings.share.network or own_network()

    def leave(self) -> None:
        """Types no more."""
        self._type(False)

    @property
    def hint(self) -> str:
        """How to end typing."""
        return Message("Enter when the name is right") if self._typing else ""

    def controls(self, area: pygame.Rect, unit: float) -> list[Control]:
        """The name, shorter and longer, the switch."""
        row, gap = px(unit, _ROW), px(unit, 12)
        width = min(area.width, px(unit, 560))
        rows = self._rows(area, unit)
        half = (width - gap) // 2
        self._where = pygame.Rect(area.left, rows[0], width, row)
        idle = self.desk.settings.idle
        shorter, longer = (max((t for t in TIMES if t < idle), default=None),
                           min((t for t in TIMES if t > idle), default=None))  # fmt: skip
        on = self.desk.settings.share.network is not None
        may = on or (self._network is not None and not _missing())
        return [
            Control("name", self._where, Message("Name of the salon"), partial(self._type, True),
                    kind="card"),
            Control("shorter", pygame.Rect(area.left, rows[1], half, row), Message("Shorter"),
                    partial(self._wait, shorter), enabled=shorter is not None),
            Control("longer", pygame.Rect(area.left + half + gap, rows[1], half, row), Message("Longer"),
                    partial(self._wait, longer), enabled=longer is not None),
            Control("share", pygame.Rect(area.left, rows[2], width, row),
                    Message("Pictures to visitors' phones"), self._share, enabled=may, chosen=on),
        ]  # fmt: skip

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """What each of them is, and the name in its field."""
        settings, rows, label = self.desk.settings, self._rows(area, unit), px(unit, _LABEL)
        idle = Message("All is wiped after {seconds:g} s without anybody", seconds=settings.idle)
        for top, words in zip(rows, (Message("Name of the salon"), idle, self._shared()), strict=True):
            place = pygame.Rect(area.left, top - label, area.width, 0)
            drawing.line(screen, words, place, unit, None, NEAR.caption, muted=True)
        self._draw_field(screen, unit, now)
        if self._lacking:
            place = pygame.Rect(area.left, self._where.bottom + px(unit, 4), area.width, 0)
            letters = Said(self._lacking)
            told = Message("There is no letter {letters} in the mirror's typeface.", letters=letters)
            drawing.line(screen, told, place, unit, "warning", NEAR.caption)

    def _draw_field(self, screen: pygame.Surface, unit: float, now: float) -> None:
        """The name, or what it is for; a ring and a cursor while it is typed."""
        whole, name = screen.get_width(), self.desk.settings.share.name or ""
        where = turned(self._where, whole)
        screen.blit(shapes.box(*where.size, px(unit, CORNER), SUNK), where)
        empty = Message("none; it is seen on the first screen and on the cards")
        told: str = Said(name) if name or self._typing else empty
        size, pad = px(unit, NEAR.heading if name else NEAR.caption), px(unit, 14)
        drawn = text(shortened(told, size, where.width - 3 * pad), size, INK if name else MUTED)
        spot = drawn.get_rect(midleft=(self._where.left + pad, where.centery))
        screen.blit(drawn, turned(spot, whole))
        if self._typing:
            pygame.draw.rect(screen, ACCENT, where, px(unit, RING), px(unit, CORNER))
            tall = px(unit, NEAR.heading)
            cursor = pygame.Rect(spot.right + px(unit, 3), where.centery - tall // 2, px(unit, 2), tall)
            if now % 1 < 0.5:
                pygame.draw.rect(screen, INK, turned(cursor, whole))

    def hear(self, event: pygame.event.Event) -> bool:
        """Letters, while the name is typed; Enter, Esc and a touch elsewhere end that."""
        if not self._typing:
            return False
        if event.type == pygame.TEXTINPUT:
            self._add(event.text)
            return True
        if event.type == pygame.MOUSEBUTTONDOWN:
            self._type(False)
            return False
        if event.type != pygame.KEYDOWN:
            return False
        if event.key == pygame.K_BACKSPACE:
            self._name((self.desk.settings.share.name or "")[:-1])
        elif event.key in (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_ESCAPE):
            self._type(False)
        elif event.key == pygame.K_TAB:
            self._type(False)
            return False
        return True

    def _rows(self, area: pygame.Rect, unit: float) -> list[int]:
        """Where each of the three begins, its words above it."""
        step = min(px(unit, 136), area.height // 3)
        return [area.top + px(unit, _LABEL) + number * step for number in range(3)]

    def _shared(self) -> Message:
        network = self.desk.settings.share.network
        if network is not None:
            return Message(
                "Only in the network {network}, by a link that the visitor sees", network=Said(network)
            )
        if _missing():
            return Message("Off. It needs: {command}", command=Said(_INSTALL))
        if self._network is None:
            return Message("Off. This machine is in no network.")
        return Message("Off: nothing leaves this machine.")

    def _share(self) -> None:
        share = self.desk.settings.share
        network = self._network if share.network is None else None
        self.desk.change(share=dataclasses.replace(share, network=network))

    def _wait(self, seconds: float | None) -> None:
        if seconds is not None:
            self.desk.change(idle=float(seconds))

    def _add(self, letters: str) -> None:
        good = "".join(letter for letter in letters if letter.isprintable())
        self._lacking = lacking(good)
        if not self._lacking:
            self._name((self.desk.settings.share.name or "") + good)

    def _name(self, name: str) -> None:
        # Blanks in front would count as a name.
        name = name.lstrip()[:LONGEST_NAME]
        self.desk.change(share=dataclasses.replace(self.desk.settings.share, name=name or None))

    def _type(self, on: bool) -> None:
        if on == self._typing:
            return
        self._typing, self._lacking = on, ""
        if on:
            pygame.key.start_text_input()
            pygame.key.set_repeat(400, 40)  # to take back more than one letter
        else:
            pygame.key.stop_text_input()
            pygame.key.set_repeat()


def _missing() -> bool:
    return any(find_spec(name) is None for name in _NEEDED)
