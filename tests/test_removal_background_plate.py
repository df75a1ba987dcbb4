"""The remembered wall: learnt where it is in sight, followed as light changes, forgotten when it is gone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.core.head_space import HeadTransform
from mirror.removal.background_plate import FACELESS_SECONDS, Plate
from mirror.segmentation.matting import Mattes

WIDTH, HEIGHT = 480, 352
HEAD = HeadTransform(240.0, 160.0, 300.0, 0.0)
EVERYWHERE = (0, 0, WIDTH, HEIGHT)


def wall(seed: int = 1) -> np.ndarray:
    """A wall with a pattern: uint8 (352, 480, 3)."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT, WIDTH, 3)).astype(np.float32), (0, 0), 2.0)
    return np.clip(120 + noise / noise.std() * 25, 30, 215).astype(np.uint8)


def mattes_of(x: float = 0.5, front: np.ndarray | None = None) -> Mattes:
    """A person whose head's middle is at `x` of the square."""
    person = np.zeros((256, 256), np.float32)
    cv2.ellipse(person, (round(x * 256), 130), (52, 80), 0, 0, 360, 1.0, -1)
    hair = np.zeros_like(person)
    hair[:110] = person[:110]
    return Mattes(hair, person, np.zeros_like(person) if front is None else front)


def with_person(image: np.ndarray, mattes: Mattes, colour: int = 20) -> np.ndarray:
    """The person as a shape of one colour before the wall."""
    out = image.copy()
    shape = cv2.warpAffine(mattes.person, HEAD.matrix(256), (WIDTH, HEIGHT))
    out[shape > 0.02] = colour
    return out


def teach(
    plate: Plate, image: np.ndarray, mattes: Mattes | None, since: float = 0.0, count: int = 60
) -> float:
    for n in range(count):
        plate.learn(image, since + n / 30, mattes, HEAD)


def in_frame(plate: Plate, side: int = 128) -> tuple[np.ndarray, np.ndarray]:
    rgb, known = plate.behind(HEAD, side)
    assert rgb.shape == (side, side, 3) and known.shape == (side, side)
    assert rgb.dtype == known.dtype == np.float32 and known.min() >= 0 and known.max() <= 1
    return rgb, known


def test_before_anything_was_learnt_nothing_is_known() -> None:
    plate = Plate()
    assert not in_frame(plate)[1].any() and not plate.view(EVERYWHERE).any()


def test_the_wall_beside_a_person_is_learnt_and_the_person_is_not() -> None:
    plate, room, mattes = Plate(), wall(), mattes_of()
    teach(plate, with_person(room, mattes), mattes)
    rgb, known = in_frame(plate)
    person = cv2.resize(mattes.person, (128, 128), interpolation=cv2.INTER_AREA)
    assert not known[cv2.dilate(person, np.ones((3, 3))) > 0.1].any()
    assert known[8:60, 8:30].min() == 1 and known[8:60, 98:120].min() == 1
    seen = cv2.warpAffine(room, HEAD.matrix(128), (128, 128), flags=cv2.WARP_INVERSE_MAP | cv2.INTER_AREA)
    assert np.abs(rgb - seen / 255)[known == 1].mean() < 0.05
    # To the pixel, where it is laid into the picture.
    assert np.array_equal(plate.view((100, 60, 130, 120)), room[60:120, 100:130])


def test_what_a_person_uncovers_by_moving_is_remembered_behind_them() -> None:
    plate, room = Plate(), wall()
    for x, since in ((0.27, 0.0), (0.73, 10.0)):
        teach(plate, with_person(room, mattes_of(x)), mattes_of(x), since)
    _, known = in_frame(plate)
    assert known[40:80, 20:108].min() == 1, "each place was in sight once"
    assert np.array_equal(plate.view((150, 60, 330, 200)), room[60:200, 150:330])


def test_outside_the_head_square_nothing_is_learnt_while_a_face_is_there() -> None:
    plate, mattes = Plate(), mattes_of()
    teach(plate, with_person(wall(), mattes), mattes, count=200)
    left, top, right, bottom = HEAD.frame_rectangle(WIDTH, HEIGHT)
    whole = plate.view(EVERYWHERE)
    assert whole[top + 20 : top + 60, left + 12].all() and top > 0 or left > 0
    assert not whole[:, : left - 1].any() and not whole[:, right + 1 :].any()


def test_what_is_held_in_front_is_not_wall() -> None:
    front = np.zeros((256, 256), np.float32)
    front[20:120, 20:60] = 1
    plate, mattes = Plate(), mattes_of(front=front)
    teach(plate, wall(), mattes)
    _, known = in_frame(plate)
    assert not known[10:60, 10:30].any() and known[80:90, 12:28].min() == 1


