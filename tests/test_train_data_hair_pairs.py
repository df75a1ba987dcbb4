"""Pairs of a person and the same with grown hair: what is told of them is so, and the splits stay apart."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.core.face import Face
from mirror.core.head_space import HeadTransform, crop
from train.__main__ import main
from train.data.dataset_layouts import Picture
from train.data.hair_pairs import SHORT, STRETCHED, Dressed, Dresser, pairs_of, photograph_of, refuse_unpaired
from train.data.prepare_picture import Rejected, Settings, Tools, prepare_shard
from train.data.shards import Shards
from train.groom.camera import Camera, portrait_camera
from train.groom.fit import Fit
from train.groom.head import load_head
from train.groom.lights import GROUPS
from train.groom.people import Sitter
from train.groom.renderer import Layers
from train.groom.renders import list_renders
from train.groom.stored import save_layers
from train.groom.warp import moved_layers, movement, stretch
from train.groom.wear import Seated

SIDE, SIZE = 64, (224, 320)
HEAD = load_head()


def camera(yaw: float = 0.0, size: tuple[int, int] = SIZE) -> Camera:
    return portrait_camera(HEAD, yaw=yaw, size=size)


def layers(size: tuple[int, int] = SIZE) -> Layers:
    """Grey strands, a pixel wide and four apart, over the upper half."""
    width, height = size
    alpha = np.zeros((height, width), np.float32)
    alpha[20 : height // 2, 60:-60:4] = 1
    colour = np.repeat(alpha[..., None] * 0.1, 3, -1)
    nothing = np.zeros_like(colour)
    groups = {name: colour if name == "dome" else nothing for name in GROUPS}
    skin = np.full((height, width, 3), 0.2, np.float32)
    front = np.concatenate([colour, alpha[..., None]], -1)
    shadows = dict.fromkeys(GROUPS, (skin, skin))
    return Layers(front, groups, front, dict.fromkeys(GROUPS, nothing), shadow_lights=shadows)


def person(own: float = 0.0) -> Seated:
    """A noisy wall before which the canonical head sits; the matte knows no hair of theirs."""
    width, height = SIZE
    picture = np.random.default_rng(0).integers(60, 200, (height, width, 3)).astype(np.uint8)
    seen = camera()
    points = np.zeros((478, 3), np.float32)
    points[:468, :2] = seen.project(HEAD.landmarks)
    points[:468, 2] = seen.see(HEAD.landmarks)[:, 2] * seen.focal / seen.see(HEAD.landmarks)[:, 2].mean()
    nothing = np.zeros((height, width), np.float32)
    sitter = Sitter(
        picture, picture.copy(), nothing + own, nothing, nothing, nothing + 1, points, seen.centre, 1.0
    )
    fit = Fit(HEAD, seen.rotation, seen.translation, seen.focal, seen.centre, seen.size, 0.0, 0.0)
    return Seated(sitter, fit)


class FakeChair:
    """Everybody who sits here is `person`."""

    def seat(self, photograph: np.ndarray, size: tuple[int, int] = SIZE) -> Seated:
        return person()


@pytest.fixture(scope="module")
def renders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three styles of the split train and one that is held out, one of them turned away."""
    folder = tmp_path_factory.mktemp("renders")
    save_layers(layers(), folder / "view0.layers")
    for number, (split, style, yaw) in enumerate(
        [("train", "bob", 0.0), ("train", "bob", 3.0), ("train", "crop", -2.0), ("train", "far", 30.0),
         ("held_out", "afro", 1.0)]
    ):  # fmt: skip
        draw = folder / split / f"{number:06d}"
        draw.mkdir(parents=True)
        shutil.copy(folder / "view0.layers", draw)
        told = {"split": split, "style": style, "head": "canonical", "colour_name": "brown", "made": [
            {"file": "view0.layers", "yaw": yaw, "pitch": 0.0, "camera": camera().to_json()}]}  # fmt: skip
        (draw / "labels.json").write_text(json.dumps(told))
    return folder


