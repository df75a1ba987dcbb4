"""The door to the stylist's tablet: who gets in, who is locked out, and that there is none unless allowed."""

from __future__ import annotations

import dataclasses
import html
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mirror.translation.catalogue import Words, languages
from tests.tablet_client import (
    PIN,
    STORED,
    WRONG,
    enter,
    inside,
    look,
    real,
    talk,
)
from tests.web_fakes import (
    LOOPBACK,
    InThisProcess,
    ask,
    make_certificate,
    put,
    running,
)

from tornado.httpclient import HTTPClientError  # isort: skip
from mirror.app.sharing.web import tablet_sessions  # isort: skip
from mirror.app.sharing.web.tablet_sessions import Lockout, Sessions  # isort: skip

PATHS = ("/tablet", "/tablet/tablet.css", "/tablet/tablet.js", "/tablet/tablet_pin.js", "/tablet/styles.jpg",
         "/tablet/enter", "/tablet/leave", "/tablet/inside", "/tablet/live")  # fmt: skip


@pytest.fixture
def server() -> Iterator[InThisProcess]:
    with InThisProcess(pin=STORED) as served:
        yield served


def test_there_is_no_tablet_unless_it_is_allowed() -> None:
    with InThisProcess() as server:
        for number, path in enumerate(PATHS):
            for method in ("GET", "POST"):
                answer = ask(server.origin, path, method, f"127.0.3.{number + 1}", Origin=server.origin)
                assert answer.status in (404, 405) and "set-cookie" not in answer.headers, path
        assert enter(server).status in (404, 405)
        assert server.told[-1]["is"] == "ready"


def test_the_server_of_a_kiosk_that_allows_none_has_none() -> None:
    """The real process, as it is started."""
    with running(LOOPBACK) as server:
        assert ask(server.origin, "/tablet").status == 404


def test_links_are_as_they_were_with_a_tablet(server: InThisProcess) -> None:
    path = put(server, 1)
    cookie = inside(server)
    assert ask(server.origin, path).status == 200
    for hostile in ("/", "/tablet/", f"/tablet/..{path}", "/tablets", "/tablet/base.html", "/tablet/x.js",
                    "/tablet/live/1", "/tablet/%2e%2e/links.py", "/tablet/tablet.html"):  # fmt: skip
        assert ask(server.origin, hostile, Cookie=cookie).status == 404, hostile
    assert ask(server.origin, "/" + "A" * 22, Cookie=cookie).status == 404, "the PIN opens no visitor's link"


def test_the_pin_opens_and_nothing_else_does(server: InThisProcess) -> None:
    page = ask(server.origin, "/tablet")
    assert page.status == 200 and 'type="password"' in page.text and 'id="styles"' not in page.text
    assert "could read the PIN along" in page.text, "plain HTTP says what it is"
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy and "unsafe" not in policy and "nonce" not in policy
    assert "<script>" not in page.text and "style=" not in page.text
    for path in ("/tablet/styles.jpg", "/tablet/live"):
        assert ask(server.origin, path, Origin=server.origin).status == 403
    wrong = enter(server, WRONG)
    assert wrong.status == 403 and "set-cookie" not in wrong.headers and json.loads(wrong.body) == {"wait": 0}
    right = enter(server)
    cookie = right.headers["set-cookie"]
    assert right.status == 200 and "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert "Path=/tablet" in cookie and "Max-Age=43200" in cookie and "Secure" not in cookie
    page = ask(server.origin, "/tablet", Cookie=cookie.split(";")[0])
    assert 'id="styles"' in page.text and 'type="password"' not in page.text
    assert PIN not in json.dumps(server.told), "nor does the mirror's log hear of what was typed"


