"""A person's own hairline stays where new hair grows behind it, and nowhere else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.compositing.own_hairline import ONE, own_roots
from mirror.core.face import Face
from mirror.core.head_crop import SIDE, Head, look_at
from mirror.core.head_space import HeadTransform
from mirror.segmentation.matting import Mattes
from tests.test_compositing import face_at

SKIN, HAIR, NEW = (200, 160, 140), (120, 118, 115), (50, 30, 20)
LINE = 66  # row of the hairline that is seen, in pixels of head space


def head_with(line: int) -> tuple[Head, Mattes]:
    """A head before a blue wall, whose hair ends at a row of head space above the forehead."""
    face = Face(face_at(0.0, scale=2.0))
    transform = HeadTransform.from_face(face)
    places = np.stack(np.meshgrid(*[(np.arange(SIDE) + 0.5) / SIDE] * 2), -1).reshape(-1, 2)
    person = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(person, (128, 110), (62, 96), 0, 0, 360, 255, -1)
    hair = person.copy()
    hair[line:] = 0
    square = np.full((SIDE, SIDE, 3), (40, 60, 200), np.uint8)
    square[person > 0], square[hair > 0] = SKIN, HAIR
    frame = transform.to_frame(places).round().astype(int)
    picture = np.zeros((frame[:, 1].max() + 3, frame[:, 0].max() + 3, 3), np.uint8)
    inverse = cv2.invertAffineTransform(transform.matrix(SIDE))
    picture = cv2.warpAffine(square, inverse, picture.shape[1::-1], flags=cv2.WARP_INVERSE_MAP)
    mattes = Mattes(
        *(one.astype(np.float32) / 255 for one in (hair, person)), np.zeros((SIDE, SIDE), np.float32)
    )
    return look_at(picture, face, transform), mattes


def new_hair(until: int) -> np.ndarray:
    new = np.zeros((SIDE, SIDE, 4), np.uint8)
    cv2.ellipse(new, (128, 110), (70, 104), 0, 0, 360, (*NEW, 255), -1)
    new[until:] = 0
    return new


def test_the_line_that_is_seen_stays_in_the_new_colour() -> None:
    head, mattes = head_with(LINE)
    roots = own_roots(head, mattes, new_hair(LINE - 2))
    assert roots is not None
    assert (roots.share[LINE - 2 : LINE + 12, 115:141] > 250).all(), "roots, and the skin before them"
    assert not roots.share[: LINE - 25, 115:141].any(), "further behind new hair takes their place"
    assert (roots.picture[LINE + 3 : LINE + 12, 115:141, :3] == ONE).all(), "skin is the camera's"
    shown = np.array(HAIR) * roots.picture[LINE - 4, 128, :3] / ONE
    assert np.abs(shown - NEW).max() < 12
    assert not roots.share[:, :60].any() and not roots.share[:, 196:].any(), "nothing of the wall"
    assert roots.tinted[LINE - 2, 128] > 250 and roots.tinted[LINE + 8, 128] == 0


def test_the_skin_before_it_is_cut_free_of_new_hair_that_lies_a_little_lower() -> None:
    head, mattes = head_with(LINE)
    roots = own_roots(head, mattes, new_hair(LINE + 4))
    assert roots is not None and roots.share[LINE + 2, 128] > 250


@pytest.mark.parametrize("line, until", [(LINE, LINE + 40), (LINE + 36, LINE), (5, LINE), (LINE, LINE - 60)])
def test_a_fringe_old_or_new_a_bald_head_and_a_high_line_leave_the_style_its_own(
    line: int, until: int
) -> None:
    head, mattes = head_with(line)
    roots = own_roots(head, mattes, new_hair(until))
    assert roots is None or not roots.share[:, 100:156].any()


def test_what_trembles_is_eased() -> None:
    head, mattes = head_with(LINE)
    roots = own_roots(head, mattes, new_hair(LINE - 2))
    other = own_roots(*head_with(LINE + 4), new_hair(LINE - 2))
    assert roots is not None and other is not None
    eased = other.eased(roots)
    assert other.eased(None) is other
    middle = (roots.share.astype(float) + other.share) / 2
    assert np.abs(eased.share - middle).max() <= 1


def test_of_a_strand_over_the_forehead_no_scrap_stays() -> None:
    head, mattes = head_with(LINE)
    strand = np.s_[LINE + 8 : LINE + 14, 120:126]
    mattes.hair[strand] = 0.2
    roots = own_roots(head, mattes, new_hair(LINE - 2))
    assert roots is not None
    assert roots.share[strand].max() < 3 and (roots.share[LINE + 2, 150:160] > 250).all()


def test_a_gap_between_curls_that_shows_the_wall_is_no_skin_beside_a_hairline() -> None:
    head, mattes = head_with(LINE)
    gap = np.s_[36:46, 140:156]
    mattes.hair[gap] = 0.0
    roots, without = (own_roots(head, one, new_hair(LINE - 2)) for one in (mattes, head_with(LINE)[1]))
    assert roots is not None and without is not None
    assert not roots.share[30:52, 134:162].any(), "new hair lies over it"
    assert (roots.share == without.share).mean() > 0.99
