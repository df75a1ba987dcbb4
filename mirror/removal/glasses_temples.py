"""Glasses: their temples, drawn on where hair that lay over them is taken away.

A temple runs from the frame, past the corner of the eye, to the ear. Hair hides the part before the ear, and
taking it away would leave a frame without temples. What is seen of one beside the eye says where it runs, how
thick it is and in what colour. New hair lies over it, as the old did.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.core.head_crop import SIDE, Head
from mirror.core.head_space import EYE_CENTRE, oval_of
from mirror.removal.ears import Ear, top_of
from mirror.removal.glasses_detection import worn_on

# Columns at 256 in head space where the eyes have their outer corners.
_CORNERS = {True: 96, False: 160}
# A temple begins so many pixels behind the corner and is looked for as far beyond the oval, so far above and
# below the eyes, and falls or rises by so much at most on the way.
_BEHIND, _BEYOND, _ABOVE, _BELOW, _SLOPE = 6, 3, 18, 8, 6
_LEAST, _WITHIN = 6, 0.97  # columns; the share of the darkest line's darkness
# Thinner than that, in pixels, and so much darker than what is above and below along nearly all of it;
# the one at the other side, where so many columns of it can be seen, at least by so much.
_THIN, _MOSTLY = cv2.getStructuringElement(cv2.MORPH_RECT, (1, 15)), 25
_OF_TEMPLE, _OF_OTHER, _PLAIN = 0.17, 0.06, 8
# Pixels: how thick a temple is drawn at most, what is thicker than any, and how far it bends on its way.
_WIDEST, _BLURRED, _BENT = 4.0, 8.0, 3.0
_HAIR, _NEAR_BLACK = 0.4, 0.1  # alpha of hair from which on nothing is seen; a brightness that tells little
# Points of the oval behind the outer corners of the eyes.
_EDGES = {True: FACE_OVAL.index(127), False: FACE_OVAL.index(356)}
_KEEP = 0.7  # of what was measured before, in a stream
EVERY = 4  # pictures of a stream between two looks
_STAYS = 0.6  # as sure as that at least, what was glasses still is
_FINER = 4  # times: a line of two pixels is drawn so much larger first


@dataclass(frozen=True, slots=True)
class Temple:
    """A temple of glasses that is seen beside an eye; pixels of 256.

    Attributes:
        left: whether it is the one at low x, the person's right.
        line: float64 (2, 2), from where to where it is seen, x and y.
        wide: how thick it is.
        colour: float32 (3,), 0 to 1.
        sure: how clearly it and the glasses as a whole are seen, each over what it must be at least; above 1
            it is one.
    """

    left: bool
    line: np.ndarray
    wide: float
    colour: np.ndarray
    sure: float


def temples_of(head: Head, matte: np.ndarray) -> list[Temple]:
    """What may be temples of glasses, none, one or two; `sure` says how likely each is.

    Args:
        matte: float32 (256, 256), alpha of the hair that is there.
    """
    rgb = head.image[0].transpose(1, 2, 0)
    first, last = round(EYE_CENTRE[1] * SIDE) - 40, round(EYE_CENTRE[1] * SIDE) + 40
    grey = np.ascontiguousarray(rgb[first:last]) @ _LUMA
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, _THIN)
    thin = np.zeros((SIDE, SIDE), np.float32)
    thin[first:last] = (closed - grey) / (closed + _NEAR_BLACK)
    oval, sides = oval_of(head.shape) * SIDE, {}
    for left in (True, False):
        temple = _beside(thin, matte, rgb, left, float(oval[_EDGES[left], 0]))
        if temple is not None:
            sides[left] = temple
    # Glasses have two: where the other is not to be seen on plain skin, a wrinkle or a shadow is neither.
    weakest = min(
        (strong for line, strong, _, _ in sides.values() if np.ptp(line[:, 0]) >= _PLAIN), default=1.0
    )
    lines = {
        left: 0.0 if wide > _BLURRED or weakest < _OF_OTHER else strong / _OF_TEMPLE
        for left, (_, strong, wide, _) in sides.items()
    }
    # The whole is only looked at where a line is seen that could be one.
    worn = worn_on(head.image) if max(lines.values(), default=0) > _STAYS else 0.0
    return [
        Temple(left, line, min(wide, _WIDEST), colour, min(lines[left], worn))
        for left, (line, _, wide, colour) in sides.items()
    ]


def _beside(
    thin: np.ndarray, matte: np.ndarray, rgb: np.ndarray, left: bool, edge: float
) -> tuple[np.ndarray, float, float, np.ndarray] | None:
    """The straight line beside an eye that is darkest nearly all along: itself, how dark it is, how thick,
    and its colour; None where too little is seen there."""
    way = -1 if left else 1
    end = int(np.clip(round(edge) + way * _BEYOND, 0, SIDE - 1))
    eyes = round(EYE_CENTRE[1] * SIDE)
    columns = np.arange(_CORNERS[left] + way * _BEHIND, end + way, way)
    columns = columns[matte[eyes - _BEHIND, columns] < _HAIR] if len(columns) else columns
    if len(columns) < _LEAST:
        return None
    rows = np.arange(eyes - _ABOVE, eyes + _BELOW)
    seen = np.where(matte[rows][:, columns] < _HAIR, thin[rows][:, columns], 0)
    begins, ends = np.meshgrid(np.arange(len(rows)), np.arange(len(rows)), indexing="ij")
    near = np.abs(begins - ends) <= _SLOPE
    begins, ends = begins[near], ends[near]
    share = np.linspace(0, 1, len(columns))
    lines = np.round(begins[:, None] + (ends - begins)[:, None] * share).astype(int)
    dark = np.percentile(seen[lines, np.arange(len(columns))], _MOSTLY, axis=1)
    strong = float(dark.max())
    # Of those that run within it, the middle one.
    within = np.flatnonzero(dark >= strong * _WITHIN)
    at = lines[within[np.argsort(lines[within].sum(1))[len(within) // 2]]]
    # As thick as it is at least half as dark.
    around = np.clip(at[:, None] + np.arange(-6, 7), 0, len(rows) - 1)
    wide = float(np.median((seen[around, np.arange(len(columns))[:, None]] > strong / 2).sum(1)))
    line = np.array([[columns[0], rows[at[0]]], [columns[-1], rows[at[-1]]]], np.float64)
    colour = np.median(rgb[rows[at], columns], 0).astype(np.float32)
    return line, strong, max(wide, 1.0), colour


class StillGlasses:
    """The same over a stream: evened out, so that they neither tremble nor come and go."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets the person."""
        self._last: dict[bool, Temple] = {}
        self._waited = EVERY

    def __call__(self, look: Callable[[], list[Temple]]) -> list[Temple]:
        """What `look` finds, with what it found before; what is hidden by now stays where it was."""
        self._waited += 1
        if self._waited < EVERY:
            return list(self._last.values())
        self._waited = 0
        for new in look():
            old = self._last.get(new.left)
            if old is not None:
                pairs = ((old.line, new.line), (old.colour, new.colour))
                line, colour = (a * _KEEP + b * (1 - _KEEP) for a, b in pairs)
                wide, sure = (
                    a * _KEEP + b * (1 - _KEEP) for a, b in ((old.wide, new.wide), (old.sure, new.sure))
                )
                if old.sure >= 1 and sure > _STAYS:
                    sure = max(sure, 1.0)
                new = Temple(new.left, line, wide, colour.astype(np.float32), sure)
            self._last[new.left] = new
        return list(self._last.values())


