"""Hair that was seen keeps the strands it has, wherever it is worn, and leaves no pixel behind."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mirror.core.erase import blacken
from mirror.core.head_space import FACE_SHAPE_SIZE
from mirror.core.layer import Layer
from mirror.hair.encoding.reconstruction_residual import LIFT, RESIDUAL_SIDE, Residual, residual_of
from mirror.hair.painting.layer_upsampling import lay_on
from mirror.hair.painting.strand_detail import LENGTH, STEPS_A_PAINTING, Strands, drawn
from mirror.hair.styles.code import DETAIL_SHAPE, LATENT, StyleCode
from tests.oval import oval_shape as face_shape

SIDE = 256
PAINTED = 70


def cap() -> np.ndarray:
    canvas = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(canvas, (128, 110), (80, 70), 0, 0, 360, 1.0, -1)
    return canvas


def curls(seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(20, 160, (64, 64, 3)).astype(np.uint8)
    return cv2.resize(noise, (RESIDUAL_SIDE, RESIDUAL_SIDE), interpolation=cv2.INTER_LINEAR)


def some_layer(alpha: np.ndarray | None = None) -> Layer:
    alpha = cap() if alpha is None else alpha
    return Layer(np.full((SIDE, SIDE, 3), PAINTED, np.uint8), alpha, np.zeros_like(alpha), alpha)


def seen_code(seed: int = 0) -> StyleCode:
    shape = face_shape()
    layer = some_layer()
    return StyleCode(
        np.zeros(LATENT, np.float32), np.zeros(DETAIL_SHAPE, np.float32),
        cv2.resize(cap(), (64, 64), interpolation=cv2.INTER_AREA), shape,
        residual=residual_of(curls(seed), cap(), layer.rgb, layer.new, shape),
    )  # fmt: skip


def laid(layer: Layer) -> np.ndarray:
    paint = cv2.resize(layer.rgb, (RESIDUAL_SIDE, RESIDUAL_SIDE))
    assert layer.strands is not None
    return lay_on(paint, layer.strands)


def inside() -> np.ndarray:
    return cv2.erode(cv2.resize(cap(), (RESIDUAL_SIDE, RESIDUAL_SIDE)), np.ones((9, 9), np.uint8)) > 0.9


def test_on_the_head_it_was_seen_on_hair_looks_as_it_was_seen() -> None:
    code = seen_code()
    out = laid(drawn(some_layer(), code, code.shape))
    most = 2 * (PAINTED + LIFT) - LIFT  # as light as a byte can make it
    wanted = np.minimum(curls().astype(float), most)
    assert np.abs(out[inside()].astype(float) - wanted[inside()]).max() <= 3
    plain = laid(drawn(some_layer(), replace(code, residual=None), code.shape))
    assert np.abs(plain[inside()].astype(float) - wanted[inside()]).mean() > 15


def test_where_no_hair_is_worn_now_nothing_of_it_is_shown() -> None:
    code = seen_code()
    left = cap()
    left[:, 128:] = 0
    strands = drawn(some_layer(left), code, code.shape).strands
    assert strands is not None and (strands[:, 270:] == 128).all()
    assert (strands[180:260, 150:240] != 128).mean() > 0.9


def test_in_another_colour_only_its_light_and_shade_are_kept() -> None:
    residual = seen_code().residual
    assert residual is not None
    gains, _ = residual.on(face_shape(), grey=True)
    assert (gains.max(-1) == gains.min(-1)).all() and gains[inside()].std() > 10
    assert residual.on(face_shape())[0][inside()].std(-1).mean() > 10


def test_it_turns_with_the_head() -> None:
    residual = seen_code().residual
    assert residual is not None
    there, here = residual.on(face_shape())[0], residual.on(face_shape(yaw=20.0))[0]
    middle = (slice(200, 240), slice(220, 300))
    place = cv2.minMaxLoc(
        cv2.matchTemplate(cv2.cvtColor(here, cv2.COLOR_RGB2GRAY),
                          cv2.cvtColor(there[middle], cv2.COLOR_RGB2GRAY), cv2.TM_CCOEFF_NORMED)
    )  # fmt: skip
    assert place[1] > 0.6 and abs(place[3][0] - 220) > 3, "it slid or stayed"


def test_a_blend_keeps_as_much_of_it_as_of_the_hair() -> None:
    mine, other = seen_code(), replace(seen_code(1), residual=None)
    shares = [mine.mixed(other, amount).residual for amount in (0.0, 0.3, 1.0)]
    assert shares[0] is not None and shares[1] is not None
    assert shares[0].share == 1 and shares[1].share == pytest.approx(0.7) and shares[2] is None
    moved = mine.fitted(face_shape(yaw=10.0))
    assert moved.residual is mine.residual, "it is moved once, when it is laid on"


def test_in_a_stream_it_comes_up_at_once_and_a_dye_takes_its_colour() -> None:
    strands, code, layer = Strands(), seen_code(), some_layer()
    looks = [
        strands.look(code, layer, code.shape, code.residual)
        for _ in range(1 + 2 * LENGTH // STEPS_A_PAINTING)
    ]
    assert all(one is not None and one.ndim == 3 for one in looks) and strands.finished
    full = looks[-1]
    assert full is not None
    np.testing.assert_array_equal(full, drawn(layer, code, code.shape).strands)
    dyed = strands.look(code, layer, code.shape, code.residual, True)
    assert dyed is not None and (dyed.max(-1) - dyed.min(-1)).max() <= 1


def test_it_is_wiped_with_the_person_it_is_of() -> None:
    code = seen_code()
    blacken([code])
    assert code.residual is not None and not code.residual.gains.any() and not code.residual.known.any()
    assert not code.coarse.any() and not code.z.any(), "and so is the rest of what was read off their hair"


def test_a_residual_says_nothing_of_its_pixels_when_it_is_printed() -> None:
    blank = np.zeros((RESIDUAL_SIDE, RESIDUAL_SIDE, 3), np.uint8)
    said = repr(Residual(blank, blank[..., 0], np.zeros(FACE_SHAPE_SIZE, np.float32)))
    assert "array" not in said
