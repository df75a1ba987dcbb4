"""Hidden brows: brows that hair hung over, on what is painted beneath it.

No network knows them, for where hair hangs over a brow nobody sees which is which. Within a brow's outline
either is darker than the skin, and both look like a brow: there the camera's own picture stays.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_crop import SIDE, Head
from mirror.core.head_space import fill_polygon

# How much darker than the skin, of 1, what is seen there must be: from the first on a little of it stays,
# from the second all. Fair hair over fair skin would be a pale patch.
_DARKER = (0.02, 0.1)
# How softly a brow ends, in pixels of the square, and how much of it shows: skin shines through brows.
_SOFT, _DENSE = 1.2, 0.9
_GREY = np.array([[0.299, 0.587, 0.114]], np.float32)


def with_brows(person: np.ndarray, head: Head) -> np.ndarray:
    """A person without hair, with the brows that it hid: a new picture, or the same where none are known.

    Args:
        person: float32 (256, 256, 3) RGB, 0 to 1.
    """
    if head.brows is None:
        return person
    brows = np.zeros((SIDE, SIDE), np.uint8)
    for upper, lower in head.brows.reshape(2, 2, -1, 2):
        brows = cv2.max(brows, fill_polygon(np.concatenate([upper, lower[::-1]]), SIDE))
    x, y, width, height = cv2.boundingRect(brows)
    if not width:
        return person
    edge = 4
    part = slice(max(y - edge, 0), y + height + edge), slice(max(x - edge, 0), x + width + edge)
    seen, skin = cv2.merge([plane[part] for plane in head.image[0]]), person[part]
    darker = cv2.transform(cv2.GaussianBlur(skin, (0, 0), 2) - seen, _GREY)
    share = np.clip((darker - _DARKER[0]) / (_DARKER[1] - _DARKER[0]), 0, 1)
    soft = cv2.GaussianBlur(brows[part].astype(np.float32) * np.float32(_DENSE / 255), (0, 0), _SOFT)
    share = (share * soft * (head.valid[part] > 127)).astype(np.float32)
    out = person.copy()
    out[part] = cv2.blendLinear(seen, np.ascontiguousarray(skin), share, 1 - share)
    return out
