"""Figures and contact sheets on held-out people, through the very engines and code of the live mirror.

    python -m train evaluate --photos ../shared/photos --teacher ../shared/teachers/hair_segmenter.tflite
    python -m train evaluate --photos ../shared/photos --sheet sheet.png

The teacher judges; the validation photographs were never trained on.
"""

from __future__ import annotations

import csv
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from mirror.compose import compose
from mirror.face import Face
from mirror.headspace import HeadTransform, crop, valid_map
from mirror.mirror import Mirror, look_at
from mirror.style import StyleCode
from mirror.swap import SIDE, Head, Layer
from train.data.prepare import TEACHER_SIDE, HairTeacher, list_portraits, without_beard


@dataclass(frozen=True)
class Person:
    """A held-out photograph: the picture, its face, and its head in head space."""

    name: str
    image: np.ndarray
    face: Face
    transform: HeadTransform
    head: Head


def held_out_people(photos: Path, mirror: Mirror, count: int) -> list[Person]:
    """`count` people of the validation split, evenly over the sorted list, those who face the camera."""
    portraits = [p for p in list_portraits(photos) if p.split == "val"]
    frontal = _frontal(photos)
    portraits = [p for p in portraits if p.name in frontal]
    people = []
    for i in np.linspace(0, len(portraits) - 1, min(count, len(portraits))).astype(int):
        bgr = cv2.imread(str(portraits[i].path))
        if bgr is None:
            continue
        image = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        face = mirror.find_face(image)
        if face is not None:
            transform = HeadTransform.from_face(face)
            people.append(Person(portraits[i].name, image, face, transform, look_at(image, face, transform)))
    return people


def _frontal(photos: Path) -> set[str]:
    index = photos / "index.csv"
    if not index.exists():
        return {p.name for p in list_portraits(photos)}
    with index.open(newline="") as lines:
        return {r["file"] for r in csv.DictReader(lines) if abs(float(r["yaw_deg"])) < 25}


def paint(mirror: Mirror, person: Person, code: StyleCode) -> tuple[np.ndarray, Layer, np.ndarray]:
    """A style on a person: the finished picture, the layer, and the matte of the person's own hair."""
    matte = mirror._matting.matte(person.head.image, still=True)
    layer = mirror._swap.paint(person.head, matte, code.fitted(person.head.shape))
    return compose(person.image, layer, person.transform), layer, matte


