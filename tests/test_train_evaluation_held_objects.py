"""What is held before a head: found where it is outlined, on the frame that is meant."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from train.data.hair_outlines import Outline
from train.evaluation.held_objects import HELD, held

SQUARE = {"x": 160.0, "y": 120.0, "scale": 200.0, "angle": 0.0}
RING = [200, 200, 600, 200, 600, 700, 200, 700]


def clip(folder: Path) -> None:
    """Black frames; on the third the square is white."""
    writer = cv2.VideoWriter(str(folder / "a.mp4"), cv2.VideoWriter_fourcc(*"mp4v"), 25, (320, 240))
    for number in range(6):
        writer.write(np.full((240, 320, 3), 255 if number == 2 else 0, np.uint8))
    writer.release()


def seeing(share: float) -> SimpleNamespace:
    """A matte network that finds the upper `share` of the ring in bright pictures, nothing in dark ones."""

    def look(image: np.ndarray, *, still: bool) -> SimpleNamespace:
        assert still and image.shape == (1, 3, 256, 256)
        ring = [200, 200, 600, 200, 600, 200 + 500 * share, 200, 200 + 500 * share]
        found = Outline([], held=[[int(v) for v in ring]]).hand(256)
        return SimpleNamespace(front=found if image.mean() > 0.3 else found * 0)

    return SimpleNamespace(look=look)


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_it_is_the_share_of_what_is_outlined(tmp_path: Path, share: float) -> None:
    clip(tmp_path)
    rows = [{"clip": "a.mp4", "frame": 2, "held": [RING], **SQUARE}]
    rows.append({"clip": "not-here.mp4", "frame": 0, "held": [RING], **SQUARE})
    outlines = tmp_path / "held.jsonl"
    outlines.write_text("\n".join(json.dumps(row) for row in rows))
    found = held(tmp_path, seeing(share), outlines)  # type: ignore[arg-type]
    assert found["held_frames"] == 1
    assert found["held_seen"] == pytest.approx(share, abs=0.02)
    assert found["held_iou"] == pytest.approx(share, abs=0.02)


def test_without_those_clips_there_is_no_figure(tmp_path: Path) -> None:
    assert held(tmp_path, seeing(1.0)) == {}  # type: ignore[arg-type]


def test_the_outlines_are_whole() -> None:
    rows = [json.loads(line) for line in HELD.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 15 and len({(row["clip"], row["frame"]) for row in rows}) == len(rows)
    for row in rows:
        assert row["scale"] > 50 and row["held"]
        assert all(len(ring) >= 6 and len(ring) % 2 == 0 for ring in row["held"])
