"""What can be measured of a prepared picture without any network: what a code's numbers are compared with."""

from __future__ import annotations

import cv2
import numpy as np
from scipy.stats import rankdata

from mirror.core.face import FACE_OVAL
from train.inference.codec import Heads
from train.metrics.hair_properties import MEASURES, MeasuredHead

# Pixels a side for hair, and for all else.
HAIR_SIDE, SIDE = 128, 64
# A word that a data set uses for its pictures is an attribute where it has no more of them than this.
MOST_WORDS = 8
# Fewer pictures than this, and a correlation is chance.
LEAST = 30


def measure(heads: Heads) -> dict[str, np.ndarray]:
    """Attributes of a batch of heads, or of pictures alone.

    Hair as `train/metrics/hair_properties.py` defines it; colours are CIE Lab, angles degrees, sizes of faces
    shares of the square.

    Returns:
        Name -> float64 (N,), NaN where a picture does not have what is measured (no hair, no wall).
    """
    found = [_one({name: array[i] for name, array in heads.items()}) for i in range(len(heads["image"]))]
    return {name: np.array([one[name] for one in found]) for name in found[0]}


def _one(item: dict[str, np.ndarray]) -> dict[str, float]:
    if item["image"].shape[0] > HAIR_SIDE:
        item = {name: _small(array, HAIR_SIDE) for name, array in item.items()}
    small = {name: _small(array, SIDE) for name, array in item.items()}
    lab = cv2.cvtColor(small["image"].astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    valid = small["valid"] > 250 if "valid" in small else np.ones((SIDE, SIDE), bool)
    if "matte" not in item:
        return _picture(lab, valid)
    head = MeasuredHead.of(item)
    hair = {_hair_name(name): float(take(head)) for name, take in MEASURES.items()}
    hair["hair area"] = float(head.matte.mean())
    matte, face = (small[name].astype(np.float32) / 255 for name in ("matte", "face"))
    return hair | _rest(lab, matte, face, valid) | _pose(item["shape"])


def _hair_name(name: str) -> str:
    return name if name.startswith("hair") else f"hair {name}"


def _small(array: np.ndarray, side: int) -> np.ndarray:
    if array.ndim < 2 or array.shape[0] == side:
        return array
    return cv2.resize(array, (side, side), interpolation=cv2.INTER_AREA)


def recorded(attributes: list[dict]) -> dict[str, np.ndarray]:
    """What a data set itself says of its pictures: numbers as they are, each word as 1 (so) or 0 (not so).

    Example:
        >>> found = recorded([{"age": 30, "sex": "female"}, {"age": 41, "sex": "male"}])
        >>> {name: values.tolist() for name, values in found.items()}
        {'age': [30.0, 41.0], 'sex female': [1.0, 0.0], 'sex male': [0.0, 1.0]}
    """
    out: dict[str, np.ndarray] = {}
    for name in sorted({name for one in attributes for name in one}):
        values = [one.get(name) for one in attributes]
        words = sorted({v for v in values if isinstance(v, str)})
        if not words:
            out[name] = np.array([float(v) if isinstance(v, int | float) else np.nan for v in values])
        elif len(words) <= MOST_WORDS:
            for word in words:
                out[f"{name} {word}"] = np.array([np.nan if v is None else float(v == word) for v in values])
    return out


def _rest(lab: np.ndarray, hair: np.ndarray, face: np.ndarray, valid: np.ndarray) -> dict[str, float]:
    skin = (face > 0.7) & (hair < 0.2) & valid
    wall = (face < 0.1) & (hair < 0.05) & valid
    wall[SIDE // 2 :] = False  # below, there are shoulders
    out: dict[str, float] = {}
    for place, inside in (("skin", skin), ("wall", wall)):
        light, red, yellow = lab[inside].mean(0) if inside.sum() >= 40 else (np.nan,) * 3
        out |= {f"{place} lightness": float(light), f"{place} yellow against blue": float(yellow)}
        if place == "skin":
            out["skin red against green"] = float(red)
    left, right = skin[:, : SIDE // 2], skin[:, SIDE // 2 :]
    lit = (
        lab[:, : SIDE // 2, 0][left].mean() - lab[:, SIDE // 2 :, 0][right].mean()
        if min(left.sum(), right.sum()) >= 20
        else np.nan
    )
    return out | {"light from the left": float(lit), "contrast": float(lab[..., 0][valid].std())}


def _pose(shape: np.ndarray) -> dict[str, float]:
    oval = shape[: 2 * len(FACE_OVAL)].reshape(-1, 2) / 4
    yaw, pitch, roll = shape[-3:] * 30
    width, length = np.ptp(oval, axis=0)
    return {
        "head yaw": float(yaw), "head pitch": float(pitch), "head roll": float(roll),
        "face width": float(width), "face length": float(length),
    }  # fmt: skip


def _picture(lab: np.ndarray, valid: np.ndarray) -> dict[str, float]:
    light = lab[..., 0]
    seen = lab[valid] if valid.any() else lab.reshape(-1, 3)
    half = SIDE // 2
    return {
        "lightness": float(seen[:, 0].mean()),
        "contrast": float(seen[:, 0].std()),
        "red against green": float(seen[:, 1].mean()),
        "yellow against blue": float(seen[:, 2].mean()),
        "colourfulness": float(np.hypot(seen[:, 1], seen[:, 2]).mean()),
        "light from the left": float(light[:, :half].mean() - light[:, half:].mean()),
        "light from above": float(light[:half].mean() - light[half:].mean()),
        "middle against rim": float(light[16:48, 16:48].mean() - light.mean()),
        "fine detail": float(np.abs(light - cv2.GaussianBlur(light, (0, 0), 2)).mean()),
    }


def rank_correlations(codes: np.ndarray, measured: dict[str, np.ndarray]) -> np.ndarray:
    """Spearman's rank correlation of each attribute with each number of a code.

    Args:
        codes: (N, D).
        measured: name -> (N,); rows that are NaN play no part.

    Returns:
        float64 (attributes, D), -1 to 1; 0 where there is too little to tell.
    """
    out = np.zeros((len(measured), codes.shape[1]))
    for i, values in enumerate(measured.values()):
        there = np.isfinite(values)
        if there.sum() < LEAST or np.ptp(values[there]) == 0:
            continue
        a, b = rankdata(values[there]), rankdata(codes[there], axis=0)
        a, b = a - a.mean(), b - b.mean(0)
        out[i] = a @ b / np.maximum(np.sqrt((a @ a) * (b * b).sum(0)), 1e-12)
    return out


def names(correlations: np.ndarray, attributes: list[str], least: float = 0.3) -> list[str]:
    """A name for each number of a code: the attribute it goes with most, such as "hair area +0.62".

    The figure is the rank correlation. Empty where none reaches `least`.
    """
    if not attributes:
        return [""] * correlations.shape[1]
    best = np.abs(correlations).argmax(0)
    return [
        f"{attributes[i]} {correlations[i, d]:+.2f}" if abs(correlations[i, d]) >= least else ""
        for d, i in enumerate(best)
    ]
