"""What the pictures of a report are made from: codes of training and held-out pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import kstest
from tqdm import tqdm

from mirror.core.errors import MirrorError
from train.data.shards import Shards
from train.inference.codec import Codec, Heads, read_heads, rows
from train.metrics.similarity import ACTIVE, kl_by_dimension
from train.report.measured_attributes import measure, names, rank_correlations, recorded

LEAST_TRAIN, LEAST_HELD = 8, 2
# How many numbers of a code are named, and shown in tables.
SHOWN = 32
# Pictures that attributes are measured on: a rank correlation is then right to about 0.03.
MEASURED = 1500
# Share of the square that short hair takes.
SHORT_HAIR = 0.06


@dataclass(frozen=True)
class Codes:
    """Codes of some pictures.

    Attributes:
        numbers: int (N,), of the pictures in the shards.
        mean: float32 (N, latent); logvar: likewise, or None.
        measured: attribute -> float64 (N,), see `attributes.measure`, and what the data set says of them.
    """

    numbers: np.ndarray
    mean: np.ndarray
    logvar: np.ndarray | None
    measured: dict[str, np.ndarray]

    def samples(self) -> np.ndarray:
        """One draw from each posterior (the same each time), float32 (N, latent); an autoencoder's codes."""
        if self.logvar is None:
            return self.mean
        noise = np.random.default_rng(0).standard_normal(self.mean.shape, np.float32)
        return self.mean + noise * np.exp(self.logvar / 2)


@dataclass(frozen=True)
class Diagnosis:
    """What each number of a code does over the training pictures; arrays are float64 (latent,).

    Attributes:
        mean, deviation: of the code as drawn from the posteriors (the aggregate posterior).
        spread: variance of the posterior's mean over pictures: above 0.01 the number is an active unit
            (Burda et al. 2016).
        kl: nats, mean over pictures; None for an autoencoder.
        distance: Kolmogorov-Smirnov distance of the drawn code to a standard normal, 0 to 1.
        order: int, the numbers by KL (an autoencoder's: by spread), largest first.
        correlations: (attributes, SHOWN), Spearman's, of the first numbers of `order`.
        names: of the first numbers of `order`, "" where no attribute fits.
    """

    mean: np.ndarray
    deviation: np.ndarray
    spread: np.ndarray
    kl: np.ndarray | None
    distance: np.ndarray
    order: np.ndarray
    correlations: np.ndarray
    names: list[str]

    @property
    def active(self) -> np.ndarray | None:
        """bool (latent,); None for an autoencoder, whose numbers have no scale of their own."""
        return None if self.kl is None else self.spread > ACTIVE

    def label(self, rank: int) -> str:
        """Two lines for the `rank`-th number of `order` (below SHOWN): which it is, and its name."""
        return f"z{self.order[rank]}\n{self.names[rank]}".rstrip()


@dataclass(frozen=True)
class Material:
    """All that the pictures of one report are made from.

    Attributes:
        train, held: codes of training pictures and of the pictures that are shown.
        held_name: what the latter are: "held-out pictures", or "training pictures" where none is held out.
        centre, factor: the Gaussian of the drawn training codes, float64 (latent,) and (latent, latent) with
            factor @ factor.T = covariance.
        plane: float64 (latent, 2), the first two principal axes of the mean training codes, each as long as
            the standard deviation along it; plane_share: how much of their variance lies in it.
    """

    codec: Codec
    shards: Shards
    train: Codes
    held: Codes
    held_name: str
    diagnosis: Diagnosis
    centre: np.ndarray
    factor: np.ndarray
    plane: np.ndarray
    plane_share: float

    @property
    def variational(self) -> bool:
        """Whether codes were held to a standard normal."""
        return self.train.logvar is not None

    def heads(self, numbers: np.ndarray) -> Heads:
        """Pictures of the shards at the network's size."""
        return read_heads(self.shards, numbers, self.codec.size)

    def model_head(self) -> Heads:
        """One head that codes are painted on, of those that are shown.

        One who looks straight ahead, wholly in the picture, with short hair that leaves the face free.
        """
        numbers = spaced(self.held.numbers, 200)
        if self.shards.kind == "heads":
            numbers = numbers[np.argsort([self._unfit(int(n)) for n in numbers], kind="stable")]
        return self.heads(numbers[:1])

    def _unfit(self, number: int) -> float:
        """How unfit a head is to be painted on: angles over 30 degrees, and shares of area, added up."""
        item = {name: self.shards.array(number, name)[::4, ::4] for name in ("matte", "valid", "face")}
        hair, face = item["matte"] / 255.0, item["face"] / 255.0
        hidden = (hair * face).sum() / max(face.sum(), 1.0)
        beyond = 1 - item["valid"].mean() / 255.0
        aside = np.abs(self.shards.array(number, "shape")[-3:]).max()
        return float(aside + 4 * beyond + 4 * hidden + 4 * abs(hair.mean() - SHORT_HAIR))


