"""What each number of the code does: figures, charts, and the attributes that it goes with."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from train.metrics.similarity import ACTIVE
from train.report import code_distribution, latent_names
from train.report.charts import BLUE, ORANGE, name, panels, scale
from train.report.encoded_pictures import SHOWN, Diagnosis, Material
from train.report.html_page import Page

MATRIX = 64


def add(page: Page, material: Material) -> None:
    """Overview, distributions, correlation matrix, attributes, and the table."""
    page.section("Diagnosis of the code")
    found = material.diagnosis
    _overview(page, material)
    code_distribution.add(page, material)
    if material.codec.latent > 1:
        _matrix(page, material)
    latent_names.add(page, material)
    _table(page, found)
    page.figures["diagnosis"] = {
        "pictures": len(material.train.numbers),
        "statistic": "Kolmogorov-Smirnov distance of the aggregate posterior to a standard normal",
        "kl": None if found.kl is None else float(found.kl.sum()),
        "active_units": None if found.active is None else int(found.active.sum()),
        "components_for_95_percent": components(material),
        "dimensions": [
            {
                "dimension": int(d),
                "mean": float(found.mean[d]),
                "variance": float(found.deviation[d] ** 2),
                "variance_of_mean": float(found.spread[d]),
                "kl": None if found.kl is None else float(found.kl[d]),
                "ks_distance": float(found.distance[d]),
                "active": None if found.active is None else bool(found.active[d]),
                "name": found.names[i] if i < len(found.names) else "",
            }
            for i, d in enumerate(found.order)
        ],
    }


def components(material: Material, share: float = 0.95) -> int:
    """How many principal components of the codes (their means) carry a share of the variance."""
    values = np.linalg.svd(material.train.mean - material.train.mean.mean(0), compute_uv=False) ** 2
    if values.sum() == 0:
        return 0
    return int(np.searchsorted(np.cumsum(values) / values.sum(), share) + 1)


def _overview(page: Page, material: Material) -> None:
    found, count = material.diagnosis, len(material.train.numbers)
    chart, axes = panels(3)
    first = found.spread if found.kl is None else found.kl
    _ranked(axes[0], first, "variance" if found.kl is None else "KL to the prior, nats")
    _ranked(axes[1], found.spread, "variance of the mean code")
    if found.kl is not None:
        axes[1].axhline(ACTIVE, color=ORANGE, linewidth=1, linestyle="--")
    if found.spread.min() > 0:
        axes[1].set_yscale("log")
        axes[1].minorticks_off()
    _ranked(axes[2], found.distance, "Kolmogorov-Smirnov distance to N(0, 1)")
    chance = 1.358 / np.sqrt(count)
    axes[2].axhline(chance, color=ORANGE, linewidth=1, linestyle="--")
    said = "An autoencoder has no KL and no active units."
    if found.kl is not None and found.active is not None:
        said = (
            f"KL {found.kl.sum():.2f} nats a picture; {int(found.active.sum())} of {material.codec.latent} "
            f"numbers are active units (variance of the mean above {ACTIVE}, dashed; Burda et al. 2016)."
        )
    page.chart(
        "diagnosis", chart,
        f"The numbers of the code over {count} training pictures, each panel sorted by itself. {said} "
        f"{components(material)} principal components carry 95% of the variance. The Kolmogorov-Smirnov "
        "distance is that of codes drawn from the posteriors (the aggregate posterior): a true normal would "
        f"lie below {chance:.3f} (dashed) 95 times in 100; the median is {np.median(found.distance):.3f}.",
    )  # fmt: skip


def _ranked(axis: Axes, values: np.ndarray, title: str) -> None:
    """Values from the largest to the smallest: bars where they can be told apart, else an area."""
    ordered, place = np.sort(values)[::-1], np.arange(1, len(values) + 1)
    if len(values) <= 64:
        axis.bar(place, ordered, color=BLUE, width=0.8)
    else:
        axis.fill_between(place, ordered, step="mid", color=BLUE)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    name(axis, title, "number of the code, by rank")


def _matrix(page: Page, material: Material) -> None:
    order = material.diagnosis.order[:MATRIX]
    matrix = correlation_matrix(material.train.mean[:, order])
    chart, (axis,) = panels(1, width=6.4, height=5.4)
    shown = axis.imshow(matrix, cmap="RdBu_r", vmin=-1, vmax=1, interpolation="nearest")
    axis.grid(False)
    if len(order) <= 32:
        axis.set_xticks(range(len(order)), [f"z{d}" for d in order], rotation=90, fontsize=7)
        axis.set_yticks(range(len(order)), [f"z{d}" for d in order], fontsize=7)
    scale(chart, shown, axis, "correlation")
    name(axis, "correlation of the mean codes")
    off = np.abs(matrix[~np.eye(len(matrix), dtype=bool)])
    i, j = np.unravel_index(np.argmax(np.abs(matrix - np.eye(len(matrix)))), matrix.shape)
    page.figures["largest_correlation"] = float(off.max())
    page.chart(
        "correlations", chart,
        f"Correlation (Pearson's) of {'the' if len(order) == material.codec.latent else 'the leading'} "
        f"{len(order)} numbers of the code over training pictures: 0 off the diagonal where each says "
        f"something of its own. The largest is {matrix[i, j]:+.2f}, of z{order[i]} and z{order[j]}; the mean "
        f"of their sizes {off.mean():.3f}.",
    )  # fmt: skip


def correlation_matrix(codes: np.ndarray) -> np.ndarray:
    """Pearson's correlations of columns, (D, D); a column that never changes goes with nothing (0)."""
    centred = codes.astype(np.float64) - codes.mean(0)
    length = np.sqrt((centred**2).sum(0))
    unit = np.divide(centred, length, out=np.zeros_like(centred), where=length > 0)
    matrix = unit.T @ unit
    np.fill_diagonal(matrix, 1)
    return np.clip(matrix, -1, 1)


def _table(page: Page, found: Diagnosis) -> None:
    variational = found.kl is not None
    header = ["number", "goes with", "mean", "variance", "variance of mean", "KS distance"]
    header += ["KL, nats", "active"] if variational else []
    body = []
    for i, d in enumerate(found.order[:SHOWN]):
        row = [f"z{d}", found.names[i], f"{found.mean[d]:+.3f}", f"{found.deviation[d] ** 2:.3f}",
               f"{found.spread[d]:.3f}", f"{found.distance[d]:.3f}"]  # fmt: skip
        if found.kl is not None and found.active is not None:
            row += [f"{found.kl[d]:.3f}", "yes" if found.active[d] else "no"]
        body.append(row)
    rest = (
        "" if len(found.order) <= SHOWN else f" The first {SHOWN}; report.json holds all {len(found.order)}."
    )
    page.table(
        header, body,
        "Mean and variance are those of codes drawn from the posteriors; variance of mean is that of the "
        f"posteriors' means over pictures. Sorted by {'KL' if variational else 'variance'}.{rest}",
    )  # fmt: skip
