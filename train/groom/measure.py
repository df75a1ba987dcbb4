"""`python -m train groom truth`: statistics of hair in photographs and in renders, in one table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from mirror.core.errors import MirrorError
from mirror.files.picture_file import read_photograph
from mirror.pipeline.mirror import Mirror
from train.groom.camera import SIZE
from train.groom.contrast import follow
from train.groom.lights import add_light, find_light
from train.groom.look import shown
from train.groom.people import portrait_transform
from train.groom.stored import load_layers
from train.groom.truth import compare, hair_statistics

# Photographs of which so much is looked at: faces that are enlarged would show the enlarging.
LARGEST = 1.1
# Lights that renders are measured in: people are photographed in all kinds.
LIGHTS = ("studio", "window_left", "overcast")


def print_table(photographs: Path, renders: Path, limit: int) -> None:
    """Measures held-out photographs and every render of a folder, and prints a row a style.

    Args:
        photographs: a folder of portraits; with an `index.csv` that has a column `split`, its `val` alone.
        renders: a folder that `groom render` wrote, a folder a style.
        limit: of photographs.

    Raises:
        MirrorError: no photograph or no render with enough hair.
    """
    real = [found for found in _of_photographs(photographs, limit) if found]
    grown = _of_renders(renders)
    for what, found, where in (
        ("photograph", real, photographs), ("render", any(sum(grown.values(), [])), renders)
    ):  # fmt: skip
        if not found:
            raise MirrorError(f"No {what} in {where} shows enough hair to be measured. Give another folder.")
    print(compare(real, grown))


def _of_photographs(folder: Path, limit: int) -> Iterator[dict[str, float]]:
    mirror = Mirror()
    files = held_out(folder)
    chosen = np.random.default_rng(0).permutation(len(files))[:limit]
    for number in tqdm(chosen, unit="photograph", disable=None):
        picture = read_photograph(files[number])
        face = mirror.find_face(picture)
        if face is None:
            continue
        transform = portrait_transform(face, SIZE)
        if np.sqrt(np.linalg.det(transform[:, :2])) > LARGEST:
            continue
        alpha = mirror.matte(picture)
        assert alpha is not None
        cut = [cv2.warpAffine(one, transform, SIZE, flags=cv2.INTER_AREA) for one in (picture, alpha)]
        yield hair_statistics(cut[0], np.clip(cut[1], 0, 1))


def _of_renders(folder: Path) -> dict[str, list[dict[str, float]]]:
    """By style (the folder it lies in), every render in each of `LIGHTS`."""
    found: dict[str, list[dict[str, float]]] = {}
    for path in sorted(folder.rglob("*.layers")):
        layers = load_layers(path)
        alpha = layers.front[..., 3:]
        for light in LIGHTS if layers.lights else ():
            lit = np.concatenate([add_light(layers.lights, find_light(light)), alpha], -1)
            lit = follow(lit, None)  # as it is worn
            told = hair_statistics(shown(lit), np.clip(alpha[..., 0], 0, 1).astype(np.float32))
            found.setdefault(path.parent.name, []).append(told)
    return found


def held_out(folder: Path) -> list[Path]:
    """Pictures below a folder; those of the split `val` where an `index.csv` tells splits."""
    index = folder / "index.csv"
    if index.is_file():
        with index.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        if rows and "split" in rows[0] and "file" in rows[0]:
            return [folder / row["file"] for row in rows if row["split"] == "val"]
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    if not found:
        raise MirrorError(f"{folder} holds no photographs (.jpg, .png). Give the folder they lie in.")
    return found
