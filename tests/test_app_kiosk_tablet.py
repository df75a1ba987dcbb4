"""The stylist's tablet at the mirror: it is obeyed for this visit alone, and costs nothing unlooked at."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pygame
import pytest

from mirror.app.kiosk import tablet_pictures as module
from mirror.app.kiosk.keepsakes import Keepsakes
from mirror.app.kiosk.main_loop import run_kiosk
from mirror.app.kiosk.scene import Scene
from mirror.app.kiosk.tablet import Tablet
from mirror.app.kiosk.tablet_pictures import small
from mirror.app.screen import (
    Action,
    ChooseDye,
    ChooseShade,
    FollowBrows,
    Narrow,
    PickStyle,
    ShowGrid,
    ShowLoss,
    Trying,
    View,
)
from mirror.core.errors import MirrorError
from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.hair.styles.style_filter import ALL, StyleFilter
from mirror.pipeline.shown_frame import Shown
from mirror.settings.options import Settings
from mirror.settings.tables import Share
from mirror.settings.tables import Tablet as Allowed
from tests.kiosk_fakes import FakeServer, fake_scene, noted_lines
from tests.kiosk_life import Day
from tests.live_fakes import forgetful

pytestmark = pytest.mark.usefixtures("unseen_video")
SIZE = (1280, 720)
SHARE = Share(network="192.168.4.1")
STYLES = [(f"Style {number}", np.full((64, 64, 3), 60 * number, np.uint8)) for number in range(3)]


class Salon:
    """A kiosk's scene with a tablet, and what the server is told."""

    def __init__(self) -> None:
        self.scene, self.visit = fake_scene(share=SHARE, tablet=Allowed(True), pictures=Path("/x"))
        self.server: Any = FakeServer()
        self.tablet = self.scene.tablet = Tablet(self.server, STYLES, [("short",), ("long",), ("bald",)])
        self.frames = 0
        self.now = 1.0

    def begin(self) -> None:
        """A visitor agrees, and is in the picture."""
        for signal in ("touched", "agreed"):
            self.scene.machine.go(signal, self.now)
        self.visit.show()
        self.round()

    def look(self, count: int = 1) -> None:
        self.tablet.hear({"is": "tablets", "count": count})

    def ask(self, what: str, value: Any = None, visit: int | None = None) -> None:
        """A tablet asks something for the visit that it was last told of."""
        known = self.state["visit"] if visit is None else visit
        self.tablet.hear({"is": "command", "do": what, "value": value, "visit": known})
        self.round()

    def round(self, **view: Any) -> None:
        """One round: time, a new picture, and a drawing."""
        self.now += 0.2
        self.scene.step(self.now)
        shown, given = self.visit.last, View()
        if shown is not None and self.scene.live:
            self.frames += 1
            frame = Frame(shown.frame.image, self.frames, self.now)
            self.visit.last = shown = replace(shown, frame=frame)
            given = View(image=shown.image, style_name="Style 1", style_number=1, before=frame.image)
        self.tablet.show(self.scene, replace(given, **view), self.now)

    def told(self, what: str) -> list[dict[str, Any]]:
        return [message for message in self.server.told if message["do"] == f"tablet {what}"]

    @property
    def state(self) -> dict[str, Any]:
        return self.told("state")[-1]["state"]


@pytest.fixture
def salon() -> Salon:
    made = Salon()
    made.look()
    made.begin()
    return made


def test_while_nobody_looks_nothing_is_said_and_no_picture_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "small", lambda *_: pytest.fail("a picture was made"))
    salon = Salon()
    salon.tablet.hear({"is": "want"})
    salon.begin()
    salon.round()
    assert [message["do"] for message in salon.server.told] == ["tablet book"]
    salon.look()
    salon.round()
    assert salon.state["phase"] == "here" and not salon.told("picture"), "none is wanted"
    salon.tablet.hear({"is": "want"})
    salon.look(0)
    salon.round()
    assert not salon.told("picture")


