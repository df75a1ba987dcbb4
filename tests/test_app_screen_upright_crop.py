"""What an upright screen shows of a picture: which part, how it moves, where it is drawn."""

from __future__ import annotations

import numpy as np
import pygame
import pytest

from mirror.app.screen.live_picture import NARROWEST, Laid, draw_mosaic, draw_part, draw_picture, lay_out
from mirror.app.screen.upright_crop import PATIENCE, Framing, Part, fills, portrait_part
from mirror.compositing.laid_painting import LaidPainting, painting_of
from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.core.head_space import HeadTransform, face_shape
from mirror.core.layer import Layer
from mirror.pipeline.shown_frame import Shown
from mirror.removal.background_plate import Plate

PICTURE, UPRIGHT = (1280, 720), (1080, 1920)
UPRIGHTS = [(1080, 1920), (540, 960), (600, 800), (500, 520)]
RNG = np.random.default_rng(5)


def face(x: float, y: float, tall: float) -> Face:
    """A face of that height about a point, as wide as faces are."""
    points = np.tile(np.array([x, y, 0], np.float32), (478, 1))
    points[10] += (0, -tall / 2, 0)
    points[152] += (0, tall / 2, 0)
    points[234] += (-0.4 * tall, 0, 0)
    points[454] += (0.4 * tall, 0, 0)
    return Face(points)


def inside(part: Part, x: float, y: float) -> bool:
    return part.left <= x <= part.left + part.width and part.top <= y <= part.top + part.height


@pytest.mark.parametrize("screen", [(1280, 720), (1920, 1080), (640, 640)])
def test_a_screen_that_lies_shows_the_whole_picture(screen: tuple[int, int]) -> None:
    assert portrait_part(PICTURE, face(300, 300, 200), screen) == Part.whole(PICTURE)
    assert Framing().part(PICTURE, None, screen, 0.0) == Part.whole(PICTURE)


@pytest.mark.parametrize(("picture", "screen"), [(PICTURE, (500, 400)), (PICTURE, (2560, 1080)),
                                                 ((640, 480), (1280, 720))])  # fmt: skip
def test_a_screen_that_lies_is_filled_where_little_is_cut(
    picture: tuple[int, int], screen: tuple[int, int]
) -> None:
    part = portrait_part(picture, face(300, 250, 100), screen)
    assert part.width == pytest.approx(picture[0]) or part.height == pytest.approx(picture[1])
    assert part.width / part.height == pytest.approx(screen[0] / screen[1])
    assert part.left >= 0 and part.top >= 0 and part.left + part.width <= picture[0] + 1e-6
    assert part.top + part.height <= picture[1] + 1e-6 and inside(part, 300, 250)
    laid = lay_out(picture, part, screen, True)
    assert laid.where == pygame.Rect(0, 0, *screen)
    assert not fills((480, 640), (1280, 720)), "an upright photograph would lose its hair"


def test_a_picture_as_upright_as_the_screen_is_shown_whole() -> None:
    assert not fills((720, 1280), UPRIGHT) and not fills((480, 1280), UPRIGHT)
    assert fills((640, 480), UPRIGHT)


@pytest.mark.parametrize("screen", UPRIGHTS)
@pytest.mark.parametrize("tall", [60, 150, 260, 500])
@pytest.mark.parametrize("x", [0, 200, 640, 1279])
def test_the_part_fills_the_screen_and_holds_the_face(x: int, tall: int, screen: tuple[int, int]) -> None:
    part = portrait_part(PICTURE, face(x, 300, tall), screen)
    assert part.width / part.height == pytest.approx(screen[0] / screen[1])
    assert min(part.left, part.top) >= 0
    assert part.left + part.width <= PICTURE[0] + 1e-6 and part.top + part.height <= PICTURE[1] + 1e-6
    assert inside(part, x, 300)


