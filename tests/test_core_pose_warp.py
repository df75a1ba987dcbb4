"""Hair turns with the head: a style's planes laid on a head in another pose."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.core.face import FACE_OVAL
from mirror.core.pose_warp import BELOW, DEPTH, OVAL_FORWARD, laid, sources, turned_oval

SIDE = 64
EYES = np.array([0.5, 0.46])


def oval() -> np.ndarray:
    """A face that looks at the camera: unit points (36, 2)."""
    way = np.linspace(0, 2 * np.pi, len(FACE_OVAL), endpoint=False)
    return np.stack([0.5 + 0.2 * np.sin(way), 0.55 - 0.24 * np.cos(way)], 1)


def shape(yaw: float = 0.0, pitch: float = 0.0, points: np.ndarray | None = None) -> np.ndarray:
    """A face shape in a pose, degrees; its oval is that of one and the same head unless given."""
    if points is None:
        points = turned_oval(oval(), (0, 0), (np.radians(yaw), 0.7 * np.radians(pitch)))
    angles = np.array([yaw, pitch, 0]) / 30
    return np.concatenate([((points - 0.5) * 4).ravel(), angles]).astype(np.float32)


def blob(x: float, y: float, radius: float = 5.0) -> np.ndarray:
    """A soft disc about a unit point, float32 (64, 64)."""
    across, down = np.meshgrid(*[(np.arange(SIDE) + 0.5) / SIDE] * 2)
    return np.clip(radius - np.hypot(across - x, down - y) * SIDE + 0.5, 0, 1).astype(np.float32)


def middle(plane: np.ndarray) -> np.ndarray:
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    return np.array([(plane * x).sum(), (plane * y).sum()]) / plane.sum() / SIDE + 0.5 / SIDE


def lay(plane: np.ndarray, theirs: np.ndarray, mine: np.ndarray) -> np.ndarray:
    return laid(plane, np.zeros((1, SIDE, SIDE), np.float32), theirs, mine)[0]


def test_the_same_pose_moves_nothing() -> None:
    plane = blob(0.5, 0.25, 9)
    for pose in ((0, 0), (25, -10), (-30, 15)):
        assert np.abs(lay(plane, shape(*pose), shape(*pose)) - plane).max() < 0.04
        x, y = sources(shape(*pose), shape(*pose), SIDE)
        assert np.abs(x - np.arange(SIDE)).max() < 0.02 and np.abs(y - np.arange(SIDE)[:, None]).max() < 0.02
        assert x.dtype == y.dtype == np.float32


@pytest.mark.parametrize("yaw", [-30, -15, 15, 30])
def test_hair_at_the_outline_moves_with_the_skull_and_not_with_the_nose(yaw: float) -> None:
    """The nose goes right, the eyes are held: so the skull and what is about it go left."""
    above = middle(lay(blob(0.5, 0.06, 3), shape(), shape(yaw)))
    turn = np.radians(yaw)
    wanted = 0.5 - DEPTH * np.sin(turn) / np.cos(turn)
    assert above[0] == pytest.approx(wanted, abs=0.035)


def test_hair_on_the_front_slides_less_than_hair_at_the_outline() -> None:
    fringe = middle(lay(blob(0.5, 0.36, 3), shape(), shape(25)))[0] - 0.5
    crown = middle(lay(blob(0.5, 0.06, 3), shape(), shape(25)))[0] - 0.5
    assert crown < 1.8 * fringe < 0


def test_nose_up_takes_the_skull_down() -> None:
    up = middle(lay(blob(0.5, 0.06, 3), shape(), shape(0, 20)))
    down = middle(lay(blob(0.5, 0.12, 3), shape(), shape(0, -20)))
    assert up[1] > 0.06 + 0.03 and down[1] < 0.12 - 0.03
    assert BELOW < DEPTH  # or nodding would go the other way


def test_there_and_back_again() -> None:
    plane = blob(0.5, 0.2, 9)
    back = lay(lay(plane, shape(), shape(25, 10)), shape(25, 10), shape())
    assert np.abs(middle(back) - middle(plane)).max() * SIDE < 0.8
    assert back.sum() == pytest.approx(plane.sum(), rel=0.1)


@pytest.mark.parametrize("pose", [(38, 0), (-38, 0), (30, 20), (-30, -20), (0, 25)])
def test_nothing_is_folded(pose: tuple[float, float]) -> None:
    """Rows and columns stay in order, and nothing is stretched beyond three times."""
    x, y = sources(shape(), shape(*pose), SIDE)
    assert np.diff(x, axis=1).min() > 0.3
    assert np.diff(y[:-8], axis=0).min() > 0.3  # but for the last rows: hair goes on below the square


def test_left_and_right_are_alike() -> None:
    plane = blob(0.3, 0.3, 8)
    right = lay(plane, shape(), shape(22, 5))
    left = lay(np.ascontiguousarray(plane[:, ::-1]), shape(), shape(-22, 5))
    assert np.abs(right - left[:, ::-1]).max() < 0.05


def test_hair_beside_the_face_is_hidden_behind_it_on_the_far_side() -> None:
    """Looking to the right, the right side is the far one."""
    beside = np.maximum(blob(0.74, 0.56, 4), blob(0.26, 0.56, 4))
    mine = shape(30)
    points = mine[:72].reshape(-1, 2) / 4 + 0.5
    there = lay(beside, shape(), mine)
    across, down = np.meshgrid(*[(np.arange(SIDE) + 0.5) / SIDE] * 2)
    centre_x = points[[9, 27], 0].mean()
    inside = (np.abs(across - centre_x) < 0.4 * np.ptp(points[:, 0])) & (np.abs(down - 0.56) < 0.08)
    assert there[inside & (across > 0.56)].max() < 0.1
    assert there[across < 0.4].max() > 0.9, "and the near side keeps its own"


def test_a_fringe_on_the_face_is_not_hidden() -> None:
    fringe = blob(0.6, 0.48, 5)
    assert lay(fringe, shape(), shape(25)).sum() > 0.7 * fringe.sum()


def test_detail_goes_where_the_hair_goes() -> None:
    plane = blob(0.45, 0.2, 6)
    detail = np.stack([plane * (channel + 1) for channel in range(8)])
    coarse, moved = laid(plane, detail, shape(), shape(20, 8))
    assert moved.shape == detail.shape and moved.dtype == np.float32
    for channel in range(8):
        assert np.abs(moved[channel] - coarse * (channel + 1)).max() < 0.02 * (channel + 1)


def test_a_broader_face_has_broader_hair_where_poses_agree() -> None:
    wide = oval()
    wide[:, 0] = 0.5 + (wide[:, 0] - 0.5) * 1.2
    plane = blob(0.5, 0.3, 10)
    assert lay(plane, shape(), shape(points=wide)).sum() == pytest.approx(1.2 * plane.sum(), rel=0.03)


def test_long_hair_goes_on_below_the_square() -> None:
    plane = np.zeros((SIDE, SIDE), np.float32)
    plane[20:, 10:20] = 1
    lifted = lay(plane, shape(0, 25), shape(0, -15))
    assert lifted[-1, 10:20].max() > 0.9


def test_the_ovals_depth_is_that_of_a_face() -> None:
    assert OVAL_FORWARD.shape == (36,)
    assert OVAL_FORWARD[0] > 0 > OVAL_FORWARD[9], "forehead before the eyes, ears behind them"
    np.testing.assert_allclose(OVAL_FORWARD[1:], OVAL_FORWARD[:0:-1], atol=1e-9)
    assert np.allclose(turned_oval(oval(), (0.2, 0.1), (0.2, 0.1)), oval())