@pytest.mark.parametrize("language", sorted(languages()))
def test_both_pages_speak_every_language(server: InThisProcess, language: str) -> None:
    words, cookie = Words(language), inside(server)
    direction = "rtl" if language == "ar" else "ltr"
    for given, keys in (
        ({}, ("tablet_title", "tablet_plain", "pin", "ok", "wrong")),
        ({"Cookie": cookie}, ("tablet_next", "tablet_leave", "tablet_sure", "loss", "two", "picture")),
    ):  # fmt: skip
        page = html.unescape(ask(server.origin, "/tablet", Accept_Language=language, **given).text)
        assert f'<html lang="{language}" dir="{direction}">' in page
        for key in keys:
            assert words(key) in page, key
    said = json.loads(page.split('data-said="')[1].split('}"')[0] + "}")
    assert said["away"] == words("tablet_away") and set(said) >= {
        "waking",
        "asked",
        "album",
        "failed",
        "lost",
    }


@pytest.mark.parametrize(
    "forged",
    ["", "A" * 22, "2593", "é", "A" * 4000, "../../x", "%00", "hair_mirror_tablet", "'; drop table sessions"],
)  # fmt: skip
def test_a_forged_cookie_opens_nothing(server: InThisProcess, forged: str) -> None:
    inside(server)  # somebody else is in
    cookie = f"hair_mirror_tablet={forged}"
    assert 'type="password"' in ask(server.origin, "/tablet", Cookie=cookie).text
    for path in ("/tablet/styles.jpg", "/tablet/live"):
        assert ask(server.origin, path, Cookie=cookie, Origin=server.origin).status == 403


def test_a_cookie_that_was_read_along_is_of_no_use_elsewhere(server: InThisProcess) -> None:
    cookie = inside(server)
    assert json.loads(ask(server.origin, "/tablet/inside", Cookie=cookie).body) == {"inside": True}
    elsewhere = ask(server.origin, "/tablet/inside", Cookie=cookie, source="127.0.0.2")
    assert json.loads(elsewhere.body) == {"inside": False}


def test_a_session_ends_by_itself_and_by_logging_out(server: InThisProcess) -> None:
    now = [100.0]
    assert server.service.tablet is not None
    server.service.tablet.sessions.clock = lambda: now[0]
    first, second = inside(server), inside(server)

    def there(cookie: str) -> bool:
        return json.loads(ask(server.origin, "/tablet/inside", Cookie=cookie).body)["inside"]

    assert ask(server.origin, "/tablet/leave", "POST", Cookie=first).status == 403, (
        "no page elsewhere logs out"
    )
    assert there(first)
    assert ask(server.origin, "/tablet/leave", "POST", Cookie=first, Origin=server.origin).status == 200
    assert not there(first) and there(second)
    now[0] += tablet_sessions.SECONDS - 1
    assert there(second)
    now[0] += 1
    assert not there(second)


def test_the_oldest_session_gives_way() -> None:
    sessions = Sessions(clock=lambda: 0.0)
    tokens = [sessions.begin("127.0.0.1") for _ in range(tablet_sessions.MOST + 1)]
    assert [sessions.there(token, "127.0.0.1") for token in tokens] == [False] + [True] * tablet_sessions.MOST
    assert len(set(tokens)) == len(tokens) and all(len(token) == 22 for token in tokens), "128 bits"


def test_five_wrong_pins_shut_the_door_to_an_address(server: InThisProcess) -> None:
    looking = inside(server)
    tried = [enter(server, WRONG, "127.0.0.5").status for _ in range(5)]
    assert tried == [403] * 4 + [429]
    locked = enter(server, PIN, "127.0.0.5")
    assert locked.status == 429 and 50 < json.loads(locked.body)["wait"] <= 60, "the right one, too"
    assert "set-cookie" not in locked.headers
    assert server.told[-1] == {"is": "locked", "who": "127.0.0.5", "seconds": 60.0}
    assert enter(server, PIN, "127.0.0.6").status == 200, "from elsewhere it opens"
    assert 'id="styles"' in ask(server.origin, "/tablet", Cookie=looking).text, "who is in stays in"


