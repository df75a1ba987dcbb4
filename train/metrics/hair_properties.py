"""Measured properties of the hair of one prepared head: how long, how full, what texture and colour.

Every measure takes a `MeasuredHead` and gives one float, or NaN where there is nothing to measure it on
(the texture and colour of a bald head, the length of hair that the picture cuts off). Places are in head
space (`mirror/core/head_space.py`), lengths in face heights (top of the face oval to the chin), widths in
face widths and areas in face areas (the oval), so that they depend neither on the size of the picture nor on
how far the person sat from the camera. Colours are CIE Lab (D65).

    >>> head = MeasuredHead.of(shards[0])
    >>> dict(zip(MEASURES, measure(head)))["length"]
    0.92
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from mirror.core.head_space import EYE_CENTRE
from mirror.hair.styles.code import OVAL_POINTS

# Of the oval's points (point 0 is the top): 152, 454 and 234 of the mesh.
CHIN, LEFT, RIGHT = 18, 8, 28
BROWS = 0.13  # face heights from the eye line up to the brows
CROWN = 0.6  # face heights from the eye line up to where `length` begins to count
BESIDE = 0.45  # face widths from the middle: what is farther out lies beside the face
MIDDLE = 0.3  # face widths from the middle: the forehead between the temples
TALLEST_FOREHEAD = 0.8  # face heights from the brows up: as far as a hairline can recede
LEAST_HAIR = 0.02  # face areas; below this there is too little hair to tell its texture or colour
CUT = 0.1  # face heights of the picture's edge that hair may touch before it counts as cut off
# Natural hair runs from black over brown to blond along one line of the plane of a* and b*, at this angle
# (the median of 4,000 portraits).
BROWN_ANGLE = np.radians(58.0)


@dataclass(frozen=True)
class MeasuredHead:
    """A head as it is measured.

    Attributes:
        image: uint8 (S, S, 3) RGB, in head space.
        matte: float32 (S, S), 0 to 1, alpha of the hair.
        face, valid: uint8 (S, S), 255 inside the face oval; inside the picture.
        shape: float32 (75,), face shape and pose (`mirror.core.head_space.face_shape`).
    """

    image: np.ndarray
    matte: np.ndarray
    face: np.ndarray
    valid: np.ndarray
    shape: np.ndarray

    @classmethod
    def of(cls, item: Mapping[str, np.ndarray]) -> MeasuredHead:
        """A head of the prepared shards (`train.data.shards.Shards`)."""
        matte = item["matte"].astype(np.float32) / 255
        return cls(item["image"], matte, item["face"], item["valid"], item["shape"])

    @cached_property
    def oval(self) -> np.ndarray:
        """The face oval, float64 (36, 2), pixels of the square."""
        points = self.shape[: 2 * OVAL_POINTS].reshape(-1, 2).astype(np.float64)
        return (points / 4 + 0.5) * self.matte.shape[0] - 0.5

    @cached_property
    def face_height(self) -> float:
        """Pixels from the top of the oval to the chin."""
        return float(np.linalg.norm(self.oval[CHIN] - self.oval[0]))

    @cached_property
    def face_width(self) -> float:
        """Pixels from temple to temple."""
        return float(np.linalg.norm(self.oval[LEFT] - self.oval[RIGHT]))

    @cached_property
    def face_area(self) -> float:
        """Pixels inside the oval."""
        return float(cv2.contourArea(self.oval.astype(np.float32)))

    @cached_property
    def middle(self) -> float:
        """Column of the middle of the face."""
        return float(self.oval[[0, CHIN], 0].mean())

    @property
    def eye_line(self) -> float:
        """Row of the eyes."""
        return EYE_CENTRE[1] * self.matte.shape[0] - 0.5

    @property
    def brow_line(self) -> float:
        """Row of the brows."""
        return self.eye_line - BROWS * self.face_height

    @cached_property
    def hair_area(self) -> float:
        """Area of all hair, face areas: 0 to about 5."""
        return float(self.matte.sum() / self.face_area)

    @cached_property
    def inside(self) -> np.ndarray | None:
        """The hair without its see-through edge, float32 (S, S); None where there is too little of it."""
        if self.hair_area < LEAST_HAIR:
            return None
        solid = self.matte * (self.matte > 0.8) * (self.valid > 127)
        eroded = cv2.erode(solid, np.ones((3, 3), np.uint8))
        kept = eroded if eroded.sum() > 0.5 * solid.sum() else solid
        return kept if kept.sum() >= 0.5 * LEAST_HAIR * self.face_area else None

    @cached_property
    def lab(self) -> np.ndarray:
        """The picture in CIE Lab, float32 (S, S, 3)."""
        return cv2.cvtColor(self.image.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)


def length(head: MeasuredHead) -> float:
    """How far below the eye line the hair reaches, face heights: -0.6 (bald) to about 1.3.

    Short hair has about 0, chin-length hair 0.6. NaN where the picture ends before the hair does.
    """
    return float("nan") if cut_off(head)[1] > CUT else reach(head)


def reach(head: MeasuredHead) -> float:
    """The length as far as the picture shows it, face heights.

    Every row from the crown down counts in full where hair is at least a fifth of a face width wide, else
    in proportion, so that a few stray pixels do not matter. Below the eyes only hair beside the face
    counts, not the shadows of cheek and neck that mattes often take for hair.
    """
    eyes, top = round(head.eye_line), max(0, round(head.eye_line - CROWN * head.face_height))
    beside = np.abs(np.arange(head.matte.shape[1]) - head.middle) > BESIDE * head.face_width
    wide = np.concatenate([head.matte[top:eyes].sum(1), head.matte[eyes:, beside].sum(1)])
    return float(np.clip(wide / (0.2 * head.face_width), 0, 1).sum() / head.face_height - CROWN)


def volume(head: MeasuredHead) -> float:
    """Area of the hair beyond the face oval and above the eye line, face areas: 0 to about 2.

    Hair below the eyes is left out, so that long hair is not voluminous by being long. NaN where the
    picture ends before the hair does.
    """
    if cut_off(head)[0] > CUT:
        return float("nan")
    above = head.matte[: round(head.eye_line)]
    outside = 1 - head.face[: len(above)].astype(np.float32) / 255
    return float((above * outside).sum() / head.face_area)


def fringe(head: MeasuredHead) -> float:
    """Share of the forehead (the oval above the brows, between the temples) under hair: 0 to 1."""
    left, right = _between(head)
    forehead = head.face[: round(head.brow_line), left:right].astype(np.float32) / 255
    covered = (head.matte[: round(head.brow_line), left:right] * forehead).sum()
    return float(covered / max(forehead.sum(), 1.0))


def hairline(head: MeasuredHead) -> float:
    """Height of the hairline above the brows, face heights: 0 (fringe) to 0.8 (receded to the crown).

    The mean over the columns between the temples, so that temples that recede count.
    """
    left, right = _between(head)
    top = max(0, round(head.brow_line - TALLEST_FOREHEAD * head.face_height))
    upwards = head.matte[top : round(head.brow_line) + 1, left:right][::-1]
    bare = 1 - np.maximum.accumulate(upwards, 0)  # bare as far as no hair has been met yet
    return float(min(bare.sum(0).mean() / head.face_height, TALLEST_FOREHEAD))


def curl(head: MeasuredHead) -> float:
    """How much the direction of the strands changes from place to place: 0 (parallel) to 1.

    Directions come from the structure tensor at the scale of strands. Curl is one less the length of
    their mean, in doubled angles and weighted by contrast (the tensor's coherence; Bigün & Granlund
    1987), over a neighbourhood of a fifteenth of a face height: straight hair runs one way there, curls
    do not. NaN without hair.
    """
    if head.inside is None:
        return float("nan")
    scale = head.face_height / 100
    light = cv2.cvtColor(head.image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    light -= cv2.GaussianBlur(light, (0, 0), 4 * scale)  # the shading of the whole head is no strand
    light = cv2.GaussianBlur(light, (0, 0), max(0.8 * scale, 0.5))
    across, down = cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1)
    hair = head.inside > 0.5
    if not hair.any():
        return float("nan")
    planes = (across**2 - down**2, 2 * across * down, across**2 + down**2)
    real, imaginary, energy = (cv2.GaussianBlur(plane * hair, (0, 0), 6.5 * scale)[hair] for plane in planes)
    return float(1 - (np.hypot(real, imaginary) / (energy + 1e-3)).mean())


def lightness(head: MeasuredHead) -> float:
    """Mean L* of the hair: 0 (black) to 100 (white). NaN without hair."""
    colour = mean_colour(head)
    return float("nan") if colour is None else float(colour[0])


def hue(head: MeasuredHead) -> float:
    """How warm the hair is, Lab units: ash and grey about 0, gold and copper to 60, blue to -40.

    The mean colour's place along the line of natural hair in the plane of a* and b*. A place on a line
    and not an angle: it does not jump where the angle is 0, nor where there is hardly any colour. NaN
    without hair.
    """
    colour = mean_colour(head)
    if colour is None:
        return float("nan")
    return float(colour[1] * np.cos(BROWN_ANGLE) + colour[2] * np.sin(BROWN_ANGLE))


def grey(head: MeasuredHead) -> float:
    """Share of the hair that has no colour though it is not dark: 0 to 1. NaN without hair.

    A pixel counts by its chroma (half at 8) times its lightness (from L* 30, in full from 60).
    """
    if head.inside is None:
        return float("nan")
    chroma = np.hypot(head.lab[..., 1], head.lab[..., 2])
    light = np.clip((head.lab[..., 0] - 30) / 30, 0, 1)
    return float((np.exp(-((chroma / 10) ** 2)) * light * head.inside).sum() / head.inside.sum())


MEASURES: dict[str, Callable[[MeasuredHead], float]] = {
    "length": length,
    "volume": volume,
    "fringe": fringe,
    "curl": curl,
    "hue": hue,
    "lightness": lightness,
    "grey": grey,
    "hairline": hairline,
}


def measure(head: MeasuredHead) -> np.ndarray:
    """All measures of a head, float64 (8,) in the order of `MEASURES`; NaN where there is nothing."""
    return np.array([function(head) for function in MEASURES.values()])


def mean_colour(head: MeasuredHead) -> np.ndarray | None:
    """Mean CIE Lab of the hair, float64 (3,); None without hair."""
    if head.inside is None:
        return None
    weighted = (head.lab * head.inside[..., None]).sum((0, 1), dtype=np.float64)
    return weighted / head.inside.sum(dtype=np.float64)


def cut_off(head: MeasuredHead) -> tuple[float, float]:
    """How much hair lies on the picture's edge, above and below the eye line: face heights each.

    The lower edge of the square is no such edge: below it nobody's hair is seen.
    """
    side = len(head.valid)
    framed = np.zeros((side + 2, side + 2), np.uint8)
    framed[1:-1, 1:-1] = head.valid > 127
    framed[-1] = framed[-2]
    edge = (framed > cv2.erode(framed, np.ones((7, 7), np.uint8)))[1:-1, 1:-1]
    edge[int(0.94 * side) :] = False
    rows = (edge & (head.matte > 0.5)).sum(1) / 3  # the edge is three pixels wide
    eyes = round(head.eye_line)
    return float(rows[:eyes].sum() / head.face_height), float(rows[eyes:].sum() / head.face_height)


def _between(head: MeasuredHead) -> tuple[int, int]:
    """First column between the temples, and the first beyond."""
    left, right = (head.middle + sign * MIDDLE * head.face_width for sign in (-1, 1))
    return max(0, round(left)), max(0, round(right)) + 1
