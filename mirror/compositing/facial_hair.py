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
from mirror.compositing.brows import DARKEST, EASE, FEW, Strands, brow_strands, filled
from mirror.core.face import FACE_OVAL
from mirror.core.head_crop import SIDE
from mirror.core.head_space import HeadTransform
from mirror.segmentation.matting import Mattes

# The score from which on there is a beard, and below which there is none any more. Of 410 portraits without,
# left out in turn when the weights were fitted, three are above the first, all with stubble or a goatee when
# looked at closely; of 246 with beards of all kinds two in three are: light, white and thin ones are missed.
BEARDED, SHAVEN = 1.8, 0.3
BEARD_DARK = 0.76  # of how bright skin is: beards grow where a jaw is in shade; what is lighter is skin
CLEAR = 3.0  # the score that is believed at first sight
LOOKS = 7  # whose median decides
FIRST = 5  # before so many were taken only a clear one counts
EVERY, AT_FIRST = 0.4, 0.12  # seconds between two looks, and until so many were taken
# Of where a beard surely is, so much is darker than skin in shade: below the first it is white, and what is
# dark lies in the shade of one side; from the second on it is not. Of 14 beards in portraits that were looked
# at the one white one has 0.23, all others 0.5 to 1.
_WHITE = (0.3, 0.45)
_SURE = (-1.0, 0.4)  # local score from which on there may be hair of a beard, and surely is
_ROUND = 2.2  # is taken off it beyond the oval of the face, where a throat lies in shade
_CHIN = 152  # its lowest landmark
_HANGS = 0.12  # sides of the square: no further down than that a beard is followed


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
        brows = brow_strands(image, transform, landmarks, hidden)
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
            where = cv2.addWeighted(where, EASE, last.where, 1 - EASE, 0) if self.bearded else where
            if beard is None and self.bearded:
                beard = last.beard
        self.found = FacialHair(brows, beard, where, free)


def _hidden(mattes: Mattes) -> np.ndarray:
    """uint8 (256, 256): where no face is seen but hair, a hand, or what is behind the person."""
    most = cv2.max(cv2.max(mattes.hair, mattes.front), 1 - mattes.person)
    return cv2.convertScaleAbs(cv2.max(most, 0.0), alpha=255)


def _beard(lower: LowerFace, where: np.ndarray) -> Strands | None:
    sure = cv2.resize(where, lower.grey.shape[::-1], interpolation=cv2.INTER_LINEAR) > 200
    sure &= filled(lower.places[list(_GROWS)], len(sure))
    if sure.sum() < FEW:
        return None
    right, left = lower.skin
    at = [lower.places[pair].mean() for pair in ((205, 0), (425, 0))]
    at[1] = max(at[1], at[0] + 0.1)
    skin_at = np.interp(np.arange(len(sure)), at, (right, left))
    # How bright it is beside skin: what lies in shade alone would be the darkest.
    light = skin_at / ((right + left) / 2)
    even = lower.grey / light
    dark = sure & (even <= np.quantile(even[sure], DARKEST))
    own = (lower.seen / light[:, None])[dark].mean(0).astype(np.float32)
    share = float((lower.grey < skin_at * BEARD_DARK)[sure].mean())
    in_square = [PART[0] + (x + 0.5) / len(sure) * PART[2] for x in at]
    skin = np.array([(x, one, one) for x, one in zip(in_square, (right, left), strict=True)], np.float32)
    found = Strands.of(own, skin)
    dark_enough = min(max((share - _WHITE[0]) / (_WHITE[1] - _WHITE[0]), 0.0), 1.0)
    return replace(found, plain=found.plain * dark_enough)


def _where(lower: LowerFace) -> np.ndarray:
    """uint8 (96, 96): how surely a beard grows at each place."""
    told = lower.local()
    oval = lower.places[list(FACE_OVAL)] * (len(told) / len(lower.grey))
    told = told - _ROUND * ~filled(oval, len(told))
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
