"""One number of the code at a time, from -3 to 3."""

from __future__ import annotations

import numpy as np

from train.report.encoded_pictures import Material
from train.report.html_page import Page
from train.report.picture_grid import grid, tile_side
from train.report.samples import on_whom

ROWS = 10
STEPS = np.linspace(-3, 3, 7)


def add(page: Page, material: Material) -> None:
    """Around the middle of the prior, and around one person's own code."""
    page.section("Traversals")
    dimensions = material.diagnosis.order[: min(ROWS, material.codec.latent)]
    head = material.model_head()
    # The middle of what the decoder was taught: 0 for a VAE, the mean code for an autoencoder.
    middle = np.zeros(material.codec.latent) if material.variational else material.centre
    unit = "" if material.variational else " standard deviations of the training codes"
    by = "KL" if material.variational else "variance"
    page.picture(
        "traversals_prior",
        _sheet(material, material.codec.decode(traverse(material, middle, dimensions), head), None),
        f"Each row moves one number of the code from -3 to 3{unit} while the others stay at "
        f"{'0' if material.variational else 'their mean'}: the {len(dimensions)} of the largest {by}, "
        f"largest first. {_naming(material)}{on_whom(material)}",
    )
    who = material.model_head()
    own, _ = material.codec.encode(who)
    pictures = material.codec.decode(traverse(material, own[0], dimensions), who)
    base = material.codec.decode(own, who)[0]
    page.picture(
        "traversals_posterior",
        _sheet(material, pictures, [who["image"][0], base]),
        f"The same numbers moved in the code of one of the {material.held_name}. The first two columns show "
        "the original and its reconstruction from the code as it is.",
    )
    page.figures["traversed"] = [
        {"dimension": int(d), "name": material.diagnosis.names[i]} for i, d in enumerate(dimensions)
    ]


def traverse(material: Material, start: np.ndarray, dimensions: np.ndarray) -> np.ndarray:
    """Codes (len(dimensions) * 7, latent): `start` with one number at a time set to -3 ... 3.

    For an autoencoder the steps are standard deviations of that number around its mean.
    """
    codes = np.repeat(start[None], len(dimensions) * len(STEPS), 0)
    for i, d in enumerate(dimensions):
        values = STEPS
        if not material.variational:
            values = material.diagnosis.mean[d] + STEPS * material.diagnosis.deviation[d]
        codes[i * len(STEPS) : (i + 1) * len(STEPS), d] = values
    return codes


def _sheet(material: Material, pictures: np.ndarray, before: list[np.ndarray] | None) -> np.ndarray:
    each = pictures.reshape(-1, len(STEPS), *pictures.shape[1:])
    start: list[np.ndarray | None] = [*before, None] if before else []
    columns = [f"{step:+.0f}" if step else "0" for step in STEPS]
    return grid(
        [[*start, *row] for row in each],
        tile_side(material.codec.size),
        labels=[material.diagnosis.label(i) for i in range(len(each))],
        columns=(["original", "own code", ""] if before else []) + columns,
    )


def _naming(material: Material) -> str:
    if not any(material.diagnosis.names):
        return ""
    return (
        "Named is the measured attribute that each goes with most (Spearman's rank correlation over training "
        "pictures)."
    )
