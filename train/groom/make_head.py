"""Packs MakeHuman's base mesh and its morph targets into the one file that heads are made of.

python -m train.groom.make_head SOURCE
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from mirror.core.errors import MirrorError
from mirror.tracking.mediapipe import open_tracker
from train.groom.find_landmarks import EYE_DISTANCE, EYES_AT, LANDMARKS, SIZE, VIEWS, apart, locate, show
from train.groom.head import CANONICAL, PARTS, Head, family_weights, head_of
from train.groom.morphs import ANCESTRIES, ASSET, NO_CORNER, SEXES, Morphs, read_morphs
from train.groom.preview import view_of
from train.groom.raster import project, rasterise

# The middle of the canonical skull in the source's mesh, decimetres, x to the left, y to the back, z up.
MIDDLE = (0.0, -0.48, 7.65)
# What of a body is kept: above the armpits and within the shoulders, decimetres.
LOWEST, WIDEST = 3.6, 3.2
GROUPS = ("body", "helper-l-eye", "helper-r-eye")
# The cranium, whose mean stays at one place: vertices above the eyes, not those of the ears, centimetres.
CRANIUM_LOW = 1.0
# Where the head is held on the neck is no part of its shape; nor do these shape anything hair or face need.
LEFT_OUT = (
    "head-trans", "head-age", "neck-trans", "neck-back", "mouth-trans", "mouth-dimples", "mouth-laugh",
    "mouth-upperlip-ext", "mouth-lowerlip-ext", "mouth-upperlip-middle", "mouth-lowerlip-middle",
    "mouth-upperlip-width", "mouth-lowerlip-width", "mouth-cupidsbow-width", "eye-bag-", "eye-push",
    "eye-eyefold-angle", "eye-eyefold-up", "eye-eyefold-down", "nose-trans", "nose-septumangle",
    "nose-nostrils-angle", "ear-shape",
)  # fmt: skip
SOURCE = "Name the folder that holds MakeHuman's base.obj and targets."
LEAST = 0.002  # centimetres: shifts below are left out
EAR_MOVED = 0.25  # centimetres: what the target that widens an ear moves by more is the ear


def read_source(source: Path) -> tuple[np.ndarray, list[tuple[str, list[int]]]]:
    """Vertices, float64 (V, 3) in decimetres as the file has them, and faces with the name of their group."""
    vertices, faces, group = [], [], ""
    try:
        for line in (source / "base.obj").read_text().splitlines():
            kind, _, rest = line.partition(" ")
            if kind == "v":
                vertices.append([float(x) for x in rest.split()[:3]])
            elif kind == "g":
                group = rest.strip()
            elif kind == "f":
                faces.append((group, [int(corner.split("/")[0]) - 1 for corner in rest.split()]))
    except (OSError, ValueError, IndexError) as error:
        raise MirrorError(f"{source / 'base.obj'}: not to be read as a mesh ({error}). {SOURCE}") from None
    return np.array(vertices), faces


def read_target(path: Path, count: int) -> np.ndarray:
    """Shifts of all vertices, float64 (count, 3) decimetres, as the file has them."""
    shifts = np.zeros((count, 3))
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            number, *shift = line.split()
            shifts[int(number)] = [float(x) for x in shift]
    return shifts


def turned(points: np.ndarray) -> np.ndarray:
    """From the source's axes (y up, z ahead; decimetres) to ours (y back, z up; centimetres)."""
    return np.stack([points[:, 0], -points[:, 2], points[:, 1]], 1) * 10


def pack(source: Path) -> tuple[dict[str, np.ndarray], list[str]]:
    """What the file holds but the landmarks, and the names of the targets.

    Raises:
        MirrorError: the folder holds no such mesh, or not all of the targets that heads are mixed of.
    """
    raw, faces = read_source(source)
    paths = {path.stem: path for path in sorted((source / "targets").glob("*/*.target"))}
    names = [name for name in paths if not name.removeprefix("l-").removeprefix("r-").startswith(LEFT_OUT)]
    young = [f"{ancestry}-{sex}-young" for ancestry in ANCESTRIES for sex in SEXES]
    if missing := [name for name in (*young, "l-ear-scale-incr", "r-ear-scale-incr") if name not in names]:
        raise MirrorError(f"{source / 'targets'}: no target {missing[0]}. {SOURCE}")
    shifts = {name: turned(read_target(paths[name], len(raw))) for name in names}
    base = turned(raw) - np.array(MIDDLE) * 10
    canonical = base + sum(shifts[name] for name in young) / len(young)
    inside = (canonical[:, 2] > (LOWEST - MIDDLE[2]) * 10) & (np.abs(canonical[:, 0]) < WIDEST * 10)
    kept = [(group, face) for group, face in faces if group in GROUPS and inside[face].all()]
    used = np.unique([corner for _, face in kept for corner in face])
    number = np.full(len(raw), -1)
    number[used] = np.arange(len(used))
    corners = np.full((len(kept), 4), NO_CORNER, np.uint16)
    for row, (_, face) in zip(corners, kept, strict=True):
        row[: len(face)] = number[face]
    ear = sum(np.linalg.norm(shifts[f"{side}-ear-scale-incr"], axis=1) for side in "lr") > EAR_MOVED
    parts = np.array([_part(group, ear[face].all()) for group, face in kept], np.uint8)
    whole = np.unique(corners[parts > 0])
    cranium = canonical[used, 2] > CRANIUM_LOW
    cranium[whole[whole < len(cranium)]] = False
    anchor = np.flatnonzero(cranium)
    sparse, middle = _sparse({name: shifts[name][used] for name in names}, anchor)
    # What was taken from the targets of whole people is in the base, so the canonical head stays as it is.
    base = base[used] + sum(middle[name] for name in young) / len(young)
    return {
        "base": base.astype(np.float32),
        "faces": corners,
        "parts": parts,
        "anchor": anchor.astype(np.uint16),
        **sparse,
    }, names


