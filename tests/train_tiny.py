"""Small training data made on the spot: a synthetic face, its maps, and shards of them."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL, LEFT_EYE, RIGHT_EYE, Face
from mirror.core.head_space import VERSION, HeadTransform, face_map, face_shape, inner_face_map

SIDE = 256
# The square lies on a 256-pixel frame exactly: landmarks are crop pixels.
SQUARE = HeadTransform(x=127.5, y=0.46 * SIDE - 0.5, scale=float(SIDE), angle=0.0)


def some_face(seed: int = 0, *, yaw: float = 12.0, roll: float = 0.0) -> Face:
    """A face that is not the mirror image of itself: an oval with a bulge on one cheek, turned by `yaw`."""
    rng = np.random.default_rng(seed)
    points = np.zeros((478, 3))
    points[:] = rng.uniform(-20, 20, (478, 3)) + (0, 10, 0)
    turn = 2 * np.pi * np.arange(36) / 36
    bulge = 1 + 0.15 * np.exp(-((turn - 2) ** 2) * 4)
    points[list(FACE_OVAL)] = np.stack([52 * np.sin(turn) * bulge, -70 * np.cos(turn) * bulge, 0 * turn], 1)
    for corners, x in ((RIGHT_EYE, -23), (LEFT_EYE, 23)):
        points[list(corners), :2] = (x - 6, -12), (x + 6, -12)
    c, s = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    points[:, 0], points[:, 2] = c * points[:, 0], s * points[:, 0]
    c, s = np.cos(np.radians(roll)), np.sin(np.radians(roll))
    points[:, :2] = points[:, :2] @ np.array([[c, s], [-s, c]])
    return Face((points + (127.5, 130.0, 0)).astype(np.float32))


def some_item(seed: int = 0, hair_up_to: int = 90) -> dict[str, np.ndarray]:
    """One prepared picture: a face with a cap of hair of one colour before a wall of one colour."""
    rng = np.random.default_rng(seed)
    face = some_face(seed, yaw=float(rng.uniform(-20, 20)))
    skin = face_map(face, SQUARE, SIDE)
    hair = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(
        hair, (128, 100), (int(rng.integers(62, 90)), int(rng.integers(60, 85))), 0, 180, 360, 255, -1
    )
    image = np.empty((SIDE, SIDE, 3), np.uint8)
    image[:] = rng.integers(90, 250, 3)
    image[skin > 127] = (210, 160, 130)
    image[hair > 127] = rng.integers(10, hair_up_to, 3)
    valid = np.full((SIDE, SIDE), 255, np.uint8)
    valid[:, : int(rng.integers(0, 12))] = 0
    return {
        "image": image,
        "matte": cv2.blur(hair, (3, 3)) * (valid > 0),
        "valid": valid,
        "face": skin,
        "inner": inner_face_map(face, SQUARE, SIDE),
        "shape": face_shape(face, SQUARE),
    }


def write_shard(
    folder: Path,
    number: int,
    splits: list[str],
    *,
    hair_up_to: int = 90,
    people: bool = False,
    **record: object,
) -> Path:
    """Writes one shard with a picture for each of `splits`; `record` overrides what shard.json says.

    `people`: with masks of the person, who has shoulders then.
    """
    shard = folder / f"{number:05d}"
    shard.mkdir(parents=True)
    items = [some_item(100 * number + i, hair_up_to) for i in range(len(splits))]
    if people:
        items = [with_shoulders(item) for item in items]
    for name in items[0] if items else ():
        np.save(shard / f"{name}.npy", np.stack([item[name] for item in items]))
    files = [f"{number}-{i}.png" for i in range(len(splits))]
    said = {"headspace": VERSION, "files": files, "split": splits, "rejected": []} | record
    (shard / "shard.json").write_text(json.dumps(said))
    return folder


def with_shoulders(item: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A picture of `some_item` in a shirt, and the mask of its person."""
    shirt = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(shirt, (128, 270), (100, 75), 0, 180, 360, 255, -1)
    shirt[(item["face"] > 127) | (item["matte"] > 127)] = 0
    image = item["image"].copy()
    image[shirt > 127] = (40, 60, 160)
    person = np.maximum(np.maximum(item["face"], item["matte"]), shirt) * (item["valid"] > 0)
    return item | {"image": image, "person": person.astype(np.uint8)}


def tiny_shards(folder: Path, *, people: bool = False) -> Path:
    """Two shards: eight pictures of the split train, two of val; `people` as for `write_shard`."""
    write_shard(folder, 0, ["train"] * 5 + ["val"], people=people)
    return write_shard(folder, 1, ["train"] * 3 + ["val"], people=people)


def dress(folder: Path) -> Path:
    """Has each head of these shards of people wear the hair of the next, and makes it grey beneath it."""
    for shard in sorted(folder.glob("[0-9]*")):
        np.save(shard / "person_beneath.npy", np.load(shard / "person.npy"))
        image, matte = np.load(shard / "image.npy"), np.load(shard / "matte.npy")[..., None]
        beneath = np.where(matte > 25, 128, image).astype(np.uint8)
        other = np.roll(matte, 1, 0)
        worn = np.concatenate([np.roll(image, 1, 0) * (other / 255), other], -1).astype(np.uint8)
        for name, array in (("beneath", beneath), ("under", beneath), ("worn", worn)):
            np.save(shard / f"{name}.npy", array)
    return folder


def write_pictures(folder: Path, count: int, *, side: int) -> Path:
    """One shard of already cropped pictures, each of its own colours; one in six is held out."""
    shard = folder / "00000"
    shard.mkdir(parents=True)
    rng = np.random.default_rng(1)
    left, right = rng.integers(0, 255, (2, count, 1, 1, 3), np.uint8)
    image = np.broadcast_to(left, (count, side, side, 3)).copy()
    image[:, :, side // 2 :] = right
    np.save(shard / "image.npy", image)
    np.save(shard / "valid.npy", np.full((count, side, side), 255, np.uint8))
    split = ["train" if side == 8 or i % 6 else "val" for i in range(count)]
    files = [f"{i}.png" for i in range(count)]
    said = {"headspace": VERSION, "kind": "pictures", "files": files, "split": split, "rejected": []}
    (shard / "shard.json").write_text(json.dumps(said))
    return folder


def without_spec(weights: Path, silent: Path | None = None) -> Path:
    """The same weights in a file that does not say what network they are of; beside them unless given."""
    from safetensors.torch import load_file, save_file

    silent = silent or weights.with_name("silent.safetensors")
    save_file(load_file(weights), silent)
    return silent
