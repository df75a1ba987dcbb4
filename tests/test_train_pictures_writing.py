"""Pictures written as files."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from train.pictures.writing import save_picture


def test_a_picture_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (20, 30, 3), np.uint8)
    save_picture(picture, tmp_path / "x.png", "--sheet")
    np.testing.assert_array_equal(cv2.imread(str(tmp_path / "x.png"))[..., ::-1], picture)
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(MirrorError, match="cannot be written"):
        save_picture(picture, tmp_path / "folder.png", "--sheet")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder.png", "x.png"]
