"""Four or nine styles at once on the live face."""

from __future__ import annotations

from contextlib import closing
from itertools import count
from threading import Event, Timer

import numpy as np
import pytest

from mirror.compositing.layer_schedule import Taken
from mirror.compositing.wearer import Wearer
from mirror.compositing.worn_moment import Beneath
from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.hair import store
from mirror.hair.painting.hair_swap import Swap
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown

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


def test_what_is_still_to_come_is_told_and_nothing_is_made_twice(
    mirror: Mirror, portrait: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell took a second of the worker: five views of each style, and the head bared thrice for each."""
    grown = [number for number, style in enumerate(mirror.book.styles) if style.grown is not None][20:29]
    folds, bared = count(), count()
    fold, uncover = store.fold, Swap.uncover
    monkeypatch.setattr(store, "fold", lambda *given: (next(folds), fold(*given))[1])
    monkeypatch.setattr(Swap, "uncover", lambda *given: (next(bared), uncover(*given))[1])
    mirror.styling.pick(grown[2])

    def look(of: np.ndarray) -> Shown:
        number = next(clock)
        return mirror.process(Frame(of, number, number / 30))

    try:
        for _ in range(60):
            look(np.zeros_like(portrait))
        mirror.set_grid(tuple(grown[:4]))
        assert look(np.zeros_like(portrait)).coming == (), "nobody is there"
        before = next(folds), next(bared)
        assert look(portrait).coming == (0, 1, 3), "the style that is worn comes first"
        assert [look(portrait).coming for _ in range(3)] == [(0, 1), (1,), ()]
        assert (next(folds) - before[0] - 1, next(bared) - before[1] - 1) == (4, 1)
        mirror.set_grid(tuple(grown))
        assert look(portrait).coming == (5, 6, 7, 8), "what was painted stays, and so does the head's place"
        while look(portrait).coming:
            pass
        mirror.set_grid(())
        assert look(portrait).coming == ()
    finally:
        mirror.set_grid(())


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


def test_somebody_who_leaves_while_a_cell_is_painted_stops_nothing(
    portrait: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, on, takes = Event(), Event(), count(1)
    take = Wearer.take

    def held(wearer: Wearer, taken: Taken, made: Beneath) -> None:
        take(wearer, taken, made)
        if next(takes) == 3:  # the last of a cell: what is forgotten now is not made again
            begun.set()
            on.wait(60)

    with closing(Mirror()) as mirror:
        grown = [number for number, style in enumerate(mirror.book) if style.grown is not None]
        mirror.start_workers(awaited=False)
        mirror.set_grid(tuple(grown[:4]))
        monkeypatch.setattr("mirror.pipeline.grown_still.Wearer.take", held)
        last(mirror, portrait, 1)
        assert begun.wait(60)
        release = Timer(0.3, on.set)
        release.start()
        number = next(clock)
        room = np.full_like(portrait, 70)
        out = mirror.process(Frame(room, number, number / 30 + 1000))
        release.join()
        assert (out.image[:40, :40] == 70).all()
        last(mirror, portrait, 4)
