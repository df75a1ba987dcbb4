"""Signatures: who made a file, and that nobody changed it since. Ed25519 (RFC 8032), by `cryptography`.

A public key is written as `ed25519:` and 43 letters; a secret one is a PEM file (PKCS 8), as OpenSSL's.
"""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path
from typing import TYPE_CHECKING

from mirror.core.errors import MirrorError
from mirror.files.reading import read_ordinary

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY, SIGNATURE = 32, 64  # bytes
EXPECTED = 'a public key as "ed25519:" and 43 letters, digits, - or _'
_BEGINS = "ed25519:"
_PEM_BYTES = 1 << 14  # of a key's file; ours have 119


def key_text(key: bytes) -> str:
    """How a person reads a public key of 32 bytes.

    Example:
        >>> key_text(bytes(32))[:14]
        'ed25519:AAAAAA'
    """
    return _BEGINS + base64.urlsafe_b64encode(key).decode().rstrip("=")


def read_key(text: str) -> bytes:
    """The 32 bytes of a public key; there is one way to write each.

    Raises:
        ValueError: it is none.
    """
    said = text.strip()
    try:
        key = base64.urlsafe_b64decode(said.removeprefix(_BEGINS) + "=")
    except (binascii.Error, ValueError):
        raise ValueError from None
    if len(key) != KEY or key_text(key) != said:
        raise ValueError
    return key


def is_signed_by(key: bytes, signature: bytes, said: bytes) -> bool:
    """Whether the owner of a public key signed these very bytes.

    Raises:
        MirrorError: the package that finds out is not installed.
    """
    library = _library()
    from cryptography.exceptions import InvalidSignature

    try:
        library.Ed25519PublicKey.from_public_bytes(key).verify(signature, said)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign(secret: Ed25519PrivateKey, said: bytes) -> bytes:
    """The signature of some bytes, 64 bytes."""
    return secret.sign(said)


def public_of(secret: Ed25519PrivateKey) -> bytes:
    """The public key that belongs to a secret one, 32 bytes."""
    return secret.public_key().public_bytes_raw()


def make_key(path: Path) -> bytes:
    """Makes a pair of keys, writes the secret one, for nobody else to read, and returns the public one.

    Raises:
        MirrorError: the file is there already, which is never written over, or cannot be written.
    """
    library = _library()
    from cryptography.hazmat.primitives import serialization as pem

    secret = library.Ed25519PrivateKey.generate()
    data = secret.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    try:
        # Never over another key: what that one signed could be made by nobody any more.
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
    except FileExistsError:
        raise MirrorError(
            f"{path} is there already and stays as it is. Give the path of a new file."
        ) from None
    except OSError as error:
        raise MirrorError(
            f"The secret key {path} cannot be written ({error.strerror}). Give a path that you may write."
        ) from None
    return public_of(secret)


def read_secret(path: Path) -> Ed25519PrivateKey:
    """The secret key of a file that `make_key` wrote.

    Raises:
        MirrorError: it is missing, cannot be read, or is no such key.
    """
    library = _library()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    make = "Make one with: python -m mirror.app.packs key FILE"
    try:
        secret = load_pem_private_key(read_ordinary(path, _PEM_BYTES), None)
    except FileNotFoundError:
        raise MirrorError(f"There is no secret key {path}. {make}") from None
    except OSError as error:
        raise MirrorError(f"The secret key {path} cannot be read ({error.strerror}). {make}") from None
    except TypeError:  # it has a password
        raise MirrorError(
            f"The secret key {path} has a password. Take it away first: openssl pkey -in FILE -out NEW_FILE"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise MirrorError(f"{path} is no secret key as a PEM file. {make}") from None
    if not isinstance(secret, library.Ed25519PrivateKey):
        raise MirrorError(f"{path} is a key of another kind than Ed25519. {make}")
    return secret


def _library():  # type: ignore[no-untyped-def]
    """Only where a pack is used: its import takes 50 ms."""
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise MirrorError(
            "Style packs need the package cryptography, which is not installed. Install it with: "
            "pip install -r requirements.txt"
        ) from None
    return ed25519
