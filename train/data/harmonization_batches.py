"""Batches for the harmonizer: heads with their own hair, and heads that wear what the mirror lays on them."""

from __future__ import annotations

import numpy as np

from mirror.core.errors import MirrorError
from train.data.batch_loader import Batch
from train.data.shards import NEARLY_BALD, Shards

NAMES = ("image", "beneath", "matte", "face", "valid", "person_beneath")
# Shares of the square: a head with less new hair teaches nothing of it.
_LITTLE = 0.03


class HarmonizationBatches:
    """Pairs of heads: one with its own hair, one that wears something.

    `image`, `beneath`, `matte`, `face`, `valid` are of the first; `under`, `worn` (N, 4, S, S), `worn_face`,
    `worn_valid`, `worn_person`, `own` (its own hair) and `seen` (its photograph) of the second. Half of
    both are mirrored.

    Args:
        shards: as `train.data.worn_shards` writes them. size: pairs a batch, all processes together.
        seed: of the random numbers.

    Raises:
        MirrorError: the shards do not say what people wear, or nobody wears anything.
    """

    def __init__(self, shards: Shards, size: int, *, seed: int = 0) -> None:
        self.shards, self.size, self._seed = shards, size, seed
        numbers = np.concatenate(shards.training())
        refuse_unworn(shards, numbers)
        self._haired = numbers[shards.hair_area[numbers] > NEARLY_BALD]
        self._worn = dressed(shards, numbers)
        if not len(self._worn) or not len(self._haired):
            raise MirrorError("Nobody in these shards wears anything. Make them with: python -m train wear")

    def make(self, step: int, progress: float, rows: range) -> Batch:
        """The pairs `rows` of the batch of a step."""
        items, files = [], []
        for row in rows:
            rng = np.random.default_rng((self._seed, step, row))
            own, other = (int(rng.choice(numbers)) for numbers in (self._haired, self._worn))
            items.append(
                _mirrored(told_own(self.shards, own), rng) | _mirrored(told_worn(self.shards, other), rng)
            )
            files.append(f"{self.shards.files[own]} and {self.shards.files[other]}")
        return Batch(stacked(items), files)


def refuse_unworn(shards: Shards, numbers: np.ndarray) -> None:
    """Raises MirrorError where shards lack what people wear."""
    for name in ("beneath", "under", "worn"):
        if shards.kind != "heads" or (lacking := shards.lacking(numbers, name)):
            where = f" ({lacking[0]} for one)" if shards.kind == "heads" else ""
            raise MirrorError(
                f"The harmonizer needs heads with {name}.npy, which these shards lack{where}. "
                "Make them with: python -m train teach, and then python -m train wear"
            )


def dressed(shards: Shards, numbers: np.ndarray) -> np.ndarray:
    """Of some numbers those of people who wear enough hair to learn from."""
    enough = [shards.array(int(n), "worn")[::4, ::4, 3].mean() / 255 > _LITTLE for n in numbers]
    return numbers[np.array(enough, bool)]


def told_own(shards: Shards, number: int) -> dict[str, np.ndarray]:
    """A head with its own hair."""
    return {name: shards.array(number, name) for name in NAMES}


def told_worn(shards: Shards, number: int) -> dict[str, np.ndarray]:
    """A head that wears something."""
    names = {"under": "under", "worn": "worn", "worn_face": "face", "worn_valid": "valid", "own": "matte",
             "worn_person": "person_beneath",
             "seen": "image"}  # fmt: skip
    return {name: shards.array(number, stored) for name, stored in names.items()}


def stacked(items: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Heads as one batch, (N, C, S, S) each."""
    arrays = {name: np.stack([item[name] for item in items]) for name in items[0]}
    return {
        name: array.transpose(0, 3, 1, 2) if array.ndim == 4 else array[:, None]
        for name, array in arrays.items()
    }


def _mirrored(item: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    if rng.random() < 0.5:
        return item
    return {name: array[:, ::-1] for name, array in item.items()}
