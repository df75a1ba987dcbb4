"""Hair removal: what was painted meets the camera's picture where it begins."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.core.head_crop import SIDE
from mirror.removal.hair_removal import Calming, Surroundings, without_hair
from mirror.removal.underlay_network import ALPHA, PERSON, WALL
from tests.test_hair_painting_hair_swap import disc, head_of

NO_HAIR = np.zeros((SIDE, SIDE), np.float32)


def painted(person: float, wall: float, alpha: np.ndarray) -> np.ndarray:
    out = np.empty((7, SIDE, SIDE), np.float32)
    out[PERSON], out[WALL], out[ALPHA] = person, wall, alpha
    return out


@pytest.mark.parametrize("off", [-0.06, 0.0, 0.06])
def test_the_light_at_its_edge_is_the_cameras(off: float) -> None:
    """The network is off by a little everywhere: nothing of that is left, at the edge and within."""
    head, cover = head_of((0.5, 0.5, 0.5)), disc(128, 60, 30)
    around = Surroundings(np.ones((SIDE, SIDE), np.float32), NO_HAIR)
    guess = painted(0.5 + off, 0.0, np.ones((SIDE, SIDE), np.float32))
    found = without_hair(guess, head, cover, around)
    beneath = found.mixed
    assert beneath.dtype == np.float32 and beneath.shape == (SIDE, SIDE, 3) and found.sure is None
    assert np.abs(beneath[cover > 0.5] - 0.5).max() < 0.03 and (found.alpha == 1).all()


def test_an_edge_that_was_painted_elsewhere_is_no_light() -> None:
    head, cover = head_of((0.5, 0.5, 0.5)), disc(128, 60, 30)
    around = Surroundings(np.ones((SIDE, SIDE), np.float32), NO_HAIR)
    guess = painted(1.0, 0.0, np.ones((SIDE, SIDE), np.float32))
    beneath = without_hair(guess, head, cover, around).mixed
    assert beneath[60, 128].mean() > 0.85, "what is far off is a thing that the network knows of"


def test_the_plate_is_shown_where_it_is_sure_and_nobody_stands() -> None:
    head, cover, alpha = head_of((0.5, 0.5, 0.5)), disc(128, 60, 50), disc(128, 200, 120)
    sure = np.zeros((128, 128), np.float32)
    sure[:, 64:] = 1
    behind = (np.full((128, 128, 3), 0.9, np.float32), sure)
    around = Surroundings(alpha, NO_HAIR, behind=behind)
    found = without_hair(painted(0.2, 0.5, alpha), head, cover, around)
    assert found.sure is not None and found.sure[40, 160] == 1 and found.sure[40, 90] == 0
    assert abs(float(found.mixed[40, 160].mean()) - 0.9) < 0.03
    assert abs(float(found.mixed[200, 160].mean()) - 0.2) < 0.12, "somebody stands there"


def test_what_a_stream_shows_does_not_tremble() -> None:
    head, cover, calm = head_of((0.5, 0.5, 0.5)), disc(128, 60, 30), Calming()
    around = Surroundings(np.ones((SIDE, SIDE), np.float32), NO_HAIR)
    shown = []
    for number in range(8):
        level = 0.5 + 0.01 * (-1) ** number
        guess = calm.underlay(lambda level=level: painted(level, 0, np.ones((SIDE, SIDE), np.float32)))
        assert guess is not None
        shown.append(float(guess[0, 0, 0]))
    assert np.abs(np.diff(shown[2:])).max() < 0.011 < 0.02
    calm.reset()
    assert float(calm.underlay(lambda: painted(0.7, 0, around.person))[0, 0, 0]) == np.float32(0.7)
    assert without_hair(painted(0.5, 0, around.person), head, cover, around, calm).mixed.shape[2] == 3


def test_a_picture_without_colours_gets_none() -> None:
    cover, around = disc(128, 60, 30), Surroundings(np.ones((SIDE, SIDE), np.float32), NO_HAIR)
    guess = painted(0.5, 0.5, np.ones((SIDE, SIDE), np.float32))
    guess[PERSON][0] += 0.05  # a reddish skin
    grey, coloured = (
        without_hair(guess, head_of(colour), cover, around).person[60, 128]
        for colour in ((0.5, 0.5, 0.5), (0.6, 0.5, 0.4))
    )
    assert np.ptp(grey) < 0.005 and grey.mean() == pytest.approx(0.5, abs=0.05)
    assert np.ptp(coloured) > 0.03
