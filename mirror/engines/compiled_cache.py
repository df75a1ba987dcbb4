"""The cache of compiled engines in the user's cache folder.

An entry is two files: the blob and a JSON sidecar with the whole key and the blob's SHA-256. Only a
blob whose sidecar holds exactly the key that is asked for, and whose SHA-256 fits, is ever loaded;
everything else (stale, corrupt, half written, written by two programs at once) is built again.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs

from mirror.files.reading import read_ordinary
from mirror.files.size_limits import JSON_BYTES, WEIGHTS_BYTES
from mirror.files.partial_files import replace_whole, sweep

log = logging.getLogger("mirror")


@dataclass(frozen=True, slots=True)
class CacheKey:
    """Everything a compiled engine depends on: when any of it changes, the engine is built again.

    Attributes:
        network: "matte", "painter", ...
        onnx: SHA-256 of the ONNX it was built from, hex.
        runtime: "tensorrt" or "tensorrt_rtx".
        version: of the runtime.
        device: name of the GPU.
        capability: compute capability of the GPU, for example "8.9".
        precision: "f16" or "f32".
        shapes: every input and output with its shape, as text.
        kind: "engine", or "kernels" for what a runtime compiles at its first run.
    """

    network: str
    onnx: str
    runtime: str
    version: str
    device: str
    capability: str
    precision: str
    shapes: str
    kind: str = "engine"

    @property
    def stem(self) -> str:
        """The entry's place on the disk.

        One place for each network, runtime, precision and GPU: an entry for an older network or
        runtime is overwritten, not left behind. The sidecar decides what the entry really is.
        """
        gpu = hashlib.sha256(f"{self.device} {self.capability}".encode()).hexdigest()[:8]
        return f"{self.network}-{self.runtime}-{self.precision}-{gpu}-{self.kind}"


def cache_folder() -> Path:
    """The folder of compiled engines: below the user's own cache folder, made when first written."""
    return platformdirs.user_cache_path("hair-mirror", appauthor=False) / "engines"


def load(key: CacheKey, folder: Path) -> tuple[bytes | None, str]:
    """The blob kept under a key.

    Returns:
        (blob, "") where the entry is whole and made for exactly this key; otherwise (None, why not).
    """
    blob_path, sidecar_path = _paths(key, folder)
    try:
        sidecar = json.loads(read_ordinary(sidecar_path, JSON_BYTES))
        blob = read_ordinary(blob_path, WEIGHTS_BYTES)
    except FileNotFoundError:
        return None, "not built before"
    except (OSError, ValueError, RecursionError):
        return None, "corrupt: its files cannot be read"
    if not isinstance(sidecar, dict) or not isinstance(sidecar.get("key"), dict):
        return None, "corrupt: its sidecar is not one of ours"
    wanted = asdict(key)
    if sidecar["key"] != wanted:
        changed = [name for name, value in wanted.items() if sidecar["key"].get(name) != value]
        return None, f"stale: another {' and '.join(changed) or 'key'}"
    if hashlib.sha256(blob).hexdigest() != sidecar.get("sha256"):
        return None, "corrupt: its SHA-256 is wrong"
    return blob, ""


def store(key: CacheKey, blob: bytes, folder: Path) -> None:
    """Keeps a blob. A disk that cannot be written costs a warning, not the engine."""
    blob_path, sidecar_path = _paths(key, folder)
    sidecar = {"key": asdict(key), "sha256": hashlib.sha256(blob).hexdigest()}
    try:
        sweep([folder])
        # The blob first: a new blob beside an old sidecar fails the SHA-256 check and is rebuilt.
        replace_whole(blob_path, blob)
        replace_whole(sidecar_path, json.dumps(sidecar, indent=2).encode())
    except OSError as error:
        log.warning("the compiled %s engine could not be kept in %s (%s): it will be built at every start",
                    key.network, folder, error.strerror)  # fmt: skip


def load_or_build(key: CacheKey, build: Callable[[], bytes], folder: Path) -> tuple[bytes, str]:
    """The blob from the cache, or a new one, which is kept.

    Args:
        build: makes the blob; what it raises passes through and nothing is kept.

    Returns:
        The blob, and for people where it came from: "from the cache" or "built now (why)".
    """
    blob, why = load(key, folder)
    if blob is not None:
        return blob, "from the cache"
    log.log(logging.WARNING if why.startswith("corrupt") else logging.INFO,
            "building the %s engine, once (%s)", key.network, why)  # fmt: skip
    blob = build()
    store(key, blob, folder)
    return blob, f"built now ({why})"


def _paths(key: CacheKey, folder: Path) -> tuple[Path, Path]:
    return folder / f"{key.stem}.blob", folder / f"{key.stem}.json"
