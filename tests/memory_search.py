"""Looks through another process's memory for pieces of a picture."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import numpy as np

WORDS = 3  # aligned words of 8 bytes in a row: every run of 32 bytes holds as many
_CHUNK = 32 << 20
_PAGE = os.sysconf("SC_PAGE_SIZE")
_BITS = 20


def needles(patch: np.ndarray) -> np.ndarray:
    """Every 8 bytes in a row of a uint8 RGB picture's rows, as they are kept in some order: sorted uint64.

    RGB, BGR, and both with a fourth byte of 255 or 0; left to right and mirrored.
    """
    kinds = []
    for picture in (patch, patch[:, ::-1]):
        for colours in (picture, picture[..., ::-1]):
            kinds.append(colours)
            for last in (0, 255):
                kinds.append(np.dstack([colours, np.full(colours.shape[:2], last, np.uint8)]))
    found = []
    for kind in kinds:
        rows = np.ascontiguousarray(kind).reshape(len(kind), -1)
        windows = np.lib.stride_tricks.sliding_window_view(rows, 8, axis=1)
        found.append(np.ascontiguousarray(windows).view(np.uint64).ravel())
    return np.unique(np.concatenate(found))


def search(process: int, wanted: np.ndarray) -> Counter[str]:
    """How many runs of at least 32 bytes of `needles` a process holds, by the mapping they lie in."""
    bloom = np.zeros(1 << _BITS, bool)
    bloom[(wanted >> np.uint64(7)).astype(np.int64) & ((1 << _BITS) - 1)] = True
    places: Counter[str] = Counter()
    with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            fields = re.match(r"(\w+)-(\w+) (\S+) \S+ \S+ \S+ *(.*)", line)
            assert fields is not None
            start, end = int(fields[1], 16), int(fields[2], 16)
            # What cannot be written to was not written by the mirror.
            if not fields[3].startswith("rw") or fields[4].startswith(("[v", "/dev/dri")):
                continue
            for at, size in _present(process, start, end):
                try:
                    memory.seek(at)
                    data = memory.read(size)
                except (OSError, ValueError):
                    continue
                words = np.frombuffer(data, np.uint64, len(data) // 8)
                likely = bloom[(words >> np.uint64(7)).astype(np.int64) & ((1 << _BITS) - 1)]
                index = np.flatnonzero(likely)
                index = index[np.isin(words[index], wanted)]
                runs = index[: -WORDS + 1][index[WORDS - 1 :] - index[: -WORDS + 1] == WORDS - 1]
                if len(runs):
                    places[fields[4] or "anonymous"] += len(runs)
    return places


def _present(process: int, start: int, end: int) -> list[tuple[int, int]]:
    """Address and length of what a mapping really holds: most of what is reserved was never used."""
    with open(f"/proc/{process}/pagemap", "rb") as table:
        table.seek(start // _PAGE * 8)
        entries = np.frombuffer(table.read((end - start) // _PAGE * 8), np.uint64)
    there = np.concatenate([[0], (entries >> np.uint64(62) != 0).astype(np.int8), [0]])
    edges = np.flatnonzero(np.diff(there))
    parts = []
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        low, high = start + first * _PAGE, start + last * _PAGE
        parts += [(at, min(_CHUNK, high - at)) for at in range(low, high, _CHUNK)]
    return parts
