"""Hair outlined by eye: where it ends as a picture shows it, on portraits that the teacher gets wrong.

The teacher paints a veil over ears, flyaways and the gap between hair and neck, and takes hats for hair.
`outlines.jsonl` says better, a portrait a line: rings in thousandths of the head square, drawn point by point
by a general vision-language model from the picture alone, with no matte of any network in sight, taken to the
nearest edge of the picture (GrabCut, Rother et al. 2004) by about half a hundredth of the square, and looked
at once more over the picture. Those of training portraits teach; those of held-out ones judge
(`train/evaluation/hand_labels.py`); those of exemplars say where a style's hair ends
(`train/stylebook/exemplar_encoding.py`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from mirror.core.head_space import VERSION

OUTLINES = Path(__file__).with_name("outlines.jsonl")
UNITS = 1000  # of the square's side
_DRAWN = 1024  # pixels in which rings are filled before they are shrunk
# A hand draws a line where hair thins out over some pixels of 256: their standard deviation.
_SOFT = 0.7


@dataclass(frozen=True)
class Outline:
    """The hair of one portrait, and what is worn over it.

    Attributes:
        hair, worn, held: rings in thousandths of the square, x and y in turn; what lies in an even number
            of them is out. Worn are hats, headscarves and the like; held are hands, arms, and what they hold.
    """

    hair: Sequence[Sequence[int]]
    worn: Sequence[Sequence[int]] = ()
    held: Sequence[Sequence[int]] = ()

    def matte(self, side: int) -> np.ndarray:
        """The hair, float32 (side, side), 0 to 1.

        Example:
            >>> square = Outline([[250, 250, 750, 250, 750, 750, 250, 750]]).matte(64)
            >>> float(square[32, 32]), float(square[4, 4])
            (1.0, 0.0)
        """
        return _filled(self.hair, side)

    def hat(self, side: int) -> np.ndarray:
        """What is worn over it: a hat, a headscarf, a bandage; float32 (side, side), 0 to 1."""
        return _filled(self.worn, side)

    def hand(self, side: int) -> np.ndarray:
        """What is held before it: a hand, with its arm and what it holds; float32 (side, side), 0 to 1."""
        return _filled(self.held, side)

    def on(self, item: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """A prepared head, with this in place of the teacher's matte.

        Args:
            item: matte and valid uint8 (S, S), in head space and not augmented yet.

        Returns:
            The same with `matte`, and with `worn` and `held`, uint8 (S, S), where something is.
        """
        side = len(item["matte"])
        seen = item["valid"] > 127
        mattes = {"matte": self.matte(side)}
        if self.worn:
            mattes["worn"] = self.hat(side)
        if self.held:
            mattes["held"] = self.hand(side)
        return item | {name: np.round(m * seen * 255).astype(np.uint8) for name, m in mattes.items()}


@cache
def outlined(path: Path = OUTLINES) -> dict[str, Outline]:
    """The outlines by the name of their portrait; none where they were drawn in another head space."""
    out = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            said = json.loads(line)
            if said["headspace"] == VERSION:
                out[said["file"]] = Outline(said["hair"], said.get("worn", []), said.get("held", []))
    return out


def _filled(rings: Sequence[Sequence[int]], side: int) -> np.ndarray:
    canvas = np.zeros((_DRAWN, _DRAWN), np.uint8)
    points = [np.array(ring, np.float64).reshape(-1, 2) * (_DRAWN / UNITS) for ring in rings]
    if points:
        cv2.fillPoly(canvas, [np.round(p).astype(np.int32) for p in points], 255)
    small = cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return cv2.GaussianBlur(small, (0, 0), _SOFT * side / 256)
