"""Removal against the truth: the hair of one person laid over another, and taken away again.

Nobody has photographs of a person with and without hair. What somebody else's hair hides of neck, shoulders,
clothes and wall is on the photograph it is laid over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from mirror.core.face_lighting import measure
from mirror.core.head_crop import SIDE, Head
from mirror.core.head_space import EYE_CENTRE
from mirror.hair.painting.subject import Subject
from mirror.segmentation.matting import Mattes
from train.evaluation.held_out_people import Person, Salon
from train.metrics.bootstrap import Tally
from train.metrics.similarity import psnr

# Alpha from which on lent hair hides, and up to which own hair hides nothing; fewer pixels tell nothing.
HIDES, FREE, LEAST = 0.9, 0.03, 400
_NEAR = np.ones((7, 7), np.uint8)
# Share of people who lend: those with the most hair below the eyes.
LEND = 0.25


@dataclass(frozen=True)
class Dressed:
    """A person in the hair of another.

    Attributes:
        head: as the networks see it; hair, person: float32 (256, 256), its mattes.
        hidden: bool (256, 256), what the lent hair hides below the eyes, beside the face.
        truth: float32 (256, 256, 3), 0 to 1, the photograph.
    """

    head: Head
    hair: np.ndarray
    person: np.ndarray
    hidden: np.ndarray
    truth: np.ndarray


def lenders(hair: Sequence[np.ndarray]) -> list[int]:
    """Whose hair is lent, by number; `hair`: float32 (256, 256) of each person."""
    low = [float(one[round(0.6 * SIDE) :].mean()) for one in hair]
    count = max(1, round(LEND * len(low)))
    return sorted(range(len(low)), key=lambda i: -low[i])[:count]


def dressed(person: Person, mattes: Mattes, lender: Person, lent: np.ndarray) -> Dressed:
    """One person in the hair of another.

    Args:
        mattes: of the first; lent: float32 (256, 256), the hair of the other.
    """
    head, other = person.head, lender.head
    alpha = np.where((cv2.blur(head.inner, (9, 9)) > 0) | (other.valid < 250), np.float32(0), lent)
    truth = head.image[0].transpose(1, 2, 0)
    mixed = truth + (other.image[0].transpose(1, 2, 0) - truth) * alpha[..., None]
    image = np.ascontiguousarray(mixed.transpose(2, 0, 1))[None].astype(np.float32)
    free = (cv2.dilate(mattes.hair, _NEAR) < FREE) & (mattes.front < FREE) & (head.valid > 250)
    rows = (np.arange(SIDE) + 0.5)[:, None] / SIDE > EYE_CENTRE[1]
    return Dressed(
        replace(head, image=image),
        np.maximum(mattes.hair, alpha),
        np.maximum(mattes.person, alpha),
        (alpha > HIDES) & free & rows & (head.face == 0),
        truth,
    )


def judge_uncovered(
    salon: Salon, person: Person, mattes: Mattes, lender: Person, lent: np.ndarray, tally: Tally
) -> None:
    """What is shown where lent hair hung, against what is there; nobody is judged of whom it hid nothing."""
    one = dressed(person, mattes, lender, lent)
    if one.hidden.sum() < LEAST:
        return
    layer = salon.swap.uncover(
        Subject(one.head, one.hair, mattes.front, one.person, measure(one.head, one.hair))
    )
    assert layer.beneath is not None
    shown = layer.beneath.astype(np.float32) / 255
    tally.add("uncovered_psnr", person.name, psnr(shown, one.truth, one.hidden.astype(np.float32)))
    body = one.hidden & (mattes.person > HIDES)
    if body.sum() >= LEAST:
        tally.add("uncovered_psnr_body", person.name, psnr(shown, one.truth, body.astype(np.float32)))
