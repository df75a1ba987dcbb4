"""Ear relief: ears for heads whose own ears hair has hidden.

What a network paints where hair hung over an ear is a cheek that goes on. The groom head's ear, path traced
from three sides (`train.groom.ear_relief`), is laid there in the colour of the skin beside it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.removal.ears import PAD as _EAR_PAD
from mirror.removal.ears import ears_of, outline, place

PAD = _EAR_PAD / (1 + 2 * _EAR_PAD)  # the rim of a tile, as a share of it
TILE = 128  # pixels
TURNS = (0, 20, 40)  # degrees by which a head is turned away from the ear, of the tiles
BRIGHTEST = 1.6  # times a cheek's light, that 255 stands for
_FILE = Path(__file__).with_name("ear_relief.png")
# Ears are redder than cheeks: they are thin.
_REDDER = np.array((1.03, 0.96, 0.95), np.float32)
# Pixels of skin before an ear that it takes its colour from; and the power that light is raised to.
_BESIDE, _GAMMA = 6, 0.45


def with_ears(
    person: np.ndarray, alpha: np.ndarray, shape: np.ndarray, hair: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A head without hair, with ears where hair had hidden them.

    Args:
        person: float32 (S, S, 3), 0 to 1: painted as if there were no wall.
        alpha: float32 (S, S), of the person.
        shape: float32 (75,), see `mirror.core.head_space.face_shape`.
        hair: float32 (S, S), alpha of the hair that is there.

    Returns:
        Both with ears; new arrays where there is one.
    """
    found = ears_of(shape, hair)
    if all(ear.hidden == 0 for ear in found):
        return person, alpha
    person, alpha, side = person.copy(), alpha.copy(), len(alpha)
    for left in (True, False):
        placed = place(shape, left, side)
        if placed is None:
            continue
        matrix, box, width = placed
        ear = next((one for one in found if one.box == box), None)
        if ear is None or ear.hidden == 0:
            continue
        turned = (1 if left else -1) * float(shape[2 * len(FACE_OVAL)]) * 30
        relief, there = _tile(turned)
        drawn = outline(width).shape
        across = np.diag([drawn[1] / TILE, drawn[0] / TILE, 1.0])
        size = (box[1].stop - box[1].start, box[0].stop - box[0].start)
        lit, share = (
            cv2.warpAffine(one, matrix @ across, size, flags=cv2.INTER_AREA) for one in (relief, there)
        )
        share = share * np.float32(ear.hidden)
        skin = _beside(person, alpha, box, left)
        if skin is None:
            continue
        grey = np.maximum(lit, 0.05) ** np.float32(_GAMMA)
        colour = np.clip(grey[..., None] * (skin * _REDDER), 0, 1)
        person[box] = person[box] * (1 - share[..., None]) + colour * share[..., None]
        alpha[box] = np.maximum(alpha[box], share)
    return person, alpha


def _beside(person: np.ndarray, alpha: np.ndarray, box: tuple[slice, slice], left: bool) -> np.ndarray | None:
    """The colour of skin just in front of an ear, float32 (3,); None: there is none."""
    rows, columns = box
    high = rows.stop - rows.start
    middle = slice(rows.start + high // 4, rows.stop - high // 3)
    inner = columns.stop if left else columns.start
    strip = slice(inner, inner + _BESIDE) if left else slice(max(inner - _BESIDE, 0), inner)
    skin, there = person[middle, strip].reshape(-1, 3), alpha[middle, strip].ravel()
    return np.median(skin[there > 0.5], 0).astype(np.float32) if (there > 0.5).sum() > 8 else None


def _tile(turned: float) -> tuple[np.ndarray, np.ndarray]:
    """Relief and alpha of an ear, float32 (TILE, TILE), of a head so turned, degrees."""
    tiles = _tiles()
    at = float(np.interp(turned, TURNS, range(len(TURNS))))
    low = min(int(at), len(TURNS) - 2)
    share = at - low
    relief, alpha = (
        one * np.float32(1 - share) + two * np.float32(share)
        for one, two in zip(tiles[low], tiles[low + 1], strict=True)
    )
    return relief, alpha


@cache
def _tiles() -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    grey = cv2.imread(str(_FILE), cv2.IMREAD_GRAYSCALE).astype(np.float32) * np.float32(1 / 255)
    columns = [grey[:, TILE * number : TILE * (number + 1)] for number in range(len(TURNS))]
    return tuple((one[:TILE] * np.float32(BRIGHTEST), np.ascontiguousarray(one[TILE:])) for one in columns)
