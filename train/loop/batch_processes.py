"""Batches made ahead by processes: beside a GPU, threads would wait for Python's lock, and it for them.

PyTorch's loader starts them and hands the arrays over through shared memory. They are the same batches as
`train.data.batch_loader.ahead` makes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator

import cv2
import torch
from torch.utils.data import DataLoader, Dataset

from train.data.batch_loader import Batch, Batches, ahead

# Two threads still get on with one lock.
PROCESSES_FROM = 3

Moments = tuple[int, float]  # number of a step, share of the budget that will be spent then


class _Steps(Dataset):
    def __init__(self, batches: Batches, rows: range) -> None:
        self._batches, self._rows = batches, rows

    def __getitem__(self, moment: Moments) -> tuple[dict[str, torch.Tensor], list[str]] | Exception:
        # PyTorch would raise it again with the whole trace as its text.
        try:
            batch = self._batches.make(*moment, self._rows)
        except Exception as error:
            return error
        return {name: torch.from_numpy(array) for name, array in batch.arrays.items()}, batch.files


class _Moments:
    def __init__(self, start: int, progress: Callable[[int], float]) -> None:
        self._start, self._progress = start, progress

    def __iter__(self) -> Iterator[Moments]:
        step = self._start
        while True:
            yield step, self._progress(step)
            step += 1


def ahead_in_processes(
    batches: Batches, start: int, progress: Callable[[int], float], rows: range, processes: int
) -> Generator[Batch, None, None]:
    """As `train.data.batch_loader.ahead`, by so many processes. Linux alone: they are forked, with what
    `batches` has mapped of its files. Raises what `make` raised."""
    loader = DataLoader(
        _Steps(batches, rows), batch_size=None, sampler=_Moments(start, progress), num_workers=processes,
        prefetch_factor=2, multiprocessing_context="fork",
    )  # fmt: skip
    # OpenCV's threads are not forked along, and a process that counts on them would wait for ever. None are
    # wanted either: there are as many processes as cores.
    threads = cv2.getNumThreads()
    cv2.setNumThreads(0)
    made = iter(loader)
    cv2.setNumThreads(threads)
    for found in made:
        if isinstance(found, Exception):
            raise found
        arrays, files = found
        yield Batch({name: one.numpy() for name, one in arrays.items()}, files)


def ahead_by(
    batches: Batches, start: int, progress: Callable[[int], float], rows: range, loaders: int
) -> Generator[Batch, None, None]:
    """Batches made ahead by so many loaders: threads, from 3 on (Linux) processes. As
    `train.data.batch_loader.ahead`."""
    if loaders >= PROCESSES_FROM and sys.platform == "linux":
        return ahead_in_processes(batches, start, progress, rows, loaders)
    return ahead(batches, start, progress, rows, threads=loaders)
