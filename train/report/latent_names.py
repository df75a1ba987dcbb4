"""What the numbers of a code go with: attributes measured on the pictures, by rank correlation."""

from __future__ import annotations

import numpy as np

from train.report.charts import name, panels, scale
from train.report.encoded_pictures import Material
from train.report.html_page import Page

ROWS, COLUMNS = 28, 16


def add(page: Page, material: Material) -> None:
    """A chart of attributes against the leading numbers, and all of it in report.json."""
    found, attributes = material.diagnosis, list(material.train.measured)
    strength = np.abs(found.correlations).max(1) if attributes else np.zeros(0)
    if not (strength > 0).any():
        page.say(
            f"{len(material.train.numbers)} pictures are too few to name the numbers by what was measured."
        )
        return
    rows = np.argsort(-strength, kind="stable")[:ROWS]
    shown = found.correlations[rows][:, :COLUMNS]
    chart, (axis,) = panels(1, width=9.6, height=1.4 + 0.2 * len(rows))
    image = axis.imshow(shown, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    axis.grid(False)
    axis.set_xticks(range(shown.shape[1]), [f"z{d}" for d in found.order[: shown.shape[1]]], fontsize=8)
    axis.set_yticks(range(len(rows)), [attributes[r] for r in rows], fontsize=8)
    for r in range(shown.shape[0]):
        for c in range(shown.shape[1]):
            if abs(shown[r, c]) >= 0.2:
                ink = "white" if abs(shown[r, c]) > 0.6 else "#222"
                axis.text(c, r, f"{shown[r, c]:+.2f}", ha="center", va="center", fontsize=6.5, color=ink)
    scale(chart, image, axis, "rank correlation")
    name(axis, "attributes measured on the pictures against the numbers of the code")
    best = int(np.argmax(strength))
    which = int(np.argmax(np.abs(found.correlations[best])))
    page.chart(
        "attributes", chart,
        "Spearman's rank correlation of what can be measured on training pictures with the leading numbers "
        f"of the code; figures below 0.2 are not written. The strongest is {attributes[best]} with "
        f"z{found.order[which]}, {found.correlations[best, which]:+.2f}.",
    )  # fmt: skip
    page.figures["attributes"] = {
        attributes[r]: {f"z{found.order[c]}": round(float(found.correlations[r, c]), 4)
                        for c in range(found.correlations.shape[1])}
        for r in range(len(attributes))
    }  # fmt: skip