def test_the_book_is_told_at_once_and_to_a_server_that_begins_anew() -> None:
    salon = Salon()
    (message,) = salon.told("book")
    book = message["book"]
    assert book["names"] == ["Style 0", "Style 1", "Style 2"]
    assert book["groups"] == [["short", [0]], ["long", [1]], ["loss", [2]]]
    assert book["dyes"][0] == ["none", None] and all(len(colour) == 7 for _, colour in book["dyes"][1:])
    sheet = cv2.imdecode(np.frombuffer(message["carried"][0], np.uint8), cv2.IMREAD_COLOR)
    assert sheet.shape == (128, 1280, 3) and abs(int(sheet[64, 128 + 64, 0]) - 60) < 4
    salon.tablet.hear({"is": "ready", "origin": "x"})
    assert len(salon.told("book")) == 2


def test_what_it_asks_is_done(salon: Salon) -> None:
    wishes = salon.visit.wishes
    for what, value, wish in (
        ("style", 2, PickStyle(2)), ("surprise", None, Action.RANDOM), ("dye", "copper", ChooseDye("copper")),
        ("dye", "none", ChooseDye("none")), ("loss", -1, ShowLoss(-1.0)), ("loss", None, ShowLoss(None)),
        ("brows", True, FollowBrows(True)), ("picture", None, Action.SNAPSHOT),
    ):  # fmt: skip
        salon.ask(what, value)
        assert wishes[-1] == wish, what
    count = len(wishes)
    for what, value in (("style", 3), ("dye", "no such dye"), ("shade", "copper"), ("leave", None),
                        ("style", "1"), ("loss", 2.0), ("brows", 1), ("brows", None)):  # fmt: skip
        salon.ask(what, value)
    assert len(wishes) == count, "what the mirror has not is not done"
    salon.round(trying=Trying(loss=0.5, shades=("copper", "black")))
    assert salon.state["shades"] == ["copper", "black"] and salon.state["loss"] == 0.5
    salon.ask("shade", "black")
    assert wishes[-1] == ChooseShade("black")


def test_shades_of_the_range_and_patterns_are_chosen_and_told(salon: Salon) -> None:
    wishes = salon.visit.wishes
    (message,) = salon.told("book")
    range_, named = (names for page, names in message["book"]["pages"])
    assert len(range_) == 70 and len(named) == 12 and message["book"]["kinds"][0] == "one"
    known = {name for name, _ in message["book"]["dyes"]}
    assert known == {"none", *range_, *named}
    for asked, worn in (
        ("7/1 ash", "7/1 ash"), ("balayage:7/1 ash+9/3 golden", "balayage: 7/1 ash + 9/3 golden"),
        ("roots:none+copper", "roots: none + copper"),
    ):  # fmt: skip
        salon.ask("dye", asked)
        assert wishes[-1] == ChooseDye(worn)
    count = len(wishes)
    for wrong in ("balayage:copper+copper", "balayage:copper+", "stripes:none+copper", "11/9"):
        salon.ask("dye", wrong)
    assert len(wishes) == count
    salon.round(trying=Trying(dye="balayage: 7/1 ash + 9/3 golden"))
    assert salon.state["kind"] == "balayage" and salon.state["parts"] == ["7/1 ash", "9/3 golden"]
    salon.round(trying=Trying(dye="copper"))
    assert salon.state["kind"] == "one" and salon.state["parts"] == ["copper"]


def test_a_filter_is_the_mirrors_own(salon: Salon) -> None:
    wishes = salon.visit.wishes
    salon.ask("filter", "length:long")
    assert wishes[-1] == Narrow(StyleFilter(length="long"))
    salon.round(trying=Trying(filter=StyleFilter(length="long"), left=(1,)))
    assert salon.state["filter"] == {"length": "long"} and salon.state["left"] == [1]
    salon.round(trying=Trying(filter=StyleFilter(length="long"), left=(1,)))
    known = salon.state["visit"]
    for value, wanted in (
        ("people:men", StyleFilter(length="long", people="men")),
        ("length:short", StyleFilter(length="short")),
        ("length:long", StyleFilter(length="long")), ("length:", ALL), (None, ALL),
    ):  # fmt: skip
        salon.tablet._filter = StyleFilter(length="long")
        salon.tablet.hear({"is": "command", "do": "filter", "value": value, "visit": known})
        salon.tablet.act(salon.scene, salon.now)
        assert wishes[-1] == Narrow(wanted), value
    count = len(wishes)
    for wrong in ("length:huge", "nose:long", "length", ":", 3):
        salon.ask("filter", wrong)
    assert len(wishes) == count


