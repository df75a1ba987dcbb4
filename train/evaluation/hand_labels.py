"""Hand labels: what outlines drawn by eye, or mattes painted by hand, say of a photograph.

Those of held-out photographs in `train/data/outlines.jsonl` are used wherever the photographs are there. A
folder of labels of one's own mirrors the folder of photographs: the label of `uk-mps/1234.jpg` is
`uk-mps/1234.png`, a picture of the photograph's own width and height, white where there is hair, grey where
it is see-through. Photographs that are not of the split `val` may have been trained on, so their labels are
passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.head_crop import SIDE
from mirror.core.head_space import crop
from mirror.tracking.mediapipe import FaceTracker
from train.data.dataset_layouts import PictureSet
from train.data.hair_outlines import outlined
from train.evaluation.held_out_people import Person, meet
from train.pictures.reading import read_picture


@dataclass(frozen=True)
class Labelled:
    """A person, and the hand label in head space, float32 (256, 256), 0 to 1."""

    person: Person
    matte: np.ndarray


def outlined_people(pictures: PictureSet, tracker: FaceTracker) -> tuple[list[Labelled], str]:
    """Everybody of the split val whose hair is outlined in `train/data/outlines.jsonl`, if anybody.

    Returns:
        They, and a line that says how many.
    """
    found = []
    for portrait in pictures.pictures:
        outline = outlined().get(portrait.name) if portrait.split == "val" else None
        if outline is None or (person := meet(tracker, portrait.path, portrait.name)) is None:
            continue
        found.append(Labelled(person, outline.matte(SIDE)))
    return found, f"hand labels: {len(found)} of train/data/outlines.jsonl" if found else (
        "hand labels: left out, these photographs are not in train/data/outlines.jsonl, and no --labels"
    )


def labelled_people(folder: Path, pictures: PictureSet, tracker: FaceTracker) -> tuple[list[Labelled], str]:
    """Everybody of the split val whose hair was painted by hand.

    Returns:
        They, and a line that says how many labels were used and what became of the others.

    Raises:
        MirrorError: no folder, no label of a held-out photograph, or a label that cannot be read or is not of
            its photograph's size.
    """
    if not folder.is_dir():
        raise MirrorError(f"{folder} is not a folder. --labels takes one of hand-painted mattes, NAME.png.")
    by_stem = {str(Path(portrait.name).with_suffix("")): portrait for portrait in pictures.pictures}
    found, strangers, trained, faceless = [], 0, 0, 0
    for path in sorted(folder.rglob("*.png")):
        portrait = by_stem.get(str(path.relative_to(folder).with_suffix("")))
        if portrait is None:
            strangers += 1
        elif portrait.split != "val":
            trained += 1
        elif (person := meet(tracker, portrait.path, portrait.name)) is None:
            faceless += 1
        else:
            found.append(Labelled(person, _read(path, person)))
    said = f"labels: {len(found)} used"
    for count, why in (
        (strangers, "name no photograph"),
        (trained, "are not of the split val"),
        (faceless, "show no readable face"),
    ):
        said += f", {count} {why}" if count else ""
    if not found:
        raise MirrorError(
            f"{folder} holds no label to judge by ({said}). It takes NAME.png for the held-out photograph "
            "NAME.jpg, in the same folders below it."
        )
    return found, said


def _read(path: Path, person: Person) -> np.ndarray:
    image = read_picture(path)
    if isinstance(image, str):
        raise MirrorError(
            f"{path} cannot be read ({image}). A label is a greyscale PNG, white where there is hair."
        )
    label = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    if label.shape != person.image.shape[:2]:
        (h, w), (height, width) = label.shape, person.image.shape[:2]
        raise MirrorError(
            f"{path} is {w}x{h}, its photograph {width}x{height}. Paint the label at the photograph's size."
        )
    return crop(label.astype(np.float32) / 255, person.transform, SIDE)
