"""Hair that is lent and taken away again: judged against the photograph, where it hid something."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mirror.core.head_crop import SIDE, Head
from mirror.segmentation.matting import Mattes
from tests.oval import oval_shape
from tests.test_hair_painting_hair_swap import disc
from train.evaluation.held_out_people import Person
from train.evaluation.removal_ground_truth import dressed, judge_uncovered, lenders
from train.metrics.bootstrap import Tally


def somebody(name: str, colour: float) -> Person:
    image = np.full((1, 3, SIDE, SIDE), colour, np.float32)
    image[0, 0] = np.linspace(0, 1, SIDE)[None]
    face = (disc(128, 140, 50) * 255).astype(np.uint8)
    inner = (disc(128, 140, 25) * 255).astype(np.uint8)
    head = Head(image, face, inner, np.full((SIDE, SIDE), 255, np.uint8), oval_shape())
    return Person(name, np.zeros((4, 4, 3), np.uint8), None, None, head)  # type: ignore[arg-type]


def mattes_of(hair: np.ndarray) -> Mattes:
    person = np.maximum(disc(128, 140, 60), hair)
    person[200:] = 1
    return Mattes(hair, person, np.zeros((SIDE, SIDE), np.float32))


CURTAINS = np.zeros((SIDE, SIDE), np.float32)
CURTAINS[60:250, 40:90] = CURTAINS[60:250, 170:215] = 1


def test_lent_hair_hides_and_leaves_the_rest() -> None:
    one, other, own = somebody("a", 0.4), somebody("b", 0.9), disc(128, 70, 40)
    found = dressed(one, mattes_of(own), other, CURTAINS)
    image = found.head.image[0].transpose(1, 2, 0)
    lent = CURTAINS > 0
    assert np.array_equal(image[~lent], found.truth[~lent]) and np.allclose(image[lent][:, 1], 0.9)
    assert (found.hair >= CURTAINS).all() and (found.hair >= own).all() and (found.person >= found.hair).all()
    assert found.hidden.any() and not found.hidden[: round(0.4 * SIDE)].any(), "below the eyes alone"
    assert not found.hidden[~lent].any() and not found.hidden[one.head.face > 0].any()
    behind = dressed(one, mattes_of(np.maximum(own, CURTAINS)), other, CURTAINS)
    assert not behind.hidden.any(), "beneath own hair nobody knows"


@pytest.mark.parametrize(("off", "said"), [(0.1, 20.0), (0.01, 40.0)])
def test_what_is_shown_is_held_against_the_photograph(off: float, said: float) -> None:
    one, other, tally = somebody("a", 0.4), somebody("b", 0.9), Tally()
    mine = mattes_of(np.zeros((SIDE, SIDE), np.float32))
    hidden = dressed(one, mine, other, CURTAINS).hidden
    shown = one.head.image[0].transpose(1, 2, 0) * 0.8 + 0.1
    truth = replace(one.head, image=np.ascontiguousarray(shown.transpose(2, 0, 1))[None])
    one = replace(one, head=truth)
    answer = np.where(hidden[..., None], shown + off, 0)
    layer = SimpleNamespace(beneath=np.round(answer * 255).astype(np.uint8))
    salon: Any = SimpleNamespace(swap=SimpleNamespace(uncover=lambda subject: layer))
    judge_uncovered(salon, one, mine, other, CURTAINS, tally)
    assert tally.value("uncovered_psnr") == pytest.approx(said, abs=1.0)
    assert tally.value("uncovered_psnr_body") == pytest.approx(said, abs=1.0)
    nothing = Tally()
    judge_uncovered(salon, one, mine, other, np.zeros_like(CURTAINS), nothing)
    assert not nothing.figures, "whom nothing was hidden of is not judged"


def test_those_with_the_longest_hair_lend() -> None:
    hair = [np.full((SIDE, SIDE), share, np.float32) for share in (0.1, 0.9, 0.2, 0.5)]
    assert lenders(hair) == [1] and lenders([*hair, *hair]) == [1, 5]
