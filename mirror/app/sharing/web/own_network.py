"""The network that this machine is in, as the system knows it. Nothing is sent to find out."""

from __future__ import annotations

import ipaddress
import socket

_ELSEWHERE = "192.0.2.1"  # an address that belongs to nobody (RFC 5737): what is asked is the way out
_AROUND = 24  # bits that machines of one network share, as in most; what lies further off is not served


def own_network() -> str | None:
    """For example "192.168.4.0/24"; None where this machine is in no private network.

    IPv4 alone: a link with an IPv6 address is too long to be typed.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Sends nothing: the system only says from which address it would.
            probe.connect((_ELSEWHERE, 9))
            found = ipaddress.ip_address(probe.getsockname()[0])
        except OSError:
            return None
    if found.is_loopback or found.is_unspecified or not found.is_private:
        return None
    return str(ipaddress.ip_network(f"{found}/{_AROUND}", strict=False))
