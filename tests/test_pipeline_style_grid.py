"""Four or nine styles at once on the live face."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.pipeline.mirror import Mirror

clock = count(1000)


def last(mirror: Mirror, picture: np.ndarray, frames: int) -> np.ndarray:
    for _ in range(frames):
        number = next(clock)
        out = mirror.process(Frame(picture, number, number / 30))
    return out.image


@pytest.mark.parametrize("across", [2, 3])
def test_every_cell_shows_the_person_with_another_style(
    mirror: Mirror, portrait: np.ndarray, across: int
) -> None:
    numbers = tuple(range(0, 8 * across * across, 8))
    mirror.set_grid(numbers)
    try:
        out = last(mirror, portrait, across * across + 12)
        assert mirror.grid == numbers and out.shape == portrait.shape
        height, width = portrait.shape[0] // across, portrait.shape[1] // across
        cells = [
            out[y * height : (y + 1) * height - 4, x * width : (x + 1) * width - 4].astype(int)
            for y in range(across)
            for x in range(across)
        ]
        for one in range(len(cells)):
            for other in range(one):
                assert np.abs(cells[one] - cells[other]).mean() > 0.5, "two cells look alike"
    finally:
        mirror.set_grid(())
    assert mirror.grid == ()


def test_nobody_there_shows_the_room_in_every_cell(mirror: Mirror) -> None:
    room = np.full((120, 160, 3), 70, np.uint8)
    mirror.set_grid((0, 1, 2, 3))
    try:
        out = last(mirror, room, 2)
    finally:
        mirror.set_grid(())
    assert out.shape == room.shape and (out[:56, :76] == 70).all() and (out[62:116, 82:156] == 70).all()


def test_other_counts_are_refused(mirror: Mirror) -> None:
    with pytest.raises(MirrorError, match="4 or 9"):
        mirror.set_grid((1, 2, 3))
