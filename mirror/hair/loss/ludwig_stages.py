"""Ludwig stages: how much of its hair a head with female pattern hair loss has lost, from I to III.

After E. Ludwig, Classification of the types of androgenetic alopecia (common baldness) occurring in the
female sex, British Journal of Dermatology 97 (1977): the hairline stays, and behind it the hair along the
parting becomes thin, more and more and wider and wider.
"""

from __future__ import annotations

import numpy as np

from mirror.hair.loss.skull_coordinates import SkullCoordinates

LUDWIG = ("I", "II", "III")
LUDWIG_LAST = len(LUDWIG)
# At each stage, from none on: how much is lost in the middle, and how far aside of it half of that, degrees.
# The stages' pictures show a wider parting, scalp that shines through, and a top that is nearly bare.
_LOST = (0.0, 0.4, 0.68, 0.92)
_WIDE = (8.0, 15.0, 25.0, 36.0)
# The line of hair along the forehead stays, so deep; where it begins, and how softly it passes over, degrees.
_LINE, _KEPT, _SOFT = 30.0, 9.0, 18.0

# As far beside the skull as much hair stands, see `SkullCoordinates.beside`.
_FLAT = 0.2


def ludwig_words(stage: float) -> str:
    """What a clinic calls a stage, 0 to 3.

    Example:
        >>> ludwig_words(0.2), ludwig_words(2.2)
        ('Ludwig I', 'Ludwig II')
    """
    return f"Ludwig {LUDWIG[min(max(round(stage), 1), LUDWIG_LAST) - 1]}"


def thin_on_top(skull: SkullCoordinates, stage: float) -> np.ndarray:
    """How much of its hair a head has lost at each place, at a stage.

    Args:
        skull: of the head.
        stage: 0 (none) to 3 (III), between two as well.

    Returns:
        float32 (128, 128), 0 (all is there) to 1 (bare), in head space.
    """
    aside, back = np.moveaxis(skull.seen, -1, 0)
    lost, wide = (float(np.interp(stage, range(LUDWIG_LAST + 1), row)) for row in (_LOST, _WIDE))
    share = np.clip((back - _LINE - _KEPT) / _SOFT + 0.5, 0, 1)
    gone = lost * np.exp2(-((aside / wide) ** 2)) * share * share * (3 - 2 * share)
    # The fewer there are the flatter they lie: what stands highest above the head goes first.
    high = np.minimum(skull.beside * (1 / _FLAT), 1)
    return (1 - (1 - gone) ** (1 + 2 * gone * high)).astype(np.float32)
