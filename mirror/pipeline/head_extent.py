"""Head extent: how far a head reaches in a picture, with all the hair that is on it today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mirror.pipeline.shown_frame import Shown
from mirror.removal.skull_shape import Skull
from mirror.tracking.tracked_frame import Seen

if TYPE_CHECKING:
    from mirror.pipeline.person import Dresser

# Alpha of hair from which on it is looked for; the share of the square that a row or column of it needs, for
# a single hair that stands off does not make a head larger.
_SEEN, _FEW = 0.3, 0.008
# Hair that hangs lower than that below the chin is left out, in heights from the eyes to the chin.
_BELOW = 0.15


def head_extent(dresser: Dresser, shown: Shown) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a head, frame pixels: the face, the skull, and the hair that is there.

    What hangs below the chin is left out. It runs a network: in the dressing thread, as `Mirror.card`.

    Args:
        shown: a moment that has a face.

    Raises:
        ValueError: it has none.
    """
    if shown.face is None or shown.transform is None:
        raise ValueError("there is no face in this picture")
    seen = Seen(shown.frame, shown.face, shown.transform)
    hair = dresser.matting.matte(seen.head.image, still=True) > _SEEN
    side, face = hair.shape[0], shown.transform.to_unit(shown.face.landmarks[:, :2])
    chin = float(face[:, 1].max())
    ends = chin + _BELOW * (chin - float(face[:, 1].min()))
    hair[min(max(round(ends * side), 0), side) :] = False
    spots = [face, Skull.of(seen.shape).outline()]
    rows, columns = (np.flatnonzero(hair.sum(axis) > _FEW * side) for axis in (1, 0))
    if len(rows) and len(columns):
        left, right, top, bottom = columns[0], columns[-1] + 1, rows[0], rows[-1] + 1
        # All four corners: a head may be held aslant.
        spots.append(np.array([(x, y) for x in (left, right) for y in (top, bottom)]) / side)
    found = shown.transform.to_frame(np.concatenate(spots))
    (left, top), (right, bottom) = found.min(0).tolist(), found.max(0).tolist()
    return left, top, right, bottom
