"""The folder of networks: changed whole or not at all, whatever happens while it is.

A file's name holds the beginning of its SHA-256 (`matte-1a2b3c4d.onnx`), so a new one never takes the
place of one in use. New files are made in a folder beside them and moved in; then `manifest.json` is
replaced, which is the moment at which the new networks are there; then what no entry names is removed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout
from safetensors import SafetensorError

from mirror.core.errors import MirrorError
from mirror.core.head_space import VERSION
from mirror.engines.manifest import FORMAT, NAME, read_manifest

OURS = re.compile(r".+-(?P<digest>[0-9a-f]{8})\.onnx")
WORK = ".export-"
LOCK = ".export.lock"
CANNOT_WRITE = {
    getattr(errno, name, None)
    for name in ("ENOSPC", "EDQUOT", "EFBIG", "EACCES", "EPERM", "EROFS", "EIO", "EEXIST", "ENOTDIR")
}


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(manifest: dict, path: Path) -> None:
    """Writes the manifest whole or not at all, and onto the disk before anybody sees it."""
    part = path.with_suffix(".part")
    try:
        part.write_text(json.dumps(manifest, indent=2) + "\n")
        _onto_disk(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    _onto_disk(path.parent)


def signed(path: Path, name: str) -> dict:
    """Renames a finished file to hold its hash (`matte.onnx` to `matte-1a2b3c4d.onnx`).

    Args:
        name: what its name begins with ("matte"); the rest is its ending.

    Returns:
        The manifest's `file`, `sha256` and `bytes` of it.
    """
    digest = sha256(path)
    path = path.rename(path.with_name(f"{name}-{digest[:8]}{path.name.removeprefix(name)}"))
    return {"file": path.name, "sha256": digest, "bytes": path.stat().st_size}


@contextlib.contextmanager
def workshop(engines: Path) -> Iterator[Path]:
    """An empty folder inside the folder of networks, for one export at a time; gone at the end.

    What cannot be written there is said in one line, and what a killed export left behind is removed.

    Raises:
        MirrorError: another export is at work there; the disk is full or cannot be written; there is a
            manifest that the mirror cannot read.
    """
    try:
        engines.mkdir(parents=True, exist_ok=True)
        with FileLock(engines / LOCK, timeout=0):
            try:
                read_raw(engines)  # what cannot be read must not be written over
                sweep(engines)
                yield Path(tempfile.mkdtemp(dir=engines, prefix=WORK))
            finally:
                sweep(engines)
                with contextlib.suppress(OSError):  # Windows removes no file that is open
                    (engines / LOCK).unlink()
    except Timeout:
        raise MirrorError(
            f"another export is writing into {engines}. Wait until it has ended, or give another --engines."
        ) from None
    except (OSError, SafetensorError) as error:
        if isinstance(error, OSError) and error.errno not in CANNOT_WRITE:
            raise
        why = getattr(error, "strerror", None) or str(error)
        raise MirrorError(
            f"{engines} cannot be written ({why}); what the manifest there names is whole. Make room or give "
            "another folder with --engines, then export again."
        ) from None


def publish(work: Path, engines: Path, networks: dict, files: dict) -> list[str]:
    """Moves the files that entries name from the work folder into the folder of networks, and signs them.

    Args:
        networks, files: new entries of the manifest; those of other names stay.

    Returns:
        Lines for people: what they should know of the folder now.
    """
    old = read_raw(engines)
    new = old | {
        "networks": old["networks"] | networks,
        "files": old["files"] | files,
        "format": FORMAT,
        "headspace": VERSION,
    }
    lines = note_style_book(old, new)
    # On the disk before the manifest names them: after a power cut too, what it names is there.
    for name in sorted(named(networks, files)):
        _onto_disk(work / name)
        os.replace(work / name, engines / name)
    _onto_disk(engines)
    write_manifest(new, engines / NAME)
    retired = named(old["networks"], old["files"]) - named(new["networks"], new["files"])
    stuck = [name for name in sorted(retired) if not _removed(engines / name)]
    if stuck:
        lines.append(f"could not be removed, and no longer needed: {', '.join(stuck)}")
    return lines


def note_style_book(old: dict, new: dict) -> list[str]:
    """Points out a style book whose codes are of an encoder that is no longer there.

    Its entry keeps the SHA-256 of that encoder (`encoder`) from the first export on; an entry without one
    is new, and of the encoder that stood beside it.
    """
    book, before = new["files"].get("stylebook"), old["networks"].get("encoder")
    if not (book and before):
        return []
    maker = book.get("encoder", before["sha256"])
    new["files"]["stylebook"] = book | {"encoder": maker}
    if maker == new["networks"]["encoder"]["sha256"]:
        return []
    return ["the style book is still of the encoder before: make it anew with python -m train styles"]


def sweep(engines: Path) -> None:
    """Removes what exports left behind: their work folders, and files of ours that no entry names.

    A file is ours if its name holds the beginning of its own SHA-256. Without a readable manifest only
    work folders go.
    """
    for folder in engines.glob(f"{WORK}*/"):
        shutil.rmtree(folder, ignore_errors=True)
    try:
        manifest = read_raw(engines)
    except (OSError, MirrorError):
        return
    kept = named(manifest["networks"], manifest["files"])
    for path in engines.iterdir():
        ours = OURS.fullmatch(path.name)
        if ours and path.name not in kept and path.is_file() and sha256(path)[:8] == ours["digest"]:
            _removed(path)


def read_raw(engines: Path) -> dict:
    """The manifest as it is written, with `networks` and `files`; both empty where there is none.

    Raises:
        MirrorError: there is one that the mirror cannot read.
    """
    if not (engines / NAME).exists():
        return {"networks": {}, "files": {}}
    try:
        read_manifest(engines)
    except MirrorError as error:
        raise MirrorError(f"{error} Or export into an empty folder with --engines.") from None
    raw = json.loads((engines / NAME).read_text(encoding="utf-8"))
    raw.setdefault("files", {})
    return raw


def named(networks: dict, files: dict) -> set[str]:
    """The names of all files that entries of a manifest name."""
    return {entry["file"] for entry in [*networks.values(), *files.values()]}


def _onto_disk(path: Path) -> None:
    """Waits until a file, or a folder's list of files, is on the disk. Windows does the latter by itself."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _removed(path: Path) -> bool:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    return not path.exists()
