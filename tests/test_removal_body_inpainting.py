"""What lies beneath hair, as the shipped network has it: from what is beside the hair, and nothing of it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from mirror.core.head_crop import SIDE, Head, look_at
from mirror.core.head_space import HeadTransform
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.subject import Subject
from mirror.pipeline.mirror import Mirror
from mirror.removal.body_inpainting import BODY_SIDE, COLOURS, THERE, Body
from tests.oval import oval_shape
from tests.test_hair_painting_hair_swap import Painter, disc, style_of


class Fake:
    """Says that beneath hair there is a body of one colour; keeps what it was given."""

    name, device, precision, reason = "fake", "none", "f32", "a test"

    def __init__(self, colour: tuple[float, float, float], bare: float = 0.0) -> None:
        self.answer = np.full((1, 5, BODY_SIDE, BODY_SIDE), bare, np.float32)
        self.answer[0, COLOURS] = np.array(colour)[:, None, None]
        self.answer[0, THERE] = np.where(np.arange(BODY_SIDE)[:, None] > 0.7 * BODY_SIDE, 1, 0)
        self.given: dict[str, np.ndarray] = {}
        self.runs = 0

    def run(self, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        self.given = {name: array.copy() for name, array in arrays.items()}
        self.runs += 1
        return {"layers": self.answer}

    def close(self) -> None:
        pass


def some_head() -> Head:
    image = np.full((1, 3, SIDE, SIDE), 0.5, np.float32)
    face = (disc(128, 140, 50) * 255).astype(np.uint8)
    whole = np.full((SIDE, SIDE), 255, np.uint8)
    return Head(image, face, np.zeros((SIDE, SIDE), np.uint8), whole, oval_shape())


def test_it_is_told_what_it_was_trained_with() -> None:
    engine: Any = Fake((0.1, 0.2, 0.3))
    head, hair = some_head(), disc(128, 70, 50)
    person, front = disc(128, 160, 120), disc(60, 200, 20)
    found = Body(engine).look(head, hair, person, front)
    assert found.shape == (BODY_SIDE, BODY_SIDE, 5) and found.dtype == np.float32
    assert np.allclose(found[5, 5], (0.1, 0.2, 0.3, 0, 0))
    shapes = {name: array.shape for name, array in engine.given.items()}
    assert shapes == {"image": (1, 3, BODY_SIDE, BODY_SIDE), "maps": (1, 4, BODY_SIDE, BODY_SIDE)}
    hole, face, valid, seen = engine.given["maps"][0]
    half = {name: cv2.resize(one, (BODY_SIDE, BODY_SIDE), interpolation=cv2.INTER_AREA)
            for name, one in (("hair", hair), ("front", front), ("person", person))}  # fmt: skip
    assert (hole[half["hair"] > 0.1] == 1).all() and (hole[half["front"] > 0.5] == 1).all()
    assert hole.mean() < 0.4 and set(np.unique(hole)) == {0, 1}
    assert (valid == 1).all() and face.max() == 1 and np.allclose(seen, half["person"])


def test_what_it_says_is_shown_where_hair_hung() -> None:
    """Long hair is taken away: on the shoulders it is the body's colour, above them no body."""
    coarse = disc(32, 18, 10, 64)
    own = np.zeros((SIDE, SIDE), np.float32)
    own[60:, 40:90] = own[60:, 166:216] = 1
    person = np.maximum(disc(128, 120, 70), own)
    person[180:] = 1
    painter: Any = Painter((0.4, 0.3, 0.2), disc(128, 60, 30))
    engine: Any = Fake((0.1, 0.2, 0.6))
    rgb = Swap(painter, engine).paint(Subject(some_head(), own, person=person), style_of(coarse)).rgb
    plain = Swap(painter).paint(Subject(some_head(), own, person=person), style_of(coarse)).rgb
    shoulder = rgb[235:250, 55:75].reshape(-1, 3).mean(0) / 255
    assert np.abs(shoulder - (0.1, 0.2, 0.6)).max() < 0.12, "nothing is seen of clothes but what it says"
    assert np.abs(plain[235:250, 55:75].reshape(-1, 3).mean(0) / 255 - (0.1, 0.2, 0.6)).max() > 0.12
    assert engine.runs == 1


