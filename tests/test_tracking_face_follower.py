"""Whose face is followed through a stream, large or small: one tracker, and a look round now and then."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
import skimage.data

from mirror.core.errors import MirrorError
from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.tracking import face_follower
from mirror.tracking.face_follower import LOOK_ROUND_SECONDS, WAIT_SECONDS, Follower, faces_by_size, same_face
from mirror.tracking.mediapipe import open_tracker
from mirror.tracking.region_of_interest import centre
from tests.test_tracking_mediapipe import FIRST, face_model


def two_people(left: float, right: float) -> np.ndarray:
    """1280x720: the same portrait on both halves, each as large as its number says."""
    portrait = skimage.data.astronaut()[0:270, 100:340]
    frame = np.full((720, 1280, 3), 120, np.uint8)
    for x, scale in ((0, left), (640, right)):
        person = cv2.resize(portrait, None, fx=scale, fy=scale)[:720, :640]
        frame[: person.shape[0], x : x + person.shape[1]] = person
    return frame


@pytest.fixture(scope="module")
def follower():
    try:
        follower = Follower()
    except MirrorError as error:
        pytest.skip(str(error))
    yield follower
    follower.close()


def test_turns_to_the_larger_face_only_after_a_while(follower: Follower):
    sides = []
    for index in range(110):
        nearer = min(max((index - 20) / 30, 0), 1)  # the one on the right comes near, the other steps back
        image = two_people(2.6 - 0.7 * nearer, 1.9 + 0.7 * nearer)
        face = follower.follow(Frame(image, index, index / 30))
        sides.append(None if face is None else "left" if face.landmarks[:, 0].mean() < 640 else "right")
    first = next(side for side in sides if side is not None)
    assert set(sides[5:20]) == {first}  # nobody is swapped for no reason
    assert sides[-1] == "right"  # the one who came near is followed in the end
    if first == "left":
        # A quarter larger from picture 43 on, and that for half a second.
        assert sides.index("right") >= 43 + 15


def test_same_face_by_place():
    points = np.random.default_rng(0).normal(0, 30, (478, 3)).astype(np.float32)
    points[10], points[152] = (0, -50, 0), (0, 50, 0)
    here, near, far = Face(points), Face(points + (20, 0, 0)), Face(points + (300, 0, 0))
    assert same_face(here, near)
    assert not same_face(here, far)


# Small faces, with stand-ins for MediaPipe of either generation: what they have in common is all that counts.

ROOM = (1280, 720)


def room(*people: tuple[float, float, float]) -> np.ndarray:
    """A frame in which each person (x, y, height of the face) is a disc of a colour of their own."""
    image = np.full((ROOM[1], ROOM[0], 3), 20, np.uint8)
    for number, (x, y, height) in enumerate(people):
        cv2.circle(image, (round(x), round(y)), round(height / 2), (255 - 60 * number, 90, 60), -1)
    return image


def discs(image: np.ndarray) -> list[Face]:
    """Faces for the discs of a picture that are whole, largest first."""
    faces = []
    for red in (255, 195):
        found = cv2.inRange(image, np.array((red - 8, 82, 52)), np.array((min(red + 8, 255), 98, 68)))
        x, y, w, h = cv2.boundingRect(found)
        if min(w, h) > 0.85 * max(w, h) > 5:
            points = np.zeros((478, 3), np.float32)
            points[:, :2] = (x + w / 2, y + h / 2)
            points[10, 1], points[152, 1], points[234, 0], points[454, 0] = y, y + h, x, x + w
            points[[33, 133], 0], points[[263, 362], 0] = x + 0.3 * w, x + 0.7 * w
            faces.append(Face(points))
    return sorted(faces, key=lambda face: -face.height)


class ShortSighted:
    """Like MediaPipe's: finds faces from 0.16 of the picture on, then follows one from frame to frame."""

    name, reason = "short-sighted", "a test"
    made: list[ShortSighted]

    def __init__(self, *, still: bool = False, faces: int = 1, model: object = None) -> None:
        self._still, self._faces = still, faces
        self._place: np.ndarray | None = None
        self.seen: list[tuple[int, int]] = []
        self.found: list[int] = []
        type(self).made.append(self)

    def track(self, image: np.ndarray) -> list[Face]:
        self.seen.append((image.shape[1], image.shape[0]))
        assert image.flags.c_contiguous and image.dtype == np.uint8
        size = np.array([image.shape[1], image.shape[0]])
        faces = discs(image)
        if self._place is not None and not self._still:
            # It looks where the face was in the picture before, and no further.
            faces = [f for f in faces if np.abs(centre(f) - self._place * size).max() < 0.3 * f.height]
        else:
            faces = [f for f in faces if f.height >= 0.16 * max(size)]
        faces = faces[: self._faces]
        self._place = np.array(centre(faces[0])) / size if faces else None
        self.found.append(len(faces))
        return faces

    def close(self) -> None:
        pass


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> Iterator[Follower]:
    """A follower with two short-sighted trackers."""
    ShortSighted.made = []
    monkeypatch.setattr(face_follower, "open_tracker", ShortSighted)
    yield Follower()