def with_temples(
    beneath: np.ndarray, wall: np.ndarray, temples: list[Temple], ears: list[Ear], shape: np.ndarray
) -> np.ndarray:
    """The head without hair, with the temples of its glasses, each to its ear.

    Args:
        beneath: float32 (256, 256, 3), 0 to 1; changed.
        wall: float32 (256, 256), how much of it is wall, where nothing is drawn.
        temples: see `temples_of`; those that are not `sure` are left out.
        ears: of the head, all that the camera may see: where none is, a temple ends with the face.
        shape: float32 (75,), see `mirror.core.head_space.face_shape`.
    """
    for temple in temples:
        if temple.sure < 1 or all(ear.left != temple.left for ear in ears):
            continue
        to = np.array(top_of(shape, temple.left)) * SIDE
        way, (begins, ends) = -1 if temple.left else 1, temple.line
        if (to[0] - ends[0]) * way <= 0:
            continue
        # They are straight: where exactly an ear is rooted is only guessed.
        on = ends[1] + (to[0] - ends[0]) * (ends[1] - begins[1]) / (ends[0] - begins[0])
        to[1] = np.clip(to[1], on - _BENT, on + _BENT)
        drawn = np.zeros((SIDE * _FINER, SIDE * _FINER), np.uint8)
        points = np.round((np.stack([*temple.line, to]) + 0.5) * _FINER).astype(np.int32)
        cv2.polylines(drawn, [points], False, 255, max(round(temple.wide * _FINER), 1), cv2.LINE_AA)
        alpha = cv2.resize(drawn, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
        alpha *= (1 - wall) * np.float32(1 / 255)
        beneath = cv2.blendLinear(np.ones_like(beneath) * temple.colour, beneath, alpha, 1 - alpha)
    return beneath


_LUMA = np.array([0.3, 0.59, 0.11], np.float32)
