"""Finds the named axes of the style code: longer, fuller, lighter, each with the rest held still.

    python -m train styles --axes-only --shards shards/photos

Each measured property of the hair (`train/metrics/hair_properties.py`) is regressed on the codes of the
training heads (ridge, Hoerl & Kennard 1970). An axis is the most plausible change of the code by which the
regression says that one property rises by one standard deviation and the others stay.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mirror.core.errors import MirrorError
from mirror.hair.styles.latent_direction import Axis
from train.data.shards import Shards
from train.inference.style_codes import encode_heads
from train.metrics.hair_properties import MEASURES, MeasuredHead, measure
from train.stylebook.axis_response import choose_sitters, open_networks, respond, seat, slopes, try_axes

STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
FOLDS = 5
LEAST_HEADS = 20
# How dearly a step is paid for by its improbability: without it, what properties have in common (light
# hair is grey hair) is pulled apart along directions in which the codes of no head lie.
DAMPING = 0.05
# What may follow because the property is made of it: grey hair has lost its warmth, and a fringe hides
# the hairline.
MAY_FOLLOW = {"grey": ("hue",), "fringe": ("hairline",)}

log = logging.getLogger("mirror")


@dataclass(frozen=True)
class Found:
    """The axes, and what moving along each (rows) does to each property (columns): standard deviations a
    step, by the regression and as felt; float64 (P, P) each."""

    axes: dict[str, Axis]
    predicted: np.ndarray
    felt: np.ndarray

    def table(self) -> str:
        """Lines for people: each axis's figures, then its felt cross-talk."""
        names = list(self.axes)
        lines = [f"{'axis':<10} explains   felt  useful    felt in " + " ".join(f"{n[:9]:>9}" for n in names)]
        for i, (name, axis) in enumerate(self.axes.items()):
            crossed = " ".join(f"{value:9.2f}" for value in self.felt[i])
            reach = f"{axis.low:+.0f} to {axis.high:+.0f}"
            lines.append(f"{name:<10} {axis.explained:8.2f} {axis.felt:6.2f}  {reach:<8}          {crossed}")
        return "\n".join(lines)


def find_axes(shards: Shards, engines: Path, heads: int = 24) -> Found:
    """Finds the axes on the first folder of the shards and tries them on held-out heads.

    Args:
        engines: folder of the networks whose code it is.
        heads: how many to try each axis on.

    Raises:
        MirrorError: too few heads, or codes that say nothing of a property.
    """
    train, held_out = shards.numbers("train", 0), shards.held_out()
    numbers = np.concatenate([train, held_out])
    codes, values = encode_heads(shards, numbers, engines), measure_heads(shards, numbers)
    regression = regress(codes, values, np.arange(len(numbers)) < len(train))
    steps = directions(regression, np.cov(codes[: len(train)].T))
    networks = open_networks(engines)
    sitters = [seat(shards[n], networks) for n in choose_sitters(shards, heads)]
    changes = respond(sitters, regression.names, steps, regression.spread, networks)
    for engine in networks.values():
        engine.close()
    axes = try_axes(regression.names, steps, regression.explained, changes)
    return Found(axes, cross_talk(regression, steps), slopes(changes))


@dataclass(frozen=True)
class Regression:
    """Linear prediction of P properties from the style code.

    Attributes:
        names: of the properties.
        weights: float64 (P, 128), the property's change, in standard deviations, per unit of z.
        spread: float64 (P,), one standard deviation over the training heads, in the measure's own unit.
        explained: float64 (P,), R squared on held-out heads; NaN where there are fewer than 20.
        strength: float64 (P,), the ridge that was chosen.
        held_out: int (P,), heads that `explained` was taken on.
    """

    names: tuple[str, ...]
    weights: np.ndarray
    spread: np.ndarray
    explained: np.ndarray
    strength: np.ndarray
    held_out: np.ndarray


def measure_heads(shards: Shards, numbers: np.ndarray) -> np.ndarray:
    """The properties of heads of the shards, float64 (N, P); NaN where there is nothing to measure."""
    from tqdm import tqdm

    heads = tqdm(numbers, unit="head", desc="measures")
    return np.stack([measure(MeasuredHead.of(shards[n])) for n in heads])


def ridge(codes: np.ndarray, values: np.ndarray, strength: float) -> tuple[np.ndarray, float]:
    """Closed-form ridge regression with an intercept that is not shrunk.

    Args:
        codes: float (N, D); values: float (N,).
        strength: of the penalty, relative to the mean variance of the codes.

    Returns:
        Weights float64 (D,) and the intercept: values is about codes @ weights + intercept.

    Example:
        >>> x = np.arange(5.0)[:, None]
        >>> weights, intercept = ridge(x, 3 * x[:, 0] + 1, 0.0)
        >>> float(weights[0].round(6)), round(intercept, 6)
        (3.0, 1.0)
    """
    codes = np.asarray(codes, np.float64)
    middle, mean = codes.mean(0), float(np.mean(values))
    centred = codes - middle
    gram = centred.T @ centred / len(codes)
    gram += strength * np.trace(gram) / len(gram) * np.eye(len(gram))
    weights = np.linalg.solve(gram, centred.T @ (values - mean) / len(codes))
    return weights, mean - float(middle @ weights)


