"""`python -m train groom dataset`: many grooms on many heads, each from several sides, with every label.

A draw is a folder: `labels.json` and a `.layers` file a view. It is made elsewhere and moved into place, so
what is there is whole, and the same command goes on after a kill. The work of one draw is one function
without state: here it is called in a loop, on many machines by Ray.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from mirror.core.errors import MirrorError
from train.groom.book import read_book
from train.groom.camera import portrait_camera
from train.groom.child import scratch_folder
from train.groom.draws import SPLITS, Draw, draw
from train.groom.grow import grow
from train.groom.head import load_head
from train.groom.renderer import Renderer, RenderJob
from train.groom.stored import save_layers

PASSES = ("front", "whole", "shadow", "clump")


@dataclass(frozen=True)
class Plan:
    """What a data set is.

    Attributes:
        count, held_out: renders to train on and to judge by; views: of each groom.
        size: width, height in pixels. samples: rays a pixel. seed: of everything.
        device: of Cycles. strands: multiplies their number (smaller pictures need fewer).
    """

    count: int
    held_out: int
    views: int = 4
    size: tuple[int, int] = (448, 640)
    samples: int = 32
    seed: int = 0
    device: str = "CPU"
    strands: float = 1.0

    def draws(self) -> Iterator[tuple[str, int]]:
        """(split, number) of every draw; both splits grow side by side, so that half a data set has both."""
        counts = [-(-renders // self.views) for renders in (self.count, self.held_out)]
        yield from (
            (split, number)
            for _, split, number in sorted(
                ((number + 0.5) / count, split, number)
                for split, count in zip(SPLITS, counts, strict=True)
                for number in range(count)
            )
        )

    def key(self) -> dict[str, object]:
        """What a draw in a folder must have been made with to be kept."""
        return {"seed": self.seed, "views": self.views, "size": list(self.size), "samples": self.samples,
                "strands": self.strands}  # fmt: skip


def render_draw(plan: Plan, split: str, number: int, renderer: Renderer | None = None) -> dict[str, bytes]:
    """Renders one draw.

    Args:
        renderer: a running one; None: one of its own on one core, as Ray's tasks have.

    Returns:
        The files of its folder by name.
    """
    if renderer is None:
        with Renderer(threads=1) as own:
            return render_draw(plan, split, number, own)
    drawn = draw(number, split, plan.seed, plan.views)
    head = load_head(drawn.head)
    hair = grow(drawn.groom, head, drawn.seed, plan.strands)
    files: dict[str, bytes] = {}
    cameras = []
    with scratch_folder() as folder:
        for view, pose in enumerate(drawn.poses):
            camera = portrait_camera(
                head, pose.yaw, pose.pitch, pose.roll, size=plan.size, field_of_view=pose.field_of_view
            )
            layers = renderer.render(
                RenderJob(
                    head, hair, drawn.colour, camera, drawn.light, PASSES, samples=plan.samples,
                    seed=drawn.seed, device=plan.device,
                )
            )  # fmt: skip
            path = Path(folder) / f"view{view}.layers"
            save_layers(layers, path)
            files[path.name] = path.read_bytes()
            cameras.append({"file": path.name, **dataclasses.asdict(pose), "camera": camera.to_json()})
    files["labels.json"] = json.dumps({**labels(drawn), **plan.key(), "made": cameras}, indent=1).encode()
    return files


def labels(drawn: Draw) -> dict[str, object]:
    """Every label of a draw as plain JSON: the whole record of the groom, the head's name, the
    colour's record, and of which book of styles it is.
    """
    told = dataclasses.asdict(drawn)
    told["hair_seed"] = told.pop("seed")
    # With other styles in the book the same number is another draw.
    told["book"] = hashlib.sha256(repr(read_book()).encode()).hexdigest()[:16]
    return json.loads(json.dumps(told))


def make_dataset(plan: Plan, out: Path, ray_address: str | None = None) -> int:
    """Makes what is missing of a data set.

    Args:
        out: holds a folder a split and in it one a draw.
        ray_address: of a Ray cluster ("local": one on this machine); None: here, one after the other.

    Returns:
        How many draws were made now.

    Raises:
        MirrorError: a folder with another data set, no Blender, no Ray, a full disk.
    """
    wanted = list(plan.draws())
    missing = [one for one in wanted if not _is_there(plan, out, *one)]
    if len(missing) < len(wanted):
        print(f"{len(wanted) - len(missing)} of {len(wanted)} grooms are there already")
    if not missing:
        return 0
    started = time.perf_counter()
    made = _over_ray(plan, missing, ray_address) if ray_address else _here(plan, missing)
    for split, number, files in tqdm(made, total=len(missing), unit="groom", disable=None):
        _put(out / split / f"{number:06d}", files)
    seconds = (time.perf_counter() - started) / (len(missing) * plan.views)
    hours = 100_000 * seconds / 3600
    print(
        f"{seconds:.1f} s a render; 100,000 would take {hours:,.0f} hours ({hours / 24:,.1f} days) like this"
    )
    return len(missing)


def _here(plan: Plan, missing: list[tuple[str, int]]) -> Iterator[tuple[str, int, dict[str, bytes]]]:
    with Renderer() as renderer:
        for split, number in missing:
            yield split, number, render_draw(plan, split, number, renderer)


def _over_ray(
    plan: Plan,
    missing: list[tuple[str, int]],
    address: str | None,
    work: Callable[[Plan, str, int], dict[str, bytes]] = render_draw,
) -> Iterator[tuple[str, int, dict[str, bytes]]]:
    try:
        import ray
    except ImportError:
        raise MirrorError("--ray needs Ray, which is not installed: pip install 'ray==2.60.0'") from None
    if not ray.is_initialized():
        try:
            ray.init(
                address=None if address == "local" else address, include_dashboard=False, log_to_driver=False
            )
        except (ConnectionError, ValueError) as error:
            raise MirrorError(
                f"--ray {address}: no cluster answers there ({str(error).splitlines()[0]})."
            ) from None
    task = ray.remote(num_cpus=1)(work)
    waiting = {task.remote(plan, split, number): (split, number) for split, number in missing}
    while waiting:
        done, _ = ray.wait(list(waiting), num_returns=1)
        split, number = waiting.pop(done[0])
        try:
            files = ray.get(done[0])
        except ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, MirrorError):
                raise MirrorError(f"On one of Ray's machines: {error.cause}") from None
            raise
        except ray.exceptions.RayError as error:
            said = str(error).strip().splitlines()[0]
            raise MirrorError(
                f"Ray lost a machine or a process ({said}). Start again: what is finished is kept."
            ) from None
        yield split, number, files


def _put(folder: Path, files: dict[str, bytes]) -> None:
    part = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for name, content in files.items():
            (part / name).write_bytes(content)
        shutil.rmtree(folder, ignore_errors=True)
        part.replace(folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise MirrorError(
            f"{folder} cannot be written ({error.strerror}). Free some room and start again: "
            "what is finished is kept."
        ) from None


def _is_there(plan: Plan, out: Path, split: str, number: int) -> bool:
    path = out / split / f"{number:06d}" / "labels.json"
    try:
        there = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return False
    other = {name: (there.get(name), value) for name, value in plan.key().items() if there.get(name) != value}
    if other:
        name, (had, wants) = next(iter(other.items()))
        raise MirrorError(
            f"{out} holds a data set with {name} {had}, not {wants}. Give another --out, or {had}."
        )
    return True
