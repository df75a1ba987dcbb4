"""Pane: a part of the screen, filled with the part of a live picture that has its proportions."""

from __future__ import annotations

import cv2
import numpy as np
import pygame

from mirror.app.screen.live_picture import Laid
from mirror.app.screen.upright_crop import Part


def fill(screen: pygame.Surface, place: pygame.Rect, image: np.ndarray, about: float, mirrored: bool) -> Laid:
    """Fills a place of the screen; how the picture lies there.

    Args:
        image: uint8 (H, W, 3) RGB, not mirrored.
        about: the column of the picture that comes into the middle, as far as there is picture.
        mirrored: turned round, as a mirror does.
    """
    height, width = image.shape[:2]
    scale = max(place.width / width, place.height / height)
    part = (min(width, round(place.width / scale)), min(height, round(place.height / scale)))
    left = round(min(max(about - part[0] / 2, 0), width - part[0]))
    top = (height - part[1]) // 2
    cut = cv2.resize(image[top : top + part[1], left : left + part[0]], place.size)
    if mirrored:
        cut = cv2.flip(cut, 1)
    screen.blit(pygame.image.frombuffer(cut.data, place.size, "RGB"), place)
    return Laid(place, Part(left, top, *part), mirrored)
