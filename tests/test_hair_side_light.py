"""New hair is lit from the side from which a person's own hair is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mirror.compositing.skin_light import usual_light
from mirror.core.head_crop import SIDE
from mirror.core.head_space import EYE_CENTRE, EYE_DISTANCE
from mirror.core.workers import Workers
from mirror.hair.fold import fold
from mirror.hair.key_view import CELL
from mirror.hair.lit_layer import LINEAR, coded
from mirror.hair.side_light import MOST, own_slope
from mirror.hair.store import LEANS, LayerStore
from tests.grown_fakes import grown_style
from tests.test_compositing_own_hairline import head_with

ASIDE = ((np.arange(SIDE) + 0.5) / SIDE - EYE_CENTRE[0]) / EYE_DISTANCE


def seen_slope(lean: float, veil: float = 0.0) -> float | None:
    """What is read off a head whose hair gets brighter to the right by that."""
    head, mattes = head_with(66)
    light = np.float32(0.08) * np.exp(lean * ASIDE)[None, :, None] + np.float32(veil)
    square = coded(np.broadcast_to(light, (SIDE, SIDE, 3)))
    image = np.where(mattes.hair > 0.5, square.transpose(2, 0, 1) / np.float32(255), head.image)
    found = replace(head, image=image.astype(np.float32))
    return own_slope(found, mattes.hair, np.full(3, veil, np.float32))


@pytest.mark.parametrize("lean", [-0.6, 0.0, 0.4])
def test_a_lamp_at_one_side_is_read_off_the_own_hair(lean: float) -> None:
    found = seen_slope(lean)
    assert found is not None and abs(found - lean) < 0.1


def test_haze_over_the_picture_does_not_hide_it() -> None:
    found = seen_slope(0.5, veil=0.04)
    assert found is not None and abs(found - 0.5) < 0.1


def test_it_is_never_believed_without_bound() -> None:
    assert seen_slope(4.0) == pytest.approx(MOST)


def test_of_little_hair_nothing_is_said() -> None:
    head, mattes = head_with(66)
    few = np.zeros_like(mattes.hair)
    few[20:30, 120:126] = 1
    assert own_slope(head, few) is None
    # A lock in the middle of the forehead tells no sides.
    narrow = np.zeros_like(few)
    narrow[20:110, 120:136] = 1
    assert own_slope(head, narrow) is None


def sides(lean: float | None) -> tuple[float, float]:
    """Linear light of new hair to the left and to the right of its middle."""
    view = grown_style().views[0]
    front = fold(view, usual_light(), leaning=lean).front
    width = CELL * view.depth.shape[1]
    shades = LINEAR[front[80, [width // 2 - 32, width // 2 + 32], 0]]
    return float(shades[0]), float(shades[1])


def test_new_hair_is_as_much_brighter_on_that_side() -> None:
    even, lit, other = sides(None), sides(0.6), sides(-0.6)
    # 64 pixels of 224 are two eye distances; three quarters of the difference are followed.
    assert abs(even[0] - even[1]) < 0.01
    assert np.log(lit[1] / lit[0]) == pytest.approx(0.75 * 0.6 * 2, abs=0.15)
    assert np.log(other[0] / other[1]) == pytest.approx(0.75 * 0.6 * 2, abs=0.15)
    assert sides(0.0) == pytest.approx(even, abs=0.01)


def test_layers_are_made_anew_for_another_side_and_not_for_noise() -> None:
    style = grown_style()
    store = LayerStore(Workers())

    def shown(lean: float) -> object:
        store.light(usual_light(), lean)
        for _ in range(2):
            store.tend(style, None, [0])
            store.finish()
        return store.get(style, 0, None)

    first = shown(0.3)
    assert shown(0.3 + LEANS / 2) is first
    assert shown(-0.3) is not first
