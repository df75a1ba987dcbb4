"""Memory: what the process gives back holds nothing any more.

Overwriting what is remembered (`mirror.wipe`) does not reach the pictures that libraries made on the way and
gave back with every frame. On Linux with glibc, freed memory can be filled at once (M_PERTURB), for all
libraries alike; that costs a few percent of a frame. Elsewhere what was freed stays until it is used again.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import sys

log = logging.getLogger("mirror")

_M_PERTURB = -6  # <malloc.h>
_FILL = 0xFF  # freed memory is filled with it, and new memory with its complement, 0


def shred_freed() -> bool:
    """From now on freed memory is overwritten; False, said aloud, where the system cannot."""
    libc = _glibc()
    if libc is not None and libc.mallopt(_M_PERTURB, _FILL) == 1:
        return True
    log.warning(
        "This system does not overwrite freed memory: after a wipe, parts of pictures may stay in the "
        "program's memory until they are written over. Linux with glibc does better."
    )
    return False


def give_back() -> None:
    """Drops what nobody holds and hands free memory back to the system, which clears it."""
    gc.collect()
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    # musl has neither.
    return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
