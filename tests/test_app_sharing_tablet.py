"""The stylist's tablet at the server: who gets in, who is locked out, what is refused, and that all agree."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import platform
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

from mirror.settings import kiosk_pin
from mirror.settings.tables import Share
from mirror.translation.catalogue import Words, languages
from tests.memory_search import needles, search
from tests.web_fakes import (
    LOOPBACK,
    Answer,
    InThisProcess,
    ask,
    connect,
    make_certificate,
    put,
    running,
    until,
)

from tornado.httpclient import HTTPClientError, HTTPRequest  # isort: skip
from tornado.websocket import WebSocketClientConnection, websocket_connect  # isort: skip
from mirror.app.sharing.web.process import Server  # isort: skip
from mirror.app.sharing.web import limits, tablet_handlers, tablet_sessions  # isort: skip
from mirror.app.sharing.web.tablet_commands import read_command  # isort: skip
from mirror.app.sharing.web.tablet_room import HEAD, MOST_TABLETS, Flow  # isort: skip
from mirror.app.sharing.web.tablet_sessions import Lockout, Sessions  # isort: skip

PIN, WRONG = "2593", "2594"
STORED = kiosk_pin.make(PIN)
PATHS = ("/tablet", "/tablet/tablet.css", "/tablet/tablet.js", "/tablet/tablet_pin.js", "/tablet/styles.jpg",
         "/tablet/enter", "/tablet/leave", "/tablet/inside", "/tablet/live")  # fmt: skip
BOOK = {"names": ["bob", "afro"], "groups": [["short", [0]], ["long", [1]]], "columns": 10,
        "dyes": [["none", None], ["copper", "#a05030"]]}  # fmt: skip
HERE = {"visit": 1, "phase": "here", "opening": False, "style": 0, "worn": "bob, copper", "dye": "copper",
        "loss": None, "shades": [], "shade": None, "split": False}  # fmt: skip
GONE = {"visit": 2, "phase": "leaving"}


@pytest.fixture
def server() -> Iterator[InThisProcess]:
    with InThisProcess(pin=STORED) as served:
        yield served


def enter(
    server: InThisProcess | Server, pin: str = PIN, source: str = "127.0.0.1", **headers: str
) -> Answer:
    """Types a PIN."""
    given = {"Origin": server.origin, "Content_Type": "application/x-www-form-urlencoded", **headers}
    return ask(server.origin, "/tablet/enter", "POST", source, body=urlencode({"pin": pin}), **given)


def inside(server: InThisProcess | Server) -> str:
    """The cookie of a tablet that gave the PIN."""
    answer = enter(server)
    assert answer.status == 200, answer.text
    return answer.headers["set-cookie"].split(";")[0]


class Client:
    """A tablet's socket, inside `talk`."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self._socket = socket

    async def say(self, message: Any) -> None:
        await self._socket.write_message(message if isinstance(message, bytes | str) else json.dumps(message))

    async def hear(self, key: str) -> Any:
        """The next message with such a key, or the next picture's bytes ("picture")."""
        while True:
            heard = await asyncio.wait_for(self._socket.read_message(), 20)
            assert heard is not None, f"closed: {self._socket.close_code}"
            if isinstance(heard, bytes):
                if key == "picture":
                    return heard
            elif key in (said := json.loads(heard)):
                return said if key == "echo" else said[key]

    async def closed(self) -> int | None:
        """The code that it is closed with."""
        while await asyncio.wait_for(self._socket.read_message(), 20) is not None:
            pass
        return self._socket.close_code

    def close(self) -> None:
        self._socket.close()


async def look(server: InThisProcess | Server, cookie: str, **headers: str | None) -> Client:
    """Opens a tablet's socket."""
    given = {"Cookie": cookie, "Origin": server.origin, **headers}
    named = {name: value for name, value in given.items() if value is not None}
    where = server.origin.replace("http", "ws", 1) + "/tablet/live"
    return Client(await websocket_connect(HTTPRequest(where, headers=named)))


def talk(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(work(), 60))


async def told(server: InThisProcess, message: dict[str, Any], carried: bytes = b"") -> None:
    """The mirror tells the server something."""
    await asyncio.to_thread(server.tell, message, bytearray(carried))


def commands(server: InThisProcess) -> list[tuple[Any, ...]]:
    return [(m["do"], m["value"], m["visit"]) for m in server.told if m["is"] == "command"]


