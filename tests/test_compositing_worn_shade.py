"""What colour grown hair is worn in: the very same object as long as nothing changes."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mirror.compositing.worn_shade import OwnLook, WornShade, well_seen
from mirror.core.head_crop import Head
from mirror.hair.lit_layer import Shade
from mirror.hair.pattern_layer import PatternedShade
from mirror.hair.styles.dye import find
from tests.grown_fakes import grown_style
from tests.test_compositing_own_hairline import head_with

STYLE = grown_style()
KEEPS = replace(STYLE, listing=replace(STYLE.listing, keeps_colour=True))


def own() -> Shade:
    dye = find("chestnut")
    assert dye is not None
    return Shade(dye)


def test_without_a_dye_it_is_the_persons_own_or_the_styles() -> None:
    shades = WornShade()
    assert shades.of(None, STYLE) is None
    shades.own = own()
    assert shades.of(None, STYLE) is shades.own and shades.of(None, KEEPS) is None


def test_a_dye_is_made_once() -> None:
    shades = WornShade()
    copper = shades.of(find("copper"), STYLE)
    assert isinstance(copper, Shade) and copper.light is not None
    shades.own = own()
    assert shades.of(find("copper"), STYLE) is copper, "what colour is there does not matter to it"
    assert shades.of(find("rose"), STYLE) is not copper


def test_a_pattern_lies_on_the_colour_that_is_there() -> None:
    shades, lights = WornShade(), find("highlights:none+9/0")
    before = shades.of(lights, STYLE)
    assert isinstance(before, PatternedShade) and before.first is None and before.second is not None
    shades.own = own()
    worn = shades.of(lights, STYLE)
    assert isinstance(worn, PatternedShade) and worn.first is shades.own and worn is not before
    assert shades.of(find("highlights:none+9/0"), STYLE) is worn
    kept = shades.of(lights, KEEPS)
    assert isinstance(kept, PatternedShade) and kept.first is None


def turned(yaw: float, hair: tuple[int, int, int]) -> tuple[Head, np.ndarray]:
    """A head turned so far, whose hair has a colour."""
    head, mattes = head_with(66)
    image = head.image.copy()
    image[0, :, mattes.hair > 0.5] = np.array(hair, np.float32) / 255
    shape = head.shape.copy()
    shape[-3] = yaw / 30
    return replace(head, image=image, shape=shape), mattes.hair


def middle(shades: WornShade) -> float:
    assert shades.own is not None and shades.own.tones is not None
    return float(shades.own.tones.middle.mean())


def test_a_look_from_the_side_is_replaced_by_one_from_the_front_and_not_the_other_way() -> None:
    shades = WornShade()

    def look(head: Head, hair: np.ndarray) -> None:
        if shades.wants(head, hair):
            shades.take(OwnLook.of(head, hair, None))

    look(*turned(60, (110, 112, 115)))  # a crown in glare
    grey, first = middle(shades), shades.own
    look(*turned(0, (40, 30, 25)))
    dark = middle(shades)
    assert dark < grey / 4 and shades.own is not first
    front = shades.own
    for yaw in (60, 20, 0):
        look(*turned(yaw, (110, 112, 115)))
    assert shades.own is front, "what was seen as well before is not looked at again"


def test_more_hair_and_less_of_a_turn_are_seen_better() -> None:
    head, hair = turned(0, (40, 30, 25))
    less = cv2.erode(hair, np.ones((9, 9)))
    assert well_seen(head, hair) > well_seen(head, less) > 0
    assert well_seen(turned(30, (40, 30, 25))[0], hair) < well_seen(head, hair) / 4
    assert well_seen(turned(-60, (40, 30, 25))[0], hair) < well_seen(head, hair) / 100
