"""`python -m train groom render`: layers of styles from several sides, in a folder that can be gone
on with.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import cv2
from tqdm import tqdm

from mirror.core.errors import MirrorError
from train.groom.camera import portrait_camera
from train.groom.colour import find_colour
from train.groom.grow import grow
from train.groom.head import load_head
from train.groom.lights import find_light
from train.groom.look import shown
from train.groom.record import Groom, fingerprint
from train.groom.renderer import PASSES, Renderer, RenderJob
from train.groom.stored import save_layers


@dataclass(frozen=True)
class Wanted:
    """What is rendered of each style.

    Attributes:
        yaws, pitches: degrees; each with each. roll: degrees.
        size: width, height in pixels.
        light: of the preview; layers hold every group of lights. colour: None: the style's own.
        head: name of the head. seed: of the hair. samples: rays a pixel. device: of Cycles.
        passes: of `train.groom.renderer.PASSES`; "portrait" is one of them.
    """

    yaws: tuple[float, ...] = (0.0,)
    pitches: tuple[float, ...] = (0.0,)
    roll: float = 0.0
    size: tuple[int, int] = (448, 640)
    light: str = "studio"
    colour: str | None = None
    head: str = "canonical"
    seed: int = 1
    samples: int = 48
    device: str = "CPU"
    passes: tuple[str, ...] = PASSES


def render_layers(grooms: Sequence[Groom], out: Path, wanted: Wanted) -> int:
    """Renders styles into `out/STYLE/COLOUR_yYAW_pPITCH.layers`, with a preview and the labels beside each.

    What is there already, of the same style and wishes, is kept: after a kill the same command goes on.

    Returns:
        How many were rendered now.

    Raises:
        MirrorError: an unknown head, colour or light; no Blender; a full disk.
    """
    head = load_head(wanted.head)
    find_light(wanted.light)
    for groom in grooms:
        find_colour(wanted.colour or groom.colour)
    jobs = [
        (groom, yaw, pitch, path)
        for groom in grooms
        for yaw, pitch in product(wanted.yaws, wanted.pitches)
        if not _is_done(path := _path(out, groom, wanted, yaw, pitch), _labels(groom, wanted, yaw, pitch))
    ]
    total = len(grooms) * len(wanted.yaws) * len(wanted.pitches)
    if len(jobs) < total:
        print(f"{total - len(jobs)} of {total} are there already")
    if not jobs:
        return 0
    made: tuple[str, tuple] = ("", ())
    with Renderer() as renderer:
        for groom, yaw, pitch, path in tqdm(jobs, unit="view", disable=None):
            if made[0] != groom.name:
                made = (groom.name, grow(groom, head, wanted.seed))
            camera = portrait_camera(head, yaw=yaw, pitch=pitch, roll=wanted.roll, size=wanted.size)
            layers = renderer.render(
                RenderJob(
                    head, made[1], find_colour(wanted.colour or groom.colour), camera, wanted.light,
                    passes=wanted.passes, samples=wanted.samples, seed=wanted.seed, device=wanted.device,
                )
            )  # fmt: skip
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise MirrorError(
                    f"{path.parent} cannot be made ({error.strerror}). Give another --out."
                ) from None
            save_layers(layers, path)
            assert layers.portrait is not None
            cv2.imwrite(str(path.with_suffix(".png")), shown(layers.portrait)[..., ::-1])
            labels = {**_labels(groom, wanted, yaw, pitch), "camera": camera.to_json()}
            path.with_suffix(".json").write_text(json.dumps(labels, indent=1), encoding="utf-8")
    print(f"{len(jobs)} views in {out}")
    return len(jobs)


def _path(out: Path, groom: Groom, wanted: Wanted, yaw: float, pitch: float) -> Path:
    colour = (wanted.colour or groom.colour).replace(" ", "_")
    return out / groom.name / f"{colour}_y{yaw:+.0f}_p{pitch:+.0f}.layers"


def _labels(groom: Groom, wanted: Wanted, yaw: float, pitch: float) -> dict[str, object]:
    rest = {key: value for key, value in asdict(wanted).items() if key not in ("yaws", "pitches", "device")}
    if wanted.passes == PASSES:
        del rest["passes"]
    return json.loads(
        json.dumps(
            {"style": groom.name, "record": fingerprint(groom), "yaw": yaw,
             "pitch": pitch, **rest}
        )
    )  # fmt: skip


def _is_done(path: Path, labels: dict[str, object]) -> bool:
    """The labels are written last, so where they are right the layers are whole."""
    try:
        there = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    there.pop("camera", None)
    return path.exists() and there == labels