def test_a_small_face_is_found_within_a_third_of_a_second_wherever_it_is(blind: Follower) -> None:
    for n, (x, y) in enumerate([(640, 250), (60, 60), (1210, 660), (330, 420), (950, 100)]):
        began = 100.0 * n
        faces = [blind.follow(Frame(room((x, y, 80)), i, began + i / 30)) for i in range(10)]
        assert faces[-1] is not None and np.allclose(centre(faces[-1]), (x, y), atol=1.5)


def test_a_small_face_is_followed_without_a_gap(blind: Follower) -> None:
    tracker = ShortSighted.made[0]
    lost = []
    for i in range(240):  # across the room, 7 px a frame, and nearer all the while
        x, height = 100 + 4.5 * i, 80 + 0.3 * i
        face = blind.follow(Frame(room((x, 300, height)), i, i / 30))
        if face is None:
            lost.append(i)
        elif i > 10:
            assert np.allclose(centre(face), (x, 300), atol=1.5) and abs(face.height - height) < 3
    assert all(i < 10 for i in lost)
    # Every look of the tracker but the few at the beginning finds it: it never has to start again.
    assert tracker.found[30:] == [1] * len(tracker.found[30:])


def test_a_face_that_comes_near_is_followed_in_the_whole_frame_in_the_end(blind: Follower) -> None:
    tracker = ShortSighted.made[0]
    heights = np.concatenate([np.full(20, 90.0), np.geomspace(90, 640, 150), np.full(10, 640)])
    faces = [blind.follow(Frame(room((640, 360, h)), i, i / 30)) for i, h in enumerate(heights)]
    assert all(face is not None for face in faces[10:])
    assert tracker.seen[25] != ROOM and tracker.seen[-1] == ROOM


def test_beside_a_large_face_others_are_looked_for_at_no_more_cost(blind: Follower) -> None:
    for i in range(90):
        assert blind.follow(Frame(room((640, 360, 300)), i, i / 30)) is not None
    tracker, scout = ShortSighted.made
    assert tracker.seen == [ROOM] * 90
    # An early one at the whole frame, then as many as ever: a tile, where somebody small may stand, in turns.
    assert len(scout.seen) <= 1 + 3 / LOOK_ROUND_SECONDS and set(scout.seen) == {(640, 360), (432, 432)}
    assert scout.seen[0] == (640, 360)


def test_somebody_small_beside_a_large_face_is_told_of(blind: Follower) -> None:
    told = []
    for i in range(600):
        blind.follow(Frame(room((900, 360, 300), (300, 300, 90)), i, i / 30))
        told += [round(centre(face)[0]) for face in blind.others]
    assert told and all(abs(x - 300) < 5 for x in told)


def test_looks_for_nobody_are_one_whole_frame_and_one_tile_a_frame(blind: Follower) -> None:
    for i in range(40):
        assert blind.follow(Frame(room(), i, i / 30)) is None
    tracker, scout = ShortSighted.made
    assert len(tracker.seen) == len(scout.seen) == 40
    assert tracker.seen[-1] == ROOM and scout.seen[-1] == (432, 432)


