"""The colour that a person's hair had, from drawn heads of which more or less is seen."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.core.face_lighting import measure
from mirror.core.head_crop import SIDE, Head
from mirror.core.head_space import fill_polygon, oval_of
from mirror.hair.loss.hair_loss import FULL, WHICH
from mirror.hair.loss.natural_colour import NATURAL, _shorn, own_shade, own_tones, signs
from mirror.hair.painting.subject import Subject
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.person import Dresser
from mirror.removal.skull_shape import Skull
from mirror.segmentation.matting import Mattes
from tests.oval import oval_shape

SKIN = (0.78, 0.58, 0.48)
DARK, FAIR, GREY, WHITE = (0.1, 0.08, 0.07), (0.62, 0.5, 0.32), (0.55, 0.55, 0.56), (0.93, 0.93, 0.93)
RNG = np.random.default_rng(0)
Colour = tuple[float, float, float]


def bald_head(
    sides: Colour | None = None,
    stubble: Colour | None = None,
    brows: Colour | None = None,
    beard: Colour | None = None,
) -> tuple[Head, np.ndarray]:
    """A face with a bare skull before a blue wall, and what hair it has; and the matte of that."""
    shape = oval_shape()
    oval = oval_of(shape)
    face = fill_polygon(oval, SIDE)
    skull = Skull.of(shape).alpha(SIDE)
    picture = np.full((SIDE, SIDE, 3), (0.3, 0.4, 0.6), np.float32)
    picture[(skull > 0.5) | (face > 0)] = SKIN
    inner = fill_polygon(np.array([(0.39, 0.44), (0.61, 0.44), (0.58, 0.64), (0.42, 0.64)]), SIDE)
    matte = np.zeros((SIDE, SIDE), np.float32)
    if sides is not None:
        for left in (75, 166):
            picture[85:130, left : left + 15] = sides
            matte[85:130, left : left + 15] = 1
    if stubble is not None:
        on = (skull > 0.5) & (np.arange(SIDE)[:, None] < 80)
        picture[on] = 0.6 * np.array(stubble) + 0.4 * np.array(SKIN)
    lines = np.zeros((2, 10, 2), np.float32)
    for number, middle in enumerate((0.42, 0.58)):
        across = np.linspace(middle - 0.05, middle + 0.05, 5)
        lines[number] = np.concatenate([np.stack([across, across * 0 + y], 1) for y in (0.385, 0.41)])
    if brows is not None:
        for one in lines:
            drawn = fill_polygon(np.concatenate([one[:5], one[:4:-1]]), SIDE)
            picture[drawn > 127] = brows
    if beard is not None:
        picture[(face > 0) & (np.arange(SIDE)[:, None] > 0.645 * SIDE)] = beard
    picture += RNG.normal(0, 0.004, picture.shape).astype(np.float32)
    image = np.ascontiguousarray(np.clip(picture, 0, 1).transpose(2, 0, 1))[None]
    whole = np.full((SIDE, SIDE), 255, np.uint8)
    return Head(image, face, inner, whole, shape, lines), matte


def lab(colour: Colour) -> np.ndarray:
    return cv2.cvtColor(np.array([[colour]], np.float32), cv2.COLOR_RGB2Lab)[0, 0]


@pytest.mark.parametrize("colour", [DARK, FAIR, GREY])
def test_hair_at_the_sides_says_its_own_colour_whatever_the_brows_are(colour: Colour) -> None:
    shade = own_shade(*bald_head(sides=colour, brows=DARK))
    assert shade is not None
    assert np.linalg.norm(np.array((shade.light, shade.a, shade.b)) - lab(colour)) < 4


def test_a_bald_man_with_dark_beard_and_stubble_gets_dark_hair() -> None:
    head, matte = bald_head(stubble=DARK, brows=DARK, beard=DARK)
    # A matte that takes the shine on his crown for hair must not make him white.
    matte[40:60, 110:146] = 1
    head.image[0, :, 40:60, 110:146] = np.array(SKIN, np.float32)[:, None, None] * 1.15
    shade = own_shade(head, matte)
    assert shade is not None and shade.light < 30


@pytest.mark.parametrize("seen", [{"stubble": DARK}, {"brows": DARK}, {"beard": DARK}, {"beard": WHITE}])
def test_each_sign_alone_says_it(seen: dict[str, Colour]) -> None:
    shade = own_shade(*bald_head(**seen))
    (colour,) = seen.values()
    assert shade is not None
    assert (shade.light > 80) if colour is WHITE else (shade.light < 40)


def test_it_is_never_lighter_than_all_that_says_it() -> None:
    for seen in (
        {"sides": GREY, "beard": DARK},
        {"brows": DARK, "beard": WHITE},
        {"sides": DARK, "beard": GREY},
    ):
        head, matte = bald_head(**seen)
        lights = [float(sign.lab[0]) for sign in signs(head, matte) if sign.sure > 0]
        shade = own_shade(head, matte)
        assert shade is not None and min(lights) - 1e-3 <= shade.light <= max(lights) + 1e-3


def test_where_nothing_says_it_nobody_guesses() -> None:
    assert own_shade(*bald_head()) is None
    head, matte = bald_head()
    assert own_shade(replace(head, image=np.zeros_like(head.image), face=head.face * 0), matte) is None


DARK_SKIN = (0.42, 0.29, 0.23)


@pytest.mark.parametrize(
    ("hair", "rows", "skin", "shorn"),
    [
        ((0.33, 0.22, 0.17), 12, DARK_SKIN, True),
        ((0.33, 0.22, 0.17), 90, DARK_SKIN, False),
        ((0.05, 0.04, 0.04), 12, DARK_SKIN, False),
        ((0.65, 0.66, 0.7), 12, DARK_SKIN, False),
        ((0.6, 0.45, 0.36), 12, (0.8, 0.6, 0.5), False),
    ],
    ids=["scalp shines through", "much hair", "black hair", "grey hair", "fair skin"],
)
def test_shorn_hair_is_told_by_the_scalp_in_its_colour(
    hair: Colour, rows: int, skin: Colour, shorn: bool
) -> None:
    tone = np.full((SIDE, SIDE, 3), skin, np.float32)
    matte = np.zeros((SIDE, SIDE), np.float32)
    matte[30 : 30 + rows, 40:210] = 1
    assert _shorn(lab(hair), lab((0.1, 0.07, 0.06)), tone, matte) == shorn


def test_shorn_hair_has_no_tones_and_takes_the_brows_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    head, matte = bald_head(sides=FAIR, brows=DARK)
    assert own_tones(head, matte) is not None
    before = own_shade(head, matte)
    monkeypatch.setattr("mirror.hair.loss.natural_colour._shorn", lambda *_: True)
    assert own_tones(head, matte) is None
    after = own_shade(head, matte)
    assert before is not None and after is not None and after.light < before.light - 10


@pytest.fixture
def dresser(mirror: Mirror) -> Dresser:
    return mirror._stream.new_dresser()


def grown(dresser: Dresser, head: Head, matte: np.ndarray) -> np.ndarray:
    """The median colour of the hair that grows on a drawn head, CIE Lab; all nan where none does."""
    person = np.maximum(Skull.of(head.shape).alpha(SIDE), head.face / np.float32(255))
    mattes = Mattes(matte, person.astype(np.float32), np.zeros_like(matte))
    dresser.loss._present = 5.0
    layer, _, _ = dresser.loss.paint(
        dresser.swap, Subject.of(head, mattes, measure(head, matte)), dresser.own
    )
    assert layer.hair is not None
    hair = layer.hair[layer.new > 0.8].astype(np.float32) / 255
    return (
        np.full(3, np.nan) if len(hair) < 50 else np.median(cv2.cvtColor(hair[None], cv2.COLOR_RGB2Lab)[0], 0)
    )


@pytest.mark.parametrize("colour", [DARK, FAIR, GREY])
def test_what_grows_has_the_colour_of_the_sides_as_it_is_seen(dresser: Dresser, colour: Colour) -> None:
    dresser.loss.set(1.0)
    assert np.linalg.norm(grown(dresser, *bald_head(sides=colour)) - lab(colour)) < 9


def test_without_any_sign_it_asks_and_takes_the_answer(dresser: Dresser) -> None:
    loss, (head, matte) = dresser.loss, bald_head()
    loss.set(1.0)
    assert np.isnan(grown(dresser, head, matte)).all(), "nothing grows before"
    assert loss.asks and loss.choices == NATURAL and loss.words(1.0) == WHICH and loss.words(-1.0) == "bald"
    before = loss.worn
    with pytest.raises(MirrorError, match="silver"):
        loss.choose("grass")
    loss.choose("chestnut")
    assert loss.worn[0] is not before[0] and not loss.asks and loss.words(1.0) == FULL
    assert loss.shade == "chestnut" and loss.choices == NATURAL, "and another can be chosen"
    colour = grown(dresser, head, matte)
    assert 15 < colour[0] < 42 and colour[2] > 6
    loss.reset()
    assert loss.choices == () and loss.shade is None
