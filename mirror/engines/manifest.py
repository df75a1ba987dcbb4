"""The manifest of the networks we ship: which files, what they take and give, and their SHA-256.

A file is read once, checked, and handed on as bytes, so that what was checked is what runs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mirror.core import head_space
from mirror.engines.protocol import Port
from mirror.core.errors import MirrorError
from mirror.files.format_version import UPDATE, is_newer
from mirror.files.reading import read_ordinary
from mirror.files.size_limits import JSON_BYTES, WEIGHTS_BYTES

# 2: the painter gives hair and body apart. 3: one file a network, which every engine builds from.
FORMAT = 3
NAME = "manifest.json"
AGAIN = "Install the program again, or fetch its engines folder again."
OLDER = f"{AGAIN} Networks of your own: export them again, into an empty folder (python -m train export)."


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of weights and the SHA-256 it must have.

    Attributes:
        path: where it lies.
        sha256: hex, lower case.
        size: bytes it must have, or None where the manifest does not say.
    """

    path: Path
    sha256: str
    size: int | None = None

    def read(self) -> bytes:
        """The file's bytes, checked.

        Raises:
            MirrorError: missing, unreadable, empty, truncated, or not the file the manifest names.
        """
        try:
            data = read_ordinary(self.path, WEIGHTS_BYTES)
        except FileNotFoundError:
            raise MirrorError(f"the weights {self.path} are missing. {AGAIN}") from None
        except OSError as error:
            raise MirrorError(f"the weights {self.path} cannot be read ({error.strerror}). {AGAIN}") from None
        if not data:
            raise MirrorError(f"the weights {self.path} are empty (0 bytes). {AGAIN}")
        if self.size is not None and len(data) < self.size:
            raise MirrorError(
                f"the weights {self.path} are truncated: {len(data)} of {self.size} bytes are there. {AGAIN}"
            )
        found = hashlib.sha256(data).hexdigest()
        if found != self.sha256:
            raise MirrorError(
                f"the weights {self.path} are not the ones the manifest names: SHA-256 {found[:12]}..., "
                f"not {self.sha256[:12]}... ({len(data)} bytes: truncated, damaged, replaced). {AGAIN}"
            )
        return data


@dataclass(frozen=True, slots=True)
class Network:
    """One network of the manifest.

    Attributes:
        name: "matte", "painter", ...
        file: the ONNX: weights in float16, each cast to float32, arithmetic and ports in float32.
        inputs, outputs: by name.
    """

    name: str
    file: WeightFile
    inputs: Mapping[str, Port]
    outputs: Mapping[str, Port]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything `engines/manifest.json` says.

    Example:
        >>> manifest = read_manifest(ENGINES_FOLDER)                          # doctest: +SKIP
        >>> book = manifest.file("stylebook").read()                          # doctest: +SKIP
    """

    path: Path
    networks: Mapping[str, Network]
    files: Mapping[str, WeightFile]

    def network(self, name: str) -> Network:
        """The network of that name. Raises MirrorError, listing the names, where there is none."""
        if name not in self.networks:
            raise MirrorError(
                f"{self.path} names no network {name!r}; it has {_names(self.networks)}. {AGAIN}"
            )
        return self.networks[name]

    def file(self, name: str) -> WeightFile:
        """The other file of that name. Raises MirrorError, listing the names, where there is none."""
        if name not in self.files:
            raise MirrorError(f"{self.path} names no file {name!r}; it has {_names(self.files)}. {AGAIN}")
        return self.files[name]


def read_manifest(folder: Path) -> Manifest:
    """Reads `manifest.json` of a folder of networks. No weights are read yet.

    Raises:
        MirrorError: missing, unreadable, not JSON, of another format, made for another head space, or
            with an entry missing or of the wrong kind (which one is said).
    """
    path = Path(folder) / NAME
    try:
        raw = json.loads(read_ordinary(path, JSON_BYTES).decode("utf-8"))
    except FileNotFoundError:
        raise MirrorError(f"{path} is missing: without it no network can be used. {AGAIN}") from None
    except OSError as error:
        raise MirrorError(f"{path} cannot be read ({error.strerror}). {AGAIN}") from None
    except UnicodeDecodeError:
        raise MirrorError(f"{path} is not JSON: it is not even text. {AGAIN}") from None
    except json.JSONDecodeError as error:
        raise MirrorError(f"{path} is not JSON: line {error.lineno}, {error.msg}. {AGAIN}") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, thousands of brackets
        raise MirrorError(f"{path} is not a manifest of networks: nobody writes such JSON. {AGAIN}") from None
    try:
        return _parse(path, raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
        raise MirrorError(f"{path} is not a manifest of networks: {what}. {AGAIN}") from None


def open_file(name: str, folder: Path) -> Path:
    """The path of one of the manifest's other files ("stylebook"), checked to be the right file.

    Raises:
        MirrorError: as `read_manifest` and `WeightFile.read`.
    """
    file = read_manifest(folder).file(name)
    file.read()
    return file.path


def _parse(path: Path, raw: Any) -> Manifest:
    if not isinstance(raw, dict):
        raise TypeError(f"it holds a {type(raw).__name__}, not an object")
    if raw["format"] != FORMAT:
        advice = UPDATE if is_newer(raw["format"], FORMAT) else OLDER
        raise MirrorError(
            f"{path} has format {raw['format']!r:.40}; this program reads format {FORMAT}. {advice}"
        )
    if str(raw["headspace"]) != head_space.VERSION:
        advice = UPDATE if is_newer(raw["headspace"], head_space.VERSION) else AGAIN
        raise MirrorError(
            f"the networks of {path} were trained for head space {raw['headspace']!r:.40}; this program uses "
            f"{head_space.VERSION!r}, so they would see heads in the wrong place. {advice}"
        )
    networks = {name: _network(path.parent, name, entry) for name, entry in raw["networks"].items()}
    files = {name: _file(path.parent, entry) for name, entry in raw.get("files", {}).items()}
    return Manifest(path, networks, files)


def _network(folder: Path, name: str, entry: dict[str, Any]) -> Network:
    return Network(name, _file(folder, entry), _ports(entry["inputs"]), _ports(entry["outputs"]))


def _ports(entry: dict[str, Any]) -> dict[str, Port]:
    return {n: Port(tuple(int(side) for side in p["shape"]), str(p["dtype"])) for n, p in entry.items()}


def _file(folder: Path, entry: dict[str, Any]) -> WeightFile:
    name, digest, size = str(entry["file"]), str(entry["sha256"]).lower(), entry.get("bytes")
    # A plain name: the manifest speaks of its own folder and of nothing else on the machine.
    if not name or name != Path(name).name or "\\" in name:
        raise ValueError(f"{name!r} is not a plain file name")
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise ValueError(f"the SHA-256 of {name} is not 64 hex digits")
    return WeightFile(folder / name, digest, None if size is None else int(size))


def _names(entries: Mapping[str, Any]) -> str:
    return ", ".join(sorted(entries)) or "none"
