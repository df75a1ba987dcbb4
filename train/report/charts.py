"""How the charts of a report look."""

from __future__ import annotations

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure

# Colours that those who do not see red and green apart can tell (Okabe & Ito 2008).
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#777777"
LOOK: dict[str, object] = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.edgecolor": "#888888",
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.7,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "figure.dpi": 192,
}


def panels(
    count: int, across: int = 3, *, width: float = 9.6, height: float = 2.6
) -> tuple[Figure, list[Axes]]:
    """A figure with `count` panels in rows of `across`; sizes in inches, a row `height` high."""
    across = min(across, count)
    down = -(-count // across)
    with matplotlib.rc_context(LOOK):  # type: ignore[arg-type]
        figure = Figure(figsize=(width, height * down), layout="constrained")
        FigureCanvasAgg(figure)
        axes = [figure.add_subplot(down, across, i + 1) for i in range(count)]
    return figure, axes


def scale(figure: Figure, image: ScalarMappable, axes: Axes, title: str) -> None:
    """A scale of colours beside a panel."""
    bar = figure.colorbar(image, ax=axes, pad=0.01)
    bar.set_label(title, fontsize=8.5)
    bar.ax.tick_params(labelsize=8)
    bar.outline.set_visible(False)  # type: ignore[operator]


def name(axes: Axes, title: str, across: str = "", up: str = "") -> None:
    """Title and axis labels, in the report's sizes."""
    axes.set_title(title, fontsize=9.5, loc="left")
    axes.set_xlabel(across, fontsize=9)
    axes.set_ylabel(up, fontsize=9)
