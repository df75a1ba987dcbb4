"""How fast the mirror is, beside a plain hair recolouring put together from MediaPipe's own parts.

    python -m tests.bench --teacher ../shared/teachers/hair_segmenter.tflite

Both see the same 1280x720 frames, in turns, in one run. The baseline is what an engineer would put
together today: MediaPipe face landmarks, MediaPipe hair segmenter, and the masked pixels recoloured in
Lab. Without --teacher only the mirror is timed; --style takes a painted style or a grown one. Prints the
machine, the frames a second of each round, how often in one the matte was looked at and hair painted, the
median ratio, and the multiply-add rate of the networks beside this machine's own limit.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from mirror.app.live_display import Display
from mirror.core.frame import Frame
from mirror.pipeline import machine_info
from mirror.pipeline.live_loop import Live
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.run_report import Report
from mirror.settings.options import Settings
from mirror.sources import open_source
from mirror.tracking.mediapipe import open_tracker


class Replay:
    """Frames from memory, as fast as they are asked for; each round starts anew."""

    name, reason, live, dropped, rate, problem = "replay", "bench", False, 0, 30.0, None

    def __init__(self, images: list[np.ndarray]) -> None:
        self._images, self._next = images, 0
        self.size = (images[0].shape[1], images[0].shape[0])

    def read(self) -> Frame | None:
        if self._next >= len(self._images):
            return None
        frame = Frame(self._images[self._next], self._next, time.monotonic())
        self._next += 1
        return frame

    def close(self) -> None:
        self._next = len(self._images)


class Baseline:
    """Face landmarks, hair segmenter, Lab recolour of the masked pixels of the full frame."""

    def __init__(self, model: Path) -> None:
        from mediapipe.tasks.python import BaseOptions, vision

        self._tracker = open_tracker(faces=1)
        self._segmenter = vision.ImageSegmenter.create_from_options(
            vision.ImageSegmenterOptions(
                base_options=BaseOptions(model_asset_path=str(model)),
                running_mode=vision.RunningMode.VIDEO,
                output_confidence_masks=True,
                output_category_mask=False,
            )
        )
        self._stamp = 0

    def __call__(self, image: np.ndarray) -> np.ndarray:
        import mediapipe as mp

        self._tracker.track(image)
        self._stamp += 33
        picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=image)
        mask = self._segmenter.segment_for_video(picture, self._stamp).confidence_masks[1].numpy_view()
        mask = cv2.resize(mask, image.shape[1::-1])[..., None]
        lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
        recoloured = lab.copy()
        recoloured[..., 1] = 150
        recoloured[..., 2] = 160
        mixed = cv2.blendLinear(recoloured, lab, mask[..., 0].copy(), 1 - mask[..., 0])
        return cv2.cvtColor(mixed, cv2.COLOR_LAB2RGB)


def time_baseline(baseline: Baseline, images: list[np.ndarray]) -> float:
    """Frames a second of the baseline."""
    began = time.perf_counter()
    for image in images:
        baseline(image)
    return len(images) / (time.perf_counter() - began)


class WarmLive(Live):
    """A live loop whose mirror is loaded already: rounds time frames, not loading."""

    def __init__(self, mirror: Mirror, source: Replay, settings: Settings) -> None:
        super().__init__(source, settings, may_lose=False)
        self._warm = mirror

    def _load(self) -> Mirror:
        return self._warm

    def _close_mirror(self) -> None:
        """The next round uses it again."""


def time_mirror(mirror: Mirror, images: list[np.ndarray]) -> tuple[float, dict[str, float]]:
    """Frames a second of the whole mirror, threads and all; and how often each stage ran in one."""
    settings = dataclasses.replace(Settings(), pace="max", headless=True, style=mirror.styling.name)
    source = Replay(images)
    report = Report()
    live = WarmLive(mirror, source, settings)
    try:
        Display(live, source, settings, None, report).run()
    finally:
        live.stop()
    found = report.summary()
    assert found["fps"], "the round was too short"
    return float(found["fps"]), found["stages_per_s"]


def matrix_rate() -> float:
    """float32 GFLOP/s of a large matrix product: this machine's own limit."""
    a, b = np.random.default_rng(0).random((2, 2048, 2048), dtype=np.float32)
    a @ b
    began = time.perf_counter()
    for _ in range(4):
        a @ b
    return 4 * 2 * 2048**3 / (time.perf_counter() - began) / 1e9


def main() -> int:
    """Runs the rounds and prints what they gave."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--teacher", type=Path, help="hair_segmenter.tflite, for the baseline")
    parser.add_argument("--source", default="demo", help="demo or a video")
    parser.add_argument("--style", default="bob", help="a name of the book, painted or grown")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=150)
    parser.add_argument("--engine", default="auto")
    args = parser.parse_args()
    source = open_source(args.source, size=(1280, 720), pace="max")
    images = []
    while len(images) < args.frames and (frame := source.read()) is not None:
        images.append(frame.image)
    source.close()
    mirror = Mirror(style=args.style, engine=args.engine)
    mirror.warm_up()
    baseline = Baseline(args.teacher) if args.teacher else None
    print("command:", " ".join(sys.argv))
    print("machine:", machine_info.machine())
    print(f"frames: {len(images)} of {args.source}, 1280x720, {args.rounds} rounds in turns")
    for name, engine in mirror.engines.items():
        print(f"engine {name}: {engine.name} {engine.precision} on {engine.device}")
    ours, theirs, rates = [], [], []
    for _ in range(args.rounds):
        if baseline:
            theirs.append(time_baseline(baseline, images))
        fps, often = time_mirror(mirror, images)
        ours.append(fps)
        rates.append({name: often.get(name, 0.0) for name in ("matte", "paint")})
    print("mirror   frames/s:", spread(ours), f"({args.style})")
    for name in rates[0]:
        print(f"{name:8} times/s :", spread([one[name] for one in rates]))
    if baseline:
        print("baseline frames/s:", spread(theirs))
        print("ratio            :", spread([a / b for a, b in zip(ours, theirs, strict=True)]))
    print(f"float32 matrix product: {matrix_rate():.0f} GFLOP/s")
    return 0


def spread(values: list[float]) -> str:
    """Median, least and most."""
    return f"median {np.median(values):.2f}, from {min(values):.2f} to {max(values):.2f}"


if __name__ == "__main__":
    sys.exit(main())
