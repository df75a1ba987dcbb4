"""The hair of a photograph: put on, or refused in a plain sentence."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.pipeline.mirror import Mirror
from tests.shipped_figures import hopper_portrait


def saved(folder: Path, image: np.ndarray, name: str = "idol.png") -> Path:
    path = folder / name
    assert cv2.imwrite(str(path), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    return path


def refusal(mirror: Mirror, path: Path) -> str:
    worn = mirror.styling.name
    with pytest.raises(MirrorError) as caught:
        mirror.wear_photo(path)
    assert mirror.styling.name == worn, "what was worn stays on"
    text = str(caught.value)
    assert len(text.splitlines()) == 1
    return text


def test_the_hair_of_a_photograph_is_worn(mirror: Mirror, portrait: np.ndarray, tmp_path: Path) -> None:
    before = mirror.apply(portrait)
    mirror.wear_photo(saved(tmp_path, portrait, "my idol.png"))
    assert mirror.styling.name == "my idol" and mirror.styling.number is None
    # Her own hair on her own head: nearer to the photograph than the bob was.
    own = mirror.apply(portrait)
    apart = [np.abs(out.astype(int) - portrait).mean() for out in (own, before)]
    assert apart[0] < 0.6 * apart[1]


def test_nobody_is_said(mirror: Mirror, tmp_path: Path) -> None:
    assert "no face" in refusal(mirror, saved(tmp_path, np.full((300, 300, 3), 120, np.uint8)))


def test_a_small_face_is_said(mirror: Mirror, portrait: np.ndarray, tmp_path: Path) -> None:
    small = cv2.resize(portrait, (250, 250), interpolation=cv2.INTER_AREA)
    assert "pixels high" in refusal(mirror, saved(tmp_path, small))


def test_a_hat_is_said(mirror: Mirror, tmp_path: Path) -> None:
    try:
        hopper = hopper_portrait()
    except MirrorError as error:
        pytest.skip(str(error))
    assert "covered, by a hat" in refusal(mirror, saved(tmp_path, hopper))


def test_hair_that_the_edge_cuts_off_is_said(mirror: Mirror, portrait: np.ndarray, tmp_path: Path) -> None:
    face = mirror.find_face(portrait)
    assert face is not None
    left, top, right, _ = (round(edge) for edge in face.box)
    cut = portrait[max(0, top - 4) : top + 260, max(0, left - 60) : right + 60]
    text = refusal(mirror, saved(tmp_path, cv2.resize(cut, None, fx=2, fy=2)))
    assert "cut off" in text or "covered" in text


def test_a_face_that_is_turned_away_is_said(
    mirror: Mirror, portrait: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = mirror.find_face(portrait)
    assert face is not None
    monkeypatch.setattr(type(face), "pose", property(lambda self: (44.0, 0.0, 0.0)))
    assert "turned away" in refusal(mirror, saved(tmp_path, portrait))


def test_what_is_no_picture_is_said(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "notes.png").write_text("no picture")
    assert "notes.png" in refusal(mirror, tmp_path / "notes.png")
    assert "cannot be read" in refusal(mirror, tmp_path / "missing.png")
