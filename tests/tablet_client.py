"""A stylist's tablet for tests: gives the PIN, opens the socket, speaks and listens. On the loopback."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any
from urllib.parse import urlencode

from mirror.settings import kiosk_pin
from mirror.settings.tables import Share
from tests.web_fakes import (
    LOOPBACK,
    Answer,
    InThisProcess,
    ask,
)

from tornado.httpclient import HTTPRequest  # isort: skip
from tornado.websocket import WebSocketClientConnection, websocket_connect  # isort: skip
from mirror.app.sharing.web.process import Server  # isort: skip

PIN, WRONG = "2593", "2594"
STORED = kiosk_pin.make(PIN)
BOOK = {"names": ["bob", "afro"], "groups": [["short", [0]], ["long", [1]]], "columns": 10,
        "dyes": [["none", None], ["copper", "#a05030"], ["5/0", "#503828"], ["8/3", "#b08850"]],
        "pages": [["range", ["5/0", "8/3"]], ["named", ["copper"]]], "tones": ["/0", "/3"], "across": 2,
        "kinds": ["one", "highlights", "balayage", "ombre", "roots", "split"],
        "filters": [["people", ["women", "men"]], ["length", ["short", "medium", "long"]]]}  # fmt: skip
HERE = {"visit": 1, "phase": "here", "opening": False, "style": 0, "worn": "bob, copper", "dye": "copper",
        "loss": None, "shades": [], "shade": None, "split": False, "kind": "one", "parts": ["copper"],
        "filter": {}, "left": None, "scale": "Norwood", "course": False}  # fmt: skip
GONE = {"visit": 2, "phase": "leaving"}


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
