"""The first guess of what is behind the hair."""

from __future__ import annotations

import pytest
import torch

from train.nets.hole_filling import fill_in, filled

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.mark.parametrize("side", [64, 96, 256])
def test_an_even_wall_goes_on_behind_the_hole(side: int) -> None:
    wall = torch.tensor([0.2, 0.5, 0.8])[None, :, None, None].expand(1, 3, side, side)
    known = torch.ones(1, 1, side, side)
    known[..., side // 4 : side // 2, side // 4 : 3 * side // 4] = 0
    assert (fill_in(wall * known, known) - wall).abs().max() < 0.02


def test_each_side_of_a_hole_takes_after_its_own_neighbours() -> None:
    head = torch.zeros(1, 3, 256, 256)
    head[..., 128:] = 1
    hole = torch.zeros(1, 1, 256, 256)
    hole[..., 60:180, 90:166] = 1
    out = filled(head * (1 - hole), hole, torch.ones_like(hole))
    row = out[0, 0, 120]
    assert row[95] < 0.25 and row[160] > 0.75 and (row[1:] - row[:-1]).min() > -0.02
    assert torch.equal(out * (1 - hole), head * (1 - hole))


def test_what_lies_outside_the_picture_is_not_asked() -> None:
    head, valid = torch.full((1, 3, 64, 64), 0.6), torch.ones(1, 1, 64, 64)
    valid[..., :32] = 0
    hole = torch.zeros(1, 1, 64, 64)
    hole[..., 20:40, 34:50] = 1
    out = filled(head * valid * (1 - hole), hole, valid)
    assert (out[..., 20:40, 34:50] - 0.6).abs().max() < 0.03
