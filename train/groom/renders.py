"""A folder of renders as `groom dataset` or `groom render` wrote it: who was rendered, how turned, by which
camera."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mirror.core.errors import MirrorError
from train.groom.book import read_book
from train.groom.camera import Camera
from train.groom.draws import SPLITS, of_split


@dataclass(frozen=True)
class Render:
    """One view.

    Attributes:
        path: of its layers. name: the path below the folder of renders, with forward slashes.
        split: of `draws.SPLITS`. style: which it is. head: its name, see `head.load_head`.
        yaw, pitch: degrees, as `mirror.core.face.Face.pose` tells them. camera: which took it.
        colour: of the hair, by name.
    """

    path: Path
    name: str
    split: str
    style: str
    head: str
    yaw: float
    pitch: float
    camera: Camera
    colour: str


def list_renders(folder: Path) -> list[Render]:
    """The renders of a folder, sorted by name.

    A data set says which split each is of; other renders are told apart by style as `draws.of_split` does.

    Raises:
        MirrorError: there are none, or a label cannot be read.
    """
    found: list[Render] = []
    for path in sorted(folder.rglob("*.json")):
        if path.parent.name.startswith("."):
            continue
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            found += (
                _of_draw(folder, path, told) if path.name == "labels.json" else _of_view(folder, path, told)
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise MirrorError(
                f"{path} is no label of a render ({error}). Delete it, and make it again with: "
                "python -m train groom dataset"
            ) from None
    if not found:
        raise MirrorError(
            f"{folder} holds no renders. Make them with: python -m train groom dataset --out {folder}"
        )
    return sorted(found, key=lambda one: one.name)


def _of_draw(folder: Path, path: Path, told: dict[str, Any]) -> Iterator[Render]:
    for view in told["made"]:
        layers = path.with_name(view["file"])
        yield Render(
            layers, layers.relative_to(folder).as_posix(), told["split"], told["style"], told["head"],
            view["yaw"], view["pitch"], Camera.from_json(view["camera"]), told["colour_name"],
        )  # fmt: skip


def _of_view(folder: Path, path: Path, told: dict[str, Any]) -> Iterator[Render]:
    layers = path.with_suffix(".layers")
    split = SPLITS[1] if told["style"] in of_split(list(read_book()), SPLITS[1]) else SPLITS[0]
    yield Render(
        layers, layers.relative_to(folder).as_posix(), split, told["style"], told["head"], told["yaw"],
        told["pitch"], Camera.from_json(told["camera"]), told["colour"] or "",
    )  # fmt: skip