def test_it_comes_closer_to_somebody_small_and_leaves_room_for_hair_and_shoulders() -> None:
    near, far = (portrait_part(PICTURE, face(640, 300, tall), UPRIGHT) for tall in (150, 90))
    assert near.height > far.height
    # Half a face of hair at each side, nine tenths above the forehead, the shoulders below.
    assert near.width >= 0.8 * 150 + 2 * 0.5 * 150
    assert near.top <= 300 - 150 / 2 - 0.9 * 150 and near.top + near.height >= 300 + 150 / 2 + 1.4 * 150


def test_it_moves_slowly_and_arrives_without_swinging_past() -> None:
    framing = Framing()
    begin = framing.part(PICTURE, face(560, 300, 200), UPRIGHT, 1.0)
    places = [framing.part(PICTURE, face(660, 300, 200), UPRIGHT, 1 + i / 30).left for i in range(1, 150)]
    goal = portrait_part(PICTURE, face(660, 300, 200), UPRIGHT).left
    steps = np.diff([begin.left, begin.left, *places])
    assert (steps >= -1e-6).all() and places[-1] == pytest.approx(goal, abs=1)
    assert steps.max() < 0.06 * 100, "no leap"
    assert np.abs(np.diff(steps)).max() < 0.02 * 100, "it starts and ends softly"
    assert places[12] < goal - 10 < places[60]


def test_a_small_movement_does_not_move_it() -> None:
    framing = Framing()
    first = framing.part(PICTURE, face(640, 300, 200), UPRIGHT, 0.0)
    for i in range(1, 60):
        sway = 15 * np.sin(i / 5)
        assert framing.part(PICTURE, face(640 + sway, 300 + sway, 200), UPRIGHT, i / 30) == first


def test_the_first_face_is_framed_at_once_and_a_missed_one_moves_nothing() -> None:
    framing = Framing()
    framing.part(PICTURE, None, UPRIGHT, 0.0)
    seen = framing.part(PICTURE, face(300, 300, 200), UPRIGHT, 0.1)
    assert seen == portrait_part(PICTURE, face(300, 300, 200), UPRIGHT)
    assert framing.part(PICTURE, None, UPRIGHT, 0.1 + PATIENCE / 2) == seen
    for i in range(200):
        gone = framing.part(PICTURE, None, UPRIGHT, PATIENCE + 1 + i / 30)
    assert gone.left == pytest.approx(portrait_part(PICTURE, None, UPRIGHT).left, abs=1), "back to the middle"


def test_somebody_fast_stays_in_it_whole() -> None:
    framing = Framing()
    for i in range(60):
        x = 300 + min(max(i - 20, 0) * 60, 600)  # 1800 pixels a second
        part = framing.part(PICTURE, face(x, 300, 200), UPRIGHT, i / 30)
        assert part.left <= x - 80 and x + 80 <= part.left + part.width


def test_a_picture_that_was_frozen_does_not_make_it_leap() -> None:
    framing = Framing()
    before = framing.part(PICTURE, face(500, 300, 200), UPRIGHT, 0.0)
    after = framing.part(PICTURE, face(600, 300, 200), UPRIGHT, 60.0)
    assert abs(after.left - before.left) < 25


def test_another_person_begins_anew() -> None:
    framing = Framing()
    framing.part(PICTURE, face(300, 300, 200), UPRIGHT, 0.0)
    framing.forget()
    assert framing.part(PICTURE, None, UPRIGHT, 0.1) == portrait_part(PICTURE, None, UPRIGHT)


def drawn(image: np.ndarray, laid: Laid, screen: tuple[int, int]) -> np.ndarray:
    surface = pygame.Surface(screen, 0, 32)
    draw_picture(surface, image, laid)
    return pygame.surfarray.array3d(surface).transpose(1, 0, 2)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("left", [0.0, 37.25, 100.6])
def test_a_part_fills_the_screen_to_within_a_pixel(left: float, mirrored: bool) -> None:
    """A ramp over the picture tells which column is where."""
    image = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 90, 0).repeat(3, 2)
    part = Part(left, 0.0, 45.0, 90.0)
    shown = drawn(image, lay_out((256, 90), part, (180, 360), mirrored), (180, 360)).astype(float)
    wanted = left + (np.arange(180) + 0.5) / 4 - 0.5
    wanted = wanted[::-1] if mirrored else wanted
    assert shown.min() > 0 or left == 0, "no border"
    assert np.abs(shown[:, 4:-4, 0] - wanted[4:-4]).max() <= 0.8


