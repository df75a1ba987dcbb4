"""The hairline that a portrait shows is found again on the fitted head, and hair begins there."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from train.groom.book import find_groom
from train.groom.camera import portrait_camera
from train.groom.fit import Fit
from train.groom.head import load_head
from train.groom.own_hairline import read_hairline
from train.groom.people import Sitter
from train.groom.record import Hairline
from train.groom.scalp import OWN_ANGLES, above_hairline, place_roots
from train.groom.surface import Surface

HEAD = load_head()
CAMERA = portrait_camera(HEAD)
FIT = Fit(HEAD, CAMERA.rotation, CAMERA.translation, CAMERA.focal, CAMERA.centre, CAMERA.size, 0.0, 0.0)


def sitter_with(line: Hairline | None, fringe: bool = False) -> Sitter:
    """A portrait's matte of somebody whose hair grows above `line`; None: nobody's does."""
    width, height = CAMERA.size
    hair = np.zeros((height, width), np.float32)
    points, normals, canonical = Surface(HEAD, HEAD.triangles).sample(400_000, np.random.default_rng(1))
    facing = (normals @ CAMERA.rotation.T)[:, 2] < -0.1
    if line is not None:
        grows = (above_hairline(canonical, line, 1) > 0) & facing & (canonical[:, 2] > -5)
        if fringe:
            grows |= facing & (canonical[:, 2] > -2.0) & (canonical[:, 1] < -3)
        at = np.round(CAMERA.project(points[grows])).astype(int)
        ok = ((at >= 0) & (at < (width, height))).all(1)
        hair[at[ok, 1], at[ok, 0]] = 1
        hair = cv2.morphologyEx(hair, cv2.MORPH_CLOSE, np.ones((5, 5)))
    blank = np.zeros((height, width, 3), np.uint8)
    ones = np.ones_like(hair)
    return Sitter(
        blank, blank, hair, ones, ones * 0, ones, np.zeros((478, 3), np.float32), CAMERA.centre, 1.0
    )


@pytest.mark.parametrize("height", [-0.6, 0.0, 1.5])
def test_a_higher_or_lower_hairline_is_read(height):
    own = read_hairline(sitter_with(Hairline(height=height, irregularity=0)), FIT)
    middle = np.abs(OWN_ANGLES) <= 30
    assert np.median(np.array(own)[middle]) == pytest.approx(height, abs=0.35)


def test_hair_grows_from_where_it_was_read():
    own = read_hairline(sitter_with(Hairline(height=1.5, irregularity=0)), FIT)
    groom = find_groom("side_part")
    usual, higher = (
        dataclasses.replace(groom, hairline=dataclasses.replace(groom.hairline, own=line))
        for line in ((0.0,) * len(OWN_ANGLES), own)
    )

    def lowest(one):
        place = place_roots(one, HEAD, 1, 0.1).canonical
        return np.quantile(place[(np.abs(place[:, 0]) < 2) & (place[:, 1] < -5), 2], 0.02)

    assert lowest(higher) - lowest(usual) == pytest.approx(1.5, abs=0.4)


def test_a_fringe_over_the_forehead_says_nothing():
    assert read_hairline(sitter_with(Hairline(), fringe=True), FIT) == ()


def test_a_bald_head_says_nothing():
    assert read_hairline(sitter_with(None), FIT) == ()
