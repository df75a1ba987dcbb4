"""What lies beneath hair, as the shipped network has it: from what is beside the hair, and nothing of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from mirror.core.head_crop import SIDE, Head, look_at
from mirror.core.head_space import HeadTransform
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.subject import Subject
from mirror.pipeline.mirror import Mirror
from mirror.removal.underlay_network import ALPHA, PERSON, WALL, UnderlayNetwork
from tests.oval import oval_shape
from tests.test_hair_painting_hair_swap import Painter, disc, style_of

CLOTH, ROOM = (0.1, 0.2, 0.6), (0.7, 0.9, 0.7)


class Fake:
    """Says that beneath hair there is a person of one colour in the lower part, and a wall of another above;
    keeps what it was given."""

    name, device, precision, reason = "fake", "none", "f32", "a test"

    def __init__(self) -> None:
        self.answer = np.zeros((1, 7, SIDE, SIDE), np.float32)
        self.answer[0, PERSON] = np.array(CLOTH)[:, None, None]
        self.answer[0, WALL] = np.array(ROOM)[:, None, None]
        self.answer[0, ALPHA] = np.where(np.arange(SIDE)[:, None] > 0.7 * SIDE, 1, 0)
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
    image[0][:, face > 0] = np.array((0.6, 0.5, 0.4), np.float32)[:, None]  # somebody, and in colour
    whole = np.full((SIDE, SIDE), 255, np.uint8)
    return Head(image, face, np.zeros((SIDE, SIDE), np.uint8), whole, oval_shape())


def test_it_is_told_what_it_was_trained_with() -> None:
    engine: Any = Fake()
    head, hair = some_head(), disc(128, 70, 50)
    person, front = disc(128, 160, 120), disc(60, 200, 20)
    found = UnderlayNetwork(engine).look(head, hair, person, front)
    assert found.shape == (7, SIDE, SIDE) and found.dtype == np.float32
    assert np.allclose(found[:, 5, 5], (*CLOTH, *ROOM, 0)) and found is not engine.answer[0]
    shapes = {name: array.shape for name, array in engine.given.items()}
    assert shapes == {"image": (1, 3, SIDE, SIDE), "maps": (1, 4, SIDE, SIDE)}
    hole, face, valid, seen = engine.given["maps"][0]
    assert (hole[hair > 0.1] == 1).all() and (hole[front > 0.5] == 1).all()
    assert hole.mean() < 0.4 and set(np.unique(hole)) == {0, 1}
    assert (valid == 1).all() and np.allclose(face, head.face / 255) and np.allclose(seen, person)


def long_hair() -> tuple[np.ndarray, np.ndarray]:
    """Mattes of long hair on both sides, and of who wears it."""
    own = np.zeros((SIDE, SIDE), np.float32)
    own[60:, 40:90] = own[60:, 166:216] = 1
    person = np.maximum(disc(128, 120, 70), own)
    person[180:] = 1
    return own, person


def test_what_it_says_is_shown_where_hair_hung() -> None:
    """On the shoulders the clothes, above them the wall, in the light that is seen beside, whoever asks."""
    own, person = long_hair()
    painter: Any = Painter((0.4, 0.3, 0.2), disc(128, 60, 30))
    engine: Any = Fake()
    swap, subject = Swap(painter, engine), Subject(some_head(), own, person=person)
    room = np.array(ROOM)
    for layer in (swap.uncover(subject), swap.paint(subject, style_of(disc(32, 18, 10, 64)))):
        shoulder, beside = (
            layer.rgb[rows, 55:75].reshape(-1, 3).mean(0) / 255 for rows in (slice(235, 250), slice(100, 120))
        )
        assert np.abs(shoulder - CLOTH).max() < 0.12
        # The camera's wall is 0.5: the light of what was painted is brought towards it, within bounds.
        assert np.abs(beside - room).max() < 0.12 and (beside < room - 0.04).all()
        assert layer.body is not None and layer.body[240, 60] == 1 and layer.body[110, 60] == 0
        assert layer.cover[180, 65] > 0.9 and layer.wall is None
    assert engine.runs == 2
    bare = swap.uncover(subject)
    assert not bare.new.any() and np.array_equal(bare.cover, bare.old)
    assert np.abs(Swap(painter).uncover(subject).rgb[110, 60].astype(int) - 127).max() <= 1, "nobody says"


def test_a_wall_that_was_seen_is_known_better() -> None:
    own, person = long_hair()
    known = np.zeros((128, 128), np.float32)
    known[:, :64] = 1
    behind = (np.full((128, 128, 3), 0.3, np.float32), known)
    painter: Any = Painter((0.4, 0.3, 0.2), disc(128, 60, 30))
    engine: Any = Fake()
    layer = Swap(painter, engine).uncover(Subject(some_head(), own, person=person, behind=behind))
    assert layer.wall is not None and layer.wall.shape == (SIDE, SIDE) and layer.wall.dtype == np.float32
    assert layer.wall[110, 60] > 0.99 and layer.wall[110, 190] == 0 and layer.wall[240, 60] == 0
    assert np.abs(layer.rgb[110, 60] / 255 - 0.3).max() < 0.03
    assert np.abs(layer.rgb[110, 190] / 255 - np.array(ROOM)).max() < 0.12


def astronaut(portrait: np.ndarray, mirror: Mirror, colour: int) -> tuple[Head, np.ndarray, np.ndarray]:
    """The portrait with curtains of hair before her shoulders; its hair's and person's mattes."""
    face = mirror.find_face(portrait)
    assert face is not None
    head = look_at(portrait, face, HeadTransform.from_face(face))
    mattes = mirror._stream.dresser.matting.look(head.image, still=True)
    curtains = np.zeros((SIDE, SIDE), np.float32)
    curtains[100:, 50:88] = curtains[100:, 168:206] = 1
    image = head.image.copy()
    image[0, :, curtains > 0] = colour / 255
    hidden = Head(image, head.face, head.inner, head.valid, head.shape, head.brows)
    return hidden, np.maximum(mattes.hair, curtains), np.maximum(mattes.person, curtains)


def test_the_colour_of_hair_is_not_asked(loaded: Mirror, portrait: np.ndarray) -> None:
    network = UnderlayNetwork(loaded.engines["underlay"])
    answers = [network.look(*astronaut(portrait, loaded, colour), None) for colour in (20, 230)]
    assert np.abs(answers[0] - answers[1]).max() < 1e-3


def test_shoulders_are_guessed(loaded: Mirror, portrait: np.ndarray) -> None:
    """The astronaut's: an orange suit to the right, nothing of it told but what is beside the hair."""
    face = loaded.find_face(portrait)
    assert face is not None
    head = look_at(portrait, face, HeadTransform.from_face(face))
    truth = loaded._stream.dresser.matting.look(head.image, still=True)
    behind, hair, person = astronaut(portrait, loaded, 20)
    found = UnderlayNetwork(loaded.engines["underlay"]).look(behind, hair, person, None)
    hidden, body = hair - truth.hair > 0.9, truth.person > 0.5
    said = found[ALPHA] > 0.5
    overlap = (said & body & hidden).sum() / ((said | body) & hidden).sum()
    assert overlap > 0.75, overlap
    camera, worn = head.image[0], hidden & body
    off = np.abs(found[PERSON] - camera)[:, worn].mean()
    mean = np.abs(camera[:, worn].mean(1, keepdims=True) - camera[:, worn]).mean()
    assert off < mean, (off, mean)
