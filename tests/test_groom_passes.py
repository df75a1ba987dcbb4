"""Noise is taken out of renders of hair while strands and edges stay."""

from __future__ import annotations

import numpy as np

from train.groom.passes import strand_filter

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
