"""Builds the style book: exemplars become codes of our own networks, and a thumbnail each.

    python -m train styles --photos ../shared/photos

`exemplars.csv` names the photographs, the style each stands for, and its tags. What is stored is what
the style encoder and the matte network say of them; no pixel of a photograph is. Thumbnails are the
styles painted by the painter on the public-domain portrait that scikit-image carries.
"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from mirror.engine import open_engine
from mirror.errors import MirrorError
from mirror.face import Face
from mirror.headspace import HeadTransform, crop
from mirror.matte import Matting
from mirror.mirror import encode_head, look_at
from mirror.style import Style, StyleCode
from mirror.stylebook import THUMBNAIL, StyleBook
from mirror.swap import Head, Swap
from mirror.trackers import open_tracker
from train.data.shards import Shards
from train.export import sha256, write_manifest

EXEMPLARS = Path(__file__).parent / "exemplars.csv"


def prior(shards: Shards, engines: Path, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The Gaussian that the codes of the training heads follow.

    Returns:
        Mean (128,), a factor (128, 128) with factor @ factor.T = covariance, and the mean face shape (75,).
    """
    encoder = open_engine("encoder", "openvino", folder=engines)
    numbers = shards.numbers("train", 0)
    if len(numbers) < 2:
        raise MirrorError(
            "The shards hold fewer than 2 pictures of the split train; random styles need many."
        )
    # As often as training drew them, or random styles would all be the short hair of official portraits.
    draw = np.random.default_rng(0)
    numbers = draw.choice(numbers, min(count, len(numbers)), replace=False, p=shards.weights(numbers))
    codes, shapes = [], []
    for n in numbers:
        item = shards[n]
        image = item["image"].transpose(2, 0, 1)[None].astype(np.float32) / 255
        alpha, face = (item[name][None, None].astype(np.float32) / 255 for name in ("matte", "face"))
        codes.append(encoder.run(image=image, alpha=alpha, face=face)["z"][0].copy())
        shapes.append(item["shape"])
    stacked = np.stack(codes).astype(np.float64)
    values, vectors = np.linalg.eigh(np.cov(stacked.T) + 1e-6 * np.eye(stacked.shape[1]))
    factor = vectors * np.sqrt(np.maximum(values, 0))
    shape = np.mean(shapes, 0)
    shape[-3] = shape[-1] = 0  # the mean face looks straight ahead
    return stacked.mean(0).astype(np.float32), factor.astype(np.float32), shape.astype(np.float32)


def read_exemplars(path: Path) -> list[dict[str, str]]:
    """The rows of a table of exemplars: `file` below the folder of photographs, `name`, `tags`.

    Raises:
        MirrorError: the table is missing or empty, lacks a column, or gives a name twice.
    """
    if not path.is_file():
        raise MirrorError(f"{path} is missing. --exemplars takes a CSV file with file, name, tags.")
    with path.open(newline="") as lines:
        table = csv.DictReader(lines)
        rows = list(table)
    if missing := {"file", "name", "tags"} - set(table.fieldnames or ()):
        raise MirrorError(
            f"{path} lacks the column {' and '.join(sorted(missing))}; it needs file, name, tags."
        )
    names = [row["name"].lower() for row in rows]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise MirrorError(f"{path} gives {', '.join(twice)} twice. Each style needs a name of its own.")
    if not rows:
        raise MirrorError(f"{path} names no exemplar. Add lines of file, name, tags.")
    return rows


def encode_exemplar(path: Path, tracker, engines: dict, *, bald: bool = False) -> StyleCode:
    """The code of the hair in a photograph.

    Args:
        bald: there is no hair by definition; what the matte sees of shine and stubble is cleared.

    Raises:
        MirrorError: it cannot be read or has no face.
    """
    bgr = cv2.imread(str(path))
    if bgr is None:
        raise MirrorError(f"{path} cannot be read. Is the folder of photographs right?")
    image = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    faces = tracker.track(image)
    if not faces:
        raise MirrorError(f"{path} has no face. Choose another exemplar.")
    face = max(faces, key=lambda f: f.height)
    head = look_at(image, face, HeadTransform.from_face(face))
    matte = Matting(engines["matte"]).matte(head.image, still=True)
    if bald:
        matte = np.zeros_like(matte)
    code = encode_head(engines["encoder"], head, matte)
    if bald:
        return StyleCode(code.z, np.zeros_like(code.detail), code.coarse, code.shape)
    return replace(code, tint=measured_tint(Swap(engines["painter"]), head, matte, code))


def measured_tint(swap: Swap, head: Head, matte: np.ndarray, code: StyleCode) -> np.ndarray:
    """How much redder, greener and bluer the hair is than the painter paints it on the very same head.

    Returns:
        float32 (3,), each 0.5 to 2; 1 where there is too little hair to tell.
    """
    layer = swap.paint(head, matte, code)
    hair = (matte > 0.7) & (layer.new > 0.7)
    if hair.sum() < 50:
        return np.ones(3, np.float32)
    seen = head.image[0][:, hair].mean(1)
    painted = layer.rgb[hair].mean(0) / 255
    return np.clip(seen / np.maximum(painted, 0.02), 0.5, 2.0).astype(np.float32)


def thumbnail(code: StyleCode, portrait: np.ndarray, face: Face, engines: dict) -> np.ndarray:
    """The style painted on a portrait: uint8 (128, 128, 3)."""
    transform = HeadTransform.from_face(face)
    head = look_at(portrait, face, transform)
    matte = Matting(engines["matte"]).matte(head.image, still=True)
    layer = Swap(engines["painter"]).paint(head, matte, code.fitted(head.shape))
    square = crop(portrait, transform, layer.rgb.shape[0]).astype(np.float32)
    mixed = square + (layer.rgb - square) * layer.cover[..., None]
    part = mixed[24:-16, 20:-20].clip(0, 255).astype(np.uint8)
    return cv2.resize(part, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA)


def build(
    photos: Path, shards: Shards, engines: Path, exemplars: Path = EXEMPLARS, count: int = 1500
) -> StyleBook:
    """Builds the book, writes `styles.safetensors` and signs it in the manifest."""
    import skimage.data

    nets = {name: open_engine(name, "openvino", folder=engines) for name in ("matte", "encoder", "painter")}
    tracker = open_tracker(still=True, faces=2)
    portrait = skimage.data.astronaut()
    face = tracker.track(portrait)[0]
    rows = read_exemplars(exemplars)
    styles = []
    for row in rows:
        tags = tuple(row["tags"].split())
        code = encode_exemplar(photos / row["file"], tracker, nets, bald="bald" in tags)
        styles.append(Style(row["name"], tags, code, thumbnail(code, portrait, face, nets)))
    book = StyleBook(styles, *prior(shards, engines, count))
    path = engines / "styles.safetensors"
    book.save(path)
    manifest = json.loads((engines / "manifest.json").read_text())
    manifest["files"]["stylebook"] = {"file": path.name, "sha256": sha256(path)}
    write_manifest(manifest, engines / "manifest.json")
    return book
