"""Stand: an outline of head and shoulders over the picture, where somebody is to stand."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import pygame

from mirror.app.screen.design import CALM, GROUND, INK

# In shares of the picture's height: where the middle of the face is, how high and how wide it is. So large a
# face is sure to be found, and long hair and an afro stay in the picture.
_LEVEL, _TALL, _WIDE = 0.42, 0.36, 0.27
_NECK, _SHOULDERS, _SLOPE = 0.14, 0.62, 0.2  # the neck's width; the shoulders', and how far they fall
_FINE = 2  # times larger it is drawn, for smooth edges


class Stand:
    """The outline; it comes and goes softly. Times are seconds of one clock."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """It is gone at once."""
        self._opacity, self._drawn_at = 0.0, 0.0

    def draw(self, screen: pygame.Surface, where: pygame.Rect, wanted: bool, now: float) -> None:
        """Draws it over a picture that fills the rectangle `where`, as far as it is there by now."""
        step = min(max(now - self._drawn_at, 0.0), 0.25)
        self._drawn_at = now
        change = step / CALM if wanted else -step / CALM
        self._opacity = min(max(self._opacity + change, 0.0), 1.0)
        if self._opacity <= 0 or where.width < 8 or where.height < 8:
            return
        drawn = _outline(where.width, where.height)
        drawn.set_alpha(round(255 * self._opacity))
        screen.blit(drawn, where)


@lru_cache(maxsize=2)
def _outline(width: int, height: int) -> pygame.Surface:
    """A light line in a dark one, so that it is seen on every wall."""
    tall = height if width >= height * _SHOULDERS else round(width / _SHOULDERS)
    top = (height - tall) // 2
    canvas = np.zeros((2, height * _FINE, width * _FINE), np.uint8)
    thick = max(2, round(tall * 0.006 * _FINE))
    for layer, more in ((0, 3), (1, 1)):
        for points in _strokes(width / 2, top, tall):
            pixels = np.round(points * _FINE * 16).astype(np.int32)
            cv2.polylines(canvas[layer], [pixels], False, 255, thick * more, cv2.LINE_AA, 4)
    dark, light = (cv2.resize(one, (width, height), interpolation=cv2.INTER_AREA) / 255 for one in canvas)
    bgra = np.empty((height, width, 4), np.uint8)
    for channel in range(3):
        bgra[..., channel] = np.rint(light * INK[2 - channel] + (1 - light) * GROUND[2 - channel])
    bgra[..., 3] = np.rint(255 * np.maximum(light * 0.95, dark * 0.4))
    return pygame.image.frombuffer(bgra.tobytes(), (width, height), "BGRA")


def _strokes(middle: float, top: float, tall: float) -> list[np.ndarray]:
    """The head and the two shoulders as lines of points, pixels."""
    y, half, high = top + _LEVEL * tall, _WIDE * tall / 2, _TALL * tall / 2
    turn = np.linspace(0, 2 * np.pi, 90)
    # A head is narrower at the chin than at the temples.
    narrow = 1 - 0.12 * np.clip(np.sin(turn), 0, 1) ** 2
    head = np.stack([middle + half * np.cos(turn) * narrow, y + high * np.sin(turn)], 1)
    chin = y + high
    neck, out, fall = _NECK * tall / 2, _SHOULDERS * tall / 2, _SLOPE * tall
    turn = np.linspace(0, np.pi / 2, 40)
    rounded = np.stack([neck + (out - neck) * np.sin(turn), fall * (1 - np.cos(turn))], 1)
    begin, end = np.array([[neck, -0.05 * tall]]), np.array([[out, tall]])
    shoulder = np.concatenate([begin, rounded, end]) + (0, chin + 0.03 * tall)
    return [head, shoulder * (1, 1) + (middle, 0), shoulder * (-1, 1) + (middle, 0)]
