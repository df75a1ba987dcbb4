"""What lies beneath new hair, and where hair behind the head is seen."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.compositing.underlay import underlay_of
from mirror.core.head_crop import SIDE
from mirror.core.layer import Layer
from mirror.segmentation.matting import Mattes


def person() -> tuple[Layer, Mattes]:
    """Somebody in the middle third, without hair."""
    body = np.zeros((SIDE, SIDE), np.float32)
    body[60:, 86:170] = 1
    nothing, all_of_it = np.zeros_like(body), np.ones_like(body)
    rgb = np.full((SIDE, SIDE, 3), 120, np.uint8)
    layer = Layer(rgb, nothing, all_of_it, nothing, nothing, body=body, bare=(rgb, rgb))
    return layer, Mattes(nothing, body, nothing)


def test_hair_behind_is_seen_beside_the_person() -> None:
    underlay = underlay_of(*person(), None)
    assert underlay.behind[120, 40] == 255 and underlay.behind[120, 128] == 0
    assert np.array_equal(underlay.behind, 255 - underlay.person)


def test_hair_behind_does_not_stand_out_beside_the_hair_in_front() -> None:
    new = np.zeros((SIDE, SIDE), np.uint8)
    new[40:200, 60:80] = new[40:200, 180:200] = 255
    behind = underlay_of(*person(), None, new).behind
    assert behind[120, [70, 82, 175]] == pytest.approx(255), "within its outline"
    assert behind[120, [40, 220]].max() == 0 and behind[230].max() == 0, "beside it, and below its ends"
    assert behind[120, 128] == 0, "before the wall alone"
