"""Memory: what the process gives back holds nothing any more.

Overwriting what is remembered (`mirror.core.erase`) does not reach the pictures that libraries made on the
way and gave back with every frame. On Linux with glibc, freed memory can be filled at once (M_PERTURB), for
all libraries alike; that costs a few percent of a frame. Elsewhere what was freed stays until it is used
again.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import sys

log = logging.getLogger("mirror")

_M_MMAP_THRESHOLD, _M_PERTURB, _M_ARENA_MAX = -3, -6, -8  # <malloc.h>
_FILL = 0xFF  # freed memory is filled with it, and new memory with its complement, 0
# Larger blocks, pictures and weights, go back to the system when they are freed; and threads share a few
# heaps. Without that a kiosk of many visitors would hold on to ever more half-empty ones.
_LARGE, _HEAPS = 1 << 18, 4


def shred_freed() -> bool:
    """From now on freed memory is overwritten; False, said aloud, where the system cannot."""
    libc = _glibc()
    if libc is not None and libc.mallopt(_M_PERTURB, _FILL) == 1:
        libc.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_M_ARENA_MAX, _HEAPS)
        return True
    log.warning(
        "This system does not overwrite freed memory: after a wipe, parts of pictures may stay in the "
        "program's memory until they are written over. Linux with glibc does better."
    )
    return False


def no_core_dump() -> None:
    """A crash does not write the memory to the disk, where the system has such a limit."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        pass


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
