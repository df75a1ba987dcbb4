"""A page of all heads, each from the front and from the side, with its landmarks' outline.

python -m train.groom.head_sheet --out heads.png
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from train.groom.head import Head, head_names, load_head
from train.groom.preview import draw, view_of
from train.groom.raster import project
from train.pictures.writing import check_picture, save_picture

SIZE, EYES_AT, EYE_DISTANCE = (200, 270), (99.5, 118.0), 44.0
COLUMNS = 6


def tile(head: Head, landmarks: bool) -> np.ndarray:
    """One head from the front and from its left, named: RGB uint8 (290, 400, 3)."""
    sides = []
    for yaw in (0.0, 90.0):
        view = view_of(head, yaw, 0.0, EYES_AT if not yaw else (130.0, EYES_AT[1]), EYE_DISTANCE)
        picture = draw(head, view, SIZE)
        if landmarks:
            for x, y in project(head.landmarks, view)[:, :2].round().astype(int):
                cv2.circle(picture, (x, y), 0, (255, 60, 0), -1)
        sides.append(picture)
    label = np.full((20, 2 * SIZE[0], 3), 255, np.uint8)
    said = f"{head.name}  {head.labels['sex']} {head.labels['age']:.0f}"
    cv2.putText(label, said, (4, 15), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 0, 0), 1, cv2.LINE_AA)
    return np.vstack([np.hstack(sides), label])


def sheet(names: list[str], landmarks: bool = False) -> np.ndarray:
    """A page of heads, RGB uint8."""
    tiles = [tile(load_head(name), landmarks) for name in names]
    tiles += [np.full_like(tiles[0], 255)] * (-len(tiles) % COLUMNS)
    return np.vstack([np.hstack(tiles[row : row + COLUMNS]) for row in range(0, len(tiles), COLUMNS)])


def main() -> None:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("--out", type=Path, default=Path("heads.png"), help="(default: %(default)s)")
    parser.add_argument("--landmarks", action="store_true", help="draw the 468 landmarks too")
    parser.add_argument("names", nargs="*", metavar="HEAD", help="which heads (default: all)")
    args = parser.parse_args()
    try:
        check_picture(args.out, "--out")
        save_picture(sheet(args.names or head_names(), args.landmarks), args.out, "--out")
    except MirrorError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    print(args.out)


if __name__ == "__main__":
    main()
