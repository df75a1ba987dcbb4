"""What visitors take home: a link for each picture, that ends as promised."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pygame_gui
import pytest

from mirror.app.kiosk import keepsakes as module
from mirror.app.kiosk.goodbye import KEPT_STAYS
from mirror.app.kiosk.keepsakes import Keepsake, Keepsakes
from mirror.app.kiosk.main_loop import shared
from mirror.app.kiosk.scene import Scene
from mirror.app.screen import View
from mirror.app.sharing.cards import Format, Look
from mirror.app.sharing.stylist_strip import StylistNote
from mirror.settings.options import Settings
from mirror.settings.tables import Share
from mirror.translation.catalogue import Words
from tests.kiosk_fakes import FakeServer, FakeVisit, fake_scene, noted_lines
from tests.kiosk_life import Day
from tests.live_fakes import forgetful

pytestmark = pytest.mark.usefixtures("unseen_video")
NETWORK = Share(network="192.168.4.1", minutes=5)
SIZE = (1280, 720)


def until(wanted: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 30
    while not wanted():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


class Home:
    """Keepsakes of a visitor who is here, with a stand-in for the server."""

    def __init__(self, paper: bool = False, **share: Any) -> None:
        self.server, self.now = FakeServer(), 0.0
        given: Any = self.server
        self.made = Keepsakes(
            Share(**{"network": "192.168.4.1", "minutes": 5, **share}), Words("de"), given,
            paper=paper, clock=lambda: self.now,
        )  # fmt: skip
        self.made.begin()

    def picture(self) -> tuple[Keepsake, Look, Callable[[Path], None]]:
        before, after = (np.full((90, 160, 3), grey, np.uint8) for grey in (50, 200))
        look, sheet = Look(before, after, None, "bob"), np.full((120, 340, 3), 99, np.uint8)
        saved = self.made.snapshot(look, sheet)
        self.settle()
        assert (sheet == 99).all(), "the sheet goes to the disk as it is"
        return self.made.mine[-1], look, saved

    def settle(self) -> None:
        until(lambda: not self.made.busy)

    def told(self, what: str) -> list[dict[str, Any]]:
        return [message for message in self.server.told if message["do"] == what]


def test_what_the_stylist_wrote_is_on_the_printed_card_until_the_visit_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[tuple[str, StylistNote]] = []
    real = module.card

    def noted(look: Look, kind: Format, salon: str) -> np.ndarray:
        made.append((look.style, look.note))  # type: ignore[arg-type]
        return real(look, kind, salon)

    monkeypatch.setattr(module, "card", noted)
    home = Home(paper=True)

    def snapshot() -> str:
        before, after = (np.full((90, 160, 3), grey, np.uint8) for grey in (50, 200))
        note = StylistNote(("Style: bob",), datetime(2026, 11, 25))
        home.made.snapshot(Look(before, after, None, "bob", note=note), np.zeros((9, 9, 3), np.uint8))
        home.settle()
        return made[-1][1].remark

    assert snapshot() == ""
    home.made.remark = "soft layers"
    assert snapshot() == snapshot() == "soft layers"
    home.made.end()
    home.made.begin()
    assert snapshot() == "", "it is not the next visitor's"


def test_a_picture_becomes_files_and_a_link_that_nobody_guesses() -> None:
    home = Home(paper=True)
    one, look, _ = home.picture()
    two, _, _ = home.picture()
    first, second = home.told("put")
    assert set(first["files"]) == {
        f"{name}.jpg" for name in ("before", "after", "pair", "square", "story", "a6")
    }
    assert [len(part) for part in first["carried"]] == list(first["files"].values())
    assert all(part.startswith(b"\xff\xd8") for part in first["carried"])
    assert (first["seconds"], first["language"]) == (300, "de")
    assert one.state == "ready" and one.link == f"http://192.168.4.1:8765/{first['token']}"
    assert len(first["token"]) == 22 and first["token"] != second["token"], "128 bits"
    assert not look.before.any() and not look.after.any(), "wiped once it is made"
    assert one.paper is not None and two.there
    assert bytes(one.paper) == first["carried"][list(first["files"]).index("a6.jpg")]


def test_while_the_visitor_is_here_links_last_and_then_as_many_minutes() -> None:
    home = Home()
    one, _, _ = home.picture()
    for _ in range(3):
        home.now += module.RENEW_SECONDS
        home.made.tend()
    assert [message["numbers"] for message in home.told("renew")] == [[one.number]] * 3
    home.made.end()
    home.settle()
    assert len(home.told("renew")) == 4 and home.made.until is not None and one.there
    home.now += 10 * module.RENEW_SECONDS
    home.made.tend()
    assert len(home.told("renew")) == 4, "nobody is here any more"
    home.made.begin()
    assert home.made.mine == [] and home.made.until is None and not home.told("drop"), (
        "it can still be fetched"
    )


def test_where_the_settings_say_so_links_end_with_the_visit() -> None:
    home = Home(after_visit=False)
    one, _, _ = home.picture()
    home.made.end()
    home.settle()
    assert [message["numbers"] for message in home.told("drop")] == [[one.number]]
    assert home.made.until is None
    home.server.events = [{"is": "gone", "number": one.number, "why": "over"}]
    assert home.made.tend() == [] and home.made.links() == []


def test_the_mirror_itself_keeps_nothing_of_it() -> None:
    home = Home(paper=True)
    one, _, _ = home.picture()
    poster, film = np.full((9, 16, 3), 77, np.uint8), np.full(500, 5, np.uint8)
    assert home.made.clip(film, poster)
    home.settle()
    assert home.told("put")[-1]["carried"][0] == bytes([5]) * 500 and not film.any()
    paper = one.paper
    assert paper
    home.made.end()
    home.settle()
    assert not any(paper) and not poster.any() and one.paper is None and home.made.mine[1].poster is None


def test_what_a_phone_deletes_goes_from_the_disk_too_whenever_it_got_there() -> None:
    home = Home()
    (one, _, one_saved), (two, _, two_saved) = home.picture(), home.picture()
    one_saved(Path("one.png"))
    home.server.events = [{"is": "gone", "number": n, "why": "deleted"} for n in (one.number, two.number)]
    assert home.made.tend() == [Path("one.png")] and not one.there and not two.there
    two_saved(Path("two.png"))
    assert home.made.tend() == [Path("two.png")] and home.made.tend() == []
    home.made.begin()  # and from the disk of a visitor who has left
    three, _, three_saved = home.picture()
    three_saved(Path("three.png"))
    home.made.end()
    home.made.begin()
    home.server.events = [{"is": "gone", "number": three.number, "why": "deleted"}]
    assert home.made.tend() == [Path("three.png")]


def test_a_link_that_is_over_leaves_the_disk_alone_and_a_dead_server_has_no_links() -> None:
    home = Home()
    (one, _, saved), (two, _, _) = home.picture(), home.picture()
    saved(Path("one.png"))
    home.server.events = [{"is": "gone", "number": one.number, "why": "over"}]
    assert home.made.tend() == [] and home.made.links() == [two]
    home.server.events = [{"is": "ended"}]
    home.made.tend()
    assert home.made.links() == []
    home.server.origin = ""  # until it is back
    three, _, _ = home.picture()
    assert three.state == "gone" and not three.link
    home.server.origin = "http://192.168.4.1:8765"
    full, _, _ = home.picture()
    home.server.events = [{"is": "gone", "number": full.number, "why": "full"}]
    assert home.made.tend() == [] and full.state == "full"


def lines(scene: Scene, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int] = SIZE) -> str:
    spots = noted_lines(monkeypatch)
    scene.machine.state.draw(pygame.Surface(size, 0, 32), View(), 1.0)
    return " ".join(words for words, _ in spots)


def test_consent_says_what_is_shared_and_how(monkeypatch: pytest.MonkeyPatch) -> None:
    for share, said, unsaid in (
        (Share(), "sent nowhere", "link"),
        (NETWORK, "until 5 minutes after you have gone: only you are shown the link", "sent nowhere"),
        (NETWORK, "not encrypted", "disk until"),
        (Share(network="192.168.4.1", minutes=1), "until 1 minute after", "minutes"),
        (
            Share(network="192.168.4.1", after_visit=False),
            "while you are here: only you are shown the link",
            "after you have gone",
        ),
        (
            Share(network="192.168.4.1", certificate=Path("x"), key=Path("y")),
            "shown the link",
            "not encrypted",
        ),
    ):
        scene, _ = fake_scene(share=share)
        scene.machine.go("touched", 0.0)
        told = lines(scene, monkeypatch)
        assert said in told and unsaid not in told, told


def gone_home(share: Share = NETWORK) -> tuple[Scene, FakeVisit, Keepsake]:
    """A scene in `try`, with one picture that was kept and can be fetched."""
    scene, visit = fake_scene(share=share, pictures=Path("/x"))
    for signal in ("touched", "agreed"):
        scene.machine.go(signal, 0.0)
    visit.show()
    visit.saved = (Path("/x/kiosk/1.png"),)
    one = Keepsake(1, "http://192.168.4.1:8765/" + "A" * 22, "ready", path=visit.saved[0])
    visit.keepsakes.mine.append(one)
    return scene, visit, one


def test_what_was_just_made_is_shown_with_its_code() -> None:
    scene, visit, one = gone_home()
    scene.step(0.1)
    assert scene.machine.name == "album"
    press(scene, "back")
    scene.step(0.2)
    assert scene.machine.name == "try", "and not again"


def press(scene: Scene, name: str) -> None:
    surface = pygame.Surface(SIZE, 0, 32)
    scene.draw(surface, View(), 1.0, 0.1)
    of = scene.printing if scene.printing.open else scene.machine.state
    button = of._buttons._buttons[name]  # type: ignore[attr-defined]
    scene.hear(pygame.event.Event(pygame_gui.UI_BUTTON_PRESSED, ui_element=button), 0.1)


def test_what_is_deleted_at_the_mirror_is_deleted_for_the_phone() -> None:
    scene, visit, one = gone_home()
    scene.step(0.1)
    press(scene, "delete_one")
    until(lambda: not visit.keepsakes.busy)
    server: Any = visit.keepsakes._server
    assert server.told[-1] == {"do": "drop", "numbers": [1], "carried": []} and not one.there
    until(lambda: scene.mine() == [])
    scene.step(0.2)
    assert scene.machine.name == "try", "nothing is left to look at"


def test_the_goodbye_says_until_when_a_phone_can_fetch_it(monkeypatch: pytest.MonkeyPatch) -> None:
    scene, visit, one = gone_home()
    scene.machine.go("done", 1.0)
    scene.step(1.1)
    until_when = visit.keepsakes.until
    assert until_when is not None
    told = lines(scene, monkeypatch)
    assert f"Your phone can fetch it until {until_when:%H:%M}" in told and "but for the one picture" in told
    scene.kept._gone.update(visit.saved)
    one.path = None
    told = lines(scene, monkeypatch)
    assert "but for what your phone can still fetch" in told
    scene.step(1.1 + KEPT_STAYS - 1)
    assert scene.machine.name == "goodbye", "there is something to read"
    press(scene, "delete_all")
    assert not one.there and "No picture of you is kept" in lines(scene, monkeypatch)


@pytest.mark.parametrize("signal", ["done", "next"])
def test_the_goodbye_offers_to_delete_pictures_whoever_ended_the_visit(signal: str) -> None:
    scene, visit, one = gone_home()
    scene.machine.go(signal, 1.0)  # "next": the stylist, by tablet
    scene.step(1.1)
    scene.draw(pygame.Surface(SIZE, 0, 32), View(), 1.0, 1.2)
    names = [place[0] for place in scene.machine.state._buttons._laid]  # type: ignore[attr-defined]
    assert names == ["album", "delete_all", "over"]
    press(scene, "delete_all")
    assert not one.there
    until(lambda: scene.mine() == [])


def test_who_walks_away_leaves_no_code_on_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[Any] = []
    monkeypatch.setattr("mirror.app.kiosk.qr_panel.draw_code", lambda *given: codes.append(given))
    scene, visit, _ = gone_home()
    scene.machine.go("idle", 1.0)
    scene.step(1.1)
    scene.draw(pygame.Surface(SIZE, 0, 32), View(), 1.0, 1.2)
    names = [place[0] for place in scene.machine.state._buttons._laid]  # type: ignore[attr-defined]
    assert not codes and names == [], "nor a way to it, for the next in the queue"


def test_the_staff_see_where_it_is_shared() -> None:
    assert shared(Settings()) == "off"
    assert shared(Settings(share=NETWORK)) == "192.168.4.1 port 8765, plain HTTP, not encrypted, 5 min"


def test_a_whole_visit_with_a_real_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From consent over picture and clip to a phone that fetches, after the visitor has gone, and deletes."""
    from tests.web_fakes import LOOPBACK, ask, running

    monkeypatch.setattr(pygame.mouse, "set_cursor", lambda *_: None)  # where nobody sees it there is none
    with running(LOOPBACK) as server:
        day = Day(forgetful, tmp_path, keepsakes=lambda words: Keepsakes(LOOPBACK, words, server))
        home = day.visit.keepsakes
        assert home is not None
        day.touch((320, 240))
        day.press("yes")
        day.until("try")
        day.rounds(lambda: day.visit.last is not None and day.visit.last.face is not None)
        day.press("picture")
        day.until("album")
        (one,) = home.links()
        path = one.link.removeprefix(server.origin)
        until(lambda: ask(server.origin, path).status == 200)  # it hears of it through a pipe
        assert ask(server.origin, f"{path}/after.jpg").body.startswith(b"\xff\xd8")
        until(lambda: day.round() or one.path is not None)
        day.press("back")
        assert day.state == "try"
        day.press("clip")
        day.rounds(lambda: home._numbers == 2 or not day.round(), most=600)
        until(lambda: day.round() or day.state == "album")
        (clip,) = home.clips()
        shown = clip.link.removeprefix(server.origin)
        until(lambda: ask(server.origin, f"{shown}/left").status == 200)
        film = ask(server.origin, f"{shown}/clip.mp4")
        assert film.status == 200 and film.body[4:8] == b"ftyp"
        assert [file.suffix for file in (tmp_path / "kiosk").iterdir()] == [".png"], "a clip is in no file"
        day.press("back")
        day.press("done")
        day.until("attract")
        left = json.loads(ask(server.origin, f"{path}/left").body)["left"]
        assert left > 500, "it lasts when the visitor has gone"
        assert ask(server.origin, f"{path}/delete", "POST").status == 200
        until(lambda: day.round() or not list((tmp_path / "kiosk").iterdir()))
        assert ask(server.origin, path).status == 404
        day.visit.close()
        day.window.close()
        assert server._process is None, "the server ends with the mirror"
