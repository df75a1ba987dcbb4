"""Pairs: a real person with short or no hair, and the same picture with grown hair laid over.

What a matte cannot know of a photograph is known here: how much of each pixel is hair, to the strand, and
what lies beneath it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.face import Face
from mirror.core.head_space import EYE_DISTANCE, HeadTransform, crop
from train.data.dataset_layouts import Picture
from train.groom.camera import EYE_DISTANCE as PORTRAIT_EYES
from train.groom.head import load_head
from train.groom.lay_over import LaidOver, lay_in_own_light
from train.groom.renders import Render, list_renders
from train.groom.stored import load_layers
from train.groom.warp import moved_layers, movement, stretch
from train.groom.wear import Chair, Seated
from train.pictures.reading import read_picture

# A person may be turned otherwise than the head that was rendered by so many degrees: beyond it the far side
# of a style would have to be seen that the render does not show.
TURN = 8.0
# Of the square, the share of a person's own hair, and of the part below the eyes, with which it still counts
# as short.
SHORT, BELOW = 0.10, 0.01
# Own hair fainter than this is none; new hair denser than this hides what was there.
FAINT, HIDES = 0.02, 0.98
# A warp under which a pixel becomes so many times larger or smaller, or which folds, changes strands.
STRETCHED = (0.25, 4.0)
# The square is cut out at twice the side and halved by area, or fine strands would be skipped.
FINER = 2
# How splits of people go with splits of renders.
RENDERS_OF = {"train": "train", "val": "held_out", "test": "held_out"}


@dataclass(frozen=True, slots=True)
class Pair(Picture):
    """A photograph and which of its renders is laid over it; `name` ends in + and that number."""

    number: int = 0

    @property
    def path(self) -> Path:
        return Path(self.folder, photograph_of(self.name))


def photograph_of(name: str) -> str:
    """The photograph's name of a pair's.

    Example:
        >>> photograph_of("set/anna.jpg+2")
        'set/anna.jpg'
    """
    return name.rpartition("+")[0]


def pairs_of(pictures: Sequence[Picture], each: int) -> list[Pair]:
    """So many pairs of each photograph."""
    return [
        Pair(one.folder, f"{one.name}+{number}", one.split, one.person or one.name, one.values, number)
        for one in pictures
        for number in range(each)
    ]


@dataclass(frozen=True)
class Dressed:
    """Arrays of a pair, and what is to be known of it: style, render, colour."""

    arrays: dict[str, np.ndarray]
    said: Mapping[str, object]


class Dresser:
    """Lays renders over people.

    Args:
        folder: of renders. side: pixels of the square.
        chair: where people sit; None: one of its own.

    Raises:
        MirrorError: no renders, or they are too small for the square.
    """

    def __init__(self, folder: Path, side: int, chair: Chair | None = None) -> None:
        self.renders = list_renders(folder)
        self._side = side
        wanted = EYE_DISTANCE * side
        if (has := PORTRAIT_EYES * min(one.camera.size[0] for one in self.renders)) < wanted:
            raise MirrorError(
                f"Renders in {folder} have {has:.0f} pixels between the eyes, a square of {side} has "
                f"{wanted:.0f}: strands would be made up. Give a smaller --side, or render larger."
            )
        self._chair = chair or Chair()
        self._seat = lru_cache(1)(self._seated)

    def dress(self, pair: Pair, prepared: dict[str, np.ndarray]) -> Dressed | str:
        """The pair's arrays, or in a few words why there is none.

        Args:
            prepared: of the photograph: image, matte (own hair), valid, and, where known, person.

        Returns:
            Besides all that is prepared: `image` with the new hair, `matte` its alpha, `beneath` the picture
            before it, `known` (255 where that is the camera's and nobody's hair), `own` the hair that the
            person has and, where `person` is known, `person_beneath`, which is that without the new hair;
            `valid` is 0 where own hair was taken away and is not hidden.
        """
        own = prepared["matte"].astype(np.float32) / 255
        low = own[round(0.6 * len(own)) :]
        if own.mean() > SHORT or low.mean() > BELOW:
            return f"much hair: {own.mean():.3f} of the square, {low.mean():.3f} below the eyes"
        seated = self._seat(pair.path)
        if isinstance(seated, str):
            return seated
        face = Face(seated.sitter.landmarks)
        render = self.choose(pair, *face.pose[:2])
        if render is None:
            return "no further render of a head so turned"
        laid = self._lay(seated, render, pair.number)
        if isinstance(laid, str):
            return laid
        arrays = self._arrays(laid, seated.sitter.picture, HeadTransform.from_face(face), prepared)
        said = {"render": render.name, "style": render.style, "hair colour": render.colour}
        return Dressed(arrays, said)

    def choose(self, pair: Pair, yaw: float, pitch: float) -> Render | None:
        """The pair's render: of its split, of a head turned alike; no two pairs of a photograph share one."""
        wanted = RENDERS_OF[pair.split]
        near = [
            one
            for one in self.renders
            if one.split == wanted and abs(one.yaw - yaw) <= TURN and abs(one.pitch - pitch) <= TURN
        ]
        seed = hashlib.sha256(photograph_of(pair.name).encode()).digest()[:8]
        order = np.random.default_rng(int.from_bytes(seed, "big")).permutation(len(near))
        # A style once, before any comes again.
        first: dict[str, int] = {}
        turns = []
        for number in order:
            style = near[number].style
            first[style] = first.get(style, 0) + 1
            turns.append(first[style])
        order = order[np.argsort(turns, kind="stable")]
        return near[order[pair.number]] if pair.number < len(order) else None

    def _seated(self, path: Path) -> Seated | str:
        photograph = read_picture(path)
        return photograph if isinstance(photograph, str) else self._chair.seat(photograph)

    def _lay(self, seated: Seated, render: Render, seed: int) -> LaidOver | str:
        head, fit = load_head(render.head), seated.fit
        moved = movement(head, render.camera, fit.head, seated.camera, fit.size)
        layers = moved_layers(load_layers(render.path), moved)
        grown = cv2.dilate(np.maximum(layers.front[..., 3], 0), np.ones((5, 5))) > FAINT
        area = stretch(moved)[grown] * (fit.size[0] / render.camera.size[0]) ** 2
        if area.size and not (STRETCHED[0] < area.min() and area.max() < STRETCHED[1]):
            low, high = STRETCHED
            return (
                f"the warp changes strands: areas by {area.min():.2f} to {area.max():.2f}, and {low:g} to "
                f"{high:g} will do: the heads are of other proportions"
            )
        return lay_in_own_light(seated.sitter, layers, head, seed)

    def _arrays(
        self, laid: LaidOver, seen: np.ndarray, square: HeadTransform, prepared: dict[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        def cut(picture: np.ndarray) -> np.ndarray:
            large = crop(picture, square, FINER * self._side)
            return cv2.resize(large, (self._side, self._side), interpolation=cv2.INTER_AREA)

        alpha = cut(laid.alpha)
        near = cv2.dilate(prepared["matte"].astype(np.float32) / 255, np.ones((5, 5)))
        changed = cut((laid.beneath != seen).any(-1).astype(np.float32)) > 0
        bare = (near < FAINT) & (prepared["valid"] > 127) & ~changed
        told = (near < FAINT) | (alpha > HIDES)
        cover = np.round(alpha * 255).astype(np.uint8)
        arrays = {
            **prepared,
            "image": cut(laid.picture),
            "matte": cover,
            "valid": np.where(told, prepared["valid"], 0).astype(np.uint8),
            "beneath": cut(laid.beneath),
            "known": (bare * 255).astype(np.uint8),
            "own": prepared["matte"],
        }
        if "person" in prepared:
            arrays["person"] = np.maximum(prepared["person"], cover)
            arrays["person_beneath"] = prepared["person"]
        return arrays


def refuse_unpaired(pairs: Sequence[Pair], renders: Sequence[Render]) -> None:
    """Raises MirrorError where people of a split that is there have no renders of theirs."""
    there = {one.split for one in renders}
    for split in sorted({one.split for one in pairs}):
        if RENDERS_OF[split] not in there and split == "train":
            raise MirrorError(
                f"No render is of the split {RENDERS_OF[split]}, so people of the split {split} get no hair. "
                "Render some: python -m train groom dataset"
            )
