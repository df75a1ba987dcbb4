"""A matte network beside its teacher, on held-out heads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from mirror.core.errors import MirrorError
from train.data.shards import Shards
from train.inference.codec import Heads, read_heads
from train.metrics.similarity import alpha_error, iou
from train.nets.spec import open_run
from train.report.encoded_pictures import choose, spaced
from train.report.html_page import Page
from train.report.picture_grid import grid, tile_side

SHOWN, JUDGED = 10, 96


def add(page: Page, run: Path, shards: Shards) -> None:
    """Photograph, teacher's matte, ours, and their difference.

    Raises:
        MirrorError: the shards hold no mattes, or too few pictures.
    """
    if shards.kind != "heads":
        raise MirrorError(
            "A matte network needs heads with mattes; these shards hold pictures alone. Give shards that "
            "were prepared from photographs of faces."
        )
    spec, net = open_run(run)
    _, held, held_name = choose(shards, least_train=0)
    heads = read_heads(shards, spaced(held, JUDGED), spec.size)
    ours, truth = mattes(net, heads), heads["matte"].astype(np.float32) / 255
    overlap = np.array([iou(a, b, v) for a, b, v in zip(ours, truth, heads["valid"], strict=True)])
    pooled = overlap.sum(0)[0] / max(overlap.sum(0)[1], 1)
    error = float(
        np.mean([alpha_error(a, b, v) for a, b, v in zip(ours, truth, heads["valid"], strict=True)])
    )
    page.section("Mattes")
    shown = spaced(np.arange(len(ours)), SHOWN)
    rows = [
        [heads["image"][i] for i in shown],
        [_grey(truth[i]) for i in shown],
        [_grey(ours[i]) for i in shown],
        [_difference(ours[i], truth[i], heads["valid"][i]) for i in shown],
    ]
    each = [overlap[i, 0] / overlap[i, 1] if overlap[i, 1] else 1.0 for i in shown]
    below: list[list[str]] = [[], [], [], [f"IoU {value:.2f}" for value in each]]
    page.picture(
        "mattes",
        grid(
            rows,
            tile_side(spec.size),
            labels=["photograph", "teacher", "this network", "difference"],
            below=below,
        ),
        f"{len(shown)} {held_name}, the teacher's mattes, this network's, and where they differ (red: hair "
        f"for this network alone; blue: for the teacher alone). Over {len(ours)} of them the pooled IoU at "
        f"0.5 is {pooled:.3f} and the mean absolute difference {error:.4f}.",
    )
    page.say("A matte network has no code, so there are no samples, traversals or neighbours.")
    page.figures["mattes"] = {
        "pictures": len(ours),
        "iou_pooled": float(pooled),
        "mean_absolute_difference": error,
    }


def mattes(net: torch.nn.Module, heads: Heads) -> np.ndarray:
    """The network's mattes of heads: float32 (N, S, S), 0 to 1."""
    parts = []
    with torch.inference_mode():
        for image in heads["image"]:
            tensor = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)[None].float() / 255
            parts.append(torch.sigmoid(net(tensor))[0, 0].numpy())
    return np.stack(parts)


def _grey(matte: np.ndarray) -> np.ndarray:
    return np.repeat(matte[..., None], 3, -1)


def _difference(ours: np.ndarray, truth: np.ndarray, valid: np.ndarray) -> np.ndarray:
    out = np.ones((*ours.shape, 3), np.float32)
    error = ((ours - truth) * (valid > 127))[..., None]
    more, less = np.maximum(error, 0), np.maximum(-error, 0)
    return out - more * (0.05, 0.8, 0.9) - less * (0.95, 0.5, 0.1)
