"""Builds the style book: exemplars become codes of our own networks, and a thumbnail each; and its axes.

    python -m train styles --photos ../shared/photos --shards shards/photos

`data/exemplars.csv` names the photographs, the style each stands for, and its tags; `--from FOLDER` chooses
them itself (`train/stylebook/exemplar_selection.py`). What is stored is what the style encoder and the matte
network say of them, within the hair's outline where `data/outlines.jsonl` has it; no pixel of a photograph
is. Thumbnails are the styles painted by the painter on the public-domain portrait that scikit-image carries.
The axes are those of `train/stylebook/latent_axes.py`.
"""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from pathlib import Path

import numpy as np
from safetensors import SafetensorError

from mirror.core.errors import MirrorError
from mirror.engines import open_engine
from mirror.engines.manifest import NAME, open_file, read_manifest
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.code import Style
from mirror.tracking.mediapipe import open_tracker
from train.data.exemplars import EXEMPLARS, collection, read_exemplars
from train.data.hair_outlines import outlined
from train.data.shards import Shards
from train.export import sha256, write_manifest
from train.inference.style_codes import encode_heads, refuse_other_shards
from train.nets.spec import as_any_file
from train.stylebook.exemplar_encoding import encode_exemplar, thumbnail
from train.stylebook.exemplar_selection import choose, find_candidates, table, write_table
from train.stylebook.latent_axes import Found, find_axes
from train.stylebook.style_tags import split_tags

USED, BEFORE = "exemplars-used.csv", "exemplars-before.csv"


