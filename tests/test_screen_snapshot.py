"""Snapshots: marked, dated, never lost and never overwriting."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.errors import MirrorError
from mirror.screen import save_png, save_snapshot, side_by_side

WHEN = datetime(2026, 3, 1, 14, 5, 9)
RNG = np.random.default_rng(0)


def pair(height: int = 180, width: int = 320) -> tuple[np.ndarray, np.ndarray]:
    return tuple(RNG.integers(100, 256, (height, width, 3), dtype=np.uint8) for _ in range(2))  # type: ignore[return-value]


def test_both_pictures_lie_side_by_side_untouched_but_for_the_mark() -> None:
    before, after = pair()
    sheet = side_by_side(before, after, "Long wavy")
    window = np.lib.stride_tricks.sliding_window_view(sheet[..., 0], (1, 320))[:, :, 0]
    (top,), (left,) = np.nonzero((window == before[0, :, 0]).all(-1))
    assert np.array_equal(sheet[top : top + 180, left : left + 320], before)
    (_,), (right,) = np.nonzero((window == after[0, :, 0]).all(-1))
    assert right >= left + 320
    shown = sheet[top : top + 180, right : right + 320]
    touched = (shown != after).any(-1)
    assert touched.any(), "the second picture is not marked as simulated"
    assert not touched[:100].any()
    assert not touched[:, 200:].any()
    caption = sheet[top + 182 :]
    assert (caption[:, left : left + 320] > 150).any(), "no caption under the first"
    assert (caption[:, right : right + 320] > 150).any(), "no caption under the second"


def test_pictures_of_two_shapes_are_refused() -> None:
    before, after = pair()
    with pytest.raises(ValueError, match="one shape"):
        side_by_side(before, after[:-1])


def test_named_by_date_and_time_and_never_overwritten(tmp_path: Path) -> None:
    before, after = pair()
    folder = tmp_path / "Pictures" / "Hair Mirror"
    first = save_png(before, folder, when=WHEN)
    kept = first.read_bytes()
    second = save_png(after, folder, when=WHEN)
    third = save_png(after, folder, when=WHEN)
    assert [path.name for path in (first, second, third)] == [
        "2026-03-01 14.05.09.png",
        "2026-03-01 14.05.09 (2).png",
        "2026-03-01 14.05.09 (3).png",
    ]
    assert first.read_bytes() == kept
    assert np.array_equal(cv2.imread(str(first))[..., ::-1], before)
    assert np.array_equal(cv2.imread(str(second))[..., ::-1], after)


def test_one_call_saves_the_whole_sheet(tmp_path: Path) -> None:
    before, after = pair()
    path = save_snapshot(before, after, "Bob", tmp_path)
    assert np.array_equal(cv2.imread(str(path))[..., ::-1], side_by_side(before, after, "Bob"))


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "Pictures").write_text("a file where the folder should be")
    with pytest.raises(MirrorError, match="could not be saved in .*Pictures") as caught:
        save_png(pair()[0], tmp_path / "Pictures" / "Hair Mirror", when=WHEN)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of files")
def test_a_disk_that_fills_up_is_one_clear_line_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(MirrorError, match="could not be saved") as caught:
            save_png(pair()[0], tmp_path, when=WHEN)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
