"""The command: trained networks in, files in the folder of networks and a line on each out."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from safetensors import safe_open
from torch import nn

from mirror.core.errors import MirrorError
from mirror.core.head_space import VERSION
from mirror.engines.manifest import FORMAT, NAME, read_manifest
from train.export.engines_folder import publish, signed, workshop, write_manifest
from train.export.exported_parts import Door, doors
from train.export.onnx_conversion import ALLOWED, answer, operations, write_onnx
from train.export.runtime_checks import try_everywhere
from train.nets.autoencoders import PictureNet
from train.nets.spec import (
    NETS,
    SEEDS,
    Spec,
    build,
    load_weights,
    open_run,
    readable,
    save_weights,
    weights_file,
)

PRECISIONS = {"float32": ".onnx", "float16": ".fp16.onnx"}


def export(
    runs: Sequence[Path],
    engines: Path,
    *,
    matte: Path | None = None,
    hair_vae: Path | None = None,
    name: str | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Exports trained networks; networks not given keep their entries in the manifest.

    Args:
        runs: folders of runs, or safetensors files that say what they hold.
        engines: the folder of networks; made where there is none.
        matte, hair_vae: weights that may not say what they hold: then the shipped size is taken.
        name: see `train.export.exported_parts.doors`.
        say: is given one line for each network as soon as it is done, and what else is to be known.

    Raises:
        MirrorError: weights that cannot be read; two networks of one name; a network that differs from
            PyTorch, that a runtime cannot load, or that the live mirror cannot run; a folder that cannot be
            written. The folder's manifest, and every file it names, is then as it was.
    """
    if name is not None and (not re.fullmatch(r"[a-z0-9][a-z0-9_]*", name) or name in NETS + SEEDS):
        raise MirrorError(
            f"--name {name} is not a name of its own. Give lower-case letters, digits and _, and not the "
            "kind of a network."
        )
    given = [open_run(path) for path in runs]
    given += [open_kind(path, kind) for path, kind in ((matte, "matte"), (hair_vae, "hair_vae")) if path]
    if not given:
        raise MirrorError("There is nothing to export. Give the folder of a run, or --matte or --hair-vae.")
    parts = [(spec, net, doors(spec, net, name)) for spec, net in given]
    refuse_twice([door.name for _, _, of_net in parts for door in of_net])
    with workshop(engines) as work:
        networks, files = {}, {}
        for spec, net, of_net in parts:
            for door in of_net:
                networks[door.name], line = make(door, spec, work)
                say(line)
            label = weights_name(spec, net, name)
            path = work / f"{label}.fp16.safetensors"
            save_weights(net, spec, path, half=True)
            # It is written for its owner alone; the others may be read by whom the person lets.
            shutil.copymode(work / networks[of_net[0].name]["file"], path)
            files[f"{label}.weights"] = signed(path, label)
        lines = publish(work, engines, networks, files)
    for line in [*lines, f"{', '.join(networks)} signed in {engines / NAME}"]:
        say(line)


def make(door: Door, spec: Spec, work: Path) -> tuple[dict, str]:
    """Writes the files of one network into the work folder and tries them.

    Returns:
        Its entry in the manifest, and a line for people.
    """
    start = time.perf_counter()
    files = {}
    for precision, ending in PRECISIONS.items():
        path = work / f"{door.name}{ending}"
        weights = write_onnx(door, path, precision)
        files[precision] = signed(path, door.name)
    outputs = dict(zip(door.outputs, answer(door.net, door.examples(1)), strict=True))
    entry = files["float32"] | {
        "precision": "float32",
        "inputs": {n: {"shape": list(s), "dtype": "float32"} for n, s in door.inputs.items()},
        "outputs": {n: {"shape": list(a.shape), "dtype": "float32"} for n, a in outputs.items()},
        "float16": files["float16"],
        "spec": asdict(spec),
    }
    # Read as the mirror reads it, so that the entry itself is tried too.
    trial = {"format": FORMAT, "headspace": VERSION, "networks": {door.name: entry}, "files": {}}
    write_manifest(trial, work / NAME)
    trials = try_everywhere(door, read_manifest(work).network(door.name), work)
    entry["proof"] = {"allowed": {k: v[0] for k, v in ALLOWED.items()}} | {
        t.runtime: t.entry() for t in trials
    }
    apart = {
        precision: max(t.differences[precision] for t in trials if precision in t.differences)
        for precision in PRECISIONS
    }
    sizes = {precision: file["bytes"] / 1e6 for precision, file in files.items()}
    line = (
        f"{door.name}: {weights / 1e6:.2f} M weights, {operations(door):.2f} GFLOP; "
        f"float32 {sizes['float32']:.1f} MB, float16 {sizes['float16']:.1f} MB; from PyTorch at most "
        f"{apart['float32']:.1g} (allowed {ALLOWED['float32'][0]:g}) and "
        f"{apart['float16']:.1g} (allowed {ALLOWED['float16'][0]:g}); loaded by "
        f"{'; '.join(map(str, trials[1:]))}; all in {time.perf_counter() - start:.0f} s"
    )
    return entry, line


def open_kind(path: Path, kind: str) -> tuple[Spec, nn.Module]:
    """Weights of a known kind, which need not say what they hold: then they are of the shipped size.

    Raises:
        MirrorError: they are missing or damaged, or of another kind.
    """
    file = weights_file(path)
    with readable(file), safe_open(file, "pt") as weights:
        silent = "spec" not in (weights.metadata() or {})
    if silent:
        spec = Spec(kind)
        return spec, load_weights(build(spec), path).eval().requires_grad_(False)
    spec, net = open_run(path)
    if spec.net != kind:
        raise MirrorError(
            f"{path} holds a network of the kind {spec.net}, not {kind}. "
            f"Give it without --{kind.replace('_', '-')}."
        )
    return spec, net


def weights_name(spec: Spec, net: nn.Module, name: str | None) -> str:
    """What the float16 weights to go on from are called: "hair_vae", or with a name "long.hair_vae"."""
    if name is None:
        return spec.net
    return name if isinstance(net, PictureNet) else f"{name}.{spec.net}"


def refuse_twice(names: Sequence[str]) -> None:
    """Raises MirrorError where two networks would have the same name."""
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise MirrorError(
            f"two networks would be named {', '.join(twice)}. Export them one at a time, each with a --name."
        )
