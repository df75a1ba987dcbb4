"""The processes that prepare shards: started afresh, told to stop politely, gone when their parent is."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import warnings
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from ctypes import c_uint64
from pathlib import Path
from typing import Any

import cv2

from mirror.core.errors import MirrorError
from mirror.tracking.mediapipe import open_tracker
from train.data.dataset_layouts import Picture
from train.data.hair_pairs import Dresser
from train.data.prepare_picture import Settings, Tools, prepare_shard
from train.data.teacher_segmenter import HairTeacher, PersonMask

Job = tuple[int, list[Picture], list[dict]]
LOOK_EVERY = 0.3  # seconds between two looks at how far the workers are


class Workers:
    """A pool of processes for one set.

    Args:
        count: how many.
        settings: how pictures are prepared.
        teacher: `hair_segmenter.tflite`, where heads are prepared.
        out: folder of the shards.
    """

    def __init__(self, count: int, settings: Settings, teacher: Path | None, out: Path) -> None:
        self.count, self.settings, self.teacher, self.out = count, settings, teacher, out

    def run(self, jobs: Iterator[Job]) -> Generator[int, None, None]:
        """Prepares shards; yields how many pictures are done, several times a second once it runs.

        Raises:
            BrokenProcessPool: a worker was killed.
            MirrorError: a worker cannot open the tracker or the teacher.
            OSError: a shard cannot be written.
        """
        context = multiprocessing.get_context("spawn")  # MediaPipe's threads do not survive a fork
        # One more job than workers, so that none waits. Each has a slot to count in, without a lock that a
        # killed worker would never give back; the last slot tells all to stop.
        width = self.count + 1
        slots = context.RawArray(c_uint64, width + 1)
        pool = ProcessPoolExecutor(
            self.count, context, initializer=_start, initargs=(slots, self.settings, self.teacher)
        )
        finished = 0
        running: dict[Future, tuple[int, int]] = {}
        try:
            while True:
                free = set(range(width)) - {slot for slot, _ in running.values()}
                for slot, (number, pictures, attributes) in zip(free, jobs, strict=False):
                    slots[slot] = 0
                    job = pool.submit(_prepare, slot, self.out / f"{number:05d}", pictures, attributes)
                    running[job] = slot, len(pictures)
                if not running:
                    break
                for job in wait(running, LOOK_EVERY, FIRST_COMPLETED).done:
                    job.result()
                    finished += running.pop(job)[1]
                if now := finished + sum(slots[slot] for slot, _ in running.values()):
                    yield now
        finally:
            slots[width] = 1
            pool.shutdown(wait=True, cancel_futures=True)


_worker: dict[str, Any] = {}


def _start(slots: Any, settings: Settings, teacher: Path | None) -> None:
    """Opens a worker's tools. What goes wrong is told by its first job: here it would be a traceback."""
    # Ctrl-C reaches the whole group of processes; the parent alone decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Of MediaPipe and protobuf, about each other.
    warnings.filterwarnings("ignore", message=".*GetPrototype.*|.*MessageFactory.*")
    cv2.setNumThreads(1)
    _worker.update(slots=slots, settings=settings)
    try:
        _worker["tools"] = _open(settings, teacher)
    except MirrorError as error:
        _worker["error"] = str(error)


def _open(settings: Settings, teacher: Path | None) -> Tools:
    if settings.kind == "pictures" or teacher is None:
        return Tools()
    tracker = open_tracker(still=True, faces=2)
    try:
        painter = HairTeacher(teacher)
    except (RuntimeError, ValueError, OSError) as error:
        reason = str(error).splitlines()[0][:120]
        raise MirrorError(f"{teacher} is not the hair segmenter, MediaPipe says: {reason}") from None
    dresser = Dresser(Path(settings.groom), settings.side) if settings.groom else None
    return Tools(tracker, painter, PersonMask() if settings.person else None, dresser)


def _end_with_parent() -> None:
    """A parent that was killed cannot end its workers: they would wait for ever, memory and all."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _prepare(slot: int, shard: Path, pictures: list[Picture], attributes: list[dict]) -> None:
    if "error" in _worker:
        raise MirrorError(_worker["error"])
    slots = _worker["slots"]

    def step(done: int) -> bool:
        slots[slot] = done
        return not slots[len(slots) - 1]

    prepare_shard(shard, pictures, attributes, _worker["settings"], _worker["tools"], step)
