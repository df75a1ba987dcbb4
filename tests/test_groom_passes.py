"""Noise is taken out of renders of hair while strands and edges stay."""

from __future__ import annotations

import numpy as np
import pytest

from train.groom.passes import strand_filter
from train.groom.reach import even_reach
from train.groom.strands import Strands

SIZE = (64, 96)


def doubled(alpha: np.ndarray, angle: float | np.ndarray) -> np.ndarray:
    """The direction pass of hair that lies at an angle, premultiplied."""
    return (np.stack([np.cos(2 * angle), np.sin(2 * angle)], -1) * alpha[..., None]).astype(np.float32)


def filtered(
    alpha: np.ndarray, colour: np.ndarray, orient: np.ndarray, samples: int = 16
) -> tuple[np.ndarray, np.ndarray]:
    depth = np.full(alpha.shape, 90, np.float32)
    groups, found = strand_filter({"front": colour}, alpha, orient, depth, samples)
    return groups["front"], found


def grey(alpha: np.ndarray, values: float | np.ndarray = 0.2) -> np.ndarray:
    return np.repeat((alpha * values)[..., None], 3, -1).astype(np.float32)


def test_a_strand_alone_is_a_line_and_no_dots():
    random = np.random.default_rng(0)
    alpha = np.zeros(SIZE, np.float32)
    alpha[32] = random.binomial(16, 0.1, SIZE[1]) / 16
    colour, found = filtered(alpha, grey(alpha), doubled(alpha, 0.0))
    inside = found[32, 8:-8]
    assert inside.std() < 0.5 * alpha[32, 8:-8].std()
    assert abs(inside.mean() - 0.1) < 0.03
    # It stays as thin as it was, and of its own colour.
    assert found[30].max() < 0.03 and found[34].max() < 0.03
    assert np.allclose(colour[32, 8:-8, 0], 0.2 * inside, rtol=0.05)


def test_a_body_of_hair_keeps_its_edge():
    alpha = np.zeros(SIZE, np.float32)
    alpha[:, 30:60] = 1.0
    found = filtered(alpha, grey(alpha), doubled(alpha, np.pi / 2))[1]
    assert np.allclose(found[8:-8, 30:60], 1.0, atol=1e-4) and found[:, :27].max() < 0.01


def test_noise_goes_along_straight_hair_and_shades_across_it_stay():
    random = np.random.default_rng(1)
    alpha, stripes = np.ones(SIZE, np.float32), np.where(np.arange(SIZE[1]) % 8 < 4, 0.1, 0.3)[None]
    noise = 0.05 * random.standard_normal(SIZE)
    colour = filtered(alpha, grey(alpha, stripes + noise), doubled(alpha, np.pi / 2))[0][8:-8, 8:-8, 0]
    assert (colour - stripes[:, 8:-8]).std() < 0.03
    assert colour.std() > 0.09


def test_noise_goes_where_strands_point_every_way():
    random = np.random.default_rng(2)
    alpha = np.ones(SIZE, np.float32)
    colour = grey(alpha, 0.2 + 0.1 * random.standard_normal(SIZE))
    found = filtered(alpha, colour, doubled(alpha, random.uniform(0, 3.14, SIZE)))[0]
    assert found[..., 0].std() < 0.6 * colour[..., 0].std()
    assert abs(found.mean() - colour.mean()) < 0.01


def test_no_skin_speckles_through_a_body_of_hair():
    alpha = (np.random.default_rng(3).binomial(16, 0.85, SIZE) / 16).astype(np.float32)
    found = filtered(alpha, grey(alpha), doubled(alpha, np.pi / 2))[1][8:-8, 8:-8]
    assert found.std() < 0.6 * alpha.std() and abs(found.mean() - 0.85) < 0.02


def test_with_rays_enough_edges_are_as_they_were_rendered():
    random = np.random.default_rng(3)
    alpha = (random.random(SIZE) < 0.5).astype(np.float32)
    few, many = (filtered(alpha, grey(alpha), doubled(alpha, 0.3), rays)[1] for rays in (16, 192))
    assert np.abs(many - alpha).max() < 0.02
    assert np.abs(few - alpha).mean() > 0.2


def test_the_more_rays_the_narrower_the_mean():
    random = np.random.default_rng(4)
    alpha = np.ones(SIZE, np.float32)
    colour = grey(alpha, 0.2 + 0.1 * random.standard_normal(SIZE))
    left = [filtered(alpha, colour, doubled(alpha, 0.0), rays)[0].std() for rays in (16, 256, 4096)]
    assert left[0] < 0.8 * left[1] < 0.7 * left[2]


def test_where_hair_looks_the_same_for_long_no_dashes_stay():
    random = np.random.default_rng(5)
    alpha = np.ones(SIZE, np.float32)
    colour = grey(alpha, 0.2 + 0.1 * random.standard_normal(SIZE))
    depth, orient = np.full(SIZE, 90, np.float32), doubled(alpha, 0.0)
    left = [
        strand_filter({"front": colour}, alpha, orient, depth, 24, reach)[0]["front"][..., 0].std()
        for reach in (0.0, 6.0)
    ]
    assert left[1] < 0.75 * left[0]


def strand(bend: np.ndarray, length: float) -> Strands:
    """One curve of that length, cm, that turns by `bend` degrees from piece to piece."""
    angle = np.radians(np.cumsum(bend))
    piece = length / len(bend) * np.stack([np.cos(angle), np.sin(angle), 0 * angle], -1)
    points = np.concatenate([np.zeros((1, 3)), np.cumsum(piece, 0)])[None].astype(np.float32)
    none = np.zeros(1, np.int32)
    return Strands(points, np.ones(points.shape[:2], np.float32), none, none.astype(np.uint8), points[:, 0])


def test_long_straight_hair_looks_the_same_for_longer_than_short_or_curled_hair():
    straight, curled = np.full(40, 0.2), np.full(40, 40.0)
    long, short, curls = (
        even_reach([strand(bend, length)]) for bend, length in ((straight, 40), (straight, 4), (curled, 40))
    )
    assert long == pytest.approx(0.8, rel=0.05)
    assert short == pytest.approx(0.08, rel=0.05)
    assert curls < 0.2
    assert even_reach([]) == 0
