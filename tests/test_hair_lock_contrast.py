"""Locks stand out as much as a person's own do; single strands do not."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.compositing.skin_light import usual_light
from mirror.hair import fold as fold_file
from mirror.hair.lit_layer import LINEAR, LitLayer, Shade, coded, tones_now
from mirror.hair.lock_contrast import standing_out
from mirror.hair.styles.dye import find
from mirror.hair.tone_curves import ToneCurves
from tests.grown_fakes import grown_style

SIDE = 160


def layer(length: float) -> LitLayer:
    """Hair whose light goes up and down over that many pixels, by a factor of 1.6 from darks to brights."""
    waves = 0.1 * np.exp(0.235 * np.sin(2 * np.pi * np.arange(SIDE) / length))
    rgb = coded(np.broadcast_to(waves[None, :, None], (SIDE, SIDE, 3)))
    return LitLayer((0, 0, SIDE, SIDE), rgb, np.ones((SIDE, SIDE), np.float32))


def contrast(layer: LitLayer) -> float:
    """Log luminance from darks to brights, in the middle of it."""
    light = np.log(LINEAR[layer.rgb[40:-40, 40:-40, 1]])
    low, high = np.quantile(light, (0.05, 0.95))
    return float(high - low)


def tones(width: float) -> ToneCurves:
    """Of hair from darks to brights so far apart."""
    light = 0.1 * np.exp(width * np.linspace(-0.5, 0.5, 4000))
    found = ToneCurves.of(light[:, None] * np.ones(3))
    assert found is not None
    return found


@pytest.mark.parametrize(("length", "raised"), [(20.0, True), (2.5, False), (160.0, False)])
def test_it_is_locks_that_stand_out(length: float, raised: bool) -> None:
    """A lock of 20 pixels does; strands of 2.5 pixels and a head's lit side hardly."""
    hair = layer(length)
    (found,) = standing_out((hair,), tones(0.5), tones(0.9))
    more = contrast(found) / contrast(hair)
    assert more > 1.3 if raised else more < 1.2


def test_locks_do_not_take_all_that_the_sun_on_one_side_does_to_tones() -> None:
    seen = [layer(20.0)]
    for _ in range(4):
        seen += standing_out((seen[-1],), tones(0.5), tones(9.0))
    first, *_, last, end = (contrast(one) for one in seen)
    assert last > 1.5 * first and end < 1.05 * last, "what stands out that much stays so"


def test_hair_of_even_tone_leaves_them_as_they_are() -> None:
    hair = layer(20)
    assert standing_out((hair,), tones(0.6), tones(0.6)) == (hair,)
    assert standing_out((hair,), tones(0.6), tones(0.3)) == (hair,)


def test_it_follows_the_own_hair_and_no_dye(monkeypatch) -> None:
    view, dye, wanted = grown_style().views[0], find("chestnut"), []
    assert dye is not None
    monkeypatch.setattr(fold_file, "standing_out", lambda layers, now, own: wanted.append(own) or layers)
    own = tones(2.0)
    fold_file.fold(view, usual_light(), Shade(dye))
    assert not wanted
    fold_file.fold(view, usual_light(), Shade(dye, own))
    assert wanted == [own]


def test_black_hair_and_none_at_all_are_borne() -> None:
    empty = LitLayer((0, 0, 0, 0), np.zeros((0, 0, 3), np.uint8), np.zeros((0, 0), np.float32))
    black = LitLayer((0, 0, 9, 9), np.zeros((9, 9, 3), np.uint8), np.ones((9, 9), np.float32))
    found = standing_out((black, empty), tones(0.2), tones(2.0))
    assert not found[0].rgb.any() and found[1] is empty
    assert tones_now(empty) is None
