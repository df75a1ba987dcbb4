"""An outline out of a guess: where a soft map crosses a half, however slowly, a line is drawn."""

from __future__ import annotations

import cv2
import numpy as np

# Slopes below this, per pixel, are no edge: nothing says where a line would lie.
_FLAT = 0.004


def crisp(share: np.ndarray, wide: float = 2.0) -> np.ndarray:
    """A map whose edges are all equally steep.

    A network that is unsure where a shoulder ends answers with a slope, and a slope is seen as a fog;
    half-way up it is its best guess. Divided by its own gradient, a map is the distance to that line in
    pixels (to first order; Taubin 1991, "Estimation of planar curves, surfaces, and nonplanar space curves").

    Args:
        share: float32 (H, W), 0 to 1.
        wide: pixels that an edge is wide.

    Returns:
        float32 (H, W), 0 to 1.

    Example:
        >>> fog = np.tile(np.linspace(0, 1, 101, dtype=np.float32), (9, 1))
        >>> [round(float(v), 2) for v in crisp(fog, 4.0)[4, [40, 49, 50, 51, 60]]]
        [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    across = cv2.Sobel(share, cv2.CV_32F, 1, 0, scale=0.125, borderType=cv2.BORDER_REPLICATE)
    down = cv2.Sobel(share, cv2.CV_32F, 0, 1, scale=0.125, borderType=cv2.BORDER_REPLICATE)
    slope = cv2.max(cv2.magnitude(across, down), _FLAT)
    return np.clip(cv2.divide(share - np.float32(0.5), slope) * np.float32(1 / wide) + np.float32(0.5), 0, 1)
