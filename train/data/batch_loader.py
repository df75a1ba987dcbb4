"""Training batches: made ahead of the network by threads, and the same whenever a step is made again.

What a batch holds follows from the seed and the number of its step alone. So a resumed run sees the
pictures that an uninterrupted one would have seen, and two processes together see what one would.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from mirror.core.errors import MirrorError
from train.data.augmentation import (
    Jitter,
    augment,
    cut_off,
    other_hair_colour,
    other_room,
    random_hole,
    small_alpha,
)
from train.data.foreground_objects import with_something_in_front
from train.data.hair_outlines import outlined
from train.data.hat_labels import hatted, without_hat
from train.data.hat_transfer import with_hat_of
from train.data.headbands import with_band
from train.data.loose_locks import with_loose_locks
from train.data.previous_matte import previous_matte
from train.data.shaded_sides import shaded_side_as_lit
from train.data.shards import Shards

AHEAD = 3
MAPS = ("matte", "valid", "face", "person", "hole", "held", "worn", "previous")
# How many heads in one get something in front, other hair colours, another room, are cut off by the
# picture's edge; how many wear a hat, are outlined by eye; how many hands are those of another portrait; how
# many bare heads are lent the hat of another portrait (two in three of them have too much hair for it).
FRONT, OTHER_COLOUR, OTHER_ROOM, CUT_OFF, HATS, BY_HAND = 0.35, 0.45, 0.25, 0.3, 0.05, 0.3
REAL_HANDS = 0.4
LENT_HATS = 0.12
# How many heads are lit from one side and labelled anew on the other (`train.data.shaded_sides`): at their
# own share of one in twelve a network that had learnt the teacher's fault unlearnt it on one ear in three.
SIDE_LIT = 0.25
# How many heads wear a band round the forehead, drawn (`train.data.headbands`), and how many have drawn loose
# locks (`train.data.loose_locks`): what ships learnt without these, and what learnt with them is not steadier
# yet (engines/MODEL_CARD.md).
BANDS, LOOSE = 0.02, 0.35


@dataclass(frozen=True)
class Batch:
    """Arrays by name, (N, C, H, W) uint8 or float32, and the file each picture came from."""

    arrays: dict[str, np.ndarray]
    files: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.files)


class Batches(Protocol):
    """Where batches come from: `size` pictures each, all processes together."""

    shards: Shards
    size: int

    def make(self, step: int, progress: float, rows: range) -> Batch:
        """The pictures `rows` of the batch of a step, `progress` (0 to 1) into the budget."""
        ...


@dataclass(frozen=True)
class Sampling:
    """How often which head is drawn.

    Attributes:
        second_set: share of pictures from the second folder at the start, 0 to 1; it falls to 0 by `until`.
        until: share of the budget, 0 to 1.
        bald: how often nearly bald heads are drawn, see `Shards.weights`.
        side_lit: beginnings of the names of pictures whose matte on the dark side of the face is that of the
            lit one, unless outlined by hand; faces turned too far for that are not drawn.
    """

    second_set: float = 0.0
    until: float = 0.6
    bald: float | None = None
    side_lit: tuple[str, ...] = ()


USUAL = Sampling()


class HeadBatches:
    """Augmented heads with their maps: image, matte, valid, face, shape and, if asked for, hole.

    Args:
        shards: where from.
        size: pictures a batch, all processes together.
        jitter: how strong the augmentation is.
        sampling: how often which head is drawn.
        hole: cut a hole for the painter too.
        scenes: make each head another scene for the matte network: now and then other hair colours, other
            rooms, the picture's edge, things held in front; `held`, `worn`, `previous` (the matte of the
            picture before) and, where the shards have it, `person` come with it. Heads with hats
            (`train.data.hat_labels`) and those outlined by eye (`train.data.hair_outlines`) are drawn more
            often than they are there; networks that paint hair never see hats.
        seed: of the random numbers.

    Raises:
        MirrorError: a folder has no picture of the split train, or the shards hold no heads.
    """

    def __init__(
        self, shards: Shards, size: int, *, jitter: Jitter, sampling: Sampling = USUAL, hole: bool = False,
        scenes: bool = False, seed: int = 0,
    ) -> None:  # fmt: skip
        if shards.kind != "heads":
            raise MirrorError(
                f"These shards hold already cropped {shards.kind}, without mattes. This network learns from "
                "faces that prepare has aligned; train autoencoder, vae or burgess on these."
            )
        self.shards, self.size, self._jitter, self._with_hole = shards, size, jitter, hole
        self._scenes, self._sampling, self._seed = scenes, sampling, seed
        self._numbers = shards.training()
        hats = hatted() | {name for name, outline in outlined().items() if outline.worn or outline.held}
        self._hatted = np.array([name in hats for name in shards.files])
        self._hats = [n for numbers in self._numbers for n in numbers if self._hatted[n]]
        self._by_hand = [n for numbers in self._numbers for n in numbers if shards.files[n] in outlined()]
        self._worn = self._outlined_with("worn")
        self._hands = self._outlined_with("held")
        self._side_lit = np.array([name.startswith(sampling.side_lit) for name in shards.files], bool)
        self._mended = [n for numbers in self._numbers for n in numbers if self._is_mended(int(n))]
        self._drawn = [np.cumsum(self._weights(n, sampling.bald)) for n in self._numbers]

    def make(self, step: int, progress: float, rows: range) -> Batch:
        """The pictures `rows` of the batch of a step, `progress` (0 to 1) into the budget."""
        items, files = [], []
        for row in rows:
            rng = np.random.default_rng((self._seed, step, row))
            number = self._pick(rng, progress)
            for rare, often in ((self._mended, SIDE_LIT), (self._hats, HATS), (self._by_hand, BY_HAND)):
                if self._scenes and rare and rng.random() < often:
                    number = int(rng.choice(rare))
            whole = self.shards[number]
            if (outline := outlined().get(self.shards.files[number])) is not None:
                whole = outline.on(whole)
            elif self._hatted[number]:
                whole = without_hat(whole)
            elif self._side_lit[number]:
                whole = shaded_side_as_lit(whole) or whole
            if self._scenes:
                whole = self._scene(whole, rng, progress)
            item = augment(whole, self._jitter, rng)
            if self._with_hole:
                other = self.shards.array(self._pick(rng, progress), "matte")
                other = small_alpha(np.ascontiguousarray(other[:, ::-1]) if rng.random() < 0.5 else other)
                item["hole"] = random_hole(small_alpha(item["matte"]), other, self.shards.side, rng)
            if self._scenes:
                if rng.random() < FRONT:
                    pattern = self.shards.array(self._pick(rng, progress), "image")
                    item = with_something_in_front(item, rng, pattern, self._hand(rng))
                item = {name: np.zeros_like(item["matte"]) for name in ("held", "worn")} | item
                item["previous"] = previous_matte(item["matte"], rng)
            items.append(item)
            files.append(self.shards.files[number])
        arrays = {"image": np.stack([i["image"] for i in items]).transpose(0, 3, 1, 2)}
        # A folder of other pictures may lack the mask of the person: then no picture of the batch has it.
        maps = [
            n
            for n in MAPS
            if all(n in i for i in items) and (self._scenes or self._with_hole or n != "person")
        ]
        arrays |= {name: np.stack([i[name] for i in items])[:, None] for name in maps}
        arrays["shape"] = np.stack([i["shape"] for i in items])
        return Batch(arrays, files)

    def _is_mended(self, number: int) -> bool:
        """Whether a head is lit from one side and its dark side is labelled as the lit one."""
        if not self._side_lit[number] or self._hatted[number]:
            return False
        whole = self.shards[number]
        mended = shaded_side_as_lit(whole)
        return mended is not None and mended is not whole

    def _weights(self, numbers: np.ndarray, bald: float | None) -> np.ndarray:
        """How often each picture is drawn, adding up to 1: none with a hat, where there are others."""
        unlabelled = [self._side_lit[n] and shaded_side_as_lit(self.shards[int(n)]) is None for n in numbers]
        weights = self.shards.weights(numbers, bald)
        weights = np.where(self._hatted[numbers] | np.array(unlabelled, bool), 0, weights)
        total = weights.sum()
        return weights / total if total > 0 else self.shards.weights(numbers, bald)

    def _scene(self, item: dict[str, np.ndarray], rng: np.random.Generator, progress: float) -> dict:
        """A head as prepared, now and then with hair of another colour, in another room, or cut off."""
        if self._worn and "worn" not in item and rng.random() < LENT_HATS:
            item = with_hat_of(item, *self._outlined(self._worn, "worn", rng), rng)
        elif "worn" not in item and rng.random() < BANDS:
            item = with_band(item, self.shards.array(self._pick(rng, progress), "image"), rng)
        if rng.random() < LOOSE:
            item = with_loose_locks(item, rng)
        if rng.random() < OTHER_COLOUR:
            item = other_hair_colour(item, rng)
        if "person" in item and rng.random() < OTHER_ROOM:
            other = self.shards[self._pick(rng, progress)]
            if "person" in other:
                item = other_room(item, other, rng)
        if rng.random() < CUT_OFF:
            item = cut_off(item, rng)
        return item

    def _hand(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray] | None:
        """Now and then a hand on another portrait: that picture, and the alpha of the hand."""
        if not self._hands or rng.random() > REAL_HANDS:
            return None
        return self._outlined(self._hands, "held", rng)

    def _outlined_with(self, what: str) -> list[int]:
        """The training portraits on which `what`, "worn" or "held", is outlined by eye."""
        names = {name for name, outline in outlined().items() if getattr(outline, what)}
        return [n for numbers in self._numbers for n in numbers if self.shards.files[n] in names]

    def _outlined(
        self, numbers: list[int], what: str, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """One of these portraits, uint8 (S, S, 3), and the alpha of what is worn or held there."""
        number = int(rng.choice(numbers))
        outline = outlined()[self.shards.files[number]]
        alpha = (outline.hat if what == "worn" else outline.hand)(self.shards.side)
        return self.shards.array(number, "image"), np.round(alpha * 255).astype(np.uint8)

    def _pick(self, rng: np.random.Generator, progress: float) -> int:
        mix = self._sampling
        share = mix.second_set * max(0.0, 1 - progress / mix.until) if mix.until else 0
        which = 1 if len(self._numbers) > 1 and rng.random() < share else 0
        place = int(np.searchsorted(self._drawn[which], rng.random(), side="right"))
        # Rounding may leave the last sum a little under 1.
        return int(self._numbers[which][min(place, len(self._numbers[which]) - 1)])


class PictureBatches:
    """Whole pictures as they are, mirrored half the time: image and valid.

    Every training picture is seen once before any is seen again.

    Args:
        shards: where from; all folders alike.
        size: pictures a batch, all processes together.
        seed: of the order and of the mirroring.

    Raises:
        MirrorError: a folder has no picture of the split train.
    """

    def __init__(self, shards: Shards, size: int, *, seed: int = 0) -> None:
        self.shards, self.size, self._seed = shards, size, seed
        self._numbers = np.concatenate(shards.training())
        self._orders: dict[int, np.ndarray] = {}

    def make(self, step: int, progress: float, rows: range) -> Batch:
        """The pictures `rows` of the batch of a step."""
        side = self.shards.side
        image = np.empty((len(rows), side, side, 3), np.uint8)
        valid = np.empty((len(rows), 1, side, side), np.uint8)
        flips = np.random.default_rng((self._seed, step, 1)).random(self.size) < 0.5
        files = []
        for i, row in enumerate(rows):
            number = self._number(step * self.size + row)
            turn = -1 if flips[row] else 1
            image[i] = self.shards.array(number, "image")[:, ::turn]
            valid[i, 0] = self.shards.array(number, "valid")[:, ::turn]
            files.append(self.shards.files[number])
        return Batch({"image": image.transpose(0, 3, 1, 2), "valid": valid}, files)

    def _number(self, place: int) -> int:
        epoch, at = divmod(place, len(self._numbers))
        order = self._orders.get(epoch)
        if order is None:
            order = np.random.default_rng((self._seed, epoch, 2)).permutation(self._numbers)
            # A copy, so that threads at work in the epoch before keep theirs.
            self._orders = {e: o for e, o in self._orders.items() if e >= epoch - 1} | {epoch: order}
        return int(order[at])


def ahead(
    batches: Batches, start: int, progress: Callable[[int], float], rows: range,
    threads: int = 1,
) -> Generator[Batch, None, None]:  # fmt: skip
    """Endless batches from step `start` on, made by `threads` threads while the network works.

    Args:
        progress: step -> share of the budget that will be spent then.
        rows: which pictures of each batch this process takes.
    """
    pool = ThreadPoolExecutor(threads, thread_name_prefix="batches")
    waiting: deque[Future[Batch]] = deque()
    step = start
    try:
        while True:
            while len(waiting) < AHEAD + threads - 1:
                waiting.append(pool.submit(batches.make, step, progress(step), rows))
                step += 1
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
