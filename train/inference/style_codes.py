"""What the style encoder says of prepared heads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.head_crop import SIDE
from mirror.engines import Engine, open_engine
from train.data.shards import Shards


def refuse_other_shards(shards: Shards) -> None:
    """Raises MirrorError unless the shards hold heads of the size that the shipped networks take."""
    if shards.kind != "heads" or shards.side != SIDE:
        raise MirrorError(
            f"The shards hold {shards.kind} of {shards.side} pixels; styles are made from heads of {SIDE}. "
            "Give --shards a folder of photographs that python -m train prepare has prepared so."
        )


def encode_item(encoder: Engine, item: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The code of one head of the shards: z float32 (128,) and detail float32 (8, 64, 64)."""
    image = item["image"].transpose(2, 0, 1)[None].astype(np.float32) / 255
    alpha, face = (item[name][None, None].astype(np.float32) / 255 for name in ("matte", "face"))
    out = encoder.run(image=image, alpha=alpha, face=face)
    return out["z"][0].copy(), out["detail"][0].copy()


def encode_heads(shards: Shards, numbers: np.ndarray, engines: Path) -> np.ndarray:
    """The style codes of heads of the shards, float32 (N, 128)."""
    from tqdm import tqdm

    encoder = open_engine("encoder", "openvino", folder=engines)
    codes = [encode_item(encoder, shards[n])[0] for n in tqdm(numbers, unit="head", desc="codes")]
    encoder.close()
    return np.stack(codes)