def test_a_hand_before_a_large_face_does_not_give_its_hair_to_a_picture_on_the_wall(blind: Follower) -> None:
    picture = (1100.0, 150.0, 0.0), (1100.0, 150.0, 90.0)
    for i in range(10):
        assert blind.follow(Frame(room((500, 400, 300), picture[1]), i, i / 30)) is not None
    for i in range(10, 10 + int(30 * WAIT_SECONDS) - 2):
        assert blind.follow(Frame(room(picture[0], picture[1]), i, i / 30)) is None
    later = [blind.follow(Frame(room(picture[0], picture[1]), i, i / 30)) for i in range(40, 70)]
    assert later[-1] is not None, "but who is alone with it for longer is looked for"


def test_a_small_face_that_was_hidden_is_found_where_it_was(blind: Follower) -> None:
    for i in range(20):
        blind.follow(Frame(room((300, 500, 80)), i, i / 30))
    assert blind.follow(Frame(room(), 20, 20 / 30)) is None
    again = blind.follow(Frame(room((330, 510, 82)), 21, 21 / 30))
    assert again is not None and np.allclose(centre(again), (330, 510), atol=1.5)


def test_a_nearer_person_takes_over_from_a_small_one(blind: Follower) -> None:
    taken = None
    for i in range(240):
        people = [(300.0, 300.0, 80.0)] + ([(900.0, 400.0, 125.0)] if i > 20 else [])
        face = blind.follow(Frame(room(*people), i, i / 30))
        assert i < 10 or face is not None
        if taken is None and face is not None and face.height > 100:
            taken = i
    assert taken is not None and taken > 20 + 15, "a quarter larger for half a second, and not at once"


def test_what_is_too_small_to_dress_is_left_alone(blind: Follower) -> None:
    image = np.full((200, 300, 3), 20, np.uint8)
    cv2.circle(image, (150, 60), 15, (255, 90, 60), -1)
    assert [blind.follow(Frame(image, i, i / 30)) for i in range(20)] == [None] * 20


def test_the_largest_face_of_a_single_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    ShortSighted.made = []
    single = ShortSighted(still=True, faces=2)
    for people, wanted in (
        ([(200, 200, 300), (900, 400, 250)], (200, 200)),
        ([(200, 200, 80), (900, 400, 110)], (900, 400)),
    ):
        found = faces_by_size(single, room(*people))
        assert found and np.allclose(centre(found[0]), wanted, atol=1.5)
    assert faces_by_size(single, room()) == []


@pytest.fixture(params=["solutions", "tasks"])
def seeing(request: pytest.FixtureRequest) -> Iterator[Follower]:
    """A follower with each generation of MediaPipe that can run here."""
    if request.param == "solutions" and not FIRST:
        pytest.skip("the installed MediaPipe has no `solutions`; Python 3.11 and 3.12 have")
    follower = Follower(face_model() if request.param == "tasks" else None)
    yield follower
    follower.close()


def test_a_face_80_px_high_is_found_and_followed(seeing: Follower) -> None:
    """Two metres from the camera, swaying."""
    portrait = skimage.data.astronaut()[0:270, 100:340]
    still = open_tracker(still=True)
    large = still.track(cv2.resize(portrait, None, fx=2, fy=2))[0]
    still.close()
    scale = 80 / large.height * 2
    small = cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    eyes = (np.mean(large.eyes, axis=0) + 0.5) / 2 * scale - 0.5
    lost = 0
    for i in range(30):
        frame = np.full((720, 1280, 3), 120, np.uint8)
        x, y = 300 + 5 * i, 200 + i
        frame[y : y + small.shape[0], x : x + small.shape[1]] = small
        face = seeing.follow(Frame(frame, i, i / 30))
        if face is None:
            lost += 1
            assert i < 10
            continue
        assert face.height == pytest.approx(80, rel=0.1)
        assert np.linalg.norm(np.mean(face.eyes, axis=0) - eyes - (x, y)) < 2
    assert lost < 10
