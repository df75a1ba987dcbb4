"""Glasses are whole where hair is taken away: their temples go on to the ears."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mirror.core.face_lighting import measure
from mirror.core.head_crop import SIDE, Head, look_at
from mirror.core.head_space import HeadTransform, fill_polygon, oval_of
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.code import OVAL_POINTS
from mirror.pipeline.mirror import Mirror
from mirror.removal.ears import ears_of, top_of
from mirror.removal.glasses_detection import gradients_of, worn_on
from mirror.removal.glasses_temples import EVERY, StillGlasses, temples_of, with_temples
from tests.oval import oval_shape
from train.data.fit_glasses_detector import fit

SKIN, FRAME = (0.78, 0.58, 0.48), (0.1, 0.09, 0.09)
RNG = np.random.default_rng(0)


def with_frame(picture: np.ndarray, temples: bool = True) -> np.ndarray:
    """Glasses drawn on a head square, uint8 (256, 256, 3): a bridge, two rims, temples beside the eyes."""
    out = picture.copy()
    colour = tuple(round(255 * value) for value in FRAME)
    cv2.line(out, (114, 114), (142, 114), colour, 3)
    for x in (105, 151):
        cv2.ellipse(out, (x, 120), (13, 10), 0, 0, 360, colour, 2)
    if temples:
        cv2.line(out, (92, 113), (60, 113), colour, 3)
        cv2.line(out, (164, 113), (196, 113), colour, 3)
    return out


def drawn_head(glasses: bool = True, temples: bool = True) -> tuple[Head, np.ndarray]:
    """A plain face whose hair begins beside the eyes, and the matte of that."""
    shape = oval_shape()
    shape[: 2 * OVAL_POINTS : 2] *= 1.25  # a broad face: temples are seen well
    face = fill_polygon(oval_of(shape), SIDE)
    picture = np.full((SIDE, SIDE, 3), SKIN, np.float32) + RNG.normal(0, 0.01, (SIDE, SIDE, 3)).astype(
        np.float32
    )
    seen = np.clip(picture * 255, 0, 255).astype(np.uint8)
    if glasses:
        seen = with_frame(seen, temples)
    matte = np.zeros((SIDE, SIDE), np.float32)
    matte[60:200, :80] = matte[60:200, 176:] = 1
    seen[matte > 0] = (40, 30, 25)
    whole = np.full((SIDE, SIDE), 255, np.uint8)
    return Head(cv2.dnn.blobFromImage(seen, 1 / 255), face, whole * 0, whole, shape), matte


def test_temples_are_found_where_they_are_seen_and_nowhere_else() -> None:
    head, matte = drawn_head()
    found = temples_of(head, matte)
    assert {temple.left for temple in found} == {True, False}
    for temple in found:
        assert temple.sure > 1 and np.abs(temple.line[:, 1] - 113).max() <= 1.5
        assert 1.5 <= temple.wide <= 4 and np.abs(temple.colour - FRAME).max() < 0.05
    for plain in (drawn_head(glasses=False), drawn_head(temples=False)):
        assert all(temple.sure < 1 for temple in temples_of(*plain))
    assert temples_of(head, np.ones_like(matte)) == [], "under hair nothing is seen"


def test_a_line_at_one_eye_alone_is_a_shadow() -> None:
    head, matte = drawn_head()
    half = np.ascontiguousarray(head.image.copy())
    half[0, :, 100:130, 160:176] = np.array(SKIN, np.float32)[:, None, None]
    assert all(temple.sure < 1 for temple in temples_of(replace(head, image=half), matte))


def test_lines_without_rims_are_wrinkles() -> None:
    """One over the nose and one beside each eye, as thin and as dark as a frame's."""
    head, matte = drawn_head(glasses=False)
    seen = np.ascontiguousarray(np.round(head.image[0].transpose(1, 2, 0) * 255), np.uint8)
    for begins, ends in (((114, 114), (142, 114)), ((92, 113), (81, 113)), ((164, 113), (175, 113))):
        cv2.line(seen, begins, ends, tuple(round(255 * value) for value in FRAME), 3)
    found = temples_of(replace(head, image=cv2.dnn.blobFromImage(seen, 1 / 255)), matte)
    assert len(found) == 2 and all(temple.sure < 1 for temple in found)
    assert all(temple.sure > 1 for temple in temples_of(*drawn_head()))


