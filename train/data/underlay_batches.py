"""Training batches for the underlay network: heads behind the hair of others.

Pairs (`train.data.hair_pairs`) have hair over them already, and what lies beneath it is known to the pixel:
there the network meets hair with its shadow and its single strands around it, as at the mirror. Plain heads
stand in other rooms, too, photographed or drawn: there it is known what is behind their own hair, where a
teacher has said how far a head reaches (`train.data.taught_shards`).
"""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.head_space import EYE_CENTRE
from train.data.augmentation import (
    Jitter,
    augment,
    before_wall,
    piece_of_room,
    random_hole,
    small_alpha,
)
from train.data.batch_loader import Batch
from train.data.drawn_rooms import drawn_room
from train.data.hair_outlines import outlined
from train.data.shards import NEARLY_BALD, Shards

NAMES = ("matte", "valid", "face", "person", "known", "hole")
# What a pair says besides the picture before its hair, `beneath`.
PAIR_MAPS = ("known", "person_beneath")
# Of 255: hair fainter than this is none, and so is a person.
_FAINT, _NOBODY = 12, 20
# How many stand in another room, and how many of these rooms are drawn: those of portraits are out of focus.
OTHER_ROOM, DRAWN = 0.55, 0.65
# Rooms that are drawn, each when it is first wanted: 30 ms, and at 256 pixels 0.2 MB in each process.
ROOMS = 2000
# Rows, shares of the side, from which on hair counts as long; the share of hair there, up to which neck and
# shoulders are as good as bare; and how often those are drawn that have more.
_BELOW, _BARE, _COVERED = 0.6, 0.03, 0.3
# How often one is drawn who is as good as bald: of everybody else what is beneath the crown is only guessed.
_BALD = 5.0


def refuse_without_people(shards: Shards, numbers: np.ndarray) -> None:
    """Raises MirrorError where pictures have no masks of the person, or pairs do not say what hair hides."""
    if shards.kind != "heads" or (lacking := shards.lacking(numbers, "person")):
        where = f" ({lacking[0]} for one)" if shards.kind == "heads" else ""
        raise MirrorError(
            f"The underlay network needs heads with masks of the person, which these shards lack{where}. "
            "Prepare the photographs with MediaPipe 0.10.21, which carries the model for it."
        )
    for name in PAIR_MAPS:
        if lacking := shards.lacking(numbers, name, beside="beneath"):
            raise MirrorError(
                f"{lacking[0]} holds pairs without {name}.npy: an earlier version made them. A pair needs "
                f"beneath, {' and '.join(PAIR_MAPS)}. Delete {lacking[0].parent} and prepare them again: "
                "python -m train prepare --groom RENDERS"
            )


class UnderlayBatches:
    """Augmented heads, each with the hole that another head's hair would leave.

    `beneath` is what a batch's network is to paint and `known`, 0 to 255, where that is so: of plain heads
    `image` itself, away from their hair; of pairs the picture before the new hair, whose `person` is that of
    the same picture. `matte` is the hair of `image`.

    Args:
        shards: where from; with masks of the person.
        size: pictures a batch, all processes together.
        seed: of the random numbers.

    Raises:
        MirrorError: there is no picture of the split train, or none with a mask of the person.
    """

    def __init__(self, shards: Shards, size: int, *, seed: int = 0) -> None:
        self.shards, self.size, self._seed = shards, size, seed
        numbers = np.concatenate(shards.training())
        refuse_without_people(shards, numbers)
        first = round(_BELOW * shards.side)
        low = np.array([shards.array(int(n), "matte")[first::4, ::4].mean() / 255 for n in numbers])
        self._numbers = numbers
        bald = shards.hair_area[numbers] < NEARLY_BALD
        self._bare = np.cumsum(np.where(bald, _BALD, np.where(low < _BARE, 1.0, _COVERED)))
        self._long = np.cumsum(np.clip(low, 0.01, 0.3))

    def make(self, step: int, progress: float, rows: range) -> Batch:
        """The pictures `rows` of the batch of a step."""
        items, files = [], []
        for row in rows:
            rng = np.random.default_rng((self._seed, step, row))
            number = self._pick(rng, self._bare)
            whole = self._head(number)
            # A pair keeps its room: behind its strands the wall of `image` would stay.
            if rng.random() < OTHER_ROOM and "own" not in whole:
                room = self._room(rng)
                whole = in_room(whole, room)
            item = with_truth(whole, rng)
            other = self.shards.array(self._pick(rng, self._long), "matte")
            other = small_alpha(np.ascontiguousarray(other[:, ::-1] if rng.random() < 0.5 else other))
            hole = random_hole(small_alpha(item["matte"]), moved(other, rng), self.shards.side, rng)
            item["hole"] = (hole * 255).astype(np.uint8)
            items.append(item)
            files.append(self.shards.files[number])
        arrays = {
            name: np.stack([i[name] for i in items]).transpose(0, 3, 1, 2) for name in ("image", "beneath")
        }
        arrays |= {name: np.stack([i[name] for i in items])[:, None] for name in NAMES}
        return Batch(arrays, files)

    def _room(self, rng: np.random.Generator) -> np.ndarray:
        if rng.random() < DRAWN:
            return moved_room(_room(int(rng.integers(ROOMS)), self.shards.side), rng)
        return piece_of_room(self._head(self._pick(rng, self._bare)), rng)

    def _head(self, number: int) -> dict[str, np.ndarray]:
        item = self.shards[number]
        if (outline := outlined().get(self.shards.files[number])) is not None:
            item = outline.on(item)
        return item

    def _pick(self, rng: np.random.Generator, drawn: np.ndarray) -> int:
        place = int(np.searchsorted(drawn, rng.random() * drawn[-1], side="right"))
        return int(self._numbers[min(place, len(drawn) - 1)])


