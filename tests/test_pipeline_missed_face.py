"""A face that is missed for a moment keeps its hair; who comes back goes on, who comes instead does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mirror.compositing.pose_fade import FADE_SECONDS, HOLD_SECONDS
from mirror.core.frame import Frame
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown
from mirror.tracking.temporal_smoothing import FORGET_SECONDS
from mirror.tracking.tracked_frame import Seen

BLACK = np.zeros((360, 640, 3), np.uint8)
RATE = 30.0
BEFORE, AFTER = 24, 16


def stream(mirror: Mirror, images: list[np.ndarray], began: float, rate: float = RATE) -> list[Shown]:
    return [mirror.process(Frame(image, n, began + n / rate)) for n, image in enumerate(images)]


def interrupted(mirror: Mirror, image: np.ndarray, missed: int, began: float) -> list[Shown]:
    """A face that is there, missed for some frames, and there again; after a frame without anybody."""
    assert missed >= 0
    mirror.process(Frame(BLACK, 0, began - 10))
    return stream(mirror, [image] * BEFORE + [BLACK] * missed + [image] * AFTER, began)


def strengths(shown: list[Shown]) -> np.ndarray:
    return np.array([one.strength for one in shown])


@pytest.mark.parametrize("missed", [1, 5])
def test_a_face_that_is_missed_for_up_to_five_frames_loses_no_hair(
    mirror: Mirror, demo_frame: np.ndarray, missed: int
) -> None:
    shown = interrupted(mirror, demo_frame, missed, 1000.0 + missed)
    last, gap, after = shown[BEFORE - 1], shown[BEFORE:-AFTER], shown[-AFTER:]
    assert strengths(shown)[BEFORE - 1 :].min() == 1
    assert len(gap) == missed
    for one in gap:
        assert one.laid is not None and last.laid is not None
        assert one.face is None and one.swapped, "nobody was found, and the hair stays"
        assert one.laid.layer is last.laid.layer and one.transform == last.transform, "held still"
        assert (one.image != one.frame.image).any()
    assert all(one.laid is not None and one.laid.layer.strands is not None for one in after), "strands go on"
    # The same picture, with the same light and layer: without a gap it changes as much. Anew it is 9.
    apart = [np.abs(one.image.astype(int) - last.image).mean() for one in after]
    assert apart[0] < 0.3 and max(apart) < 0.7


def test_twelve_frames_are_held_and_then_faded_and_it_goes_on_from_there(
    mirror: Mirror, demo_frame: np.ndarray
) -> None:
    shown = interrupted(mirror, demo_frame, 12, 1100.0)
    missed, back = strengths(shown[BEFORE:-AFTER]), strengths(shown[-AFTER:])
    gaps = np.arange(1, 13) / RATE
    assert (missed[gaps <= HOLD_SECONDS] == 1).all() and (np.diff(missed) <= 0).all()
    assert 0.1 < missed[-1] < 0.6, "four tenths of a second: it is going"
    assert (np.diff(np.append(missed[-1], back)) <= 1 / RATE / FADE_SECONDS + 1e-6).all(), "no jump"
    assert back[0] > missed[-1] and back[-1] == 1
    first = shown[-AFTER].laid
    assert first is not None and first.layer.strands is not None


def test_it_is_time_that_counts_and_not_frames(mirror: Mirror, demo_frame: np.ndarray) -> None:
    mirror.process(Frame(BLACK, 0, 1190.0))
    quick = stream(mirror, [demo_frame] * 30 + [BLACK] * 12 + [demo_frame] * 2, 1200.0, rate=60)
    assert strengths(quick)[29:].min() == 1, "a fifth of a second"
    mirror.process(Frame(BLACK, 0, 1290.0))
    slow = stream(mirror, [demo_frame] * 6 + [BLACK] * 3 + [demo_frame], 1300.0, rate=5)
    assert strengths(slow)[5] == 1 and strengths(slow)[8] == 0 and slow[8].image is BLACK
    assert strengths(slow)[9] < 0.1, "after more than half a second it comes anew"


def test_after_half_a_second_nobody_is_there(mirror: Mirror, demo_frame: np.ndarray) -> None:
    shown = interrupted(mirror, demo_frame, 20, 1400.0)
    gone = [one for one in shown[BEFORE:-AFTER] if one.frame.index - BEFORE + 1 > FORGET_SECONDS * RATE + 0.1]
    assert len(gone) >= 4
    assert all(one.image is BLACK and one.laid is None and not one.swapped for one in gone)
    back = shown[-AFTER]
    assert back.strength < 0.2 and back.laid is not None and back.laid.layer.strands is None, "as if new"


def test_a_face_that_was_coming_does_not_jump_when_it_was_missed(
    mirror: Mirror, demo_frame: np.ndarray
) -> None:
    mirror.process(Frame(BLACK, 0, 1490.0))
    shown = stream(mirror, [demo_frame] * 5 + [BLACK] * 5 + [demo_frame] * 8, 1500.0)
    worn = strengths(shown)
    assert 0.2 < worn[4] < 0.8
    assert np.diff(worn).max() <= 1 / RATE / FADE_SECONDS + 1e-6


def test_somebody_else_in_the_same_place_inherits_nothing(mirror: Mirror, demo_frame: np.ndarray) -> None:
    other = np.ascontiguousarray(demo_frame[:, ::-1])
    # Laid where the first face was, and of darker skin.
    face, theirs = mirror.find_face(demo_frame), mirror.find_face(other)
    assert face is not None and theirs is not None
    x, y = np.round(np.mean(face.eyes, 0) - np.mean(theirs.eyes, 0)).astype(int)
    other = (np.roll(other, (int(y), int(x)), (0, 1)) * 0.6).astype(np.uint8)
    mirror.styling.set_blend(0.5)
    try:
        mirror.process(Frame(BLACK, 0, 1590.0))
        shown = stream(mirror, [demo_frame] * BEFORE + [BLACK] * 2 + [other] * 2, 1600.0)
        own = mirror._stream.dresser.blend.own
    finally:
        mirror.styling.set_blend(1.0)
    assert shown[BEFORE - 1].strength > 0.9 and shown[BEFORE + 1].swapped
    first = shown[BEFORE + 2]
    assert first.face is not None and first.strength < 0.2, "it fades in as on somebody who just came"
    assert mirror._stream.dresser.since == first.frame.captured_at
    mirror.styling.set_blend(0.5)
    try:
        fresh = stream(mirror, [BLACK] + [other] * 2, 1700.0)
        alone = mirror._stream.dresser.blend.own
    finally:
        mirror.styling.set_blend(1.0)
    assert fresh[-1].face is not None and own is not None and alone is not None
    assert np.abs(own.coarse - alone.coarse).mean() < 0.03, "the own hair is read anew"


def test_a_guest_that_is_missed_keeps_hair_too_and_so_do_guests_of_a_missed_face(
    mirror: Mirror, demo_frame: np.ndarray
) -> None:
    stream(mirror, [BLACK] + [demo_frame] * BEFORE, 1800.0)
    beside = [mirror.look(Frame(demo_frame, n, 1802.0 + n / RATE)) for n in range(16)]
    guests = [replace(seen, place=1, since=1801.0) for seen in beside]
    for seen, guest in zip(beside, guests, strict=True):
        shown = mirror.dress(replace(seen, others=(guest,)))
    assert shown.laid is not None and len(mirror._stream._guests._dressers) == 1
    now = beside[-1].frame.captured_at
    layers = [replace(guests[-1], others=())]

    def dressed(first: bool, guest: bool, after: float) -> np.ndarray:
        """How far a picture is off the camera's where somebody is, or was a moment ago."""
        frame = Frame(demo_frame, 99, now + after)
        other = replace(layers[0], frame=frame) if guest else Seen(frame, since=1801.0, place=1)
        seen = replace(beside[-1], frame=frame, others=(other,))
        if not first:
            seen = Seen(frame, since=seen.since, others=(other,))
        image = mirror.dress(seen).image
        return np.abs(image.astype(int) - demo_frame)

    assert dressed(False, True, 1 / RATE).max() > 40
    assert dressed(False, False, 2 / RATE).max() > 40, "both are missed"
    assert dressed(False, True, 0.6).max() > 40, "the first has gone, the guest is there"
    assert not dressed(False, False, 1.4).any(), "nobody is there any more"
