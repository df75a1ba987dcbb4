"""Behind the door: what one tablet asks all are told, and what may not be asked or seen is refused."""

from __future__ import annotations

import asyncio
import contextlib
import json
import platform
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest

from tests.memory_search import needles, search
from tests.tablet_client import (
    BOOK,
    GONE,
    HERE,
    STORED,
    commands,
    inside,
    look,
    picture,
    real,
    talk,
    told,
)
from tests.web_fakes import (
    InThisProcess,
    ask,
    connect,
    until,
)

from tornado.httpclient import HTTPClientError  # isort: skip
from mirror.app.sharing.web import limits, tablet_handlers  # isort: skip
from mirror.app.sharing.web.tablet_commands import read_command  # isort: skip
from mirror.app.sharing.web.tablet_room import HEAD, MOST_TABLETS, Flow  # isort: skip


@pytest.fixture
def server() -> Iterator[InThisProcess]:
    with InThisProcess(pin=STORED) as served:
        yield served


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
    '{"do":"dye","value":"' + "a" * 121 + '","visit":1}', '{"do":"next","value":1,"visit":1}',
    '{"do":"split","value":1,"visit":1}', '{"drawn":1}', '{"drawn":true}', '{"echo":99}', '{"echo":1,"x":2}',
]  # fmt: skip


@pytest.mark.parametrize("said", NO_COMMANDS)
def test_what_is_no_command_is_refused(said: str) -> None:
    with contextlib.suppress(ValueError):  # no JSON
        assert read_command(json.loads(said)) is None


def test_who_says_what_may_not_be_said_is_shut_out(server: InThisProcess) -> None:
    cookie = inside(server)

    async def work() -> None:
        for said, code in (
            (NO_COMMANDS[9], 1008),
            ('{"drawn":1}', 1008),
            (b"\x00", 1008),
            ("x" * 1025, 1009),
        ):
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


def test_the_real_process_has_a_tablet_and_the_salons_words() -> None:
    with real(texts={"en": {"tablet_title": "Anna's tablet"}}) as server:
        assert "Anna&#x27;s tablet" in ask(server.origin, "/tablet").text
        cookie = inside(server)
        server.tell({"do": "tablet book", "book": BOOK}, bytearray(b"\xff\xd8tiles"))
        until(lambda: ask(server.origin, "/tablet/styles.jpg", Cookie=cookie).status == 200)


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
