"""Grown styles on pictures of their own: a photograph, a card, a cell of a grid."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from mirror.core.frame import Frame
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown

clock = count(5000)
GROWN = "bob with fringe"


@pytest.fixture
def grown(mirror: Mirror) -> Mirror:
    mirror.styling.choose(GROWN)
    assert mirror.styling.grown is not None
    return mirror


def live(mirror: Mirror, picture: np.ndarray, frames: int = 14) -> Shown:
    for number in (next(clock) for _ in range(12)):  # whoever was there before is gone
        mirror.process(Frame(np.zeros_like(picture), number, number / 20))
    for _ in range(frames):
        number = next(clock)
        shown = mirror.process(Frame(picture, number, number / 20))
        mirror._stream.settle()
    return shown


def test_a_photograph_looks_as_the_live_picture_does(grown: Mirror, demo_frame: np.ndarray) -> None:
    still, again = grown.apply(demo_frame), grown.apply(demo_frame)
    assert np.array_equal(still, again), "nothing is left of the one before"
    shown = live(grown, demo_frame)
    _, new = shown.mattes()
    sure = new > 0.99
    assert (still != demo_frame).any(-1)[sure].mean() > 0.95
    apart = np.abs(still.astype(int) - shown.image)[sure].mean()
    # Strands are fine: half a pixel of the smoothing that a stream has makes ten or twelve grey levels.
    assert apart < 16 < 26 < np.abs(still.astype(int) - demo_frame)[sure].mean()
    far = np.ones_like(sure)
    ys, xs = np.nonzero((still != demo_frame).any(-1))
    far[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1] = False
    assert far.mean() > 0.2, "what is far from the head is the camera's to the bit"
    grown.styling.choose("bob")
    painted = grown.apply(demo_frame)
    assert np.abs(painted.astype(int) - still)[sure].mean() > 8


def test_a_card_shows_it_as_it_was_worn(grown: Mirror, demo_frame: np.ndarray) -> None:
    shown = live(grown, demo_frame)
    assert shown.worn.grown is grown.styling.grown and shown.worn.single
    (card,) = [picture for picture in grown.card(shown, [shown.worn]) if picture is not None]
    _, new = shown.mattes()
    assert np.abs(card.astype(int) - shown.image)[new > 0.99].mean() < 8


def test_cells_of_a_grid_wear_it_in_the_dye_that_is_on(grown: Mirror, demo_frame: np.ndarray) -> None:
    number = grown.book.index(GROWN)
    grown.set_grid((number, grown.book.index("bald"), number, number))
    try:
        plain = live(grown, demo_frame, 12).image
        grown.styling.choose_dye("platinum")
        fair = live(grown, demo_frame, 12).image
    finally:
        grown.styling.choose_dye("none")
        grown.set_grid(())
    height, width = plain.shape[0] // 2 - 2, plain.shape[1] // 2 - 2
    cells = [picture[:height, :width].astype(int) for picture in (plain, fair)]
    assert np.abs(cells[0] - plain[:height, width + 4 :][:, :width]).mean() > 2, "the other cell is bald"
    lighter = (cells[1] - cells[0]).mean(-1)
    assert (lighter > 40).mean() > 0.01 and (lighter < -40).mean() < 0.002
