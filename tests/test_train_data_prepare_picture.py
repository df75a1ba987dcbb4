"""One picture to arrays: what becomes of a head, what is left out and why, and what is broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.train_layouts import aligned, astronaut, drawn, grey, hopper, save
from tests.train_tiny import SQUARE, some_face
from tests.train_workers import HEADS, picture
from tests.train_workers import tools as tools
from train.data.dataset_layouts import Picture
from train.data.prepare_picture import Rejected, Settings, Tools, letterbox, prepare_one
from train.data.teacher_segmenter import without_beard
from train.pictures.reading import read_picture


@pytest.mark.parametrize("side", [64, 256, 512])
def test_a_head_becomes_arrays(side: int, tmp_path: Path, tools: Tools) -> None:
    made = prepare_one(picture(tmp_path / "a.png", astronaut()), Settings("heads", side), tools)
    assert isinstance(made, dict) and set(made) - {"person"} == set(HEADS)
    assert made["image"].shape == (side, side, 3) and made["shape"].shape == (75,)
    for name in set(made) - {"shape"}:
        assert made[name].dtype == np.uint8 and made[name].shape[:2] == (side, side)
    assert made["shape"].dtype == np.float32
    assert (made["matte"][made["valid"] == 0] == 0).all(), "no hair where there is no picture"
    at = lambda name, y, x: int(made[name][int(y * side), int(x * side)])  # noqa: E731
    assert at("matte", 0.16, 0.5) == 255 and (made["valid"] == 0).any()
    # Eyes at 0.46 of the side; below the middle of the face the beard is cleared.
    assert at("matte", 0.7, 0.5) == 0 and at("face", 0.46, 0.5) == 255
    if "person" in made:
        assert at("person", 0.5, 0.5) > 250 and at("person", 0.5, 0.02) < 20


def test_without_a_mask_of_the_person(tmp_path: Path, tools: Tools) -> None:
    """As with MediaPipe 0.10.33: one array less, and a hat only where the set says so."""
    bare, settings = Tools(tools.tracker, NoHair()), Settings("heads", 64)
    worn = picture(tmp_path / "a.png", hopper())
    made = prepare_one(worn, settings, bare)
    assert isinstance(made, dict) and set(made) == set(HEADS)
    assert prepare_one(worn, settings, bare, {"Wearing_Hat": True}) == Rejected("hat", "the set says so")


@pytest.mark.parametrize("make", [lambda: aligned(1), lambda: astronaut()[55:185, 155:285]])
def test_an_aligned_face_is_smaller_than_the_square(
    make: Callable[[], np.ndarray], tmp_path: Path, tools: Tools
) -> None:
    """CelebA's and UTKFace's pictures end inside the square; `valid` says where."""
    made = prepare_one(picture(tmp_path / "a.png", make()), Settings("heads", 128), tools)
    assert isinstance(made, dict)
    valid = made["valid"] > 127
    assert 0.2 < valid.mean() < 0.95 and valid[59, 64]
    assert not made["matte"][~valid].any()
    # No more than the blur of resizing reaches beyond the picture's edge.
    assert made["image"][cv2.erode((~valid).astype(np.uint8), np.ones((5, 5))) > 0].max() < 3


SPOILT: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "no face": lambda image: image[200:],
    "several faces": lambda image: np.hstack([image[:300, 80:380]] * 2),
    "greyscale": grey,
    "too small": lambda image: cv2.resize(image, (150, 150), interpolation=cv2.INTER_AREA),
    "blur": lambda image: cv2.GaussianBlur(image, (0, 0), 4),
}


@pytest.mark.parametrize("reason", SPOILT)
def test_what_is_left_out(reason: str, tmp_path: Path, tools: Tools) -> None:
    spoilt = picture(tmp_path / "a.png", SPOILT[reason](astronaut()))
    found = prepare_one(spoilt, Settings("heads", 64), tools)
    assert isinstance(found, Rejected) and found.reason == reason
    assert reason == "no face" or "limit" in found.measured
    kept = prepare_one(spoilt, Settings("heads", 64, keep=(reason,)), tools)
    assert isinstance(kept, dict) is (reason != "no face"), "what is switched off stops nothing"


def test_a_hat_is_left_out(tmp_path: Path, tools: Tools) -> None:
    if tools.person is None:
        pytest.skip("this MediaPipe carries no mask of the person")
    without_hair = Tools(tools.tracker, NoHair(), tools.person)
    found = prepare_one(picture(tmp_path / "a.png", hopper()), Settings("heads", 64), without_hair)
    assert isinstance(found, Rejected) and found.reason == "hat"


class NoHair:
    def matte(self, head: np.ndarray) -> np.ndarray:
        return np.zeros(head.shape[:2], np.float32)


def test_the_sets_attributes_go_before_what_is_measured(tmp_path: Path, tools: Tools) -> None:
    one, settings = picture(tmp_path / "a.png", astronaut()), Settings("heads", 64)
    for said, reason in (({"Wearing_Hat": True}, "hat"), ({"Blurry": True, "Wearing_Hat": True}, "blur")):
        if reason != "hat" or tools.person:
            assert prepare_one(one, settings, tools, said) == Rejected(reason, "the set says so")
    blurred = picture(tmp_path / "b.png", SPOILT["blur"](astronaut()))
    assert isinstance(prepare_one(blurred, settings, tools, {"Blurry": False}), dict)


def test_the_least_distance_of_the_eyes(tmp_path: Path, tools: Tools) -> None:
    small = picture(tmp_path / "a.png", SPOILT["too small"](astronaut()))
    assert isinstance(prepare_one(small, Settings("heads", 64, min_eyes=10), tools), dict)
    found = prepare_one(small, Settings("heads", 64, min_eyes=40), tools)
    assert isinstance(found, Rejected) and found.measured == "12.3, limit 40"


def test_broken_pictures(tmp_path: Path) -> None:
    whole = save(tmp_path / "whole.jpg", drawn(1, 200, 300)).read_bytes()
    for name, data, said in (
        ("none", b"", "not a picture"),
        ("head.jpg", b"\xff\xd8\xff\xe0 and no more", "it is damaged"),
        ("half.jpg", whole[: len(whole) // 2], "breaks off"),
        ("text.jpg", b"I am text", "not a picture"),
    ):
        (tmp_path / name).write_bytes(data)
        assert read_picture(tmp_path / name) == said, name
        found = prepare_one(Picture(str(tmp_path), name, "train"), Settings("pictures", 64), Tools())
        assert found == Rejected("unreadable", said)
    assert read_picture(tmp_path / "gone.jpg") == "no such file"
    assert read_picture(tmp_path) == "Is a directory"
    (tmp_path / "film.jpg").write_bytes(whole + b"a film that the camera appended")
    (tmp_path / "grüß.jpg").write_bytes(whole)
    for name in ("whole.jpg", "film.jpg", "grüß.jpg"):
        image = read_picture(tmp_path / name)
        assert isinstance(image, np.ndarray) and image.shape == (300, 200, 3)


def test_a_beard_is_not_hair() -> None:
    """Cheeks, lips and chin are cleared, brow and everything beside the face are kept."""
    cleared = without_beard(np.ones((512, 512), np.float32), some_face(yaw=0), SQUARE)
    assert cleared[350, 256] == pytest.approx(0, abs=1e-5), "the mouth"
    for row, column in ((170, 256), (300, 60), (40, 256)):  # the brow, beside the cheek, above the head
        assert cleared[row, column] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("width, height", [(200, 100), (30, 60), (64, 64), (1, 500)])
def test_a_cropped_picture_is_fitted_whole(width: int, height: int) -> None:
    image = np.full((height, width, 3), 200, np.uint8)
    made = letterbox(image, 64)
    valid = made["valid"] == 255
    assert set(made) == {"image", "valid"} and set(np.unique(made["valid"])) <= {0, 255}
    assert made["image"].shape == (64, 64, 3)
    assert (made["image"][valid] == 200).all() and not made["image"][~valid].any()
    assert valid.mean() == pytest.approx(min(width, height) / max(width, height), abs=0.02)
    assert (valid[::-1, ::-1] == valid).mean() > 0.96, "it lies in the middle"


def test_shrinking_is_by_area() -> None:
    """`np.resize` repeats pixels and picking every nth aliases; a chequerboard must turn grey."""
    board = (np.indices((256, 256)).sum(0) % 2 * 255).astype(np.uint8)[..., None].repeat(3, 2)
    assert np.abs(letterbox(board, 64)["image"].astype(int) - 127).max() <= 1
