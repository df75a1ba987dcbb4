"""Own hairline: where a person's own roots are seen, and new hair begins behind them.

No hairline that is laid over a forehead looks as true as the one that is there: its down, its single roots,
its shade on the skin. So a finger's width of it stays the camera's wherever new hair lies behind it and none
hangs over it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.compositing.frame_part import Shares, box_of
from mirror.compositing.hairline_fit import ANGLES, Hairline
from mirror.compositing.own_sides import ROWS, own_sides, ramp
from mirror.core.head_crop import SIDE, Head
from mirror.core.head_space import EYE_CENTRE, EYE_DISTANCE
from mirror.segmentation.matting import Mattes

_EYES, _ROW_OF_EYES = EYE_DISTANCE * SIDE, EYE_CENTRE[1] * SIDE  # pixels
_QUARTER = (SIDE // 4, ROWS // 4)  # columns and rows at which what is soft is done
# So far before the line the camera's skin with its down stays, so far behind it their own hair is whole, and
# from there on new hair takes its place.
_BARE, _WHOLE, _GONE = 0.45 * _EYES, 0.05 * _EYES, 0.22 * _EYES
# New hair within the first and the second before the line hangs over it, unless it is less of them than this.
_BEFORE, _HANGS = (0.14 * _EYES, 0.42 * _EYES), (0.2, 0.4)
# None grows where so little lies between the first and the second behind it.
_BEHIND, _GROWS = (0.12 * _EYES, 0.36 * _EYES), (0.6, 0.72)
# How far behind it new hair may begin, how dense it must be behind that (clippers leave less), and alpha from
# which on it has not and has begun.
_JOINED, _DENSE, _BEGUN = 0.47 * _EYES, (0.6, 0.8), (0.2, 0.6)
_AROUND = 0.19 * _EYES  # over which both are averaged
_OUTLINE = (0.03 * _EYES, 0.14 * _EYES)  # how far within the outline of the head roots begin to stay, and do
# Ends of a line that stays only there are dark hooks at the temples: none stays unless so much of it does.
_MOST_OF_IT = (0.65, 0.8)
# Round a lock over the line no roots stay, so far.
_ROUND_LOCK = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(_BEFORE[0] + _GONE / 2) + 1,) * 2)
# Alpha from which on hair that lies so far before the line is a strand, and round which no skin stays.
_STRAY, _FROM_LINE = 0.06, 0.1 * _EYES
_ROUND_STRAY = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
ONE = 100  # of `OwnRoots.gain`
# The most that roots are made darker and brighter; grey levels, of 1, that are added before colours are
# compared; pixels of the square's quarter within which they are.
_GAINS, _DARK, _NEAR = (0.25, 2.0), 0.02, 3.0
# Where of own and of new hair so little is near that their colours are not compared, and so far others are
# looked for, pixels of the quarter; share of own sides that can take the colour, from which on they stay.
_BOTH, _FAR, _ABLE = (0.05, 0.25), 12.0, (0.6, 0.9)
# Alpha above which it is hair, below which it is none, and above which it is a person's.
_HAIR, _SKIN, _PERSON = 0.5, 0.35, 0.6


@dataclass(frozen=True, slots=True, eq=False)
class OwnRoots:
    """Roots that stay.

    Attributes:
        picture: uint8 (256, 256, 4): what the camera's red, green and blue are multiplied with there, over
            `ONE`, so that they have the new hair's colour, exactly `ONE` on skin; and how much of each pixel
            is theirs.
        box: of it, where that is not 0, see `mirror.compositing.frame_part.box_of`.
    """

    picture: np.ndarray
    box: Shares

    @classmethod
    def of(cls, share: np.ndarray, gain: np.ndarray) -> OwnRoots:
        """Of how much of each pixel is theirs, uint8 (256, 256), and what it is multiplied with."""
        return cls(cv2.merge([*cv2.split(gain), share]), box_of(share))

    @property
    def share(self) -> np.ndarray:
        """uint8 (256, 256): how much of each pixel is theirs."""
        return cv2.extractChannel(self.picture, 3)

    @property
    def tinted(self) -> np.ndarray:
        """uint8 (256, 256): how much of each pixel they change."""
        off = cv2.absdiff(self.picture[..., :3], (ONE, ONE, ONE, 0)).max(-1)
        return cv2.bitwise_and(self.share, self.share, mask=off)

    def eased(self, last: OwnRoots | None) -> OwnRoots:
        """So that a line of which the matte is unsure does not tremble: half of what was seen before."""
        if last is None:
            return self
        picture = cv2.addWeighted(self.picture, 0.5, last.picture, 0.5, 0)
        return OwnRoots(picture, box_of(cv2.extractChannel(picture, 3)))


def own_roots(
    head: Head, mattes: Mattes, new: np.ndarray, sides: tuple[float, float] = (0.0, 0.0)
) -> OwnRoots | None:
    """What of a person's own hairline stays before new hair.

    Args:
        head, mattes: of the person.
        new: uint8 (256, 256, 4), premultiplied RGB and alpha: the new hair before them, in head space.
        sides: how much of theirs stays, see `mirror.compositing.own_sides`.

    Returns:
        None where no hairline is seen, or new hair begins elsewhere.
    """
    alpha = cv2.extractChannel(new, 3).astype(np.float32) * np.float32(1 / 255)
    hair = mattes.hair[:ROWS]
    line = _on_the_line(head, mattes, alpha[:ROWS])
    if line is None and not any(sides):
        return None
    gain, kept = _gain(head, hair, new[:ROWS]), own_sides(sides)
    # Own hair that cannot be given the new colour would be of two.
    if any(sides) and (own := (hair > _HAIR) & (kept > 0)).any():
        able = (gain > _GAINS[0]) & (gain < _GAINS[1])
        kept *= ramp(_ABLE, np.mean(able.all(-1)[own]))
    kept = kept if line is None else cv2.max(kept, line)
    share = cv2.convertScaleAbs(cv2.GaussianBlur(kept, (0, 0), 0.7), alpha=255)
    if not share.any():
        return None
    below = SIDE - ROWS
    gain = cv2.convertScaleAbs(1 + (np.clip(gain, *_GAINS) - 1) * hair[..., None], alpha=ONE)
    share, gain = (
        cv2.copyMakeBorder(one, 0, below, 0, 0, cv2.BORDER_CONSTANT, value=rest)
        for one, rest in ((share, 0), (gain, (ONE, ONE, ONE)))
    )
    return OwnRoots.of(share, gain)


def _on_the_line(head: Head, mattes: Mattes, alpha: np.ndarray) -> np.ndarray | None:
    """How much of each pixel along the hairline is theirs, float32 (rows, 256); None: no line is seen.

    Args:
        alpha: float32 (rows, 256), of the new hair.
    """
    there = mattes.hair[:ROWS] > _HAIR
    zone = _sector(Hairline.of(mattes.hair, head.shape).seen)
    hair, person = mattes.hair[:ROWS], mattes.person[:ROWS]
    skin = _of_the_face((person > _PERSON) & (hair < _SKIN)) & (zone > 0)
    if not skin.any() or not there.any():
        return None
    behind, before = _distance(skin), _distance(there)
    far = cv2.GaussianBlur(behind - before, (0, 0), 0.7)
    band = ramp((_GONE, _WHOLE), far) * ramp((-_BARE, 0.8 * -_BARE), far)
    # At the outline of the head new hair goes on over the wall.
    within = ramp(_OUTLINE, _distance(person < _PERSON))
    band *= within
    hangs = _mean(alpha, skin & (before > _BEFORE[0]) & (before < _BEFORE[1]))
    grows = _mean(alpha, there & (behind > _BEHIND[0]) & (behind < _BEHIND[1]))
    # New hair that begins further behind is joined by their own, not by a made strip of skin.
    dense = _mean(alpha, there & (behind > _GONE) & (behind < 1.5 * _JOINED))
    joined = (there & (behind < _JOINED)) * ramp(_BEGUN[::-1], cv2.GaussianBlur(alpha, (0, 0), 1.5))
    band *= ramp(_GROWS, cv2.max(grows, dense))
    kept = cv2.max(band, joined * within * ramp(_DENSE, dense))
    kept *= ramp(_HANGS[::-1], hangs) * zone * _beside_locks(alpha, skin, before)
    kept *= _beside_strays(hair, before)
    on_line = (cv2.max(behind, before) < _WHOLE) & (zone > 0.5) & (within > 0.5)
    if on_line.any():
        kept *= ramp(_MOST_OF_IT, kept[on_line].mean())
    return kept


def _of_the_face(skin: np.ndarray) -> np.ndarray:
    """bool (rows, 256): of what is no hair, all that hangs together with the skin between the eyes. A gap
    between curls that shows the wall does not."""
    _, label = cv2.connectedComponents(skin.astype(np.uint8), connectivity=4)
    return skin & (label == label[round(_ROW_OF_EYES), round(EYE_CENTRE[0] * SIDE)])


def _beside_locks(alpha: np.ndarray, skin: np.ndarray, before: np.ndarray) -> np.ndarray:
    """float32 (rows, 256): 0 round a lock that reaches over the line beside a bare temple, which cut off at
    the line left a dark notch; 1 elsewhere."""
    lock = (cv2.GaussianBlur(alpha, (0, 0), 1.2) > _HANGS[1]) & skin & (before > _BEFORE[0])
    # In bytes: four times as fast.
    around = cv2.dilate(lock.astype(np.uint8), _ROUND_LOCK).astype(np.float32)
    return 1 - cv2.GaussianBlur(around, (0, 0), 2.0)


def _beside_strays(hair: np.ndarray, before: np.ndarray) -> np.ndarray:
    """float32 (rows, 256): 0 round own hair that hangs thinly over the forehead, of which the end alone would
    stay, a scrap without a root; 1 elsewhere."""
    stray = ((hair > _STRAY) & (before > _FROM_LINE)).astype(np.float32)
    return 1 - cv2.GaussianBlur(cv2.dilate(stray, _ROUND_STRAY), (0, 0), 1.2)


def _gain(head: Head, hair: np.ndarray, new: np.ndarray) -> np.ndarray:
    """float32 (rows, 256, 3): from the colour of own hair to that of new hair near it."""
    planes = [cv2.resize(one[:ROWS], _QUARTER, interpolation=cv2.INTER_AREA) for one in head.image[0]]
    sure = cv2.resize(np.maximum(hair - _HAIR, 0), _QUARTER, interpolation=cv2.INTER_AREA)
    fresh = cv2.resize(new, _QUARTER, interpolation=cv2.INTER_AREA).astype(np.float32) * np.float32(1 / 255)
    mine = cv2.GaussianBlur(cv2.merge([*(one * sure for one in planes), sure]), (0, 0), _NEAR)
    theirs = cv2.GaussianBlur(fresh, (0, 0), _NEAR)
    both = cv2.min(mine[..., 3] * np.float32(1 / (1 - _HAIR)), theirs[..., 3])
    mine, theirs = (one[..., :3] / np.maximum(one[..., 3:], 1e-3) for one in (mine, theirs))
    stops = np.log((theirs + _DARK) / (mine + _DARK))
    # Where only one of them is near it is as where both are.
    known = cv2.GaussianBlur(cv2.merge([*cv2.split(stops * both[..., None]), both]), (0, 0), _FAR)
    near = ramp(_BOTH, both)[..., None]
    stops = stops * near + known[..., :3] / np.maximum(known[..., 3:], 1e-4) * (1 - near)
    return cv2.resize(np.exp(stops), (SIDE, ROWS), interpolation=cv2.INTER_LINEAR)


def _sector(seen: np.ndarray) -> np.ndarray:
    """float32 (rows, 256), 0 to 1: the directions in which the line is seen, passing softly over."""
    table = np.pad(seen.astype(np.float32), 1)[None]
    return cv2.remap(table, _COLUMN, _ROW, cv2.INTER_LINEAR)


def _distance(there: np.ndarray) -> np.ndarray:
    return cv2.distanceTransform((~there).astype(np.uint8), cv2.DIST_L2, 3)


def _mean(alpha: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Mean of alpha there, carried to what lies beside: float32 (rows, 256)."""
    weight = where.astype(np.float32)
    both = cv2.resize(cv2.merge([alpha * weight, weight]), _QUARTER, interpolation=cv2.INTER_AREA)
    both = cv2.GaussianBlur(both, (0, 0), _AROUND / 4)
    mean = both[..., 0] / np.maximum(both[..., 1], 1e-4)
    return cv2.resize(mean, (SIDE, ROWS), interpolation=cv2.INTER_LINEAR)


_AT = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE
_COLUMN = np.degrees(np.arctan2((_AT - EYE_CENTRE[0])[None], (EYE_CENTRE[1] - _AT[:ROWS])[:, None]))
_COLUMN = ((_COLUMN - ANGLES[0]) / (ANGLES[1] - ANGLES[0]) + 1).clip(0, len(ANGLES) + 1).astype(np.float32)
_ROW = np.zeros_like(_COLUMN)