def test_many_addresses_shut_the_door_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tablet_sessions, "TRIES_OF_ALL", 6)  # each costs scrypt's 50 ms
    with InThisProcess(pin=STORED) as server:
        looking = inside(server)
        tried = [enter(server, WRONG, f"127.0.5.{number}").status for number in range(1, 7)]
        assert tried == [403] * 5 + [429]
        assert enter(server, PIN, "127.0.5.99").status == 429
        assert 'id="styles"' in ask(server.origin, "/tablet", Cookie=looking).text


def test_locks_last_longer_and_longer_and_are_forgotten() -> None:
    now = [0.0]
    lockout = Lockout(clock=lambda: now[0])
    locks = []
    for _ in range(9):
        while not (seconds := lockout.wrong("a")):
            pass
        locks.append(seconds)
        now[0] += seconds
    assert locks[:4] == [60.0, 120.0, 240.0, 480.0] and locks[-1] == tablet_sessions.LONGEST_LOCK
    assert lockout.wait("a") == 0
    now[0] += tablet_sessions.FORGOTTEN + 1
    assert [lockout.wrong("a") for _ in range(5)][-1] == 60.0


def test_the_right_pin_forgives_its_own_typing_and_nobody_elses() -> None:
    lockout = Lockout(clock=lambda: 0.0)
    for number in range(tablet_sessions.TRIES_OF_ALL - 5):
        lockout.wrong(f"a{number}")
    for _ in range(4):
        lockout.wrong("stylist")
    lockout.right("stylist")
    assert lockout._all.count == tablet_sessions.TRIES_OF_ALL - 5
    for _ in range(5):
        lockout.wrong("b")
    assert lockout.wait("anybody") > 0
    lockout.right("anybody")
    assert lockout.wait("anybody") > 0, "a lock that is shut stays so"


def test_pins_are_not_tried_many_at_once(server: InThisProcess) -> None:
    """Before the first is counted."""
    answers: list[int] = []
    tries = [
        threading.Thread(target=lambda: answers.append(enter(server, WRONG, "127.0.0.7").status))
        for _ in range(12)
    ]
    for one in tries:
        one.start()
    for one in tries:
        one.join()
    assert answers.count(403) <= 4 and len(answers) == 12
    assert enter(server, PIN, "127.0.0.7").status == 429


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": ""}, {"Host": "evil.example"},
     {"Origin": "http://127.0.0.1"}],
)  # fmt: skip
def test_pages_elsewhere_neither_try_pins_nor_open_sockets(
    server: InThisProcess, headers: dict[str, str]
) -> None:
    assert enter(server, **headers).status in (403, 404)
    cookie = inside(server)

    async def work() -> None:
        with pytest.raises(HTTPClientError) as caught:
            await look(server, cookie, **headers)
        assert caught.value.code in (403, 404)

    talk(work)
    assert not any(message["is"] == "tablets" for message in server.told)


def test_without_the_pin_there_is_no_socket(server: InThisProcess) -> None:
    async def work() -> None:
        with pytest.raises(HTTPClientError) as caught:
            await look(server, "hair_mirror_tablet=AAAAAAAAAAAAAAAAAAAAAA")
        assert caught.value.code == 403
        with pytest.raises(HTTPClientError) as caught:
            await look(server, inside(server), Origin=None)
        assert caught.value.code == 403, "browsers say where a page is from"

    talk(work)


def test_with_a_certificate_the_cookie_never_travels_in_the_open(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    with real(dataclasses.replace(LOOPBACK, certificate=certificate, key=key)) as server:
        page, entered = ask(server.origin, "/tablet"), enter(server)
        assert "The connection is encrypted." in page.text and "Secure" in entered.headers["set-cookie"]
        socket = server.origin.replace("https:", "wss:")
        assert f"connect-src 'self' {socket};" in page.headers["content-security-policy"]
