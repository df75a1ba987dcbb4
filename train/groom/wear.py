"""`python -m train groom wear`: grown hair laid over real people, in the light of their own face."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from mirror.core.errors import MirrorError
from mirror.engines import open_engine
from mirror.pipeline.mirror import Mirror
from mirror.segmentation.matting import Matting
from train.groom.camera import Camera
from train.groom.colour import COLOURS, find_colour
from train.groom.fit import Fit, Picture, fit_head
from train.groom.grow import grow
from train.groom.head import Head, head_names, load_head
from train.groom.lay_over import LaidOver, OwnHair, lay_in_own_light
from train.groom.own_colour import own_colour, own_tones
from train.groom.own_hairline import read_hairline
from train.groom.own_roots import own_lengths, own_roots
from train.groom.people import Sitter, sit
from train.groom.record import Groom, fingerprint
from train.groom.renderer import Layers, Renderer, RenderJob
from train.groom.stored import load_layers, save_layers
from train.groom.suitability import COVERED, covered, unfit
from train.groom.touched import bare_skin, touched
from train.pictures.reading import read_picture

OWN = "own"
# Grown people are fitted with grown heads.
ADULT = 18.0
PASSES = ("front", "whole", "shadow")


@dataclass(frozen=True)
class Wearing:
    """How hair is put on people.

    Attributes:
        colour: name of a colour; "own": nearest to the person's; None: the style's.
        seed: of hair and grain. samples: rays a pixel. size: of the portrait, width and height in pixels.
        device: of Cycles.
        truth: whether alpha and what lies beneath are written, too.
        layers: folder in which renders are kept and looked for, so that they can be laid over once more.
    """

    colour: str | None = None
    seed: int = 1
    samples: int = 96
    size: tuple[int, int] = (448, 640)
    device: str = "CPU"
    truth: bool = False
    layers: Path | None = None


@dataclass(frozen=True)
class Seated:
    """A person with their fitted head: hair can be grown on it and laid over them."""

    sitter: Sitter
    fit: Fit

    @property
    def camera(self) -> Camera:
        """The one that took the portrait."""
        fit = self.fit
        return Camera(fit.rotation, fit.translation, fit.focal, fit.centre, fit.size)

    def lay(self, layers: Layers, seed: int, *, own_colour: bool = False) -> LaidOver:
        """Lays what was rendered on the fitted head over the person, in the light of their face.

        Args:
            own_colour: brought to the tones of their own hair, where they have any.
        """
        alpha = np.clip(layers.front[..., 3], 0, 1).astype(np.float32)
        roots = own_roots(self.sitter, self.fit, alpha)
        whole = alpha if layers.whole is None else np.clip(layers.whole[..., 3], 0, 1).astype(np.float32)
        lengths = own_lengths(self.sitter, np.maximum(alpha, whole))
        own = OwnHair(roots, lengths, own_tones(self.sitter) if own_colour else None)
        return lay_in_own_light(self.sitter, layers, self.fit.head, seed, own)


class Chair:
    """Where people sit: finds their face, takes their hair away, fits a head.

    Loading the networks and heads takes seconds; one person after the other is quick.
    """

    def __init__(self) -> None:
        self._mirror = Mirror(style="bald")
        self._matting = Matting(open_engine("matte", "auto"))
        self._heads = adult_heads()

    def seat(self, photograph: np.ndarray, size: tuple[int, int] = (448, 640)) -> Seated | str:
        """A person, or in a few words why they cannot be.

        Args:
            photograph: uint8 (H, W, 3) sRGB. size: width, height of the portrait.
        """
        face = self._mirror.find_face(photograph)
        if face is None:
            return "no face was found; give a photograph of one face that looks at the camera"
        if why := unfit(face):
            return why
        try:
            sitter = sit(photograph, self._mirror, self._matting, size)
            if sitter is None:
                return "no face was found; give a photograph of one face that looks at the camera"
            outline = (sitter.person > 0.5).astype(np.uint8)
            fit = fit_head(
                Picture(sitter.landmarks, size, centre=sitter.centre, outline=outline), bases=self._heads
            )
        except MirrorError as error:
            return str(error).rstrip(".")
        if covered(sitter, fit) > COVERED:
            return "something is worn on the head; give a photograph without hat or scarf"
        return Seated(sitter, fit)


def adult_heads() -> list[Head]:
    """The heads of grown people."""
    heads = [load_head(name) for name in head_names()]
    return [one for one in heads if float(one.labels["age"]) >= ADULT]


def wear_styles(grooms: Sequence[Groom], photographs: Sequence[Path], out: Path, wearing: Wearing) -> int:
    """Writes `out/PHOTOGRAPH-STYLE.png` for each photograph and style; what is there is kept.

    Beside each is a `.json` with what it was made of and the share of the face's skin that was changed where
    neither old nor new hair is; with `wearing.truth` also `-alpha.png` (of the new
    hair, 16 bits) and `-beneath.png`. Photographs that cannot be used are told one line each.

    Returns:
        How many were made now.

    Raises:
        MirrorError: no photograph can be used, an unknown colour, no Blender, a full disk.
    """
    if wearing.colour not in (None, OWN):
        find_colour(str(wearing.colour))
    stems = [path.stem for path in photographs]
    if twice := {one for one in stems if stems.count(one) > 1}:
        raise MirrorError(
            f"Two photographs are called {sorted(twice)[0]!r}. Rename one: pictures carry the name."
        )
    jobs = {path: [one for one in grooms if not _is_done(out, path, one, wearing)] for path in photographs}
    total, missing = len(photographs) * len(grooms), sum(map(len, jobs.values()))
    if missing < total:
        print(f"{total - missing} of {total} are there already")
    if not missing:
        return 0
    try:
        for folder in filter(None, (out, wearing.layers)):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MirrorError(f"{out} cannot be made ({error.strerror}). Give another --out.") from None
    chair, made = Chair(), 0
    with Renderer() as renderer, tqdm(total=missing, unit="picture", disable=None) as progress:
        for path, wanted in jobs.items():
            if not wanted:
                continue
            photograph = read_picture(path)
            seated = photograph if isinstance(photograph, str) else chair.seat(photograph, wearing.size)
            if isinstance(seated, str):
                progress.write(f"{path}: {seated}. It is left out.")
                progress.update(len(wanted))
                continue
            for groom in wanted:
                _wear(seated, groom, path, out, wearing, renderer)
                progress.update()
                made += 1
    if not made:
        raise MirrorError("Nobody could be given hair: none of the photographs can be used. Give others.")
    print(f"{made} pictures in {out}")
    return made


def _wear(seated: Seated, groom: Groom, path: Path, out: Path, wearing: Wearing, renderer: Renderer) -> None:
    """One picture."""
    sitter, fit = seated.sitter, seated.fit
    own = dataclasses.replace(groom.hairline, own=read_hairline(sitter, fit))
    colour = groom.colour
    if wearing.colour:
        colour = (own_colour(sitter) or groom.colour) if wearing.colour == OWN else wearing.colour
    kept = (
        wearing.layers / f"{_name(path, groom)}-{colour.replace(' ', '_')}.layers" if wearing.layers else None
    )
    if kept and kept.exists():
        layers = load_layers(kept)
    else:
        hair = grow(dataclasses.replace(groom, hairline=own), fit.head, wearing.seed)
        layers = renderer.render(
            RenderJob(
                fit.head, hair, COLOURS[colour], seated.camera, passes=PASSES, samples=wearing.samples,
                seed=wearing.seed, device=wearing.device,
            )
        )  # fmt: skip
        if kept:
            save_layers(layers, kept)
    laid = seated.lay(layers, wearing.seed, own_colour=wearing.colour == OWN)
    rows, columns = known_part(sitter.inside)
    pictures = {"": laid.picture}
    if wearing.truth:
        pictures |= {"-alpha": np.round(laid.alpha * 65535).astype(np.uint16), "-beneath": laid.beneath}
    for what, picture in pictures.items():
        _write(out / f"{_name(path, groom)}{what}.png", picture[rows, columns])
    # Last, so that where it is right the pictures are whole.
    skin = bare_skin(sitter.landmarks, sitter.hair, laid.alpha) & (sitter.inside > 0.5)
    labels = {
        **_labels(path, groom, wearing), "colour_worn": colour, "residual_mm": fit.residual_mm,
        "skin_changed": touched(sitter.picture, laid.picture, skin),
    }  # fmt: skip
    (out / f"{_name(path, groom)}.json").write_text(json.dumps(labels, indent=1), encoding="utf-8")


def known_part(inside: np.ndarray) -> tuple[slice, slice]:
    """Rows and columns of a large upright box that the photograph fills wholly.

    Args:
        inside: float32 (H, W), 1 where the photograph reaches.
    """
    known = inside > 0.99
    if not known.any():
        return slice(0, inside.shape[0]), slice(0, inside.shape[1])
    top, bottom = np.flatnonzero(known.any(1))[[0, -1]] + [0, 1]
    left, right = np.flatnonzero(known.any(0))[[0, -1]] + [0, 1]
    while True:
        box = known[top:bottom, left:right]
        missing = [1 - box[0].mean(), 1 - box[-1].mean(), 1 - box[:, 0].mean(), 1 - box[:, -1].mean()]
        worst = int(np.argmax(missing))
        if missing[worst] == 0 or min(box.shape) <= 1:
            return slice(int(top), int(bottom)), slice(int(left), int(right))
        top, bottom, left, right = (
            top + (worst == 0), bottom - (worst == 1), left + (worst == 2), right - (worst == 3)
        )  # fmt: skip


def _write(path: Path, picture: np.ndarray) -> None:
    if picture.ndim == 3:
        picture = picture[..., ::-1]
    if not cv2.imwrite(str(path), picture):
        raise MirrorError(
            f"{path} cannot be written: the disk is full or the folder is closed. Free some room."
        )


def _name(path: Path, groom: Groom) -> str:
    return f"{path.stem}-{groom.name}"


def _labels(path: Path, groom: Groom, wearing: Wearing) -> dict[str, object]:
    return {
        "photograph": str(path.resolve()), "style": groom.name,
        "record": fingerprint(groom), "colour": wearing.colour,
        "seed": wearing.seed, "samples": wearing.samples, "size": list(wearing.size), "truth": wearing.truth,
    }  # fmt: skip


def _is_done(out: Path, path: Path, groom: Groom, wearing: Wearing) -> bool:
    try:
        there = json.loads((out / f"{_name(path, groom)}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    wanted = _labels(path, groom, wearing)
    return {key: there.get(key) for key in wanted} == wanted and (out / f"{_name(path, groom)}.png").exists()
