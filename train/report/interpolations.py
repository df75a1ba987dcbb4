"""From one person's code to another's, in a straight line."""

from __future__ import annotations

import numpy as np

from train.report.encoded_pictures import Material, spaced
from train.report.html_page import Page
from train.report.picture_grid import grid, tile_side

PAIRS, STEPS = 6, 7


def add(page: Page, material: Material) -> None:
    """Six pairs of people, seven steps each, the originals at both ends."""
    page.section("Interpolations")
    numbers = spaced(material.held.numbers, 2 * PAIRS)
    half = len(numbers) // 2
    first, second = (material.heads(n) for n in (numbers[:half], numbers[half : 2 * half]))
    shares = np.linspace(0, 1, STEPS)
    start, end = (material.codec.encode(heads)[0] for heads in (first, second))
    rows: list[list[np.ndarray | None]] = []
    for i in range(half):
        codes = start[i] + shares[:, None] * (end[i] - start[i])
        own = {name: array[i : i + 1] for name, array in first.items()}
        rows.append([first["image"][i], None, *material.codec.decode(codes, own), None, second["image"][i]])
    whose = (
        " The hair is painted on the first person's head." if material.codec.spec.net == "hair_vae" else ""
    )
    page.picture(
        "interpolations",
        grid(rows, tile_side(material.codec.size),
             columns=["original", "", *(f"{share:.0%}" for share in shares), "", "original"]),
        f"{half} pairs of {material.held_name}: the originals at both ends, and between them pictures of "
        f"codes in equal steps from the first person's to the second's.{whose}",
    )  # fmt: skip
