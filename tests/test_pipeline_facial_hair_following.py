"""Brows and beard that follow the hair: live, on pictures of their own, and not at all where nobody asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from mirror.compositing.laid_hair import LaidHair
from mirror.compositing.laid_painting import LaidPainting
from mirror.compositing.laid_tint import LaidTint, colour_of
from mirror.compositing.over import Canvas
from mirror.core.frame import Frame
from mirror.hair.styles.dye import find
from mirror.hair.styles.dye_pattern import read
from mirror.pipeline.facial_hair_following import follows, shade_colour, tinted
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown

GROWN, PAINTED = "bob with fringe", "quiff"
FRAMES = 14


@pytest.fixture
def wearing(mirror: Mirror) -> Iterator[Mirror]:
    yield mirror
    mirror.styling.choose_dye("none")
    mirror.brows_follow = False
    mirror.forget()


def painted_name(mirror: Mirror) -> str:
    """A style that is painted, of hair."""
    book = mirror.styling.book
    for style in book:
        mirror.styling.choose(style.name)
        if mirror.styling.grown is None and not style.code.hair_loss:
            return style.name
    pytest.skip("every style is grown")


def shown(mirror: Mirror, image: np.ndarray, begin: float = 0.0, count: int = FRAMES) -> list[Shown]:
    found = []
    for number in range(count):
        found.append(mirror.process(Frame(image, number, 50 + begin + number * 0.04)))
        mirror._stream.settle()
    return found


def test_brows_take_the_colour_and_nothing_else_changes(wearing: Mirror, demo_frame: np.ndarray) -> None:
    for style in (GROWN, painted_name(wearing)):
        wearing.forget()
        wearing.styling.choose(style)
        wearing.styling.choose_dye("copper")
        plain = shown(wearing, demo_frame)[-1]
        assert isinstance(plain.laid, LaidHair | LaidPainting), "nobody asked"
        wearing.styling.brows_follow = True
        last = shown(wearing, demo_frame, 1.0)[-1]
        assert isinstance(last.laid, LaidTint)
        old, new = last.mattes()
        changed = (last.image != demo_frame).any(-1)
        assert not changed[(old == 0) & (new == 0)].any()
        # What hair covers wholly is the hair, whatever lies beneath.
        under = replace(last.laid.tint, amount=1.0)
        seen = demo_frame.copy()
        under.lay(seen, Canvas())
        brows = (seen != demo_frame).any(-1)
        assert brows.sum() > 10
        out, without = demo_frame.copy(), demo_frame.copy()
        last.laid.lay(out, demo_frame, Canvas())
        last.laid.laid.lay(without, demo_frame, Canvas())
        differs = (out != without).any(-1)
        assert not differs[~brows].any() and not differs[new == 1].any()


def test_switched_off_again_every_picture_is_as_before(wearing: Mirror, demo_frame: np.ndarray) -> None:
    def run(*, switched: bool) -> list[np.ndarray]:
        wearing.forget()
        wearing.styling.choose(GROWN)
        wearing.styling.choose_dye("copper")
        wearing.styling.brows_follow = switched
        shown(wearing, demo_frame, 0.0, 6)
        wearing.styling.brows_follow = False
        return [one.image for one in shown(wearing, demo_frame, 1.0)]

    never, before = run(switched=False), run(switched=True)
    assert np.array_equal(never[-1], before[-1]), "it has gone, not nearly"


def test_it_comes_and_goes_softly_and_a_missed_face_keeps_it(wearing: Mirror, demo_frame: np.ndarray) -> None:
    wearing.styling.choose(GROWN)
    wearing.styling.choose_dye("copper")
    shown(wearing, demo_frame)
    wearing.styling.brows_follow = True
    amounts = [
        one.laid.tint.amount if isinstance(one.laid, LaidTint) else 0.0
        for one in shown(wearing, demo_frame, 1.0)
    ]
    assert amounts[-1] == 1 and 0 < min(one for one in amounts if one) < 0.5
    assert all(a <= b for a, b in zip(amounts, amounts[1:], strict=False))
    missed = wearing.process(Frame(np.zeros_like(demo_frame), 99, 50 + 1 + FRAMES * 0.04))
    assert missed.laid is None or isinstance(missed.laid, LaidTint)


def test_hair_in_its_own_colour_and_hair_loss_leave_brows_alone(
    wearing: Mirror, demo_frame: np.ndarray
) -> None:
    wearing.brows_follow = True
    wearing.styling.choose(GROWN)
    assert isinstance(shown(wearing, demo_frame)[-1].laid, LaidHair), "grown hair in one's own colour"
    wearing.styling.choose_dye("copper")
    wearing.set_loss(-0.5)
    assert isinstance(shown(wearing, demo_frame, 1.0)[-1].laid, LaidPainting)
    wearing.set_loss(None)


def test_a_picture_of_its_own_has_it_too(wearing: Mirror, portrait: np.ndarray) -> None:
    for style in (GROWN, painted_name(wearing)):
        wearing.styling.choose(style)
        wearing.styling.choose_dye("copper")
        wearing.brows_follow = False
        plain = wearing.apply(portrait)
        wearing.brows_follow = True
        assert wearing.styling.brows_follow
        followed = wearing.apply(portrait)
        share = (plain != followed).any(-1).mean()
        assert 0 < share < 0.03, style


def test_whoever_comes_next_finds_it_as_it_was_set(wearing: Mirror) -> None:
    wearing.brows_follow = True
    wearing.styling.brows_follow = False
    wearing.forget()
    assert wearing.brows_follow and wearing.styling.brows_follow


def test_what_there_is_to_follow(wearing: Mirror) -> None:
    wearing.styling.choose(GROWN)
    code, grown = wearing.styling.on[0], wearing.styling.grown
    assert grown is not None
    copper = find("copper")
    assert follows(code, grown, copper) and not follows(code, grown, None)
    assert follows(code, grown, read("roots:copper+rose", find))
    assert not follows(code, grown, read("ombre:none+rose", find)), "roots stay as they are"
    assert follows(code, None, None), "a painted style has a colour of its own"
    assert not follows(replace(code, hair_loss=True), None, copper)
    assert tinted(image := np.zeros((4, 4, 3), np.uint8), None) is image
    assert copper is not None and np.ptp(shade_colour(copper)) > 60


def test_the_colour_is_measured_on_the_hair_that_is_laid(wearing: Mirror, demo_frame: np.ndarray) -> None:
    wearing.styling.choose(GROWN)
    seen = {}
    for dye in ("black", "copper", "platinum"):
        wearing.forget()
        wearing.styling.choose(GROWN)
        wearing.styling.choose_dye(dye)
        laid = shown(wearing, demo_frame)[-1].laid
        assert laid is not None
        colour = colour_of(laid)
        assert colour is not None
        seen[dye] = colour
    assert seen["black"].mean() < seen["copper"].mean() < seen["platinum"].mean()
    assert seen["copper"][0] - seen["copper"][2] > 40
