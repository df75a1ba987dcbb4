"""Renderer: from a head, strands, a colour, a light and a camera to layers."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mirror.core.errors import MirrorError
from train.groom.camera import Camera
from train.groom.child import Child
from train.groom.colour import HairColour, pigment
from train.groom.face_paint import paint_head
from train.groom.lights import GROUPS, Light, add_light, find_light, place_lamps
from train.groom.passes import calmed, enlarged, reduced, spread_into, strand_filter
from train.groom.reach import even_reach

if TYPE_CHECKING:
    from train.groom.head import Head
    from train.groom.strands import Strands

PASSES = ("front", "whole", "shadow", "portrait", "clump")
DEVICES = ("CPU", "CUDA", "OPTIX", "HIP", "ONEAPI", "METAL")
# The holdout lies this far inside the skin (cm), or the wall would show between hair and cheek by a pixel.
INSIDE = 0.14
_SEEN = 2e-3  # alpha below which there is no hair to tell anything of
_ROOM = 16  # pixels round the hair
# Rays a pixel beyond which what is seen of hair behind the neck, and shadows, which are smoothed, do not
# change; at 128 they cost as much as the hair in front.
_ENOUGH_BEHIND, _ENOUGH_SHADOW = 48, 32
_OF_HAIR = ("front", "behind")
Passes = dict[str, np.ndarray]


@dataclass(frozen=True)
class RenderJob:
    """One picture to be rendered.

    Attributes:
        head: what the hair grows on.
        hair: the strands, one or more sets; none for a bald head.
        colour: of the hair.
        camera: where it is seen from.
        light: name of a light, see `train.groom.lights.LIGHTS`.
        passes: which of `PASSES`; "front" is always made.
        samples: rays a pixel of the finished size, 1 to 4096.
        scale: 1 to 4: rendered at this many times the side and reduced.
        seed: of the noise and of the colour of strands.
        device: one of `DEVICES`.
        denoise: whether noise is taken out along the strands.
    """

    head: Head
    hair: tuple[Strands, ...]
    colour: HairColour
    camera: Camera
    light: str = "studio"
    passes: tuple[str, ...] = PASSES
    samples: int = 64
    scale: int = 1
    seed: int = 0
    device: str = "CPU"
    denoise: bool = True

    def __post_init__(self) -> None:
        find_light(self.light)
        if unknown := set(self.passes) - set(PASSES):
            raise MirrorError(f"No pass is called {sorted(unknown)[0]!r}. Choose of: {', '.join(PASSES)}.")
        for name, value, high in (("samples", self.samples, 4096), ("scale", self.scale, 4)):
            if not 1 <= value <= high:
                raise MirrorError(f"--{name} {value} is out of range. Give 1 to {high}.")
        if self.device not in DEVICES:
            raise MirrorError(f"No device is called {self.device!r}. Choose of: {', '.join(DEVICES)}.")


@dataclass(frozen=True)
class Layers:
    """What a render gives. Colours are linear and premultiplied, float32; what was not asked for is None.

    Attributes:
        front: (H, W, 4): hair before head and body, in the job's light.
        lights: its colour in each group of lights, (H, W, 3); `train.groom.lights.add_light` makes any light
            of it.
        whole: (H, W, 4): all of the hair, as if head and body were not there to be seen.
        behind_lights: by group, the part of `whole` that is not in `front`; add the two for the whole.
        depth: (H, W) cm from the camera along its axis, of the hair in front; 0 where there is none.
        tangent: (H, W, 2): unit vector from root to tip in the picture (right, down); 0 where there is no
            hair.
        clump: int32 (H, W): number of the lock that one ray through a pixel meets, -1 none.
        shadow: (H, W, 3): what the hair multiplies the light on skin and clothes with, in the job's light; 1
            far from the hair, carried on under it.
        shadow_lights: the two sums that it is the quotient of, by group: with the hair and without; half the
            side is all they need, (H / 2, W / 2, 3) each, rounded up; `train.groom.passes.enlarged` enlarges
            them.
        portrait: (H, W, 4): head and hair together, to look at.
        seconds: of the render, on the clock.
        core_seconds: of each shot that it took, see `train.groom.cycles.shaders.SEEN`.
        megabytes: the most memory the child has taken.
    """

    front: np.ndarray
    lights: dict[str, np.ndarray]
    whole: np.ndarray | None = None
    behind_lights: dict[str, np.ndarray] = field(default_factory=dict)
    depth: np.ndarray | None = None
    tangent: np.ndarray | None = None
    clump: np.ndarray | None = None
    shadow: np.ndarray | None = None
    shadow_lights: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    portrait: np.ndarray | None = None
    seconds: float = 0.0
    core_seconds: dict[str, float] = field(default_factory=dict)
    megabytes: float = 0.0


class Renderer:
    """Keeps the path tracer running, so that the next camera or light of the same hair costs its samples
    only.

    Args:
        python: the interpreter that has `bpy`, see `train.groom.child.Child`.
        threads: how many; 0: one a core.

    Raises:
        MirrorError: see `Child`.
    """

    def __init__(self, python: str | None = None, threads: int = 0) -> None:
        self.child = Child(python)
        self._there: dict[str, str] = {}
        self._bare_ones: dict[str, tuple[str, Passes]] = {}
        if threads:
            self.child.ask("threads", count=threads)

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the path tracer."""
        self.child.close()

    def render(self, job: RenderJob) -> Layers:
        """Renders one job.

        Raises:
            MirrorError: the child died, disk or memory full, no such device.
        """
        self._prepare(job)
        start, spent = time.perf_counter(), dict[str, float]()

        def shot(what: str, samples: int, camera: Camera, scale: int = 1) -> dict[str, np.ndarray]:
            out = self.child.path(f"{what}.npz")
            told = self.child.ask(
                "render", what=what, camera=camera.to_json(), samples=max(1, samples), seed=job.seed,
                scale=scale, out=out, picture=self.child.path("picture.exr"),
            )  # fmt: skip
            spent[what] = told["core_seconds"]
            with np.load(out) as data:
                # Hair is reduced later, when its noise is out.
                return {name: reduced(data[name], 1 if what in _OF_HAIR else scale) for name in data.files}

        samples = -(-job.samples // job.scale**2)
        light = find_light(job.light)
        hair = _hair_of(shot("front", samples, job.camera, job.scale), job, samples)
        front = hair.in_light(light)
        found: dict[str, Any] = {"depth": hair.depth(), "tangent": hair.tangent()}
        if "whole" in job.passes:
            # Seen only at the edge of neck and cheeks: fewer rays will do.
            rays = max(1, min(samples // 2, _ENOUGH_BEHIND))
            behind = _hair_of(shot("behind", rays, job.camera, job.scale), job, rays)
            behind = behind.within(1 - hair.alpha)
            found["behind_lights"] = behind.groups
            found["whole"] = front + behind.in_light(light)
        if "shadow" in job.passes or "portrait" in job.passes:
            # Shadows are smoothed: half the side will do. The same number of rays with hair and without, or
            # the noise of the two would not cancel.
            half, few = job.camera.halved(), max(8, min(job.samples, _ENOUGH_SHADOW))
            lit, bare = shot("skin", few, half), self._bare(shot, "bare", few, job, half)
            pairs = _shadow(lit, bare, half.size[0] / 448)
            sums = [add_light({name: pair[k] for name, pair in pairs.items()}, light) for k in (0, 1)]
            shadow = enlarged(np.clip(sums[0] / np.maximum(sums[1], 1e-4), 0, 1.2), job.camera.size)
            if "shadow" in job.passes:
                found.update(shadow=shadow, shadow_lights=pairs)
            if "portrait" in job.passes:
                # Light under skin is dear and its noise no strand's: few rays will do.
                rays = max(8, samples // 3)
                soft = self._bare(shot, "soft", rays, job, job.camera, job.scale)
                skin = add_light({name: soft[f"Combined_{name}"] for name in GROUPS}, light)
                skin = calmed(skin, rays * job.scale**2) * shadow
                # Of the head there is what hair leaves of it.
                left = 1 - hair.alpha[..., None]
                found["portrait"] = front + np.concatenate([skin, soft["Combined"][..., 3:]], -1) * left
        if "clump" in job.passes:
            # Of one ray: means of numbers would be the numbers of other locks.
            facts = shot("facts", 1, job.camera)
            found["clump"] = np.round(facts["along"][..., 2]).astype(np.int32) - 1
        return Layers(
            front, hair.groups, **found, seconds=time.perf_counter() - start, core_seconds=spent,
            megabytes=self.child.megabytes,
        )  # fmt: skip

    def bald(self, head: Head, camera: Camera, samples: int, device: str = "CPU") -> Passes:
        """A head without hair: `Combined` (H, W, 4), and `Combined_left` and so on by group of lights,
        (H, W, 3), linear and premultiplied.

        Raises:
            MirrorError: as `render`.
        """
        job = RenderJob(head, (), HairColour(1.0), camera, samples=samples, device=device)
        self._prepare(job)
        out = self.child.path("soft.npz")
        self.child.ask(
            "render", what="soft", camera=camera.to_json(), samples=samples, seed=0, scale=1, out=out,
            picture=self.child.path("picture.exr"),
        )  # fmt: skip
        with np.load(out) as data:
            return {name: data[name] for name in data.files}

    def _bare(
        self,
        shot: Callable[..., Passes],
        what: str,
        samples: int,
        job: RenderJob,
        camera: Camera,
        scale: int = 1,
    ) -> Passes:
        """The head without hair, which is rendered once for a camera."""
        key = _key(self._there["head"], repr((camera.to_json(), samples, job.seed, scale)))
        if self._bare_ones.get(what, ("",))[0] != key:
            self._bare_ones[what] = (key, shot(what, samples, camera, scale))
        return self._bare_ones[what][1]

    def _prepare(self, job: RenderJob) -> None:
        """Sends what has changed."""
        if self._there.get("device") != job.device:
            self.child.ask("device", kind=job.device)
            self._there["device"] = job.device
        head, key = job.head, _key(job.head.vertices, job.head.faces, np.array(job.head.skin))
        if self._there.get("head") != key:
            path = self.child.path("head.npz")
            np.savez(path, **paint_head(head, INSIDE))
            self.child.ask("head", path=path)
            self._there["head"] = key
        key = _key(
            *(one for part in job.hair for one in (part.points, part.radius)), repr((job.colour, job.seed))
        )
        if self._there.get("hair") != key:
            path = self.child.path("hair.npz")
            np.savez(path, **_curves(job))
            self.child.ask("hair", path=path)
            self.child.ask("look", material={"Radial Roughness": job.colour.radial})
            self._there["hair"] = key
        # The lamps shine at the head's middle, which is the origin of head space.
        self.child.ask("light", **place_lamps(job.camera, np.zeros(3)))


def _curves(job: RenderJob) -> dict[str, np.ndarray]:
    """All strands end to end, as the child's job `hair` takes them."""
    parts = []
    for number, strands in enumerate(job.hair):
        colour = pigment(strands, job.colour, job.seed + number)
        parts.append(
            (
                strands.points.reshape(-1, 3),
                np.full(len(strands.points), strands.points.shape[1], np.int32),
                strands.radius.ravel(), colour.melanin.ravel(), colour.redness.ravel(),
                colour.tint.reshape(-1, 3), strands.clump, colour.roughness,
            )
        )  # fmt: skip
    names = ("points", "sizes", "radius", "melanin", "redness", "tint", "clump", "rough")
    if not parts:
        return {name: np.zeros((0, 3) if name in ("points", "tint") else 0, np.float32) for name in names}
    return {name: np.concatenate([part[k] for part in parts]) for k, name in enumerate(names)}


@dataclass(frozen=True)
class _Hair:
    """One render of hair at the finished size; `orient` and `along` are premultiplied means."""

    groups: dict[str, np.ndarray]
    alpha: np.ndarray
    orient: np.ndarray
    along: np.ndarray

    def in_light(self, light: Light) -> np.ndarray:
        return np.concatenate([add_light(self.groups, light), self.alpha[..., None]], -1)

    def within(self, room: np.ndarray) -> _Hair:
        """The same, nowhere covering more than `room` (H, W): two renders' noise may overlap a little."""
        share = np.minimum(1, room / np.maximum(self.alpha, 1e-4))
        groups = {name: one * share[..., None] for name, one in self.groups.items()}
        return replace(self, groups=groups, alpha=self.alpha * share)

    def depth(self) -> np.ndarray:
        return np.where(self.alpha > _SEEN, self.orient[..., 2] / np.maximum(self.alpha, _SEEN), 0)

    def tangent(self) -> np.ndarray:
        """The axis from the doubled angle; which way it points from the plain mean."""
        angle = np.arctan2(self.orient[..., 1], self.orient[..., 0]) / 2
        axis = np.stack([np.cos(angle), np.sin(angle)], -1)
        sign = np.where((axis * self.along[..., :2]).sum(-1) < 0, -1, 1)
        return (axis * (sign * (self.alpha > _SEEN))[..., None]).astype(np.float32)


def _hair_of(raw: Passes, job: RenderJob, rays: int) -> _Hair:
    """Noise out, then reduced; `rays` a pixel as rendered."""
    alpha = np.ascontiguousarray(raw["Combined"][..., 3])
    groups = {name: np.ascontiguousarray(raw[f"Combined_{name}"]) for name in GROUPS}
    orient, along = (np.ascontiguousarray(raw[name][..., :3]) for name in ("orient", "along"))
    if job.denoise:
        box, told = _box_of(alpha), {**groups, "orient": orient, "along": along}
        cut = {name: np.ascontiguousarray(one[box]) for name, one in told.items()}
        depth = cut["orient"][..., 2] / np.maximum(alpha[box], 1e-3)
        way = np.ascontiguousarray(cut["orient"][..., :2])
        reach = even_reach(job.hair) * job.camera.pixels_a_cm() * job.scale
        found, alpha[box] = strand_filter(cut, np.ascontiguousarray(alpha[box]), way, depth, rays, reach)
        for name, one in told.items():
            one[box] = found[name]
    groups = {name: reduced(one, job.scale) for name, one in groups.items()}
    return _Hair(groups, *(reduced(one, job.scale) for one in (alpha, orient, along)))


def _box_of(alpha: np.ndarray) -> tuple[slice, slice]:
    """Where hair is in a picture and as far as its noise is spread; most of a picture is none."""
    rows, columns = (np.flatnonzero((alpha > 0).any(axis)) for axis in (1, 0))
    return tuple(  # type: ignore[return-value]
        slice(max(int(one[0]) - _ROOM, 0), int(one[-1]) + _ROOM + 1) if len(one) else slice(0, 1)
        for one in (rows, columns)
    )


def _shadow(lit: Passes, bare: Passes, unit: float) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Light on the skin with hair and without, by group, smooth, known everywhere.

    Where hair covers the skin the light beneath is carried on from beside: no picture shows it there, and
    shadows are soft, which is why the noise may be taken out by a plain mean.
    """
    cover = lit["Combined"][..., 3]
    whole = np.maximum(bare["Combined"][..., 3:], 1e-3)
    pairs = {}
    for name in GROUPS:
        plain = bare[f"Combined_{name}"] / whole * cover[..., None]
        smooth = spread_into(np.concatenate([lit[f"Combined_{name}"], plain], -1), cover, unit)
        pairs[name] = (smooth[..., :3], smooth[..., 3:])
    return pairs


def _key(*parts: object) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(
            np.ascontiguousarray(part).tobytes() if isinstance(part, np.ndarray) else str(part).encode()
        )
    return digest.hexdigest()
