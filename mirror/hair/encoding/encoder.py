"""The code of the hair on a head: what `Mirror.encode` and the style book are made with."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mirror.core.face_lighting import measure
from mirror.core.head_crop import Head
from mirror.engines import Engine
from mirror.hair.styles.code import StyleCode


def encode_head(encoder: Engine, head: Head, matte: np.ndarray, *, room: bool = True) -> StyleCode:
    """The code of the hair of a head, `matte` float32 (256, 256), and the light that the head is in.

    `room`: see `mirror.core.face_lighting.measure`.
    """
    maps = {"alpha": matte[None, None], "face": head.face[None, None].astype(np.float32) / 255}
    out = encoder.run(image=head.image, **maps)
    coarse = cv2.resize(matte, (64, 64), interpolation=cv2.INTER_AREA)
    code = StyleCode(out["z"][0].copy(), out["detail"][0].copy(), coarse, head.shape)
    lit = measure(head, matte, room=room)
    return code if lit is None else replace(code, light=lit.light)
