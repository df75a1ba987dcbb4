"""Training runs side by side on the same held-out pictures, without export.

    python -m train evaluate --runs runs/vae runs/burgess --shards shards/photos

Each network sees the pictures at its own size, so figures of different sizes are of different tasks: compare
those of one. Networks of different kinds (hair VAE, matte, underlay, whole pictures) get tables of their own.
Already cropped pictures have no mattes, so nothing is said of hair there and a matte, an underlay network or
a hair VAE cannot be judged.
What each figure is: `train/evaluation/figure_definitions.py`.
"""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from mirror.core.errors import MirrorError
from train.data.shards import Shards
from train.evaluation.figure_definitions import RUNS
from train.evaluation.figure_tables import circumstances, labels
from train.inference.codec import HairCodec, Heads, PictureCodec, open_codec, read_heads
from train.inference.underlay import beneath, judged, read_people
from train.metrics.bootstrap import Tally
from train.metrics.similarity import (
    active_units,
    alpha_error,
    gradient_psnr,
    iou,
    kl_by_dimension,
    psnr,
    ssim,
)
from train.nets.spec import Spec, open_run, read_spec, weights_file

LEAST_HAIR = 0.006  # share of the square; less is nothing to judge paint by
# All others are networks of whole pictures.
KINDS = {"hair_vae": "hair VAE", "matte": "matte", "underlay": "underlay"}
AT_A_TIME = 32


def compare(runs: list[Path], folders: list[Path], count: int = 240) -> dict:
    """Judges the averaged weights of training runs on held-out pictures.

    Args:
        runs: folders of runs, or safetensors files written by one.
        folders: prepared shards.
        count: of pictures, evenly over those of the split val of the first folder.

    Returns:
        A record, see `train/evaluation/figure_tables.py`; each column also has `kind`, `spec`, `parameters`
        and, where the run's folder says so, `step`, `seconds` and `shards` of its training.

    Raises:
        MirrorError: a run or a shard that cannot be used, nothing held out, or no run fits the shards.
    """
    began = time.monotonic()
    shards = Shards(folders)
    numbers = held_out(shards, count)
    named = labels(runs)
    specs = {label: read_spec(run) for label, run in named.items()}
    notes = []
    if shards.kind != "heads":
        for label in [label for label, spec in specs.items() if spec.net in KINDS]:
            kind = KINDS[specs.pop(label).net]
            notes.append(f"{label}: left out, a {kind} cannot be judged on pictures without mattes")
    if not specs:
        raise MirrorError(
            f"None of the runs can be judged on {folders[0]}: it holds pictures without mattes. Give shards "
            "that were prepared from photographs of faces."
        )
    if large := [f"{label} ({spec.size})" for label, spec in specs.items() if spec.size > shards.side]:
        raise MirrorError(
            f"{', '.join(large)} is larger than the {shards.side} pixels of {folders[0]}. Prepare the "
            "pictures again at that side, or leave it out."
        )
    columns = {}
    for label, spec in specs.items():
        run = named[label]
        columns[label] = judge_run(run, spec, shards, numbers, label)
        learnt = {Path(folder).resolve() for folder in columns[label].get("shards", [])}
        if learnt and not learnt & {folder.resolve() for folder in folders}:
            notes.append(f"{label}: learnt from other shards; make sure that it never saw these pictures")
    if shards.kind != "heads":
        notes.append("inside the hair: left out, these pictures have no mattes")
    if len({column["spec"]["size"] for column in columns.values()}) > 1:
        notes.append("sizes differ: each run is judged at its own, and only equal sizes compare")
    return circumstances() | {
        "seconds": round(time.monotonic() - began, 1),
        "shards": [str(folder) for folder in folders],
        "people": len(numbers),
        "notes": notes,
        "columns": columns,
    }


