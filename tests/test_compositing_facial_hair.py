"""Brows and beards on drawn faces: where they are told, and that nothing else is touched."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mirror.compositing.beard_score import LowerFace
from mirror.compositing.brows import brow_zones
from mirror.compositing.facial_hair import BEARDED, FIRST, LOOKS, SHAVEN, FacialHairWatch, _beard
from mirror.compositing.facial_hair_colour import BEARD, BROWS, taken
from mirror.compositing.facial_hair_tint import Tint
from mirror.compositing.over import Canvas
from mirror.core.face import FACE_OVAL, LIPS
from mirror.hair.styles.natural_range import LEVELS
from tests.drawn_faces import DARK, SIZE, SKIN, Drawn, drawn_face, inside

SILVER = np.array((190, 188, 186), np.float32)
COPPER = np.array((150, 80, 40), np.float32)
DEEP = np.array((110, 72, 52), np.float32)
BLACK = np.array((18, 14, 13), np.float32)
EYES = ((33, 160, 158, 133, 153, 144), (263, 387, 385, 362, 380, 373))
WHITE = np.array((240, 205, 190), np.float32)


def tint_of(drawn: Drawn, worn: np.ndarray = SILVER, amount: float = 1.0) -> Tint:
    found = FacialHairWatch().still(drawn.image, drawn.transform, drawn.face.landmarks, drawn.mattes)
    return Tint(found, drawn.face.landmarks, drawn.transform, worn, amount)


def tinted(drawn: Drawn, worn: np.ndarray = SILVER, amount: float = 1.0) -> np.ndarray:
    out = drawn.image.copy()
    tint_of(drawn, worn, amount).lay(out, Canvas())
    return out


def brows_of(drawn: Drawn) -> np.ndarray:
    """bool (480, 640): in what brows can be, and a little round it."""
    canvas = np.zeros(SIZE[::-1], np.uint8)
    for zone in brow_zones(drawn.face.landmarks, drawn.transform):
        cv2.fillPoly(canvas, [zone.round().astype(np.int32)], 255)
    return cv2.dilate(canvas, np.ones((3, 3), np.uint8)) > 0


@pytest.mark.parametrize("shade", [0.0, 0.35])
@pytest.mark.parametrize(("skin", "hair"), [(SKIN, DARK), (WHITE, DARK), (DEEP, BLACK)])
def test_a_beard_is_told_from_a_shaven_face_and_from_one_in_shade(
    skin: np.ndarray, hair: np.ndarray, shade: float
) -> None:
    for beard in (False, True):
        drawn = drawn_face(beard=beard, shade=shade, skin=skin, hair=hair)
        lower = LowerFace.of(drawn.image, drawn.transform, drawn.face.landmarks)
        assert lower is not None and (lower.score() > BEARDED if beard else lower.score() < SHAVEN)


@pytest.mark.parametrize("shade", [0.0, 0.35])
@pytest.mark.parametrize("worn", [SILVER, COPPER])
def test_a_shaven_face_stays_as_it_is_but_for_the_strands_of_its_brows(
    shade: float, worn: np.ndarray
) -> None:
    drawn = drawn_face(shade=shade)
    changed = (tinted(drawn, worn) != drawn.image).any(-1)
    assert changed.sum() > 100 and not changed[~brows_of(drawn)].any()
    # What is as bright as skin within them is skin.
    skin = drawn.image.min(-1) > 0.93 * SKIN.min()
    assert (skin & brows_of(drawn)).sum() > 100 and not changed[skin].any()


@pytest.mark.parametrize(("skin", "hair"), [(SKIN, DARK), (DEEP, BLACK)])
def test_a_beard_takes_the_colour_and_skin_between_its_strands_lips_and_eyes_do_not(
    skin: np.ndarray, hair: np.ndarray
) -> None:
    drawn = drawn_face(beard=True, skin=skin, hair=hair)
    out = tinted(drawn)
    changed = (out != drawn.image).any(-1)
    core = cv2.erode(drawn.beard.astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
    core &= cv2.dilate(inside(drawn, LIPS).astype(np.uint8), np.ones((25, 25), np.uint8)) == 0
    grey = cv2.cvtColor(drawn.image, cv2.COLOR_RGB2GRAY)
    level = float(np.median(grey[core & (drawn.image.min(-1) > 0.9 * skin.min())]))
    strands, between = core & (grey < 0.45 * level), core & (grey > 0.9 * level)
    assert strands.sum() > 500 and between.sum() > 500
    assert changed[strands].mean() > 0.9
    assert out[strands].mean() > drawn.image[strands].mean() + 8
    assert not changed[between].any(), "a veil over skin"
    assert not changed[inside(drawn, LIPS)].any()
    assert not any(changed[inside(drawn, eye)].any() for eye in EYES)
    beyond = ~brows_of(drawn) & (cv2.dilate(drawn.beard.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0)
    assert not changed[beyond & inside(drawn, FACE_OVAL)].any(), "no skin beyond it"


@pytest.mark.parametrize("darker", [0.3, 0.6])
@pytest.mark.parametrize("worn", [SILVER, COPPER])
def test_a_beard_lit_from_one_side_takes_as_much_of_the_colour_on_both_sides(
    worn: np.ndarray, darker: float
) -> None:
    drawn = drawn_face(beard=True)
    at = [drawn.face.landmarks[one, 0] for one in (205, 425)]
    light = np.interp(np.arange(SIZE[0]), at, (1.0, 1 - darker)).astype(np.float32)[:, None]
    lit = replace(drawn, image=np.round(drawn.image * light).astype(np.uint8))
    more = (tinted(lit, worn).astype(np.float32) - lit.image) / light
    strands = cv2.erode(drawn.beard.astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
    strands &= drawn.image.min(-1) < 1.3 * DARK.max()
    columns = np.arange(SIZE[0])[None]
    bright, shaded = strands & (columns < at[0]), strands & (columns > at[1])
    assert bright.sum() > 100 and shaded.sum() > 100
    taken_up = [float(more[side].mean()) for side in (bright, shaded)]
    assert taken_up[0] > 4 and taken_up[1] == pytest.approx(taken_up[0], rel=0.1)


def test_where_hair_hangs_or_a_hand_is_held_nothing_is_tinted() -> None:
    drawn = drawn_face(beard=True)
    everywhere = np.ones((256, 256), np.float32)
    for mattes in (replace(drawn.mattes, hair=everywhere), replace(drawn.mattes, front=everywhere)):
        hidden = replace(drawn, mattes=mattes)
        assert (tinted(hidden) == drawn.image).all()


def test_its_matte_tells_of_every_pixel_that_it_changes() -> None:
    for beard in (False, True):
        drawn = drawn_face(beard=beard)
        for amount in (1.0, 0.4):
            changed = (tinted(drawn, amount=amount) != drawn.image).any(-1)
            matte = tint_of(drawn, amount=amount).matte(SIZE)
            assert changed.any() and not changed[matte == 0].any()
            assert (matte > 0).mean() < 0.2


def test_a_head_that_leaves_the_picture_is_tinted_as_far_as_it_is_seen() -> None:
    drawn = drawn_face(beard=True)
    tint = tint_of(drawn)
    whole = drawn.image.copy()
    tint.lay(whole, Canvas())
    for by in ((-300, 0), (300, 0), (0, -260), (0, 300), (-2000, 0)):
        landmarks = drawn.face.landmarks.copy()
        landmarks[:, :2] += by
        moved = replace(
            tint,
            landmarks=landmarks,
            transform=replace(drawn.transform, x=drawn.transform.x + by[0], y=drawn.transform.y + by[1]),
        )
        shift = np.array(((1, 0, by[0]), (0, 1, by[1])), np.float32)
        image = cv2.warpAffine(drawn.image, shift, SIZE, borderMode=cv2.BORDER_REPLICATE)
        out = image.copy()
        moved.lay(out, Canvas())
        there = cv2.warpAffine((whole != drawn.image).any(-1).astype(np.uint8), shift, SIZE)
        assert (out != image).any() == there.any()


def test_the_decision_needs_several_looks_and_then_holds() -> None:
    watch = FacialHairWatch()

    def decide(*scores: float) -> bool:
        for score in scores:
            watch._decide(score)
        return watch.bearded

    between = (BEARDED + SHAVEN) / 2
    assert not decide(*[BEARDED + 0.5] * (FIRST - 1)) and decide(BEARDED + 0.5)
    assert decide(*[between] * LOOKS), "what was a beard stays one"
    assert decide(-5.0, between, -5.0), "a turned head is no shave"
    assert not decide(*[SHAVEN - 1] * LOOKS)
    assert not decide(*[between] * LOOKS), "and none does not become one"
    assert not decide(9.0, 9.0), "nor does a hand before the chin"


def test_looks_are_taken_now_and_then() -> None:
    drawn, watch = drawn_face(beard=True), FacialHairWatch()
    looks = 0
    for frame in range(60):
        if watch.due(frame / 30):
            watch.look(drawn.image, drawn.transform, drawn.face.landmarks, drawn.mattes, frame / 30)
            looks += 1
    assert watch.bearded and watch.found is not None and watch.found.beard is not None
    assert FIRST <= looks <= 12
    watch.reset()
    assert watch.found is None and not watch.bearded and watch.due(0.0)


def lightness(rgb: np.ndarray) -> float:
    return float(cv2.cvtColor((rgb / 255)[None, None].astype(np.float32), cv2.COLOR_RGB2Lab)[0, 0, 0])


def level_of(rgb: np.ndarray) -> float:
    return float(np.interp(lightness(rgb), [one.light for one in LEVELS], range(1, 11)))


def rgb_of(light: float, a: float = 0.0, b: float = 0.0) -> np.ndarray:
    return cv2.cvtColor(np.array([[[light, a, b]]], np.float32), cv2.COLOR_Lab2RGB)[0, 0] * 255


def test_brows_stay_two_levels_deeper_than_fair_hair_and_go_only_part_of_the_way() -> None:
    fair = rgb_of(LEVELS[8].light, 6, 22)  # level 9
    whole = taken(DARK, fair, replace(BROWS, share=1.0))
    assert level_of(whole) == pytest.approx(7, abs=0.1)
    part, beard = taken(DARK, fair, BROWS), taken(DARK, fair, BEARD)
    assert lightness(DARK) < lightness(part) < lightness(whole) < lightness(beard) < lightness(fair)


def test_what_is_between_already_keeps_its_lightness_and_dark_hair_makes_brows_darker() -> None:
    fair, between = rgb_of(63, 6, 22), rgb_of(52, 6, 14)
    assert lightness(taken(between, fair, BROWS)) == pytest.approx(52, abs=0.5)
    black = rgb_of(10, 0.5, -1)
    assert 10 < lightness(taken(between, black, BROWS)) < 35
    assert lightness(taken(DARK, DARK, BROWS)) == pytest.approx(lightness(DARK), abs=4)


def lower_of(drawn: Drawn) -> LowerFace:
    lower = LowerFace.of(drawn.image, drawn.transform, drawn.face.landmarks)
    assert lower is not None
    return lower


def test_a_white_beard_is_left_alone_and_so_is_its_shade_on_one_side() -> None:
    """The older man's: what lay in shade passed for its hair, and took the colour on that side alone."""
    everywhere = np.full((96, 96), 255, np.uint8)
    dark = _beard(lower_of(drawn_face(beard=True)), everywhere)
    assert dark is not None and dark.plain == 1
    drawn = drawn_face(beard=True)
    white = drawn.image.copy()
    white[drawn.beard] = np.maximum(white[drawn.beard], 0.93 * SKIN).astype(np.uint8)
    across = np.nonzero(drawn.beard.any(0))[0]
    shade = drawn.beard.copy()
    shade[:, : int(np.quantile(across, 0.82))] = False
    white[shade] = (white[shade] * 0.5).astype(np.uint8)
    found = _beard(lower_of(replace(drawn, image=white)), everywhere)
    assert found is not None and found.plain == 0


