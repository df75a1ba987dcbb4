"""Framing: which part of the camera's picture is used, seen as the person sees it, turned and mirrored."""

from __future__ import annotations

import math

import cv2
import numpy as np

from mirror.app.screen.design import ACCENT, GROUND, INK

ZOOMS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0)
Crop = tuple[int, int, int, int]


def zoomed(size: tuple[int, int], crop: Crop | None, by: int) -> Crop | None:
    """The crop one step closer (`by` 1) or wider (-1), about the same middle; None: the whole picture.

    Args:
        size: (width, height) of the camera's picture.
        crop: (left, top, width, height), or None for all of it.

    Example:
        >>> zoomed((1280, 720), None, 1)
        (107, 60, 1066, 600)
    """
    left, top, width, height = crop or (0, 0, *size)
    now = size[0] / width
    wanted = [zoom for zoom in ZOOMS if (zoom > now * 1.02 if by > 0 else zoom < now / 1.02)]
    if not wanted:
        return crop if by > 0 else None
    zoom = wanted[0 if by > 0 else -1]
    if zoom == 1.0:
        return None
    # Even numbers: films are made of pairs of pixels.
    new = (int(size[0] / zoom) // 2 * 2, int(size[1] / zoom) // 2 * 2)
    return _within(size, (left + (width - new[0]) / 2, top + (height - new[1]) / 2, *new))


def moved(size: tuple[int, int], crop: Crop | None, right: float, down: float) -> Crop | None:
    """The crop moved by pixels of the camera's picture, as far as it goes."""
    if crop is None:
        return None
    return _within(size, (crop[0] + right, crop[1] + down, crop[2], crop[3]))


def to_camera(right: float, down: float, rotate: int, mirrored: bool) -> tuple[float, float]:
    """A direction that the person sees, as the camera sees it.

    Example:
        >>> to_camera(0, 1, 90, False), to_camera(1, 0, 0, True)
        ((1, 0), (-1, 0))
    """
    right = -right if mirrored else right
    cos, sin = round(math.cos(math.radians(rotate))), round(math.sin(math.radians(rotate)))
    return right * cos + down * sin, -right * sin + down * cos


def seen(size: tuple[int, int], crop: Crop, rotate: int, mirrored: bool) -> tuple[float, float, float, float]:
    """Where a crop lies in the picture as the person sees it: left, top, right, bottom, as shares of it.

    Example:
        >>> seen((100, 100), (0, 0, 50, 20), 90, False)
        (0.8, 0.0, 1.0, 0.5)
    """
    left, top = crop[0] / size[0], crop[1] / size[1]
    right, bottom = (crop[0] + crop[2]) / size[0], (crop[1] + crop[3]) / size[1]
    for _ in range(rotate // 90):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    if mirrored:
        left, right = 1 - right, 1 - left
    return left, top, right, bottom


def shade_around(image: np.ndarray, box: tuple[int, int, int, int]) -> None:
    """Darkens a uint8 (H, W, 3) picture outside a box (left, top, right, bottom), in place."""
    left, top, right, bottom = box
    kept = image[top:bottom, left:right].copy()
    np.right_shift(image, 2, out=image)
    image[top:bottom, left:right] = kept
    cv2.rectangle(image, (left, top), (right - 1, bottom - 1), ACCENT, 2)


def outline(image: np.ndarray, box: tuple[int, int, int, int]) -> None:
    """Draws a head and shoulders to stand in, in the middle of a box, light on dark so that both show."""
    left, top, right, bottom = box
    tall = bottom - top
    head = (round(0.155 * tall), round(0.205 * tall))  # half width and half height
    middle = ((left + right) // 2, top + round(0.42 * tall))
    chin = middle[1] + head[1]
    shoulders = (middle[0], chin + round(0.36 * tall)), (round(0.4 * tall), round(0.28 * tall))
    part = image[top:bottom, left:right]  # what stands out of the box is not drawn
    shift = (left, top)
    for colour, thick in ((GROUND, max(4, tall // 90)), (INK, max(2, tall // 200))):
        for (x, y), axes, begin, end in ((middle, head, 0, 360), (*shoulders, 180, 360)):
            at = (x - shift[0], y - shift[1])
            cv2.ellipse(part, at, axes, 0, begin, end, colour, thick, cv2.LINE_AA)


def _within(size: tuple[int, int], crop: tuple[float, float, int, int]) -> Crop:
    left = min(max(0, round(crop[0])), size[0] - crop[2])
    top = min(max(0, round(crop[1])), size[1] - crop[3])
    return left, top, crop[2], crop[3]