def teacher_matte(teacher: HairTeacher, image: np.ndarray, person: Person) -> np.ndarray:
    """The teacher's matte of a picture in the person's head space, float32 (256, 256)."""
    head = crop(image, person.transform, TEACHER_SIDE)
    matte = without_beard(teacher.matte(head), person.face, person.transform)
    height, width = image.shape[:2]
    small = cv2.resize(matte, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return small * (valid_map(width, height, person.transform, SIDE) > 127)


def iou(a: np.ndarray, b: np.ndarray, valid: np.ndarray) -> tuple[float, float]:
    """Intersection and union of two alphas at 0.5, in valid pixels; pool them before dividing."""
    inside = valid > 127
    a, b = (a > 0.5) & inside, (b > 0.5) & inside
    return float((a & b).sum()), float((a | b).sum())


def figures(photos: Path, teacher_model: Path, engines: Path, count: int = 48) -> dict[str, float]:
    """The figures of the model card: a dict of name -> value."""
    mirror = Mirror(style="1", engines=engines)
    teacher = HairTeacher(teacher_model)
    people = held_out_people(photos, mirror, count)
    sums: dict[str, list[float]] = {}
    pooled = np.zeros(2)
    fidelity = np.zeros(2)
    book = mirror.book
    balds = [s for s in book.styles if "bald" in s.tags]
    haired = [s for s in book.styles if "bald" not in s.tags]
    for i, person in enumerate(people):
        theirs = teacher_matte(teacher, person.image, person)
        ours = mirror._matting.matte(person.head.image, still=True)
        pooled += iou(ours, theirs, person.head.valid)
        _reconstruct(mirror, person, theirs, sums)
        style = haired[(i * 7) % len(haired)]
        picture, layer, _ = paint(mirror, person, style.code)
        fidelity += iou(layer.new, teacher_matte(teacher, picture, person), person.head.valid)
        untouched = compose_difference(person, picture, layer)
        sums.setdefault("identity_worst", []).append(untouched)
        if balds and (theirs > 0.5).sum() > 200:
            picture, _, _ = paint(mirror, person, balds[0].code)
            left = (teacher_matte(teacher, picture, person) > 0.5) & (theirs > 0.5)
            sums.setdefault("bald_left", []).append(float(left.sum() / (theirs > 0.5).sum()))
    speed = _matte_speed(mirror, teacher, people[0])
    mirror.close()
    out = {
        "people": float(len(people)),
        "matte_iou": pooled[0] / pooled[1],
        "matte_times_faster_than_teacher": speed,
        "style_fidelity_iou": fidelity[0] / fidelity[1],
        "identity_worst_difference": max(sums.pop("identity_worst")),
    }
    return out | {name: float(np.mean(values)) for name, values in sums.items()}


def _reconstruct(mirror: Mirror, person: Person, theirs: np.ndarray, sums: dict[str, list[float]]) -> None:
    own = mirror.encode(person.image)
    if own is None or (theirs > 0.5).sum() < 400:
        return
    without = StyleCode(own.z, np.zeros_like(own.detail), own.coarse, own.shape)
    camera = person.head.image[0].transpose(1, 2, 0)
    for name, code in (("psnr_hair", own), ("psnr_hair_z_only", without)):
        _, layer, _ = paint(mirror, person, code)
        error = ((layer.rgb / 255 - camera) ** 2).mean(-1)
        inside = (theirs > 0.5) & (person.head.valid > 127)
        sums.setdefault(name, []).append(float(-10 * np.log10(error[inside].mean() + 1e-8)))


def compose_difference(person: Person, picture: np.ndarray, layer: Layer) -> float:
    """The largest change of a pixel that no feathered matte reaches (should be 0)."""
    from mirror.compose import frame_mattes

    old, new = frame_mattes(layer, person.transform, (person.image.shape[1], person.image.shape[0]))
    change = np.abs(picture.astype(int) - person.image).max(-1)
    return float(change[(old == 0) & (new == 0)].max(initial=0))


def _matte_speed(mirror: Mirror, teacher: HairTeacher, person: Person) -> float:
    head = crop(person.image, person.transform, TEACHER_SIDE)
    ratios = []
    for _ in range(12):  # in turns, so that both see the same machine
        began = time.perf_counter()
        teacher._segment(head)
        middle = time.perf_counter()
        mirror._matting.matte(person.head.image, still=True)
        ratios.append((middle - began) / (time.perf_counter() - middle))
    return float(np.median(ratios))


def sheet(photos: Path, engines: Path, people: int = 6, drawn: int = 4, tile: int = 224) -> np.ndarray:
    """All styles (rows) on held-out people (columns), the originals on top, and `drawn` random styles.

    Returns:
        uint8 (H, W, 3) RGB.
    """
    mirror = Mirror(style="1", engines=engines, seed=1)
    columns = held_out_people(photos, mirror, people)
    codes = [(s.name, s.code) for s in mirror.book.styles]
    for i in range(drawn):
        mirror.styling.draw()
        codes.append((f"random {i + 1}", mirror.styling.code(mirror.book.face_shape)))
    rows = [_row("", [p.image for p in columns], columns, tile)]
    for name, code in codes:
        rows.append(_row(name, [paint(mirror, p, code)[0] for p in columns], columns, tile))
    mirror.close()
    return np.vstack(rows)


def _row(name: str, pictures: list[np.ndarray], people: list[Person], tile: int) -> np.ndarray:
    tiles = [cv2.resize(crop(i, p.transform, 2 * tile), (tile, tile), interpolation=cv2.INTER_AREA)
             for i, p in zip(pictures, people, strict=True)]  # fmt: skip
    row = np.ascontiguousarray(np.hstack(tiles))
    cv2.putText(row, name, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 3, cv2.LINE_AA)
    cv2.putText(row, name, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1, cv2.LINE_AA)
    return row
