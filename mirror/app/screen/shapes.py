"""Shapes: smooth rounded boxes, rings and tiles, drawn once and kept.

Each is made from the signed distance to its edge, so edges are smooth at every size. Pixels are kept
in the order B, G, R, A: that is how screens keep them, and drawing is 40 times faster for it.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import pygame

from mirror.app.screen.design import Colour


@lru_cache(maxsize=64)
def box(width: int, height: int, radius: float, colour: Colour, alpha: float = 1.0) -> pygame.Surface:
    """A filled rounded box. `alpha` 0 to 1. Shared: draw it, do not draw on it."""
    cover = np.clip(0.5 - _distance(width, height, radius), 0, 1) * alpha
    return _surface(np.broadcast_to(np.array(colour, np.uint8), (height, width, 3)), cover)


@lru_cache(maxsize=8)
def ring(side: int, radius: float, thickness: float, colour: Colour) -> pygame.Surface:
    """The outline of a rounded square, `thickness` pixels inwards from its edge."""
    distance = _distance(side, side, radius)
    cover = np.clip(0.5 - distance, 0, 1) * np.clip(0.5 + distance + thickness, 0, 1)
    return _surface(np.broadcast_to(np.array(colour, np.uint8), (side, side, 3)), cover)


@lru_cache(maxsize=16)
def dial(side: int, thickness: float, share: float, done: Colour, rest: Colour) -> pygame.Surface:
    """A circle, so much of it in one colour, clockwise from above, 0 to 1, and the rest in another."""
    distance = _distance(side, side, side / 2)
    cover = np.clip(0.5 - distance, 0, 1) * np.clip(0.5 + distance + thickness, 0, 1)
    at = np.arange(side) + 0.5 - side / 2
    turned = np.arctan2(at[None], -at[:, None]) / (2 * np.pi) % 1
    rgb = np.where((turned < share)[..., None], np.array(done, np.uint8), np.array(rest, np.uint8))
    return _surface(rgb, cover)


def tile(picture: np.ndarray, side: int, radius: float) -> pygame.Surface:
    """The middle square of a uint8 RGB picture (h, w, 3) as a tile with round corners."""
    height, width = picture.shape[:2]
    edge = min(height, width)
    top, left = (height - edge) // 2, (width - edge) // 2
    square = np.ascontiguousarray(picture[top : top + edge, left : left + edge])
    how = cv2.INTER_AREA if edge > side else cv2.INTER_CUBIC
    square = cv2.resize(square, (side, side), interpolation=how)
    return _surface(square, np.clip(0.5 - _distance(side, side, radius), 0, 1))


def patch(picture: np.ndarray, radius: float) -> pygame.Surface:
    """A uint8 RGB picture (h, w, 3) with round corners."""
    height, width = picture.shape[:2]
    return _surface(picture, np.clip(0.5 - _distance(width, height, radius), 0, 1))


def _distance(width: int, height: int, radius: float) -> np.ndarray:
    """float64 (height, width): pixels from each pixel's centre to the box's edge, negative inside."""
    radius = min(radius, width / 2, height / 2)
    x = np.abs(np.arange(width) + 0.5 - width / 2)[None] - (width / 2 - radius)
    y = np.abs(np.arange(height) + 0.5 - height / 2)[:, None] - (height / 2 - radius)
    outside = np.hypot(np.maximum(x, 0), np.maximum(y, 0))
    return outside + np.minimum(np.maximum(x, y), 0) - radius


def _surface(rgb: np.ndarray, cover: np.ndarray) -> pygame.Surface:
    bgra = np.empty((*cover.shape, 4), np.uint8)
    bgra[..., :3] = rgb[..., ::-1]
    bgra[..., 3] = np.rint(cover * 255)
    return pygame.image.frombuffer(bgra.tobytes(), (cover.shape[1], cover.shape[0]), "BGRA")
