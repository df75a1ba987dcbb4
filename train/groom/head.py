"""Head: the mesh that hair is grown on, and the family of heads it may be."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from mirror.core.errors import MirrorError
from train.groom.morphs import ANCESTRIES, Morphs, load_morphs

CANONICAL = "canonical"
FAMILY = Path(__file__).with_name("head") / "family.toml"
# What a face of the mesh is part of, by its number in `Head.parts`; inside mouth, nose and lids nobody sees.
PARTS = ("skin", "eye", "ear", "inside")
# Albedo of skin, linear Rec.709, of each ancestry's middle; mixed by density of pigment (its logarithm).
_SKIN = {"african": (0.115, 0.060, 0.038), "asian": (0.46, 0.29, 0.20), "caucasian": (0.52, 0.33, 0.25)}


@dataclass(frozen=True)
class Head:
    """A head with ears, eyes, neck, shoulders and upper chest and back.

    Every head has the same vertices in the same order. Centimetres; x to the subject's left, y to the back, z
    up; the origin is the middle of the skull of the canonical head, and every head's cranium lies there.

    Attributes:
        name: as of `head_names`, or whatever a fit calls it.
        vertices: float32 (V, 3) cm.
        faces: int32 (F, 4), corners anticlockwise from outside; -1 in the last column for a triangle.
        canonical: float32 (V, 3) cm: the same vertices on the canonical head.
        landmarks: float32 (468, 3) cm, in MediaPipe's numbering, on the surface.
        skin: linear Rec.709 albedo, for previews.
        labels: what it was morphed by: `sex`, `age` in years, `weight`, shares of ancestry, axes.
        parts: uint8 (F,): index into `PARTS`.
    """

    name: str
    vertices: np.ndarray
    faces: np.ndarray
    canonical: np.ndarray
    landmarks: np.ndarray
    skin: tuple[float, float, float]
    labels: dict[str, float | str]
    parts: np.ndarray

    @property
    def triangles(self) -> np.ndarray:
        """The faces as triangles, int32 (T, 3)."""
        quads = self.faces[self.faces[:, 3] >= 0]
        return np.concatenate([self.faces[:, :3], quads[:, [0, 2, 3]]])


def head_names() -> list[str]:
    """The canonical head and those of the family, in order.

    Example:
        >>> head_names()[0]
        'canonical'
    """
    return [CANONICAL, *family_weights()]


def load_head(name: str = CANONICAL) -> Head:
    """A head by name.

    Raises:
        MirrorError: no head of that name; the mesh is missing or not the one it should be.
    """
    if name == CANONICAL:
        return morph_head({}, CANONICAL)
    family = family_weights()
    if name not in family:
        near = difflib.get_close_matches(name, head_names(), n=3, cutoff=0.4)
        raise MirrorError(f"No head is called {name!r}. Close to it: {', '.join(near or head_names())}.")
    return morph_head(family[name], name)


def morph_head(weights: Mapping[str, float], name: str = "") -> Head:
    """A head of any weights.

    Args:
        weights: by the names of `train.groom.morphs.Morphs.axes`; what is not named is as on the canonical
            head. If one of the shares of ancestry is named, all that are not are 0.

    Raises:
        MirrorError: no such axis; a weight out of its range; shares of ancestry that do not add up to 1.

    Example:
        >>> morph_head({"male": 1, "age": 60, "head-scale-horiz": 0.5}).landmarks.shape
        (468, 3)
    """
    return head_of(load_morphs(), weights, name)


def head_of(morphs: Morphs, weights: Mapping[str, float], name: str) -> Head:
    """A head of any mesh; see `morph_head`."""
    whole = morphs.complete(weights)
    vertices = morphs.shape(weights)
    shares = np.array([whole[one] for one in ANCESTRIES])
    skin = np.exp(shares @ np.log([_SKIN[one] for one in ANCESTRIES]))
    sex = "male" if whole["male"] > 0.5 else "female" if whole["male"] < 0.5 else "mixed"
    return Head(
        name,
        vertices,
        morphs.faces,
        morphs.shape({}),
        morphs.landmarks(vertices),
        (float(skin[0]), float(skin[1]), float(skin[2])),
        {"sex": sex, "weight": 0.0, **whole},
        morphs.parts,
    )


@cache
def family_weights() -> dict[str, dict[str, float]]:
    """The weights of each head of the family, by name."""
    with FAMILY.open("rb") as file:
        return tomllib.load(file)
