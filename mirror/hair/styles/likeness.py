"""Likeness: which styles of a book are alike to a person's eye."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

# Thumbnails are looked at so small; so many grey levels apart from a bare head is hair; and so much counts
# its colour, which would part one cut into as many places as it has colours.
_SEEN, _SURE, _COLOUR = (16, 16), 40.0, 0.02
BARE = "bald"  # the tag of a head without hair


def appearance(thumbnails: Sequence[np.ndarray], tags: Sequence[Sequence[str]]) -> np.ndarray:
    """What is seen of each style: where its hair is, and, less, its colour. float64 (N, D).

    Two styles look as different as their rows are far apart. Codes would not do: a style that was grown has
    that of a painted one which is like it.

    Args:
        thumbnails: uint8 (h, w, 3) RGB each, of one head. tags: of each; one may be of a bare head, else the
            first style stands in for that.
    """
    small = [cv2.resize(one, _SEEN, interpolation=cv2.INTER_AREA).astype(np.float64) for one in thumbnails]
    bare = small[next((number for number, one in enumerate(tags) if BARE in one), 0)]
    found = []
    for one in small:
        hair = np.clip(np.abs(one - bare).max(-1) / _SURE, 0, 1)
        colour = (one * hair[..., None]).mean((0, 1)) / 255 * hair.size
        found.append(np.append(hair, _COLOUR * colour))
    return np.stack(found)


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
