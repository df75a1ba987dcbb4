"""How long laying a grown style over a frame takes, and a painted one, in one run.

    python -m tests.bench_grown --source clip.mp4 --style "bob with fringe"

Both see the same 1280x720 frames, tracked once, in turns. Times are of the dressing thread alone, in its own
core-seconds, so that a busy machine does not count; what workers do they do in it, too. Calls are those of
OpenCV and numpy of a frame on which nothing is painted (median), as Python's profiler counts them: operators
of arrays are not among them.
"""

from __future__ import annotations

import argparse
import sys
import time
from types import FrameType
from typing import Any

import cv2
import numpy as np

from mirror.core.frame import Frame
from mirror.pipeline import machine_info
from mirror.pipeline.mirror import Mirror
from mirror.sources import open_source
from mirror.tracking.tracked_frame import Seen


class CallCount:
    """Counts calls into OpenCV and numpy while it is entered."""

    def __init__(self) -> None:
        self.cv2 = self.numpy = 0

    def __enter__(self) -> CallCount:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _note(self, frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call":
            owner = getattr(called, "__self__", None)
            module = str(getattr(called, "__module__", None) or type(owner).__module__)
            self.cv2 += getattr(cv2, str(getattr(called, "__name__", "")), None) is called
            self.numpy += module.startswith("numpy")


def frames_of(source: str, count: int) -> list[Frame]:
    """Frames of a clip at 1280x720."""
    opened = open_source(source, size=(1280, 720), pace="max")
    found: list[Frame] = []
    while len(found) < count and (frame := opened.read()) is not None:
        image = cv2.resize(frame.image, (1280, 720), interpolation=cv2.INTER_AREA)
        found.append(Frame(image, len(found), len(found) / 30))
    opened.close()
    return found


def dress(
    mirror: Mirror, seen: list[Seen]
) -> tuple[list[float], list[float], list[float], list[tuple[int, int]]]:
    """Core-milliseconds of a frame in this thread and in all, and of laying it on; and calls."""
    times, whole, laid, calls = [], [], [], []
    for number, one in enumerate(seen):
        count = number % 5 == 4  # counting slows a frame: those are not timed
        if count:
            with CallCount() as found:
                shown = mirror.dress(one)
            if "matte" not in shown.stages:
                calls.append((found.cv2, found.numpy))
            continue
        began, all_began = time.thread_time(), time.process_time()
        shown = mirror.dress(one)
        times.append((time.thread_time() - began) * 1e3)
        whole.append((time.process_time() - all_began) * 1e3)
        if shown.laid is not None:
            out, canvas = one.frame.image.copy(), mirror._stream._canvas
            began = time.thread_time()
            shown.laid.lay(out, one.frame.image, canvas)
            laid.append((time.thread_time() - began) * 1e3)
    return times, whole, laid, calls


def first_layer(style: str) -> float:
    """Milliseconds from the choice of a style, whose file is not read yet, to a layer that can be laid."""
    from mirror.compositing.skin_light import usual_light
    from mirror.core.workers import Workers
    from mirror.engines import ENGINES_FOLDER
    from mirror.hair.shelf import grown_of, open_book
    from mirror.hair.store import LayerStore

    entry = open_book(ENGINES_FOLDER).find(style)
    began = time.perf_counter()
    grown, store = grown_of(entry), LayerStore(Workers())
    if grown is None:
        sys.exit(f"{style} is painted. Give a grown one, such as: bob with fringe")
    store.light(usual_light())
    store.tend(grown, None, [len(grown.views) // 2])
    store.finish()
    return (time.perf_counter() - began) * 1e3


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", default="demo", help="demo or a video")
    parser.add_argument("--style", default="bob with fringe")
    parser.add_argument("--beside", default="bob", help="a style of the book, painted")
    parser.add_argument("--frames", type=int, default=90)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    frames = frames_of(args.source, args.frames)
    styles = {args.style: Mirror(style=args.style), args.beside: Mirror(style=args.beside)}
    tracked = {name: [mirror.look(frame) for frame in frames] for name, mirror in styles.items()}
    print("command:", " ".join(sys.argv))
    print("machine:", machine_info.machine())
    print(f"{len(frames)} frames of {args.source}, 1280x720, {args.rounds} rounds in turns")
    print(f"first layer of {args.style}: {first_layer(args.style):.0f} ms on the clock, file and all")
    medians: dict[str, list[float]] = {name: [] for name in styles}
    for _ in range(args.rounds):
        for name, mirror in styles.items():
            times, whole, laid, calls = dress(mirror, tracked[name])
            medians[name].append(float(np.median(times[10:])))
            here, everywhere = np.median(times[10:]), np.mean(whole[10:])
            told = f"{name:20} {here:6.1f} core-ms a frame, all threads {everywhere:.1f}"
            if laid:
                told += f"; to lay it on {np.median(laid):.1f}"
            if calls:
                mine = np.median(np.array(calls), 0)
                told += f"; calls: {mine[0]:.0f} of OpenCV, {mine[1]:.0f} of numpy"
            print(told)
    ratio = np.array(medians[args.beside]) / np.array(medians[args.style])
    told = f"{np.median(ratio):.2f}, from {ratio.min():.2f} to {ratio.max():.2f}"
    print(f"ratio {args.beside} / {args.style}: {told}")
    for mirror in styles.values():
        mirror.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
