"""Single hairs beside the hair are found; walls, clothes and faces are not taken for any."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.hair.painting.flyaways import WISP_SIDE, faded, scraps, wisps
from mirror.removal.head_outlines import OUTLINE_SIDE as WALL_SIDE
from mirror.removal.inpainting_mask import HOLE_SIDE, cut_hole

SIDE = 256
WISP = ((92, 44), (64, 22))  # from the hair outwards, x and y


def scene(
    *, wisp: float = 0.75, wall: np.ndarray | None = None, body: bool = False, at: tuple = WISP
) -> dict[str, np.ndarray]:
    """A head with hair in front of a wall, and one hair that stands off."""
    picture = np.full((SIDE, SIDE), 0.4, np.float32) if wall is None else wall.copy()
    hair = np.zeros((SIDE, SIDE), np.float32)
    cv2.circle(hair, (128, 80), 50, 1.0, -1)
    face = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(face, (128, 130), (40, 62), 0, 0, 360, 255, -1)
    person = np.maximum(hair, face.astype(np.float32) / 255)
    if body:
        person[:] = 1
    picture[hair > 0] = 0.1
    picture[face > 0] = 0.6
    hair[face > 0] = 0
    if wisp:
        cv2.line(picture, *at, wisp, 1, cv2.LINE_AA)
    rgb = cv2.GaussianBlur(picture, (0, 0), 0.6)
    rgb += np.random.default_rng(0).normal(0, 2 / 255, rgb.shape).astype(np.float32)
    return {
        "image": np.stack([rgb] * 3)[None].astype(np.float32),
        "hair": hair,
        "person": person,
        "face": face,
        "valid": np.full((SIDE, SIDE), 255, np.uint8),
        "beyond": np.zeros((WALL_SIDE, WALL_SIDE), np.float32),
    }


def along(found: np.ndarray, line: tuple = WISP) -> np.ndarray:
    """What is found on a line but for its ends."""
    drawn = np.zeros((SIDE, SIDE), np.uint8)
    (x, y), (u, v) = line
    ends = tuple((round(x + (u - x) * t), round(y + (v - y) * t)) for t in (0.2, 0.6))
    cv2.line(drawn, *ends, 255, 1)
    small = cv2.resize(drawn, found.shape[::-1], interpolation=cv2.INTER_AREA)
    return found[small > 60]


def beside(found: np.ndarray, hair: np.ndarray) -> np.ndarray:
    """What is found but for the rim of the hair itself."""
    rim = cv2.dilate(cv2.resize(hair, found.shape[::-1]), np.ones((7, 7), np.uint8))
    return found[rim == 0]


@pytest.mark.parametrize("wisp", [0.75, 0.1])
def test_a_hair_that_stands_off_is_found_lighter_or_darker_than_the_wall(wisp: float) -> None:
    found = wisps(**scene(wisp=wisp))
    assert found.shape == (WISP_SIDE, WISP_SIDE) and found.dtype == np.float32
    assert found.min() >= 0 and found.max() <= 1
    assert along(found).mean() > 0.8
    assert found[60:].max() == 0, "nowhere else"


def test_where_none_is_none_is_found() -> None:
    plain = scene(wisp=0)
    assert beside(wisps(**plain), plain["hair"]).max() == 0


def test_far_from_the_hair_it_is_part_of_the_wall() -> None:
    line = ((40, 20), (20, 60))
    assert along(wisps(**scene(at=line)), line).max() == 0


def test_on_a_busy_wall_nothing_is_a_hair() -> None:
    grain = np.random.default_rng(1).random((SIDE // 2, SIDE // 2)).astype(np.float32)
    wall = cv2.resize(0.2 + 0.5 * grain, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
    busy = wisps(**scene(wall=wall))
    assert busy.mean() < 0.1 * wisps(**scene()).mean() + 0.002


def test_what_is_body_is_left_alone_but_where_there_can_be_none() -> None:
    assert along(wisps(**scene(body=True))).max() == 0
    nowhere = scene(body=True) | {"beyond": np.ones((WALL_SIDE, WALL_SIDE), np.float32)}
    assert along(wisps(**nowhere)).mean() > 0.8


def test_a_hair_on_the_forehead_is_found_and_one_on_the_cheek_is_not() -> None:
    high, low = ((112, 78), (118, 68)), ((112, 150), (118, 140))
    on_forehead = scene(wisp=0.2, at=high)
    on_forehead["hair"][:68] = 1
    assert along(wisps(**on_forehead), high).mean() > 0.5
    on_cheek = scene(wisp=0.2, at=low)
    on_cheek["hair"][:140] = 1
    assert along(wisps(**on_cheek), low).max() == 0


def test_beyond_the_pictures_edge_there_is_nothing() -> None:
    cut = scene(wisp=0)
    cut["image"][..., :40, :] = 0
    cut["valid"][:40] = 0
    assert wisps(**cut)[:18].max() == 0 and beside(wisps(**cut), cut["hair"]).max() == 0


def test_an_ear_beside_the_hair_keeps_its_edge() -> None:
    eared = scene(wisp=0)
    ear = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(ear, (166, 128), (6, 14), 0, 0, 360, 255, -1)
    eared["image"][0, :, ear > 0] = 0.6
    eared["person"][ear > 0] = 1
    rim = cv2.resize(cv2.dilate(ear, np.ones((5, 5), np.uint8)), (WISP_SIDE, WISP_SIDE)) > 0
    assert wisps(**eared)[rim].max() == 0


def test_before_a_plain_wall_what_is_next_to_hair_goes_with_it() -> None:
    given = scene(wisp=0)
    everywhere = np.ones((WISP_SIDE, WISP_SIDE), np.float32)
    plain, sharp, unsaid = (wisps(**given, sharp=one) for one in (0 * everywhere, everywhere, None))
    assert np.array_equal(sharp, unsaid)
    hair = cv2.resize(given["hair"], (WISP_SIDE, WISP_SIDE), interpolation=cv2.INTER_AREA)
    above = np.s_[8:13, 58:70]  # a few pixels over the crown
    assert hair[above].max() == 0 and plain[above].min() > 0.9 and sharp[above].max() < 0.1
    far = cv2.dilate(hair, np.ones((25, 25), np.uint8)) == 0
    assert plain[far].max() == 0


def test_what_goes_with_hair_before_a_plain_wall_ends_softly() -> None:
    given = scene(wisp=0)
    small = cv2.resize(given["hair"], (HOLE_SIDE, HOLE_SIDE), interpolation=cv2.INTER_AREA)
    hole = cut_hole(small, np.zeros_like(small), SIDE, radius=3)
    gone = wisps(**given, sharp=1 - faded(hole))
    gone = cv2.resize(gone, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR) * hole
    above = gone[:30, 128]  # from the wall over the crown to the hair
    assert above[28] > 0.9 and above[0] == 0
    assert np.abs(np.diff(above)).max() < 0.25, "no line at which what is put there begins"


def test_a_wall_with_light_and_shade_stays_out_of_focus_too() -> None:
    rows = np.arange(SIDE)[:, None]
    bands = np.broadcast_to(0.4 + 0.15 * np.sin(rows * (2 * np.pi / 32)), (SIDE, SIDE)).astype(np.float32)
    nowhere = np.zeros((WALL_SIDE, WALL_SIDE), np.float32)
    beside_hair = np.s_[30:45, 32:36]  # of 128: a few pixels from the hair's outline
    plain, shaded = (wisps(**scene(wisp=0, wall=wall), sharp=nowhere) for wall in (None, bands))
    assert plain[beside_hair].mean() > 0.8 and shaded[beside_hair].mean() < 0.3


def test_before_a_plain_wall_too_a_body_stays() -> None:
    given = scene(wisp=0, body=True)
    nowhere = np.zeros((WISP_SIDE, WISP_SIDE), np.float32)
    assert beside(wisps(**given, sharp=nowhere), given["hair"]).max() < 0.1


def test_an_arm_beside_the_hair_stays_before_a_plain_wall() -> None:
    given = scene(wisp=0)
    arm = np.zeros((SIDE, SIDE), np.float32)
    arm[20:120, 66:77] = 1  # beside the hair, above the shoulders and beyond the head
    given["person"] = np.maximum(given["person"], arm)
    given["beyond"] = np.ones_like(given["beyond"])
    nowhere = np.zeros((WISP_SIDE, WISP_SIDE), np.float32)
    found = wisps(**given, sharp=nowhere)
    assert found[30:50, 34:37].max() < 0.1 and found[8:13, 58:70].min() > 0.9


def test_scraps_of_hair_go_and_people_stay() -> None:
    person, old, inner = (
        np.zeros((256, 256), np.float32),
        np.zeros((256, 256), np.float32),
        np.zeros((256, 256), np.uint8),
    )
    person[60:256, 80:180] = 1
    inner[100:150, 110:150] = 255
    old[40:120, 40:80] = 1
    person[60:90, 30:40] = 1  # a lock that the matte missed, beside what goes
    person[20:30, 200:210] = 1  # the same far from it: whatever that is
    person[100:120, 0:40] = 1  # an arm, which leaves the picture
    person[60:70, 180:200] = 1  # an ear, which hangs together with the head
    out = scraps(person, old, inner)
    assert out[62:88, 31:39].min() > 0.9
    assert out[20:30, 200:210].max() < 0.01 and out[97:, :].max() < 0.01 and out[:, 86:].max() < 0.01
    assert scraps(person, old * 0, inner).max() == 0, "nothing goes"
