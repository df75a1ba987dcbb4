"""Chooses exemplars for the style book from a folder of photographs, so that they are unlike each other.

    python -m train styles --from photos --shards shards/photos

What is fit is a face that looks at the camera, sharp, with its whole hair in the picture and no hat.
Those are grouped by style code and measures (k-means), after the commonest looks were thinned out, and
the most typical of each group is taken. The table that is written (`exemplars-used.csv`) can be edited
and given back.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.cluster.vq import kmeans2

from mirror.core.errors import MirrorError
from mirror.core.head_crop import look_at
from mirror.core.head_space import HeadTransform
from mirror.engines import Engine
from mirror.hair.encoding.encoder import encode_head
from mirror.segmentation.matting import Matting
from mirror.tracking.mediapipe import FaceTracker
from train.data.dataset_layouts import Picture, read_set
from train.data.hat_gate import hat
from train.data.quality_gates import blur, greyscale, several_faces, sunglasses, too_small
from train.data.teacher_segmenter import PersonMask
from train.metrics.hair_properties import CUT, MEASURES, MeasuredHead, cut_off, measure
from train.pictures.reading import read_picture
from train.stylebook.style_tags import HEADINGS, name_styles, words_of

FRONTAL, TURNED = 6.0, 10.0  # degrees of yaw and roll: preferred, and at most
NODDED = 20.0  # degrees of pitch
EYES = 37.0  # least pixels between the eyes: four fifths of what a 256-pixel square shows
# Log-odds from which on a hat is suspected. Far stricter than where the training set leaves pictures out:
# a hat among the styles is worse than a good exemplar passed over.
HAT = -3.0
BALANCED = ("length", "texture", "colour")
MOST_ALIKE = 12  # candidates of one length, texture and colour
ORDER = ("length", "colour", "texture")


@dataclass(frozen=True)
class Candidate:
    """A photograph that is fit to be an exemplar.

    Attributes:
        picture: the file, and whom it shows; licence: as the folder's index.csv states it, else empty.
        z: float32 (128,), its style code; values: float64 (P,), its measures.
        words: by heading, see `train/stylebook/style_tags.py`.
        aside: the larger of yaw and roll, degrees, never negative.
    """

    picture: Picture
    licence: str
    z: np.ndarray
    values: np.ndarray
    words: dict[str, str]
    aside: float

    @property
    def person(self) -> str:
        """Who it shows, or the file where nobody says."""
        return self.picture.person or self.picture.name


def find_candidates(
    data: str | Path, tracker: FaceTracker, engines: dict[str, Engine], limit: int = 4000
) -> tuple[list[Candidate], Counter[str]]:
    """Looks at the photographs of a data set's split train.

    Args:
        data: a folder, or LAYOUT:PATH as `prepare` takes it.
        engines: matte and encoder, by name.
        limit: at most so many are looked at, evenly over the set.

    Returns:
        Those that are fit, and how many were left out for which reason.

    Raises:
        MirrorError: there is no such folder, it holds pictures that are cropped already, or none is fit.
    """
    from tqdm import tqdm

    listed = read_set(data)
    if listed.kind != "heads":
        raise MirrorError(
            f"{data} is of pictures that are cropped already. Give --from photographs of people."
        )
    pictures = [picture for picture in listed.pictures if picture.split == "train"]
    chosen = np.unique(np.linspace(0, len(pictures) - 1, min(limit, len(pictures))).astype(int))
    found, left_out, person_mask = [], Counter[str](), PersonMask()
    for picture in tqdm([pictures[i] for i in chosen], unit="picture", desc="exemplars"):
        licence = str(listed.attributes(picture).get("licence", ""))
        result = consider(picture, licence, tracker, person_mask, engines)
        if isinstance(result, str):
            left_out[result] += 1
        else:
            found.append(result)
    if len(pictures) > len(chosen):
        left_out[f"not looked at (more than {limit})"] = len(pictures) - len(chosen)
    if not found:
        said = ", ".join(f"{reason}: {count}" for reason, count in left_out.most_common()) or "no picture"
        raise MirrorError(f"No photograph of {data} is fit to be an exemplar ({said}).")
    return found, left_out


def consider(
    picture: Picture, licence: str, tracker: FaceTracker, person_mask: PersonMask, engines: dict[str, Engine]
) -> Candidate | str:
    """One photograph as a candidate, or why it is left out."""
    image = read_picture(picture.path)
    if isinstance(image, str):
        return "unreadable"
    faces = sorted(tracker.track(image), key=lambda face: -face.height)
    if not faces:
        return "no face"
    face, transform = faces[0], HeadTransform.from_face(faces[0])
    yaw, pitch, roll = face.pose
    if max(abs(yaw), abs(roll)) > TURNED or abs(pitch) > NODDED:
        return "pose"
    head = look_at(image, face, transform)
    square = np.round(head.image[0].transpose(1, 2, 0) * 255).astype(np.uint8)
    # Beyond the picture's edge there is nothing, which the network may take for black hair.
    mattes = Matting(engines["matte"]).look(head.image, still=True)
    matte = mattes.hair * (head.valid > 127)
    findings = (
        several_faces(faces),
        too_small(transform, EYES),
        greyscale(square, head.valid),
        blur(square, face, transform),
        sunglasses(square, face, transform),
    )
    for finding in findings:
        if finding.rejected:
            return finding.reason
    body = np.round(person_mask.matte(square) * 255).astype(np.uint8)
    if hat(square, np.round(matte * 255).astype(np.uint8), head.valid, body).value > HAT:
        return "hat"
    measured = MeasuredHead(square, matte, head.face, head.valid, head.shape)
    # A rim that the edge leaves of a head of hair may pass for something worn: it is cut off all the same.
    covered = MeasuredHead(square, np.maximum(matte, mattes.front), head.face, head.valid, head.shape)
    if max(cut_off(covered)) > CUT:
        return "hair cut off by the picture's edge"
    z = encode_head(engines["encoder"], head, matte).z
    return Candidate(picture, licence, z, measure(measured), words_of(measured), max(abs(yaw), abs(roll)))


def choose(candidates: Sequence[Candidate], count: int) -> list[Candidate]:
    """At most `count` candidates that differ, ordered by length, colour and texture.

    Those within 6 degrees of the camera are chosen from; of those within 10, only what has a length,
    texture and colour that no other has. No such look may bring more than a few, so that the commonest
    hair does not take the book over.
    """
    frontal = {_look(c) for c in candidates if c.aside <= FRONTAL}
    pool, looks, people = [], Counter[tuple[str, ...]](), set()
    for candidate in sorted(candidates, key=lambda c: c.aside):
        look = _look(candidate)
        fits = candidate.aside <= FRONTAL or look not in frontal
        if fits and candidate.person not in people and looks[look] < MOST_ALIKE:
            pool.append(candidate)
            looks[look] += 1
            people.add(candidate.person)
    if len(pool) <= count:
        return sorted(pool, key=_rank)
    places = _places(pool)
    middles, group = kmeans2(places, count, iter=50, minit="++", seed=0, missing="warn")
    apart = ((places - middles[group]) ** 2).sum(1)
    # The one nearest the middle of its group: what stands at the edge is often a mistake.
    members = [np.flatnonzero(group == number) for number in range(count)]
    chosen = [pool[within[np.argmin(apart[within])]] for within in members if len(within)]
    return sorted(chosen, key=_rank)


def _rank(candidate: Candidate) -> tuple[int, ...]:
    """Its place in the book: words in the order of their headings, what has no word first."""
    words = ((heading, candidate.words.get(heading)) for heading in ORDER)
    return tuple(HEADINGS[heading].index(word) if word else -1 for heading, word in words)


def _look(candidate: Candidate) -> tuple[str, ...]:
    return tuple(candidate.words.get(heading, "") for heading in BALANCED)


def _places(pool: Sequence[Candidate]) -> np.ndarray:
    """Where each candidate lies: code and measures, each half of the distance, no outlier beyond reach."""
    if not pool:
        return np.zeros((0, len(MEASURES)))
    parts = []
    for rows in (np.stack([c.z for c in pool]), np.stack([c.values for c in pool])):
        rows = rows.astype(np.float64)
        middle = np.nanmean(np.where(np.isfinite(rows).any(0), rows, 0), 0)
        centred = np.nan_to_num(rows - middle)
        standard = np.clip(centred / np.maximum(centred.std(0), 1e-9), -2.5, 2.5)
        parts.append(standard / np.sqrt(rows.shape[1]))
    return np.hstack(parts)


def table(chosen: Sequence[Candidate]) -> list[dict[str, str]]:
    """Rows for `exemplars-used.csv`: file, name, tags and, where one is known, licence."""
    names = name_styles([c.words for c in chosen])
    return [
        {"file": c.picture.name, "name": name, "tags": "; ".join(c.words.values())}
        | ({"licence": c.licence} if any(other.licence for other in chosen) else {})
        for c, name in zip(chosen, names, strict=True)
    ]


def write_table(rows: Sequence[dict[str, str]], path: Path) -> None:
    """Writes a table of exemplars, whole or not at all."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    part = path.with_name(path.name + ".part")
    part.write_text(text.getvalue(), encoding="utf-8")
    os.replace(part, path)
