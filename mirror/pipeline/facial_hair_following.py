"""Facial hair following: brows and beard of one person take the colour of their hair, where it is wished."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.compositing.facial_hair import FacialHairWatch
from mirror.compositing.facial_hair_tint import Tint
from mirror.compositing.laid import Laid
from mirror.compositing.laid_tint import LaidTint, colour_of, source_of
from mirror.compositing.over import Canvas
from mirror.hair.key_view import GrownStyle
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.dye import Dye
from mirror.hair.styles.dye_pattern import PatternedDye
from mirror.segmentation.matting import Mattes
from mirror.tracking.tracked_frame import Seen

_FADE = 0.3  # seconds in which it comes and goes
_LONGEST = 0.1  # seconds between two pictures that count
_EASE = 0.25  # seconds in which one colour becomes another


class FacialHairFollowing:
    """Of one person."""

    def __init__(self) -> None:
        self._watch = FacialHairWatch()
        self._forget()

    def reset(self) -> None:
        """Another person."""
        self._watch.reset()
        self._forget()

    def _forget(self) -> None:
        self._amount: float | None = None  # None: nothing was asked yet
        self._worn: np.ndarray | None = None
        self._measured: tuple[object, np.ndarray | None] = (None, None)
        self._at = 0.0

    def look(self, seen: Seen, mattes: Mattes) -> None:
        """Looks at the face where it is time for that. For pictures of people who wish it."""
        assert seen.face is not None and seen.transform is not None
        if self._watch.due(seen.frame.captured_at):
            self._watch.look(
                seen.frame.image, seen.transform, seen.face.landmarks, mattes, seen.frame.captured_at
            )

    def with_hair(self, laid: Laid, seen: Seen, dye: Dye | None, *, wished: bool) -> Laid:
        """What is laid, and brows and beard with it; the very same where they stay as they are.

        Args:
            dye: that is worn, which says of two shades which one is at the roots.
            wished: whether they are to follow, and there is a colour that they can follow.
        """
        if not wished and not self._amount:
            self._amount = 0.0
            return laid
        assert seen.face is not None and seen.transform is not None
        now = seen.frame.captured_at
        step, self._at = min(max(now - self._at, 0.0), _LONGEST), now
        wanted = self._colour(laid, dye) if wished else self._worn
        if wished and self._watch.found is None:
            return laid  # not looked at yet
        goal = float(wished and wanted is not None)
        if self._amount is None:  # whoever comes has it from the first, as they have the hair
            self._amount = goal
        self._amount += float(np.clip(goal - self._amount, -step / _FADE, step / _FADE))
        if wanted is not None:
            share = np.float32(1 - np.exp(-step / _EASE))
            self._worn = wanted if self._worn is None else self._worn + (wanted - self._worn) * share
        if self._amount <= 0 or self._worn is None or self._watch.found is None:
            return laid
        tint = Tint(self._watch.found, seen.face.landmarks, seen.transform, self._worn, self._amount)
        return LaidTint(laid, tint)

    def _colour(self, laid: Laid, dye: Dye | None) -> np.ndarray | None:
        if isinstance(dye, PatternedDye) and dye.first is not None:
            return shade_colour(dye.first)
        of = source_of(laid)
        if self._measured[0] is not of:
            self._measured = of, colour_of(laid)
        return self._measured[1]


def follows(code: StyleCode, grown: GrownStyle | None, dye: Dye | None) -> bool:
    """Whether what is worn has a colour other than that of the person's own hair."""
    if code.hair_loss:
        return False
    if grown is None:
        return True
    if isinstance(dye, PatternedDye):
        return dye.first is not None
    return dye is not None or grown.listing.keeps_colour


def still_tint(seen: Seen, mattes: Mattes, worn: np.ndarray | None) -> Tint | None:
    """Brows and beard on a picture of its own.

    Args:
        seen: with a face. mattes: of it. worn: float32 (3,) RGB, 0 to 255, of the new hair; None: there is
            none.
    """
    assert seen.face is not None and seen.transform is not None
    if worn is None:
        return None
    face = seen.face.landmarks
    found = FacialHairWatch().still(seen.frame.image, seen.transform, face, mattes)
    return Tint(found, face, seen.transform, worn, 1.0)


def tinted(image: np.ndarray, tint: Tint | None) -> np.ndarray:
    """A picture, uint8 (H, W, 3) RGB, with a tint; the very same without."""
    if tint is None:
        return image
    out = image.copy()
    tint.lay(out, Canvas())
    return out


def worn_colour(laid: Laid, dye: Dye | None) -> np.ndarray | None:
    """The colour that brows follow beside what is laid on a picture of its own; as `colour_of`."""
    first = dye.first if isinstance(dye, PatternedDye) else None
    return colour_of(laid) if first is None else shade_colour(first)


def shade_colour(dye: Dye) -> np.ndarray:
    """A shade as float32 (3,) RGB, 0 to 255, in usual light."""
    lab = np.array([[[dye.light, dye.a, dye.b]]], np.float32)
    return np.clip(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB)[0, 0], 0, 1) * 255
