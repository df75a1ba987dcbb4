"""How near one picture is to another, one matte to another, and how much of a code is in use.

Pictures are float32 (H, W, 3) RGB, 0 to 1; a weight is float32 (H, W), 0 or more, and says how much each
pixel counts: `(matte > 0.5) & valid` for the hair, `valid` for the whole picture. A figure of nothing, with a
weight that is 0 everywhere, is a ValueError: leave such a picture out, do not call it good or bad.
"""

from __future__ import annotations

import numpy as np

# The least mean squared error that PSNR tells from none: 100 dB, far below one step of a byte (48 dB).
LEAST = 1e-10
# A dimension whose posterior mean varies less than this over the pictures says nothing of them
# (Burda et al. 2016, section 5.2).
ACTIVE = 0.01


def psnr(a: np.ndarray, b: np.ndarray, weight: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB where `weight` counts, higher is better, at most 100.

    -10 log10 of the weighted mean over pixels of the mean over channels of (a - b)^2; the peak is 1.

    Example:
        >>> a = np.zeros((16, 16, 3), np.float32)
        >>> round(psnr(a, a + 0.1, np.ones((16, 16), np.float32)), 3)
        20.0
    """
    _check(a, b, weight)
    return _decibels(_squares(a, b), weight)


def ssim(a: np.ndarray, b: np.ndarray, weight: np.ndarray) -> float:
    """Structural similarity (Wang et al. 2004), -1 to 1, higher is better: its map averaged with `weight`.

    The map is the one of the paper (Gaussian window of 11 pixels, sigma 1.5, population covariance, K1 0.01,
    K2 0.03), taken for each of R, G and B, and their mean. A window at the rim of the weight sees up to 5
    pixels beyond it.

    Raises:
        ValueError: a side is below 11 pixels, or as in `psnr`.
    """
    from skimage.metrics import structural_similarity

    _check(a, b, weight)
    if min(a.shape[:2]) < 11:
        raise ValueError(f"a picture of {a.shape[1]}x{a.shape[0]} is smaller than the window of 11 pixels")
    _, similarity = structural_similarity(
        np.asarray(a, np.float32), np.asarray(b, np.float32), data_range=1.0, channel_axis=-1, full=True,
        gaussian_weights=True, sigma=1.5, use_sample_covariance=False,
    )  # fmt: skip
    return float(np.average(similarity.mean(-1, dtype=np.float64), weights=weight))


def gradient_psnr(a: np.ndarray, b: np.ndarray, weight: np.ndarray) -> float:
    """PSNR in dB between the differences of neighbours: are the strands where they were? At most 100.

    With dx = p[:, 1:] - p[:, :-1] and dy = p[1:] - p[:-1] of each picture: -10 log10 of the weighted mean
    over both kinds of (da - db)^2, mean over channels; the peak is 1. A difference weighs as much as the
    lesser of its two pixels. A uniform error of colour does not count at all.

    Example:
        >>> a = np.zeros((16, 16, 3), np.float32)
        >>> gradient_psnr(a, a + 0.1, np.ones((16, 16), np.float32))
        100.0
    """
    _check(a, b, weight)
    # The difference of the differences is the difference of the error.
    error = np.asarray(a, np.float64) - b
    across, down = np.diff(error, axis=1), np.diff(error, axis=0)
    squares = [(d**2).mean(-1).ravel() for d in (across, down)]
    weights = [np.minimum(weight[:, 1:], weight[:, :-1]).ravel(), np.minimum(weight[1:], weight[:-1]).ravel()]
    return _decibels(np.concatenate(squares), np.concatenate(weights))


def iou(a: np.ndarray, b: np.ndarray, valid: np.ndarray) -> tuple[float, float]:
    """Intersection and union, in pixels, of two alphas at 0.5; pool them over pictures before dividing.

    Args:
        a, b: (H, W) alphas, 0 to 1.
        valid: uint8 (H, W), above 127 where pixels count.

    Example:
        >>> a, b = np.array([[0.9, 0.9, 0.0]]), np.array([[0.0, 0.6, 0.6]])
        >>> iou(a, b, np.full((1, 3), 255, np.uint8))
        (1.0, 3.0)
    """
    inside = valid > 127
    a, b = (a > 0.5) & inside, (b > 0.5) & inside
    return float((a & b).sum()), float((a | b).sum())


def alpha_error(a: np.ndarray, b: np.ndarray, valid: np.ndarray) -> float:
    """Mean absolute difference of two alphas, (H, W), 0 to 1, where `valid` is above 127; lower is better."""
    inside = valid > 127
    if not inside.any():
        raise ValueError("no pixel is valid")
    return float(np.abs(a.astype(np.float64) - b)[inside].mean())


def kl_by_dimension(mean: np.ndarray, logvar: np.ndarray) -> np.ndarray:
    """KL(N(mean, exp(logvar)) || N(0, 1)) of each dimension of a code, nats, mean over pictures.

    Kingma & Welling 2014, appendix B. The KL of a VAE is the sum of them.

    Args:
        mean, logvar: (N, latent).

    Returns:
        float64 (latent,).
    """
    mean, logvar = np.asarray(mean, np.float64), np.asarray(logvar, np.float64)
    return (-0.5 * (1 + logvar - mean**2 - np.exp(logvar))).mean(0)


def active_units(mean: np.ndarray) -> int:
    """How many dimensions of a code say something of the picture (Burda et al. 2016, section 5.2).

    Those whose posterior mean has a variance over pictures above 0.01. Only for codes that a KL holds to a
    standard normal: the numbers of a plain autoencoder have no scale of their own.

    Args:
        mean: (N, latent), N at least 2.
    """
    return int((np.asarray(mean, np.float64).var(0) > ACTIVE).sum())


def _squares(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return ((np.asarray(a, np.float64) - b) ** 2).mean(-1)


def _decibels(squares: np.ndarray, weight: np.ndarray) -> float:
    if not weight.sum() > 0:
        raise ValueError("the weight leaves no pixel to compare")
    return float(-10 * np.log10(max(float(np.average(squares, weights=weight)), LEAST)))


def _check(a: np.ndarray, b: np.ndarray, weight: np.ndarray) -> None:
    if a.shape != b.shape or a.ndim != 3 or weight.shape != a.shape[:2]:
        raise ValueError(f"pictures {a.shape} and {b.shape} with a weight {weight.shape} do not match")
    if not weight.sum() > 0:
        raise ValueError("the weight leaves no pixel to compare")
