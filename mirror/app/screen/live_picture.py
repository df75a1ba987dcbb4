"""Picture: the live image, as large as the window allows, or the part that fills it; mirrored on the way."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import pygame

from mirror.app.screen.design import GROUND
from mirror.app.screen.upright_crop import Part


def fitted(picture: tuple[int, int], window: tuple[int, int]) -> pygame.Rect:
    """Where a picture of (width, height) lies in a window: whole, centred, its proportions kept.

    Example:
        >>> fitted((640, 480), (1280, 720))
        Rect(160, 0, 960, 720)
    """
    scale = min(window[0] / picture[0], window[1] / picture[1])
    width = max(1, min(window[0], round(picture[0] * scale)))
    height = max(1, min(window[1], round(picture[1] * scale)))
    return pygame.Rect((window[0] - width) // 2, (window[1] - height) // 2, width, height)


# Width over height of the narrowest cell of several: a head with hair is about that wide for its height.
NARROWEST = 0.7


@dataclass(frozen=True, slots=True)
class Laid:
    """How a picture lies on the screen.

    Attributes:
        where: the rectangle of the screen that it fills.
        part: what of the picture is seen there, of the same proportions.
        mirrored: turned round, as a mirror does.
    """

    where: pygame.Rect
    part: Part
    mirrored: bool

    def on_screen(self, box: tuple[float, float, float, float]) -> pygame.Rect:
        """Where a box of the picture (left, top, right, bottom; its pixels) lies on the screen."""
        across, down = self.where.width / self.part.width, self.where.height / self.part.height
        left, right = (across * (x - self.part.left) for x in (box[0], box[2]))
        if self.mirrored:
            left, right = self.where.width - right, self.where.width - left
        top, bottom = (down * (y - self.part.top) for y in (box[1], box[3]))
        spot = pygame.Rect(round(left), round(top), round(right - left), round(bottom - top))
        return spot.move(self.where.topleft)

    def in_picture(self, point: tuple[float, float]) -> tuple[float, float]:
        """Which point of the picture, in its pixels, is seen at one of the screen.

        Example:
            >>> laid = Laid(pygame.Rect(0, 0, 200, 100), Part(0.0, 0.0, 400.0, 200.0), mirrored=True)
            >>> laid.in_picture((50.0, 10.0))
            (300.0, 20.0)
        """
        across, down = self.part.width / self.where.width, self.part.height / self.where.height
        x, y = point[0] - self.where.left, point[1] - self.where.top
        if self.mirrored:
            x = self.where.width - x
        return self.part.left + x * across, self.part.top + y * down


def lay_out(picture: tuple[int, int], part: Part, screen: tuple[int, int], mirrored: bool) -> Laid:
    """A part of a picture over all of a screen of (width, height); all of a picture as `fitted`."""
    if part == Part.whole(picture):
        return Laid(fitted(picture, screen), part, mirrored)
    return Laid(pygame.Rect((0, 0), screen), part, mirrored)


def draw_picture(screen: pygame.Surface, image: np.ndarray, laid: Laid) -> None:
    """Fill `screen` with a uint8 RGB image (H, W, 3) and near-black around it."""
    _fill_around(screen, laid.where)
    _lay(screen, image, laid, laid.where)


def draw_mosaic(screen: pygame.Surface, image: np.ndarray, side: int, mirrored: bool) -> Laid:
    """Fill an upright screen, as far as heads allow, with a picture of `side` x `side` cells.

    Of each cell its middle is seen, for a head is there; no cell is so narrow that it cuts its hair off.
    """
    (wide, tall), (height, width) = screen.get_size(), image.shape[:2]
    where = pygame.Rect(0, 0, wide, min(tall, round(wide / NARROWEST)))
    where.center = screen.get_rect().center
    _fill_around(screen, where)
    for place in range(side * side):
        row, column = divmod(place, side)
        on_screen = side - 1 - column if mirrored else column
        left, right = (where.left + where.width * (on_screen + i) // side for i in (0, 1))
        top, bottom = (where.top + where.height * (row + i) // side for i in (0, 1))
        cell = pygame.Rect(left, top, right - left, bottom - top)
        high = height / side
        across = min(high * cell.width / cell.height, width / side)
        part = Part((column + 0.5) * width / side - across / 2, row * high, across, high)
        _lay(screen, image, Laid(cell, part, mirrored), cell)
    return Laid(where, Part.whole((width, height)), mirrored)


def draw_part(screen: pygame.Surface, image: np.ndarray, laid: Laid, left: int, right: int) -> None:
    """Lay the columns `left` to `right` of the screen of another picture over one that lies there.

    It costs its share of a whole picture: nothing is copied but what is seen.
    """
    part = pygame.Rect(left, laid.where.top, max(right - left, 0), laid.where.height).clip(laid.where)
    if part.width:
        _lay(screen, image, laid, part)


def _lay(screen: pygame.Surface, image: np.ndarray, laid: Laid, only: pygame.Rect) -> None:
    """What of the picture lies in the rectangle `only` of the screen, which is inside `laid.where`."""
    left = only.left - laid.where.left
    if laid.mirrored:
        left = laid.where.width - left - only.width
    columns = _cut(left, only.width, laid.where.width, laid.part.left, laid.part.width, image.shape[1])
    rows = _cut(
        only.top - laid.where.top, only.height, laid.where.height, laid.part.top, laid.part.height,
        image.shape[0],
    )  # fmt: skip
    image = image[rows.first : rows.last, columns.first : columns.last]
    size = (columns.long, rows.long)
    shrink = image.shape[1] / size[0]
    if shrink < 1 and laid.mirrored:
        image = cv2.flip(image, 1)
    if size != (image.shape[1], image.shape[0]):
        # Averaging is several times slower; below half size it is worth it, for linear shimmers there.
        how = cv2.INTER_AREA if shrink >= 2 else cv2.INTER_LINEAR
        image = cv2.resize(image, size, interpolation=how)
    if shrink >= 1 and laid.mirrored:
        image = cv2.flip(image, 1)
    begin = columns.long - columns.skip - only.width if laid.mirrored else columns.skip
    image = image[rows.skip : rows.skip + only.height, begin : begin + only.width]
    if screen.get_bitsize() == 32 and screen.get_masks()[:3] == (0xFF0000, 0xFF00, 0xFF):
        # One pass straight into the window's own memory, 4 times faster than a blit.
        pixels = pygame.surfarray.pixels2d(screen).T
        memory = pixels.view(np.uint8).reshape(*pixels.shape, 4)
        cv2.cvtColor(image, cv2.COLOR_RGB2BGRA, dst=memory[only.top : only.bottom, only.left : only.right])
    else:
        image = np.ascontiguousarray(image)
        screen.blit(pygame.image.frombuffer(image.data, only.size, "RGB"), only)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Whole pixels of the picture along one axis, how long they become, and how much of that is skipped."""

    first: int
    last: int
    long: int
    skip: int


