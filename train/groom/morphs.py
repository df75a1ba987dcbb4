"""The base mesh of a head and its morph targets, out of one checked file; and weights that shape it.

A target moves some vertices of the base; shapes add up. Targets come in pairs (narrower and wider, one a side
of the face), and a pair is one axis here, -1 to 1, named after what it does above zero where that is not
simply more. Sex, age, ancestry and weight are mixed of the targets of whole people.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from mirror.core.errors import MirrorError

ASSET = Path(__file__).with_name("head") / "head.safetensors"
ASSET_SHA256 = "1916c5084483aceb80b3615e38a5b65df674460c4e6836170419b2e2fba9cfe9"

NO_CORNER = np.iinfo(np.uint16).max  # in the file: a triangle's fourth

ANCESTRIES = ("african", "asian", "caucasian")
SEXES = ("female", "male")
# The targets of whole people are of these ages, in years; between them shapes are mixed in proportion, and
# below the first the way from 25 to 11 is carried on.
AGES = {"child": 11.0, "young": 25.0, "old": 90.0}
CANONICAL_WEIGHTS = {"male": 0.5, "age": 25.0, **{one: 1 / 3 for one in ANCESTRIES}}

# What tells the two ends of a pair of targets apart: the end below zero, the end above.
ENDS = (
    ("decr", "incr"), ("down", "up"), ("in", "out"), ("backward", "forward"), ("concave", "convex"),
    ("compress", "uncompress"),
)  # fmt: skip
# Axes whose targets go beyond what heads are like, and how far of them is used.
LIMITS = {
    "forehead-nubian": 0.25, "forehead-scale-vert": 0.5, "head-back-scale-depth": 0.6,
    "nose-point-up": 0.6, "ear-trans-up": 0.4, "head-angle-out": 0.5,
}  # fmt: skip


@dataclass(frozen=True)
class Axis:
    """One way in which a head varies.

    Attributes:
        low, high: the least and the most of it; without unit unless `unit` says so.
        less, more: names of the targets below and above zero (one, or one a side of the face).
    """

    low: float
    high: float
    unit: str = ""
    less: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Morphs:
    """The base mesh and its targets.

    Attributes:
        base: float32 (V, 3) cm, the mesh that targets are added to; axes as of `train.groom.head.Head`.
        faces: int32 (F, 4), -1 in the last column for a triangle.
        parts: uint8 (F,), see `train.groom.head.PARTS`.
        anchor: int32 (N,), vertices of the cranium: their mean stays where it is, whatever the head is like.
        landmark_corners: int32 (468, 3) vertices; landmark_weights: float32 (468, 3), their shares.
        targets: by name, the vertices moved, int32 (M,), and their shifts, float32 (M, 3) cm.
    """

    base: np.ndarray
    faces: np.ndarray
    parts: np.ndarray
    anchor: np.ndarray
    landmark_corners: np.ndarray
    landmark_weights: np.ndarray
    targets: Mapping[str, tuple[np.ndarray, np.ndarray]]

    def shape(self, weights: Mapping[str, float]) -> np.ndarray:
        """Vertices of the head that these weights make: float32 (V, 3) cm, its cranium at the origin.

        Args:
            weights: by the names of `axes`; what is not named is 0, or that of the canonical head.

        Raises:
            MirrorError: no such axis; a weight out of its range; shares of ancestry that do not add up to 1.
        """
        vertices = self._mixed(CANONICAL_WEIGHTS)
        held = vertices[self.anchor].mean(0)
        vertices = self._mixed(self.complete(weights))
        return (vertices - (vertices[self.anchor].mean(0) - held)).astype(np.float32)

    def landmarks(self, vertices: np.ndarray) -> np.ndarray:
        """Where the landmarks lie on these vertices, (V, 3) to float32 (468, 3)."""
        corners = vertices[self.landmark_corners]
        return np.einsum("nkd,nk->nd", corners, self.landmark_weights).astype(np.float32)

    @cached_property
    def axes(self) -> dict[str, Axis]:
        """What `shape` knows, by name: sex, age, ancestry and weight, and every pair of targets."""
        found = {
            "male": Axis(0, 1), "age": Axis(6, 85, " years"), "weight": Axis(-1, 1),
            **{one: Axis(0, 1) for one in ANCESTRIES},
        }  # fmt: skip
        ends: dict[str, tuple[list[str], list[str]]] = {}
        for name in self.targets:
            if _is_macro(name):
                continue
            plain = name[2:] if name.startswith(("l-", "r-")) else name
            axis, upwards = plain, True
            stem, _, end = plain.rpartition("-")
            for less, more in ENDS:
                if end in (less, more):
                    axis, upwards = (stem if more == "incr" else f"{stem}-{more}"), end == more
            ends.setdefault(axis, ([], []))[upwards].append(name)
        for axis, (below, above) in sorted(ends.items()):
            limit = LIMITS.get(axis, 1.0)
            found[axis] = Axis(
                -limit if below else 0.0, limit if above else 0.0, "", tuple(below), tuple(above)
            )
        return found

    def complete(self, weights: Mapping[str, float]) -> dict[str, float]:
        """Weights with what was not named, checked; see `shape`."""
        known = self.axes
        for name, value in weights.items():
            if name not in known:
                near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
                raise MirrorError(
                    f"A head has no axis {name!r}. "
                    + (f"Close to it: {', '.join(near)}." if near else f"It has {', '.join(known)}.")
                )
            axis = known[name]
            if not axis.low <= value <= axis.high:
                raise MirrorError(
                    f"{name} is {value:g}; it goes from {axis.low:g} to {axis.high:g}{axis.unit}."
                )
        whole = {**CANONICAL_WEIGHTS, **weights}
        if any(one in weights for one in ANCESTRIES):
            whole |= {one: weights.get(one, 0.0) for one in ANCESTRIES}
            total = sum(whole[one] for one in ANCESTRIES)
            if abs(total - 1) > 1e-3:
                raise MirrorError(
                    f"The shares of {', '.join(ANCESTRIES)} add up to {total:g}; they must add up to 1."
                )
        return whole

    def shares(self, weights: Mapping[str, float]) -> dict[str, float]:
        """How much of each target a complete set of weights takes."""
        shares: dict[str, float] = {}
        ages = _age_shares(weights["age"])
        sexes = {"male": weights["male"], "female": 1 - weights["male"]}
        for ancestry, sex, age in product(ANCESTRIES, SEXES, AGES):
            shares[f"{ancestry}-{sex}-{age}"] = weights[ancestry] * sexes[sex] * ages[age]
        weight = weights.get("weight", 0.0)
        end = "maxweight" if weight > 0 else "minweight"
        for sex, age in product(SEXES, AGES):
            shares[f"universal-{sex}-{age}-averagemuscle-{end}"] = abs(weight) * sexes[sex] * ages[age]
        known = self.axes
        for name, value in weights.items():
            for target in known[name].more if value > 0 else known[name].less:
                shares[target] = abs(value)
        return {name: share for name, share in shares.items() if share}

    def _mixed(self, weights: Mapping[str, float]) -> np.ndarray:
        vertices = self.base.astype(np.float64)
        for name, share in self.shares(weights).items():
            moved, shifts = self.targets[name]
            vertices[moved] += share * shifts
        return vertices


@cache
def load_morphs() -> Morphs:
    """The shipped mesh.

    Raises:
        MirrorError: the file is missing, or not the one it should be.
    """
    again = "Restore train/groom/head from the project's source, or make it: python -m train.groom.make_head"
    try:
        digest = hashlib.sha256(ASSET.read_bytes()).hexdigest()
    except OSError as error:
        raise MirrorError(f"{ASSET}: the head's mesh cannot be read ({error.strerror}). {again}") from None
    if digest != ASSET_SHA256:
        raise MirrorError(
            f"{ASSET}: the head's mesh has SHA-256 {digest[:12]}..., not {ASSET_SHA256[:12]}... "
            f"(truncated, damaged, replaced). {again}"
        )
    return read_morphs(ASSET)


def read_morphs(path: Path) -> Morphs:
    """A file that `train.groom.make_head` wrote.

    Raises:
        MirrorError: not such a file.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            names = json.loads(file.metadata()["targets"])
        starts = found["start"].astype(np.int64)
        targets = {
            name: (
                found["index"][low:high].astype(np.int32),
                found["shift"][low:high].astype(np.float32) * found["scale"][number],
            )
            for number, (name, low, high) in enumerate(zip(names, starts[:-1], starts[1:], strict=True))
        }
        faces = found["faces"].astype(np.int32)
        return Morphs(
            found["base"], np.where(faces == NO_CORNER, -1, faces), found["parts"],
            found["anchor"].astype(np.int32), found["landmark_corners"].astype(np.int32),
            found["landmark_weights"], targets,
        )  # fmt: skip
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise MirrorError(f"{path}: not a head's mesh: {error}") from None


def _age_shares(age: float) -> dict[str, float]:
    if age <= AGES["young"]:
        old, young = 0.0, (age - AGES["child"]) / (AGES["young"] - AGES["child"])
    else:
        old = (age - AGES["young"]) / (AGES["old"] - AGES["young"])
        young = 1 - old
    return {"child": 1 - young - old, "young": young, "old": old}


def _is_macro(name: str) -> bool:
    return name.startswith("universal-") or name.split("-")[0] in ANCESTRIES