def test_before_and_after_and_back(salon: Salon) -> None:
    machine = salon.scene.machine
    salon.ask("split", True)
    assert machine.name == "compare" and salon.state["split"] is True
    salon.ask("style", 1)
    assert machine.name == "compare", "the hair changes beside what was before"
    salon.ask("split", False)
    assert machine.name == "try" and salon.state["split"] is False
    salon.ask("split", False)
    assert machine.name == "try"
    machine.go("compare", salon.now)
    salon.ask("picture")
    assert machine.name == "try", "where the countdown is seen"


def test_a_style_ends_four_at_once_and_leaves_the_album(salon: Salon) -> None:
    machine = salon.scene.machine
    machine.go("compare", salon.now)
    machine.state._four = object()  # type: ignore[attr-defined]
    salon.ask("style", 1)
    assert machine.name == "try" and salon.visit.wishes[-2:] == [ShowGrid(()), PickStyle(1)]
    salon.visit.saved = (Path("/x/kiosk/1.png"),)
    salon.scene.kept.there = lambda paths: list(paths)  # type: ignore[method-assign]
    machine.go("look", salon.now)
    salon.round()
    assert salon.state["phase"] == "album"
    salon.ask("style", 2)
    assert machine.name == "try" and salon.visit.wishes[-1] == PickStyle(2)


def test_a_note_is_for_this_visits_cards_alone(salon: Salon) -> None:
    home = salon.visit.keepsakes
    assert salon.state["note"] == ""
    salon.ask("note", "Stufen  \u16a0 ab Kinn")
    assert home.remark == salon.state["note"] == "Stufen ab Kinn", "every tablet sees what is drawn"
    assert not salon.visit.wishes and salon.scene.machine.name == "try"
    salon.ask("note", "later", visit=99)
    assert home.remark == "Stufen ab Kinn", "what is not for this visit is not done"
    salon.ask("note", "")
    assert home.remark == ""
    salon.ask("note", "for her alone")
    home.begin()
    assert home.remark == ""
    salon.ask("note", "for her alone")
    home.end()
    assert home.remark == ""
    salon.ask("next")
    assert "note" not in salon.state


def test_the_next_visitor_finds_nothing_of_this_one(salon: Salon) -> None:
    salon.ask("style", 1)
    old = salon.state["visit"]
    salon.ask("next")
    assert salon.scene.machine.name == "goodbye" and "end" in salon.visit.told
    assert salon.state == {"visit": old + 1, "phase": "leaving"}
    assert salon.scene.machine.state._here, (
        "as after their own 'Done' they choose what becomes of their pictures"
    )  # type: ignore[attr-defined]
    salon.scene.machine.go("over", salon.now)
    salon.round()
    assert salon.state == {"visit": old + 1, "phase": "away"}
    salon.scene.machine.go("touched", salon.now)
    salon.round()
    assert salon.state["phase"] == "asked"
    salon.scene.machine.go("agreed", salon.now)
    salon.round()
    assert salon.state == {"visit": old + 1, "phase": "here", "opening": True}
    wishes = len(salon.visit.wishes)
    salon.visit.show()
    salon.round()
    for what in ("next", "surprise"):  # a second tablet's touch came late
        salon.ask(what, visit=old)
    assert salon.scene.machine.name == "try" and len(salon.visit.wishes) == wishes


def test_a_tablet_agrees_for_nobody() -> None:
    salon = Salon()
    salon.look()
    for signals in ((), ("touched",)):
        for signal in signals:
            salon.scene.machine.go(signal, salon.now)
        salon.round()
        name = salon.scene.machine.name
        for what, value in (("next", None), ("style", 1), ("split", True), ("picture", None)):
            salon.ask(what, value)
        assert salon.scene.machine.name == name and not salon.visit.wishes


def test_what_it_asks_keeps_the_visit_going(salon: Salon) -> None:
    salon.now += 55
    salon.ask("style", 1)
    assert salon.scene.idle.left(salon.now) > 59
    salon.ask("style", 1, visit=99)
    salon.now += 30
    assert salon.scene.idle.left(salon.now) < 31, "what is not for this visit does not"


