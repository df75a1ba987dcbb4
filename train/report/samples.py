"""Pictures that nobody is: drawn from the prior, and laid out over two dimensions."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from train.report.encoded_pictures import Material
from train.report.html_page import Page
from train.report.picture_grid import beside, grid, tile_side

ACROSS = 6
SIDE = 10


def add(page: Page, material: Material) -> None:
    """Samples of N(0, 1) beside samples of the codes' own Gaussian, and the 10 x 10 grid."""
    page.section("Samples")
    _samples(page, material)
    _plane(page, material)


def _samples(page: Page, material: Material) -> None:
    noise = np.random.default_rng(0).standard_normal((ACROSS**2, material.codec.latent))
    fitted = material.centre + noise @ material.factor.T
    head = material.model_head()
    tile = tile_side(material.codec.size)
    sheets = []
    for codes in (noise, fitted):
        pictures = material.codec.decode(codes, head)
        sheets.append(grid([list(pictures[i : i + ACROSS]) for i in range(0, len(pictures), ACROSS)], tile))
    first = (
        "Left: codes drawn from the standard normal that the KL pulls them to."
        if material.variational
        else "Left: codes drawn from a standard normal, which an autoencoder knows nothing of."
    )
    page.picture(
        "samples",
        beside(sheets, ["N(0, 1)", "Gaussian of the training codes"]),
        f"{first} Right: from the Gaussian fitted to the codes of {len(material.train.numbers)} training "
        f"pictures.{on_whom(material)}",
    )


def _plane(page: Page, material: Material) -> None:
    steps = norm.ppf((np.arange(SIDE) + 0.5) / SIDE)
    across, down = np.meshgrid(steps, steps[::-1])
    flat = np.stack([across.ravel(), down.ravel()], 1)
    if material.codec.latent == 2 and material.variational:
        codes, what = flat, "The whole code: its two numbers"
    else:
        codes = material.train.mean.mean(0) + flat @ material.plane.T
        what = (
            "The first two principal components of the training codes, which carry "
            f"{material.plane_share:.0%} of their variance, the other components at their mean,"
        )
    pictures = material.codec.decode(codes, material.model_head())
    rows = [list(row) for row in pictures.reshape(SIDE, SIDE, *pictures.shape[1:])]
    page.picture(
        "plane",
        grid(rows, min(96, tile_side(material.codec.size))),
        f"{what} at the 5th, 15th, ... 95th percentile of a normal (Kingma & Welling 2014, figure 4): the "
        f"first grows to the right, the second upwards.{on_whom(material)}",
    )


def on_whom(material: Material) -> str:
    """What is to be said of the head that hair is painted on."""
    if material.codec.spec.net != "hair_vae":
        return ""
    return (
        f" The hair is painted on one and the same head, of the {material.held_name}, as the network paints "
        "it: the mirror's matching of colours comes later."
    )
