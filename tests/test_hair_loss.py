"""Hair loss and regrowth on a person who is there: what is taken, what stays, and what it is called."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import cv2
import numpy as np
import pytest

from mirror.core.face import FACE_OVAL, Face
from mirror.core.frame import Frame
from mirror.core.head_crop import Head, look_at
from mirror.core.head_space import HeadTransform, face_shape
from mirror.core.layer import Layer
from mirror.hair.loss import hair_loss
from mirror.hair.loss.hair_loss import FULL, TODAY, HairLoss
from mirror.hair.loss.hairline_stages import skull_places
from mirror.hair.loss.natural_colour import own_shade
from mirror.hair.loss.out_of_sight import BOW
from mirror.hair.loss.present_hair import present_stage
from mirror.hair.loss.scalp_zones import ZONES
from mirror.hair.loss.thinning import combed, fuller
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.dye import Dye, find
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown
from tests.train_tiny import SQUARE, some_face

clock = count(1)


def shown(mirror: Mirror, picture: np.ndarray, frames: int = 14) -> Shown:
    """The last of some frames of a person who stands still."""
    for _ in range(frames):
        number = next(clock)
        out = mirror.process(Frame(picture, number, number / 30))
    return out


def leave(mirror: Mirror, picture: np.ndarray) -> None:
    """Nobody is there for so long that whoever was is forgotten."""
    first = next(clock)
    for _ in range(60):
        number = next(clock)
    mirror.process(Frame(np.full_like(picture, 90), first, first / 30))
    mirror.process(Frame(np.full_like(picture, 90), number, number / 30))


def changed(before: np.ndarray, after: np.ndarray) -> float:
    return float((np.abs(before.astype(int) - after).max(2) > 24).mean())


def test_further_down_more_hair_is_gone_and_what_is_left_is_the_cameras(
    mirror: Mirror, portrait: np.ndarray
) -> None:
    hair = mirror.matte(portrait)
    assert hair is not None
    try:
        shares = []
        for amount in (0.0, -0.3, -0.6, -1.0):
            mirror.set_loss(amount)
            out = shown(mirror, portrait)
            shares.append(changed(portrait, out.image))
            if amount == -0.3:
                kept = (hair > 0.9) & (out.mattes()[0] == 0) & (out.mattes()[1] == 0)
                assert kept.sum() > 0.05 * (hair > 0.9).sum(), "hair is left at this stage"
                assert (out.image[kept] == portrait[kept]).all(), "and it is the camera's own, to the bit"
        assert shares[0] == 0 and shares[1] < shares[2] < shares[3]
        assert mirror.loss_words(-1.0) == "bald" and mirror.loss_words(0.0) == TODAY
    finally:
        mirror.set_loss(None)


def test_a_person_without_hair_gets_some_in_the_colour_of_the_brows(
    mirror: Mirror, portrait: np.ndarray
) -> None:
    try:
        mirror.set_loss(-1.0)
        bald = shown(mirror, portrait).image
        mirror.set_loss(0.0)
        nobody = next(clock)
        mirror.process(Frame(np.full_like(portrait, 90), nobody, nobody / 30))
        shown(mirror, bald, 3)
        # What the matte takes the ghost of her hair for is not the matter here.
        mirror._stream.dresser.loss._present = 7.0
        words = [mirror.loss_words(amount) for amount in (0.3, 0.6, 1.0)]
        assert words[-1] == FULL
        areas = []
        for amount in (0.3, 1.0):
            mirror.set_loss(amount)
            out = shown(mirror, bald)
            areas.append(float(out.mattes()[1].mean()))
        # Fair hair is not far from the colour of skin: that there is more of it, its matte says.
        assert changed(bald, out.image) > 0.004 and areas[1] > 1.2 * areas[0] > 0
    finally:
        mirror.set_loss(None)


def test_the_slider_stops_at_its_ends(mirror: Mirror) -> None:
    loss = HairLoss(mirror.book)
    loss.set(-7)
    assert loss.amount == -1
    before = loss.worn
    loss.set(2.0)
    assert loss.amount == 1 and loss.worn[0] is not before[0]
    loss.set(None)
    assert loss.amount is None


def test_how_far_it_has_gone_is_told_from_the_matte(mirror: Mirror) -> None:
    shape = mirror.book.face_shape
    full = mirror.book.find("crew cut").code.fitted(shape).coarse
    big = cv2.resize(full, (256, 256))
    body = np.ones((256, 256), np.float32)
    assert present_stage(np.zeros((256, 256), np.float32), shape, full, body) == 7
    assert present_stage(big, shape, full, body) <= 2
    sixth = cv2.resize(mirror.book.find("Norwood VI").code.fitted(shape).coarse, (256, 256))
    assert 2.5 <= present_stage(sixth, shape, full, body) <= 7


def test_the_top_that_sinks_away_as_a_face_looks_up_is_no_hair_that_is_missing(mirror: Mirror) -> None:
    shape = mirror.book.face_shape.copy()
    full = mirror.book.find("crew cut").code.fitted(shape).coarse
    aside = np.repeat(np.abs(skull_places(shape)[0]), 2)[None]
    rows = (np.arange(256)[:, None] + 0.5) / 256
    seen = rows > np.flatnonzero(full.max(1) > 0.5)[0] / len(full) + 0.08
    person = np.repeat(seen, 256, 1).astype(np.float32)

    def told(inner: float, low: float, pitch: float, body: np.ndarray) -> float:
        shape[2 * len(FACE_OVAL) + 1] = pitch / 30
        hair = seen & (rows < low) & (aside > inner) & (aside < 1.1)
        return present_stage(hair.astype(np.float32), shape, full, body)

    assert told(0.5, 0.5, -7.0, person) == told(0.5, 0.5, 20.0, person * 0 + 1) == 3.5
    assert told(0.5, 0.5, 20.0, person) == 0, "the same hair on a head whose top is not seen"
    assert told(0.9, 0.42, -7.0, person) == 7 > told(0.9, 0.42, 20.0, person), "little is seen of any hair"


def looking(monkeypatch: pytest.MonkeyPatch, pitch: float) -> None:
    """Every face that is found looks up by so many degrees."""
    monkeypatch.setattr(Face, "pose", property(lambda face: (0.0, pitch, 0.0)))


def test_loss_shows_on_a_face_that_looks_up_and_styles_do_not(
    mirror: Mirror, portrait: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking(monkeypatch, 36.0)
    try:
        leave(mirror, portrait)
        assert changed(portrait, shown(mirror, portrait).image) == 0, "no network has learnt such a head"
        for plan in ((-0.5, (0.0, 0.0)), (0.0, (-1.0, 0.0)), (0.0, (0.0, -1.0))):
            mirror.set_loss(plan[0])
            for zone, density in zip(ZONES, plan[1], strict=False):
                mirror.set_loss_zone(zone, density)
            assert changed(portrait, shown(mirror, portrait).image) > 0.002, plan
            mirror.clear_loss_plan()
        mirror.set_loss(1.0)
        assert shown(mirror, portrait, 30).strength == 0, "painted hair is not believed there"
    finally:
        mirror.clear_loss_plan()
        mirror.set_loss(None)


def test_who_cannot_see_what_goes_is_told_to_bow_the_head(
    mirror: Mirror, portrait: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        for pitch, zone, said in ((30.0, 3, BOW), (30.0, 0, ""), (-7.0, 3, "")):
            looking(monkeypatch, pitch)
            leave(mirror, portrait)
            mirror.set_loss(0.0)
            mirror.set_loss_zone(ZONES[zone], -1.0)
            assert shown(mirror, portrait).advice == said, (pitch, ZONES[zone])
            mirror.clear_loss_plan()
        mirror.set_loss(-0.05)
        looking(monkeypatch, 30.0)
        assert shown(mirror, portrait).advice == "", "little goes, wherever one looks"
    finally:
        mirror.clear_loss_plan()
        mirror.set_loss(None)


def test_a_stage_told_while_a_face_looked_up_is_told_again(
    mirror: Mirror, portrait: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = iter((3.0, 0.0))
    monkeypatch.setattr(hair_loss, "present_stage", lambda *_: next(told))
    loss = mirror._stream.dresser.loss
    try:
        looking(monkeypatch, 30.0)
        leave(mirror, portrait)
        mirror.set_loss(-0.3)
        shown(mirror, portrait)
        assert loss._present == 3.0
        for pitch in (-7.0, 25.0):  # up again says nothing new
            looking(monkeypatch, pitch)
            shown(mirror, portrait)
            assert loss._present == 0.0
    finally:
        mirror.set_loss(None)


def test_a_high_straight_hairline_is_no_loss_and_bays_are() -> None:
    shape = face_shape(some_face(yaw=0.0), SQUARE)
    aside, up = skull_places(shape)

    def matte(temples: float) -> np.ndarray:
        line = 1.0 + temples * ((np.abs(aside) > 0.4) & (np.abs(aside) < 0.8))
        there = (up[:, None] > line[None]) & (np.abs(aside) < 1.1)[None]
        return cv2.resize(there.astype(np.float32), (256, 256), interpolation=cv2.INTER_LINEAR)

    low = ((up > 0.3)[:, None] & (np.abs(aside) < 1.1)[None]).astype(np.float32)
    full = cv2.resize(low, (64, 64), interpolation=cv2.INTER_AREA)
    stages = [present_stage(matte(temples), shape, full, np.ones((256, 256))) for temples in (-0.2, 0.0, 0.5)]
    assert stages[0] == stages[1] == 0 and stages[2] > 0


def test_a_book_without_those_names_still_shows_it(mirror: Mirror) -> None:
    book = mirror.book
    other = type(book)(
        [replace(style, name=f"style {i}") for i, style in enumerate(book.styles)],
        book.prior_mean, book.prior_factor, book.face_shape, book.axes,
    )  # fmt: skip
    loss = HairLoss(other)
    assert loss._stages[-1].coarse.mean() <= loss._stages[0].coarse.mean()


def test_thin_hair_is_uneven_full_and_none_are_not() -> None:
    side = np.full((64, 64), 0.5, np.float32)
    assert combed(side).std() > 0.1 and abs(float(combed(side).mean()) - 0.5) < 0.05
    assert (combed(side * 0) == 0).all() and (combed(side * 2) == 1).all()
    for share in (0.05, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9):
        assert float(combed(side * 0 + np.float32(share)).mean()) == pytest.approx(share, abs=0.04)
    few = combed(np.full((256, 256), 0.85, np.float32))
    assert (few < 0.5).mean() > 0.03, "single strands are left whole, not a haze of all of them"


def test_the_shade_is_that_of_the_hair_or_of_the_brows(mirror: Mirror, portrait: np.ndarray) -> None:
    face = mirror.find_face(portrait)
    assert face is not None
    head = look_at(portrait, face, HeadTransform.from_face(face))
    none = np.zeros((256, 256), np.float32)
    red = head.image.copy()
    red[0, :, 20:60, 60:200] = np.array([0.6, 0.1, 0.05], np.float32)[:, None, None]
    hair = none.copy()
    hair[20:60, 60:200] = 1
    dyed = own_shade(replace(head, image=red, inner=np.zeros_like(head.inner)), hair)
    assert dyed is not None and dyed.a > 30 and dyed.b > 20
    brows = own_shade(head, none)
    assert brows is not None and 8 <= brows.light < 60 and np.hypot(brows.a, brows.b) <= 13.01
    assert pytest.approx(7.0) == brows.spread


def test_a_colour_read_from_the_side_is_read_again_from_the_front(
    mirror: Mirror, portrait: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = mirror.find_face(portrait)
    assert face is not None
    front = look_at(portrait, face, HeadTransform.from_face(face))
    asked: list[float] = []

    def read(head: Head, matte: np.ndarray, lit: object) -> Dye:
        asked.append(float(head.shape[-3]))
        return find("black" if len(asked) == 1 else "chestnut")

    monkeypatch.setattr(hair_loss, "own_shade", read)
    loss, hair = HairLoss(mirror.book), np.zeros((256, 256), np.float32)
    for yaw in (1.4, 1.5, 0.0, 1.4, 0.1):
        shape = front.shape.copy()
        shape[-3] = yaw
        code = loss._grown(1.0, Subject(replace(front, shape=shape), hair))
        assert code is not None
    assert asked == pytest.approx([1.4, 0.0]), "twice: as soon as may be, and once from the front"
    assert code.dye is not None and code.dye.name == find("chestnut").name


def test_a_full_hairline_adds_nothing_to_a_full_head(mirror: Mirror, portrait: np.ndarray) -> None:
    try:
        leave(mirror, portrait)
        mirror.set_loss(1.0)
        out = shown(mirror, portrait)
        assert mirror.loss_words(1.0) == FULL
        assert changed(portrait, out.image) < 0.0005
        mirror._stream.dresser.loss._present = 0.0
        assert (shown(mirror, portrait).image == portrait).all()
    finally:
        mirror.set_loss(None)


def painted(alpha: np.ndarray) -> Layer:
    return Layer(np.zeros((256, 256, 3), np.uint8), alpha, alpha, alpha)


def test_what_grows_hangs_together_with_hair_or_lies_on_a_bald_head() -> None:
    everywhere = np.ones((128, 128), np.float32)
    hair, person, new = (np.zeros((256, 256), np.float32) for _ in range(3))
    person[40:, 60:196] = 1
    hair[40:80, 60:100] = 1
    new[10:70, 80:140] = 1  # from the hair on over the scalp, and out on the wall above it
    new[45:60, 160:180] = 1  # a clump apart
    out = fuller(painted(new), hair, person, everywhere).new
    assert out[50:65, 105:130].min() > 0.9, "on the scalp beside the hair"
    assert out[45:60, 160:180].max() < 0.05, "apart from it"
    assert out[:25].max() == 0 and out[34:40, 110:130].min() > 0.5, "as far up as short hair stands off"
    assert out[50:70, 60:95].max() == 0, "own hair stays"
    planned = fuller(painted(new), hair, person, everywhere, apart=True).new
    assert planned[48:57, 163:177].min() > 0.9, "unless it was drawn there"
    bald = fuller(painted(new), hair * 0, person, everywhere).new
    assert bald[48:57, 163:177].min() > 0.9, "without any hair beside it"
    assert fuller(painted(new), hair, person, everywhere * 0).new.max() == 0, "nothing was lost"


def test_what_grows_joins_the_hair_behind_it_and_lies_forwards() -> None:
    hair, person, new = (np.zeros((256, 256), np.float32) for _ in range(3))
    person[40:, 60:196], new[30:140, 60:196] = 1, 1
    hair[40:70, 60:196] = 1
    grows = np.zeros((128, 128), np.float32)
    grows[42:50, 40:52] = grows[42:50, 76:88] = 1  # at the temples, some way before the own hair
    layer = replace(painted(new), rgb=np.full((256, 256, 3), 90, np.uint8))
    out = fuller(layer, hair, person, grows)
    assert out.new[73:96, 84:100].min() > 0.8, "no bare skin between it and the hair behind"
    assert out.new[106:].max() < 0.05, "and nothing before the line"
    patch = out.rgb[80:100, 84:100, 0].astype(float)
    along, across = np.abs(np.diff(patch, axis=0)).mean(), np.abs(np.diff(patch, axis=1)).mean()
    assert across > 1.5 * along, "its strands lie forwards, not across the head"


def test_nothing_new_stands_on_hair_that_is_there() -> None:
    everywhere = np.ones((128, 128), np.float32)
    hair, person, new = (np.zeros((256, 256), np.float32) for _ in range(3))
    person[40:, 60:196], new[20:120, 60:196] = 1, 1
    hair[40:60, 60:196] = 1
    person[32:40, 120:136] = 1  # a tuft that the person's matte knows and the hair's does not
    out = fuller(painted(new), hair, person, everywhere, apart=True).new
    assert out[:38].max() < 0.05 and out[64:110, 70:180].min() > 0.8
    hair[40:60, 100:160] = 0  # a bare place between: there it stands as high as short hair does
    out = fuller(painted(new), hair, person, everywhere, apart=True).new
    assert out[34:40, 125:140].min() > 0.5 and out[:38, 60:75].max() < 0.05


def test_regrowth_leaves_what_is_there_to_the_bit(mirror: Mirror, portrait: np.ndarray) -> None:
    hair = mirror.matte(portrait)
    assert hair is not None
    try:
        leave(mirror, portrait)
        mirror.set_loss(0.0)
        shown(mirror, portrait, 2)
        mirror._stream.dresser.loss._present = 3.0
        mirror.set_loss(1.0)
        out = shown(mirror, portrait)
        rim = (out.mattes()[1] == 0) & (hair > 0.5)
        assert rim.sum() > 0.5 * (hair > 0.5).sum() and (out.image[rim] == portrait[rim]).all()
        assert out.mattes()[0].max() == 0, "nothing is taken away"
    finally:
        mirror.set_loss(None)