def prepared() -> dict[str, np.ndarray]:
    square = HeadTransform.from_face(Face(person().sitter.landmarks))
    image = crop(person().sitter.picture, square, SIDE)
    full, none = np.full((SIDE, SIDE), 255, np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    return {"image": image, "matte": none, "valid": full, "face": none, "inner": none, "person": none,
            "shape": np.zeros(75, np.float32)}  # fmt: skip


@pytest.fixture
def photograph(tmp_path: Path) -> Picture:
    cv2.imwrite(str(tmp_path / "anna.png"), np.zeros((8, 8, 3), np.uint8))
    return Picture(str(tmp_path), "anna.png", "train")


def test_the_picture_is_the_one_before_with_hair_of_that_alpha(renders, photograph):
    dresser = Dresser(renders, SIDE, FakeChair())
    dressed = dresser.dress(pairs_of([photograph], 1)[0], prepared())
    assert isinstance(dressed, Dressed)
    arrays = dressed.arrays
    alpha = arrays["matte"].astype(float) / 255
    assert 0.02 < alpha.mean() < 0.3
    bare = cv2.dilate(arrays["matte"], np.ones((5, 5))) == 0
    assert np.array_equal(arrays["image"][bare], arrays["beneath"][bare])
    assert (arrays["known"] == 255).all() and (arrays["valid"] == 255).all()
    assert (arrays["person"] == arrays["matte"]).all() and not arrays["person_beneath"].any()


def test_own_hair_that_is_not_hidden_is_no_lesson(renders, photograph):
    dresser = Dresser(renders, SIDE, FakeChair())
    own = prepared()
    own["matte"] = np.zeros((SIDE, SIDE), np.uint8)
    own["matte"][2:8, 20:40] = 255
    dressed = dresser.dress(pairs_of([photograph], 1)[0], own)
    assert isinstance(dressed, Dressed)
    arrays = dressed.arrays
    there = own["matte"] > 0
    assert not arrays["known"][there].any()
    assert not arrays["valid"][there & (arrays["matte"] < 128)].any()
    assert (arrays["own"] == own["matte"]).all()
    own["matte"][:] = int(255 * SHORT * 1.5)
    assert "much hair" in str(dresser.dress(pairs_of([photograph], 1)[0], own))


def test_grooms_of_one_split_meet_people_of_one(renders, photograph):
    dresser = Dresser(renders, SIDE, FakeChair())
    pairs = pairs_of([photograph], 4)
    chosen = [dresser.choose(pair, 0.0, 0.0) for pair in pairs]
    assert chosen[3] is None, "the fourth is turned away"
    assert {one.split for one in chosen[:3]} == {"train"} and len({one.name for one in chosen[:3]}) == 3
    assert {one.style for one in chosen[:2]} == {"bob", "crop"}, "each style once before one comes again"
    held = dresser.choose(replace(pairs[0], split="val"), 0.0, 0.0)
    assert held is not None and held.style == "afro"
    refuse_unpaired(pairs, dresser.renders)
    with pytest.raises(MirrorError, match="No render is of the split train"):
        refuse_unpaired(pairs, [held])


def test_renders_too_small_or_none_are_one_line(renders, tmp_path):
    with pytest.raises(MirrorError, match="32 pixels between the eyes, a square of 256 has 46"):
        Dresser(renders, 256, FakeChair())
    with pytest.raises(MirrorError, match="holds no renders"):
        list_renders(tmp_path / "nothing")


def test_pairs_become_a_shard_that_training_reads(renders, photograph, tmp_path, monkeypatch):
    monkeypatch.setattr("train.data.prepare_picture._head", lambda *_: prepared())
    settings = Settings("heads", SIDE, groom=str(renders))
    tools = Tools(dresser=Dresser(renders, SIDE, FakeChair()))
    pairs = pairs_of([photograph], 4)
    shard = tmp_path / "shards" / "00000"
    shard.parent.mkdir()
    prepare_shard(shard, list(pairs), [{} for _ in pairs], settings, tools, lambda _: True)
    shards = Shards([tmp_path / "shards"])
    assert shards.files == [f"anna.png+{k}" for k in range(3)]
    assert set(shards.person) == {"anna.png"} and photograph_of(shards.files[0]) == "anna.png"
    assert {"beneath", "known", "own", "person"} <= set(shards[0])
    assert {one["style"] for one in shards.attributes(np.arange(3))} == {"bob", "crop"}
    record = json.loads((shard / "shard.json").read_text())
    assert record["rejected"] == [["anna.png+3", "no pair", "no further render of a head so turned"]]


def test_a_photograph_without_a_face_is_left_out(renders, photograph, tmp_path, monkeypatch):
    monkeypatch.setattr("train.data.prepare_picture._head", lambda *_: Rejected("no face"))
    (tmp_path / "shards").mkdir()
    tools = Tools(dresser=Dresser(renders, SIDE, FakeChair()))
    pairs = pairs_of([photograph], 2)
    shard = tmp_path / "shards" / "00000"
    prepare_shard(shard, list(pairs), [{}, {}], Settings("heads", SIDE), tools, lambda _: True)
    record = json.loads((shard / "shard.json").read_text())
    assert [reason for _, reason, _ in record["rejected"]] == ["no face", "no face"]


def test_cropped_pictures_get_no_hair(tmp_path, capsys):
    (tmp_path / "data").mkdir()
    cv2.imwrite(str(tmp_path / "data" / "a.png"), np.zeros((8, 8, 3), np.uint8))
    words = ["--data", f"anime:{tmp_path / 'data'}", "--groom", str(tmp_path), "--out", str(tmp_path / "out")]
    assert main(["prepare", *words]) == 2
    assert "--groom lays hair over faces" in capsys.readouterr().err


def test_layers_come_to_lie_where_the_other_head_is():
    there = camera(yaw=4.0)
    moved = movement(HEAD, camera(), HEAD, there, SIZE)
    landmarks = HEAD.landmarks[[1, 33, 263, 152, 10]]
    at, wanted = there.project(landmarks), camera().project(landmarks)
    for (x, y), place in zip(np.round(at).astype(int), wanted, strict=True):
        assert np.abs(moved[y, x] - place).max() < 3
    assert np.abs(movement(HEAD, camera(), HEAD, camera(), SIZE)[50, 60] - (60, 50)).max() < 0.01


@pytest.mark.parametrize("narrow", ["narrow_02", "oval_03"])
def test_hair_beside_a_narrower_jaw_is_not_pressed(narrow):
    """The jaw goes one way and the neck beneath it another; what hangs beside them lies in between."""
    heads = [load_head(name) for name in ("oval_04", narrow)]
    wide, other = (portrait_camera(head) for head in heads)
    area = stretch(movement(heads[0], wide, heads[1], other, other.size))
    width, height = other.size
    beside = area[int(0.4 * height) : int(0.62 * height), int(0.2 * width) : int(0.8 * width)]
    assert STRETCHED[0] < beside.min() and beside.max() < STRETCHED[1]


def test_a_larger_render_is_made_smaller_by_area():
    large = (SIZE[0] * 2, SIZE[1] * 2)
    moved = movement(HEAD, camera(size=large), HEAD, camera(), SIZE)
    assert np.median(stretch(moved)) == pytest.approx(4, rel=0.02)
    front = moved_layers(layers(large), moved).front
    assert front.shape[:2] == (SIZE[1], SIZE[0])
    # A quarter of the columns is hair, and sampled every second column they could all be missed.
    inside = front[40 : SIZE[1] // 2 - 10, 40:-40, 3]
    assert inside.mean() == pytest.approx(0.25, abs=0.02)
    assert np.allclose(front[..., :3], 0.1 * front[..., 3:], atol=1e-5)
