"""Facial hair: where one person's brows and beard lie, of what colour they are, and the skin round them.

Brows have landmarks. For beards nobody has any: whether there is one is decided for the person, slowly and
with hysteresis (`beard_score`), and a face without stays as it is to the bit. Where it is, each place is
asked by itself, within what a beard can reach.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import cv2
import numpy as np

from mirror.compositing.beard_score import PART, LowerFace
from mirror.core.face import BROWS, FACE_OVAL
from mirror.core.head_crop import SIDE
from mirror.core.head_space import EYE_DISTANCE, HeadTransform, crop
from mirror.segmentation.matting import Mattes

# The score from which on there is a beard, and below which there is none any more: of 4,393 portraits one
# without a beard is above the first (a tongue is put out), and none of a woman or child.
BEARDED, SHAVEN = 1.5, 0.3
CLEAR = 3.0  # the score that is believed at first sight
LOOKS = 7  # whose median decides
FIRST = 5  # before so many were taken only a clear one counts
EVERY, AT_FIRST = 0.4, 0.12  # seconds between two looks, and until so many were taken
_SURE = (-1.0, 0.4)  # local score from which on there may be hair of a beard, and surely is
_ROUND = 0.9  # is taken off it beyond the oval of the face, where a throat lies in shade
_EASE = 0.5  # of what was found is new with each look
_CHIN = 152  # its lowest landmark
_HANGS = 0.12  # sides of the square: no further down than that a beard is followed
# The part of the head square that brows are looked for in: left, top, side; its pixels, 58 an eye distance.
UPPER, UPPER_SIDE = (0.2, 0.2, 0.6), 192
_EYES = EYE_DISTANCE / UPPER[2] * UPPER_SIDE
# How far above a brow's upper edge and below its lower the skin lies that it is compared with, in eye
# distances, and its quantile: hair falls over foreheads. Where a frame of glasses or a painted lid lies close
# below, that passes for the skin there, and what is not darker is left alone.
_ABOVE, _BELOW, _LIT = (-0.26, -0.1), (0.03, 0.1), 0.6
_STRANDS = 0.3  # the darkest share of a brow, and of a beard, is hair alone
_FEW = 12  # pixels; fewer tell nothing
# Grey levels by which hair must be darker than skin to be told from it, and from which on it surely is.
_FAINT, _PLAIN = 14.0, 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Strands:
    """Hair of brows or of a beard against the skin it grows on.

    Attributes:
        own: float32 (3,) RGB, 0 to 255, of the hair alone.
        skin: float32 (N, 3): x in the head square, 0 to 1, ascending, and how bright the skin is there, grey
            levels: above and below a brow, or twice the same.
        plain: 0 to 1, how surely it is told from skin.
    """

    own: np.ndarray
    skin: np.ndarray
    plain: float

    @classmethod
    def of(cls, own: np.ndarray, skin: np.ndarray) -> Strands:
        """Of a colour and the skin, which say how plain it is."""
        darker = float(np.median(skin[:, 1:])) - grey_of(own)
        return cls(own, skin, float(np.clip((darker - _FAINT) / (_PLAIN - _FAINT), 0, 1)))

    def eased(self, last: Strands | None) -> Strands:
        """Half way from what was seen before: light does not jump."""
        if last is None or last.skin.shape != self.skin.shape:
            return self
        return Strands(
            last.own + (self.own - last.own) * np.float32(_EASE),
            last.skin + (self.skin - last.skin) * np.float32(_EASE),
            last.plain + (self.plain - last.plain) * _EASE,
        )


@dataclass(frozen=True, slots=True, eq=False)
class FacialHair:
    """What was found of one person.

    Attributes:
        brows: of the person's right and left; beard. None: there is none.
        where: uint8 (96, 96), of the part `mirror.compositing.beard_score.PART` of the head square: how
            surely a beard grows there.
        free: uint8 (128, 128), of the head square: 0 where hair hangs or something is held before the face,
            and beside the person.
    """

    brows: tuple[Strands | None, Strands | None]
    beard: Strands | None
    where: np.ndarray
    free: np.ndarray


class FacialHairWatch:
    """Of one person over time.

    Attributes:
        found: what was found last; None: nothing yet.
        bearded: whether they have a beard.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Another person."""
        self.found: FacialHair | None = None
        self.bearded = False
        self._scores: deque[float] = deque(maxlen=LOOKS)
        self._at = -np.inf

    def due(self, now: float) -> bool:
        """Whether it is time for another look, `now` in seconds of the frame clock."""
        return now - self._at >= (EVERY if len(self._scores) >= FIRST else AT_FIRST) or now < self._at

    def look(
        self, image: np.ndarray, transform: HeadTransform, landmarks: np.ndarray, mattes: Mattes, now: float
    ) -> None:
        """Looks at a face.

        Args:
            image: uint8 (H, W, 3) RGB, as the camera saw it.
            transform: where the head is in it; landmarks: float32 (478, 3), frame pixels.
            mattes: of that head.
        """
        self._at = now
        hidden = _hidden(mattes)
        lower = LowerFace.of(image, transform, landmarks, hidden)
        if lower is not None:
            self._decide(lower.score())
        self._take(image, transform, landmarks, hidden, lower)

    def still(
        self, image: np.ndarray, transform: HeadTransform, landmarks: np.ndarray, mattes: Mattes
    ) -> FacialHair:
        """What is found on a picture of its own; as for `look`."""
        self.reset()
        hidden = _hidden(mattes)
        lower = LowerFace.of(image, transform, landmarks, hidden)
        self.bearded = lower is not None and lower.score() > BEARDED
        self._take(image, transform, landmarks, hidden, lower)
        assert self.found is not None
        return self.found

    def _decide(self, score: float) -> None:
        self._scores.append(score)
        usual = float(np.median(self._scores))
        if len(self._scores) < FIRST:
            self.bearded = usual > CLEAR
        else:
            self.bearded = usual > (SHAVEN if self.bearded else BEARDED)

    def _take(
        self,
        image: np.ndarray,
        transform: HeadTransform,
        landmarks: np.ndarray,
        hidden: np.ndarray,
        lower: LowerFace | None,
    ) -> None:
        last = self.found
        free = cv2.bitwise_not(cv2.resize(hidden, (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA))
        free = cv2.blur(cv2.subtract(cv2.convertScaleAbs(free, alpha=1.5), 127), (3, 3))
        free = cv2.convertScaleAbs(free, alpha=2)
        brows = _brows(image, transform, landmarks, hidden)
        where, beard = np.zeros((96, 96), np.uint8), None
        if self.bearded and lower is not None:
            where = _where(lower)
            beard = _beard(lower, where)
        if last is not None:
            right, left = (
                before if one is None else one.eased(before)
                for one, before in zip(brows, last.brows, strict=True)
            )
            brows = right, left
            beard = beard if beard is None else beard.eased(last.beard)
            where = cv2.addWeighted(where, _EASE, last.where, 1 - _EASE, 0) if self.bearded else where
            if beard is None and self.bearded:
                beard = last.beard
        self.found = FacialHair(brows, beard, where, free)


def _hidden(mattes: Mattes) -> np.ndarray:
    """uint8 (256, 256): where no face is seen but hair, a hand, or what is behind the person."""
    most = cv2.max(cv2.max(mattes.hair, mattes.front), 1 - mattes.person)
    return cv2.convertScaleAbs(cv2.max(most, 0.0), alpha=255)


def grey_of(rgb: np.ndarray) -> float:
    """The grey level of a colour (3,), as OpenCV counts it."""
    return float(rgb @ _GREY)


def brow_zones(landmarks: np.ndarray, transform: HeadTransform) -> list[np.ndarray]:
    """The outlines within which brows lie, wider than the mesh has them: float32 (N, 2), frame pixels."""
    down = np.array((-np.sin(transform.angle), np.cos(transform.angle)))
    eyes = transform.scale * EYE_DISTANCE
    zones = []
    for brow in BROWS:
        points = landmarks[list(brow), :2].astype(np.float64)
        upper, lower = points[:5], points[5:]
        # Tails run on beyond the mesh.
        tail = (upper[4] + lower[4]) / 2
        away = tail - (upper[3] + lower[3]) / 2
        tail = tail + away / max(float(np.linalg.norm(away)), 1e-6) * 0.1 * eyes
        head = (upper[0] + lower[0]) / 2
        head = head + (head - (upper[1] + lower[1]) / 2) * 0.15
        upper, lower = upper - down * _HIGHER * eyes, lower + down * _LOWER * eyes
        zones.append(np.concatenate([head[None], upper, tail[None], lower[::-1]]).astype(np.float32))
    return zones


_HIGHER, _LOWER = 0.045, 0.015  # eye distances


def _brows(
    image: np.ndarray, transform: HeadTransform, landmarks: np.ndarray, hidden: np.ndarray
) -> tuple[Strands | None, Strands | None]:
    part = transform.part(*UPPER)
    seen = crop(image, part, UPPER_SIDE)
    grey = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)
    left, top, wide = (round(share * len(hidden)) for share in UPPER)
    covered = cv2.resize(hidden[top : top + wide, left : left + wide], grey.shape[::-1])
    free = (covered < 64) & (grey > 0)
    found = [_brow(part.to_unit(zone) * UPPER_SIDE - 0.5, seen, grey, free)
             for zone in brow_zones(landmarks, transform)]  # fmt: skip
    known = [one.plain for one in found if one is not None]
    # Both or none: light that lies on one of them makes no pair of two colours.
    plain = float(np.mean(known)) if known else 0.0
    first, second = (None if one is None else replace(one, plain=plain) for one in found)
    return first, second


def _brow(at: np.ndarray, seen: np.ndarray, grey: np.ndarray, free: np.ndarray) -> Strands | None:
    """One brow within an outline, pixels of the part that is looked at."""
    inside = _filled(at, UPPER_SIDE) & free
    if inside.sum() < _FEW:
        return None
    upper, lower, nodes = at[1:6], at[:6:-1], []
    for half in (slice(0, 3), slice(2, 5)):
        levels = []
        for edge, off in ((upper[half], _ABOVE), (lower[half], _BELOW)):
            strip = np.concatenate([edge + (0, off[0] * _EYES), edge[::-1] + (0, off[1] * _EYES)])
            skin = _filled(strip, UPPER_SIDE) & free
            levels.append(float(np.quantile(grey[skin], _LIT)) if skin.sum() >= _FEW else np.nan)
        levels = [levels[1 - row] if np.isnan(one) else one for row, one in enumerate(levels)]
        if not np.isnan(levels[0]):
            x = UPPER[0] + (float(upper[half][:, 0].mean()) + 0.5) / UPPER_SIDE * UPPER[2]
            nodes.append((x, levels[0], min(levels)))
    if not nodes:
        return None
    # Two nodes always: one that hair hangs over is as the other.
    skin = np.array(sorted(nodes if len(nodes) == 2 else [*nodes, *nodes]), np.float32)
    dark = inside & (grey <= np.quantile(grey[inside], _STRANDS))
    return Strands.of(seen[dark].mean(0).astype(np.float32), skin)


def _beard(lower: LowerFace, where: np.ndarray) -> Strands | None:
    sure = cv2.resize(where, lower.grey.shape[::-1], interpolation=cv2.INTER_LINEAR) > 200
    sure &= _filled(lower.places[list(_GROWS)], len(sure))
    if sure.sum() < _FEW:
        return None
    dark = sure & (lower.grey <= np.quantile(lower.grey[sure], _STRANDS))
    own = lower.seen[dark].mean(0).astype(np.float32)
    right, left = lower.skin
    at = [PART[0] + (lower.places[pair].mean() + 0.5) / len(sure) * PART[2] for pair in ((205, 0), (425, 0))]
    skin = np.array([(at[0], right, right), (max(at[1], at[0] + 1e-3), left, left)], np.float32)
    return Strands.of(own, skin)


def _where(lower: LowerFace) -> np.ndarray:
    """uint8 (96, 96): how surely a beard grows at each place."""
    told = lower.local()
    oval = lower.places[list(FACE_OVAL)] * (len(told) / len(lower.grey))
    told = told - _ROUND * ~_filled(oval, len(told))
    sure = np.clip((told - _SURE[0]) / (_SURE[1] - _SURE[0]), 0, 1)
    where = cv2.convertScaleAbs(sure, alpha=255)
    # Below the chin, what is dark without a link to it is shade or cloth.
    row = int(lower.places[_CHIN, 1] * len(where) / len(lower.grey))
    row = min(max(row, 0), len(where) - 1)
    where[row:] = np.minimum.accumulate(where[row:], 0)
    where = cv2.blur(where, (5, 5))
    # Nobody is cut off where the part ends.
    below = (np.arange(len(where)) - row) / (_HANGS / PART[2] * len(where))
    return (where * np.clip(2 - 2 * below, 0, 1)[:, None]).astype(np.uint8)


def _filled(points: np.ndarray, side: int) -> np.ndarray:
    """bool (side, side): inside an outline, pixels."""
    canvas = np.zeros((side, side), np.uint8)
    points = np.clip(np.round(points), -(1 << 14), 1 << 14).astype(np.int32)
    cv2.fillPoly(canvas, [points], 255)
    return canvas > 0


_GREY = np.array((0.299, 0.587, 0.114), np.float32)
# Upper lip and chin with what lies between, where a beard is thickest.
_GROWS = (
    216,
    206,
    98,
    97,
    2,
    326,
    327,
    426,
    436,
    432,
    430,
    394,
    395,
    369,
    396,
    175,
    171,
    140,
    170,
    169,
    210,
    212,
)
