"""How far along a strand hair looks the same: what a mean along it may take together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from train.groom.strands import Strands, measured
from train.groom.surface import unit

# Shares of a strand's length, and of the length in which it turns by a radian, that look the same. Set by
# eye: with them straight hair of 32 rays had no dashes and waves kept their shade. Hair then measures
# smoother than that of more rays, so they are not to be made larger.
OF_LENGTH, OF_TURN = 0.02, 0.1
# Strands that are looked at.
LOOKED_AT = 400


def even_reach(hair: Sequence[Strands]) -> float:
    """The sigma, cm, of a mean along the strands of a groom that leaves its waves and its light; 0 without
    hair."""
    reaches, counts = [0.0], [0]
    for strands in hair:
        count = len(strands.points)
        points = strands.points[:: max(count // LOOKED_AT, 1)]
        if points.shape[1] < 3 or not len(points):
            continue
        lengths = measured(points)[:, -1]
        ways = unit(np.diff(points, axis=1))
        turned = np.arccos(np.clip((ways[:, 1:] * ways[:, :-1]).sum(-1), -1, 1)).sum(1)
        reach = np.minimum(OF_LENGTH * lengths, OF_TURN * lengths / np.maximum(turned, 0.1))
        reaches.append(float(np.median(reach)))
        counts.append(count)
    return float(np.average(reaches, weights=counts)) if sum(counts) else 0.0
