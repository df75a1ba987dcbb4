"""A style pack made on the spot, of the plain cap of `tests.grown_fakes`."""

from __future__ import annotations

import dataclasses
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mirror.files.signature import public_of
from mirror.hair.packs.logo import logo_file
from mirror.hair.packs.portrait import SIZE, portrait_file
from mirror.hair.packs.sealed_file import Content, write_sealed
from mirror.hair.style_file import write_style
from tests.grown_fakes import grown_style

SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))
TRUSTED = [public_of(SECRET)]
CHART = b'[[shades]]\nname = "Caramel 7/34"\nswatch = "#a5713e"\n'


@cache
def style_bytes(name: str = "Anna's cap", tags: tuple[str, ...] = ("short",), stand_in: str = "bob") -> bytes:
    style = grown_style()
    listing = dataclasses.replace(style.listing, name=name, tags=tags, stand_in=stand_in)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "style.hair"
        write_style(dataclasses.replace(style, listing=listing), path)
        return path.read_bytes()


@cache
def portrait() -> bytes:
    return portrait_file(np.full((SIZE[1], SIZE[0], 3), 120, np.uint8))


def logo() -> bytes:
    return logo_file(np.full((40, 120, 4), 200, np.uint8))


def style(name: str = "Anna's cap", **more: Any) -> Content:
    replaces = more.pop("replaces", False)
    return Content("style", style_bytes(name, **more), replaces=replaces)


def pack_file(path: Path, *contents: Content, name: str = "Salon Anna", secret: Any = SECRET) -> Path:
    given = contents or (
        style(), Content("portrait", portrait(), "Anna's cap"), Content("chart", CHART),
        Content("logo", logo()),
    )  # fmt: skip
    write_sealed(path, secret, name, "2026-11-25", given)
    return path
