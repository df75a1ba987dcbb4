"""Stand-ins for what hair is grown and rendered with."""

from __future__ import annotations

import numpy as np

from train.groom.renderer import Layers


class FakeRenderer:
    """Stands for the path tracer: counts its pictures, and can end at one as a kill would."""

    calls = 0
    dies_at: int | None = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def render(self, job):
        if FakeRenderer.calls == FakeRenderer.dies_at:
            raise KeyboardInterrupt
        FakeRenderer.calls += 1
        width, height = job.camera.size
        front = np.full((height, width, 4), job.colour.pigment / 10, np.float32)
        return Layers(front, {"dome": front[..., :3]}, portrait=front)