def _cut(begin: int, length: int, screen: int, part: float, span: float, picture: int) -> _Cut:
    """Which pixels of a picture fill `length` pixels of the screen from `begin` on.

    A part may begin between two pixels of the picture: it is enlarged from whole ones, and what is too much
    skipped on the screen, so that it glides there by single pixels of the screen.

    Args:
        begin, length: on the screen, from where the picture begins.
        screen: how many pixels of the screen the part of the picture fills.
        part, span: where in the picture the part begins, and how long it is.
        picture: how many pixels the picture has.
    """
    scale = screen / span
    first = min(max(math.floor(part + begin / scale + 1e-6), 0), picture - 1)
    last = min(max(math.ceil(part + (begin + length) / scale - 1e-6), first + 1), picture)
    skip = max(round((part - first) * scale + begin), 0)
    return _Cut(first, last, max(round((last - first) * scale), skip + length), skip)


def _fill_around(screen: pygame.Surface, where: pygame.Rect) -> None:
    width, height = screen.get_size()
    if where.left > 0 or where.right < width:
        screen.fill(GROUND, (0, 0, where.left, height))
        screen.fill(GROUND, (where.right, 0, width - where.right, height))
    if where.top > 0 or where.bottom < height:
        screen.fill(GROUND, (0, 0, width, where.top))
        screen.fill(GROUND, (0, where.bottom, width, height - where.bottom))
