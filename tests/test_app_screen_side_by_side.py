"""Snapshots: the pictures as they are, side by side or four together, named and marked for what they are."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.app.screen import four_up, side_by_side
from mirror.app.screen.side_by_side import mark_of

RNG = np.random.default_rng(0)
Picture = np.ndarray


def some(count: int, height: int = 180, width: int = 320) -> list[Picture]:
    return [RNG.integers(100, 256, (height, width, 3), dtype=np.uint8) for _ in range(count)]


def place(sheet: Picture, picture: Picture) -> tuple[int, int]:
    """Row and column of a picture's upper left corner in a sheet."""
    window = np.lib.stride_tricks.sliding_window_view(sheet[..., 0], (1, picture.shape[1]))[:, :, 0]
    (row,), (column,) = np.nonzero((window == picture[0, :, 0]).all(-1))
    return int(row), int(column)


def touched(sheet: Picture, picture: Picture) -> np.ndarray:
    """bool (H, W): where a sheet does not show a picture as it is."""
    row, column = place(sheet, picture)
    height, width = picture.shape[:2]
    return (sheet[row : row + height, column : column + width] != picture).any(-1)


def test_both_pictures_lie_side_by_side_untouched_but_for_the_mark() -> None:
    before, after = some(2)
    sheet = side_by_side(before, after, "Long wavy")
    top, left = place(sheet, before)
    assert not touched(sheet, before).any()
    assert place(sheet, after)[0] == top and place(sheet, after)[1] >= left + 320
    mark = touched(sheet, after)
    assert mark.any(), "the second picture is not marked as simulated"
    assert not mark[:100].any()
    assert not mark[:, 200:].any()
    caption = sheet[top + 182 :]
    right = place(sheet, after)[1]
    assert (caption[:, left : left + 320] > 150).any(), "no caption under the first"
    assert (caption[:, right : right + 320] > 150).any(), "no caption under the second"


def test_pictures_of_two_shapes_are_refused() -> None:
    before, after = some(2)
    with pytest.raises(ValueError, match="one shape"):
        side_by_side(before, after[:-1])
    with pytest.raises(ValueError, match="one shape"):
        four_up([before, after[:-1]], ["a", "b"])
    with pytest.raises(ValueError, match="2 pictures, 1 names"):
        four_up([before, after], ["a"])
    with pytest.raises(ValueError, match="3 marks"):
        four_up([before, after], ["a", "b"], ["simulated"] * 3)


def test_four_pictures_lie_two_in_a_row_each_marked_and_named() -> None:
    pictures = some(4)
    sheet = four_up(pictures, ["bob", "afro", "quiff", "locs"])
    places = [place(sheet, one) for one in pictures]
    rows, columns = sorted({row for row, _ in places}), sorted({column for _, column in places})
    assert places == [(row, column) for row in rows for column in columns] and len(places) == 4
    for picture, (row, column) in zip(pictures, places, strict=True):
        mark = touched(sheet, picture)
        assert mark.sum() > 500 and not mark[:100].any() and not mark[:, 200:].any()
        below = sheet[row + 182 : row + 182 + 40, column : column + 320]
        assert (below > 150).any(), "no name"


def test_the_words_of_the_mark_are_the_callers() -> None:
    before, after = some(2)
    words = "illustration, not a prediction"
    longer, usual = side_by_side(before, after, mark=words), side_by_side(before, after)
    assert touched(longer, after).sum() > 1.5 * touched(usual, after).sum()
    assert (longer[-40:] != usual[-40:]).any(), "the caption says it too"


def test_each_picture_of_a_card_has_its_own_mark() -> None:
    pictures = some(3)
    sheet = four_up(pictures, ["bob", "Norwood IV", "afro"], ["simulated", "x" * 28, "simulated"])
    widths = [np.ptp(np.nonzero(touched(sheet, one).any(0))[0]) for one in pictures]
    assert widths[1] > 1.4 * widths[0] and widths[0] == widths[2]


@pytest.mark.parametrize(("count", "rows", "columns"), [(1, 1, 1), (2, 1, 2), (3, 2, 2)])
def test_a_card_of_fewer_pictures_is_smaller(count: int, rows: int, columns: int) -> None:
    sheet = four_up(some(count), ["bob"] * count)
    height, width = some(1)[0].shape[:2]
    assert sheet.shape[0] // height == rows and sheet.shape[1] // width == columns


def test_a_mark_for_films_has_the_words_on_a_see_through_ground() -> None:
    mark = mark_of((1280, 720))
    assert mark.dtype == np.uint8 and mark.shape[2] == 4
    assert 30 < mark.shape[0] < 90 and 100 < mark.shape[1] < 320
    assert mark[0, 0, 3] == 0 and 120 < np.median(mark[..., 3]) < 255
    assert (mark[..., :3].min(-1) > 200).sum() > 200, "light words"
