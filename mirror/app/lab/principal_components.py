"""Components: the directions in which hair differs most, and z read and written along them."""

from __future__ import annotations

import numpy as np


class Components:
    """Principal components of a Gaussian prior, z = mean + factor @ normal.

    With factor = U S V^T, component k is column k of U and one standard deviation along it is S[k]: in the
    prior's own metric the components are orthonormal, so a draw from the prior has coordinates that are
    independent normal numbers.

    Args:
        mean: (D,); factor: (D, D), of full rank.

    Attributes:
        mean: float64 (D,).
        deviations: float64 (D,), one standard deviation along each component, the largest first.
        directions: float64 (D, D), row k is the step of z that is one standard deviation along component k.

    Example:
        >>> components = Components(np.zeros(2), np.diag([3.0, 1.0]))
        >>> components.coordinates(np.array([6.0, 1.0])).round(6).tolist()
        [2.0, 1.0]
    """

    def __init__(self, mean: np.ndarray, factor: np.ndarray) -> None:
        self.mean = mean.astype(np.float64)
        axes, deviations, _ = np.linalg.svd(factor.astype(np.float64))
        # The sign of a component is anybody's choice: this one is the same on every machine.
        largest = axes[np.abs(axes).argmax(0), np.arange(axes.shape[1])]
        self._axes = axes * np.sign(largest)
        self.deviations = np.maximum(deviations, 1e-9)
        self.directions = (self._axes * self.deviations).T

    def __len__(self) -> int:
        return len(self.deviations)

    def coordinates(self, z: np.ndarray) -> np.ndarray:
        """z, (D,), in standard deviations along each component: float64 (D,)."""
        return (z.astype(np.float64) - self.mean) @ self._axes / self.deviations

    def code(self, coordinates: np.ndarray) -> np.ndarray:
        """The z, float64 (D,), of coordinates in standard deviations, (D,)."""
        return self.mean + coordinates @ self.directions

    def inverted(self, z: np.ndarray) -> np.ndarray:
        """z mirrored through the mean: float64 (D,). Twice is where it began."""
        return 2 * self.mean - z

    def apart(self, one: np.ndarray, other: np.ndarray) -> float:
        """Distance of two codes in the prior's own metric: standard deviations."""
        return float(np.linalg.norm((one.astype(np.float64) - other) @ self._axes / self.deviations))

    @property
    def usual(self) -> float:
        """Root mean square Euclidean distance between two draws from the prior."""
        return float(np.sqrt(2 * np.square(self.deviations).sum()))
