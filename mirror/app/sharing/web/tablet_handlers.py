"""Handlers of the stylist's tablet: the page for the PIN, the page behind it, and its socket.

There is none of them unless the settings allow a tablet.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from tornado import httputil, web, websocket

from mirror.app.sharing.web import limits, messages
from mirror.app.sharing.web.handlers import Handler, Site, accepted
from mirror.app.sharing.web.tablet_commands import NOTE, read_command
from mirror.app.sharing.web.tablet_door import Door
from mirror.app.sharing.web.tablet_room import Flow
from mirror.app.sharing.web.tablet_sessions import SECONDS
from mirror.hair.loss.scale_words import COURSE, SCALES
from mirror.hair.styles.groups import SAID
from mirror.hair.styles.trait_words import KINDS
from mirror.hair.styles.trait_words import SAID as TRAIT_SAID
from mirror.translation.catalogue import Words
from mirror.translation.message import Message, Said

PAGES = Path(__file__).with_name("pages")
FILES = {"tablet.css": "text/css", "tablet.js": "text/javascript", "tablet_pin.js": "text/javascript"}
COOKIE = "hair_mirror_tablet"
MESSAGE_BYTES = 1024  # of a tablet's message: commands have 100, a note of Japanese 400
MESSAGES_A_SECOND, MESSAGES_AT_ONCE = 60.0, 120.0  # of a tablet: a slider says 20, pictures drawn 24
PING_SECONDS = 10.0  # in which a tablet has to answer, or it counts as gone
# Titles of pages of shades, by name.
PAGE_TITLES = {
    "range": Message("Levels 1 to 10"), "named": Message("Colours by name"),
    "salon": Message("The salon's shades"),
}  # fmt: skip
_OVER = 4401  # the socket is closed: the session is over, ask for the PIN
_REFUSED = 1008  # WebSocket's own: what came is none of what may come


class TabletHandler(Handler):
    """What those have in common: their own files alone, and who is in."""

    @property
    def door(self) -> Door:
        """The room and who may in; there is one, or there were no such handler."""
        assert self.site.tablet is not None
        return self.site.tablet

    @property
    def inside(self) -> bool:
        """Whether the PIN was given."""
        return self.door.sessions.there(self.get_cookie(COOKIE) or "", self.address)

    @property
    def language(self) -> str:
        """The tablet's."""
        return accepted(self.request.headers.get("Accept-Language", ""))

    def initialize(self, site: Site) -> None:
        super().initialize(site)
        self.set_default_headers()

    def set_default_headers(self) -> None:
        super().set_default_headers()
        if not hasattr(self, "site"):  # Tornado asks before it initializes, and again before an error
            return
        # Not 'self' alone: older Safaris do not count sockets among it.
        socket = self.site.origin.replace("http", "ws", 1)
        self.set_header(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            f"connect-src 'self' {socket}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        )

    def from_here(self) -> None:
        """Raises where a request does not come from a page of ours: browsers always say so of these."""
        if self.request.headers.get("Origin") != self.site.origin:
            raise web.HTTPError(403)

    def from_inside(self) -> None:
        """Raises where the PIN was not given."""
        if not self.inside:
            raise web.HTTPError(403)


class TabletPage(TabletHandler):
    """The page: for the PIN, or behind it."""

    def get(self) -> None:
        words = Words(self.language)
        digits = words.digits("0123456789")
        if not self.inside:
            self.show(
                "tablet_pin.html", self.language, digits=digits, locked=words("locked", seconds=Said("#"))
            )
            return
        keys = {
            "waking": "waking", "away": "tablet_away", "asked": "tablet_asked", "opening": "opening",
            "here": "tablet_here", "album": "tablet_album", "leaving": "tablet_leaving", "failed": "failsafe",
            "lost": "tablet_lost", "all": "tablet_all", "filter": "filter",
        }  # fmt: skip
        said = {phase: words(key) for phase, key in keys.items()}
        delay = words("tablet_delay", count=Said("#"))
        scales = [(scale, words.said(told)) for scale, told in SCALES.items()]
        self.show(
            "tablet.html", self.language, digits=digits, said=json.dumps(said), delay=delay, note=NOTE,
            scales=scales, course=words.said(COURSE),
        )  # fmt: skip


class TabletFile(TabletHandler):
    """What the pages are made of; nothing in it is secret."""

    def get(self, name: str) -> None:
        self.set_header("Content-Type", f"{FILES[name]}; charset=utf-8")
        self.write((PAGES / name).read_bytes())


class TabletTiles(TabletHandler):
    """The thumbnails of all styles, one JPEG."""

    def get(self) -> None:
        self.from_inside()
        if not self.door.room.tiles:
            raise web.HTTPError(404)
        self.set_header("Content-Type", "image/jpeg")
        self.write(self.door.room.tiles)


class TabletEnter(TabletHandler):
    """The PIN. Answers {"wait": seconds until the next try}."""

    async def post(self) -> None:
        self.from_here()
        pin = self.get_body_argument("pin", "")[:64]
        token, wait = await self.door.try_pin(pin, self.address)
        if token:
            self.set_cookie(
                COOKIE, token, path="/tablet", httponly=True, samesite="Strict", secure=self.site.secure,
                max_age=int(SECONDS),
            )  # fmt: skip
        else:
            self.set_status(429 if wait > 0 else 403)
        self.write({"wait": wait})


class TabletLeave(TabletHandler):
    """Logs out."""

    def post(self) -> None:
        self.from_here()
        self.from_inside()
        self.door.sessions.end(self.get_cookie(COOKIE) or "")
        self.clear_cookie(COOKIE, path="/tablet")
        self.write({})


class TabletInside(TabletHandler):
    """Whether the PIN still counts, for a page that lost its socket."""

    def get(self) -> None:
        self.write({"inside": self.inside})


class TabletSocket(TabletHandler, websocket.WebSocketHandler):
    """One tablet that looks. A `mirror.app.sharing.web.tablet_room.Screen`."""

    def __init__(
        self, application: web.Application, request: httputil.HTTPServerRequest, **more: Any
    ) -> None:
        super().__init__(application, request, **more)
        self.flow = Flow()
        self._rate = limits.Rate(MESSAGES_A_SECOND, MESSAGES_AT_ONCE)
        self._words = Words(self.language)

    def check_origin(self, origin: str) -> bool:
        return origin == self.site.origin

    def prepare(self) -> None:
        super().prepare()
        self.from_here()
        self.from_inside()
        if self.door.room.full:
            raise web.HTTPError(503)

    def open(self, *_: str) -> None:
        self.set_nodelay(True)
        self.door.room.enter(self)

    def on_close(self) -> None:
        self.door.room.leave(self)

    def on_message(self, message: str | bytes) -> None:
        if not self.inside:
            self.close(_OVER)
        elif not (self._rate.take(self.address) and isinstance(message, str) and self._heard(message)):
            self.close(_REFUSED)

    def show_state(self, state: messages.Message) -> None:
        """See `mirror.app.sharing.web.tablet_room.Screen`."""
        worn = {"worn": self._words.named(str(state["worn"]))} if state.get("worn") else {}
        self._send({"state": state | worn})

    def show_book(self, book: messages.Message) -> None:
        """See `mirror.app.sharing.web.tablet_room.Screen`."""
        words = self._words
        self._send({"book": book | {
            "names": [words.named(name) for name in book["names"]],
            "groups": [[words.said(SAID[group]), numbers] for group, numbers in book["groups"]],
            "dyes": [[dye, words.named(dye), colour] for dye, colour in book["dyes"]],
            "pages": [[words.said(PAGE_TITLES[page]), page, shades] for page, shades in book["pages"]],
            "kinds": [[kind, *_kind_said(kind, words)] for kind in book["kinds"]],
            "filters": [
                [kind, words.said(KINDS[kind]), [[value, words.said(TRAIT_SAID[value])] for value in values]]
                for kind, values in book["filters"]
            ],
        }})  # fmt: skip

    def show_picture(self, content: bytes) -> None:
        """See `mirror.app.sharing.web.tablet_room.Screen`."""
        self._send(content)

    def show_delay(self, echo: int, delay: float | None) -> None:
        """See `mirror.app.sharing.web.tablet_room.Screen`."""
        self._send({"echo": echo, "delay": None if delay is None else round(1000 * delay)})

    def _send(self, content: messages.Message | bytes) -> None:
        if not self.inside:
            self.close(_OVER)
            return
        with contextlib.suppress(websocket.WebSocketClosedError):
            self.write_message(content, binary=isinstance(content, bytes))

    def _heard(self, message: str) -> bool:
        """Does what a message says; False where it says nothing that may be said."""
        try:
            said = json.loads(message)
        except (ValueError, RecursionError):
            return False
        match said:
            case {"drawn": int(number), **rest} if not rest and not isinstance(number, bool):
                return self.door.room.drawn(self, number)
            case {"echo": int(number), **rest} if not rest and not isinstance(number, bool):
                return self.door.room.echoed(self, number)
        command = read_command(said)
        if command is None:
            return False
        self.door.command(command)
        return True


def _kind_said(kind: str, words: Words) -> tuple[str, str]:
    """How two shades are laid, and what is to be done next, once it is touched."""
    if kind == "one":
        return words.said(Message("one colour")), ""
    return words.named(kind), words.said(Message("{kind}: now the second shade", kind=kind))


def tablet_routes(site: Site) -> list[tuple[str, type[Handler], dict[str, Site]]]:
    """The paths of the tablet, where there is one."""
    given = {"site": site}
    names = "|".join(name.replace(".", r"\.") for name in FILES)
    return [
        ("/tablet", TabletPage, given),
        (rf"/tablet/({names})", TabletFile, given),
        ("/tablet/styles.jpg", TabletTiles, given),
        ("/tablet/enter", TabletEnter, given),
        ("/tablet/leave", TabletLeave, given),
        ("/tablet/inside", TabletInside, given),
        ("/tablet/live", TabletSocket, given),
    ]