def test_a_picture_is_made_when_one_is_wanted_small_and_once(salon: Salon) -> None:
    salon.tablet.hear({"is": "want"})
    salon.round()
    (message,) = salon.told("picture")
    assert (message["visit"], message["captured_at"]) == (1, pytest.approx(salon.now))
    image = cv2.imdecode(np.frombuffer(message["carried"][0], np.uint8), cv2.IMREAD_COLOR)
    assert image.shape == (360, 640, 3) and message["wipe"]
    salon.tablet.hear({"is": "want"})
    shown = salon.visit.last
    salon.scene.step(salon.now)
    salon.tablet.show(salon.scene, View(image=shown and shown.image), salon.now + 9)
    assert len(salon.told("picture")) == 1, "the same picture is not sent twice"
    salon.round()
    assert len(salon.told("picture")) == 2


def test_pictures_do_not_come_faster_than_they_may(salon: Salon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "A_SECOND", 1.0)
    for _ in range(10):  # two seconds
        salon.tablet.hear({"is": "want"})
        salon.round()
    assert 2 <= len(salon.told("picture")) <= 3


def test_it_shows_what_the_mirror_shows() -> None:
    salon = Salon()
    salon.look()
    salon.begin()
    before = np.zeros((360, 640, 3), np.uint8)
    before[:, 320:] = 90  # the right half of the camera's picture
    after = before + 100
    face = Face(np.full((478, 3), 320.0, np.float32))
    for split, columns in ((False, (190, 100)), (True, (90, 0, 190, 100))):
        if split:
            salon.ask("split", True)
        salon.visit.last = Shown(Frame(before, 0, 0.0), after, face)
        salon.tablet.hear({"is": "want"})
        salon.round(image=after, before=before, face=face)
        sent = salon.told("picture")[-1]["carried"][0]
        grey = cv2.imdecode(np.frombuffer(sent, np.uint8), cv2.IMREAD_GRAYSCALE)
        wide = 640 // len(columns)
        found = [int(grey[180, wide * at + wide // 2]) for at in range(len(columns))]
        assert np.allclose(found, columns, atol=4), "mirrored, as the mirror is"


def test_hair_loss_is_marked_in_the_picture_itself(salon: Salon) -> None:
    sent = []
    for mark in ("", "illustration, not a prediction"):
        salon.tablet.hear({"is": "want"})
        salon.round(mark=mark)
        sent.append(cv2.imdecode(np.frombuffer(salon.told("picture")[-1]["carried"][0], np.uint8), 0))
    assert (sent[0] > 250).all() and (sent[1] < 128).mean() > 0.02


def test_a_server_that_hangs_leaves_no_picture_in_memory(salon: Salon) -> None:
    made: list[bytearray] = []

    def refusing(message: dict[str, Any], *carried: bytearray) -> bool:
        made.extend(carried)
        return False

    salon.server.tell = refusing
    salon.tablet.hear({"is": "want"})
    salon.round()
    assert made and not any(made[0])


def test_a_small_picture_is_a_copy_of_any_size() -> None:
    for size in ((360, 640), (720, 1280), (1280, 720), (1, 1), (4000, 10)):
        image = np.full((*size, 3), 7, np.uint8)
        for mirrored in (False, True):
            made = small(image, mirrored)
            assert max(made.shape[:2]) <= 640 and not np.shares_memory(made, image)


def test_the_slider_at_the_mirror_follows(salon: Salon) -> None:
    surface, scene = pygame.Surface(SIZE, 0, 32), salon.scene
    loss = scene.machine.state._loss  # type: ignore[attr-defined]
    image = np.full((360, 640, 3), 255, np.uint8)
    for amount in (-0.6, 0.4):
        view = View(image=image, trying=Trying(loss=amount, loss_words="bald"))
        scene.machine.state.draw(surface, view, salon.now)
        assert loss.open and loss._slider.value == pytest.approx(amount, abs=0.01)
    scene.machine.state.draw(surface, View(image=image), salon.now)
    assert not loss.open


def words_on(scene: Scene, monkeypatch: pytest.MonkeyPatch, view: View = View()) -> str:  # noqa: B008
    spots = noted_lines(monkeypatch)
    scene.machine.state.draw(pygame.Surface(SIZE, 0, 32), view, 1.0)
    return " ".join(words for words, _ in spots)


def test_a_visitor_is_told_before_and_while_somebody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    for allowed in (False, True):
        scene, _ = fake_scene(share=SHARE, tablet=Allowed(allowed))
        scene.machine.go("touched", 0.0)
        said = words_on(scene, monkeypatch)
        assert ("live to a tablet of the staff" in said) is allowed
        assert ("leaves this mirror only if you fetch it" in said) is not allowed
    salon = Salon()
    salon.begin()
    view = View(image=np.full((360, 640, 3), 255, np.uint8))
    for count in (0, 1):
        salon.look(count)
        said = words_on(salon.scene, monkeypatch, view)
        assert ("tablet shows this too" in said) is bool(count)


@pytest.mark.parametrize("given", [{}, {"pin": "x"}, {"share": SHARE}])
def test_without_a_pin_and_a_network_it_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(MirrorError, match="a network in \\[share\\] and the kiosk's PIN"):
        run_kiosk(Settings(kiosk=True, tablet=Allowed(True), **given))


def test_a_locked_door_is_in_the_log(salon: Salon, caplog: pytest.LogCaptureFixture) -> None:
    salon.tablet.hear({"is": "locked", "who": "192.168.4.7", "seconds": 60.0})
    assert "Too many wrong PINs for the tablet, last from 192.168.4.7: shut for 60 s." in caplog.text


def test_a_server_that_ends_has_no_tablets(salon: Salon) -> None:
    salon.tablet.hear({"is": "want"})
    salon.tablet.hear({"is": "ended"})
    before = len(salon.server.told)
    salon.round()
    assert salon.tablet.looking == 0 and len(salon.server.told) == before


def test_a_whole_visit_by_tablet_with_a_real_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tablets: one asks, both are told; pictures come; the visit ends by tablet and both go blank."""
    import asyncio

    from mirror.app.sharing.web.process import Server
    from tests.tablet_client import STORED, inside, look
    from tests.web_fakes import LOOPBACK

    monkeypatch.setattr(pygame.mouse, "set_cursor", lambda *_: None)
    server = Server(LOOPBACK, pin=STORED)
    server.start()
    day = Day(forgetful, tmp_path, keepsakes=lambda words: Keepsakes(LOOPBACK, words, server))
    home = day.visit.keepsakes
    assert home is not None
    tablet = day.scene.tablet = Tablet(server, STYLES, [("short",), ("long",), ("bald",)])
    home.told = tablet.hear
    cookie = inside(server)

    async def until(wanted: Any) -> None:
        deadline = time.monotonic() + 30
        while not wanted():
            assert time.monotonic() < deadline, "waited in vain"
            day.round()
            await asyncio.sleep(0.005)

    async def work() -> None:
        clients: list[Any] = [await look(server, cookie) for _ in range(2)]
        states: list[dict[str, Any]] = [{}, {}]
        pictures = [0, 0]

        async def listen(at: int) -> None:
            while (heard := await clients[at]._socket.read_message()) is not None:
                if isinstance(heard, bytes):
                    pictures[at] += heard[8:10] == b"\xff\xd8"
                    await clients[at].say({"drawn": int.from_bytes(heard[:4], "big")})
                else:
                    said = json.loads(heard)
                    states[at] = said.get("state", states[at])
                    if "echo" in said:
                        await clients[at].say({"echo": said["echo"]})

        listening = [asyncio.ensure_future(listen(at)) for at in range(2)]
        await until(lambda: states[0] == states[1] == {"visit": 1, "phase": "away"})
        day.touch((320, 240))
        day.press("yes")
        await until(lambda: min(pictures) > 2 and states[1].get("opening") is False)
        await clients[0].say({"do": "style", "value": 2, "visit": 1})
        await until(lambda: states[0].get("style") == states[1].get("style") == 2)
        await clients[1].say({"do": "loss", "value": -0.5, "visit": 1})
        await until(lambda: states[0].get("loss") == states[1].get("loss") == -0.5)
        await clients[0].say({"do": "split", "value": True, "visit": 1})
        await until(lambda: states[0].get("split") and states[1].get("split"))
        await clients[1].say({"do": "next", "value": None, "visit": 1})
        await until(lambda: states[0] == states[1] == {"visit": 2, "phase": "away"})
        seen = list(pictures)
        for _ in range(10):
            day.round()
            await asyncio.sleep(0.005)
        assert pictures == seen, "nothing more is seen"
        for one in listening:
            one.cancel()

    asyncio.run(asyncio.wait_for(work(), 60))
    day.visit.close()
    day.window.close()
