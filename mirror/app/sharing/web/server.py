"""The server: one address, one network, limits for each connection, HTTPS where there is a certificate."""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
import ssl
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tornado import httpserver, ioloop, iostream, netutil

from mirror.app.sharing.web import limits

BACKLOG = 128


class UnfitError(Exception):
    """The server cannot run. `lasting`: whether it stays so until somebody changes the settings."""

    def __init__(self, line: str, *, lasting: bool) -> None:
        super().__init__(line)
        self.lasting = lasting


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server listens.

    Attributes:
        address: of this machine.
        network: whose machines are answered; None: any.
        port: that it listens on; 0 takes a free one.
    """

    address: str
    network: ipaddress.IPv4Network | ipaddress.IPv6Network | None
    port: int

    def answers(self, peer: str) -> bool:
        """Whether a machine is answered."""
        found = ipaddress.ip_address(peer.partition("%")[0])
        return self.network is None or (found.version == self.network.version and found in self.network)


def find_place(network: str, port: int, public: bool) -> Place:
    """Where to listen, for `network` as the settings have it: an address, or a network this machine is in.

    Of a single address the machines of private networks are answered, or all, where `public`.

    Raises:
        UnfitError: this machine has no address in that network.
    """
    if "/" not in network:
        address = ipaddress.ip_address(network)
        return Place(network, None if public else _neighbours(address), port)
    within = ipaddress.ip_interface(network).network
    with socket.socket(
        socket.AF_INET if within.version == 4 else socket.AF_INET6, socket.SOCK_DGRAM
    ) as probe:
        try:
            # Sends nothing: the system only says from which address it would.
            probe.connect((str(within[1] if within.num_addresses > 1 else within[0]), 9))
            found = probe.getsockname()[0].partition("%")[0]
        except OSError:
            found = "0.0.0.0"
    if ipaddress.ip_address(found) not in within:
        raise UnfitError(
            f"This machine has no address in the network {within}. Connect it, or give another one as "
            "network in [share].", lasting=False,
        )  # fmt: skip
    return Place(found, within, port)


def _neighbours(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """The private range that an address lies in."""
    ranges = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
              "::1/128", "fc00::/7", "fe80::/10")  # fmt: skip
    networks = map(ipaddress.ip_network, ranges)
    return next((one for one in networks if one.version == address.version and address in one), None)


def listen(place: Place) -> list[socket.socket]:
    """The listening sockets: of that address alone.

    Raises:
        UnfitError: the port is taken, or the address is not this machine's.
    """
    try:
        return netutil.bind_sockets(place.port, place.address, backlog=BACKLOG, flags=socket.AI_NUMERICHOST)
    except OSError as error:
        where = f"{place.address} port {place.port}"
        lines = {
            errno.EADDRINUSE: f"{where} is taken by another program. Give another port in [share].",
            errno.EADDRNOTAVAIL: f"{place.address} is no address of this machine now. Connect it to that "
            "network, or give another one as network in [share].",
            errno.EACCES: f"{where}: this user may not listen there. Give a port above 1023 in [share].",
        }
        line = lines.get(error.errno or 0, f"{where} cannot be used ({error.strerror or error}).")
        raise UnfitError(line, lasting=False) from None


def secured(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """TLS for a certificate and its key; None without.

    Raises:
        UnfitError: one of them cannot be read, or they do not fit.
    """
    if certificate is None or key is None:
        return None
    for what, path in (("certificate", certificate), ("key", key)):
        try:
            path.read_bytes()
        except OSError as error:
            raise UnfitError(
                f"The {what} {path} cannot be read ({error.strerror}). Give a PEM file as {what} in [share].",
                lasting=True,
            ) from None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2

    def no_password() -> str:
        raise ValueError("the key has a password")

    try:
        context.load_cert_chain(certificate, key, password=no_password)
    except (ssl.SSLError, ValueError) as error:
        reason = str(getattr(error, "reason", None) or error).lower().replace("_", " ")
        raise UnfitError(
            f"Certificate {certificate} and key {key} do not make HTTPS ({reason}). Give a PEM certificate "
            "and its own key, without a password.", lasting=True,
        ) from None  # fmt: skip
    return context


class Server(httpserver.HTTPServer):
    """Tornado's server with a limit on connections: how many, from whom, and for how long."""

    def initialize(  # type: ignore[override]
        self, application: Any, *, place: Place, context: ssl.SSLContext | None
    ) -> None:
        super().initialize(
            application, ssl_options=context, max_header_size=limits.HEADER_BYTES,
            max_body_size=limits.BODY_BYTES, idle_connection_timeout=limits.HEADER_SECONDS,
            body_timeout=limits.BODY_SECONDS,
        )  # fmt: skip
        self._place = place
        self._each: Counter[str] = Counter()
        self._ends: dict[iostream.IOStream, object] = {}

    def handle_stream(self, stream: iostream.IOStream, address: tuple[Any, ...]) -> None:
        """See Tornado. What is too much is closed unheard."""
        who = limits.neighbour(address[0])
        full = len(self._ends) >= limits.CONNECTIONS or self._each[who] >= limits.CONNECTIONS_EACH
        if full or not self._place.answers(address[0]):
            stream.close()
            return
        self._each[who] += 1
        loop = ioloop.IOLoop.current()
        self._ends[stream] = loop.call_later(limits.CONNECTION_SECONDS, stream.close)
        super().handle_stream(stream, address)

    def on_close(self, server_conn: Any) -> None:
        """See Tornado: closed, or a WebSocket from now on."""
        super().on_close(server_conn)
        end = self._ends.pop(server_conn.stream, None)
        if end is not None:
            ioloop.IOLoop.current().remove_timeout(end)
            who = limits.neighbour(server_conn.context.address[0])
            self._each[who] -= 1
            if not self._each[who]:
                del self._each[who]


def quiet_logs() -> None:
    """Tornado's logs name paths, which are links: they are not written."""
    for name in ("tornado.access", "tornado.application", "tornado.general", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
