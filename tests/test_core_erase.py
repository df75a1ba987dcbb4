"""What is wiped is 0, what belongs to everybody stays, and a mirror that forgot is like a new one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mirror.core.erase import blacken
from mirror.core.frame import Frame
from mirror.hair.styles.dye import find
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown
from mirror.removal.background_plate import Plate


def test_a_picture_and_its_layer_are_overwritten(mirror: Mirror, demo_frame: np.ndarray) -> None:
    mirror.process(Frame(np.zeros_like(demo_frame), 0, 0.0))
    for number in range(1, 10):
        shown = mirror.process(Frame(demo_frame.copy(), number, number / 30))
    assert shown.laid is not None and shown.face is not None
    kept = [shown.frame.image, shown.image, shown.laid.layer.rgb, shown.laid.layer.new, shown.face.landmarks]
    assert all(array.any() for array in kept)
    blacken(shown)
    assert not any(array.any() for array in kept)
    mirror.forget()


def test_a_view_takes_the_whole_with_it_and_read_only_is_no_shelter() -> None:
    whole = np.full((4, 4), 7, np.uint8)
    whole.flags.writeable = False
    blacken({"part": whole[1:2]})
    assert not whole.any()


def test_what_is_somebody_elses_memory_is_left_out() -> None:
    blacken(np.frombuffer(b"constant", np.uint8))


def test_styles_and_dyes_belong_to_everybody(loaded: Mirror) -> None:
    code, dye = loaded.book[0].code, find("copper")
    before = code.z.copy(), code.coarse.copy(), code.detail.copy()
    blacken([code, dye, replace(Shown(Frame(np.ones((2, 2, 3), np.uint8), 0, 0.0), np.ones(3)), stages={})])
    for was, now in zip(before, (code.z, code.coarse, code.detail), strict=True):
        assert np.array_equal(was, now)


def test_the_remembered_wall_is_overwritten_too() -> None:
    plate = Plate()
    for n in range(60):
        plate.learn(np.full((90, 160, 3), 80, np.uint8), n / 10)
    memory = plate._memory
    assert memory is not None and memory.image.any() and memory.known.any()
    blacken(plate)
    assert not memory.image.any() and not memory.small.any() and not memory.known.any()


def test_a_mirror_that_forgot_is_to_the_bit_like_before_it_saw_anybody(demo_frame: np.ndarray) -> None:
    mirror = Mirror("bob", seed=3)
    try:

        def stream() -> list[np.ndarray]:
            return [mirror.process(Frame(demo_frame, n, n / 30)).image.copy() for n in range(8)]

        first = stream()
        for loss in (-0.5, 0.8, None):
            mirror.set_loss(loss)
            mirror.process(Frame(demo_frame, 8, 0.28))
        mirror.styling.step(5, 0.3)
        mirror.styling.choose_dye("copper", 0.3)
        other = mirror.process(Frame(np.ascontiguousarray(demo_frame[:, ::-1]), 9, 0.4)).image
        assert (other != first[-1]).any()
        mirror.forget()
        assert mirror.styling.worn == "bob"
        again = stream()
    finally:
        mirror.close()
    for one, two in zip(first, again, strict=True):
        assert np.array_equal(one, two)
