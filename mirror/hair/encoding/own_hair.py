"""The person's own hair as a code: read from the live head when it is asked for, kept for that person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mirror.core.head_crop import Head
from mirror.engines import Engine
from mirror.hair.encoding.encoder import encode_head
from mirror.hair.encoding.reconstruction_residual import residual_of
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.code import StyleCode

# Share of the square that is hair, from which on a code says what it is like.
ENOUGH = 0.02


class OwnHair:
    """The own hair of one person.

    Args:
        encoder: opens the network `encoder`; called when it is first needed.
    """

    def __init__(self, encoder: Callable[[], Engine]) -> None:
        self._encoder = encoder
        self._code: StyleCode | None = None

    def reset(self) -> None:
        """Forgets the person."""
        self._code = None

    def code(
        self, head: Head, matte: np.ndarray, swap: Swap, seen: Callable[[], np.ndarray] | None = None
    ) -> StyleCode:
        """The code of the hair that is there, read once.

        Args:
            matte: float32 (256, 256), of that hair.
            seen: the head as `mirror.hair.encoding.reconstruction_residual.seen_at` gives it, for the strands
                that it has; None leaves them out.
        """
        if self._code is None:
            code = encode_head(self._encoder(), head, matte)
            self._code = as_seen(swap, head, matte, code, seen() if seen is not None else None)
        return self._code


def as_seen(swap: Swap, head: Head, matte: np.ndarray, code: StyleCode, seen: np.ndarray | None) -> StyleCode:
    """A code read off a head, with what the painter leaves out when it paints it on that very head.

    Args:
        matte: float32 (256, 256), of the hair that is there.
        seen: uint8 (512, 512, 3) RGB, the head; None: its tint is measured and nothing else.
    """
    code = replace(code, tint=measured_tint(swap, head, matte, code))
    if seen is None:
        return code
    layer = swap.paint(Subject(head, matte), code, own=True)
    return replace(code, residual=residual_of(seen, matte, layer.rgb, layer.new, head.shape))


def measured_tint(swap: Swap, head: Head, matte: np.ndarray, code: StyleCode) -> np.ndarray:
    """How much redder, greener and bluer the hair is than the painter paints it on the very same head.

    Returns:
        float32 (3,), each 0.5 to 2; 1 where there is too little hair to tell.
    """
    layer = swap.paint(Subject(head, matte), code, own=True)
    hair = (matte > 0.7) & (layer.new > 0.7)
    if hair.sum() < 50:
        return np.ones(3, np.float32)
    seen = head.image[0][:, hair].mean(1)
    painted = layer.rgb[hair].mean(0) / 255
    return np.clip(seen / np.maximum(painted, 0.02), 0.5, 2.0).astype(np.float32)
