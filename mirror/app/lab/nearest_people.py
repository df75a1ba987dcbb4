"""Similar: who in the data set is most like the person at the camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirror.app.lab.encoding_thread import READ, Reader
from mirror.app.lab.principal_components import Components
from mirror.app.lab.similarity import faces_apart, hair_apart
from mirror.hair.styles.code import StyleCode


@dataclass(frozen=True, slots=True)
class Match:
    """A picture of the data set, and how far it is: see `mirror.app.lab.similarity`."""

    number: int
    apart: float


def most_similar(components: Components, reader: Reader, code: StyleCode) -> dict[str, Match]:
    """The nearest of the pictures read so far, by "hair" and by "face"; {} where none is read."""
    known = np.flatnonzero(reader.states == READ)
    if not known.size:
        return {}
    gaps = {
        "hair": hair_apart(components, code.z, reader.codes[known]),
        "face": faces_apart(code.shape, reader.shapes[known]),
    }
    return {kind: Match(int(known[apart.argmin()]), float(apart.min())) for kind, apart in gaps.items()}