@lru_cache(ROOMS)
def _room(number: int, side: int) -> np.ndarray:
    return drawn_room(side, np.random.default_rng(number))


def moved_room(room: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A drawn room, another part of it: uint8 (S, S, 3)."""
    side = len(room)
    size = int(side * rng.uniform(0.6, 1))
    x, y = rng.integers(0, side - size + 1, 2)
    part = room[y : y + size, x : x + size]
    if rng.random() < 0.5:
        part = part[:, ::-1]
    return cv2.resize(np.ascontiguousarray(part), (side, side), interpolation=cv2.INTER_LINEAR)


def in_room(item: dict[str, np.ndarray], room: np.ndarray) -> dict[str, np.ndarray]:
    """A person before another wall, uint8 (S, S, 3), which is known behind own hair, too.

    Args:
        item: with the map `person`; where a teacher said what own hair hides (`beneath`), that is kept of
            the person alone.
    """
    seen = np.maximum(item["person"], item["matte"])
    out = item | {"image": before_wall(item["image"], seen, room, item["valid"])}
    if "beneath" in item:
        body = item["person_beneath"]
        out["beneath"] = before_wall(item["beneath"], body, room, item["valid"])
        out["known"] = np.where(body > _NOBODY, item["known"], 255).astype(np.uint8)
    return out


def truth_of(item: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What lies beneath the hair of a prepared head, and where that is known.

    Args:
        item: a head or a pair as prepared, or a head that was augmented.

    Returns:
        `beneath` uint8 (S, S, 3), `known` uint8 (S, S), 255 where it is, if the picture reaches so far
        (`valid`), and `person` of the same picture.
    """
    if "beneath" in item:
        return {
            "beneath": item["beneath"], "known": item["known"], "person": item["person_beneath"],
        }  # fmt: skip
    hair = cv2.dilate(item["matte"], np.ones((3, 3), np.uint8)) > _FAINT
    known = np.where(hair, 0, 255).astype(np.uint8)
    return {"beneath": item["image"], "known": known, "person": item["person"]}


def with_truth(item: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """A prepared head, augmented, with what `truth_of` says of it, moved and coloured alike."""
    if "beneath" not in item:
        out = augment(item, Jitter(), rng)
        return out | truth_of(out)
    same = deepcopy(rng)
    out = augment(item, Jitter(), rng)
    beneath = augment(item | {"image": item["beneath"]}, Jitter(), same)
    return out | truth_of(out | {"beneath": beneath["image"]})


def moved(alpha: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Hair a little wider or narrower, longer or shorter, float32 (64, 64)."""
    side = len(alpha)
    wide, long = np.exp(rng.normal(0, 0.15, 2))
    middle, top = (side - 1) / 2, EYE_CENTRE[1] * side
    matrix = np.array([[wide, 0, middle - wide * middle + rng.normal(0, 2)], [0, long, top - long * top]])
    return cv2.warpAffine(alpha, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE)
