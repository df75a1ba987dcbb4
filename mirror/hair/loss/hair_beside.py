"""Hair beside: what has grown is no darker than the person's own hair next to it.

Light lies on short hair, and scalp shines through it; a painter that was taught by long hair paints it as
deep as that, and a brow says of it no more. Where one ended and the other began there was a black cap.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mirror.core.face_lighting import measure
from mirror.core.layer import Layer
from mirror.hair.painting.subject import Subject

# Side at which is measured, for light is soft. How far around, pixels of that, and how much that counts:
# where nothing is known nearby, what lies further off does.
_SIDE, _AROUND = 64, ((4.0, 1.0), (12.0, 0.05))
_ANYWHERE = 0.002
# Alpha from which on own hair counts, and so much of it must be seen, pixels. What is brighter than so much
# of the skin is a bald head that a matte takes for hair: new hair as light as that could not be seen.
_THERE, _FEW, _DARK = 0.6, 12.0, 0.85
_LUMA = np.array((0.299, 0.587, 0.114), np.float32)


def no_darker(layer: Layer, subject: Subject) -> Layer:
    """A layer of hair that has grown, as light as the hair beside it where it was darker."""
    head, hair = subject.head, subject.hair
    lit = subject.lit or measure(head, hair)
    if lit is None or not layer.new.any():
        return layer
    seen = cv2.merge(list(head.image[0]))
    dark = cv2.transform(seen - np.float32(_DARK) * lit.skin(len(hair)), _LUMA[None]) < 0
    own, much = _around(seen, hair * ((hair > _THERE) & head.known & (head.inner == 0) & dark))
    if much < _FEW:
        return layer
    painted = layer.rgb if layer.hair is None else layer.hair
    new, _ = _around(painted.astype(np.float32) * np.float32(1 / 255), layer.new)
    # So much of the hair beside it is added that both are as light.
    missing = 1 - np.minimum(new @ _LUMA / np.maximum(own @ _LUMA, 1e-3), 1)
    veil = cv2.resize(own * missing[..., None] * 255, hair.shape[::-1], interpolation=cv2.INTER_LINEAR)
    veil = cv2.convertScaleAbs(veil)
    alone = None if layer.hair is None else cv2.add(layer.hair, veil)
    return replace(layer, rgb=cv2.add(layer.rgb, veil), hair=alone)


def _around(picture: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, float]:
    """What a picture, float32 (S, S, 3), shows round each place, on the average by a weight, float32 (S, S).

    Returns:
        float32 (64, 64, 3), and the weight of all together.
    """
    planes = cv2.merge([*cv2.split(cv2.multiply(picture, cv2.merge([weight] * 3))), weight])
    small = cv2.resize(planes, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    total = np.float32(_ANYWHERE) * small.mean((0, 1)) + np.float32(1e-6)
    for sigma, share in _AROUND:
        total = total + np.float32(share) * cv2.GaussianBlur(small, (0, 0), sigma)
    return total[..., :3] / total[..., 3:], float(small[..., 3].sum())