def test_glasses_are_told_by_all_that_is_round_the_eyes() -> None:
    worn, bare = (gradients_of(drawn_head(glasses)[0].image) for glasses in (True, False))
    assert worn.shape == (192,) and worn.dtype == np.float32
    assert worn_on(drawn_head(True)[0].image) > 1 > worn_on(drawn_head(False)[0].image)
    rng = np.random.default_rng(1)
    some = np.concatenate([one + rng.normal(0, 0.02, (40, 192)) for one in (worn, bare)])
    are = np.repeat([True, False], 40)
    weights = fit(some[::2], are[::2])
    assert (((some[1::2] @ weights[:-1] + weights[-1]) > 0) == are[1::2]).all()


def test_a_temple_goes_on_to_the_ear_and_never_over_the_wall() -> None:
    head, matte = drawn_head()
    ears = ears_of(head.shape, matte)
    assert len(ears) == 2
    bare = np.full((SIDE, SIDE, 3), SKIN, np.float32)
    wall = np.zeros((SIDE, SIDE), np.float32)
    out = with_temples(bare.copy(), wall, temples_of(head, matte), ears, head.shape)
    for ear in ears:
        x, _ = top_of(head.shape, ear.left)
        columns = np.arange(*sorted((80 if ear.left else 176, round(x * SIDE))))
        assert len(columns) > 2
        dark = out[105:122, columns].mean(2).min(0)
        assert (dark < 0.35).all(), "without a gap"
    for of, seen in ((wall + 1, ears), (wall, [])):
        none = with_temples(bare.copy(), of, temples_of(head, matte), seen, head.shape)
        assert np.abs(none - bare).max() < 1e-3


def test_in_a_stream_they_stay_where_they_are() -> None:
    head, matte = drawn_head()
    still, looks = StillGlasses(), []

    def look():  # type: ignore[no-untyped-def]
        looks.append(0)
        return temples_of(head, matte) if len(looks) == 1 else []

    first = still(look)
    for _ in range(2 * EVERY):
        assert [temple.line.tolist() for temple in still(look)] == [temple.line.tolist() for temple in first]
    assert len(looks) == 3, "not looked for in each picture"
    still.reset()
    assert still(lambda: []) == []


@pytest.mark.parametrize("glasses", [True, False])
def test_a_bald_head_keeps_its_glasses_whole(mirror: Mirror, portrait: np.ndarray, glasses: bool) -> None:
    face = mirror.find_face(portrait)
    assert face is not None
    head = look_at(portrait, face, HeadTransform.from_face(face))
    dresser = mirror._stream.dresser
    matte = dresser.matting.look(head.image, still=True)
    # Hair to the corners of the eyes, and a temple that goes under it.
    hair = matte.hair.copy()
    hair[80:160, :84] = np.maximum(hair[80:160, :84], matte.person[80:160, :84])
    square = np.round(head.image[0].transpose(1, 2, 0) * 255).astype(np.uint8)
    if glasses:
        square = with_frame(square)
    square[hair > 0.9] = (60, 45, 35)
    worn = replace(head, image=cv2.dnn.blobFromImage(square, 1 / 255))
    bald = mirror.book.find("bald").code.fitted(head.shape)
    layer = dresser.swap.paint(Subject(worn, hair, person=matte.person, lit=measure(worn, hair)), bald)
    ear = round(top_of(head.shape, True)[0] * SIDE)
    assert ear < 80 and layer.beneath is not None
    grey = layer.beneath[100:126, ear + 1 : 83].astype(float).mean(2)
    dark = grey.min(0) / np.median(grey, 0)
    assert (dark < 0.6).all() if glasses else (dark > 0.6).all()
