"""What colour grown hair is worn in: the very same object as long as nothing changes."""

from __future__ import annotations

from dataclasses import replace

from mirror.compositing.worn_shade import WornShade
from mirror.hair.lit_layer import Shade
from mirror.hair.pattern_layer import PatternedShade
from mirror.hair.styles.dye import find
from tests.grown_fakes import grown_style

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
