"""Held-out people, and the rooms of the mirror that put a style on their photographs."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from mirror.compose import compose
from mirror.engine import Engine, open_engine
from mirror.engine.manifest import open_file
from mirror.errors import MirrorError
from mirror.face import Face
from mirror.headspace import HeadTransform
from mirror.matte import Matting
from mirror.mirror import look_at
from mirror.style import StyleCode
from mirror.stylebook import StyleBook
from mirror.swap import Head, Layer, Swap
from mirror.trackers import FaceTracker, open_tracker
from train.data.prepare import list_portraits


@dataclass(frozen=True)
class Salon:
    """The rooms of the mirror that a swap on a photograph needs, opened once.

    Attributes:
        engines: matte, painter, encoder and shape, by name.
        tracker: for pictures that stand alone.
    """

    engines: dict[str, Engine]
    book: StyleBook
    tracker: FaceTracker
    matting: Matting
    swap: Swap

    @classmethod
    def open(cls, folder: Path) -> Salon:
        """Opens the networks of a folder. Raises MirrorError where they cannot be used."""
        book = StyleBook.load(open_file("stylebook", folder))
        engines = {
            name: open_engine(name, folder=folder) for name in ("matte", "painter", "encoder", "shape")
        }
        tracker = open_tracker(still=True, faces=2)
        return cls(engines, book, tracker, Matting(engines["matte"]), Swap(engines["painter"]))

    def close(self) -> None:
        """Gives engines and tracker back."""
        for engine in self.engines.values():
            engine.close()
        self.tracker.close()

    def find_face(self, image: np.ndarray) -> Face | None:
        """The largest face of a picture, uint8 (H, W, 3) RGB, or None."""
        faces = self.tracker.track(np.ascontiguousarray(image))
        return max(faces, key=lambda face: face.height, default=None)

    def paint(self, person: Person, code: StyleCode) -> tuple[np.ndarray, Layer]:
        """A style on a person: the finished picture, uint8 RGB of the photograph's size, and the layer."""
        layer = self.swap.paint(person.head, self.matte(person), code.fitted(person.head.shape))
        return compose(person.image, layer, person.transform), layer

    def matte(self, person: Person) -> np.ndarray:
        """Our matte of the person's own hair, float32 (256, 256)."""
        return self.matting.matte(person.head.image, still=True)


@dataclass(frozen=True)
class Person:
    """A photograph: the picture, its face, and its head in head space."""

    name: str
    image: np.ndarray
    face: Face
    transform: HeadTransform
    head: Head


def meet(salon: Salon, path: Path, name: str) -> Person | None:
    """The person on a photograph; None where it cannot be read or has no face."""
    bgr = cv2.imread(str(path))
    if bgr is None:
        return None
    image = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    face = salon.find_face(image)
    if face is None:
        return None
    transform = HeadTransform.from_face(face)
    return Person(name, image, face, transform, look_at(image, face, transform))


def held_out_people(photos: Path, salon: Salon, count: int) -> list[Person]:
    """`count` people of the validation split, evenly over the sorted list, those who face the camera.

    Raises:
        MirrorError: there are none.
    """
    frontal = _frontal(photos)
    portraits = [p for p in list_portraits(photos) if p.split == "val" and p.name in frontal]
    chosen = np.linspace(0, len(portraits) - 1, min(count, len(portraits))).astype(int)
    people = [meet(salon, portraits[i].path, portraits[i].name) for i in chosen]
    found = [person for person in people if person is not None]
    if not found:
        raise MirrorError(
            f"{photos} holds nobody to judge by: no readable face of the split val. Mark pictures that are "
            "never trained on with split val in its index.csv."
        )
    return found


def _frontal(photos: Path) -> set[str]:
    index = photos / "index.csv"
    if index.exists():
        with index.open(newline="") as lines:
            table = csv.DictReader(lines)
            if "yaw_deg" in (table.fieldnames or ()):
                return {r["file"] for r in table if abs(float(r["yaw_deg"])) < 25}
    return {p.name for p in list_portraits(photos)}
