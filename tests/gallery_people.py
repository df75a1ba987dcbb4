"""Who is seen on the screens of the gallery: the demo's person, dressed, and with a stage of hair loss."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.hair.loss.drawn_hairline import DrawnHairline
from mirror.hair.loss.graft_count import GraftCount

STYLE = "long wavy"


@dataclass(frozen=True)
class Person:
    """The demo's person: pictures before and after, uint8 (H, W, 3) RGB, the face and the box of the head."""

    before: np.ndarray
    after: np.ndarray
    mosaic: np.ndarray
    face: Face
    head: tuple[float, float, float, float]


def dressed() -> Person:
    """The demo's person in a style of the book; it takes some seconds."""
    from mirror.pipeline.mirror import Mirror
    from mirror.sources.demo import DemoSource

    picture = DemoSource((1280, 720), pace="max").image(0)
    mirror = Mirror(STYLE, seed=5)
    try:
        for number in range(20):
            shown = mirror.process(Frame(picture, number, number / 10))
    finally:
        mirror.close()
    assert shown.face is not None and shown.head_box is not None
    small = cv2.resize(shown.image, (640, 360), interpolation=cv2.INTER_AREA)
    return Person(picture, shown.image, np.tile(small, (2, 2, 1)), shown.face, shown.head_box)


@cache
def planned() -> tuple[np.ndarray, GraftCount | None]:
    """The demo's person with a stage of hair loss that a drawn line fills up, and what that was counted to
    take; it takes some seconds."""
    from mirror.pipeline.mirror import Mirror
    from mirror.sources.demo import DemoSource

    picture = DemoSource((1280, 720), pace="max").image(0)
    mirror = Mirror(STYLE, seed=5)
    try:
        for number in range(20):
            if number == 4:
                mirror.set_loss(-0.6)
            if number == 12:
                mirror.draw_hairline(DrawnHairline.usual())
            shown = mirror.process(Frame(picture, number, number / 10))
        return shown.image, mirror.loss_grafts
    finally:
        mirror.close()
