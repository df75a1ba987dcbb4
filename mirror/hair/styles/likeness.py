"""Likeness: which styles of a book a stylist would call alike: in cut first, then in shape and colour."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import cv2
import numpy as np

from mirror.hair.styles.traits import GATHERED, PLAITED

# Thumbnails are looked at so small; so many grey levels apart from a bare head is hair; and so much counts
# its colour, which would part one cut into as many places as it has colours.
_SEEN, _SURE, _COLOUR = 16, 40.0, 0.02
BARE = "bald"  # the tag of a head without hair

# What the tags say of a cut, each as far apart as two outlines that differ as much as most do are 1 apart: a
# step of length is a third of that, gathered hair is another kind altogether.
_LENGTH = {
    "bald": 0.0, "shaved": 0.3, "short": 1.0, "pixie": 1.6, "chin": 2.6, "bob": 2.6, "lob": 3.4,
    "shoulder": 3.6, "up": 2.0, "long": 5.0,
}  # fmt: skip
_TEXTURE = {"straight": 0.0, "wavy": 1.0, "curly": 2.0, "coily": 2.6}
_KINDS: tuple[tuple[frozenset[str], float], ...] = (
    (GATHERED, 2.2),
    (frozenset({"bun"}), 0.3),
    (PLAITED, 1.1),
    (frozenset({"braids", "cornrows"}), 0.4),
    (frozenset({"hair loss", BARE}), 1.6),
    (frozenset({"fringe"}), 0.8),
    (frozenset({"volume"}), 0.2),
)
_STEP, _CURL, _OUTLINE = 0.5, 0.7, 0.7
# How high short hair stands: looked at twice as finely, in the middle of the uppermost rows. Of other hair it
# says little; it counts as if it stood so high.
_TOP, _STANDS, _LIES = np.s_[:3, 10:22], 0.45, 1.5
_SHORT = frozenset({"short", "pixie", "shaved"})


def appearance(thumbnails: Sequence[np.ndarray], tags: Sequence[Sequence[str]]) -> np.ndarray:
    """What is seen of each style, float64 (N, D): its length, its texture, whether it has a fringe, is
    gathered, plaited or lost, as its tags say; where in its thumbnail the hair is, and how high it stands;
    and, less, its colour.

    Two styles look as different as their rows are far apart. Codes would not do: a style that was grown has
    that of a painted one which is like it; and outlines alone take a tuft on top for a bun.

    Args:
        thumbnails: uint8 (h, w, 3) RGB each, of one head. tags: of each, or none at all; one may be of a bare
            head, else the first style stands in for that.
    """
    fine = [
        cv2.resize(one, (2 * _SEEN, 2 * _SEEN), interpolation=cv2.INTER_AREA).astype(np.float32)
        for one in thumbnails
    ]
    bare = fine[next((number for number, one in enumerate(tags) if BARE in one), 0)]
    given = [*map(frozenset, tags)] if len(tags) else [frozenset[str]()] * len(fine)
    cuts, outlines = [], []
    for one, said in zip(fine, given, strict=True):
        stands = np.clip(np.abs(one - bare).max(-1)[_TOP] / _SURE, 0, 1).max(1).sum()
        stands = stands if _SHORT.intersection(said) else _LIES
        cuts.append(np.append(_cut(said), _STANDS * stands))
        seen, head = _halved(one), _halved(bare)
        hair = np.clip(np.abs(seen - head).max(-1) / _SURE, 0, 1)
        colour = (seen * hair[..., None]).mean((0, 1)) / 255 * hair.size
        outlines.append(np.append(hair, _COLOUR * colour))
    found = np.stack(outlines).astype(np.float64)
    far = np.linalg.norm(found[:, None] - found[None], axis=-1)
    usual = float(np.median(far[far > 0])) if (far > 0).any() else 1.0
    return np.hstack([np.stack(cuts), _OUTLINE * found / usual])


def _halved(picture: np.ndarray) -> np.ndarray:
    return cv2.resize(picture, (_SEEN, _SEEN), interpolation=cv2.INTER_AREA)


def _cut(tags: Collection[str]) -> np.ndarray:
    """What tags say of a cut, float64 (9,): lengths and weights as above."""
    lengths = [value for tag, value in _LENGTH.items() if tag in tags]
    textures = [value for tag, value in _TEXTURE.items() if tag in tags]
    # Plaits are of coily hair; of what is clipped nothing is seen.
    plain = 2.6 if PLAITED.intersection(tags) else 0.0
    kinds = [weight if words.intersection(tags) else 0.0 for words, weight in _KINDS]
    length = float(np.mean(lengths)) if lengths else 2.0
    return np.array([_STEP * length, _CURL * (textures[0] if textures else plain), *kinds])


def by_likeness(seen: np.ndarray, number: int) -> tuple[int, ...]:
    """All styles, that of `number` first, then what is like it, down to what is least.

    Args:
        seen: as `appearance` returns it.

    Example:
        >>> by_likeness(np.array([[0.0], [5.0], [1.0]]), 0)
        (0, 2, 1)
    """
    far = np.linalg.norm(seen - seen[number], axis=1)
    far[number] = -1
    return tuple(int(place) for place in np.argsort(far, kind="stable"))
