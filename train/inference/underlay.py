"""What the underlay network says of heads behind the hair of others, against what is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from mirror.removal.inpainting_mask import cut_hole
from train.data.augmentation import small_alpha
from train.data.shards import Shards
from train.data.underlay_batches import refuse_without_people, truth_of
from train.inference.codec import Heads, read_heads, shrunk
from train.loop.training_loop import to_tensors
from train.metrics.similarity import iou, psnr
from train.nets.underlay import composed, told

LEAST = 50  # pixels; fewer tell nothing


@dataclass(frozen=True)
class Beneath:
    """Heads whose neck, clothes and wall were hidden, and guessed.

    Attributes:
        seen: float32 (N, S, S, 3), 0 to 1, what the network was shown; painted: what it made of it.
        alpha: float32 (N, S, S), of the body; where: bool (N, S, S), what was hidden and is known.
    """

    seen: np.ndarray
    painted: np.ndarray
    alpha: np.ndarray
    where: np.ndarray


def read_people(shards: Shards, numbers: np.ndarray, size: int) -> Heads:
    """Heads with what lies beneath their hair, see `truth_of`.

    Raises:
        MirrorError: the shards hold none.
    """
    refuse_without_people(shards, numbers)
    heads = read_heads(shards, numbers, size)
    truths = [truth_of(shards[int(n)]) for n in numbers]
    return heads | {name: np.stack([shrunk(one[name], size) for one in truths]) for name in truths[0]}


def beneath(net: nn.Module, heads: Heads) -> Beneath:
    """Each head behind the hair of the next.

    Args:
        net: a `UnderlayNet`.
        heads: see `read_people`.
    """
    device = next(net.parameters()).device
    own = [small_alpha(matte) for matte in heads["matte"]]
    side = heads["matte"].shape[1]
    holes = np.stack([cut_hole(a, b, side) for a, b in zip(own, own[1:] + own[:1], strict=True)])
    parts: list[list[np.ndarray]] = [[], [], []]
    for i, hole in enumerate(holes):
        batch = {n: heads[n][i][None, None] for n in ("valid", "face", "person")} | {"hole": hole[None, None]}
        tensors = to_tensors(batch | {"image": heads["image"][i].transpose(2, 0, 1)[None]}, device)
        with torch.inference_mode():
            shown, maps = told(tensors)
            out = net(shown, maps).float()
            alpha = torch.sigmoid(out[:, 6:7])
            picture = composed(out, alpha).clamp(0, 1)
        for part, one in zip(parts, (shown[0], picture[0], alpha), strict=True):
            part.append(one.permute(1, 2, 0).cpu().numpy() if one.ndim == 3 else one[0, 0].cpu().numpy())
    seen, painted, alphas = (np.stack(part) for part in parts)
    known = (heads["valid"] > 127) & (heads["known"] > 127)
    return Beneath(seen, painted, alphas, (holes > 0.5) & known)


def judged(found: Beneath, heads: Heads, i: int) -> tuple[float | None, tuple[float, float]]:
    """PSNR (dB) of what was hidden of one head, None where that is next to nothing; and intersection and
    union (pixels) of the body there."""
    where = found.where[i].astype(np.float32)
    image = heads["beneath"][i].astype(np.float32) / 255
    good = psnr(found.painted[i], image, where) if where.sum() >= LEAST else None
    return good, iou(found.alpha[i], heads["person"][i].astype(np.float32) / 255, where * np.float32(255))
