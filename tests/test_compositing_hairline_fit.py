"""New hair whose hairline is brought to the person's own."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.compositing.hairline_fit import ANGLES, Hairline, HairlineFit
from tests.test_compositing_own_hairline import head_with


def line(reach: float, seen: bool = True) -> Hairline:
    return Hairline(np.full(len(ANGLES), reach), np.full(len(ANGLES), seen))


def test_hair_moves_to_the_line_that_is_seen_and_settles_there() -> None:
    fit, reach = HairlineFit(), 1.3
    for _ in range(8):
        fit.look(line(1.2), line(reach))
        moved = fit.displaced(np.array([[0.0, 1.3]]))
        assert moved is not None
        reach = 1.3 + moved[0, 1]
    assert reach == pytest.approx(1.2, abs=0.01)


def test_face_and_outline_stay() -> None:
    fit = HairlineFit()
    fit.look(line(1.2), line(1.35))
    moved = fit.displaced(np.array([[0.0, 0.6], [0.0, 1.9], [0.2, -1.0], [0.0, 1.2]]))
    assert moved is not None
    assert np.abs(moved[:3]).max() < 1e-9 and moved[3, 1] < -0.05


@pytest.mark.parametrize(
    ("own", "new"), [(line(1.2), line(1.7)), (line(1.2, False), line(1.3)), (line(1.2), line(1.3, False))]
)
def test_another_hairline_is_left_to_the_style(own: Hairline, new: Hairline) -> None:
    fit = HairlineFit()
    fit.look(own, new)
    assert fit.displaced(np.ones((1, 2))) is None


def test_it_goes_no_further_than_a_finger() -> None:
    fit = HairlineFit()
    for _ in range(20):
        fit.look(line(1.0), line(1.35))
    moved = fit.displaced(np.array([[0.0, 1.0]]))
    assert moved is not None and -0.25 < moved[0, 1] < -0.15
    fit.reset()
    assert fit.displaced(np.array([[0.0, 1.0]])) is None


def test_lines_are_read_off_mattes_in_eye_distances() -> None:
    lines = []
    for row in (70, 60):
        head, mattes = head_with(row)
        lines.append(Hairline.of(mattes.hair, head.shape))
    ahead = int(np.flatnonzero(ANGLES == 0)[0])
    assert lines[0].seen[ahead] and lines[1].seen[ahead]
    assert lines[1].reach[ahead] - lines[0].reach[ahead] == pytest.approx(10 / 256 / 0.18, abs=0.05)
    none = Hairline.of(np.zeros((256, 256), np.float32), head.shape)
    assert not none.seen.any() and np.isinf(none.reach).all()
