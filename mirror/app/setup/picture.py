"""Page: the picture turned, mirrored and cut, with a head to stand in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import pygame

from mirror.app.screen.design import NEAR, px
from mirror.app.screen.turned import turned
from mirror.app.setup import drawing, picture_crop
from mirror.app.setup.setup_page import Control, Page
from mirror.app.setup.shared_state import Desk
from mirror.settings.camera_options import ROTATIONS
from mirror.sources.picture_adjustment import Adjustment
from mirror.translation.message import Message, Said

STRIDE = 0.04  # share of the picture that a press moves the crop
_WAYS = (
    (Message("Left"), -1, 0),
    (Message("Higher"), 0, -1),
    (Message("Lower"), 0, 1),
    (Message("Right"), 1, 0),
)


class _Button(NamedTuple):
    """A control that has no place yet."""

    key: str
    words: str
    press: Callable[[], object]
    enabled: bool = True
    chosen: bool = False
    alike: bool = False  # lies alike in every language


class PicturePage(Page):
    """Shows all that the camera sees, with what is used of it bright."""

    title = Message("How does it hang?")
    about = Message("Stand where people will stand. Turn and zoom until your head fits the outline.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._where = pygame.Rect(0, 0, 0, 0)
        self._held: tuple[int, int] | None = None  # where the pointer holds the crop

    @property
    def skipped(self) -> bool:
        """Without a camera there is no picture."""
        return self.desk.camera is None

    @property
    def hint(self) -> str:
        """What is wrong with the camera, or how much of its picture is used."""
        watch = self.desk.watch
        problem = watch.problem if watch is not None else None
        if problem:
            return problem
        size = self.desk.adjustment.size(self._size)
        return Message("The mirror gets {size}", size=Said(f"{size[0]}x{size[1]}"))

    def enter(self) -> None:
        """Opens the camera."""
        self.desk.look()

    def leave(self) -> None:
        """Gives it back."""
        self._held = None
        self.desk.look_away()

    @property
    def _size(self) -> tuple[int, int]:
        return self.desk.settings.size or (1280, 720)

    def controls(self, area: pygame.Rect, unit: float) -> list[Control]:
        """Four ways to turn, mirror, closer and wider, and four ways to move."""
        settings, column = self.desk.settings, self._column(area, unit)
        tall, gap, below = px(unit, 54), px(unit, 10), px(unit, 28)
        crop, size = settings.crop, self._size
        cut = crop is not None
        closest = picture_crop.zoomed(size, crop, 1) == crop
        turns = [_Button(f"turn {turn}", Message("{degrees}°", degrees=turn),
                         partial(self.desk.change, rotate=turn),
                         chosen=settings.rotate == turn) for turn in ROTATIONS]  # fmt: skip
        rows = [
            (column.top + below, turns),
            (0, [_Button(words, words, partial(self.desk.change, mirror=on), chosen=settings.mirror == on)
                 for words, on in ((Message("Mirrored"), True), (Message("Not mirrored"), False))]),
            (below, [_Button("wider", Message("Wider"), partial(self._zoom, -1), cut),
                     _Button("closer", Message("Closer"), partial(self._zoom, 1), not closest)]),
            (0, [_Button(f"move {name}", name, partial(self._move, right * STRIDE, down * STRIDE), cut,
                         alike=True)
                 for name, right, down in _WAYS]),
        ]  # fmt: skip
        found, y = [], 0
        for space, buttons in rows:
            y += space
            width = (column.width - gap * (len(buttons) - 1)) // len(buttons)
            for number, button in enumerate(buttons):
                rect = pygame.Rect(column.left + number * (width + gap), y, width, tall)
                block = pygame.Rect(column.left, y, column.width, tall) if button.alike else None
                found.append(
                    Control(button.key, rect, button.words, button.press, button.enabled, button.chosen,
                            block=block)
                )  # fmt: skip
            y += tall + gap
        return found

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """The camera's whole picture, what is not used of it dark, and the outline."""
        settings, column = self.desk.settings, self._column(area, unit)
        below = px(unit, 28)
        drawing.line(screen, Message("Turn"), column, unit, None, NEAR.caption, muted=True)
        top = column.top + below + 2 * px(unit, 64)
        below_them = pygame.Rect(column.left, top, column.width, 0)
        drawing.line(screen, Message("Zoom"), below_them, unit, None, NEAR.caption, muted=True)
        frame = pygame.Rect(area.left, area.top, column.left - area.left - px(unit, 32), area.height)
        watch = self.desk.watch
        image = watch.picture if watch is not None else None
        if image is None:
            self._where = drawing.picture(screen, None, frame)
            return
        whole = Adjustment(settings.rotate).turn(image)
        frame = turned(frame, screen.get_width())
        small, self._where = drawing.scaled(whole, frame, settings.mirror)
        tall, wide = small.shape[:2]
        box = (0, 0, wide, tall)
        if settings.crop is not None:
            shares = picture_crop.seen(self._size, settings.crop, settings.rotate, settings.mirror)
            box = (round(shares[0] * wide), round(shares[1] * tall), round(shares[2] * wide),
                   round(shares[3] * tall))  # fmt: skip
            picture_crop.shade_around(small, box)
        picture_crop.outline(small, box)
        drawing.put(screen, small, self._where)

    def hear(self, event: pygame.event.Event) -> bool:
        """The crop can be dragged."""
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            inside = self._where.collidepoint(event.pos) and self.desk.settings.crop is not None
            self._held = event.pos if inside else None
            return inside
        if event.type == pygame.MOUSEMOTION and self._held is not None:
            right, down = event.pos[0] - self._held[0], event.pos[1] - self._held[1]
            self._held = event.pos
            self._move(right / self._where.width, down / self._where.height)
            return True
        if event.type == pygame.MOUSEBUTTONUP and self._held is not None:
            self._held = None
            return True
        return False

    def _column(self, area: pygame.Rect, unit: float) -> pygame.Rect:
        width = min(px(unit, 380), area.width // 2)
        return pygame.Rect(area.right - width, area.top, width, area.height)

    def _zoom(self, by: int) -> None:
        self.desk.change(crop=picture_crop.zoomed(self._size, self.desk.settings.crop, by))

    def _move(self, right: float, down: float) -> None:
        """By shares of the picture that the person sees."""
        settings, (width, height) = self.desk.settings, self._size
        x, y = picture_crop.to_camera(right, down, settings.rotate, settings.mirror)
        self.desk.change(crop=picture_crop.moved(self._size, settings.crop, x * width, y * height))
