"""Outlines drawn by eye: filled as they were drawn, in place of the teacher's mattes, and kept apart."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from train.data.augmentation import other_hair_colour
from train.data.hair_outlines import OUTLINES, Outline, outlined
from train.stylebook.exemplar_encoding import within

SQUARE = [200, 200, 800, 200, 800, 800, 200, 800]
HOLE = [400, 400, 600, 400, 600, 600, 400, 600]


@pytest.mark.parametrize("side", [64, 128, 256, 512])
def test_rings_are_filled_and_rings_in_rings_are_holes(side: int) -> None:
    matte = Outline([SQUARE, HOLE]).matte(side)
    assert matte.shape == (side, side) and matte.dtype == np.float32
    assert matte.min() >= 0 and matte.max() <= 1
    assert matte.mean() == pytest.approx(0.36 - 0.04, abs=0.01)
    assert matte[side // 2, side // 2] < 0.01 and matte[int(0.3 * side), int(0.3 * side)] > 0.99
    assert not Outline([]).matte(side).any() and not Outline([SQUARE]).hat(side).any()


def test_a_prepared_head_gets_the_outline_where_it_has_pixels() -> None:
    item = {
        "image": np.zeros((256, 256, 3), np.uint8),
        "matte": np.full((256, 256), 99, np.uint8),
        "valid": np.full((256, 256), 255, np.uint8),
    }
    item["valid"][:, :128] = 0
    out = Outline([SQUARE]).on(item)
    assert not {"worn", "held"} & set(out) and (item["matte"] == 99).all()
    assert not out["matte"][:, :128].any() and (out["matte"][60:190, 140:190] == 255).all()
    worn = Outline([SQUARE], worn=[HOLE]).on(item)["worn"]
    assert worn.dtype == np.uint8 and worn[128, 140] == 255 and worn[60, 140] == 0


def test_the_file_is_sound() -> None:
    lines = [json.loads(line) for line in OUTLINES.read_text().splitlines()]
    assert len(lines) == len({line["file"] for line in lines}) == len(outlined()) > 150
    for name, outline in outlined().items():
        assert not Path(name).is_absolute() and ".." not in name
        for ring in (*outline.hair, *outline.worn):
            assert len(ring) >= 6 and len(ring) % 2 == 0, name
            assert min(ring) >= 0 and max(ring) <= 1000, name
        assert 0 <= outline.matte(64).mean() < 0.75, name


def test_a_style_is_read_within_the_outline_and_as_softly_as_the_network_says() -> None:
    outline = Outline([SQUARE])
    drawn = outline.matte(256)
    nothing, everything = np.zeros((256, 256), np.float32), np.ones((256, 256), np.float32)
    for matte in (nothing, everything):
        held = within(matte, outline)
        assert (held[70:186, 70:186] == 1).all(), "well inside it is hair"
        assert held[:40].max() == 0, "and far off none"
    assert within(nothing, outline).sum() < drawn.sum() < within(everything, outline).sum()


def test_hair_may_be_bleached_and_nothing_else_changes() -> None:
    item = {
        "image": np.full((64, 64, 3), 40, np.uint8),
        "matte": np.zeros((64, 64), np.uint8),
        "valid": np.full((64, 64), 255, np.uint8),
    }
    item["matte"][:32] = 255
    light = []
    for seed in range(60):
        image = other_hair_colour(item, np.random.default_rng(seed))["image"]
        assert np.abs(image[33:].astype(int) - 40).max() <= 2
        light.append(float(image[:31].mean()))
    assert np.percentile(light, 85) > 130, "dark hair in a pale dye"
    assert np.percentile(light, 30) < 70, "and dark hair still"
