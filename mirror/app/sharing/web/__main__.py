"""The process of the web server: `python -m mirror.app.sharing.web`, started by `process.py`, never by hand.

It hears what to serve from its standard input and ends with it, whatever became of the mirror.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import signal
import threading
from pathlib import Path
from typing import Any

from mirror.app.sharing.web import limits, messages
from mirror.app.sharing.web.links import Link, Links
from mirror.app.sharing.web.tablet_door import Door
from mirror.translation.catalogue import override

NICE = 10
SWEEP_SECONDS = 1.0


class Service:
    """Does what the mirror says, and tells it what happens. On the loop's thread."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self._lock, self._out = threading.Lock(), io.FileIO(1, "wb", closefd=False)
        self.links = Links(told=lambda number, why: self.tell({"is": "gone", "number": number, "why": why}))
        self.tablet: Door | None = None

    def tell(self, message: messages.Message) -> None:
        """Tells the mirror something."""
        with self._lock, contextlib.suppress(OSError):
            messages.write(self._out, message)

    def hear(self, message: messages.Message, carried: bytearray) -> None:
        """Does what the mirror says."""
        match message:
            case {"do": "put", "token": token, "number": number, "files": files}:
                view, at, parts = memoryview(carried), 0, {}
                for name, size in files.items():
                    parts[name] = bytearray(view[at : at + size])
                    at += size
                view.release()
                link = Link(number, parts, float(message["seconds"]), str(message["language"]))
                if not self.links.put(token, link):
                    self.tell({"is": "gone", "number": number, "why": "full"})
            case {"do": "renew", "numbers": numbers}:
                self.links.renew(numbers)
            case {"do": "drop", "numbers": numbers}:
                self.links.drop(numbers)
            case {"do": str(what)} if what.startswith("tablet ") and self.tablet is not None:
                self.tablet.room.hear(message, carried)
        carried[:] = bytes(len(carried))

    def serve(self, given: messages.Message) -> None:
        """Opens the server that the mirror asks for, and tells it where it is, or why not."""
        from tornado import web

        from mirror.app.sharing.web.handlers import Nothing, Rates, Site, routes
        from mirror.app.sharing.web.server import Server, UnfitError, find_place, listen, quiet_logs, secured
        from mirror.app.sharing.web.tablet_handlers import MESSAGE_BYTES, PING_SECONDS, tablet_routes

        quiet_logs()
        files = [Path(given[name]) if given[name] else None for name in ("certificate", "key")]
        try:
            context = secured(*files)
            place = find_place(given["network"], given["port"], given["public"])
            sockets = listen(place)
        except UnfitError as error:
            self.tell({"is": "failed", "why": str(error), "lasting": error.lasting})
            self.over.set()
            return
        host = given["host"] or (f"[{place.address}]" if ":" in place.address else place.address)
        origin = f"http{'s' if context else ''}://{host}:{sockets[0].getsockname()[1]}"
        rates = Rates(
            limits.Rate(limits.REQUESTS_A_SECOND, limits.REQUESTS_AT_ONCE),
            limits.Rate(limits.GUESSES_A_SECOND, limits.GUESSES_AT_ONCE),
        )
        if given.get("pin"):
            self.tablet = Door(given["pin"], lambda message: self.tell(message))
        if given.get("texts"):
            override(given["texts"])
        site = Site(self.links, rates, origin, given["name"] or "", self.tablet)
        application = web.Application(
            routes(site) + (tablet_routes(site) if self.tablet is not None else []),
            default_handler_class=Nothing,
            default_handler_args={"site": site},
            template_path=str(Path(__file__).with_name("pages")),
            log_function=lambda handler: None,
            compress_response=False,
            websocket_max_message_size=MESSAGE_BYTES,
            websocket_ping_interval=PING_SECONDS,
            websocket_ping_timeout=PING_SECONDS,
        )
        server = Server(application, place=place, context=context)
        server.add_sockets(sockets)
        self.tell({"is": "ready", "origin": origin})


async def serve() -> None:
    """Until the mirror is gone or says so."""
    service, loop = Service(), asyncio.get_running_loop()

    def listen() -> None:
        pipe = io.FileIO(0, "rb", closefd=False)
        while (heard := messages.read(pipe)) is not None:
            message, carried = heard
            act: Any = service.serve if message.get("do") == "serve" else service.hear
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(act, *((message,) if act == service.serve else (message, carried)))
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(service.over.set)

    threading.Thread(target=listen, name="mirror", daemon=True).start()
    with contextlib.suppress(NotImplementedError):  # Windows
        loop.add_signal_handler(signal.SIGTERM, service.over.set)
    while not service.over.is_set():
        service.links.sweep()
        if service.tablet is not None:
            service.tablet.room.tend()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(service.over.wait(), SWEEP_SECONDS)
    service.links.wipe()


def main() -> None:
    """The process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the mirror, which ends this one
    if hasattr(os, "nice"):
        os.nice(NICE)
    asyncio.run(serve())
    os._exit(0)  # the thread that listens would wait for its next message


if __name__ == "__main__":
    main()
