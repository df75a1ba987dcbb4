"""Where the codes of the pictures lie: number by number, and in a plane."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from train.report.charts import BLUE, ORANGE, name, panels
from train.report.encoded_pictures import Material
from train.report.html_page import Page

HISTOGRAMS = 8
# 95 in 100 draws of a normal in two dimensions lie within this radius: sqrt(-2 ln 0.05).
REACH = 2.448


def add(page: Page, material: Material) -> None:
    """Histograms of the leading numbers, and training against held-out codes in the plane of the grid."""
    _distributions(page, material)
    _cloud(page, material)


def _distributions(page: Page, material: Material) -> None:
    found, drawn = material.diagnosis, material.train.samples()
    dimensions = found.order[: min(HISTOGRAMS, material.codec.latent)]
    chart, axes = panels(len(dimensions), 4, height=2.0)
    for i, (axis, d) in enumerate(zip(axes, dimensions, strict=True)):
        z = drawn[:, d]
        reach = max(4.0, float(np.abs(z).max())) if material.variational else float(np.abs(z).max())
        bins = min(60, max(10, int(np.sqrt(len(z)))))
        axis.hist(z, bins, range=(-reach, reach), density=True, color=BLUE, alpha=0.75)
        curve = np.linspace(-reach, reach, 200)
        axis.plot(curve, norm.pdf(curve), color=ORANGE, linewidth=1.2)
        axis.set_yticks([])
        name(axis, material.diagnosis.label(i).replace("\n", "  "))
        axis.title.set_fontsize(8)
    page.chart(
        "distributions", chart,
        f"Codes of {len(drawn)} training pictures (blue) in the leading numbers, and the density of N(0, 1) "
        "(orange).",
    )  # fmt: skip


def _cloud(page: Page, material: Material) -> None:
    whole = material.codec.latent == 2 and material.variational
    plane = np.eye(2) if whole else material.plane / np.linalg.norm(material.plane, axis=0).clip(1e-12)
    origin = np.zeros(2) if whole else material.train.mean.mean(0)
    chart, (axis,) = panels(1, width=6.4, height=5.0)
    shown = [(material.train, BLUE, "training pictures"), (material.held, ORANGE, material.held_name)]
    for codes, colour, what in shown:
        x, y = ((codes.mean - origin) @ plane).T
        axis.scatter(x, y, s=6, color=colour, alpha=0.5, linewidths=0, label=what)
    if material.variational:
        turn = np.linspace(0, 2 * np.pi, 200)
        middle = (0 - origin) @ plane
        x, y = middle[0] + REACH * np.cos(turn), middle[1] + REACH * np.sin(turn)
        axis.plot(x, y, color="#222222", linewidth=1, label="95% of N(0, 1)")
    axis.set_aspect("equal", "datalim")
    axis.legend(fontsize=8, frameon=False, markerscale=2)
    first, second = ("z0", "z1") if whole else ("first principal component", "second principal component")
    name(axis, "mean codes", first, second)
    page.chart(
        "cloud", chart,
        f"The mean codes of {len(material.train.numbers)} training pictures and {len(material.held.numbers)} "
        f"{material.held_name}: where the latter lie apart, the network meets what it was not taught.",
    )  # fmt: skip