def held_out(shards: Shards, count: int) -> np.ndarray:
    """Numbers of at most `count` pictures of the split val, evenly. Raises MirrorError without any."""
    numbers = shards.held_out()
    if not len(numbers):
        raise MirrorError(
            "None of these pictures is of the split val, so nobody is left to judge by. Mark some that are "
            "never trained on with split val in their index.csv, and prepare them again."
        )
    return numbers[np.linspace(0, len(numbers) - 1, min(count, len(numbers))).astype(int)]


def judge_run(run: Path, spec: Spec, shards: Shards, numbers: np.ndarray, label: str) -> dict:
    """One column: everything measured of one run."""
    tally = Tally()
    alone: dict[str, float] = {}
    if spec.net == "matte":
        _, net = open_run(run)
        judge_matte(net, spec, shards, numbers, tally, label)
    elif spec.net == "underlay":
        _, net = open_run(run)
        judge_underlay(net, spec, shards, numbers, tally, label)
    else:
        codec = open_codec(run)
        assert isinstance(codec, (PictureCodec, HairCodec))
        net = codec.net
        alone = judge_codec(codec, shards, numbers, tally, label)
    figures = {name: tally.summary(name) for name in tally.figures}
    figures |= {name: {"value": value} for name, value in alone.items()}
    said = read_state(weights_file(run).parent / "state.json")
    return {
        "folder": str(run),
        "kind": KINDS.get(spec.net, "pictures"),
        "spec": {"net": spec.net, "size": spec.size, "latent": spec.latent, "likelihood": spec.likelihood},
        "networks": {"average": {"sha256": hashlib.sha256(weights_file(run).read_bytes()).hexdigest()}},
        "parameters": sum(p.numel() for p in net.parameters()),
        **{name: said[name] for name in ("step", "seconds", "shards") if name in said},
        "figures": {name: figures[name] for name in RUNS if name in figures},
    }


def read_state(path: Path) -> dict:
    """What a run says of its training; {} where there is no such file. Raises MirrorError if damaged."""
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise MirrorError(f"{path} cannot be read ({error}). Delete it to judge the weights alone.") from None


def judge_codec(
    codec: PictureCodec | HairCodec, shards: Shards, numbers: np.ndarray, tally: Tally, label: str
) -> dict[str, float]:
    """Reconstructions of held-out pictures, person by person; returns what is said of the code as a whole."""
    means, logvars = [], []
    trivial = None if isinstance(codec, HairCodec) else mean_picture(shards, codec.size)
    for some in _parts(numbers, label):
        heads = read_heads(shards, some, codec.size)
        mean, logvar = codec.encode(heads)
        means.append(mean)
        logvars += [] if logvar is None else [logvar]
        if isinstance(codec, HairCodec):
            judge_hair(codec, heads, _names(shards, some), tally)
        else:
            judge_pictures(codec.decode(mean, heads), heads, _names(shards, some), trivial, tally)
    if not logvars:
        return {}
    mean = np.concatenate(means)
    out = {"kl": float(kl_by_dimension(mean, np.concatenate(logvars)).sum())}
    return out | ({"active_units": float(active_units(mean))} if len(mean) > 1 else {})


def judge_pictures(
    rebuilt: np.ndarray, heads: Heads, names: list[str], trivial: np.ndarray | None, tally: Tally
) -> None:
    """Whole pictures, and the hair in them where there are mattes.

    Args:
        rebuilt: float32 (N, S, S, 3), 0 to 1.
        trivial: the mean picture, float32 (S, S, 3), 0 to 1.
    """
    for i, name in enumerate(names):
        image = heads["image"][i].astype(np.float32) / 255
        valid = (heads["valid"][i] > 127).astype(np.float32)
        if not valid.any():
            continue
        _add(tally, name, "", rebuilt[i], image, valid)
        if trivial is not None:
            tally.add("psnr_mean_picture", name, psnr(trivial, image, valid))
        if "matte" in heads:
            hair = valid * (heads["matte"][i] > 127)
            if hair.mean() > LEAST_HAIR:
                _add(tally, name, "_hair", rebuilt[i], image, hair)


