"""Held-out people, and the rooms of the mirror that put a style on their photographs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mirror.compositing.alpha_compositing import compose
from mirror.core.errors import MirrorError
from mirror.core.face import Face
from mirror.core.face_lighting import measure
from mirror.core.head_crop import Head, look_at
from mirror.core.head_space import HeadTransform
from mirror.core.layer import Layer
from mirror.engines import Engine, open_engine
from mirror.engines.manifest import open_file
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.strand_detail import drawn
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.dye import light_of
from mirror.removal.long_hair import below
from mirror.segmentation.matting import Mattes, Matting
from mirror.tracking.mediapipe import FaceTracker
from train.data.dataset_layouts import Picture, PictureSet
from train.pictures.reading import read_picture

NETWORKS = ("matte", "painter", "underlay", "encoder", "shape")


@dataclass(frozen=True)
class Salon:
    """The rooms of the mirror that a swap on a photograph needs, opened once.

    Attributes:
        engines: matte, painter, underlay, encoder and shape, by name.
    """

    engines: dict[str, Engine]
    book: StyleBook
    matting: Matting
    swap: Swap

    @classmethod
    def open(cls, folder: Path) -> Salon:
        """Opens the networks of a folder. Raises MirrorError where they cannot be used."""
        book = StyleBook.load(open_file("stylebook", folder))
        engines = {name: open_engine(name, folder=folder) for name in NETWORKS}
        return cls(engines, book, Matting(engines["matte"]), Swap(engines["painter"], engines["underlay"]))

    def close(self) -> None:
        """Gives the engines back."""
        for engine in self.engines.values():
            engine.close()

    def mattes(self, person: Person) -> Mattes:
        """Our mattes of the person: of their own hair, and of what is held in front of it."""
        return self.matting.look(person.head.image, still=True)

    def layer(self, person: Person, mattes: Mattes, code: StyleCode, *, own: bool = False) -> Layer:
        """A style, in its dye, as it is laid over a person with these mattes, in their light.

        `own`: it is the person's own hair, see `Swap.paint`.
        """
        fitted = replace(code.fitted(person.head.shape), dye=code.dye)
        if code.dye is not None:
            fitted = replace(fitted, light=light_of(code.light, code.dye))
        lit = measure(person.head, mattes.hair)
        own = own or fitted.residual is not None
        under = None if own else below(person.image, person.transform, mattes.hair, mattes.front)
        layer = self.swap.paint(Subject.of(person.head, mattes, lit, under), fitted, own=own)
        return drawn(layer, fitted, person.head.shape)

    def paint(self, person: Person, code: StyleCode) -> tuple[np.ndarray, Layer]:
        """A style on a person: the finished picture, uint8 RGB of the photograph's size, and the layer."""
        layer = self.layer(person, self.mattes(person), code)
        return compose(person.image, layer, person.transform), layer


@dataclass(frozen=True)
class Person:
    """A photograph: the picture, its face, and its head in head space."""

    name: str
    image: np.ndarray
    face: Face
    transform: HeadTransform
    head: Head


def meet(tracker: FaceTracker, path: Path, name: str) -> Person | None:
    """The person with the largest face on a photograph; None where it cannot be read or has no face."""
    image = read_picture(path)
    if isinstance(image, str):
        return None
    face = max(tracker.track(image), key=lambda face: face.height, default=None)
    if face is None:
        return None
    transform = HeadTransform.from_face(face)
    return Person(name, image, face, transform, look_at(image, face, transform))


def held_out_people(pictures: PictureSet, tracker: FaceTracker, count: int) -> list[Person]:
    """`count` people of the validation split, evenly over the sorted list, those who face the camera.

    Raises:
        MirrorError: there are none, or the set is of pictures that are cropped already.
    """
    if pictures.kind != "heads":
        raise MirrorError(
            f"The layout {pictures.layout} is of pictures that are cropped already: there is no head to put "
            "hair on. Give --photos of whole faces."
        )
    portraits = [p for p in pictures.pictures if p.split == "val" and faces_the_camera(pictures, p)]
    chosen = np.linspace(0, len(portraits) - 1, min(count, len(portraits))).astype(int)
    people = [meet(tracker, portraits[i].path, portraits[i].name) for i in chosen]
    found = [person for person in people if person is not None]
    if not found:
        raise MirrorError(
            f"There is nobody to judge by: of {len(chosen)} pictures of the split val that face the camera, "
            "none has a readable face. Mark some that are never trained on with split val in index.csv."
        )
    return found


def faces_the_camera(pictures: PictureSet, picture: Picture) -> bool:
    """Whether a picture's `yaw_deg` is below 25 degrees; true where its set does not say."""
    yaw = pictures.attributes(picture).get("yaw_deg", "")
    if yaw == "" or isinstance(yaw, (int, float)):
        return yaw == "" or abs(float(yaw)) < 25
    raise MirrorError(
        f"index.csv says yaw_deg {yaw} of {picture.name}, which is no number. Mend it or leave it empty."
    )


def sex_of(pictures: PictureSet) -> dict[str, str]:
    """By picture, what the set says in an attribute sex, gender or Male (CelebA's); some may be missing."""
    out = {}
    for picture in pictures.pictures:
        said = pictures.attributes(picture)
        if isinstance(said.get("Male"), bool):
            out[picture.name] = "male" if said["Male"] else "female"
        elif (sex := said.get("sex", said.get("gender", ""))) != "":
            out[picture.name] = str(sex)
    return out
