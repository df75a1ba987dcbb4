"""What the tests of `prepare` share: the tools of a worker, and workers that run in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.tracking.mediapipe import FaceTracker, open_tracker
from mirror.tracking.mediapipe.installed_version import carries_models
from tests.train_layouts import save
from train.data import worker_processes
from train.data.dataset_layouts import Picture
from train.data.prepare_picture import Tools
from train.data.teacher_segmenter import PersonMask

ROOT = Path(__file__).resolve().parent.parent
TEACHER = ROOT.parent / "shared" / "teachers" / "hair_segmenter.tflite"
HEADS = ("image", "matte", "valid", "face", "inner", "shape")


class EverythingIsHair:
    """Stands in for the teacher: hair from top to bottom."""

    def matte(self, head: np.ndarray) -> np.ndarray:
        assert head.shape == (512, 512, 3) and head.dtype == np.uint8
        return np.ones((512, 512), np.float32)


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    try:
        tracker: FaceTracker = open_tracker(still=True, faces=2)
    except MirrorError as error:
        pytest.skip(f"no face tracker: {error}")
    yield Tools(tracker, EverythingIsHair(), PersonMask() if carries_models() else None)
    tracker.close()


def picture(path: Path, image: np.ndarray) -> Picture:
    save(path, image)
    return Picture(str(path.parent), path.name, "train")


def no_processes(monkeypatch: pytest.MonkeyPatch, tools: Tools) -> None:
    """The workers run here and now, with the tools given."""

    class Here:
        def __init__(self, *_: object, initargs: tuple, **__: object) -> None:
            slots, settings, _ = initargs
            monkeypatch.setattr(
                worker_processes, "_worker", {"slots": slots, "settings": settings, "tools": tools}
            )

        def submit(self, work: Callable, *args: object) -> Future:
            done: Future = Future()
            try:
                done.set_result(work(*args))
            except OSError as error:
                done.set_exception(error)
            return done

        def shutdown(self, **_: object) -> None:
            pass

    monkeypatch.setattr(worker_processes, "ProcessPoolExecutor", Here)
