"""Augmentation on the CPU: a head moved, mirrored and coloured at random, and a hole cut for the painter."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.removal.inpainting_mask import HOLE_SIDE, cut_hole

# Maps that are moved and mirrored with the picture.
MAPS = ("matte", "valid", "face", "person", "worn", "held", "known", "own", "person_beneath")
# Of those that get another colour, how many are bleached, and how light bleach makes hair: L of 255.
BLEACHED, _BLEACH = 0.4, 225.0


@dataclass(frozen=True)
class Jitter:
    """How far pictures are moved and coloured: standard deviations unless said otherwise."""

    rotation: float = 0.06
    scale: float = 0.05
    shift: float = 0.03
    gain: float = 0.12
    colour: float = 0.08
    worse: float = 0.0  # chance of blur, noise or grey, as a cheap camera would give
    side_light: float = 0.0  # chance of light from one side, that leaves the other dark


def augment(item: dict[str, np.ndarray], jitter: Jitter, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """One head moved, mirrored and coloured at random, its maps and its face shape with it."""
    side = item["image"].shape[0]
    angle = rng.normal(0, jitter.rotation)
    scale = np.exp(rng.normal(0, jitter.scale))
    shift = rng.normal(0, jitter.shift, 2)
    flip = rng.random() < 0.5
    c, s = np.cos(angle) * scale, np.sin(angle) * scale
    centre = (side - 1) / 2
    linear = np.array([[c, -s], [s, c]])
    matrix = np.hstack([linear, (centre - linear @ (centre, centre) + shift * side)[:, None]])
    names = [name for name in MAPS if name in item]
    # Four maps in one picture, as many as OpenCV takes: one pass instead of one for each.
    warped: list[np.ndarray] = []
    for first in range(0, len(names), 4):
        four = cv2.merge([item[name] for name in names[first : first + 4]])
        warped += cv2.split(cv2.warpAffine(four, matrix, (side, side)))
    image = cv2.warpAffine(item["image"], matrix, (side, side))
    oval = item["shape"][: 2 * len(FACE_OVAL)].reshape(-1, 2) @ linear.T + 4 * shift
    pose = item["shape"][2 * len(FACE_OVAL) :].copy()
    pose[2] += np.degrees(angle) / 30
    if flip:
        image, warped = cv2.flip(image, 1), [cv2.flip(one, 1) for one in warped]
        # Walking the oval the other way round keeps point 0 on the forehead.
        oval = np.roll(oval[::-1], 1, 0) * (-1, 1)
        pose *= (-1, 1, -1)
    out = dict(zip(names, warped, strict=True))
    out["shape"] = np.concatenate([oval.ravel(), pose]).astype(np.float32)
    if rng.random() < jitter.side_light:
        image = side_lit(image, oval / 4 + 0.5, out.get("person"), rng)
    out["image"] = _recolour(image, jitter, rng)
    return out


def side_lit(
    image: np.ndarray, oval: np.ndarray, person: np.ndarray | None, rng: np.random.Generator
) -> np.ndarray:
    """A head lit from one side: cheek, ear and neck of the other lie in the dark, and are no hair for that.

    Args:
        image: uint8 (S, S, 3) RGB.
        oval: (36, 2), of the face, unit coordinates.
        person: uint8 (S, S): in half of the pictures only they are darker, and the wall behind is lit.

    Returns:
        A new picture.
    """
    side = image.shape[0]
    middle, half = oval.mean(0) * side, max(float(np.ptp(oval[:, 0])) * side / 2, 1.0)
    angle = rng.normal(0, 0.35) + (np.pi if rng.random() < 0.5 else 0)
    down, across = np.mgrid[:side, :side].astype(np.float32)
    along = ((across - middle[0]) * np.cos(angle) + (down - middle[1]) * np.sin(angle)) / half
    # From how far aside it is dark, how softly that begins, and how dark it is: from a window to a single
    # lamp, by eye.
    edge = 1 / (1 + np.exp((along + rng.uniform(-0.2, 0.8)) / rng.uniform(0.08, 0.25)))
    dark = edge * np.float32(rng.uniform(np.log(2.5), np.log(12.0)))
    if person is not None and rng.random() < 0.5:
        dark = dark * person.astype(np.float32) * np.float32(1 / 255)
    # In linear light, about: its grey levels are to the power of 1 / 2.2.
    return np.round(image * np.exp(dark * np.float32(-1 / 2.2))[..., None]).astype(np.uint8)


def cut_off(item: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """A head that the edge of the camera's picture cuts off, mostly above: it sits too high, or too close.

    Above, the cut falls anywhere from the upper edge of the square to a little above the brows; on the other
    sides up to a quarter of the side deep. Of hats alone this would be a sign: portraits with hats are often
    cut off, those without seldom.
    """
    side = item["image"].shape[0]
    turn = rng.choice(4, p=(0.7, 0.1, 0.1, 0.1))  # which edge: above, left, right, below
    depth = rng.uniform(0.03, 0.36 if turn == 0 else 0.25) * side
    down, across = np.mgrid[:side, :side].astype(np.float32)
    from_edge = (down, across, side - 1 - across, side - 1 - down)[turn]
    along = across if turn in (0, 3) else down
    slope = np.tan(rng.normal(0, 0.06))
    kept = np.where(from_edge + slope * (along - side / 2) > depth, 255, 0).astype(np.uint8)
    seen = kept[..., None] > 0
    return item | {
        "image": np.where(seen, item["image"], 0),
        "valid": np.minimum(item["valid"], kept),
    }


def other_hair_colour(item: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """A head with its hair, or its hat, in any colour, lighter or darker.

    Neither is known by its colour alone: there is light blue hair, and there are hats of every hair colour.
    """
    lab = cv2.cvtColor(item["image"], cv2.COLOR_RGB2Lab).astype(np.float32)
    inside = np.maximum(item["matte"], item.get("worn", 0))[..., None].astype(np.float32) / 255
    if rng.random() < BLEACHED:
        # Dark hair is bleached before it takes a pale dye.
        lab[..., :1] += inside * (_BLEACH - lab[..., :1]) * rng.uniform(0.3, 0.8)
    lab[..., :1] += inside * rng.normal(0, 30)
    lab[..., 1:] += inside * rng.normal(0, 25, 2)
    image = cv2.cvtColor(np.clip(lab, 0, 255).astype(np.uint8), cv2.COLOR_Lab2RGB)
    return item | {"image": np.where(item["valid"][..., None] > 127, image, 0).astype(np.uint8)}


def other_room(
    item: dict[str, np.ndarray], other: dict[str, np.ndarray], rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """A person before another wall: the piece of another picture that shows least of a person, enlarged.

    Args:
        item: with the map `person`; other: another picture as prepared, with its own.
    """
    # Hair keeps its own wall within its soft edge: cut there, it would be outlined.
    seen = np.maximum(item["person"], item["matte"])
    return item | {"image": before_wall(item["image"], seen, piece_of_room(other, rng), item["valid"])}


def piece_of_room(other: dict[str, np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """The piece of a picture with the map `person` that shows least of them, enlarged: uint8 (S, S, 3)."""
    side = other["image"].shape[0]
    size = int(side * rng.uniform(0.15, 0.4))
    places = [tuple(rng.integers(0, side - size, 2)) for _ in range(6)]
    shows = [
        int(other["person"][y : y + size, x : x + size].sum(dtype=np.int64))
        + int((255 - other["valid"][y : y + size, x : x + size]).sum(dtype=np.int64))
        for y, x in places
    ]
    y, x = places[int(np.argmin(shows))]
    piece = other["image"][y : y + size, x : x + size]
    return cv2.resize(piece, (side, side), interpolation=cv2.INTER_CUBIC)


def before_wall(image: np.ndarray, alpha: np.ndarray, wall: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """What an alpha shows of a picture before another wall: all uint8, (S, S, 3) or (S, S); 0 where the
    picture does not reach (`valid`)."""
    share = alpha.astype(np.float32)[..., None] / 255
    mixed = np.round(wall + (image.astype(np.float32) - wall) * share).astype(np.uint8)
    return np.where(valid[..., None] > 127, mixed, 0).astype(np.uint8)


def _recolour(image: np.ndarray, jitter: Jitter, rng: np.random.Generator) -> np.ndarray:
    gain = np.exp(rng.normal(0, jitter.gain) + rng.normal(0, jitter.colour, 3))
    gamma = np.exp(rng.normal(0, jitter.gain))
    table = 255 * (np.arange(256)[:, None] / 255) ** gamma * gain
    table = np.clip(table, 0, 255).astype(np.uint8)
    image = cv2.LUT(image, np.ascontiguousarray(table[None]).reshape(256, 1, 3))
    if rng.random() < jitter.worse:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 2.5) * image.shape[0] / 256)
    if rng.random() < jitter.worse:
        noise = rng.normal(0, rng.uniform(2, 12), image.shape[:2])[..., None]
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    if rng.random() < jitter.worse * 0.15:
        image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return image


def small_alpha(matte: np.ndarray) -> np.ndarray:
    """A matte as the hole sees it: uint8 (S, S) -> float32 (64, 64), 0 to 1."""
    if matte.shape[0] != HOLE_SIDE:
        matte = cv2.resize(matte, (HOLE_SIDE, HOLE_SIDE), interpolation=cv2.INTER_AREA)
    return matte.astype(np.float32) / 255


def random_hole(own: np.ndarray, other: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """The hole for one training picture: its own hair, mostly joined by another head's hair.

    Args:
        own, other: float32 (64, 64) alphas.
        side: pixels of the result.

    Returns:
        float32 (side, side), 1 inside.
    """
    new = other if rng.random() < 0.8 else np.zeros_like(own)
    if rng.random() < 0.35:  # shapes that are nobody's hair, so that the outline gives less away
        new = new.copy()
        centre = rng.uniform(0.1, 0.9, 2) * HOLE_SIDE
        axes = rng.uniform(0.05, 0.25, 2) * HOLE_SIDE
        cv2.ellipse(new, (tuple(centre), tuple(2 * axes), float(rng.uniform(0, 180))), 1.0, -1)
    return cut_hole(own, new, side, radius=int(rng.integers(1, 5)))
