"""The training pictures whose codes are nearest to a picture's."""

from __future__ import annotations

import numpy as np

from train.inference.codec import Heads, rows
from train.report.encoded_pictures import Material, spaced
from train.report.html_page import Page
from train.report.picture_grid import grid, tile_side

PEOPLE, NEAREST, PAIRS = 6, 7, 9


def add(page: Page, material: Material, photo: Heads | None, name: str) -> None:
    """Nearest neighbours of one photograph, or of six held-out people where none was given."""
    page.section("Nearest neighbours")
    shown: list[int | None]
    if photo is not None:
        heads, names, shown, who = photo, [name], [None], "the photograph"
    else:
        people = spaced(material.held.numbers, PEOPLE)
        heads, names, shown = material.heads(people), [material.shards.files[n] for n in people], list(people)
        who = material.held_name
    own, _ = material.codec.encode(heads)
    pictures, below, told = [], [], []
    for i, code in enumerate(own):
        near, distances = nearest(material.train.mean, code, NEAREST + 1)
        numbers = material.train.numbers[near]
        # Where none is held out, who is shown is a training picture, and no neighbour of itself.
        keep = [k for k, n in enumerate(numbers) if n != shown[i]][:NEAREST]
        images = material.heads(numbers[keep])["image"]
        again = material.codec.decode(code[None], rows(heads, slice(i, i + 1)))[0]
        pictures.append([heads["image"][i], again, None, *images])
        below.append(["", "its code", "", *(f"{distances[k]:.2f}" for k in keep)])
        told.append([(material.shards.files[numbers[k]], float(distances[k])) for k in keep])
    typical = typical_distance(material.train.mean)
    page.picture(
        "neighbours",
        grid(pictures, tile_side(material.codec.size), below=below),
        f"Left: {who} and what the network makes of the code; right: of {len(material.train.numbers)} "
        "training pictures those whose codes are nearest, with the Euclidean distance of the codes. Two "
        f"training pictures drawn at random are {typical:.2f} apart (median).",
    )
    page.figures["neighbours"] = [
        {"of": names[i], "nearest": [{"file": file, "distance": d} for file, d in one]}
        for i, one in enumerate(told)
    ]
    page.figures["typical_distance"] = typical
    lines = [[names[i], *(f"{file} ({d:.2f})" for file, d in one)] for i, one in enumerate(told)]
    page.table(["of", *[str(k + 1) for k in range(len(told[0]))]], lines, "Their files", folded=True)


def add_closest(page: Page, material: Material) -> None:
    """The held-out pictures that come nearest to a training picture: whether the split leaks is seen here."""
    if material.held_name == "training pictures":
        return
    held, train = material.held, material.train
    found = [nearest(train.mean, code, 1) for code in held.mean]
    distances = np.array([d[0] for _, d in found])
    order = np.argsort(distances, kind="stable")[:PAIRS]
    theirs = np.array([found[i][0][0] for i in order])
    first, second = material.heads(held.numbers[order]), material.heads(train.numbers[theirs])
    files = material.shards.files
    pairs = [(files[held.numbers[i]], files[train.numbers[k]]) for i, k in zip(order, theirs, strict=True)]
    page.picture(
        "closest",
        grid(
            [list(first["image"]), list(second["image"])],
            tile_side(material.codec.size),
            labels=["held out", "training"],
            below=[[], [f"{d:.2f}" for d in distances[order]]],
        ),
        f"The {len(order)} of {len(held.numbers)} held-out pictures that come nearest to a training picture, "
        "each above it, with the distance of their codes (the median over all is "
        f"{np.median(distances):.2f}). Where a pair shows the same picture or person, the split leaks and "
        "held-out figures flatter.",
    )
    page.figures["closest"] = [
        {"held_out": a, "training": b, "distance": float(d)}
        for (a, b), d in zip(pairs, distances[order], strict=True)
    ]
    lines = [[a, b, f"{d:.2f}"] for (a, b), d in zip(pairs, distances[order], strict=True)]
    page.table(["held out", "training", "distance"], lines, "Their files", folded=True)


def nearest(codes: np.ndarray, code: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of `codes` (N, D) nearest to `code` (D,), nearest first, and their Euclidean distances."""
    distances = np.linalg.norm(codes - code, axis=1)
    order = np.argsort(distances, kind="stable")[:count]
    return order, distances[order]


def typical_distance(codes: np.ndarray, pairs: int = 2000) -> float:
    """Median Euclidean distance of two different rows of `codes` (N, D)."""
    draw = np.random.default_rng(0)
    a = draw.integers(0, len(codes), pairs)
    b = (a + draw.integers(1, len(codes), pairs)) % len(codes)
    return float(np.median(np.linalg.norm(codes[a] - codes[b], axis=1)))
