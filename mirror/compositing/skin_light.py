"""Skin light: the light a face is in, as what each group of lights is multiplied with."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_crop import SIDE, Head
from mirror.hair.key_view import GROUPS, SKIN, KeyView
from mirror.hair.lit_layer import Tints

# A soft light from the front and above, to which weights are drawn of which a face says little; how far.
USUAL = {"left": 0.18, "right": 0.18, "front": 0.32, "top": 0.18, "back": 0.05, "dome": 0.30}
_DRAW = 0.25
# How bright a white card before a well exposed face is, linear; how far darker faces pull it down: people
# with dark skin stand in the same light, so only the cube root of their face's brightness counts.
_CARD, _USUAL_FACE, _PULL = 0.85, 0.33, 0.3
_USUAL_SKIN = np.array([1.32, 0.95, 0.72])  # colour of skin over its luminance, and how far it may be tinted
_TINTS, _TINTED = (0.6, 1.6), 0.33
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
_EASE = 0.6  # seconds in which light settles
_CELLS = 32  # a side of the head-space square, so small that pores and beard are gone


class SkinLight:
    """The light of one face over time."""

    def __init__(self) -> None:
        self._last: tuple[np.ndarray, float] | None = None

    def reset(self) -> None:
        """Another face."""
        self._last = None

    def look(
        self, head: Head, places: np.ndarray, hair: np.ndarray, view: KeyView, albedo: float, now: float
    ) -> Tints:
        """What each group's linear light is multiplied with.

        Args:
            places: float (468, 2): the landmarks in unit coordinates of head space.
            hair: float32 (256, 256): alpha of the hair that is there, where no skin is seen.
            view: the key view that the light is for: its bare head says how each group shades a face.
            albedo: luminance of that head's skin.
        """
        found = np.array([tint for tint in _fitted(head, places, hair, view, albedo)])
        if self._last is not None:
            last, at = self._last
            found = last + (found - last) * (1 - np.exp(-max(now - at, 0.0) / _EASE))
        self._last = found, now
        return {
            name: (float(one[0]), float(one[1]), float(one[2]))
            for name, one in zip(GROUPS, found, strict=True)
        }


def usual_light() -> Tints:
    """The soft light in which hair is shown before a face was seen."""
    return {name: (weight, weight, weight) for name, weight in USUAL.items()}


def _fitted(head: Head, places: np.ndarray, hair: np.ndarray, view: KeyView, albedo: float) -> np.ndarray:
    """float64 (6, 3). A ridge regression of the face's brightness on that of the bare head in each group."""
    small = cv2.resize(head.image[0].transpose(1, 2, 0), (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
    at = np.clip((places[list(SKIN)] * _CELLS).astype(int), 0, _CELLS - 1)
    seen = small[at[:, 1], at[:, 0]].astype(np.float64) ** 2.2
    cells = np.clip((places[list(SKIN)] * SIDE).astype(int), 0, SIDE - 1)
    free = hair[cells[:, 1], cells[:, 0]] < 0.3
    usual = np.array([USUAL[name] for name in GROUPS])
    if free.sum() < len(SKIN) // 3:
        return np.repeat(usual[:, None], 3, 1)
    columns, wanted = view.shading[free].astype(np.float64), (seen @ _LUMINANCE)[free]
    level = wanted.mean() / max(float((columns @ usual).mean()), 1e-6)
    pull = (_DRAW * np.linalg.norm(columns)) ** 2 / len(GROUPS)
    weights = np.linalg.solve(
        columns.T @ columns + pull * np.eye(len(GROUPS)), columns.T @ wanted + pull * usual * level
    )
    weights = np.maximum(weights, 0)
    card = _CARD * (wanted.mean() / _USUAL_FACE) ** _PULL
    weights *= card * albedo / max(float((columns @ weights).mean()), 1e-6)
    skin = seen[free].mean(0)
    tint = np.clip(skin / max(float(skin @ _LUMINANCE), 1e-4) / _USUAL_SKIN, *_TINTS) ** _TINTED
    return weights[:, None] * tint
