"""Page: the cameras by name, each with its live picture; those that are no use say why."""

from __future__ import annotations

import math
import re
from functools import partial

import pygame

from mirror.app.screen.design import ACCENT, CORNER, INK, MUTED, NEAR, px
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import said, shortened, text
from mirror.app.setup import drawing
from mirror.app.setup.camera_name import spoken
from mirror.app.setup.camera_watch import Watch
from mirror.app.setup.setup_page import Control, Page
from mirror.app.setup.shared_state import Desk
from mirror.translation.message import Message, Said

SIZE = (640, 480)  # several cameras on one cable have no room for more
_WORDS = 134  # design pixels for name and trouble


class CamerasPage(Page):
    """Chooses the camera. A black, flat, frozen or silent one cannot be chosen."""

    title = Message("Which camera?")
    about = Message("Choose the one that looks at the person in front of the screen.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._watches: dict[tuple[int, str], Watch] = {}
        self._chosen = False  # by the person: what is found first no longer matters
        self._cards: dict[tuple[int, str], pygame.Rect] = {}

    @property
    def ready(self) -> bool:
        """With a good camera, or where it is sure that there is none."""
        watches = self._watches
        if self.desk.camera in watches:
            return self._good(watches[self.desk.camera])
        return all(watch.sure for watch in watches.values())

    @property
    def settled(self) -> bool:
        """Not before a camera was chosen."""
        return self.ready

    @property
    def hint(self) -> str:
        """Why one cannot go on yet."""
        if not self._watches:
            return Message("Without a camera the engines are set up, and the mirror shows its demo")
        if self.ready:
            if self.desk.camera:
                return ""
            return Message("No camera can be used: the mirror will show its demo")
        return Message("Looking at the cameras") if any(not w.sure for w in self._watches.values()) else ""

    def enter(self) -> None:
        """Opens all cameras."""
        self._scan()

    def leave(self) -> None:
        """Gives all cameras back."""
        for watch in self._watches.values():
            self.desk.leave(watch)
        self._watches = {}

    def controls(self, area: pygame.Rect, unit: float) -> list[Control]:
        """A card for each camera, and a button that looks for new ones."""
        self._prefer()
        again_w, again_h = px(unit, 210), px(unit, 56)
        again = pygame.Rect(area.right - again_w, area.bottom - again_h, again_w, again_h)
        found = [Control("again", again, Message("Look again"), self._scan)]
        self._cards = {}
        count = len(self._watches)
        if not count:
            return found
        gap = px(unit, 20)
        columns = count if count <= 3 else math.ceil(count / math.ceil(count / 4))
        rows = math.ceil(count / columns)
        room = area.height - again_h - gap
        width = min(px(unit, 460), (area.width - gap * (columns - 1)) // columns)
        # A picture of 4 to 3, and its words below.
        height = min(width * 3 // 4 + px(unit, _WORDS), (room - gap * (rows - 1)) // rows)
        left = area.left + (area.width - columns * width - gap * (columns - 1)) // 2
        for number, (camera, watch) in enumerate(self._watches.items()):
            x = left + (number % columns) * (width + gap)
            y = area.top + (number // columns) * (height + gap)
            rect = self._cards[camera] = pygame.Rect(x, y, width, height)
            press, key = partial(self._take, camera), f"camera {camera[0]}"
            found.append(Control(key, rect, camera[1], press, enabled=self._good(watch), kind="card"))
        return found[1:] + found[:1]

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """The cards' pictures, names and troubles."""
        if not self._watches:
            place = area.inflate(-area.width // 4, 0)
            words = Message("No camera was found.\nPlug one in and press Look again, or go on without one.")
            line = text(words, px(unit, NEAR.heading), INK, place.width, True)
            screen.blit(line, line.get_rect(center=area.center))
        for camera, rect in self._cards.items():
            self._draw_card(screen, camera, rect, unit)

    def _draw_card(
        self, screen: pygame.Surface, camera: tuple[int, str], rect: pygame.Rect, unit: float
    ) -> None:
        watch, pad = self._watches[camera], px(unit, 14)
        rect = turned(rect, screen.get_width())
        inner = rect.inflate(-2 * pad, -2 * pad)
        below = px(unit, _WORDS) - px(unit, 22)
        frame = pygame.Rect(inner.left, inner.top, inner.width, max(8, inner.height - below))
        drawing.picture(screen, watch.picture, turned(frame, screen.get_width()), self.desk.settings.mirror)
        size = px(unit, NEAR.body)
        name = text(shortened(Said(camera[1]), size, inner.width), size, INK)
        y = frame.bottom + px(unit, 8)
        screen.blit(name, turned(name.get_rect(topleft=(inner.left, y)), inner))
        problem = watch.problem
        if problem:
            words, sign = drawing.of_it(problem), "warning"
        elif not watch.sure:
            words, sign = Message("looking at it"), "wait"
        else:
            words, sign = Message("good"), "good"
        place = turned(pygame.Rect(inner.left, y + px(unit, 30), inner.width, 0), screen.get_width())
        clip = screen.get_clip()
        screen.set_clip(inner)  # a long reason may not run out of its card
        small = px(unit, NEAR.caption)
        tall = text(words, small, MUTED, inner.width - px(unit, 26)).get_height()
        if place.top + tall > inner.bottom:
            words = Said(re.sub(r" \(.*?\)", "", said(words)))  # what it may come from
        drawing.line(screen, words, place, unit, sign, NEAR.caption, muted=True)
        screen.set_clip(clip)
        if camera == self.desk.camera and self._good(watch):
            pygame.draw.rect(screen, ACCENT, rect, px(unit, 4), px(unit, CORNER))

    def _prefer(self) -> None:
        """Takes the calibrated camera, else the first good one, until the person has chosen."""
        watches = self._watches
        current = self.desk.camera
        if current is not None and current not in watches:
            current = self.desk.camera = None
        if current is not None and watches[current].sure and not self._good(watches[current]):
            current = self.desk.camera = None  # unplugged, or covered
        if self._chosen and current is not None:
            return
        good = [camera for camera in watches if self._good(watches[camera])]
        old = (self.desk.old.camera or "").strip().lower()
        known = [camera for camera in good if spoken(camera, self.desk.cameras).strip().lower() == old]
        if known or (good and current is None):
            self.desk.choose((known or good)[0])

    def _take(self, camera: tuple[int, str]) -> None:
        self._chosen = True
        self.desk.choose(camera)

    def _good(self, watch: Watch) -> bool:
        return watch.sure and watch.problem is None

    def _scan(self) -> None:
        """Looks which cameras there are; those that failed are tried again."""
        self.desk.cameras = self.desk.parts.list_cameras()
        for camera in list(self._watches):
            watch = self._watches[camera]
            if camera not in self.desk.cameras or watch.problem:
                self.desk.leave(self._watches.pop(camera))
        kept = self._watches
        self._watches = {
            camera: kept.get(camera) or self.desk.watcher(camera[0], SIZE) for camera in self.desk.cameras
        }
