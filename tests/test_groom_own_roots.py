"""Own hair that stays: the hairline before new hair that lies behind it, lengths between new lengths."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.test_groom_own_hairline import FIT, sitter_with
from train.groom.own_hairline import seen_line
from train.groom.own_roots import BARE, CHIN, EYES, GONE, own_lengths, own_roots
from train.groom.people import Sitter
from train.groom.record import Hairline

SITTER = sitter_with(Hairline(irregularity=0))
MIDDLE = 224  # of the portrait, pixels
# First row of hair from above, and the first of the forehead below it, in the middle column.
LINE = int(np.flatnonzero(SITTER.hair[:, MIDDLE] > 0.5).max()) + 1


def grown(offset: int = 0, below: int = 0) -> np.ndarray:
    """New hair like the old, its middle moved down by `offset` pixels; `below`: reaching so much further."""
    alpha = np.roll(SITTER.hair, offset, axis=0)
    alpha[LINE - 20 : LINE + below, MIDDLE - 60 : MIDDLE + 60] = 1
    return alpha


def test_the_hairline_stays_the_cameras_and_new_hair_begins_behind_it():
    kept = own_roots(SITTER, FIT, grown())[:, MIDDLE]
    assert kept[LINE - 2 : LINE + 8].min() > 0.9
    assert kept[: LINE - int(GONE) - 4].max() == 0
    assert (np.diff(kept[LINE - int(GONE) : LINE - 2]) >= -0.02).all()


def test_new_hair_that_is_grown_too_low_is_cut_back_to_the_line():
    kept = own_roots(SITTER, FIT, grown(below=7))[:, MIDDLE]
    assert kept[LINE : LINE + 7].min() > 0.9


def test_a_fringe_hides_the_line():
    kept = own_roots(SITTER, FIT, grown(below=int(BARE) + 20))
    assert kept[:, MIDDLE - 20 : MIDDLE + 20].max() < 0.05


def test_a_lock_over_the_line_is_not_cut_off_beside_a_bare_temple():
    alpha = grown()
    alpha[LINE : LINE + 24, MIDDLE - 8 : MIDDLE + 8] = 1
    kept = own_roots(SITTER, FIT, alpha)
    assert kept[LINE - 2 : LINE + 20, MIDDLE - 6 : MIDDLE + 6].max() < 0.1
    assert kept[LINE - 2 : LINE + 4, [MIDDLE - 50, MIDDLE + 50]].min() > 0.8


def test_where_no_new_hair_grows_the_old_goes():
    assert own_roots(SITTER, FIT, np.zeros_like(SITTER.hair)).max() == 0


def test_a_bald_head_keeps_no_line():
    person = sitter_with(None)
    assert not seen_line(person, FIT).any()
    assert own_roots(person, FIT, np.ones_like(person.hair)).max() == 0


def test_the_end_of_a_fringe_is_no_hairline():
    person = sitter_with(Hairline(), fringe=True)
    kept = own_roots(person, FIT, np.ones_like(person.hair))
    assert kept[:, MIDDLE - 40 : MIDDLE + 40].max() == 0


def hanging(until: int) -> np.ndarray:
    """New hair that hangs on both sides of the face down to a row."""
    cover = np.zeros_like(SITTER.hair)
    cover[150:until, 120:160] = cover[150:until, 290:330] = 1
    return cover


def seated() -> Sitter:
    """The person with eyes and chin where portraits have them."""
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[[*EYES, CHIN], :2] = (192, 232), (256, 232), (224, 320)
    return dataclasses.replace(SITTER, landmarks=landmarks)


def test_lengths_stay_between_new_lengths_from_the_eyes_down():
    kept = own_lengths(seated(), hanging(560))
    assert kept[300:520, 140:310].min() > 0.99
    assert kept[:232].max() == 0 and kept[562:].max() == 0
    assert max(kept[:, :118].max(), kept[:, 332:].max()) < 1e-3


@pytest.mark.parametrize("cover", [hanging(330), grown(), hanging(560) * (np.arange(448) < 224)])
def test_lengths_go_where_new_hair_is_short_or_hangs_on_one_side(cover):
    assert own_lengths(seated(), cover).max() == 0
