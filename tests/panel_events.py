"""What panels are tried with: a picture on the screen, a mouse, keys."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pygame

from mirror.app.screen.live_picture import Laid
from mirror.app.screen.upright_crop import Part


@dataclass
class Glass:
    mirrored: bool = False
    where: pygame.Rect = field(default_factory=lambda: pygame.Rect(0, 0, 640, 480))

    @property
    def laid(self) -> Laid:
        return Laid(self.where, Part.whole(self.where.size), self.mirrored)


def event(kind: int, **more: object) -> pygame.event.Event:
    return pygame.event.Event(kind, **more)


def down(x: int, y: int) -> pygame.event.Event:
    return event(pygame.MOUSEBUTTONDOWN, pos=(x, y), button=1)


def up(x: int, y: int) -> pygame.event.Event:
    return event(pygame.MOUSEBUTTONUP, pos=(x, y), button=1)


def moved(x: int, y: int) -> pygame.event.Event:
    return event(pygame.MOUSEMOTION, pos=(x, y), rel=(1, 0))


def key(code: int, mod: int = 0) -> pygame.event.Event:
    return event(pygame.KEYDOWN, key=code, mod=mod, unicode="", scancode=0)


def pixels(surface: pygame.Surface) -> np.ndarray:
    return pygame.surfarray.array3d(surface).transpose(1, 0, 2)