def judge_hair(codec: HairCodec, heads: Heads, names: list[str], tally: Tally) -> None:
    """What the hair VAE paints through a hole that another's hair widened: the hair, and what is beneath."""
    found = codec.reconstruct(heads)
    for way, suffix in (("z and own detail", "_hair"), ("z alone", "_hair_z_only")):
        for i, name in enumerate(names):
            image = heads["image"][i].astype(np.float32) / 255
            valid = (heads["valid"][i] > 127).astype(np.float32)
            hair = valid * (heads["matte"][i] > 127)
            if hair.mean() > LEAST_HAIR:
                _add(tally, name, suffix, found[way][i], image, hair)
            # Beyond the hole the picture is the head's own.
            beneath = valid * (heads["matte"][i] <= 127) * (np.abs(found[way][i] - image).max(-1) > 1e-6)
            if suffix == "_hair" and beneath.any():
                tally.add("psnr_beneath", name, psnr(found[way][i], image, beneath.astype(np.float32)))


def judge_matte(
    net: nn.Module, spec: Spec, shards: Shards, numbers: np.ndarray, tally: Tally, label: str
) -> None:
    """The matte network's alpha against the shards'."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = net.to(device)
    for some in _parts(numbers, label):
        heads = read_heads(shards, some, spec.size)
        image = torch.from_numpy(heads["image"]).to(device).permute(0, 3, 1, 2).float() / 255
        with torch.inference_mode():
            alpha = torch.sigmoid(net(image).float())[:, 0].cpu().numpy()
        for i, name in enumerate(_names(shards, some)):
            truth, valid = heads["matte"][i].astype(np.float32) / 255, heads["valid"][i]
            tally.add("matte_iou", name, *iou(alpha[i], truth, valid))
            if (valid > 127).any():
                tally.add("matte_mae", name, alpha_error(alpha[i], truth, valid))


def judge_underlay(
    net: nn.Module, spec: Spec, shards: Shards, numbers: np.ndarray, tally: Tally, label: str
) -> None:
    """What the underlay network makes of what another's hair hides: colours, and how far there is body."""
    net = net.to(torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    for some in _parts(numbers, label):
        heads = read_people(shards, some, spec.size)
        found = beneath(net, heads)
        for i, name in enumerate(_names(shards, some)):
            good, overlap = judged(found, heads, i)
            if good is not None:
                tally.add("psnr_beneath", name, good)
            tally.add("body_iou", name, *overlap)


def mean_picture(shards: Shards, size: int, count: int = 256) -> np.ndarray | None:
    """The mean of training pictures, float32 (size, size, 3), 0 to 1; None where there are none.

    Each pixel's mean is of the pictures that are valid there.
    """
    numbers = shards.numbers("train")
    if not len(numbers):
        return None
    numbers = numbers[np.linspace(0, len(numbers) - 1, min(count, len(numbers))).astype(int)]
    total, seen = np.zeros((size, size, 3)), np.zeros((size, size, 1))
    for some in _parts(numbers, None):
        heads = read_heads(shards, some, size)
        valid = heads["valid"][..., None] > 127
        total += (heads["image"] / 255.0 * valid).sum(0)
        seen += valid.sum(0)
    return (total / np.maximum(seen, 1)).astype(np.float32)


def _add(
    tally: Tally, name: str, suffix: str, rebuilt: np.ndarray, image: np.ndarray, weight: np.ndarray
) -> None:
    for metric in (psnr, ssim, gradient_psnr):
        tally.add(metric.__name__ + suffix, name, metric(rebuilt, image, weight))


def _names(shards: Shards, numbers: np.ndarray) -> list[str]:
    # By person, so that several pictures of one do not count as several people.
    return [shards.person[n] for n in numbers]


def _parts(numbers: np.ndarray, label: str | None) -> tqdm:
    parts = [numbers[i : i + AT_A_TIME] for i in range(0, len(numbers), AT_A_TIME)]
    return tqdm(parts, desc=label, unit="batch", disable=True if label is None else None)
