"""Compare: before and after beside each other, both live; on an upright screen one above the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pygame

from mirror.kiosk import look
from mirror.kiosk.buttons import Buttons
from mirror.screen import View, Wish

if TYPE_CHECKING:
    from mirror.kiosk.scene import Scene

_LINE = 6  # units between the two


class Compare:
    """The middle of the picture, twice."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("back")

    def enter(self, now: float) -> None:
        pass

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        words, (width, height) = self._scene.words, screen.get_size()
        unit = look.unit_of((width, height))
        shown = self._scene.visit.last
        screen.fill(look.GROUND)
        half = round(_LINE * unit / 2)
        if width > height:
            panes = [
                (0, 0, width // 2 - half, height),
                (width // 2 + half, 0, width - width // 2 - half, height),
            ]
        else:
            panes = [
                (0, 0, width, height // 2 - half),
                (0, height // 2 + half, width, height - height // 2 - half),
            ]
        if shown is not None:
            face = shown.face.box if shown.face is not None else None
            about = (face[0] + face[2]) / 2 if face is not None else shown.image.shape[1] / 2
            names = (words("before"), view.style_name or words("after"))
            for pane, image, name in zip(panes, (shown.frame.image, shown.image), names, strict=True):
                place = pygame.Rect(pane)
                _fill(screen, place, image, about, self._scene.window.mirrored)
                middle = place.centerx / unit
                look.line(screen, name, look.LARGE, (middle, place.top / unit + 34), backed=True,
                          width=place.width / unit - 80)  # fmt: skip
        across, down = width / unit, height / unit
        self._buttons.lay(
            (width, height), (("back", words("back"), (across / 2 - 150, down - 116, 300, 84)),)
        )
        self._buttons.draw(screen, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        return "back" if self._buttons.hear(event) == "back" else True

    def step(self, now: float) -> str | None:
        return "idle" if self._scene.idle.left(now) <= 0 else None

    def leave(self) -> None:
        pass


def _fill(
    screen: pygame.Surface, place: pygame.Rect, image: np.ndarray, about: float, mirrored: bool
) -> None:
    """Fills a place with the part of a uint8 RGB picture that has its proportions, the face in the middle."""
    height, width = image.shape[:2]
    scale = max(place.width / width, place.height / height)
    part = (min(width, round(place.width / scale)), min(height, round(place.height / scale)))
    left = round(min(max(about - part[0] / 2, 0), width - part[0]))
    top = (height - part[1]) // 2
    cut = cv2.resize(image[top : top + part[1], left : left + part[0]], place.size)
    if mirrored:
        cut = cv2.flip(cut, 1)
    screen.blit(pygame.image.frombuffer(cut.data, place.size, "RGB"), place)
