"""Own thumbnails: nearest first, only while wanted, given up for a late picture, wiped with the person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mirror.app.own_tiles import OwnTiles, nearest_first
from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.pipeline.grown_still import GivenUp
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.own_thumbnails import BACK_OFF, EVERY
from mirror.sources.demo import DemoSource
from tests.tryon_fakes import Told, TryingMirror

STEP = 0.1  # seconds between two pictures


class Person:
    """Somebody before a mirror, picture by picture."""

    def __init__(self, mirror: Mirror) -> None:
        self.mirror, self.now, self.number = mirror, 0.0, 0
        self.image = DemoSource((640, 360), pace="max").image(0)

    def look(self, pictures: int, image: np.ndarray | None = None, step: float = STEP) -> None:
        for _ in range(pictures):
            self.now, self.number = self.now + step, self.number + 1
            shown = self.image if image is None else image
            self.mirror.process(Frame(shown, self.number, self.now))


@pytest.fixture(scope="module")
def loaded() -> Iterator[Mirror]:
    mirror = Mirror("bob", seed=3)
    yield mirror
    mirror.close()


@pytest.fixture
def person(loaded: Mirror) -> Person:
    loaded.forget()
    return Person(loaded)


def test_those_asked_for_are_made_in_their_order_and_no_others(person: Person) -> None:
    mirror, book = person.mirror, person.mirror.book
    person.look(12)
    assert mirror.own_thumbnails == {}, "nobody asked"
    painted = next(number for number, style in enumerate(book.styles) if style.grown is None)
    wanted = (book.index("pixie"), book.index("afro"), painted)
    assert book[wanted[0]].grown is not None, "grown and painted ones"
    mirror.want_thumbnails(wanted)
    seen: list[int] = []
    for _ in range(40):
        person.look(1)
        seen += [number for number in mirror.own_thumbnails if number not in seen]
    assert tuple(seen) == wanted
    for picture in mirror.own_thumbnails.values():
        assert picture.shape == (128, 128, 3) and picture.dtype == np.uint8 and picture.std() > 20
    one, other = (mirror.own_thumbnails[number].astype(int) for number in wanted[:2])
    assert np.abs(one - other).mean() > 4, "each in its own hair"
    mirror.want_thumbnails(())
    before = mirror.own_thumbnails
    person.look(10)
    assert mirror.own_thumbnails is before, "those that are made stay while the strip is away"


def test_it_is_the_persons_own_face(person: Person) -> None:
    mirror = person.mirror
    number = mirror.book.index("side part")
    mirror.want_thumbnails((number,))
    person.look(20)
    normal = mirror.own_thumbnails[number].astype(int)
    mirror.forget()
    other = Person(mirror)
    mirror.want_thumbnails((number,))
    other.image = np.clip(other.image * np.array([1.0, 0.8, 0.75]), 0, 255).astype(np.uint8)
    other.look(20)
    reddish = mirror.own_thumbnails[number].astype(int)
    middle = (slice(50, 90), slice(44, 84))
    assert (normal - reddish)[middle][..., 1:].mean() > 15


def test_at_most_so_many_a_second_are_begun(person: Person) -> None:
    mirror = person.mirror
    person.look(12)
    mirror.want_thumbnails(tuple(range(40)))
    person.look(20)
    assert 2 <= len(mirror.own_thumbnails) <= 20 * STEP / EVERY + 1


def test_another_dye_makes_them_anew(person: Person) -> None:
    mirror = person.mirror
    number = mirror.book.index("bob")
    mirror.want_thumbnails((number,))
    person.look(20)
    before = mirror.own_thumbnails[number].astype(int)
    mirror.styling.choose_dye("cherry red")
    person.look(20)
    after = mirror.own_thumbnails[number].astype(int)
    assert (after[..., 0] - after[..., 2]).mean() > (before[..., 0] - before[..., 2]).mean() + 3


def test_a_late_picture_stops_them_for_a_while(person: Person) -> None:
    mirror = person.mirror
    person.look(20)
    mirror.want_thumbnails(tuple(range(40)))
    own = mirror._stream.own_thumbnails
    person.look(1, step=4 * STEP)
    assert own._still.given_up
    count = len(mirror.own_thumbnails)
    person.look(round(BACK_OFF / STEP) - 2)
    assert len(mirror.own_thumbnails) == count
    person.look(15)
    assert len(mirror.own_thumbnails) > count


def test_one_that_is_given_up_is_no_thumbnail(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    own = person.mirror._stream.own_thumbnails

    def given_up(*_: object) -> None:
        raise GivenUp

    monkeypatch.setattr(own._still, "wear", given_up)
    number = person.mirror.book.index("pixie")
    person.mirror.want_thumbnails((number,))
    person.look(20)
    assert person.mirror.own_thumbnails == {}
    monkeypatch.undo()
    person.look(20)
    assert set(person.mirror.own_thumbnails) == {number}, "it comes later"


def test_a_style_that_cannot_be_read_is_left_out(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror = person.mirror
    lost, number = mirror.book.index("pixie"), mirror.book.index("afro")
    real = mirror.styling.grown_style

    def read(wanted: int) -> object:
        if wanted == lost:
            raise MirrorError("it was taken away")
        return real(wanted)

    monkeypatch.setattr(mirror.styling, "grown_style", read)
    mirror.want_thumbnails((lost, number))
    person.look(30)
    assert set(mirror.own_thumbnails) == {number}


def test_none_is_begun_while_a_grid_or_hair_loss_is_shown(person: Person) -> None:
    mirror = person.mirror
    person.look(12)
    mirror.want_thumbnails((0, 1, 2))
    mirror.set_grid((0, 1, 2, 3))
    person.look(12)
    mirror.set_grid(())
    mirror.set_loss(-0.5)
    person.look(12)
    assert mirror.own_thumbnails == {}
    mirror.set_loss(None)
    person.look(20)
    assert mirror.own_thumbnails


def test_they_are_wiped_with_the_person(person: Person) -> None:
    mirror = person.mirror
    mirror.want_thumbnails((0, 47))
    person.look(30)
    made = list(mirror.own_thumbnails.values())
    moment = mirror._stream.own_thumbnails._moment
    assert len(made) == 2 and moment is not None and all(one.any() for one in made)
    person.look(40, image=np.full_like(person.image, 128))  # nobody is there any more
    assert mirror.own_thumbnails == {} and not any(one.any() for one in made), "overwritten, not only dropped"
    assert mirror._stream.own_thumbnails._moment is None
    again = Person(mirror)
    again.now = person.now
    again.look(20)
    moment = mirror._stream.own_thumbnails._moment
    assert moment is not None and moment.seen.frame.image.any()
    mirror.forget()
    assert not moment.seen.frame.image.any() and not moment.mattes.hair.any()


def test_nothing_of_them_reaches_the_disk(
    person: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import builtins

    opened: list[str] = []
    real = builtins.open

    def noted(file: object, mode: str = "r", *given: object, **more: object) -> object:
        if set(mode) & set("wax+"):
            opened.append(str(file))
        return real(file, mode, *given, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "open", noted)
    monkeypatch.chdir(tmp_path)
    person.mirror.want_thumbnails((0, 47))
    person.look(30)
    assert person.mirror.own_thumbnails and not opened and not list(tmp_path.iterdir())


def test_the_nearest_come_first_and_the_strip_goes_round() -> None:
    assert nearest_first((0, 1, 2, 3, 4), 1) == (1, 2, 0, 3, 4)
    assert nearest_first((4, 7, 9), 7) == (7, 9, 4)
    assert nearest_first((4, 7, 9), 5) == (4, 7, 9) and nearest_first((4, 7), None) == (4, 7)


def test_they_are_asked_for_while_the_strip_is_seen_and_only_where_that_changes() -> None:
    live = Told(TryingMirror())
    own = OwnTiles(live)  # type: ignore[arg-type]
    for seen in (False, True, True, True, False, False):
        own.ask(range(3), 1, seen)
        live.work(1.0)
    assert live.mirror.told == [("thumbnails", (1, 2, 0)), ("thumbnails", ())]


def test_the_window_gets_them_turned_round_as_its_picture_is() -> None:
    mirror, picture = TryingMirror(), np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    own = OwnTiles(Told(mirror))  # type: ignore[arg-type]
    mirror.own_thumbnails = {3: picture}
    first = own.made(mirror, True)  # type: ignore[arg-type]
    assert (first[3] == picture[:, ::-1]).all()
    mirror.own_thumbnails = {3: picture, 4: picture}
    second = own.made(mirror, True)  # type: ignore[arg-type]
    assert second[3] is first[3] and own.made(mirror, True) is second, "tiles are drawn once"  # type: ignore[arg-type]
    assert own.made(mirror, False)[3] is picture  # type: ignore[arg-type]
    picture[:] = 0
    assert not second[3].any(), "what the mirror wipes is wiped here"
