"""Neck and shoulders beneath long hair: in the colours that are seen of them, and of no wall."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.core.head_crop import SIDE
from mirror.core.push_pull_fill import FILL_SIDE, fill_in
from mirror.removal.neck_and_clothes import PaintedBody, carried_on
from mirror.removal.observed import Observed
from tests.oval import oval_shape

SKIN, CLOTH, WALL = (np.array(c, np.float32) for c in ((0.75, 0.55, 0.45), (0.1, 0.1, 0.3), (0.9, 0.95, 0.9)))
WHOLE = np.ones((FILL_SIDE, FILL_SIDE), np.float32)
ROWS, COLUMNS = (np.mgrid[:FILL_SIDE, :FILL_SIDE] + 0.5) / FILL_SIDE


def picture() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Camera, seen and person: long hair beside face and neck, a strip of neck, clothes on both sides."""
    camera = np.broadcast_to(WALL, (FILL_SIDE, FILL_SIDE, 3)).astype(np.float32).copy()
    person = ((np.abs(COLUMNS - 0.5) < 0.12) & (ROWS > 0.25)) | (ROWS > 0.85)
    camera[person] = SKIN
    camera[(ROWS > 0.85) & (np.abs(COLUMNS - 0.5) > 0.05)] = CLOTH
    hair = (np.abs(COLUMNS - 0.5) >= 0.12) & (np.abs(COLUMNS - 0.5) < 0.3) & (ROWS > 0.2) & (ROWS < 0.9)
    camera[hair] = 0
    return camera, np.where(hair, 0, 1).astype(np.float32), (person | hair).astype(np.float32)


def network(
    cloth: np.ndarray, skin: np.ndarray = SKIN, begins: float = 0.8, ends: float = 0.8
) -> tuple[np.ndarray, np.ndarray]:
    """What the network says: skin above, cloth below, a fog of both between; colours, and what is bare."""

    def bare(side: int) -> np.ndarray:
        rows = (np.arange(side, dtype=np.float32) + 0.5) / side
        return np.clip((ends - rows) / max(ends - begins, 1e-3), 0, 1)[:, None] * np.ones(
            (1, side), np.float32
        )

    mix = bare(SIDE)[..., None]
    return (cloth + (skin - cloth) * mix).astype(np.float32), bare(FILL_SIDE)


def at(body: np.ndarray, x: float, y: float) -> np.ndarray:
    return body[int(y * SIDE), int(x * SIDE)]


def is_skin(colour: np.ndarray) -> bool:
    """Of its hue, and in the shade of the jaw or not."""
    gain = float((colour / SKIN).mean())
    return 0.55 < gain < 1.05 and float(np.abs(colour / gain - SKIN).max()) < 0.05


def test_a_fog_becomes_skin_beside_the_neck_and_cloth_on_the_shoulders() -> None:
    camera, seen, person = picture()
    tone = np.broadcast_to(SKIN, camera.shape).astype(np.float32)
    body, bare = network(CLOTH, begins=0.72, ends=0.88)
    out = carried_on(PaintedBody(body, bare, WHOLE), Observed(camera, seen, person), tone, oval_shape())
    assert out.shape == body.shape and out.dtype == np.float32
    assert is_skin(at(out, 0.37, 0.74))
    assert np.abs(at(out, 0.25, 0.87) - CLOTH).max() < 0.08
    upper = np.s_[: int(0.5 * SIDE)]
    assert np.abs(out[upper] - body[upper]).max() < 1e-4, "the head is the painter's"


def test_without_clothes_in_sight_it_is_all_skin() -> None:
    camera, seen, person = picture()
    camera[ROWS > 0.85] = SKIN
    tone = np.broadcast_to(SKIN, camera.shape).astype(np.float32)
    body, bare = network(CLOTH, begins=1.1, ends=1.2)
    out = carried_on(PaintedBody(body, bare, WHOLE), Observed(camera, seen, person), tone, oval_shape())
    assert np.abs(at(out, 0.25, 0.87) - SKIN).max() < 0.08 and is_skin(at(out, 0.37, 0.74))


def test_what_fills_a_gap_is_what_lies_around_it() -> None:
    rng = np.random.default_rng(1)
    image = rng.random((64, 64, 3), np.float32)
    known = np.ones((64, 64), np.float32)
    assert np.abs(fill_in(image, known) - image).max() < 0.03, "what is known stays"
    halves = np.zeros((64, 64, 3), np.float32)
    halves[:, 32:] = 1
    known[:, 20:44] = 0
    filled = fill_in(halves, known)
    assert filled[:, 22].max() < 0.25 and filled[:, 42].min() > 0.75
    assert filled.min() >= 0 and filled.max() <= 1 + 1e-5
    steps = np.abs(np.diff(cv2.cvtColor(filled, cv2.COLOR_RGB2GRAY)[32]))
    assert steps.max() < 0.25, "and passes over smoothly"
    nothing = fill_in(image, np.zeros((64, 64), np.float32))
    assert nothing.shape == image.shape and not nothing.any()


def test_between_skin_and_cloth_lies_a_line_and_no_fog() -> None:
    camera, seen, person = picture()
    tone = np.broadcast_to(SKIN, camera.shape).astype(np.float32)
    body, bare = network(CLOTH, begins=0.7, ends=0.95)
    out = carried_on(PaintedBody(body, bare, WHOLE), Observed(camera, seen, person), tone, oval_shape())
    column = out[int(0.72 * SIDE) : int(0.88 * SIDE), int(0.27 * SIDE)]
    between = (np.abs(column - SKIN).max(1) > 0.15) & (np.abs(column - CLOTH).max(1) > 0.15)
    assert between.sum() <= 4


