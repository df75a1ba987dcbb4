"""Which picture size is best for a camera: every size is tried, and its true frame rate measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mirror.app.calibration.measurements import Camera, try_camera
from mirror.translation.message import Message, Said

SIZES = ((640, 480), (1280, 720), (1920, 1080))
SMOOTH = 24.0  # frames a second below which a mirror is seen to lag
# Larger pictures cost time in every stage, and the hair is painted no finer for them.
LARGEST = 1280 * 720


def try_modes(
    number: int,
    name: str,
    open_camera: Callable[[int, tuple[int, int]], Any],
    sizes: Sequence[tuple[int, int]] = SIZES,
    progress: Callable[[tuple[int, int], float], None] = lambda size, share: None,
) -> list[Camera]:
    """Tries every size; one `Camera` for each size that the camera really gives, smallest first.

    A size that it does not have, so that it gives another in its place, is listed as that other one, once.
    `progress(size, share done 0 to 1)` is called before each; what it raises ends the trial.
    """
    found: dict[tuple[int, int], Camera] = {}
    for turn, size in enumerate(sorted(set(sizes), key=_area)):
        progress(size, turn / len(set(sizes)))
        mode = try_camera(number, name, size, open_camera)
        if mode.problem is None:
            found.setdefault(mode.size, mode)
        else:
            found.setdefault(size, Camera(number, name, size, mode.rate, mode.problem))
    return sorted(found.values(), key=lambda mode: _area(mode.size))


def best_mode(modes: Sequence[Camera]) -> tuple[Camera, Message] | None:
    """The best of the modes and why, one sentence; None where none works.

    Example:
        >>> slow, fast = (Camera(0, "", (1280, 720), 10.0, None), Camera(0, "", (640, 480), 30.0, None))
        >>> best_mode([slow, fast])[1]
        '640x480 is the largest that is smooth; 1280x720 gives only 10 pictures a second.'
    """
    working = [mode for mode in modes if mode.problem is None]
    if not working:
        return None
    smooth = [mode for mode in working if mode.rate >= SMOOTH]
    fitting = [mode for mode in smooth if _area(mode.size) <= LARGEST]
    if fitting:
        best = max(fitting, key=lambda mode: _area(mode.size))
        larger = min(
            (mode for mode in working if _area(mode.size) > _area(best.size)),
            key=lambda mode: _area(mode.size),
            default=None,
        )
        named = Said(shown(best.size))
        if larger is None:
            why = Message("{size} is the largest that works, and it is smooth.", size=named)
        elif larger.rate < SMOOTH:
            why = Message(
                "{size} is the largest that is smooth; {larger} gives only {rate:.0f} pictures a second.",
                size=named, larger=Said(shown(larger.size)), rate=larger.rate,
            )  # fmt: skip
        else:
            why = Message("{size} is smooth; larger ones cost time and show no finer hair.", size=named)
        return best, why
    if smooth:
        best = min(smooth, key=lambda mode: _area(mode.size))
        return best, Message("{size} is the smallest that is smooth.", size=Said(shown(best.size)))
    # Rates differ a little from one measurement to the next: a tenth is no reason for a smaller picture.
    fastest = max(mode.rate for mode in working)
    near = [mode for mode in working if mode.rate >= 0.9 * fastest]
    best = max(near, key=lambda mode: (_area(mode.size) <= LARGEST, _area(mode.size)))
    return best, Message(
        "No size is smooth ({smooth:.0f} pictures a second); {size} comes nearest, with {rate:.0f}. "
        "More light may help: cameras slow down in the dark.",
        smooth=SMOOTH, size=Said(shown(best.size)), rate=best.rate,
    )  # fmt: skip


def shown(size: tuple[int, int]) -> str:
    """A size as people write it: "1280x720"."""
    return f"{size[0]}x{size[1]}"


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]
