"""The latent lab without its window: components, looks, the way to the head, code files, the data set."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pygame
import pytest

from mirror.app.lab import open_pictures
from mirror.app.lab.code_file import list_codes
from mirror.app.lab.encoding_thread import FACELESS, READ, Reader
from mirror.app.lab.interpolation import LEG, Between
from mirror.app.lab.latent_point import Look
from mirror.app.lab.latent_to_hair import Wearer, code_of
from mirror.app.lab.panel import _NAMES
from mirror.app.lab.principal_components import Components
from mirror.app.lab.session import NOW, OWN, Session
from mirror.app.lab.similarity import faces_apart, hair_apart
from mirror.app.lab.style_map import NEAR
from mirror.app.lab.widget_board import TEXT, Board, Note
from mirror.app.screen.design import INK, SMALL, px
from mirror.app.screen.typeface import fitted, said, speak, text
from mirror.engines import ENGINES_FOLDER
from mirror.engines.manifest import open_file
from mirror.hair.styles.book import StyleBook
from mirror.pipeline.mirror import Mirror
from mirror.translation.catalogue import Words

RNG = np.random.default_rng(3)


@pytest.fixture(scope="module")
def book() -> StyleBook:
    return StyleBook.load(open_file("stylebook", ENGINES_FOLDER))


@pytest.fixture(scope="module")
def components(book: StyleBook) -> Components:
    return Components(book.prior_mean, book.prior_factor)


@pytest.fixture
def folder(tmp_path: Path, portrait: np.ndarray) -> Path:
    """Two photographs of one person, tinted otherwise, and one of nobody."""
    nobody = np.full((90, 120, 3), 80, np.uint8)
    for name, image in (("1.png", portrait), ("2.jpg", portrait[:, ::-1] // 2), ("3.png", nobody)):
        cv2.imwrite(str(tmp_path / name), image[..., ::-1])
    return tmp_path


def until(seen: Callable[[], Any], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.02)


def test_components_are_orthonormal_in_the_priors_metric(book: StyleBook, components: Components) -> None:
    factor = book.prior_factor.astype(np.float64)
    inverse = np.linalg.inv(factor @ factor.T)
    gram = components.directions @ inverse @ components.directions.T
    assert np.allclose(gram, np.eye(len(components)), atol=1e-6)
    assert (np.diff(components.deviations) <= 0).all(), "the largest first"


def test_draws_have_independent_coordinates_of_deviation_one(book: StyleBook, components: Components) -> None:
    draws = [components.coordinates(book.sample(RNG)) for _ in range(3000)]
    assert np.allclose(np.cov(np.array(draws).T)[:16, :16], np.eye(16), atol=0.12)


def test_sliders_and_back_is_the_same_code(book: StyleBook, components: Components) -> None:
    for style in book.styles:
        z = style.code.z.astype(np.float64)
        assert np.allclose(components.code(components.coordinates(z)), z, atol=1e-9)


def test_a_slider_moves_its_own_coordinate_only(book: StyleBook, components: Components) -> None:
    look = Look.at(book[40].code, "x")
    before, after = components.coordinates(look.z), components.coordinates(look.along(components, 5, 2.5).z)
    assert after[5] == pytest.approx(2.5)
    assert np.allclose(np.delete(after, 5), np.delete(before, 5), atol=1e-6)


def test_an_axis_goes_where_the_book_says_and_back(book: StyleBook) -> None:
    look = Look.at(book[40].code, "x")
    longer = look.stepped("length", book.axes["length"], 2.0)
    assert np.allclose(longer.z, book.moved(look.z, {"length": 2.0}), atol=1e-5)
    back = longer.stepped("length", book.axes["length"], 0.0)
    assert np.allclose(back.z, look.z) and back.steps["length"] == 0


def test_inverting_twice_is_where_it_began(book: StyleBook, components: Components) -> None:
    look = Look.at(book[40].code, "bob").stepped("length", book.axes["length"], 1.0)
    once = look.inverted(components)
    assert np.allclose(components.coordinates(once.z), -components.coordinates(look.z), atol=1e-6)
    assert once.steps["length"] == -1 and once.name != look.name
    twice = once.inverted(components)
    assert np.allclose(twice.z, look.z, atol=1e-12) and twice.name == look.name and twice.steps == look.steps
    mean = Look.mean(components)
    assert np.allclose(mean.inverted(components).z, mean.z)


def test_a_look_at_known_hair_is_that_hair_and_leaves_it_without_a_jump(
    loaded: Mirror, components: Components
) -> None:
    book, engine = loaded.book, loaded.engines["shape"]
    look = Look.at(book.find("bob").code, "bob")
    code = code_of(look, book, components, engine)
    assert all(
        np.array_equal(getattr(code, part), getattr(book.find("bob").code, part))
        for part in ("z", "detail", "coarse", "shape", "tint")
    )
    ways = [0.02, 1.0, 2.0, 4.0]
    here = components.coordinates(look.z)[0]
    apart = []
    for by in ways:
        moved = code_of(look.along(components, 0, here + by), book, components, engine)
        apart.append(float(np.abs(moved.fitted(code.shape).coarse - code.coarse).mean()))
    assert apart[0] < 0.002 and apart[0] < apart[1] < apart[2]
    bare = code_of(Look(look.z, "x", look.anchor, 0.0), book, components, engine)
    assert not bare.detail.any(), "no strands where none are asked for"


@pytest.mark.parametrize("name", ["bob", "locs"])
def test_much_volume_is_one_head_of_hair(
    mirror: Mirror, portrait: np.ndarray, book: StyleBook, components: Components, name: str
) -> None:
    """Where the outline grows, strands grow along: no rim hangs in the air around the hair."""
    look = Look.at(book.find(name).code, name).stepped("volume", book.axes["volume"], 2.8)
    try:
        mirror.styling.wear(code_of(look, book, components, mirror.engines["shape"]), name)
        hair = (mirror.matte(mirror.apply(portrait)) > 0.5).astype(np.uint8)
    finally:
        mirror.styling.choose("bob")
    _, _, pieces, _ = cv2.connectedComponentsWithStats(hair)
    assert pieces[1:, cv2.CC_STAT_AREA].max() > 0.98 * hair.sum()


@pytest.mark.parametrize("unit", [0.75, 1.0, 2.0])
@pytest.mark.parametrize(
    ("wide", "high", "words"),
    [
        (194, 42, "A: opposite of Norwood III short, changed"),
        (
            404,
            120,
            "None is kept in /home/somebody with a long name/On the large disk/Hair Mirror yet.",
        ),
        (404, 26, "12345 of 70000: photograph of somebody in front of a house.jpg"),
    ],
)
def test_long_words_of_the_lab_are_told_whole(unit: float, wide: int, high: int, words: str) -> None:
    where = pygame.Rect(0, 0, round(unit * wide), round(unit * high))
    drawn = Note(where, INK, words).drawn(unit)
    assert drawn.get_width() <= where.width and drawn.get_height() <= where.height
    short = Note(where, INK, "A: bob").drawn(unit)
    assert short.get_height() >= 0.9 * text("A: bob", px(unit, TEXT)).get_height(), (
        "what is short is not small"
    )


def test_between_two_ends(book: StyleBook) -> None:
    a, b = book.find("bob"), book.find("afro")
    between = Between((a.name, a.code), (b.name, b.code))
    assert between.at(0.0) is a.code and between.at(1.0) is b.code
    half = between.at(0.5)
    assert np.allclose(half.z, (a.code.z + b.code.z) / 2, atol=1e-5)
    assert a.code.coarse.sum() < half.coarse.sum() < b.code.fitted(a.code.shape).coarse.sum()
    between.play()
    assert between.played(7.0) == pytest.approx(0.5), "it begins where it stands"
    assert between.played(7.0 + LEG / 2) == pytest.approx(1.0)
    assert between.played(7.0 + 1.5 * LEG) == pytest.approx(0.0)


def test_distances_say_who_is_alike(book: StyleBook, components: Components) -> None:
    codes = np.array([style.code.z for style in book.styles])
    apart = hair_apart(components, codes[7], codes)
    assert apart[7] == 0 and np.delete(apart, 7).min() > 0 and 0.3 < np.median(apart) < 3
    draws = np.array([book.sample(RNG) for _ in range(400)])
    usual = np.sqrt(np.square(hair_apart(components, draws[0] * 0 + book.prior_mean, draws)).mean())
    assert usual == pytest.approx(np.sqrt(0.5), rel=0.1), "two draws are 1 apart, a draw and the mean 0.71"
    shapes = np.array([style.code.shape for style in book.styles])
    turned = shapes[3].copy()
    assert faces_apart(shapes[3], shapes)[3] == 0
    turned[:72] *= 1.05
    assert 0.01 < faces_apart(shapes[3], turned[None])[0] < 0.3


class Stage:
    """A session whose live mirror dresses nobody: what the dress thread would do is done at once."""

    def __init__(self, mirror: Mirror, folder: Path, pictures: Any, image: np.ndarray) -> None:
        components = Components(mirror.book.prior_mean, mirror.book.prior_factor)
        wearer = Wearer(lambda command: command(mirror, 0.0), components)
        self.mirror = mirror
        self.reader = Reader(lambda: Mirror(engine="auto"), pictures)
        self.session = Session(
            mirror, wearer, self.reader, pictures, lambda: image, folder, seed=1
        )  # fmt: skip


@pytest.fixture
def stage(mirror: Mirror, folder: Path, portrait: np.ndarray) -> Iterator[Stage]:
    made = Stage(mirror, folder / "kept", open_pictures(folder), portrait)
    yield made
    made.reader.close()
    mirror.styling.choose_dye("none")


def test_a_visit_to_the_lab(stage: Stage) -> None:
    session, styling = stage.session, stage.mirror.styling
    bob = session.look
    session.keep()
    session.set_axis("length", 1.5)
    assert styling.name == "bob, changed" and np.allclose(styling.settled().z, session.look.z, atol=1e-6)
    session.randomise()
    session.tick(0.0)
    assert styling.name == "random 1" and session.look.anchor is None
    drawn = session.look
    session.beside()
    session.tick(0.0)

    def away(z: np.ndarray) -> float:
        return min(session.components.apart(style.code.z, z) for style in session.book.styles)

    assert styling.name == "random 2" and 0 < away(session.look.z) < away(drawn.z), "it is nearer to the book"
    session.undo()
    session.invert()
    assert np.allclose(styling.settled().z, drawn.inverted(session.components).z, atol=1e-6)
    session.reset()
    assert np.allclose(styling.settled().z, session.book.prior_mean, atol=1e-6)
    for _ in range(4):
        session.undo()
    session.tick(0.0)
    assert session.look is bob
    session.undo()
    assert session.look is bob, "there is nothing before it"
    session.reach = 0.0
    session.randomise()
    assert np.allclose(session.look.z, session.book.prior_mean), "no deviation is the mean"
    styling.pick(3)  # a thumbnail of the strip
    session.tick(0.0)
    assert session.look.name == session.book.names[3]
    session.save()
    session.tick(0.0)
    (kept,) = list_codes(session.folder)
    session.reset()
    session.load(kept)
    assert session.look.name == session.book.names[3]
    kept.write_bytes(b"broken")
    session.load(kept)
    assert "cannot be read" in session.said and session.look.name == session.book.names[3]


def test_walking_on_the_map(stage: Stage) -> None:
    session, styling = stage.session, stage.mirror.styling
    bob = session.book.index("bob")
    assert session.here == tuple(session.styles.places[bob]), "what is on, however it came"
    number = session.book.index("afro")
    session.keep()
    session.walk(*session.styles.places[number])
    session.tick(0.0)
    assert styling.number == number and styling.grown is not None and session.look.name == "afro"
    look = session.look
    session.walk(*(session.styles.places[number] + 0.01))
    assert session.look is look, "still on the same picture"
    x, y = session.styles.places[number] + (NEAR * 1.05, 0)
    session.walk(x, y)
    session.tick(0.0)
    assert styling.number is None and session.look.name.startswith("afro to ") and session.here == (x, y)
    session.step_on_map(1)
    assert styling.number is not None and session.here is not None and session.here[0] > x
    session.undo()
    session.tick(0.0)
    assert session.look.name.startswith("afro to ")


def test_a_look_goes_as_text(stage: Stage) -> None:
    session = stage.session
    session.randomise()
    session.tick(0.0)
    sent = session.look
    line = session.share_text()
    session.reset()
    session.wear_text(line)
    assert session.components.apart(session.look.z, sent.z) < 0.5 and session.said == ""
    session.wear_text("long waves")
    assert "no hair as text" in session.said


def test_what_was_shared_or_saved_comes_back_grown_and_dyed(stage: Stage) -> None:
    """A blond bob came back as a painted brown one."""
    session, styling = stage.session, stage.mirror.styling
    styling.choose("blond bob")
    styling.choose_dye("copper")
    session.tick(0.0)
    number, line = styling.number, session.share_text()
    session.save()
    session.tick(0.0)
    (kept,) = list_codes(session.folder)
    ways: tuple[Callable[[], None], ...] = (lambda: session.wear_text(line), lambda: session.load(kept))
    for again in ways:
        styling.choose_dye("rose")
        session.randomise()
        session.tick(0.0)
        assert styling.grown is None
        again()
        session.tick(0.0)
        assert styling.number == number and styling.grown is not None and styling.dye_name == "copper"
        session.undo()
        assert styling.name.startswith("random") and styling.dye_name == "rose", "undo gives the dye back too"


def test_a_grown_style_that_is_changed_keeps_its_shade(stage: Stage) -> None:
    """What is painted in its place is another style's, and brown."""
    session, styling = stage.session, stage.mirror.styling
    styling.choose("platinum bob")
    session.tick(0.0)
    session.set_axis("length", 1.0)
    assert styling.grown is None and styling.settled().dye == session.book.find("platinum bob").shade