def test_a_throat_in_the_shade_of_the_chin_is_skin_and_no_cloth() -> None:
    camera, seen, person = picture()
    throat = (np.abs(COLUMNS - 0.5) < 0.12) & (ROWS > 0.76) & (ROWS < 0.85)
    camera[throat] = 0.5 * SKIN
    tone = np.broadcast_to(SKIN, camera.shape).astype(np.float32)
    body, bare = network(CLOTH, 0.5 * SKIN, begins=0.85, ends=0.87)
    out = carried_on(PaintedBody(body, bare, WHOLE), Observed(camera, seen, person), tone, oval_shape())
    beside = at(out, 0.37, 0.8)
    assert (beside < 0.75 * SKIN).all(), "as dark as the throat is"
    assert beside / beside.sum() == pytest.approx(SKIN / SKIN.sum(), rel=0.08)


def test_clothes_that_are_seen_on_one_shoulder_are_worn_on_the_other() -> None:
    camera, seen, person = picture()
    left = (COLUMNS < 0.45) & (ROWS > 0.3)
    seen[left & (ROWS > 0.7)] = 0
    tone = np.broadcast_to(SKIN, camera.shape).astype(np.float32)
    body, bare = network(CLOTH, begins=0.7, ends=1.0)
    out = carried_on(PaintedBody(body, bare, WHOLE), Observed(camera, seen, person), tone, oval_shape())
    assert np.abs(at(out, 0.22, 0.95) - CLOTH).max() < 0.08


def test_bare_shoulders_in_another_light_have_no_collar() -> None:
    """Lighter skin beyond a shaded throat passes over softly; cloth begins at a line."""
    steepest = []
    for worn in (SKIN * np.float32(0.45), np.array((0.1, 0.2, 0.35), np.float32)):
        camera, seen, person = picture()
        camera[(ROWS > 0.85) & (np.abs(COLUMNS - 0.5) > 0.05)] = worn
        tone = np.broadcast_to(SKIN, camera.shape).astype(np.float32)
        body, bare = network(worn, begins=0.7, ends=0.9)
        out = carried_on(PaintedBody(body, bare, WHOLE), Observed(camera, seen, person), tone, oval_shape())
        across = np.abs(np.diff(out[int(0.75 * SIDE) : int(0.9 * SIDE)], axis=0)).max(2)
        hidden = np.s_[:, int(0.24 * SIDE) : int(0.36 * SIDE)]
        steepest.append(float(across[hidden].max()) / float(np.abs(SKIN - worn).max()))
    assert steepest[0] < 0.1 and steepest[1] > 0.2


def test_where_no_clothes_are_seen_they_are_those_that_are_guessed() -> None:
    camera, seen, person = picture()
    seen[ROWS > 0.84] = 0
    tone = np.broadcast_to(SKIN, camera.shape).astype(np.float32)
    green = np.array((0.1, 0.5, 0.2), np.float32)
    body, bare = network(green, begins=0.7, ends=0.9)
    out = carried_on(PaintedBody(body, bare, WHOLE), Observed(camera, seen, person), tone, oval_shape())
    assert np.abs(at(out, 0.25, 0.95) - green).max() < 0.08 and is_skin(at(out, 0.37, 0.7))
    beyond = np.abs(at(out, 0.25, 0.87) - green).max()
    assert beyond < 0.15, "a fog of skin and green is green where it is cloth"


def test_the_more_clothes_are_seen_the_less_is_guessed() -> None:
    """A white fog of the network's stays white where no clothes are seen; beside dark ones it darkens."""
    off = []
    for hidden in (0.0, 1.0):
        camera, seen, person = picture()
        seen[ROWS > 0.84] *= 1 - hidden
        tone = np.broadcast_to(SKIN, camera.shape).astype(np.float32)
        body, bare = network(np.array((0.9, 0.95, 0.95), np.float32), begins=0.7, ends=0.9)
        out = carried_on(PaintedBody(body, bare, WHOLE), Observed(camera, seen, person), tone, oval_shape())
        off.append(float(np.abs(at(out, 0.25, 0.88) - CLOTH).max()))
    assert off[0] < 0.75 * off[1]


def test_clothes_that_are_seen_below_the_square_are_worn_however_near_they_are_to_skin() -> None:
    """An orange hoodie, whose colour might be skin; the network guesses a grey one."""
    orange, grey = np.array((0.66, 0.48, 0.22), np.float32), np.array((0.45, 0.5, 0.5), np.float32)
    camera, _, person = picture()
    seen = np.where((np.abs(COLUMNS - 0.5) < 0.12) & (ROWS < 0.8), 1, 0).astype(np.float32)
    camera[-1], seen[-1] = orange, 1
    tone = np.broadcast_to(SKIN, camera.shape).astype(np.float32)
    hem = np.abs(COLUMNS[0] - 0.5) > 0.1
    guess = PaintedBody(*network(grey, begins=0.72, ends=0.88), WHOLE)
    without, out = (
        carried_on(guess, Observed(camera, seen, person, one), tone, oval_shape()) for one in (None, hem)
    )
    place = (0.25, 0.92)
    assert np.abs(at(out, *place) - orange).max() < 0.08 < np.abs(at(without, *place) - orange).max()
