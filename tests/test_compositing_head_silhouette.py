"""The skull of a groom, brought to the outline of a person's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mirror.compositing.head_silhouette import (
    MIDDLE,
    RAYS,
    SKULL,
    HeadOutline,
    OwnOutline,
    displaced,
    eased,
    silhouette,
)
from mirror.core.head_crop import SIDE
from mirror.core.head_space import EYE_CENTRE, EYE_DISTANCE
from mirror.core.layer import Layer

_UP = int(np.flatnonzero(RAYS == 90)[0])
_SIDES = np.flatnonzero((RAYS == 0) | (RAYS == 180))


def ellipse(wide: float, high: float) -> np.ndarray:
    """Alpha of a head of such half axes, eye distances, round the middle of the skull."""
    rows, columns = np.mgrid[:SIDE, :SIDE] + 0.5
    x = (columns / SIDE - EYE_CENTRE[0]) / EYE_DISTANCE
    y = (EYE_CENTRE[1] - rows / SIDE) / EYE_DISTANCE - MIDDLE
    return ((x / wide) ** 2 + (y / high) ** 2 <= 1).astype(np.float32)


def outline(wide: float, high: float, person: np.ndarray) -> HeadOutline | None:
    nothing = np.zeros((SIDE, SIDE), np.float32)
    layer = Layer(np.zeros((SIDE, SIDE, 3), np.uint8), nothing, nothing, nothing, body=ellipse(wide, high))
    return HeadOutline.of(layer, person)


def test_a_silhouette_is_how_far_a_convex_outline_reaches() -> None:
    angle = np.radians(np.arange(0, 360, 3))
    circle = np.stack([np.cos(angle), np.sin(angle)], 1)
    assert silhouette(circle * 1.3) == pytest.approx(1.3, abs=0.01)
    aside = silhouette(circle + (0.2, 0.0))
    assert aside[RAYS == 0] == pytest.approx(1.2, abs=0.01) and aside[RAYS == 180] == pytest.approx(
        0.8, abs=0.01
    )


def test_the_grooms_skull_is_as_narrow_as_its_mesh() -> None:
    front = np.stack([SKULL[:, 0], SKULL[:, 2]], 1) / 5.84 - (0, MIDDLE)
    reach = silhouette(front)
    assert reach[_SIDES] == pytest.approx(1.135, abs=0.02) and reach[_UP] == pytest.approx(0.97, abs=0.02)


def test_an_outline_is_measured_where_it_is_in_the_picture() -> None:
    found = outline(1.2, 0.9, ellipse(1.4, 1.2))
    assert found is not None
    assert found.bare[_SIDES] == pytest.approx(1.2, abs=0.04) and found.bare[_UP] == pytest.approx(
        0.9, abs=0.04
    )
    assert found.seen[_SIDES] == pytest.approx(1.4, abs=0.04)
    smaller = outline(1.4, 1.2, ellipse(1.2, 0.9))
    assert smaller is not None and smaller.bare[_UP] == pytest.approx(0.9, abs=0.04), (
        "no skull beyond the head"
    )
    assert outline(9.0, 9.0, ellipse(9.0, 9.0)) is None, "cut off by the picture"
    layer = Layer(*(np.zeros((SIDE, SIDE), np.float32) for _ in range(4)))
    assert HeadOutline.of(replace(layer, body=None), ellipse(1, 1)) is None


def test_hair_is_stretched_to_wider_heads_within_bounds() -> None:
    groom = np.full(len(RAYS), 1.0)
    wide = outline(1.1, 1.0, ellipse(1.6, 1.6))
    assert wide is not None
    share = wide.stretch(groom)
    assert share[_SIDES].min() > 0.07 and share[_SIDES].max() < 0.11 and abs(share[_UP]) < 0.03
    huge, low = outline(1.9, 1.9, ellipse(2.0, 2.0)), outline(0.9, 0.6, ellipse(0.9, 0.6))
    assert huge is not None and low is not None
    assert huge.stretch(groom).max() <= 0.15 and low.stretch(groom).min() >= -0.25
    assert low.stretch(groom)[_UP] < -0.12, "hair lies no higher than the head that is seen"


def test_sides_move_out_and_the_face_stays() -> None:
    groom, stretch = np.full(len(RAYS), 1.0), np.where(np.abs(RAYS - 90) > 60, 0.1, 0.0)
    nodes = np.array([[1.0, 0.0], [-1.4, 0.0], [0.3, 0.0], [0.0, -1.2], [0.0, 1.0]])
    away = displaced(nodes, groom, stretch)
    assert away[0] == pytest.approx([0.1, 0.0], abs=0.005) and away[1] == pytest.approx([-0.1, 0], abs=0.005)
    assert np.abs(away[2:]).max() < 0.005, "the face, what hangs below and the crown"
    lower = displaced(nodes, groom, np.full(len(RAYS), -0.1))
    assert lower[4] == pytest.approx([0.0, -0.1], abs=0.005), "the crown as far as the outline"
    assert -0.06 < lower[2, 1] < -0.03, "and what is below it less, from the eyes up"


def test_a_stretch_settles() -> None:
    zero, one = np.zeros(3), np.ones(3)
    assert np.array_equal(eased(one, None), one)
    assert 0 < eased(one, zero).max() < 0.3


def test_at_sides_that_stay_new_hair_ends_where_own_hair_does() -> None:
    groom, own, new = ellipse(1.13, 1.2), ellipse(1.35, 1.25), ellipse(1.2, 1.2)
    seen = outline(1.2, 1.2, own)
    assert seen is not None
    reach, asked = np.full(len(RAYS), 1.2), np.zeros(len(RAYS))
    found = OwnOutline.of(seen, np.maximum(new, groom), (1.0, 1.0)).met(asked, asked, reach)
    assert found[_SIDES] == pytest.approx(0.15 / 1.2, abs=0.03)
    assert found[_UP] == pytest.approx(0.05 / 1.2, abs=0.02), "a little lower than own hair: raised to it"
    lower = OwnOutline.of(seen, ellipse(1.2, 0.9), (1.0, 1.0)).met(asked, asked, reach)
    assert lower[_UP] == 0, "much lower: left"
    none = OwnOutline.of(seen, np.maximum(new, groom), (0.0, 0.0)).met(asked, asked, reach)
    assert none[_UP] > 0.02 and not none[_SIDES].any(), "raised above, whether sides stay or not"
    other = OwnOutline.of(seen, np.maximum(new, groom), (0.0, 1.0)).met(asked, asked, reach)
    assert other[RAYS == 180] == 0 and other[RAYS == 0] > 0.05, "one side stays, the other does not"


def test_new_hair_is_not_drawn_in_to_own_hair_nor_pushed_on_and_on() -> None:
    own, reach, asked = ellipse(1.3, 1.25), np.full(len(RAYS), 1.2), np.full(len(RAYS), -0.02)
    seen = outline(1.2, 1.2, own)
    assert seen is not None
    voluminous = OwnOutline.of(seen, ellipse(1.6, 1.6), (1.0, 1.0))
    assert np.array_equal(voluminous.met(asked, asked, reach), asked), "its volume is the style's"
    stubborn, now = OwnOutline.of(seen, ellipse(1.15, 1.2), (1.0, 1.0)), asked
    for _ in range(60):
        now = stubborn.met(asked, now, reach)
    assert 0.05 < (now - asked).max() <= 0.2