def picture(number: int, visit: int = 1, captured_at: float | None = None) -> dict[str, Any]:
    at = time.monotonic() if captured_at is None else captured_at
    return {"do": "tablet picture", "number": number, "visit": visit, "captured_at": at}


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
    import html

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


def test_what_one_asks_the_mirror_hears_and_all_are_told(server: InThisProcess) -> None:
    cookie = inside(server)

    async def work() -> None:
        await told(server, {"do": "tablet book", "book": BOOK}, b"\xff\xd8tiles")
        one = await look(server, cookie, **{"Accept-Language": "de"})
        two = await look(server, cookie)
        assert (await one.hear("book"))["names"] == ["Bob", "Afro"]
        book = await two.hear("book")
        assert book["groups"] == [["Short", [0]], ["Long", [1]]] and book["dyes"][0] == [
            "none",
            "its own",
            None,
        ]
        assert (await one.hear("state"))["phase"] == (await two.hear("state"))["phase"] == "waking"
        for command in (("style", 1), ("dye", "copper"), ("loss", -0.5), ("split", True), ("next", None)):
            await one.say({"do": command[0], "value": command[1], "visit": 1})
        until(lambda: len(commands(server)) == 5)
        assert commands(server) == [("style", 1, 1), ("dye", "copper", 1), ("loss", -0.5, 1),
                                    ("split", True, 1), ("next", None, 1)]  # fmt: skip
        await told(server, {"do": "tablet state", "state": HERE})
        states = [await client.hear("state") for client in (one, two)]
        assert [state.pop("worn") for state in states] == ["Bob, Kupfer", "bob, copper"]
        assert states[0] == states[1], "two tablets agree"
        late = await look(server, cookie)
        assert (await late.hear("state"))["worn"] == "bob, copper", "and so does one that comes later"
        one.close()
        until(lambda: {"is": "tablets", "count": 2} in server.told[-2:])

    talk(work)
    assert [m["count"] for m in server.told if m["is"] == "tablets"][:3] == [1, 2, 3]
    assert ask(server.origin, "/tablet/styles.jpg", Cookie=cookie).body == b"\xff\xd8tiles"


def test_nothing_is_asked_of_the_mirror_while_nobody_looks(server: InThisProcess) -> None:
    cookie = inside(server)
    ask(server.origin, "/tablet", Cookie=cookie)
    assert [m["is"] for m in server.told] == ["ready"], "no picture is wanted"


def test_who_does_not_draw_is_sent_no_more_and_others_are(server: InThisProcess) -> None:
    cookie = inside(server)
    assert server.service.tablet is not None
    room = server.service.tablet.room

    def wants() -> int:
        return sum(message["is"] == "want" for message in server.told)

    async def work() -> None:
        slow, quick = await look(server, cookie), await look(server, cookie)
        await told(server, {"do": "tablet state", "state": HERE})
        for number in range(1, 9):
            until(lambda number=number: wants() == number)  # type: ignore[misc]
            await told(server, picture(number), b"\xff\xd8" + bytes([number]))
            assert await quick.hear("picture") == HEAD.pack(number, 1) + b"\xff\xd8" + bytes([number])
            await quick.say({"drawn": number})
        until(lambda: wants() == 9)  # one at a time
        until(lambda: max(screen.flow.free for screen in room.screens) == 2)
        assert min(screen.flow.free for screen in room.screens) == 0, "two were sent to the slow one"
        quick.close()
        slow.close()

    talk(work)


def test_a_picture_of_a_visitor_who_has_gone_is_shown_to_nobody(server: InThisProcess) -> None:
    cookie = inside(server)

    async def work() -> None:
        client = await look(server, cookie)
        await told(server, {"do": "tablet state", "state": HERE})
        await told(server, {"do": "tablet state", "state": GONE})
        await told(server, picture(1, visit=1), b"\xff\xd8 the old visitor")
        await told(server, {"do": "tablet state", "state": GONE | {"visit": 3, "phase": "away"}})
        while True:
            heard = await asyncio.wait_for(client._socket.read_message(), 20)
            assert not isinstance(heard, bytes)
            if json.loads(heard or "{}").get("state", {}).get("phase") == "away":
                break
        late = await look(server, cookie)
        state = await late.hear("state")
        assert state == {"visit": 3, "phase": "away"}, "nothing of them is told to who comes later"

    talk(work)