def test_undo_goes_back_to_the_grown_style(stage: Stage) -> None:
    session, styling = stage.session, stage.mirror.styling
    styling.choose("blond bob")
    session.tick(0.0)
    session.randomise()
    session.undo()
    assert styling.name == "blond bob" and styling.grown is not None


@pytest.mark.parametrize("language", ["en", "de", "ja", "ar"])
def test_the_tabs_of_the_lab_have_one_size_of_type(language: str) -> None:
    speak(Words(language))
    try:
        board = Board((1280, 720), 840, 1.0, lambda: None)
        board.row(154, 30, _NAMES, lambda name: None, "Axes")
        rects = [pygame.Rect(button.rect) for button in board._buttons]
        assert len(set(board._sizes.values())) == 1, "one size"
        (size,) = set(board._sizes.values())
        assert size > 9, "which can be read"
        for rect, (words, _) in zip(rects, board._buttons.values(), strict=True):
            assert fitted(words, px(1.0, size), rect.width - 2 * px(1.0, SMALL)) == (said(words), size)
            assert board.left <= rect.left and rect.right <= board.left + board.width
        ordered = sorted(rects, key=lambda rect: rect.left)
        assert all(one.right < other.left for one, other in pairwise(ordered))
    finally:
        speak(Words("en"))