def long_haired(portrait: np.ndarray, mirror: Mirror, colour: int) -> tuple[Head, np.ndarray, np.ndarray]:
    """The portrait with curtains of hair before her shoulders; its hair's and person's mattes."""
    face = mirror.find_face(portrait)
    assert face is not None
    transform = HeadTransform.from_face(face)
    head = look_at(portrait, face, transform)
    mattes = mirror._stream.dresser.matting.look(head.image, still=True)
    curtains = np.zeros((SIDE, SIDE), np.float32)
    curtains[100:, 50:88] = curtains[100:, 168:206] = 1
    hair = np.maximum(mattes.hair, curtains)
    image = head.image.copy()
    image[0, :, curtains > 0] = colour / 255
    hidden = Head(image, head.face, head.inner, head.valid, head.shape, head.brows)
    return hidden, hair, np.maximum(mattes.person, curtains)


def test_the_colour_of_hair_is_not_asked(loaded: Mirror, portrait: np.ndarray) -> None:
    answers = []
    for colour in (20, 230):
        head, hair, person = long_haired(portrait, loaded, colour)
        answers.append(Body(loaded.engines["body"]).look(head, hair, person))
    assert np.abs(answers[0] - answers[1]).max() < 1e-3


def test_shoulders_are_guessed(loaded: Mirror, portrait: np.ndarray) -> None:
    """The astronaut's: an orange suit to the right, nothing of it told but what is beside the hair."""
    face = loaded.find_face(portrait)
    assert face is not None
    head = look_at(portrait, face, HeadTransform.from_face(face))
    truth = loaded._stream.dresser.matting.look(head.image, still=True)
    behind, hair, person = long_haired(portrait, loaded, 20)
    found = Body(loaded.engines["body"]).look(behind, hair, person)
    size = (BODY_SIDE, BODY_SIDE)
    hidden = cv2.resize(hair - truth.hair, size, interpolation=cv2.INTER_AREA) > 0.9
    body = cv2.resize(truth.person, size, interpolation=cv2.INTER_AREA) > 0.5
    said = found[..., THERE] > 0.5
    overlap = (said & body & hidden).sum() / ((said | body) & hidden).sum()
    assert overlap > 0.75, overlap
    camera = cv2.resize(head.image[0].transpose(1, 2, 0), size, interpolation=cv2.INTER_AREA)
    worn = hidden & body
    off = np.abs(found[..., COLOURS] - camera)[worn].mean()
    mean = np.abs(camera[worn].mean(0) - camera)[worn].mean()
    assert off < mean, (off, mean)


@pytest.mark.parametrize("shown", [1, 7])
def test_in_a_stream_it_looks_in_every_third_painting(shown: int) -> None:
    from mirror.removal.hairless_head import Calming

    engine: Any = Fake((0.1, 0.2, 0.6))
    painter: Any = Painter((0.4, 0.3, 0.2), disc(128, 60, 30))
    swap, calm, own = Swap(painter, engine), Calming(), disc(128, 90, 60)
    for _ in range(shown):
        swap.paint(Subject(some_head(), own, person=own, calm=calm), style_of(disc(32, 18, 10, 64)))
    assert engine.runs == (shown + 2) // 3


def test_it_is_not_asked_where_neck_and_shoulders_are_seen_anyway() -> None:
    engine: Any = Fake((0.1, 0.2, 0.6))
    painter: Any = Painter((0.4, 0.3, 0.2), disc(128, 60, 30))
    short = disc(128, 60, 40)
    Swap(painter, engine).paint(
        Subject(some_head(), short, person=disc(128, 160, 120)), style_of(disc(32, 15, 8, 64))
    )
    assert engine.runs == 0
