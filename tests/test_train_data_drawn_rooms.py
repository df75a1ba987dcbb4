"""Rooms that are drawn, and people before them."""

from __future__ import annotations

import numpy as np

from train.data.drawn_rooms import drawn_room
from train.data.underlay_batches import in_room, moved_room


def test_rooms_are_pictures_each_another_and_the_same_again() -> None:
    rooms = [drawn_room(64, np.random.default_rng(seed)) for seed in range(24)]
    assert all(room.shape == (64, 64, 3) and room.dtype == np.uint8 for room in rooms)
    assert (rooms[3] == drawn_room(64, np.random.default_rng(3))).all()
    means = np.array([room.mean() for room in rooms])
    assert means.std() > 20, "light and dark"
    # Edges in focus are what portraits' backdrops lack.
    sharp = [float(np.abs(np.diff(room.astype(float), axis=1)).max()) for room in rooms]
    assert sum(one > 60 for one in sharp) >= 8 and sum(one < 30 for one in sharp) >= 2


def test_another_part_of_a_room() -> None:
    room, rng = drawn_room(64, np.random.default_rng(1)), np.random.default_rng(0)
    parts = [moved_room(room, rng) for _ in range(4)]
    assert all(part.shape == room.shape for part in parts)
    assert any((part != parts[0]).any() for part in parts[1:])


def head() -> dict[str, np.ndarray]:
    person, matte = np.zeros((2, 64, 64), np.uint8)
    person[20:, 16:48] = 255
    matte[10:40, 12:52] = 255
    image = np.full((64, 64, 3), 90, np.uint8)
    return {"image": image, "person": person, "matte": matte, "valid": np.full((64, 64), 255, np.uint8)}


def test_before_a_room_a_plain_head_keeps_person_and_hair() -> None:
    room = np.full((64, 64, 3), 200, np.uint8)
    out = in_room(head(), room)
    seen = (head()["person"] > 0) | (head()["matte"] > 0)
    assert (out["image"][seen] == 90).all() and (out["image"][~seen] == 200).all()
    assert "beneath" not in out


def test_the_room_behind_own_hair_is_known_and_the_teachers_scalp_stays() -> None:
    body = np.zeros((64, 64), np.uint8)
    body[16:, 18:46] = 255
    whole = head()
    taught = {
        "beneath": np.full((64, 64, 3), 150, np.uint8), "person_beneath": body,
        "known": np.where(whole["matte"] > 0, 90, 255).astype(np.uint8),
    }  # fmt: skip
    out = in_room(whole | taught, np.full((64, 64, 3), 200, np.uint8))
    hair = whole["matte"] > 0
    assert (out["beneath"][hair & (body > 0)] == 150).all() and (out["known"][hair & (body > 0)] == 90).all()
    wall = hair & (body == 0)
    assert wall.any() and (out["beneath"][wall] == 200).all() and (out["known"][wall] == 255).all()
    assert (out["image"][wall] == 90).all(), "the hair itself is still before it"
