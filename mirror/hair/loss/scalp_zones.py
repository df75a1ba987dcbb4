"""Scalp zones: the parts of a scalp that are spoken of one by one, and how much of a place belongs to each.

They lie on the skull (`mirror.hair.loss.skull_coordinates`), so they turn with the head. A camera in front
sees front and temples whole, of the mid-scalp what is not behind the curve of the head, and of the crown
hardly more than its edge, unless the head is bowed.
"""

from __future__ import annotations

import numpy as np

from mirror.hair.loss.skull_coordinates import SkullCoordinates
from mirror.translation.message import Message

# In the order in which they are spoken of: as surgeons divide the top of a head, from the hairline back. The
# temples are the two corners beside the front.
ZONES: tuple[str, ...] = (Message("Front"), Message("Temples"), Message("Mid-scalp"), Message("Crown"))
# Where each ends towards the back, degrees (see `SkullCoordinates.places`), and how softly. A third of the
# way from the hairline to the whorl each, roughly.
_FRONT, _MIDDLE, _SOFT = 50.0, 74.0, 14.0
# The same of where the eyes are.
_EYES = -20.0
# Hair that stands off the top so far (see `SkullCoordinates.beside`) has its roots anywhere behind the front.
_OFF = 0.04
# From so far aside on it is a temple, and from there on the side of the head, which keeps its hair.
_CORNER, _SIDE_OF_HEAD = 33.0, 62.0


def zone_share(skull: SkullCoordinates, zone: str, *, above: bool = True) -> np.ndarray:
    """How much each place of a head belongs to a zone.

    Args:
        skull: of the head.
        zone: one of `ZONES`.
        above: hair that stands above the top goes with the mid-scalp as well as with the crown.

    Returns:
        float32 (128, 128), 0 to 1, in head space. All four together are 1 on the top of the head.

    Raises:
        ValueError: there is no such zone.
    """
    if zone not in ZONES:
        raise ValueError(f"there is no zone {zone!r}: give one of {', '.join(ZONES)}")
    aside, back = np.moveaxis(skull.seen, -1, 0)
    aside, upon = np.abs(aside), 1 - np.clip(skull.beside / _OFF, 0, 1) * above
    top = _ramp(_SIDE_OF_HEAD - aside)
    behind, crown = _ramp(back - _FRONT), _ramp(back - _MIDDLE)
    corner = _ramp(aside - _CORNER)
    share = {
        ZONES[0]: (1 - behind) * (1 - corner),
        ZONES[1]: (1 - behind) * corner,
        ZONES[2]: behind * (1 - crown * upon),
        ZONES[3]: behind * crown,
    }[zone]
    return (share * top).astype(np.float32)


def above_eyes(skull: SkullCoordinates) -> np.ndarray:
    """Where hair is that of a zone: float32 (128, 128), 0 from the eyes down, where there is face, and before
    throat and chest hair that hangs there from elsewhere."""
    share: np.ndarray = _ramp(skull.seen[..., 1] - _EYES).astype(np.float32)
    return share


def _ramp(value: np.ndarray) -> np.ndarray:
    share = np.clip(value / _SOFT + 0.5, 0, 1)
    return share * share * (3 - 2 * share)
