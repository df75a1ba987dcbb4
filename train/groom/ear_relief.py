"""Ear relief: the groom head's ear, path traced, as what lies on heads whose own ears hair has hidden.

python -m train.groom.ear_relief --out mirror/removal/ear_relief.png

Two rows of tiles, one column a view: how much brighter the ear is than the cheek before it, and its alpha,
each in the ear's own frame (`mirror.removal.ear_relief`). Takes a minute and a half on two cores.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.removal.ear_relief import BRIGHTEST, PAD, TILE, TURNS
from mirror.removal.ears import smooth_outline
from train.groom.camera import Camera, portrait_camera
from train.groom.head import load_head
from train.groom.renderer import Renderer
from train.pictures.writing import check_picture, save_picture

# Pixels of the portrait camera (448 x 640) round the left ear as the head turns, and how much larger it is.
_LEFT, _TOP, _SIZE, _LARGER = 262.0, 200.0, (104, 90), 4
# Of each view, where the ear is rooted and ends, its top and its lobe, in pixels of it: read off the renders.
_FRAMES = {0: (121, 167, 104, 298), 20: (220, 293, 104, 303), 40: (278, 375, 103, 308)}
# Soft light from everywhere in front; a lamp would throw a shadow that is somebody else's.
_LIGHT = {"left": 0.6, "right": 0.6, "front": 1.0, "top": 0.6, "dome": 1.2}
# Cheek beside the root, in widths of a tile, that the ear is compared with.
_CHEEK = (-0.8, -0.3)
_SAMPLES = 64
# In front an ear passes over into the cheek, behind into the head: shares of a tile.
_PASSES, _SOFT = (-0.02, 0.2), 0.03


def render(out: dict[int, tuple[np.ndarray, np.ndarray]]) -> None:
    """Puts linear luminance and alpha of each view into `out`, float32 (H, W) each."""
    head = load_head()
    with Renderer() as renderer:
        for turn in TURNS:
            whole = portrait_camera(head, yaw=-float(turn))
            x, y = whole.centre
            size = (_SIZE[0] * _LARGER, _SIZE[1] * _LARGER)
            centre = ((x - _LEFT) * _LARGER, (y - _TOP) * _LARGER)
            camera = Camera(whole.rotation, whole.translation, whole.focal * _LARGER, centre, size)
            passes = renderer.bald(head, camera, _SAMPLES)
            light = sum(passes[f"Combined_{name}"] * share for name, share in _LIGHT.items())
            luminance = (np.asarray(light) @ (0.2126, 0.7152, 0.0722)).astype(np.float32)
            out[turn] = luminance, np.ascontiguousarray(passes["Combined"][..., 3])


def tile(luminance: np.ndarray, alpha: np.ndarray, turn: int) -> tuple[np.ndarray, np.ndarray]:
    """Relief and alpha of a view in the ear's frame: float32 (TILE, TILE) each."""
    root, end, top, lobe = _FRAMES[turn]
    across, down = (end - root) / (TILE * (1 - 2 * PAD)), (lobe - top) / (TILE * (1 - 2 * PAD))
    matrix = np.array([[across, 0, root - PAD * TILE * across], [0, down, top - PAD * TILE * down]])

    def cut(plane: np.ndarray) -> np.ndarray:
        return cv2.warpAffine(plane, matrix, (TILE, TILE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)

    smooth = cv2.GaussianBlur(luminance, (0, 0), 1.2)
    beside = slice(*(round(root + share * (end - root)) for share in _CHEEK))
    cheek = float(np.median(smooth[top:lobe, beside]))
    relief = cut(smooth / np.maximum(cv2.GaussianBlur(alpha, (0, 0), 1.2), 0.2)) / cheek
    places = (np.arange(TILE, dtype=np.float32) + 0.5) / TILE / (1 - 2 * PAD) - PAD / (1 - 2 * PAD)
    ramp = np.clip((places - _PASSES[0]) / (_PASSES[1] - _PASSES[0]), 0, 1)[None]
    shape = cv2.resize(smooth_outline(), (TILE, TILE), interpolation=cv2.INTER_AREA)
    shape = cv2.GaussianBlur(cv2.dilate(shape, np.ones((5, 5))), (0, 0), _SOFT * TILE)
    return relief, cut(alpha) * ramp * np.clip(shape * 1.5, 0, 1)


def main() -> None:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    try:
        check_picture(args.out, "--out")
        views: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        render(views)
        tiles = [tile(*views[turn], turn) for turn in TURNS]
        rows = [
            np.hstack([np.clip(relief / BRIGHTEST, 0, 1) for relief, _ in tiles]),
            np.hstack([alpha for _, alpha in tiles]),
        ]
        grey = np.round(np.vstack(rows) * 255).astype(np.uint8)
        save_picture(cv2.merge([grey] * 3), args.out, "--out")
    except MirrorError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