def test_the_delay_is_measured_from_the_camera_on(server: InThisProcess) -> None:
    cookie = inside(server)

    async def work() -> None:
        client = await look(server, cookie)
        await told(server, {"do": "tablet state", "state": HERE})
        assert server.service.tablet is not None
        tend = server.service.tablet.room.tend
        server._loop.call_soon_threadsafe(tend)
        first = await client.hear("echo")
        assert first["delay"] is None
        await client.say({"echo": first["echo"]})
        await told(server, picture(1, captured_at=time.monotonic() - 5.0), b"\xff\xd8")
        await client.hear("picture")
        await client.say({"drawn": 1})
        (screen,) = server.service.tablet.room.screens
        until(lambda: screen.flow.delay is not None)
        screen.flow._told_at = 0.0  # it is time again
        server._loop.call_soon_threadsafe(tend)
        assert (await client.hear("echo"))["delay"] >= 5000

    talk(work)


def test_of_the_delay_the_way_back_is_taken_off() -> None:
    flow = Flow()
    assert flow.ask_echo(10.0) == 1 and flow.ask_echo(11.0) is None
    assert not flow.echoed(2, 10.0) and flow.echoed(1, 10.1) and not flow.echoed(1, 10.2)
    flow.sent(7, 10.0)
    assert flow.drawn(7, 10.4) and flow.delay == pytest.approx(0.35)
    assert not flow.drawn(7, 10.5), "once"


NO_COMMANDS = [
    "", "x", "{}", "[]", "null", "1", '"style"', "[" * 400, '{"do":"style","value":1}',
    '{"do":"style","value":1,"visit":1,"more":1}', '{"do":"style","value":true,"visit":1}',
    '{"do":"style","value":-1,"visit":1}', '{"do":"style","value":1.5,"visit":1}',
    '{"do":"style","value":10000,"visit":1}', '{"do":"style","value":1,"visit":true}',
    '{"do":"leave","value":null,"visit":1}', '{"do":["style"],"value":1,"visit":1}',
    '{"do":"loss","value":NaN,"visit":1}', '{"do":"loss","value":1.1,"visit":1}',
    '{"do":"loss","value":"0","visit":1}', '{"do":"dye","value":"","visit":1}',
    '{"do":"dye","value":"a\\nb","visit":1}', '{"do":"dye","value":"\\ud800","visit":1}',
    '{"do":"dye","value":"' + "a" * 61 + '","visit":1}', '{"do":"next","value":1,"visit":1}',
    '{"do":"split","value":1,"visit":1}', '{"drawn":1}', '{"drawn":true}', '{"echo":99}', '{"echo":1,"x":2}',
]  # fmt: skip


@pytest.mark.parametrize("said", NO_COMMANDS)
def test_what_is_no_command_is_refused(said: str) -> None:
    with contextlib.suppress(ValueError):  # no JSON
        assert read_command(json.loads(said)) is None


def test_who_says_what_may_not_be_said_is_shut_out(server: InThisProcess) -> None:
    cookie = inside(server)

    async def work() -> None:
        for said, code in ((NO_COMMANDS[9], 1008), ('{"drawn":1}', 1008), (b"\x00", 1008), ("x" * 513, 1009)):
            client = await look(server, cookie)
            await client.say(said)
            assert await client.closed() == code, said
            until(lambda: server.told[-1] == {"is": "tablets", "count": 0})

    talk(work)
    assert commands(server) == []


def test_who_floods_is_shut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tablet_handlers, "MESSAGES_A_SECOND", 0.0)
    monkeypatch.setattr(tablet_handlers, "MESSAGES_AT_ONCE", 20.0)
    with InThisProcess(pin=STORED) as server:
        cookie = inside(server)

        async def work() -> None:
            client = await look(server, cookie)
            for _ in range(25):
                await client.say({"do": "surprise", "value": None, "visit": 1})
            assert await client.closed() == 1008

        talk(work)
        assert len(commands(server)) == 20


def test_only_so_many_look_at_once_and_a_place_comes_free(server: InThisProcess) -> None:
    cookie = inside(server)

    async def work() -> None:
        clients = [await look(server, cookie) for _ in range(MOST_TABLETS)]
        with pytest.raises(HTTPClientError) as caught:
            await look(server, cookie)
        assert caught.value.code == 503
        clients[0].close()
        until(lambda: server.told[-1] == {"is": "tablets", "count": MOST_TABLETS - 1})
        await look(server, cookie)

    talk(work)