def r_squared(values: np.ndarray, predicted: np.ndarray) -> float:
    """Share of the variance that a prediction explains; below 0 where the mean would do better."""
    spread = float(((values - values.mean()) ** 2).sum())
    return 1 - float(((values - predicted) ** 2).sum()) / spread if spread > 0 else float("nan")


def choose_strength(codes: np.ndarray, values: np.ndarray) -> float:
    """The ridge of STRENGTHS that predicts best in 5-fold cross-validation."""
    fold = np.random.default_rng(0).permutation(len(codes)) % FOLDS
    predicted = np.empty((len(STRENGTHS), len(codes)))
    for part in range(FOLDS):
        inside, outside = fold != part, fold == part
        for i, strength in enumerate(STRENGTHS):
            weights, intercept = ridge(codes[inside], values[inside], strength)
            predicted[i, outside] = codes[outside] @ weights + intercept
    return STRENGTHS[int(np.argmin(((predicted - values) ** 2).sum(1)))]


def regress(
    codes: np.ndarray, values: np.ndarray, train: np.ndarray, names: tuple[str, ...] = tuple(MEASURES)
) -> Regression:
    """Regresses each property on the codes; heads on which it could not be measured are left out of it.

    A property that too few training heads show, or that is the same on all of them, is left out with a
    warning.

    Args:
        codes: float (N, D).
        values: float (N, P), NaN where not measured.
        train: bool (N,), the training heads; the others are held out.

    Raises:
        MirrorError: no property is left.
    """
    kept, weights, spread, explained, strengths, counts = [], [], [], [], [], []
    for name, value in zip(names, np.asarray(values, np.float64).T, strict=True):
        known = np.isfinite(value)
        inside, outside = known & train, known & ~train
        if inside.sum() < LEAST_HEADS or np.std(value[inside]) < 1e-9:
            log.warning(
                "there is no axis %s: %d training heads show it, or it does not vary", name, inside.sum()
            )
            continue
        strength = choose_strength(codes[inside], value[inside])
        slope, intercept = ridge(codes[inside], value[inside], strength)
        enough = outside.sum() >= LEAST_HEADS
        predicted = codes[outside] @ slope + intercept
        kept.append(name)
        explained.append(r_squared(value[outside], predicted) if enough else float("nan"))
        spread.append(float(np.std(value[inside])))
        weights.append(slope / spread[-1])
        strengths.append(strength)
        counts.append(int(outside.sum()))
    if not kept:
        raise MirrorError(
            f"No axis can be found: fewer than {LEAST_HEADS} training heads have hair that can be measured. "
            "Prepare more photographs."
        )
    return Regression(
        tuple(kept),
        np.stack(weights),
        np.array(spread),
        np.array(explained),
        np.array(strengths),
        np.array(counts),
    )


def directions(regression: Regression, covariance: np.ndarray, damping: float = DAMPING) -> np.ndarray:
    """The step of each axis in z, float64 (P, 128).

    With u the code whitened by the covariance of the training codes, and A the regression there, the step
    minimises |A u - e|^2 + damping |u|^2, where e raises the wanted property by one standard deviation
    and leaves the others (but for those that may follow) as they are. It is then scaled so that the
    wanted property rises by exactly one.

    Args:
        covariance: float (128, 128), of the training codes.
    """
    values, vectors = np.linalg.eigh(np.asarray(covariance, np.float64))
    factor = vectors * np.sqrt(np.maximum(values, 0))
    whitened = regression.weights @ factor
    steps = []
    for i, name in enumerate(regression.names):
        held = [
            j for j, other in enumerate(regression.names) if other not in (name, *MAY_FOLLOW.get(name, ()))
        ]
        rows = whitened[[i, *held]]
        pull = np.linalg.solve(rows @ rows.T + damping * np.eye(len(rows)), np.eye(len(rows))[0])
        step = rows.T @ pull
        steps.append(factor @ step / float(whitened[i] @ step))
    return np.stack(steps)


def cross_talk(regression: Regression, steps: np.ndarray) -> np.ndarray:
    """What one step along each axis (rows) does to each property (columns), by the regression.

    Returns:
        float64 (P, P), standard deviations; 1 on the diagonal.
    """
    return steps @ regression.weights.T
