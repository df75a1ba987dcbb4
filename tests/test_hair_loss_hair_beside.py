"""What has grown is no darker than the hair beside it, and stays as it is where it is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mirror.core.head_crop import look_at
from mirror.core.head_space import HeadTransform
from mirror.core.layer import Layer
from mirror.hair.loss.hair_beside import no_darker
from mirror.hair.painting.subject import Subject
from mirror.pipeline.mirror import Mirror

ROWS = slice(56, 80)  # the upper forehead


@pytest.fixture
def subject(mirror: Mirror, portrait: np.ndarray) -> Subject:
    """Somebody with short hair of one grey level on the left half of the upper forehead; 255: 0.24."""
    face = mirror.find_face(portrait)
    assert face is not None
    head = look_at(portrait, face, HeadTransform.from_face(face))
    image, hair = head.image.copy(), np.zeros((256, 256), np.float32)
    image[0, :, ROWS, 90:126], hair[ROWS, 90:126] = np.float32(61 / 255), 1
    return Subject(replace(head, image=image, inner=np.zeros_like(head.inner)), hair)


def grown(level: int) -> Layer:
    """Hair that has grown beside it, of one grey level with strands a little lighter and darker."""
    new = np.zeros((256, 256), np.float32)
    new[ROWS, 126:160] = 1
    strands = np.full((256, 256, 3), level, np.uint8)
    strands[:, ::2] += 6
    return Layer(strands, new, np.zeros_like(new), new, hair=strands.copy())


def test_darker_hair_becomes_as_light_as_that_beside_it_and_keeps_its_strands(subject: Subject) -> None:
    before = grown(12)
    after = no_darker(before, subject)
    part = np.s_[ROWS, 128:158]
    assert after.hair is not None
    for one in (after.rgb, after.hair):
        assert one[part].mean() == pytest.approx(61, abs=3)
        steps = np.abs(np.diff(one[part][..., 0].astype(int), axis=1))
        assert steps.mean() == pytest.approx(6, abs=1)
    assert (after.new == before.new).all()


@pytest.mark.parametrize("level", [62, 120, 200])
def test_hair_that_is_no_darker_stays_to_the_bit(subject: Subject, level: int) -> None:
    before = grown(level)
    assert (no_darker(before, subject).rgb == before.rgb).all()


def test_a_shining_scalp_is_no_hair_beside(subject: Subject) -> None:
    image = subject.head.image.copy()
    image[0, :, ROWS, 90:126] = 0.97
    shining = replace(subject, head=replace(subject.head, image=image))
    before = grown(12)
    assert no_darker(before, shining) is before
    none = replace(subject, hair=np.zeros_like(subject.hair))
    assert no_darker(before, none) is before
