"""Salon logo: a picture of a pack on the screen, on a light ground where it is too dark for a dark one."""

from __future__ import annotations

import cv2
import numpy as np
import pygame

from mirror.app.screen import shapes
from mirror.app.screen.design import CORNER, GAP, GROUND, INK, contrast

_SEEN = 3.0  # contrast from which on a shape is made out (WCAG 2.1, 1.4.11)


def plate(logo: np.ndarray, room: tuple[float, float], unit: float) -> pygame.Surface:
    """A logo as large as a room of so many pixels allows, on a light plate where it needs one.

    Args:
        logo: uint8 (H, W, 4) RGB and alpha.
        unit: of the screen's lengths, pixels.
    """
    light = contrast(_colour(logo), GROUND) < _SEEN
    edge = round(GAP * unit) if light else 0
    height, width = logo.shape[:2]
    scale = min((room[0] - 2 * edge) / width, (room[1] - 2 * edge) / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    ground = np.array(INK if light else GROUND, np.float32)
    alpha = logo[..., 3:].astype(np.float32) / 255
    # Laid over its ground before it is made smaller, so that its rims keep no colour of clear pixels.
    whole = (logo[..., :3] * alpha + ground * (1 - alpha)).astype(np.uint8)
    small = cv2.resize(whole, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    picture = pygame.image.frombuffer(small.tobytes(), size, "RGB")
    if not light:
        return picture
    made = shapes.box(size[0] + 2 * edge, size[1] + 2 * edge, CORNER * unit, INK).copy()
    made.blit(picture, (edge, edge))
    return made


def _colour(logo: np.ndarray) -> tuple[int, int, int]:
    """The mean colour of what is not clear."""
    weights = logo[..., 3].astype(np.float64)
    if not weights.any():
        return INK
    red, green, blue = (round(float(np.average(logo[..., one], weights=weights))) for one in range(3))
    return red, green, blue
