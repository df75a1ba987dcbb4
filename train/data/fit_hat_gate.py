"""Fits the template of the hat gate on portraits whose hats are listed by name in hats.csv.

    python -m train prepare --data ../shared/photos --teacher ../shared/teachers/hair_segmenter.tflite \
        --out shards/all --keep hat greyscale sunglasses
    python -m train.data.fit_hat_gate --shards shards/all
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from pathlib import Path

import cv2
import numpy as np
import torch

from mirror.core.errors import MirrorError
from train.data.hat_gate import HAT_LIMIT, TEMPLATE, hat_maps
from train.data.hat_labels import LABELS, read_labels
from train.data.shards import Shards


def fit_template(
    maps: np.ndarray, hats: np.ndarray, more: np.ndarray, more_hats: np.ndarray, decay: float = 3e-3
) -> tuple[np.ndarray, float]:
    """The logistic regression: maps float (N, 10, 6, 11), hats bool (N,) -> weights (10, 6, 11), bias.

    Args:
        more, more_hats: the same portraits changed (`narrowed`, `dyed`).
        decay: on the squared weights of the standardised maps.
    """
    inputs = np.concatenate([maps, more]).reshape(len(maps) + len(more), -1).astype(np.float64)
    # Cells that hardly vary must not be blown up.
    mean, spread = inputs.mean(0), inputs.std(0) + 0.02
    x = torch.from_numpy((inputs - mean) / spread)
    y = torch.from_numpy(np.concatenate([hats, more_hats]).astype(np.float64))
    weights = torch.zeros(x.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=120)

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = torch.nn.functional.binary_cross_entropy_with_logits(x @ weights + bias, y)
        value = value + decay * (weights**2).sum()
        value.backward()
        return value

    optimiser.step(loss)
    scaled = weights.detach().numpy() / spread
    return scaled.reshape(maps.shape[1:]).astype(np.float32), bias.item() - float(scaled @ mean)


def narrowed(item: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The same head in a picture that was cut close around it, as aligned faces are."""
    side = item["valid"].shape[0]
    left, top, right = rng.uniform(0.08, 0.3), rng.uniform(0.04, 0.27), rng.uniform(0.7, 0.92)
    inside = np.zeros((side, side), np.uint8)
    inside[int(top * side) : int(rng.uniform(0.77, 1) * side), int(left * side) : int(right * side)] = 1
    cut = {name: item[name] * inside for name in ("matte", "valid", "person")}
    return cut | {"image": item["image"] * inside[..., None]}


def dyed(item: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The same head with its hair dyed some colour: what is bright is no hat for that."""
    lab = cv2.cvtColor(item["image"].astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    hue, chroma = rng.uniform(0, 2 * np.pi), rng.uniform(15, 60)
    lab[..., 0] = np.clip(lab[..., 0] * rng.uniform(0.9, 1.3) + rng.uniform(0, 25), 0, 100)
    chroma = chroma * np.clip(lab[..., 0] / 50, 0.3, 1.2)
    lab[..., 1], lab[..., 2] = chroma * np.cos(hue), chroma * np.sin(hue)
    tinted = np.clip(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), 0, 1) * 255
    alpha = item["matte"][..., None] / 255
    return item | {"image": (item["image"] * (1 - alpha) + tinted * alpha).astype(np.uint8)}


def main(argv: list[str] | None = None) -> int:
    """Fits the template on prepared shards and prints how it does on portraits it has not seen."""
    parser = argparse.ArgumentParser(prog="python -m train.data.fit_hat_gate", description=main.__doc__)
    parser.add_argument("--shards", type=Path, required=True, help="prepared with --keep hat")
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--out", type=Path, default=TEMPLATE)
    parser.add_argument("--folds", type=int, default=5)
    args = parser.parse_args(argv)
    try:
        shards, labels = Shards([args.shards]), read_labels(args.labels)
        known = [i for i, name in enumerate(shards.files) if labels.get(name) != "unsure"]
        hats = np.array([labels.get(shards.files[i]) == "hat" for i in known])
        if not hats.any() or "person" not in shards[0]:
            raise MirrorError(f"{args.shards} holds no hat of {args.labels}, or no mask of the person.")
        rng = np.random.default_rng(0)
        triples = [_three(shards[i], rng) for i in known]
        maps, narrow, dye = (np.stack(one) for one in zip(*triples, strict=True))
        # Neighbours in the list are often the same person: whole runs of 60 go into one fold.
        fold = np.random.default_rng(3).integers(0, args.folds, len(known) // 60 + 1)[
            np.arange(len(known)) // 60
        ]
        scores = np.empty(len(known))
        for number in range(args.folds):
            weights, bias = _fit_on(fold != number, maps, narrow, dye, hats)
            scores[fold == number] = (maps[fold == number] * weights).sum((1, 2, 3)) + bias
        found = scores > HAT_LIMIT
        print(
            f"on portraits not seen: {found[hats].mean():.1%} of {hats.sum()} hats found, "
            f"{found[~hats].sum()} of {(~hats).sum()} others taken for one"
        )
        weights, bias = _fit_on(np.ones(len(known), bool), maps, narrow, dye, hats)
    except MirrorError as error:
        print(f"fit_hats: {error}", file=sys.stderr)
        return 2
    part = args.out.with_name(args.out.name + ".part")
    with part.open("wb") as file:
        np.savez_compressed(file, weights=weights, bias=np.float32(bias))
    os.replace(part, args.out)
    print(f"SHA-256 for hat_gate.py: {hashlib.sha256(args.out.read_bytes()).hexdigest()}")
    return 0


def _three(item: dict[str, np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    changed = (item, narrowed(item, rng), dyed(item, rng))
    return [hat_maps(one["image"], one["matte"], one["valid"], one["person"]) for one in changed]


def _fit_on(
    keep: np.ndarray, maps: np.ndarray, narrow: np.ndarray, dye: np.ndarray, hats: np.ndarray
) -> tuple[np.ndarray, float]:
    bare = keep & ~hats
    more = np.concatenate([narrow[keep], dye[bare]])
    return fit_template(maps[keep], hats[keep], more, np.concatenate([hats[keep], hats[bare]]))


if __name__ == "__main__":
    sys.exit(main())
