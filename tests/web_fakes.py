"""A web server of the kiosk for tests, on the loopback address alone, and clients of good and of ill will."""

from __future__ import annotations

import asyncio
import secrets
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tornado", reason="tornado is not installed: pip install -r requirements-share.txt")

from mirror.app.sharing.web.__main__ import Service  # noqa: E402
from mirror.app.sharing.web.process import Server  # noqa: E402
from mirror.settings.tables import Share  # noqa: E402

LOOPBACK = Share(network="127.0.0.1", port=0, name="Salon Anna")  # 0: a free one
FILES = {
    "before.jpg": b"\xff\xd8before",
    "after.jpg": b"\xff\xd8after",
    "pair.jpg": b"\xff\xd8" + b"pair" * 500,
}


def until(wanted: Callable[[], Any], seconds: float = 20.0) -> None:
    """Waits until something is so."""
    deadline = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def put(
    server: Server | InThisProcess, number: int, files: dict[str, bytes] | None = None, **more: Any
) -> str:
    """Shares some files; their path."""
    token, shared = secrets.token_urlsafe(16), {**(files or FILES)}
    message = {
        "do": "put", "token": token, "number": number, "language": "en", "seconds": 600.0, "wipe": True,
        "files": {name: len(content) for name, content in shared.items()}, **more,
    }  # fmt: skip
    assert server.tell(message, *(bytearray(content) for content in shared.values()))
    if isinstance(server, Server):  # it hears of it through a pipe
        until(lambda: ask(server.origin, f"/{token}/left", source="127.0.0.99").status == 200)
    return f"/{token}"


@contextmanager
def running(settings: Share = LOOPBACK) -> Iterator[Server]:
    """The server's own process."""
    server = Server(settings)
    server.start()
    try:
        assert server.origin, server.problem
        yield server
    finally:
        server.close()


class InThisProcess:
    """The server on a thread of the test's, so that its limits can be shortened first.

    Attributes:
        origin: how its links begin.
        service: what holds the links.
        told: what it told the mirror.
    """

    def __init__(self, settings: Share = LOOPBACK, pin: str | None = None) -> None:
        self.told: list[dict[str, Any]] = []
        self.origin = ""
        self._ready = threading.Event()
        self._settings, self._pin = settings, pin
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> InThisProcess:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self.service.over.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.service = Service()
        self.service.tell = self._tell  # type: ignore[method-assign]
        one = self._settings
        self.service.serve(
            {"network": one.network, "port": one.port, "public": one.public, "host": one.host,
             "name": one.name, "certificate": None, "key": None, "pin": self._pin}
        )  # fmt: skip
        await self.service.over.wait()

    def _tell(self, message: dict[str, Any]) -> None:
        self.told.append(message)
        if message["is"] == "ready":
            self.origin = message["origin"]
            self._ready.set()

    def tell(self, message: dict[str, Any], *carried: bytearray) -> bool:
        """As `Server.tell`."""
        done = threading.Event()

        def hear() -> None:
            self.service.hear(message, bytearray(b"".join(carried)))
            done.set()

        self._loop.call_soon_threadsafe(hear)
        return done.wait(20)


def port_of(origin: str) -> int:
    return int(origin.rsplit(":", 1)[1])


def connect(origin: str, source: str = "127.0.0.1", received: int | None = None) -> socket.socket:
    """A connection, from an address of the loopback network; `received`: bytes that its window has."""
    client = socket.socket()
    if received is not None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, received)
    client.bind((source, 0))
    client.settimeout(20)
    client.connect(("127.0.0.1", port_of(origin)))
    return client


def ask(origin: str, path: str, method: str = "GET", source: str = "127.0.0.1", **headers: str) -> Answer:
    """One request, exactly as it is given, on a connection of its own."""
    body = headers.pop("body", "")
    named = {"Host": origin.partition("://")[2], "Connection": "close", **headers}
    if method == "POST":
        named.setdefault("Content-Length", str(len(body)))
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    with connect(origin, source) as plain:
        client: socket.socket = plain
        if origin.startswith("https:"):
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            client = context.wrap_socket(plain)
        client.sendall(f"{method} {path} HTTP/1.1\r\n{lines}\r\n{body}".encode("latin-1"))
        return Answer(read_all(client))


def read_all(client: socket.socket) -> bytes:
    """What comes until the other side closes."""
    parts = []
    try:
        while part := client.recv(1 << 16):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


class Answer:
    """Status, headers and body."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1]) if raw else 0  # 0: closed without a word
        self.headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])
        }

    @property
    def text(self) -> str:
        return self.body.decode()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key, by openssl; skips where there is none."""
    certificate, key = folder / "mirror.crt", folder / "mirror.key"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
               "-nodes", "-keyout", str(key), "-out", str(certificate), "-days", "2",
               "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"openssl makes no certificate here: {error}")
    return certificate, key