def _part(group: str, ear: bool) -> int:
    return PARTS.index("eye") if "eye" in group else PARTS.index("ear") if ear else PARTS.index("skin")


def _sparse(
    shifts: dict[str, np.ndarray], anchor: np.ndarray
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Targets as vertices and 16-bit shifts; of whole people without their mean on the cranium, and it."""
    index, small, scales, start = [], [], [], [0]
    middle = {name: shift[anchor].mean(0) for name, shift in shifts.items() if name.startswith(ANCESTRIES)}
    for name, shift in shifts.items():
        shift = shift - middle.get(name, 0)
        moved = np.flatnonzero(np.abs(shift).max(1) > LEAST)
        scale = max(float(np.abs(shift).max()), LEAST) / 32767
        index.append(moved.astype(np.uint16))
        small.append(np.round(shift[moved] / scale).astype(np.int16))
        scales.append(scale)
        start.append(start[-1] + len(moved))
    return {
        "start": np.array(start, np.int32),
        "index": np.concatenate(index),
        "shift": np.concatenate(small),
        "scale": np.array(scales, np.float32),
    }, middle


def write(path: Path, arrays: dict[str, np.ndarray], names: list[str]) -> Morphs:
    """Writes the file and reads it again."""
    safe = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    save_file(
        safe, path, {"targets": json.dumps(names), "licence": "CC0 1.0", "source": "MakeHuman, a8bc2d54"}
    )
    return read_morphs(path)


def unseen(head: Head) -> np.ndarray:
    """Faces of the skin that lie inside mouth, nose and lids, seen from nowhere: bool (F,)."""
    seen: list[np.ndarray] = []
    for yaw in range(-75, 76, 25):
        for pitch in (-45, -20, 0, 20, 45):
            view = view_of(head, yaw, pitch, EYES_AT, EYE_DISTANCE)
            seen.append(np.unique(rasterise(project(head.vertices, view), head.triangles, SIZE).triangle))
    there = np.zeros(len(head.triangles) + 1, bool)  # the last is of pixels that show nothing
    there[np.concatenate(seen)] = True
    quads = np.flatnonzero(head.faces[:, 3] >= 0)
    outer = there[: len(head.faces)].copy()
    outer[quads] |= there[len(head.faces) : -1]
    middle = head.vertices[head.faces].mean(1)
    face = (np.abs(middle[:, 0]) < 5) & (middle[:, 1] < -1) & (np.abs(middle[:, 2] + 6) < 8)
    return face & ~outer & (head.parts == PARTS.index("skin"))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path, help="the folder that holds base.obj and targets/")
    parser.add_argument("--out", type=Path, default=ASSET, help="the file to write (default: %(default)s)")
    args = parser.parse_args()
    part = args.out.with_suffix(".part")
    try:
        arrays, names = pack(args.source)
        nowhere = np.zeros((LANDMARKS, 3))
        arrays |= {
            "landmark_corners": nowhere.astype(np.uint16),
            "landmark_weights": nowhere.astype(np.float32),
        }
        morphs = write(part, arrays, names)
        head = head_of(morphs, {}, CANONICAL)
        arrays["parts"][unseen(head)] = PARTS.index("inside")
        tracker = open_tracker(still=True)
        family = family_weights()
        taught, tried = list(family)[::3], list(family)[1::3]
        print(f"showing {len(taught) + len(tried)} heads to MediaPipe from {len(VIEWS)} sides", flush=True)
        for heads in ([CANONICAL], taught):
            made = [head_of(morphs, family.get(name, {}), name) for name in heads]
            shown = show(made, tracker)
            corners, shares = locate(shown)
            arrays |= {"landmark_corners": corners.astype(np.uint16), "landmark_weights": shares}
            morphs = write(part, arrays, names)
        made = [head_of(morphs, family[name], name) for name in tried]
        for view in VIEWS:
            far = apart(show(made, tracker, [view]))
            print(
                f"{len(far)} heads not learnt from, yaw {view[0]:3d} pitch {view[1]:3d}: landmarks "
                f"{far.mean():.2f} mm apart (median {np.median(far):.2f}, the worst {far.mean(0).max():.2f})"
            )
        os.replace(part, args.out)
    except MirrorError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    finally:
        part.unlink(missing_ok=True)
    digest = hashlib.sha256(args.out.read_bytes()).hexdigest()
    print(f"{args.out}: {args.out.stat().st_size} bytes, {len(morphs.base)} vertices, {len(names)} targets")
    print(f"ASSET_SHA256 of train/groom/morphs.py: {digest}")


if __name__ == "__main__":
    main()
