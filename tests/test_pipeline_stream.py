"""A stream of pictures: hair fades in and out with the face, and nothing else is touched."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mirror.compositing.pose_fade import FADE_SECONDS
from mirror.core.face import INNER_FACE, Face
from mirror.core.frame import Frame
from mirror.core.head_crop import Head
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown
from tests.test_compositing_alpha_compositing import Counted

BLANK = np.full((360, 640, 3), 90, np.uint8)


def inner_face(face: Face, height: int, width: int) -> np.ndarray:
    """bool (height, width): inside the hull of eyes, nose and mouth."""
    inside = np.zeros((height, width), np.uint8)
    hull = cv2.convexHull(face.landmarks[list(INNER_FACE), :2].astype(np.int32))
    cv2.fillConvexPoly(inside, hull, 255)
    return cv2.erode(inside, np.ones((3, 3), np.uint8)) > 0


def stream(mirror: Mirror, images: list[np.ndarray], began: float, step: float = 0.025) -> list[Shown]:
    return [mirror.process(Frame(image, n, began + n * step)) for n, image in enumerate(images)]


def test_without_a_face_a_stream_shows_the_untouched_picture(mirror: Mirror) -> None:
    for shown in stream(mirror, [BLANK, BLANK], 100.0):
        assert shown.image is BLANK and shown.face is None and not shown.swapped and shown.strength == 0
        assert not any(matte.any() for matte in shown.mattes())
        assert list(shown.stages) == ["track"]


def test_the_new_hair_fades_in_within_300_ms_whenever_a_face_returns(
    mirror: Mirror, demo_frame: np.ndarray
) -> None:
    for began in (200.0, 300.0):
        shown = stream(mirror, [BLANK, BLANK] + [demo_frame] * 16, began)
        worn = [s for s in shown if s.face is not None]
        assert len(worn) >= 14, "the face is found at once, or nearly"
        strengths = np.array([s.strength for s in worn])
        assert (np.diff(strengths) >= -1e-9).all() and 0 < strengths[0] < 0.2
        since = np.array([s.frame.captured_at for s in worn]) - worn[0].frame.captured_at
        assert (strengths[since >= FADE_SECONDS] == 1).all() and FADE_SECONDS <= 0.3
        assert all(s.swapped for s in worn)
        apart = [np.abs(s.image.astype(int) - s.frame.image).mean() for s in worn]
        assert apart[0] < 0.4 * apart[-1], "it is seen coming"
        stages = {"track", "swap", "compose"}
        assert set(worn[0].stages) == stages | {"matte", "paint"} and set(worn[-1].stages) >= stages


def test_in_a_stream_what_neither_matte_reaches_is_the_cameras(
    mirror: Mirror, demo_frame: np.ndarray
) -> None:
    mirror.styling.choose("pin curls")
    kept = demo_frame.copy()
    for shown in stream(mirror, [BLANK] + [demo_frame] * 6, 400.0)[1:]:
        old, new = shown.mattes()
        changed = (shown.image != shown.frame.image).any(2)
        assert shown.face is not None and changed.sum() > 500
        assert not (changed & (old == 0) & (new == 0)).any()
        inside = inner_face(shown.face, 360, 640)
        assert inside.sum() > 300 and not old[inside].any()
        assert not (changed & inside & (new == 0)).any()
    assert np.array_equal(demo_frame, kept)


def test_a_face_that_jumps_fades_in_anew(mirror: Mirror, demo_frame: np.ndarray) -> None:
    moved = np.roll(demo_frame, 260, axis=1)
    shown = stream(mirror, [BLANK] + [demo_frame] * 14 + [moved] * 36, 500.0)
    strengths = [s.strength for s in shown]
    assert strengths[14] == 1 and min(strengths[15:]) < 0.5 and strengths[-1] == 1
    for one in shown[15:]:  # whether it is followed at once or after a moment: never hair where no head is
        changed = np.nonzero((one.image != one.frame.image).any((0, 2)))[0]
        assert changed.size == 0 or changed.min() > 400


def test_a_first_frame_lost_on_the_way_does_not_leave_the_old_face_in_mind(
    mirror: Mirror, demo_frame: np.ndarray
) -> None:
    """`look` runs ahead of `dress`, and a frame between them may be lost."""
    stream(mirror, [BLANK] + [demo_frame] * 14, 600.0)
    moved = np.roll(demo_frame, 260, axis=1)
    seen = [mirror.look(Frame(moved, 20 + n, 601.0 + n * 0.025)) for n in range(6)]
    first = next(n for n, s in enumerate(seen) if s.face is not None and s.since > 600.9)
    late = mirror.dress(seen[first + 1])
    assert late.strength == pytest.approx(0.025 / FADE_SECONDS + 0.05, abs=0.02)
    exact = mirror.matte(moved)
    assert exact is not None and late.laid is not None
    with_memory = late.laid.layer.old
    alone = mirror.dress(mirror.look(Frame(moved, 40, 700.0))).laid
    assert alone is not None
    assert np.abs(with_memory - alone.layer.old).mean() < 0.02


def test_a_frame_is_copied_once_however_many_people_are_in_it(mirror: Mirror, demo_frame: np.ndarray) -> None:
    mirror.styling.choose("pin curls")
    stream(mirror, [BLANK] + [demo_frame] * 14, 800.0)
    Counted.copies = 0
    seen = mirror.look(Frame(demo_frame.view(Counted), 20, 800.5))
    before = Counted.copies
    two, three = (replace(seen, place=place, since=800.0, others=()) for place in (1, 2))
    shown = mirror.dress(replace(seen, others=(two, three)))
    assert Counted.copies - before == 1
    assert shown.swapped and not np.shares_memory(shown.image, demo_frame)


def test_skins_grain_is_looked_at_in_every_fifth_painting_and_settles(
    mirror: Mirror, demo_frame: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.styling.choose("bald")
    looked: list[Head] = []
    used = []

    def grain_of(head: Head, free: np.ndarray) -> np.ndarray:
        looked.append(head)
        return np.full(3, 0.002 if len(looked) == 1 else 0.006, np.float32)

    def with_grain(surface: np.ndarray, where: np.ndarray, amount: np.ndarray) -> np.ndarray:
        used.append(float(amount[0]))
        return surface

    monkeypatch.setattr("mirror.removal.hair_removal.grain_of", grain_of)
    monkeypatch.setattr(
        "mirror.removal.hair_removal.wall_grain_of", lambda image, wall: np.zeros(3, np.float32)
    )
    monkeypatch.setattr("mirror.removal.hair_removal.with_grain", with_grain)
    stream(mirror, [BLANK] + [demo_frame] * 150, 900.0)
    skins = [amount for amount in used if amount > 0]
    assert len(looked) > 2 and len(looked) <= 1 + len(skins) // 5
    assert skins[0] == pytest.approx(0.002) and skins[5] < 0.003, "a change is followed slowly"
    assert skins == sorted(skins) and skins[-1] < 0.006