def test_an_empty_room_is_learnt_after_a_second_where_it_stands_still() -> None:
    plate, room = Plate(), wall()
    for n in range(round(FACELESS_SECONDS * 30)):
        plate.learn(room, n / 30)
    assert not in_frame(plate)[1].any(), "somebody may have turned away for a moment"
    rng = np.random.default_rng(2)
    for n in range(30, 200):
        image = room.copy()
        image[200:260, 300:360] = rng.integers(0, 256)  # somebody in a corner
        plate.learn(image, n / 30)
    _, known = in_frame(plate)
    assert known[10:50, 10:60].min() == 1
    at = HEAD.to_unit(np.array([[330.0, 230.0]]))[0] * 128
    assert not known[int(at[1]) - 8 : int(at[1]) + 8, int(at[0]) - 8 : int(at[0]) + 8].any()


@pytest.mark.parametrize("gain", [(0.85, 0.85, 0.85), (1.05, 0.97, 0.88)])
def test_exposure_and_white_balance_are_followed_where_the_wall_is_hidden(gain: tuple[float, ...]) -> None:
    plate, room = Plate(), wall()
    for x, since in ((0.27, 0.0), (0.73, 10.0)):
        teach(plate, with_person(room, mattes_of(x)), mattes_of(x), since)
    now = np.clip(room * np.array(gain) + 0.5, 0, 255).astype(np.uint8)
    # The very next look at the frame tells; the place behind the person is not in sight.
    teach(plate, with_person(now, mattes_of(0.73)), mattes_of(0.73), 20.0, count=16)
    hidden = (280, 60, 340, 160)
    off = np.abs(plate.view(hidden).astype(float) - now[60:160, 280:340])
    assert off.mean() < 2.5 < np.abs(room[60:160, 280:340].astype(float) - now[60:160, 280:340]).mean()
    rgb, known = in_frame(plate)
    seen = cv2.warpAffine(now, HEAD.matrix(128), (128, 128), flags=cv2.WARP_INVERSE_MAP | cv2.INTER_AREA)
    assert np.abs((rgb - seen / 255)[known == 1].mean(0)).max() < 0.01


def test_another_room_is_not_the_old_one_made_brighter() -> None:
    plate, mattes = Plate(), mattes_of(0.27)
    teach(plate, with_person(wall(), mattes), mattes)
    other = np.where(np.arange(WIDTH)[None, :, None] // 60 % 2 > 0, 230, 15).astype(np.uint8)
    other = np.broadcast_to(other, (HEIGHT, WIDTH, 3)).copy()
    teach(plate, with_person(other, mattes_of(0.73)), mattes_of(0.73), 10.0, count=120)
    rgb, known = in_frame(plate)
    seen = cv2.warpAffine(other, HEAD.matrix(128), (128, 128), flags=cv2.WARP_INVERSE_MAP) / 255
    assert known.mean() > 0.1
    assert np.quantile(np.abs(rgb - seen)[known == 1], 0.9) < 0.05, "nothing of the old wall is left"


def test_a_picture_that_is_hung_up_is_learnt_and_a_passing_shadow_is_not() -> None:
    plate, mattes = Plate(), mattes_of()
    room = with_person(wall(), mattes)
    teach(plate, room, mattes, count=90)
    hung = room.copy()
    hung[40:90, 100:150] = (200, 30, 30)
    teach(plate, hung, mattes, 5.0, count=12)
    assert np.abs(plate.view((110, 50, 140, 80)).astype(int) - room[50:80, 110:140]).mean() < 8
    teach(plate, hung, mattes, 6.0, count=200)
    assert np.abs(plate.view((110, 50, 140, 80)).astype(int) - hung[50:80, 110:140]).mean() < 2


def test_noise_is_averaged_out() -> None:
    plate, mattes, rng = Plate(), mattes_of(), np.random.default_rng(3)
    room = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    for n in range(200):
        noisy = np.clip(room + rng.normal(0, 6, room.shape), 0, 255).astype(np.uint8)
        plate.learn(noisy, n / 30, mattes, HEAD)
    assert np.abs(plate.view((100, 40, 150, 120)).astype(float) - 128).std() < 4


def test_another_size_and_reset_begin_anew() -> None:
    plate, mattes = Plate(), mattes_of()
    teach(plate, wall(), mattes)
    assert in_frame(plate)[1].any()
    plate.learn(wall()[: HEIGHT - 40], 5.0, mattes, HEAD)
    assert not in_frame(plate)[1].any()
    teach(plate, wall(), mattes)
    plate.reset()
    assert not in_frame(plate)[1].any()


@pytest.mark.parametrize(
    "head",
    [HeadTransform(-900, 100, 300, 0.2), HeadTransform(20, 10, 500, 0.5), HeadTransform(470, 340, 40, -0.4)],
)
def test_heads_at_and_beyond_the_frames_edge(head: HeadTransform) -> None:
    plate, room = Plate(), wall()[:345, :471]  # sizes that no cell divides
    for n in range(60):
        plate.learn(room, n / 30, mattes_of(), head)
    rgb, known = plate.behind(head, 128)
    assert np.isfinite(rgb).all() and known.max() <= 1
    assert plate.view((0, 0, 471, 345)).shape == (345, 471, 3)
