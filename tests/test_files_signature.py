"""Keys and signatures: written once, never over, and read with care."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from mirror.core.errors import MirrorError
from mirror.files.signature import is_signed_by, key_text, make_key, public_of, read_key, read_secret, sign
from tests.pack_fakes import SECRET
from tests.strange_files import sparse


def test_a_pair_of_keys_signs_and_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "anna.key"
    key = make_key(path)
    secret = read_secret(path)
    assert public_of(secret) == key == read_key(key_text(key))
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(MirrorError, match="stays as it is"):
        make_key(path)
    assert path.read_bytes() == before
    with pytest.raises(MirrorError, match="cannot be written"):
        make_key(tmp_path / "gone" / "anna.key")
    signature = sign(secret, b"a pack")
    assert is_signed_by(key, signature, b"a pack")
    assert not is_signed_by(key, signature, b"a pack.")
    assert not is_signed_by(public_of(SECRET), signature, b"a pack")
    assert not is_signed_by(key, bytes(64), b"a pack") and not is_signed_by(bytes([255]) * 32, signature, b"")


def test_what_is_no_secret_key(tmp_path: Path) -> None:
    locked = SECRET.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    other = ec.generate_private_key(ec.SECP256R1())
    files = {
        "no secret key": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "has a password": locked,
        "another kind": other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    }
    for said, data in files.items():
        path = tmp_path / "a.key"
        path.write_bytes(data)
        with pytest.raises(MirrorError, match=said) as caught:
            read_secret(path)
        assert str(caught.value).isprintable()
    with pytest.raises(MirrorError, match="There is no secret key"):
        read_secret(tmp_path / "gone.key")
    with pytest.raises(MirrorError, match="larger than"):
        read_secret(sparse(tmp_path / "huge.key", 1 << 30))


def test_without_the_package_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    with pytest.raises(MirrorError, match=r"pip install -r requirements\.txt"):
        make_key(tmp_path / "anna.key")
