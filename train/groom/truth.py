"""Truth to photographs: the same statistics of hair in photographs and in renders, side by side.

All at one size (64 pixels an eye distance), inside the hair, relative to its mean brightness, so that
colour and exposure do not count. A render is as real hair where it lies within the spread of photographs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

# Wavelengths of the bands, pixels: a strand, a few strands, a lock, a thick lock.
BANDS = (0.7, 1.4, 2.8, 5.6)
# Hair with fewer pixels says nothing.
LEAST = 800
# The middle of photographs that counts as their spread.
SPREAD = (0.1, 0.9)
REC709 = np.array([0.2126, 0.7152, 0.0722], np.float32)


def hair_statistics(picture: np.ndarray, alpha: np.ndarray) -> dict[str, float]:
    """What hair in a picture is like.

    Args:
        picture: uint8 (H, W, 3) sRGB, 64 pixels an eye distance.
        alpha: float32 (H, W), 0 to 1: the hair.

    Returns:
        `band 0.7` ... `band 5.6`: contrast in each band of size, standard deviation over mean brightness;
        `coherence`: 0 to 1, how far neighbours point the same way; `highlight width`: pixels, of runs
        brighter
        than the rest across the strands; `edge width`: pixels over which alpha falls; `colour spread`:
        standard deviation of Lab's a and b from lock to lock. Empty where there is too little hair.
    """
    inside = cv2.erode((alpha > 0.95).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    if inside.sum() < LEAST:
        return {}
    linear = (picture.astype(np.float32) / 255) ** 2.2
    light = linear @ REC709
    mean = max(float(light[inside].mean()), 1e-3)
    found = {}
    blurs = [light] + [_blur_inside(light, inside, size) for size in BANDS]
    for size, finer, coarser in zip(BANDS, blurs[:-1], blurs[1:], strict=True):
        found[f"band {size:g}"] = float((finer - coarser)[inside].std() / mean)
    coded = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    found["coherence"] = _coherence(coded, inside)
    found["highlight width"] = _highlight_width(blurs[2], inside)
    found["edge width"] = _edge_width(alpha)
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    chroma = np.stack([_blur_inside(np.ascontiguousarray(lab[..., k]), inside, 2.0) for k in (1, 2)], -1)
    found["colour spread"] = float(chroma[inside].std(0).mean())
    return found


def compare(
    photographs: Sequence[Mapping[str, float]], renders: Mapping[str, Sequence[Mapping[str, float]]]
) -> str:
    """Statistics side by side, as a Markdown table.

    Args:
        photographs: of each what `hair_statistics` told; those that are empty are left out.
        renders: by style, the same of its renders; a style without any is said to show too little hair.

    Returns:
        A row of the photographs' middle, one of their `SPREAD`, one a style (means of its renders, bold
        outside the spread), and one of how many styles lie within.
    """
    real = [one for one in photographs if one]
    names = list(real[0]) if real else []
    measured = [[one[name] for name in names] for one in real]
    low, middle, high = np.quantile(measured, [SPREAD[0], 0.5, SPREAD[1]], 0)
    edges = " to ".join(f"{share:.0%}" for share in SPREAD)
    rows = [
        ["", *(f"{name} px" if name.startswith("band") else name for name in names)],
        ["---"] * (len(names) + 1),
        [f"{len(real)} photographs, middle", *(f"{one:.3g}" for one in middle)],
        [edges, *(f"{least:.3g} to {most:.3g}" for least, most in zip(low, high, strict=True))],
    ]
    within = []
    for style, found in renders.items():
        found = [one for one in found if one]
        if not found:
            rows.append([style, "too little hair", *[""] * (len(names) - 1)])
            continue
        means = np.array([np.mean([one[name] for one in found]) for name in names])
        within.append((means >= low) & (means <= high))
        told = zip(means, within[-1], strict=True)
        rows.append([style, *(f"{one:.3g}" if ok else f"**{one:.3g}**" for one, ok in told)])
    if within:
        rows.append(["within", *(f"{count} of {len(within)}" for count in np.sum(within, 0))])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _blur_inside(values: np.ndarray, inside: np.ndarray, sigma: float) -> np.ndarray:
    """A Gaussian blur that takes nothing from outside the hair."""
    share = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), sigma)
    return cv2.GaussianBlur(values * inside, (0, 0), sigma) / np.maximum(share, 1e-3)


def _coherence(grey: np.ndarray, inside: np.ndarray) -> float:
    """Of the structure tensor over three pixels: (l1 - l2) / (l1 + l2), weighted by gradient."""
    x, y = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    xx, yy, xy = (_blur_inside(part, inside, 3.0) for part in (x * x, y * y, x * y))
    apart = np.sqrt((xx - yy) ** 2 + 4 * xy**2)
    return float(apart[inside].sum() / max(float((xx + yy)[inside].sum()), 1e-6))


def _highlight_width(light: np.ndarray, inside: np.ndarray) -> float:
    """Mean length, pixels, of runs down the picture that are brighter than the mean and a deviation."""
    bright = (light > light[inside].mean() + light[inside].std()) & inside
    starts = (bright[1:] & ~bright[:-1]).sum() + bright[0].sum()
    return float(bright.sum() / max(int(starts), 1))


def _edge_width(alpha: np.ndarray) -> float:
    """Median width, pixels, of the fall of alpha at its edge: one over its slope where it is a half."""
    soft = cv2.GaussianBlur(alpha, (0, 0), 1.0)
    slope = np.hypot(
        cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=1 / 8)
    )
    edge = (soft > 0.35) & (soft < 0.65)
    return float(np.median(1 / np.maximum(slope[edge], 1e-2))) if edge.sum() > 50 else 0.0
