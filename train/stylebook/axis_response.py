"""Whether the networks follow an axis: hair is painted anew with a moved code, and measured again.

A direction that predicts a property is not yet one that changes it: the decoder may not listen. So
held-out heads wear their own hair, moved along each axis, in the code and the networks of the live
mirror, and what was painted is measured like a photograph.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.head_crop import Head
from mirror.engines import Engine, open_engine
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.latent_direction import Axis
from mirror.segmentation.matting import Matting
from train.data.shards import Shards
from train.inference.style_codes import encode_item
from train.metrics.hair_properties import MEASURES, MeasuredHead, measure

STEPS = (-3, -2, -1, 1, 2, 3)
NEAR = 2  # steps up to which the slope is taken
FOLLOWED = 0.1  # standard deviations a step; below this the networks do not follow
STILL_MOVES = 0.25  # of the slope: a step that moves the property by less is beyond the useful range
NETWORKS = ("matte", "painter", "encoder", "shape")

log = logging.getLogger("mirror")


@dataclass(frozen=True)
class Sitter:
    """A head of the shards, ready to be painted on.

    Attributes:
        head: as the networks see it; matte: float32 (256, 256), of the hair it has.
        z: float32 (128,) and detail: float32 (8, 64, 64), the code of that hair.
    """

    head: Head
    matte: np.ndarray
    z: np.ndarray
    detail: np.ndarray


def open_networks(engines: Path) -> dict[str, Engine]:
    """The networks that painting and measuring take, by name."""
    return {name: open_engine(name, "openvino", folder=engines) for name in NETWORKS}


def choose_sitters(shards: Shards, count: int) -> list[int]:
    """Held-out heads with their whole hair in the picture, evenly over the set; training heads, with a
    warning, where none is held out.

    Raises:
        MirrorError: there is no such head.
    """
    numbers = shards.held_out()
    if not len(numbers):
        log.warning("the axes are tried on training heads")
        numbers = shards.numbers("train", 0)
    found = [int(n) for n in numbers if _is_whole(shards[n])]
    if not found:
        raise MirrorError(
            "No head of the shards shows its whole hair, so no axis can be tried. Prepare photographs with "
            "room around the head."
        )
    return [found[i] for i in np.unique(np.linspace(0, len(found) - 1, min(count, len(found))).astype(int))]


def _is_whole(item: dict[str, np.ndarray]) -> bool:
    whole = (item["valid"] > 127).mean() > 0.9 and item["matte"].mean() > 0.03 * 255
    return bool(whole and np.isfinite(measure(MeasuredHead.of(item))).all())


def seat(item: dict[str, np.ndarray], networks: dict[str, Engine]) -> Sitter:
    """A head of the shards with the code of its own hair."""
    image = item["image"].transpose(2, 0, 1)[None].astype(np.float32) / 255
    head = Head(image, item["face"], item["inner"], item["valid"], item["shape"])
    z, detail = encode_item(networks["encoder"], item)
    return Sitter(head, item["matte"].astype(np.float32) / 255, z, detail)


def paint(sitter: Sitter, z: np.ndarray, networks: dict[str, Engine], detail: float = 0.0) -> np.ndarray:
    """A head with the hair of a code, where the shape decoder says that such hair lies.

    Args:
        detail: how much of the sitter's own detail map is kept. It holds the old hair's place and colour
            as well as its strands, so the whole of it undoes most of a move.

    Returns:
        uint8 (256, 256, 3) RGB, in head space.
    """
    z = z.astype(np.float32)
    coarse = networks["shape"].run(z=z[None], shape=sitter.head.shape[None])["coarse"][0, 0].copy()
    code = StyleCode(z, sitter.detail * np.float32(detail), coarse, sitter.head.shape)
    layer = Swap(networks["painter"]).paint(Subject(sitter.head, sitter.matte), code)
    camera = sitter.head.image[0].transpose(1, 2, 0) * 255
    mixed = camera + (layer.rgb - camera) * layer.cover[..., None]
    return np.clip(np.round(mixed), 0, 255).astype(np.uint8)


def measure_painted(sitter: Sitter, picture: np.ndarray, networks: dict[str, Engine]) -> np.ndarray:
    """The properties of painted hair, float64 (P,), by our own matte network."""
    head = sitter.head
    image = picture.transpose(2, 0, 1)[None].astype(np.float32) / 255
    matte = Matting(networks["matte"]).matte(image, still=True) * (head.valid > 127)
    return measure(MeasuredHead(picture, matte, head.face, head.valid, head.shape))


def respond(
    sitters: Sequence[Sitter],
    names: Sequence[str],
    directions: np.ndarray,
    spread: np.ndarray,
    networks: dict[str, Engine],
) -> np.ndarray:
    """How every property changes when heads are moved along every axis.

    Args:
        names: of the P properties, each with an axis of its own.
        directions: float (P, 128), one step of each axis.
        spread: float (P,), one standard deviation of each property.

    Returns:
        float64 (heads, P axes, steps, P properties): change against the same head painted unmoved, in
        standard deviations, for each of STEPS; NaN where it could not be measured.
    """
    from tqdm import tqdm

    columns = [list(MEASURES).index(name) for name in names]
    changes = np.empty((len(sitters), len(names), len(STEPS), len(names)))
    for i, sitter in enumerate(tqdm(sitters, unit="head", desc="axes tried")):
        rest = measure_painted(sitter, paint(sitter, sitter.z, networks), networks)[columns]
        for j, direction in enumerate(directions):
            for k, step in enumerate(STEPS):
                picture = paint(sitter, sitter.z + step * direction, networks)
                measured = measure_painted(sitter, picture, networks)[columns]
                changes[i, j, k] = (measured - rest) / spread
    return changes


def slopes(changes: np.ndarray) -> np.ndarray:
    """Change a step, least squares through the unmoved head over steps -2 to 2, all heads pooled.

    Args:
        changes: as `respond` gives them.

    Returns:
        float64 (P, P): the felt change of each property (columns) along each axis (rows); the axes' own
        on the diagonal, their cross-talk beside it. 0 where nothing could be measured.
    """
    step = np.array(STEPS, float)[None, None, :, None]
    counts = np.isfinite(changes) & (np.abs(step) <= NEAR)
    above = np.where(counts, changes * step, 0).sum((0, 2))
    return above / np.maximum(np.where(counts, step**2, 0).sum((0, 2)), 1e-9)


def useful_range(change: np.ndarray, felt: float) -> tuple[float, float]:
    """How many steps down and up a property goes on following.

    Args:
        change: float (heads, steps), of the axis's own property; felt: its slope.

    Returns:
        The last steps, down (0 or less) and up, that still moved the property by a quarter of the slope;
        0 and 0 where the networks do not follow at all.
    """
    if felt < FOLLOWED:
        return 0.0, 0.0
    known = np.isfinite(change)
    mean = np.where(known, change, 0).sum(0) / np.maximum(known.sum(0), 1)
    at = dict(zip(STEPS, mean, strict=True)) | {0: 0.0}
    ends = []
    for sign in (-1, 1):
        end = 0
        while sign * (end + 1) in at:
            if sign * (at[sign * (end + 1)] - at[sign * end]) < STILL_MOVES * felt:
                break
            end += 1
        ends.append(float(sign * end))
    return ends[0], ends[1]


def try_axes(
    names: Sequence[str], directions: np.ndarray, explained: np.ndarray, changes: np.ndarray
) -> dict[str, Axis]:
    """The axes with what was felt of them.

    Args:
        names: of the axes, each the property of the same number.
        directions: float (P, 128); explained: float (P,); changes: as `respond` gives them.
    """
    felt = slopes(changes)
    axes = {}
    for i, name in enumerate(names):
        low, high = useful_range(changes[:, i, :, i], float(felt[i, i]))
        axes[name] = Axis(directions[i].astype(np.float32), float(explained[i]), float(felt[i, i]), low, high)
    return axes
