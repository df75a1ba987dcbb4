"""Everybody else in the picture: each is dressed for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from mirror.core.frame import Frame
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.other_people import Guests
from mirror.tracking.tracked_frame import Seen

clock = count(2000.0, 10.0)
BLACK = np.zeros((360, 640, 3), np.uint8)


@pytest.fixture
def blended(mirror: Mirror) -> Iterator[Mirror]:
    yield mirror
    mirror.styling.set_blend(1.0)
    mirror.process(Frame(BLACK, 0, next(clock)))


@pytest.fixture
def seen(blended: Mirror, demo_frame: np.ndarray) -> tuple[Seen, Seen]:
    """Two people: one as in the demo, and a guest who is fair: the same picture, much lighter."""
    fair = np.clip(demo_frame * 0.6 + 100, 0, 255).astype(np.uint8)
    blended.process(Frame(BLACK, 0, next(clock)))
    guest = blended.look(Frame(fair, 0, next(clock)))
    blended.process(Frame(BLACK, 0, next(clock)))
    first = blended.look(Frame(demo_frame, 0, next(clock)))
    assert guest.face is not None and first.face is not None
    return first, replace(guest, place=1)


def late(one: Seen, by: float) -> Seen:
    return replace(one, frame=replace(one.frame, captured_at=one.frame.captured_at + by))


def test_the_slider_says_how_strongly_guests_wear_the_style_too(
    blended: Mirror, seen: tuple[Seen, Seen]
) -> None:
    first, guest = seen
    guests = blended._stream._guests
    strong = []
    for blend in (1.0, 0.1, 0.0):
        blended.styling.set_blend(blend)
        blended.dress(replace(late(first, 1), others=(late(guest, 1),)))
        strong.append(guests.dress((late(guest, 1 + 1 / 30),))[0].strength)
    assert strong[0] == 1 and 0.1 < strong[1] < 0.6 and strong[2] == 0


def test_each_blends_from_their_own_hair(blended: Mirror, seen: tuple[Seen, Seen]) -> None:
    first, guest = seen
    blended.styling.set_blend(0.4)
    blended.dress(replace(late(first, 1), others=(late(guest, 1),)))
    # As if nobody else were there.
    alone = Guests(blended._stream._guests._new)
    alone.dress((late(guest, 1),))
    mine = blended._stream.dresser.blend.own
    theirs, only = (
        guests._dressers[1].blend.own.z  # type: ignore[union-attr]
        for guests in (blended._stream._guests, alone)
    )
    assert mine is not None and np.array_equal(theirs, only)
    assert np.abs(theirs - mine.z).max() > 0.1, "it is another hair"


def test_a_blend_is_one_object_as_long_as_nothing_changes(blended: Mirror, seen: tuple[Seen, Seen]) -> None:
    first, _ = seen
    blended.styling.set_blend(0.4)
    blended.dress(late(first, 1))
    blend, style = blended._stream.dresser.blend, blended.book.find("afro").code
    one = blend.of(style, 0.4)
    assert one is not style and blend.of(style, 0.4) is one
    assert blend.of(style, 0.5) is not one and blend.of(style, 1.0) is style
    assert blend.of(style, 0.4) is one, "two are kept"
    assert np.array_equal(one.shape, style.shape)
    blend.reset()
    assert blend.of(style, 0.4) is style, "nobody has read the own hair yet"