def test_a_session_that_ends_closes_its_socket(server: InThisProcess) -> None:
    cookie = inside(server)

    async def work() -> None:
        client = await look(server, cookie)
        await client.hear("state")
        assert server.service.tablet is not None
        server.service.tablet.sessions.end(cookie.partition("=")[2])
        await told(server, {"do": "tablet state", "state": HERE})
        assert await client.closed() == 4401

    talk(work)


def test_a_socket_outlasts_connections_and_takes_none_of_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONNECTION_SECONDS", 0.5)
    monkeypatch.setattr(limits, "CONNECTIONS_EACH", 3)
    with InThisProcess(pin=STORED) as server:
        cookie = inside(server)

        async def work() -> None:
            for _ in range(6):  # a tablet that comes and goes
                (await look(server, cookie)).close()
            until(lambda: server.told[-1] == {"is": "tablets", "count": 0})
            client = await look(server, cookie)
            await asyncio.sleep(0.7)
            await told(server, {"do": "tablet state", "state": HERE})
            await client.hear("state")
            assert (await client.hear("state"))["worn"] == "bob, copper"

        talk(work)


def test_who_is_there_no_more_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tablet_handlers, "PING_SECONDS", 0.2)
    with InThisProcess(pin=STORED) as server:
        cookie, host = inside(server), server.origin.partition("://")[2]
        with connect(server.origin) as dead:
            dead.sendall(
                f"GET /tablet/live HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                f"Origin: {server.origin}\r\nCookie: {cookie}\r\n\r\n".encode()
            )
            until(lambda: {"is": "tablets", "count": 1} in server.told)
            heard = b""
            while b"\x88" not in heard:  # WebSocket's word for "closed"
                part = dead.recv(4096)
                assert part, "hung up without a word"
                heard += part
        until(lambda: server.told[-1] == {"is": "tablets", "count": 0})


@contextlib.contextmanager
def real(settings: Share = LOOPBACK, **given: Any) -> Iterator[Server]:
    """The server's own process, with a tablet."""
    server = Server(settings, pin=STORED, **given)
    server.start()
    try:
        assert server.origin, server.problem
        yield server
    finally:
        server.close()


def test_the_real_process_has_a_tablet_and_the_salons_words() -> None:
    with real(texts={"en": {"tablet_title": "Anna's tablet"}}) as server:
        assert "Anna&#x27;s tablet" in ask(server.origin, "/tablet").text
        cookie = inside(server)
        server.tell({"do": "tablet book", "book": BOOK}, bytearray(b"\xff\xd8tiles"))
        until(lambda: ask(server.origin, "/tablet/styles.jpg", Cookie=cookie).status == 200)


def test_with_a_certificate_the_cookie_never_travels_in_the_open(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    with real(dataclasses.replace(LOOPBACK, certificate=certificate, key=key)) as server:
        page, entered = ask(server.origin, "/tablet"), enter(server)
        assert "The connection is encrypted." in page.text and "Secure" in entered.headers["set-cookie"]
        socket = server.origin.replace("https:", "wss:")
        assert f"connect-src 'self' {socket};" in page.headers["content-security-policy"]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read through /proc")
def test_of_a_visitor_who_has_gone_nothing_stays_in_the_servers_memory() -> None:
    """A picture that nothing else has is shown on a tablet; any 32 bytes of it are sought after the visit."""
    patch = np.random.default_rng(7).integers(1, 255, (64, 64, 3), dtype=np.uint8)
    wanted = needles(patch)
    with real() as server:
        cookie = inside(server)
        assert server._process is not None
        process = server._process.pid

        async def work() -> None:
            client = await look(server, cookie)
            await client.hear("state")
            server.tell({"do": "tablet state", "state": HERE})
            for number in range(1, 4):
                until(lambda: {"is": "want"} in server.tend())
                server.tell(picture(number) | {"wipe": True}, bytearray(patch.tobytes()))
                assert (await client.hear("picture"))[HEAD.size :] == patch.tobytes()
                await client.say({"drawn": number})
            server.tell({"do": "tablet state", "state": GONE})
            assert (await client.hear("state")) == GONE
            if platform.libc_ver()[0] != "glibc":
                pytest.skip("only glibc overwrites what is freed")
            assert search(process, wanted).total() == 0

        talk(work)
