"""The training pictures at both ends of each number of the code."""

from __future__ import annotations

import numpy as np

from train.report.encoded_pictures import Material
from train.report.html_page import Page
from train.report.picture_grid import grid, tile_side

ROWS, EACH = 10, 5


def add(page: Page, material: Material) -> None:
    """The five lowest and five highest pictures of the leading numbers."""
    page.section("Originals at the extremes")
    dimensions = material.diagnosis.order[: min(ROWS, material.codec.latent)]
    each = min(EACH, len(material.train.numbers) // 2)
    rows: list[list[np.ndarray | None]] = []
    files = []
    for d in dimensions:
        sorted_by = np.argsort(material.train.mean[:, d], kind="stable")
        numbers = material.train.numbers[np.concatenate([sorted_by[:each], sorted_by[-each:]])]
        images = list(material.heads(numbers)["image"])
        rows.append([*images[:each], None, *images[each:]])
        files.append([f"z{d}", *(material.shards.files[n] for n in numbers)])
    columns = ["lowest", *[""] * (2 * each - 1), "highest"]
    page.picture(
        "extremes",
        grid(rows, tile_side(material.codec.size), columns=columns,
             labels=[material.diagnosis.label(i) for i in range(len(rows))]),
        f"Of {len(material.train.numbers)} training pictures, the {each} whose code is lowest and the {each} "
        "whose code is highest in each number, the most extreme outermost: what they share is what the "
        "number says.",
    )  # fmt: skip
    header = ["", *[f"low {i + 1}" for i in range(each)], *[f"high {each - i}" for i in range(each)]]
    page.table(header, files, "Their files", folded=True)
