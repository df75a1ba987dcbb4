"""Picture: the live image, as large as the window allows, mirrored on the way."""

from __future__ import annotations

import cv2
import numpy as np
import pygame

from mirror.screen.typeface import GROUND


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


def draw_picture(screen: pygame.Surface, image: np.ndarray, mirrored: bool) -> pygame.Rect:
    """Fill `screen` with a uint8 RGB image (H, W, 3) and near-black around it; returns where it lies."""
    where = fitted((image.shape[1], image.shape[0]), screen.get_size())
    _fill_around(screen, where)
    _lay(screen, np.ascontiguousarray(image), mirrored, where)
    return where


def draw_left_part(
    screen: pygame.Surface, image: np.ndarray, mirrored: bool, where: pygame.Rect, width: int
) -> None:
    """Lay the left part of another picture, `width` pixels of the screen, over one that lies in `where`.

    It costs its share of a whole picture: nothing is copied but what is seen.
    """
    width = min(max(width, 0), where.width)
    columns = min(image.shape[1], round(width * image.shape[1] / where.width))
    if width == 0 or columns == 0:
        return
    part = image[:, image.shape[1] - columns :] if mirrored else image[:, :columns]
    _lay(screen, part, mirrored, pygame.Rect(where.left, where.top, width, where.height))


def _lay(screen: pygame.Surface, image: np.ndarray, mirrored: bool, where: pygame.Rect) -> None:
    shrink = image.shape[1] / where.width
    if shrink < 1 and mirrored:
        image = cv2.flip(image, 1)
    if where.size != (image.shape[1], image.shape[0]):
        # Averaging is several times slower; below half size it is worth it, for linear shimmers there.
        how = cv2.INTER_AREA if shrink >= 2 else cv2.INTER_LINEAR
        image = cv2.resize(image, where.size, interpolation=how)
    if shrink >= 1 and mirrored:
        image = cv2.flip(image, 1)
    if screen.get_bitsize() == 32 and screen.get_masks()[:3] == (0xFF0000, 0xFF00, 0xFF):
        # One pass straight into the window's own memory, 4 times faster than a blit.
        pixels = pygame.surfarray.pixels2d(screen).T
        rows = pixels.view(np.uint8).reshape(*pixels.shape, 4)
        part = rows[where.top : where.bottom, where.left : where.right]
        cv2.cvtColor(image, cv2.COLOR_RGB2BGRA, dst=part)
    else:
        image = np.ascontiguousarray(image)
        screen.blit(pygame.image.frombuffer(image.data, where.size, "RGB"), where)


def _fill_around(screen: pygame.Surface, where: pygame.Rect) -> None:
    width, height = screen.get_size()
    if where.left > 0 or where.right < width:
        screen.fill(GROUND, (0, 0, where.left, height))
        screen.fill(GROUND, (where.right, 0, width - where.right, height))
    if where.top > 0 or where.bottom < height:
        screen.fill(GROUND, (0, 0, width, where.top))
        screen.fill(GROUND, (0, where.bottom, width, height - where.bottom))
