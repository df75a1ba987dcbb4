"""`python -m train groom sheet`: all styles on one picture, each from the front and from three quarters.

Cells are kept in a folder beside the picture and drawn anew only where their style or the wishes changed, so
a killed run goes on and one changed style costs one cell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from mirror.core.errors import MirrorError
from train.groom.camera import portrait_camera
from train.groom.colour import find_colour
from train.groom.draft import draft
from train.groom.grow import grow
from train.groom.head import Head, load_head
from train.groom.look import DRAFT_SHARE, draft_albedo, shown
from train.groom.record import Groom
from train.groom.renderer import Renderer, RenderJob

YAWS = (0.0, 40.0)
_LINE = 26  # pixels below a cell, for its name
_INK, _PAPER = 30, 240


@dataclass(frozen=True)
class Sheet:
    """How a contact sheet is drawn.

    Attributes:
        size: of one picture, width and height in pixels; a cell is two of them.
        columns: styles in a row.
        draft: without Blender: shape and cut only.
        samples: rays a pixel. strands: multiplies their number; small pictures need fewer.
        head, seed, device: as of `train.groom.look.Looking`.
    """

    size: tuple[int, int] = (224, 320)
    columns: int = 6
    draft: bool = False
    samples: int = 24
    strands: float = 0.5
    head: str = "canonical"
    seed: int = 1
    device: str = "CPU"


def draw_sheet(grooms: Sequence[Groom], out: Path, sheet: Sheet) -> int:
    """Draws styles onto one picture, `.jpg` or `.png`.

    Returns:
        How many cells were drawn now.

    Raises:
        MirrorError: no Blender, an unknown head or colour, a picture that cannot be written.
    """
    head = load_head(sheet.head)
    if out.suffix.lower() not in (".jpg", ".jpeg", ".png"):
        raise MirrorError(f"--out {out} is no picture. Give a name that ends in .jpg or .png.")
    cells = out.with_name(out.stem + ".cells")
    try:
        cells.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MirrorError(f"{cells} cannot be made ({error.strerror}). Give another --out.") from None
    paths = {groom.name: cells / f"{groom.name}-{_key(groom, sheet)}.png" for groom in grooms}
    missing = [groom for groom in grooms if not paths[groom.name].exists()]
    if 0 < len(missing) < len(grooms):
        print(f"{len(grooms) - len(missing)} of {len(grooms)} are there already")
    with Renderer() if missing and not sheet.draft else nullcontext() as renderer:
        for groom in tqdm(missing, unit="style", disable=None):
            for old in cells.glob(f"{groom.name}-{'?' * 12}.png"):
                old.unlink()
            _write(paths[groom.name], _cell(groom, head, sheet, renderer))
    _write(out, _laid_out([_named(groom.name, paths[groom.name]) for groom in grooms], sheet.columns))
    print(f"{len(grooms)} styles on {out}")
    return len(missing)


def _key(groom: Groom, sheet: Sheet) -> str:
    wishes = {name: value for name, value in asdict(sheet).items() if name not in ("columns", "device")}
    if sheet.draft:
        wishes.update(samples=0, strands=0)
    return hashlib.sha256(repr((groom, find_colour(groom.colour), wishes)).encode()).hexdigest()[:12]


def _cell(groom: Groom, head: Head, sheet: Sheet, renderer: Renderer | None) -> np.ndarray:
    """Front and three quarters beside each other, uint8 (H, 2 W, 3) RGB."""
    colour = find_colour(groom.colour)
    hair = grow(groom, head, sheet.seed, sheet.strands if renderer else DRAFT_SHARE)
    pictures = []
    for yaw in YAWS:
        camera = portrait_camera(head, yaw=yaw, size=sheet.size)
        if renderer is None:
            pictures.append(draft(head, hair, camera, draft_albedo(colour)))
            continue
        job = RenderJob(
            head, hair, colour, camera, passes=("portrait",), samples=sheet.samples, device=sheet.device
        )
        portrait = renderer.render(job).portrait
        assert portrait is not None
        pictures.append(shown(portrait))
    return np.concatenate(pictures, 1)


def _named(name: str, path: Path) -> np.ndarray:
    """A kept cell (BGR) with its name beneath."""
    picture = cv2.imread(str(path))
    if picture is None:
        path.unlink(missing_ok=True)
        raise MirrorError(f"{path} was not a whole picture and is deleted. Start again: it is drawn anew.")
    line = np.full((_LINE, picture.shape[1], 3), _PAPER, np.uint8)
    cv2.putText(line, name, (4, _LINE - 9), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (_INK,) * 3, 1, cv2.LINE_AA)
    return np.concatenate([picture, line])


def _laid_out(cells: list[np.ndarray], columns: int) -> np.ndarray:
    """Cells of one size in rows, as RGB."""
    columns = min(columns, len(cells))
    blank = np.full_like(cells[0], _PAPER)
    cells = cells + [blank] * (-len(cells) % columns)
    rows = [np.concatenate(cells[at : at + columns], 1) for at in range(0, len(cells), columns)]
    return np.concatenate(rows)[..., ::-1]


def _write(path: Path, picture: np.ndarray) -> None:
    """Writes a picture (RGB), whole or not at all."""
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        written = cv2.imwrite(str(part), picture[..., ::-1])
    except cv2.error:
        written = False
    if not written:
        part.unlink(missing_ok=True)
        raise MirrorError(f"{path} cannot be written. Free some room or give another --out, and start again.")
    part.replace(path)