def test_of_two_brows_one_of_which_is_as_light_as_skin_neither_takes_the_colour() -> None:
    drawn = drawn_face()
    assert (tinted(drawn) != drawn.image).any()
    one = brow_zones(drawn.face.landmarks, drawn.transform)[0].round().astype(np.int32)
    light = drawn.image.copy()
    cv2.fillPoly(light, [one], SKIN.tolist())
    cv2.polylines(light, [one], True, SKIN.tolist(), 7)
    drawn = replace(drawn, image=light)
    assert (tinted(drawn) == drawn.image).all()


def test_a_rim_of_glasses_across_a_brow_is_no_strand_of_it() -> None:
    drawn = drawn_face()
    zone = brow_zones(drawn.face.landmarks, drawn.transform)[1]
    crossed, rim = drawn.image.copy(), np.zeros(SIZE[::-1], np.uint8)
    middle = zone.mean(0)
    ends = [tuple(int(v) for v in middle + (by, 0)) for by in (-40, 40)]
    cv2.line(rim, *ends, 255, 2)
    crossed[rim > 0] = (4, 4, 4)
    changed = (tinted(replace(drawn, image=crossed)) != crossed).any(-1)
    assert changed[brows_of(drawn) & (rim == 0)].any() and not changed[rim > 0].any()
