"""A headband or a bandana, drawn on a head: hair may fall over it, and beside it stays hair.

Portraits with one are few, and a fringe over a bandana is rarer still; where a network has seen hats on whole
heads only it takes all that touches the cloth for a hat. Head space says where a forehead is.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_space import oval_of

# Rows, shares of the side, between which the lower edge of a band lies in the middle of the forehead; how
# high it is, how much its ends lie lower (a head is round, and cameras look from above or below).
_LOWER, _HEIGHT, _BENT = (0.3, 0.385), (0.03, 0.1), (-0.02, 0.06)
_WIDER = (1.05, 1.25)  # how far it reaches, in halves of the face
_OVER = 0.45  # how often hair falls over it wherever there is hair; else over the upper part only, or not
_PARTLY = 0.5
_OWN_COLOUR = 0.6  # how often it is cloth of one colour; else a pattern
_CLOTHES = 0.82  # row, share of the side
_PLAIN = 24  # of 255: how much cloth of one colour varies


def with_band(
    item: dict[str, np.ndarray], pattern: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """A head with a band round the forehead.

    Args:
        item: image uint8 (S, S, 3); matte, valid and, where known, person, uint8 (S, S); shape float32 (75,).
        pattern: another picture, uint8 (S, S, 3), of which a piece is what the cloth looks like.

    Returns:
        The same with the band in `worn`, under hair or over it, and hair gone where it lies over.
    """
    side = len(item["matte"])
    band = _band(item["shape"], side, rng)
    hair = item["matte"].astype(np.float32) / 255
    if rng.random() < _OVER:
        before = hair
    elif rng.random() < _PARTLY:
        # A fringe falls over it from one side.
        place = (np.arange(side, dtype=np.float32) + 0.5) / side
        ramp = np.clip((place - rng.uniform(0.4, 0.6)) * rng.choice((-1, 1)) / 0.03, 0, 1)
        before = hair * ramp[None, :].astype(np.float32)
    else:
        before = np.zeros_like(hair)
    alpha = band * (1 - before) * (item["valid"] > 127)
    if "person" in item:
        alpha *= cv2.blur(item["person"], (3, 3)).astype(np.float32) * np.float32(1 / 255)
    cloth = _cloth(pattern, item["image"], band, rng)
    image = item["image"].astype(np.float32)
    image += (cloth - image) * alpha[..., None]
    worn = np.round(alpha * 255).astype(np.uint8)
    out = item | {
        "image": np.clip(np.round(image), 0, 255).astype(np.uint8),
        "matte": np.round(hair * (1 - alpha) * 255).astype(np.uint8),
        "worn": np.maximum(worn, item.get("worn", worn)),
    }
    return out


def _band(shape: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """Its alpha as if there were no hair, float32 (S, S)."""
    oval = oval_of(shape)
    middle, half = oval[:, 0].mean(), np.ptp(oval[:, 0]) / 2
    place = (np.arange(side) + 0.5) / side
    across = (place - middle) / half
    low = rng.uniform(*_LOWER) + rng.uniform(*_BENT) * across**2 + rng.normal(0, 0.015) * across
    high = low - rng.uniform(*_HEIGHT) * (1 - 0.3 * rng.random() * across**2)
    soft = rng.uniform(0.5, 1.5) / side
    rows = place[:, None]
    alpha = np.clip((low - rows) / soft, 0, 1) * np.clip((rows - high) / soft, 0, 1)
    alpha *= np.clip((rng.uniform(*_WIDER) - np.abs(across)) * half / soft, 0, 1)
    return alpha.astype(np.float32)


def _cloth(pattern: np.ndarray, image: np.ndarray, band: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What the band looks like, float32 (S, S, 3), in the light of the forehead it lies on."""
    side = len(band)
    # From where clothes are: a piece of somebody's hair would be a lie.
    size = int(side * rng.uniform(0.06, 1 - _CLOTHES))
    top, left = rng.integers(int(_CLOTHES * side), side - size + 1), rng.integers(0, side - size + 1)
    piece = pattern[top : top + size, left : left + size].astype(np.float32)
    piece = cv2.resize(piece, (side, side), interpolation=cv2.INTER_LINEAR)
    if rng.random() < _OWN_COLOUR:
        piece = (
            rng.uniform(10, 245, 3) * 0.5
            + rng.uniform(10, 245) * 0.5
            + (piece - piece.mean()) * (_PLAIN / max(float(piece.std()), 1.0))
        )
    # Round the head it gets darker, and on one side lighter than on the other as the face is.
    light = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), side / 24)
    inside = band > 0.5
    level = float(light[inside].mean()) if inside.any() else float(light.mean())
    shade = np.clip((light + 10) / (level + 10), 0.6, 1.3) ** rng.uniform(0, 0.8)
    return piece * shade[..., None].astype(np.float32)
