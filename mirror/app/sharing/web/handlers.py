"""Handlers: the page of a link, its files, and "delete". Nothing else is there, and nothing says what is."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tornado import gen, iostream, web

from mirror.app.sharing.web import limits
from mirror.app.sharing.web.links import TOKEN, Link, Links
from mirror.app.sharing.web.tablet_door import Door
from mirror.translation.catalogue import FALLBACK, Words, languages
from mirror.translation.message import Said

PART = 64 << 10  # bytes that are written at once
_KINDS = {".jpg": "image/jpeg", ".png": "image/png", ".mp4": "video/mp4"}


@dataclass(slots=True)
class Rates:
    """What each address may still ask, and guess."""

    requests: limits.Rate
    guesses: limits.Rate


@dataclass(frozen=True, slots=True)
class Site:
    """What every handler needs to know.

    Attributes:
        links: what can be fetched.
        rates: limits an address.
        origin: "https://192.168.4.1:8765", as links begin.
        name: of the salon; "" for the mirror's own.
        tablet: the door to the stylist's tablet; None: there is none, and no path of it.
    """

    links: Links
    rates: Rates
    origin: str
    name: str
    tablet: Door | None = None

    @property
    def secure(self) -> bool:
        """Whether it is HTTPS."""
        return self.origin.startswith("https:")


class Handler(web.RequestHandler):
    """What all have in common: headers, limits, and answers that say nothing."""

    site: Site

    def initialize(self, site: Site) -> None:
        self.site = site

    @property
    def address(self) -> str:
        """Who asks."""
        return limits.neighbour(self.request.remote_ip or "0.0.0.0")

    def set_default_headers(self) -> None:
        self.nonce = secrets.token_urlsafe(16)
        self.clear_header("Server")
        for name, value in (
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Robots-Tag", "noindex, nofollow"),
            ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
            (
                "Content-Security-Policy",
                "default-src 'none'; img-src 'self' data:; media-src 'self'; connect-src 'self'; "
                f"style-src 'nonce-{self.nonce}'; script-src 'nonce-{self.nonce}'; "
                "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            ),
        ):
            self.set_header(name, value)

    def prepare(self) -> None:
        if not self.site.rates.requests.take(self.address):
            raise web.HTTPError(429)
        # Another name that leads here is a page elsewhere that wants to read along (DNS rebinding).
        if self.request.host != self.site.origin.partition("://")[2]:
            raise web.HTTPError(404)

    def same_origin(self) -> None:
        """Raises where a page from elsewhere has sent the request."""
        said = self.request.headers.get("Origin")
        site = self.request.headers.get("Sec-Fetch-Site", "same-origin")
        # "null" is what browsers say of a page without a referrer: then Sec-Fetch-Site has to say it.
        if (said not in (None, "null", self.site.origin)) or site not in ("same-origin", "none"):
            raise web.HTTPError(403)

    def link(self, token: str) -> Link:
        """The link of a token; raises 404 where there is none, 429 for who tries too many."""
        link = self.site.links.find(token)
        if link is None:
            raise web.HTTPError(404 if self.site.rates.guesses.take(self.address) else 429)
        return link

    def show(self, page: str, language: str, **values: Any) -> None:
        """Writes a page, in a language."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        words = Words(language)
        self.render(
            page, words=words, language=language, direction="rtl" if words.right_to_left else "ltr",
            nonce=self.nonce, site=self.site, **values,
        )  # fmt: skip

    def write_error(self, status_code: int, **_: Any) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish({404: "Not found", 429: "Too many requests"}.get(status_code, "Refused"))

    def log_exception(self, *_: Any) -> None:
        """Nothing: a log would name links."""

    def compute_etag(self) -> None:
        return None


class Nothing(Handler):
    """All paths that are no link's."""

    def prepare(self) -> None:
        super().prepare()
        raise web.HTTPError(404 if self.site.rates.guesses.take(self.address) else 429)


class LinkPage(Handler):
    """The page of a picture."""

    def get(self, token: str) -> None:
        link = self.site.links.find(token)
        if link is None and self.site.rates.guesses.take(self.address):
            # Who comes too late is told so, and so is who guesses: it looks the same.
            self.set_status(404)
            self.show("gone.html", accepted(self.request.headers.get("Accept-Language", "")), deleted=False)
            return
        link = self.link(token)
        words = Words(link.language)
        self.show(
            "link.html", link.language, token=token, files=list(link.files),
            minutes=max(1, round(self.site.links.left(link) / 60)), seconds=int(self.site.links.left(link)),
            # The page counts on by itself, and puts the number in place of the mark.
            minute=words("page_minutes", count=Said("#")), second=words("page_seconds", count=Said("#")),
            digits=words.digits("0123456789"),
        )  # fmt: skip


class LinkLeft(Handler):
    """How many seconds a link still lasts, for its page."""

    def get(self, token: str) -> None:
        self.write({"left": int(self.site.links.left(self.link(token)))})


class LinkDelete(Handler):
    """The visitor's "delete"."""

    def post(self, token: str) -> None:
        self.same_origin()
        link = self.link(token)
        self.site.links.delete(link)
        self.show("gone.html", link.language, deleted=True)


class LinkFile(Handler):
    """One file of a link, or the part of it that a player asks for."""

    async def get(self, token: str, name: str) -> None:
        link = self.link(token)
        content = link.files.get(name)
        if content is None:
            raise web.HTTPError(404)
        first, end = 0, len(content)
        asked = re.fullmatch(r"bytes=(\d{1,12})-(\d{0,12})", self.request.headers.get("Range", ""))
        if asked:
            first, end = int(asked[1]), min(end, int(asked[2] or end) + 1)
            if first >= end:
                self.set_header("Content-Range", f"bytes */{len(content)}")
                raise web.HTTPError(416)
            self.set_status(206)
            self.set_header("Content-Range", f"bytes {first}-{end - 1}/{len(content)}")
        self.set_header("Content-Type", _KINDS[name[-4:]])
        self.set_header("Content-Disposition", f'inline; filename="{name}"')
        self.set_header("Accept-Ranges", "bytes")
        self.set_header("Content-Length", str(end - first))
        try:
            for at in range(first, end, PART):
                if link.gone:
                    break
                self.write(bytes(memoryview(content)[at : min(at + PART, end)]))
                await gen.with_timeout(timedelta(seconds=limits.STALL_SECONDS), self.flush())
            cut = link.gone
        except (iostream.StreamClosedError, gen.TimeoutError):
            cut = True
        if cut:
            self.request.connection.close()  # type: ignore[union-attr]


def accepted(header: str) -> str:
    """The first language of an Accept-Language header that there is; else English.

    Example:
        >>> accepted("nl, fr-CH;q=0.9, en;q=0.8")
        'fr'
    """
    codes = [part.strip()[:2].lower() for part in header[:200].split(",")]
    return next((code for code in codes if code in languages()), FALLBACK)


def routes(site: Site) -> list[tuple[str, type[Handler], dict[str, Site]]]:
    """Every path that there is."""
    given = {"site": site}
    return [
        (rf"/({TOKEN})", LinkPage, given),
        (rf"/({TOKEN})/left", LinkLeft, given),
        (rf"/({TOKEN})/delete", LinkDelete, given),
        (rf"/({TOKEN})/([a-z0-9]{{1,20}}\.(?:jpg|png|mp4))", LinkFile, given),
    ]
