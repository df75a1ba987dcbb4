"""Completion: wall behind hair that nobody has seen is assumed, until it is seen."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.core.face import FACE_OVAL
from mirror.core.head_space import EYE_CENTRE, HeadTransform
from mirror.removal.background_completion import complete
from mirror.removal.background_plate import Plate
from mirror.segmentation.matting import Mattes
from tests.test_removal_background_plate import (
    EVERYWHERE,
    HEAD,
    HEIGHT,
    WIDTH,
    in_frame,
    mattes_of,
    teach,
    wall,
    with_person,
)


def shape() -> np.ndarray:
    """Of a small face: float32 (75,)."""
    angles = np.linspace(0, 2 * np.pi, len(FACE_OVAL), endpoint=False)
    oval = (np.stack([np.cos(angles) * 0.1, np.sin(angles) * 0.14], 1) + EYE_CENTRE - 0.5) * 4
    found = np.zeros(75, np.float32)
    found[: 2 * len(FACE_OVAL)] = oval.ravel()
    return found


def dressed(image: np.ndarray, mattes: Mattes, most: int | None = None) -> Plate:
    plate = Plate()
    plate.begin(image.shape)
    complete(plate, image, HEAD, mattes, shape(), most)
    return plate


def empty(plate: Plate, room: np.ndarray, since: float) -> None:
    """Everybody has left."""
    for n in range(200):
        plate.learn(room, since + n / 30)


def test_wall_behind_hair_is_assumed_and_looks_like_the_wall() -> None:
    mattes, room = mattes_of(), wall()
    image = with_person(room, mattes)
    rgb, there = in_frame(dressed(image, mattes))
    ring = there > 0.99
    assert ring.mean() > 0.03
    assert rgb[ring].mean() == pytest.approx(room.mean() / 255, abs=0.04), "none of the person's own colour"
    assert rgb[ring].min() > 25 / 255


def test_wall_that_is_seen_is_not_assumed() -> None:
    mattes, room = mattes_of(), wall()
    plate = Plate()
    empty(plate, room, 0.0)
    before = plate.view(EVERYWHERE).copy()
    complete(plate, with_person(room, mattes), HEAD, mattes, shape())
    assert np.array_equal(plate.view(EVERYWHERE), before)


def test_what_is_seen_later_takes_its_place() -> None:
    mattes, room = mattes_of(), wall()
    image = with_person(room, mattes)
    plate = dressed(image, mattes)
    empty(plate, room, 1.0)
    off = np.abs(plate.view(EVERYWHERE).astype(int) - room)
    assert off.max() <= 2


def test_it_goes_on_where_it_stopped() -> None:
    mattes = mattes_of()
    image = with_person(wall(), mattes)
    plate, shares = dressed(image, mattes, 20), []
    for _ in range(20):
        shares.append(float(in_frame(plate)[1].mean()))
        complete(plate, image, HEAD, mattes, shape(), 20)
    whole = float(in_frame(dressed(image, mattes))[1].mean())
    assert shares[0] < shares[2] <= shares[-1] == pytest.approx(whole, rel=0.1)


def test_in_another_light_it_is_as_bright_as_the_wall() -> None:
    mattes, room = mattes_of(), wall()
    plate = Plate()
    teach(plate, with_person(room, mattes), mattes)
    dark = (room * 0.7).astype(np.uint8)
    teach(plate, with_person(dark, mattes), mattes, since=3.0)
    complete(plate, with_person(dark, mattes), HEAD, mattes, shape())
    rgb, there = in_frame(plate)
    assert rgb[there > 0.99].mean() == pytest.approx(dark.mean() / 255, abs=0.03)


@pytest.mark.parametrize(
    "where", [HeadTransform(-900.0, 100.0, 300.0, 0.0), HeadTransform(10.0, 5.0, 15.0, 0.0)]
)
def test_a_head_outside_or_too_small_is_nothing_to_complete(where: HeadTransform) -> None:
    plate = Plate()
    plate.begin((HEIGHT, WIDTH, 3))
    complete(plate, wall(), where, mattes_of(), shape())
    assert not plate.view(EVERYWHERE).any()


@pytest.mark.parametrize("soft", [True, False], ids=["out of focus", "sharp"])
def test_pieces_of_a_wall_out_of_focus_have_no_seams_and_those_of_a_sharp_one_stay_sharp(soft: bool) -> None:
    rng, mattes = np.random.default_rng(3), mattes_of()
    room = rng.integers(60, 200, (HEIGHT, WIDTH, 3)).astype(np.float32)
    room = cv2.GaussianBlur(room, (0, 0), 12.0 if soft else 1.5)
    room = np.clip(128 + (room - 128) * (40 / room.std()), 0, 255).astype(np.uint8)
    plate = dressed(with_person(room, mattes), mattes)
    view, told = plate.view((0, 0, WIDTH, HEIGHT)), plate.told((0, 0, WIDTH, HEIGHT))
    inside = cv2.erode(told.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    assert inside.sum() > 1000
    edges, wanted = (
        np.abs(cv2.Laplacian(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), cv2.CV_32F)) for one in (view, room)
    )
    if soft:
        assert np.quantile(edges[inside], 0.99) < 4 * max(np.quantile(wanted, 0.99), 1.0)
    else:
        assert edges[inside].mean() > 0.6 * wanted.mean()