def test_it_glides_by_single_pixels_of_the_screen() -> None:
    image = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 90, 0).repeat(3, 2)
    middle = [
        float(drawn(image, lay_out((256, 90), Part(20 + i / 4, 0.0, 45.0, 90.0), (180, 360), False),
                    (180, 360))[100, 60:120].mean())
        for i in range(9)
    ]  # fmt: skip
    steps = np.diff(middle)
    assert steps.min() > 0.1 and steps.max() < 0.4, "by a quarter of a column of the picture each time"


@pytest.mark.parametrize("mirrored", [False, True])
def test_what_is_laid_over_a_part_lies_on_it(mirrored: bool) -> None:
    image = RNG.integers(0, 256, (90, 256, 3), dtype=np.uint8)
    laid = lay_out((256, 90), Part(60.4, 0.0, 45.0, 90.0), (180, 360), mirrored)
    whole = drawn(image, laid, (180, 360))
    screen = pygame.Surface((180, 360), 0, 32)
    draw_part(screen, image, laid, 0, 77)
    part = pygame.surfarray.array3d(screen).transpose(1, 0, 2)
    assert not part[:, 77:].any()
    assert np.abs(part[:, 2:75].astype(int) - whole[:, 2:75]).mean() < 12, "the same, to part of a pixel"
    spot = laid.on_screen((70.4, 10.0, 80.4, 30.0))
    assert spot.size == (40, 80) and spot.top == 40
    assert spot.left == (180 - 40 - 40 if mirrored else 40)


def test_the_head_of_a_picture_is_face_and_hair() -> None:
    frame = Frame(np.zeros((720, 1280, 3), np.uint8), 0, 0.0)
    seen = face(640, 360, 200)
    transform = HeadTransform(640, 360, 512, 0.0)
    cover = np.zeros((256, 256), np.float32)
    cover[16:200, 40:216] = 1
    layer = Layer(np.zeros((256, 256, 3), np.uint8), cover, cover, cover)
    shape = face_shape(seen, transform)
    painting = painting_of(layer, shape, transform, frame.size)
    laid = LaidPainting(painting, painting.sheet, shape, transform, 1.0, Plate())
    box = Shown(frame, frame.image, seen, laid, transform, 1.0).head_box
    assert box is not None
    left, top, right, bottom = box
    at = transform.to_frame(np.array([[40 / 256, 16 / 256], [216 / 256, 200 / 256]]))
    assert np.abs(np.array([left, top, right, bottom]) - at.ravel()).max() < 20
    bare = Shown(frame, frame.image, seen).head_box
    assert bare == pytest.approx((560, 260, 720, 460))
    assert Shown(frame, frame.image).head_box is None


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_picture_of_several_styles_fills_an_upright_screen_cell_by_cell(mirrored: bool) -> None:
    image = np.zeros((90, 160, 3), np.uint8)
    colours = RNG.integers(60, 256, (2, 2, 3), dtype=np.uint8)
    for row in range(2):
        for column in range(2):
            image[row * 45 : row * 45 + 45, column * 80 + 25 : column * 80 + 55] = colours[row, column]
    screen = pygame.Surface((100, 130), 0, 32)
    laid = draw_mosaic(screen, image, 2, mirrored)
    shown = pygame.surfarray.array3d(screen).transpose(1, 0, 2)
    assert laid.where == screen.get_rect()
    for row in range(2):
        for column in range(2):
            cell = shown[row * 65 + 4 : row * 65 + 61, column * 50 + 8 : column * 50 + 42].astype(int)
            wanted = colours[row, 1 - column if mirrored else column]
            assert np.abs(cell - wanted).max() <= 1, "the middle of each, where a head is"
    tall = pygame.Surface((100, 300), 0, 32)
    where = draw_mosaic(tall, image, 2, mirrored).where
    assert where.width == 100 and where.height == round(100 / NARROWEST) and where.centery == 150
