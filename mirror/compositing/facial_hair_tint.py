"""Facial hair tint: brows and beard in a colour near that of the hair that is worn, strand by strand.

Each pixel there is skin and hair, mixed. How much of it is hair, its darkness against the skin round it says;
and by as much it is moved from the hair's own colour to the other. So skin between strands stays skin, and
what is lighter than skin stays as it is to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.compositing.beard_score import PART
from mirror.compositing.brows import Strands, brow_zones, grey_of
from mirror.compositing.facial_hair import BEARD_DARK, FacialHair
from mirror.compositing.facial_hair_colour import BEARD, BROWS, Follows, taken
from mirror.compositing.frame_part import between, both, box_of, cut, empty, reached, sampled, thinned
from mirror.compositing.over import Canvas
from mirror.compositing.warp import Box
from mirror.core.face import BROWS as BROWS_AT
from mirror.core.face import LIPS
from mirror.core.head_space import EYE_DISTANCE, HeadTransform

# How much darker than the skin round it a pixel must be to be hair of a brow at all, of 1: less is a fold, a
# pore, or the roundness of a face.
_BROW_DARK = 0.92
# Of how bright a brow's darkest hair is: what is darker by so much is the rim of glasses that runs across it.
_RIM = (0.4, 0.6)
_GRID = 24  # cells a side on which the brightness of skin is told
_SOFT, _WIDE = 0.035, 0.12  # eye distances over which the rim of a brow, and of where beards grow, passes
# What a beard can reach: the oval of the face from ear to ear, and from there across the cheeks and below the
# nose; and how far below the oval it hangs at each of the landmarks of the jaw, eye distances.
_JAW = (323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93)
_HANGS = (0, 0, 0.05, 0.15, 0.25, 0.35, 0.45, 0.5, 0.55, 0.55, 0.55, 0.5, 0.45, 0.35, 0.25, 0.15, 0.05, 0, 0)
_NOSE, _OUT = 1, 0.12  # from the nose's tip outwards by this share, or the rim of a jaw would be left out
_CHEEKS = (177, 147, 187, 206, 98, 97, 2, 326, 327, 426, 411, 376, 401)
# What hair that is made lighter takes on the whole; how much less where black shade lies on a lock, beyond
# that of its side of the face; eye distances that a lock is wide; how much brighter than hair strands are at
# most, of how much skin is.
_LIGHT, _SHADE, _LOCK, _BESIDE = 0.8, 0.25, 0.05, 0.6
_BRIGHTEST = 1.15  # of how bright skin is, hair is made no brighter
_BLACK = 24.0  # grey levels: hair is no darker
_UNIT = 200  # levels of 255 that are all of it


@dataclass(frozen=True, slots=True, eq=False)
class Tint:
    """Brows and beard of one person in one picture.

    Attributes:
        found: where they lie, and of what.
        landmarks: float32 (478, 3), frame pixels. transform: where the head is.
        worn: float32 (3,) RGB, 0 to 255, of the hair of the head.
        amount: how much of it shows, 0 to 1.
    """

    found: FacialHair
    landmarks: np.ndarray
    transform: HeadTransform
    worn: np.ndarray
    amount: float

    def lay(self, out: np.ndarray, canvas: Canvas) -> None:
        """Tints a picture, uint8 (H, W, 3) RGB, in place; all but dark strands stays as it is to the bit."""
        for strands, follows, part, share in self._shares((out.shape[1], out.shape[0])):
            view, way = cut(out, part), _shown(strands, self.worn, follows) - strands.own
            skin, middle = self._skin(strands, part)
            even = _evenly_lit(view, skin, middle, canvas)
            hair = self._hair(even, strands, middle, between(share, part, 2), way, canvas)
            # By so much as there is light on it.
            most = float(skin.max())
            hair = cv2.multiply(hair, skin, dst=hair, scale=1 / most)
            _moved(view, hair, way * np.float32(most / middle), canvas)

    def matte(self, size: tuple[int, int]) -> np.ndarray:
        """Where a picture of `size` (width, height) may be changed: uint8 (H, W), not 0 there."""
        whole = np.zeros((size[1], size[0]), np.uint8)
        for _, _, part, share in self._shares(size):
            np.maximum(cut(whole, part), between(share, part, 2), out=cut(whole, part))
        return whole

    def _shares(self, size: tuple[int, int]) -> list[tuple[Strands, Follows, Box, np.ndarray]]:
        """Of brows and of the beard: what they are of, how they follow, their part of the picture, and uint8,
        of every second pixel how much of it may change, see `mirror.compositing.frame_part.thinned`."""
        found, eyes, made = self.found, self.transform.scale * EYE_DISTANCE, []
        soft = max(round(_SOFT * eyes / 2), 1)
        for brow, zone in zip(found.brows, brow_zones(self.landmarks, self.transform), strict=True):
            part = _around(zone, size)
            if brow is None or brow.plain == 0 or empty(part):
                continue
            made.append((brow, BROWS, part, self._free(_drawn(zone, part, soft), part, brow.plain)))
        beard = found.beard
        if beard is not None and beard.plain > 0:
            lower = self.transform.part(*PART)
            zone = self._reach(eyes)
            part = both(_around(zone, size), reached(box_of(found.where), lower, size))
            if not empty(part):
                share = _drawn(zone, part, max(round(_WIDE * eyes / 2), 1))
                share = cv2.subtract(share, _grown(self.landmarks[list(LIPS), :2], part, soft), dst=share)
                where = sampled(found.where, lower, part, 2)
                share = cv2.multiply(share, where, dst=share, scale=1 / 255)
                made.append((beard, BEARD, part, self._free(share, part, beard.plain)))
        return made

    def _free(self, share: np.ndarray, part: Box, plain: float) -> np.ndarray:
        """A share less what hides the face, and as much of it as shows."""
        free = sampled(self.found.free, self.transform, part, 2, cv2.BORDER_REPLICATE)
        return cv2.multiply(share, free, dst=share, scale=self.amount * plain / 255)

    def _reach(self, eyes: float) -> np.ndarray:
        down = np.array((-np.sin(self.transform.angle), np.cos(self.transform.angle))) * eyes
        jaw = self.landmarks[list(_JAW), :2]
        jaw = jaw + np.array(_HANGS)[:, None] * down + (jaw - self.landmarks[_NOSE, :2]) * _OUT
        return np.concatenate([jaw, self.landmarks[list(_CHEEKS), :2]])

    def _hair(
        self,
        grey: np.ndarray,
        strands: Strands,
        middle: float,
        share: np.ndarray,
        way: np.ndarray,
        canvas: Canvas,
    ) -> np.ndarray:
        """How much of each pixel is hair that takes the colour, so far from its own: uint8 (H, W).

        `grey`: uint8 (H, W), what is seen in even light; `middle`: how bright skin is there.
        """
        height, width = share.shape
        own = max(grey_of(strands.own), _BLACK)
        span = max(middle - own, 12.0)
        hair = cv2.subtract(middle, grey, dst=canvas.take("brow hair", height, width))
        hair = cv2.multiply(hair, share, dst=hair, scale=1 / span)
        follows = BEARD if strands is self.found.beard else BROWS
        if follows is BROWS:
            of_hair = (np.arange(256) / own - _RIM[0]) / (_RIM[1] - _RIM[0])
            bright = np.clip(of_hair * 255, 0, 255).astype(np.uint8)
            kept = cv2.LUT(grey, bright, dst=canvas.take("brow kept", height, width))
            hair = cv2.multiply(hair, kept, dst=hair, scale=1 / 255)
        if grey_of(way) <= 0:
            return hair
        # What is half skin shows the one and hides the other: light hair on it is a veil.
        hair = cv2.LUT(hair, _VEILED[follows])
        # Light strands are seen one by one, before dark gaps: what stands out within a lock takes more. And
        # hair in shade takes less, as it shows less of its own. Skin beside a strand does not make it one
        # that lies between others.
        size = 2 * max(round(_LOCK * self.transform.scale * EYE_DISTANCE), 1) + 1
        grey = cv2.min(grey, own + _BESIDE * span, dst=grey)
        lock = cv2.blur(grey, (size, size), dst=canvas.take("brow lock", height, width))
        grain, shade = follows.grain * _UNIT / span, _SHADE * _UNIT / own
        stands = cv2.addWeighted(grey, grain, lock, -grain, _UNIT * _LIGHT, dst=grey)
        # Grey levels that a lock is darker than hair of its colour, as table: it is what takes least time.
        darker = np.clip((own - np.arange(256)) * shade, 0, 255).astype(np.uint8)
        stands = cv2.subtract(stands, cv2.LUT(lock, darker, dst=lock), dst=stands)
        return cv2.multiply(hair, stands, dst=hair, scale=1 / _UNIT)

    def _skin(self, strands: Strands, part: Box) -> tuple[np.ndarray, float]:
        """How bright skin is in a part of the picture where hair begins: uint8 (H, W); and its mean."""
        left, top, right, bottom = part
        few = (np.arange(_GRID) + 0.5) / _GRID
        x, y = np.meshgrid(left + few * (right - left) - 0.5, top + few * (bottom - top) - 0.5)
        unit = self.transform.to_unit(np.stack([x.ravel(), y.ravel()], 1))
        if strands is self.found.beard:
            dark, down = BEARD_DARK, np.zeros(len(unit))
        else:
            dark, down = _BROW_DARK, self._below(unit)
        above, below = (np.interp(unit[:, 0], strands.skin[:, 0], strands.skin[:, row]) for row in (1, 2))
        told = (above + (below - above) * down) * dark
        small = np.clip(np.round(told), 0, 255).astype(np.uint8).reshape(_GRID, _GRID)
        whole = cv2.resize(small, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
        return whole, float(told.mean())

    def _below(self, unit: np.ndarray) -> np.ndarray:
        """How far below the upper edge of its brow each place lies, 0 to the lower edge, 1."""
        down = np.zeros(len(unit))
        for brow in BROWS_AT:
            at = self.transform.to_unit(self.landmarks[list(brow), :2])
            upper, lower = at[:5][np.argsort(at[:5, 0])], at[5:][np.argsort(at[5:, 0])]
            high, low = (np.interp(unit[:, 0], one[:, 0], one[:, 1]) for one in (upper, lower))
            mine = (unit[:, 0] < 0.5) == (at[:, 0].mean() < 0.5)
            down[mine] = np.clip((unit[:, 1] - high) / np.maximum(low - high, 1e-3), 0, 1)[mine]
        return down


def _evenly_lit(view: np.ndarray, skin: np.ndarray, middle: float, canvas: Canvas) -> np.ndarray:
    """How bright a part of the picture, uint8 (H, W, 3), would be were its skin, uint8 (H, W), as bright as
    `middle` all over: uint8 (H, W). A beard lit from one side is as much hair in light as in shade."""
    height, width = skin.shape
    grey = cv2.cvtColor(view, cv2.COLOR_RGB2GRAY, dst=canvas.take("brow grey", height, width))
    return cv2.divide(grey, skin, dst=grey, scale=middle)


def _shown(strands: Strands, worn: np.ndarray, follows: Follows) -> np.ndarray:
    """The colour that hair takes on this skin: float32 (3,). Much lighter than that it would be a mask."""
    colour = taken(strands.own, worn, follows)
    most = max(_BRIGHTEST * float(strands.skin[:, 1:].mean()), grey_of(strands.own))
    return colour * np.float32(min(1.0, most / max(grey_of(colour), 1.0)))


def _moved(view: np.ndarray, hair: np.ndarray, way: np.ndarray, canvas: Canvas) -> None:
    """Moves a part of a picture, uint8 (H, W, 3), by a colour (3,) as far as it is hair, in place."""
    height, width = hair.shape
    wide = cv2.cvtColor(hair, cv2.COLOR_GRAY2RGB, dst=canvas.take("brow wide", height, width, 3))
    for sign, apply in ((1, cv2.add), (-1, cv2.subtract)):
        steps = np.round(np.arange(256)[:, None] * np.clip(sign * way, 0, 255) / 255).astype(np.uint8)
        if steps.any():
            step = cv2.LUT(wide, steps[None], dst=canvas.take("brow step", height, width, 3))
            apply(view, step, dst=view)


def _around(zone: np.ndarray, size: tuple[int, int]) -> Box:
    low, high = np.floor(zone.min(0)).astype(int), np.ceil(zone.max(0)).astype(int) + 1
    return both((int(low[0]), int(low[1]), int(high[0]), int(high[1])), (0, 0, *size))


def _drawn(zone: np.ndarray, part: Box, soft: int) -> np.ndarray:
    """An outline, frame pixels, filled, fading towards its rim: uint8, of every second pixel of a part."""
    filled = _filled(zone, part)
    blurred = cv2.blur(filled, (2 * soft + 1, 2 * soft + 1))
    return cv2.min(cv2.convertScaleAbs(cv2.subtract(blurred, 127), alpha=2), filled)


def _grown(zone: np.ndarray, part: Box, soft: int) -> np.ndarray:
    """The same, whole up to its rim and a little beyond, and fading from there."""
    more = 2 * soft + 3
    grown = cv2.dilate(_filled(zone, part), np.ones((more, more), np.uint8))
    return cv2.blur(grown, (soft, soft))


def _filled(zone: np.ndarray, part: Box) -> np.ndarray:
    left, top, right, bottom = thinned(part, 2)
    canvas = np.zeros((bottom - top, right - left), np.uint8)
    points = ((zone + 0.5) / 2 - 0.5 - (left, top)) * 16
    points = np.clip(points, -(1 << 18), 1 << 18).round().astype(np.int32)
    cv2.fillPoly(canvas, [points], 255, lineType=cv2.LINE_8, shift=4)
    return canvas


def _veiled(veil: float) -> np.ndarray:
    """The table from how much of a pixel is hair to how much of it counts: uint8 (256,)."""
    share = np.arange(256) / 255
    return np.round((share * (1 - veil) + share * share * veil) * 255).astype(np.uint8)


_VEILED = {follows: _veiled(follows.veil) for follows in (BROWS, BEARD)}
