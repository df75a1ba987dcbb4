"""A hat or a headscarf of one portrait on the head of another: few portraits wear one, any of them could.

Head space puts brows and eyes alike, so a hat that was outlined by eye (`train.data.hair_outlines`) sits on
the next head as it sat on the first. Who wears hats is then no hint of what one is.
"""

from __future__ import annotations

import cv2
import numpy as np

# Share of the hair above the brows that may stick out from under a hat: more, and nobody would wear it so.
STICKING_OUT = 0.3
_BROWS = 0.4  # row, share of the side


def with_hat_of(
    item: dict[str, np.ndarray], other: np.ndarray, worn: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """A head with the hat of another portrait.

    Args:
        item: image uint8 (S, S, 3); matte, valid and, where known, person, uint8 (S, S).
        other: another picture, uint8 (S, S, 3); worn: the alpha of its hat, uint8 (S, S).

    Returns:
        The same with the hat in `worn`, and hair cut where that covers it; `item` itself where hair would
        stick out, or where the hat covers next to nothing.
    """
    side = len(item["matte"])
    scale, shift = np.exp(rng.normal(0.02, 0.04)), rng.normal(0, 0.012, 2) * side
    flip = rng.choice((-1, 1))
    centre = (side - 1) / 2
    linear = np.array([[scale * flip, 0], [0, scale]])
    matrix = np.hstack([linear, (centre - linear @ (centre, centre) + shift)[:, None]])
    paint, alpha = (cv2.warpAffine(one, matrix, (side, side)) for one in (other, worn))
    alpha = np.where(item["valid"] > 127, alpha, 0).astype(np.uint8)
    above = np.where(item["valid"] > 127, item["matte"], 0)[: round(_BROWS * side)].astype(np.float32)
    beside = above * (1 - alpha[: len(above)].astype(np.float32) / 255)
    if beside.sum() > STICKING_OUT * above.sum() or (alpha > 127).mean() < 0.01:
        return item
    share = alpha[..., None].astype(np.float32) / 255
    image = np.round(item["image"] + (paint.astype(np.float32) - item["image"]) * share).astype(np.uint8)
    matte = cv2.multiply(item["matte"], 255 - alpha, scale=1 / 255)
    out = item | {"image": image, "matte": matte, "worn": np.maximum(alpha, item.get("worn", alpha))}
    if "person" in item:
        out["person"] = np.maximum(item["person"], alpha)
    return out