def spaced(numbers: np.ndarray, count: int) -> np.ndarray:
    """At most `count` of some numbers, evenly over them."""
    if len(numbers) <= count:
        return numbers
    return numbers[np.linspace(0, len(numbers) - 1, count).round().astype(int)]


def gather(codec: Codec, shards: Shards, pictures: int) -> Material:
    """Encodes training pictures (at most `pictures`, evenly over all) and held-out ones.

    Raises:
        MirrorError: too few pictures, or shards that the network cannot be used on.
    """
    train, held, held_name = choose(shards)
    codes = encode(codec, shards, spaced(train, pictures), "training pictures", attributes=True)
    shown = encode(codec, shards, spaced(held, min(pictures, 500)), held_name, attributes=False)
    drawn = codes.samples().astype(np.float64)
    factor = principal_axes(drawn)
    # The means: drawn codes hold the posteriors' noise too, which is alike in all directions.
    axes = principal_axes(codes.mean.astype(np.float64))
    share = (axes[:, :2] ** 2).sum() / max((axes**2).sum(), 1e-12)
    return Material(
        codec, shards, codes, shown, held_name, diagnose(codes),
        centre=drawn.mean(0), factor=factor, plane=axes[:, :2], plane_share=float(share),
    )  # fmt: skip


def principal_axes(codes: np.ndarray) -> np.ndarray:
    """Columns are the principal axes of codes (N, D), as long as the standard deviation along them.

    Returns:
        float64 (D, D), longest first; axes @ axes.T is the covariance.
    """
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(codes.T)))
    return (vectors * np.sqrt(np.maximum(values, 0)))[:, ::-1]


def choose(shards: Shards, least_train: int = LEAST_TRAIN) -> tuple[np.ndarray, np.ndarray, str]:
    """Numbers of the training pictures and of those to show, and what the latter are.

    Raises:
        MirrorError: there are too few.
    """
    train, held, held_name = shards.numbers("train"), shards.held_out(), "held-out pictures"
    if not len(held):
        held, held_name = train, "training pictures"
    for found, least, what in ((train, least_train, "training"), (held, LEAST_HELD, "held-out (val)")):
        if len(found) < least:
            raise MirrorError(
                f"The shards hold {len(found)} {what} pictures; a report needs {least} or more. Give more "
                "shards, or prepare more pictures."
            )
    return train, held, held_name


def encode(codec: Codec, shards: Shards, numbers: np.ndarray, what: str, *, attributes: bool) -> Codes:
    """Codes of pictures, a batch at a time, with a progress bar; `attributes` measures some of them too."""
    means, found = [], []
    logvars: list[np.ndarray] = []
    batch, stride = 64, max(1, len(numbers) // MEASURED)
    starts = range(0, len(numbers), batch)
    bar = tqdm(starts, desc=what, unit_scale=batch, unit=" pictures", leave=False, disable=None)
    for start in bar:
        heads = read_heads(shards, numbers[start : start + batch], codec.size)
        mean, logvar = codec.encode(heads)
        means.append(mean)
        if logvar is not None:
            logvars.append(logvar)
        if attributes:
            found.append(measure(rows(heads, slice(-start % stride, None, stride))))
    mean = np.concatenate(means)
    if not np.isfinite(mean).all():
        raise MirrorError(
            "The network's codes are not numbers. Its weights are spoilt; give an older checkpoint."
        )
    measured = {}
    for name in found[0] if found else ():
        measured[name] = np.full(len(numbers), np.nan)
        measured[name][::stride] = np.concatenate([one[name] for one in found])
    if attributes:
        measured |= recorded(shards.attributes(numbers))
    return Codes(numbers, mean, np.concatenate(logvars) if logvars else None, measured)


def diagnose(codes: Codes) -> Diagnosis:
    """What each number of a code does over some pictures."""
    drawn = codes.samples().astype(np.float64)
    spread = codes.mean.astype(np.float64).var(0)
    kl = None if codes.logvar is None else kl_by_dimension(codes.mean, codes.logvar)
    order = np.argsort(-(spread if kl is None else kl), kind="stable")
    first = order[:SHOWN]
    correlations = rank_correlations(codes.mean[:, first], codes.measured)
    return Diagnosis(
        mean=drawn.mean(0),
        deviation=drawn.std(0),
        spread=spread,
        kl=kl,
        distance=np.array([kstest(z, "norm", method="asymp").statistic for z in drawn.T]),
        order=order,
        correlations=correlations,
        names=names(correlations, list(codes.measured)),
    )
