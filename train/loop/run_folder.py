"""The folder of a run: of one run alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from mirror.core.errors import MirrorError
from train.loop.checkpoint import CHECKPOINT


@contextmanager
def folder_of_its_own(out: Path, *, resume: bool) -> Iterator[None]:
    """Keeps two runs from writing into one folder, now or one after the other.

    Raises:
        MirrorError: another run is writing there, or one did and `resume` is not set; or the folder
            cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with FileLock(out / ".lock", timeout=0):
            if not resume and ((out / CHECKPOINT).exists() or (out / "average.safetensors").exists()):
                raise MirrorError(
                    f"{out} already holds a run, which this one would overwrite. Go on with it by --resume, "
                    "or give another --out."
                )
            yield
    except Timeout:
        raise MirrorError(f"Another run is writing into {out} just now. Give another --out.") from None
    except OSError as error:
        raise MirrorError(
            f"{out} cannot be written ({error.strerror or error}). Give another --out."
        ) from None