def test_reading_people(stage: Stage) -> None:
    session, reader = stage.session, stage.reader
    session.show(-1)
    assert session.number == 2, "round the ends"
    until(lambda: session.tick(0.0) or session.reading, "the picture of nobody")
    assert (
        session.reading is not None and session.reading.code is None and "no face" in session.reading.problem
    )
    session.wear_shown()
    assert session.look.name == "bob", "nobody's hair is not put on"
    session.show(0)
    until(lambda: session.tick(0.0) or session.reading, "the first picture")
    painted = session.reading.painted
    assert painted is not None and painted.shape == session.reading.picture.shape
    assert np.abs(painted.astype(int) - session.reading.picture).mean() < 30
    session.wear_shown()
    assert stage.mirror.styling.name == "1.png"
    until(lambda: reader.done == 3, "the whole data set")
    assert reader.states.tolist() == [READ, READ, FACELESS]
    session.find_similar()
    until(lambda: session.tick(0.0) or session.matches, "who is alike")
    assert session.matches["hair"].number == 0 and session.matches["hair"].apart < 0.05
    assert session.matches["face"].number == 0 and session.matches["face"].apart < 0.02
    session.set_end("A", NOW)
    session.tick(0.0)
    session.set_end("B", OWN)
    until(lambda: session.tick(0.0) or session.between.end("B") == "your own hair", "the own hair")
    session.stop_between(0.5)
    assert stage.mirror.styling.name == "1.png to your own hair, 50%"
    session.set_end("B", "afro")
    session.stop_between(1.0)
    assert stage.mirror.styling.name == "afro"
