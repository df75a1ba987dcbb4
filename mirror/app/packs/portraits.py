"""Portraits of styles: each worn by the demo's portrait, which is free to show (NASA, public domain)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from mirror.core.errors import MirrorError
from mirror.hair.packs.portrait import SIZE
from mirror.pipeline.mirror import Mirror
from mirror.sources.demo import DemoSource

_SCREEN = (1280, SIZE[1])


def portraits_of(names: Iterable[str]) -> Iterator[tuple[str, np.ndarray]]:
    """A portrait of each style of the book by its name: uint8 (720, 640, 3) RGB. Some two seconds each.

    Raises:
        MirrorError: the book has no such style, or the networks cannot be opened.
    """
    source = DemoSource(_SCREEN, pace="max")
    picture = source.image(0)
    source.close()
    mirror: Mirror | None = None
    try:
        for name in names:
            if mirror is None:
                mirror = Mirror(name, seed=1)
            mirror.styling.choose(name)
            face = mirror.find_face(picture)
            if face is None:
                raise MirrorError("No face is found in the demo's portrait. Install the program again.")
            middle = (face.box[0] + face.box[2]) / 2
            left = min(max(round(middle - SIZE[0] / 2), 0), _SCREEN[0] - SIZE[0])
            yield name, mirror.apply(picture)[:, left : left + SIZE[0]].copy()
    finally:
        if mirror is not None:
            mirror.close()
