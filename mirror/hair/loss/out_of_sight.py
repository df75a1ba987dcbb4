"""Out of sight: whether what a plan takes lies on top of a head, where no camera in front sees it."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.hair.loss.loss_plan import LossPlan
from mirror.hair.loss.skull_coordinates import SkullCoordinates
from mirror.hair.painting.subject import Subject
from mirror.translation.message import Message

# What the person is told then.
BOW = Message("Bow your head a little: what is lost lies on top")
# Share of the square: less hair that goes is hardly seen, and once it was not, less than the other. A bare
# crown is 0.015 to 0.09 of people who look straight ahead, and 0.001 of one who looks up by 27 degrees.
_HARDLY = (0.0015, 0.0025)
# A head is bowed so far, degrees, as `mirror.core.face.Face.pose` tells it, and so many times as much of it
# must be bare then, or bowing it shows no more.
_BOWED, _MORE = -25.0, 4.0


def out_of_sight(plan: LossPlan, subject: Subject, lost: np.ndarray, *, was: bool) -> bool:
    """Whether hardly anything is seen of what goes, and would be on a bowed head.

    Args:
        plan: that takes hair, of a head that has all of its hair.
        lost: float32 (128, 128), what of it goes on the subject, see `LossPlan.maps`.
        was: whether it was so before.
    """
    shape, hair = subject.head.shape, subject.hair
    seen = cv2.resize(lost, hair.shape[::-1], interpolation=cv2.INTER_LINEAR) * hair
    if float(seen.mean()) > _HARDLY[was]:
        return False
    bowed = shape.copy()
    bowed[2 * len(FACE_OVAL) + 1] = _BOWED / 30
    then, _ = plan.maps(bowed, 0.0)
    return then is not None and _on_head(then, bowed) > _MORE * _on_head(lost, shape)


def _on_head(lost: np.ndarray, shape: np.ndarray) -> float:
    return float((lost * (SkullCoordinates.of(shape).beside == 0)).sum())