def prior(shards: Shards, engines: Path, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The Gaussian that the codes of the training heads follow.

    Returns:
        Mean (128,), a factor (128, 128) with factor @ factor.T = covariance, and the mean face shape (75,).
    """
    numbers = shards.numbers("train", 0)
    if len(numbers) < 2:
        raise MirrorError(
            "The shards hold fewer than 2 pictures of the split train; random styles need many."
        )
    # As often as training drew them, or random styles would all be the short hair of official portraits.
    draw = np.random.default_rng(0)
    numbers = draw.choice(numbers, min(count, len(numbers)), replace=False, p=shards.weights(numbers))
    shapes = [shards.array(n, "shape") for n in numbers]
    stacked = encode_heads(shards, numbers, engines).astype(np.float64)
    values, vectors = np.linalg.eigh(np.cov(stacked.T) + 1e-6 * np.eye(stacked.shape[1]))
    factor = vectors * np.sqrt(np.maximum(values, 0))
    shape = np.mean(shapes, 0)
    shape[-3] = shape[-1] = 0  # the mean face looks straight ahead
    return stacked.mean(0).astype(np.float32), factor.astype(np.float32), shape.astype(np.float32)


def refuse_held_out(photos: Path, rows: list[dict[str, str]]) -> None:
    """Raises MirrorError where `index.csv` says that an exemplar is of the split val.

    The held-out people judge the book: none of them may be in it.
    """
    index = photos / "index.csv"
    if not index.is_file():
        return
    with index.open(newline="", encoding="utf-8-sig") as lines:
        held_out = {row.get("file") for row in csv.DictReader(lines) if row.get("split") == "val"}
    if found := [f"{row['name']} ({row['file']})" for row in rows if row["file"] in held_out]:
        raise MirrorError(
            f"Of the exemplars {', '.join(found)} is of the split val, by which the networks are judged. "
            "Choose another of the split train."
        )


def build(
    photos: Path, shards: Shards, engines: Path, exemplars: Path = EXEMPLARS, count: int = 1500
) -> tuple[StyleBook, Found]:
    """Builds the book with its axes, and puts it into the folder of networks, signed in the manifest.

    Args:
        photos: what the exemplars name lies below this folder.
        shards: of heads, for the prior and the axes.
        count: heads that the prior is taken from.

    Raises:
        MirrorError: a photograph or table that cannot be used, shards of another kind, or a folder that
            cannot be written.
    """
    import skimage.data

    refuse_other_shards(shards)
    rows = read_exemplars(exemplars)
    refuse_held_out(photos, rows)
    nets = {name: open_engine(name, "openvino", folder=engines) for name in ("matte", "encoder", "painter")}
    tracker = open_tracker(still=True, faces=2)
    portrait = skimage.data.astronaut()
    face = tracker.track(portrait)[0]
    styles = []
    for row in rows:
        code, tags = encode_exemplar(
            photos / row["file"], tracker, nets, split_tags(row["tags"]), outlined().get(row["file"])
        )
        picture = thumbnail(code, portrait, face, nets)
        styles.append(Style(row["name"], tags, code, picture, row.get("licence") or "", collection(row)))
    for engine in nets.values():
        engine.close()
    tracker.close()
    found = find_axes(shards, engines)
    book = StyleBook(styles, *prior(shards, engines, count), axes=found.axes)
    put(book, engines)
    return book, found


def choose_exemplars(
    data: Path | str, engines: Path, count: int = 48, limit: int = 4000
) -> tuple[Path, Path, Counter[str]]:
    """Chooses exemplars from photographs and writes the table of them beside the book.

    A table that is there already is kept as `exemplars-before.csv`: somebody may have edited it.

    Args:
        data: a folder, or LAYOUT:PATH as `prepare` takes it.
        count: exemplars; limit: photographs that are looked at.

    Returns:
        The folder that holds the photographs and the table, both as `build` takes them; and how many
        photographs were left out for which reason.

    Raises:
        MirrorError: no photograph is fit, or the table cannot be written.
    """
    nets = {name: open_engine(name, "openvino", folder=engines) for name in ("matte", "encoder")}
    tracker = open_tracker(still=True, faces=2)
    candidates, left_out = find_candidates(data, tracker, nets, limit)
    for engine in nets.values():
        engine.close()
    tracker.close()
    chosen = choose(candidates, count)
    path = engines / USED
    try:
        if path.exists():
            os.replace(path, engines / BEFORE)
        write_table(table(chosen), path)
    except OSError as error:
        raise MirrorError(f"{path} cannot be written ({error.strerror}). Give another --engines.") from None
    return Path(chosen[0].picture.folder), path, left_out


def renew_axes(shards: Shards, engines: Path) -> tuple[StyleBook, Found]:
    """Finds the axes anew and puts them into the book that is there; its styles and prior stay.

    Raises:
        MirrorError: there is no book, its codes are of another encoder, or as `build`.
    """
    refuse_other_shards(shards)
    old = StyleBook.load(open_file("stylebook", engines))
    manifest = json.loads((engines / NAME).read_text(encoding="utf-8"))
    encoder = manifest["networks"]["encoder"]["sha256"]
    if manifest["files"]["stylebook"].get("encoder", encoder) != encoder:
        raise MirrorError(
            f"The styles in {engines} are codes of another encoder than the one there, so axes of this one "
            "would not fit them. Build the whole book: python -m train styles --photos FOLDER"
        )
    found = find_axes(shards, engines)
    book = StyleBook(old.styles, old.prior_mean, old.prior_factor, old.face_shape, found.axes)
    put(book, engines)
    return book, found


def put(book: StyleBook, engines: Path) -> None:
    """Writes `styles.safetensors` and signs it in the manifest, with the encoder that its codes are of.

    Raises:
        MirrorError: the folder cannot be written; the book before stays as it was.
    """
    path = engines / "styles.safetensors"
    try:
        book.save(path)
        as_any_file(path)
        manifest = json.loads((engines / NAME).read_text(encoding="utf-8"))
        entry = {"file": path.name, "sha256": sha256(path), "bytes": path.stat().st_size}
        entry["encoder"] = read_manifest(engines).network("encoder").file.sha256
        manifest.setdefault("files", {})["stylebook"] = entry
        write_manifest(manifest, engines / NAME)
    except (OSError, SafetensorError) as error:
        why = getattr(error, "strerror", None) or error
        raise MirrorError(
            f"The style book cannot be written into {engines} ({why}). Make room, or give another folder "
            "with --engines; then run the same command again."
        ) from None
    finally:
        path.with_suffix(".part").unlink(missing_ok=True)
