"""Flyaways: hairs stand off the outline, not over the face, and lie behind the hair that is there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.hair.flyaways import Flyaways, flyaways_of, looseness


def layer() -> np.ndarray:
    """Brown hair round a face, with strands that fall: uint8 (640, 448, 4), premultiplied."""
    there = np.zeros((640, 448), np.uint8)
    cv2.ellipse(there, (224, 240), (100, 130), 0, 0, 360, 255, -1)
    cv2.ellipse(there, (224, 290), (55, 110), 0, 0, 360, 0, -1)
    there[420:] = 0
    streaks = 60 + 30 * np.sin(np.arange(448) * 0.9)[None].repeat(640, 0)
    grey = np.where(there > 0, streaks, 0).astype(np.uint8)
    return cv2.merge([grey, (grey * 0.8).astype(np.uint8), (grey * 0.6).astype(np.uint8), there])


def changed(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return np.abs(before.astype(int) - after).max(-1) > 0


def test_they_stand_off_the_outline_and_not_over_the_face() -> None:
    hair = layer()
    found = flyaways_of(hair, 1.0)
    after = found.laid_under(hair, 1, (0, 0))
    new = changed(hair, after)
    assert new.sum() > 400
    rows, columns = np.nonzero(new)
    assert not ((np.abs(columns - 224) < 40) & (rows > 200) & (rows < 380)).any()
    within = cv2.dilate(hair[..., 3], np.ones((101, 101), np.uint8)) > 0
    assert within[new].all(), "none flies alone"


def test_hair_that_is_there_lies_before_them() -> None:
    hair = layer()
    after = flyaways_of(hair, 1.0).laid_under(hair, 1, (0, 0))
    assert np.array_equal(after[hair[..., 3] == 255], hair[hair[..., 3] == 255])
    assert (after[..., :3].max(-1) <= after[..., 3]).all(), "premultiplied"


def test_they_are_of_the_hairs_colour_and_thin() -> None:
    hair = layer()
    after = flyaways_of(hair, 1.0).laid_under(hair, 1, (0, 0))
    new = changed(hair, after) & (after[..., 3] > 12) & (hair[..., 3] == 0)
    straight = after[new][:, :3] / after[new][:, 3:] * 255
    assert (straight[:, 0] >= straight[:, 2]).mean() > 0.9, "brown"
    assert after[..., 3][new].mean() < 90


def test_of_a_part_at_twice_the_side_they_are_the_same() -> None:
    hair = layer()
    found = flyaways_of(hair, 1.0)
    plain = found.laid_under(np.zeros_like(hair), 1, (0, 0))
    x, y = 80, 60
    part = found.laid_under(np.zeros((600, 600, 4), np.uint8), 2, (2 * x, 2 * y))
    small = cv2.resize(part, (300, 300), interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - plain[y : y + 300, x : x + 300]).max() <= 2


def test_chance_is_the_same_each_time_and_another_for_another_view() -> None:
    hair = layer()
    one, two, other = flyaways_of(hair, 1.0, 3), flyaways_of(hair, 1.0, 3), flyaways_of(hair, 1.0, 4)
    assert np.array_equal(one.lines, two.lines) and not np.array_equal(one.lines[:20], other.lines[:20])


@pytest.mark.parametrize("what", ["clipped", "empty"])
def test_some_hair_has_none(what: str) -> None:
    hair = layer() if what == "clipped" else np.zeros((640, 448, 4), np.uint8)
    found = flyaways_of(hair, 0.0 if what == "clipped" else 1.0)
    assert isinstance(found, Flyaways) and not len(found.lines)
    left, _, right, _ = found.bounds
    assert right <= left and np.array_equal(found.laid_under(hair, 1, (0, 0)), hair)


def test_shorter_hair_has_shorter_ones() -> None:
    long, short = (np.ptp(flyaways_of(layer(), loose).lines, axis=1).mean() for loose in (1.0, 0.4))
    assert short < 0.6 * long


def test_words_of_a_style_say_how_long_they_are() -> None:
    assert looseness(("shaved", "brown")) == 0 < looseness(("short", "straight")) < looseness(("up",))
    assert looseness(("shoulder", "coily")) < looseness(("bob", "straight")) == looseness(()) == 1
