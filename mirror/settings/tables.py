"""The tables of the settings file: [share], [print], [packs], [show] and [tablet].

They are for the file only, never flags: what opens a network is not switched on by the way, nor whom the
mirror trusts. Which packs it reads may be one (`--pack`).
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mirror.files.signature import EXPECTED, key_text, read_key
from mirror.settings.key import Key, listed, path, switch, text, whole


@dataclass(frozen=True, slots=True)
class Share:
    """[share]: pictures to take home by phone, from a web server on one network.

    Attributes:
        network: an address of this machine ("192.168.4.1"), or the network that it is in ("192.168.4.0/24");
            None: nothing is shared, and no server runs.
        port: that the server listens on, 1024 to 65535.
        minutes: that a link works after the visitor has gone, 1 to 120.
        after_visit: whether links work on after the visitor has gone; False: they end with the visit.
        certificate, key: PEM files; with both it is HTTPS, without both plain HTTP.
        host: the name that links carry in place of the address, as the certificate says it.
        public: whether an address that is not private may be used.
        wifi, wifi_password: the visitors' Wi-Fi, said beside the link and shown as a code to join it.
        name: of the salon, on the first screen and on cards.
    """

    network: str | None = None
    port: int = 8765
    minutes: int = 10
    after_visit: bool = True
    certificate: Path | None = None
    key: Path | None = None
    host: str | None = None
    public: bool = False
    wifi: str | None = None
    wifi_password: str | None = None
    name: str | None = None

    @property
    def problem(self) -> str | None:
        """What does not go together, one sentence; None where all does."""
        if (self.certificate is None) != (self.key is None):
            return "certificate and key belong together: give both for HTTPS, or neither for plain HTTP."
        if self.wifi_password is not None and self.wifi is None:
            return "wifi_password says nothing without wifi. Give the name of the Wi-Fi too."
        if self.network is not None and not self.public and not _private(self.network):
            return (
                f"{self.network} is no private network: strangers could reach the mirror. Give one such "
                "as 192.168.4.1, or write public = true if that is meant."
            )
        return None


@dataclass(frozen=True, slots=True)
class Print:
    """[print]: cards, and the page for the talk with a doctor, on paper, by the system's printer.

    Attributes:
        printer: as CUPS calls it, or "default"; None: nothing is printed.
        free: copies that a visitor may print without the PIN, 0 to 20.
        most: copies at once, with the PIN, 1 to 20.
        media: the paper, as the printer calls it.
        page_printer: for pages, which a printer of cards has no paper for; None: the same.
        page_media: the paper of pages.
    """

    printer: str | None = None
    free: int = 2
    most: int = 6
    media: str = "A6"
    page_printer: str | None = None
    page_media: str = "A4"

    @property
    def problem(self) -> str | None:
        """What does not go together, one sentence; None where all does."""
        return None


@dataclass(frozen=True, slots=True)
class Tablet:
    """[tablet]: the stylist's page, after the kiosk's PIN, on the server of [share].

    Attributes:
        allow: whether there is one.
    """

    allow: bool = False

    @property
    def problem(self) -> str | None:
        """What does not go together, one sentence; None where all does."""
        return None


@dataclass(frozen=True, slots=True)
class Packs:
    """[packs]: signed files of styles, shades and a logo, see `mirror.hair.packs`.

    Attributes:
        files: paths, in the order in which they come.
        trust: public keys, one of which must have signed each, see `mirror.files.signature.key_text`.
    """

    files: tuple[Path, ...] = ()
    trust: tuple[str, ...] = ()

    @property
    def problem(self) -> str | None:
        """What does not go together, one sentence; None where all does."""
        if self.files and not self.trust:
            return f"files need trust, the keys that may have signed them. Give {EXPECTED}, in a list."
        return None


@dataclass(frozen=True, slots=True)
class Show:
    """[show]: what a kiosk shows while nobody is there, see `mirror.app.kiosk.idle_portraits`.

    Attributes:
        styles: names or numbers; () for those of the packs, else a mix of the style book.
        seconds: that each stays, 3 to 600; 0: one stays, and nothing moves.
    """

    styles: tuple[str, ...] = ()
    seconds: float = 8.0

    @property
    def problem(self) -> str | None:
        """What does not go together, one sentence; None where all does."""
        return None


Table = Share | Print | Tablet | Packs | Show
MOST_SHOWN = 60
MOST_PACKS = 16
LONGEST_NAME = 63  # characters


def network(value: Any) -> str | None:
    """An address or a network, as text; "none": None. Never all addresses, and no name."""
    if value == "none":
        return None
    if not isinstance(value, str):
        raise ValueError
    try:
        found = ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise ValueError from None  # its words would be told
    if not found.network_address.is_loopback and (
        found.prefixlen < (8 if found.version == 4 else 16) or found.network_address.is_unspecified
    ):
        raise ValueError(" That would open the mirror to every network.")
    return str(ipaddress.ip_interface(value)) if "/" in value else str(ipaddress.ip_address(value))


def _private(value: str) -> bool:
    return ipaddress.ip_network(value, strict=False).is_private


def _host(value: Any) -> str | None:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", value):
        raise ValueError
    return value


def _short(value: Any) -> str:
    said = text(value)
    if len(said) > LONGEST_NAME or not said.isprintable():
        raise ValueError
    return said


def _queue(value: Any) -> str | None:
    """The name of a printer: CUPS allows no spaces, slashes and the like; no option of `lp` begins so."""
    if value == "none":
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,126}", value):
        raise ValueError
    return value


def _media(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.,-]{0,60}", value):
        raise ValueError
    return value


def _public(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    return key_text(read_key(value))


def _stays(value: Any) -> float:
    if type(value) not in (int, float) or not (value == 0 or 3 <= value <= 600):
        raise ValueError
    return float(value)


_ON = "true or false"
_FILE = "the path of a PEM file"
_NAME = f"up to {LONGEST_NAME} characters"
TABLES: dict[str, tuple[type[Table], str, dict[str, Key]]] = {
    "share": (Share, "A kiosk's pictures to take home by phone, over one network; off by itself.", {
        "network": Key(network, "an address of this machine (192.168.4.1), the network it is in "
                       "(192.168.4.0/24), or none; no 0.0.0.0 and no name",
                       "192.168.4.1", "Where the web server is reached: this network alone, or none: off."),
        "port": Key(whole(1024, 65535), "a whole number from 1024 to 65535", 8765, "The server's port."),
        "minutes": Key(whole(1, 120), "a whole number of minutes from 1 to 120",
                       10, "How long a link works after the visitor has gone."),
        "after_visit": Key(switch, _ON, True, "Whether links work on after the visit at all."),
        "certificate": Key(path, _FILE, "mirror.crt", "With certificate and key: HTTPS; else plain HTTP."),
        "key": Key(path, _FILE, "mirror.key", "The certificate's private key."),
        "host": Key(_host, "a host name in small letters, for example mirror.example.org",
                    "mirror.example.org", "The name in links, as the certificate says it."),
        "public": Key(switch, _ON, True, "Allow an address that is not private."),
        "wifi": Key(_short, _NAME, "Salon guests", "The visitors' Wi-Fi, named beside the link."),
        "wifi_password": Key(_short, _NAME, "come back soon", "Its password, for a code that joins it."),
        "name": Key(_short, _NAME, "Salon Anna", "The salon's name, on the first screen and on cards."),
    }),
    "print": (Print, "Cards and pages on paper, by the system's printer (CUPS), off by itself.", {
        "printer": Key(_queue, "a printer's name as lpstat -e shows it, default, or none",
                       "default", "The printer, or none: off."),
        "free": Key(whole(0, 20), "a whole number from 0 to 20",
                    2, "Copies that a visitor may print without the PIN."),
        "most": Key(whole(1, 20), "a whole number from 1 to 20", 6, "Copies at once, at most."),
        "media": Key(_media, "a paper size as lpoptions -l shows it, for example A6", "A6",
                     "The paper of cards."),
        "page_printer": Key(_queue, "a printer's name as lpstat -e shows it, default, or none", "default",
                            "The printer of pages about hair loss, or none: the same."),
        "page_media": Key(_media, "a paper size as lpoptions -l shows it, for example A4", "A4",
                          "The paper of those pages."),
    }),
    "packs": (Packs, "Style packs: signed files with styles, shades and a logo of a salon or a brand.", {
        "files": Key(listed(path, MOST_PACKS), f"paths of style packs in a list, {MOST_PACKS} at most",
                     ("anna.hairpack",), "The packs, see mirror/app/kiosk/INSTALL.md."),
        "trust": Key(listed(_public, MOST_PACKS), f"{EXPECTED}, in a list of {MOST_PACKS} at most",
                     (key_text(bytes(range(32))),), "The public keys of those whose packs are read."),
    }),
    "show": (Show, "A kiosk's idle screen: portraits of styles, one passing over into the next.", {
        "styles": Key(listed(text, MOST_SHOWN), "names or numbers of styles (--list-styles shows them) in a "
                      f"list, {MOST_SHOWN} at most", ("bob with fringe", "long waves"),
                      "The styles; without them those of the packs, else a mix of all."),
        "seconds": Key(_stays, "a number of seconds from 3 to 600, or 0",
                       8, "Seconds that each stays; 0: nothing moves."),
    }),
    "tablet": (Tablet, "The stylist's tablet: a page after the kiosk's PIN, on the server of [share].", {
        "allow": Key(switch, _ON, True, "Whether there is one."),
    }),
}  # fmt: skip
