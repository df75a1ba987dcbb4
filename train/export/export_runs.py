"""The command: trained networks in, files in the folder of networks and a line on each out."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from safetensors import safe_open
from torch import nn

from mirror.core.errors import MirrorError
from mirror.core.head_space import VERSION
from mirror.engines.manifest import FORMAT, NAME, read_manifest
from train.export.engines_folder import publish, signed, workshop, write_manifest
from train.export.exported_parts import Door, doors
from train.export.onnx_conversion import (
    ALLOWED,
    OnnxFile,
    answer,
    as_stored,
    difference,
    operations,
    to_onnx,
)
from train.export.runtime_checks import try_everywhere
from train.nets.spec import NETS, SEEDS, Spec, build, load_weights, open_run, readable, weights_file
from train.nets.stored_weights import is_shipped


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
        runs: folders of runs, safetensors files that say what they hold, or networks that ship.
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
        networks = {}
        for spec, net, of_net in parts:
            for door, file in zip(of_net, to_onnx(of_net, net, spec), strict=True):
                networks[door.name], line = make(door, file, spec, work)
                say(line)
        lines = publish(work, engines, networks, {})
    for line in [*lines, f"{', '.join(networks)} signed in {engines / NAME}"]:
        say(line)


def make(door: Door, file: OnnxFile, spec: Spec, work: Path) -> tuple[dict, str]:
    """Writes the file of one network into the work folder and tries it.

    Returns:
        Its entry in the manifest, and a line for people.
    """
    start = time.perf_counter()
    path = work / f"{door.name}.onnx"
    path.write_bytes(file.data)
    outputs = dict(zip(door.outputs, answer(door.net, door.examples(1)), strict=True))
    entry = signed(path, door.name) | {
        "inputs": {n: {"shape": list(s), "dtype": "float32"} for n, s in door.inputs.items()},
        "outputs": {n: {"shape": list(a.shape), "dtype": "float32"} for n, a in outputs.items()},
        "spec": asdict(spec),
    }
    # Read as the mirror reads it, so that the entry itself is tried too.
    trial = {"format": FORMAT, "headspace": VERSION, "networks": {door.name: entry}, "files": {}}
    write_manifest(trial, work / NAME)
    # Engines are compared with what the file holds; how far rounding its weights took it from the network is
    # another question.
    stored = replace(door, net=as_stored(door.net))
    given = door.examples(3)
    rounded = difference(
        f"{door.name} with its weights", "float16", answer(door.net, given), answer(stored.net, given)
    )
    trials = try_everywhere(stored, read_manifest(work).network(door.name), work)
    entry["proof"] = {
        "allowed": {k: v[0] for k, v in ALLOWED.items()},
        "weights in float16": float(f"{rounded:.2g}"),
    } | {t.runtime: t.entry() for t in trials}
    apart = {
        precision: max(t.differences[precision] for t in trials if precision in t.differences)
        for precision in ALLOWED
    }
    line = (
        f"{door.name}: {file.weights / 1e6:.2f} M weights, {operations(door):.2f} GFLOP, "
        f"{entry['bytes'] / 1e6:.1f} MB; weights in float16 change it by {rounded:.1g} at most; from PyTorch "
        f"at most {apart['float32']:.1g} (allowed {ALLOWED['float32'][0]:g}), computed in float16 "
        f"{apart['float16']:.1g} (allowed {ALLOWED['float16'][0]:g}); loaded by "
        f"{'; '.join(map(str, trials[1:]))}; all in {time.perf_counter() - start:.0f} s"
    )
    return entry, line


def open_kind(path: Path, kind: str) -> tuple[Spec, nn.Module]:
    """Weights of a known kind, which need not say what they hold: then they are of the shipped size.

    Raises:
        MirrorError: they are missing or damaged, or of another kind.
    """
    if not is_shipped(path) and says_nothing(weights_file(path)):
        spec = Spec(kind)
        return spec, load_weights(build(spec), path).eval().requires_grad_(False)
    spec, net = open_run(path)
    if spec.net != kind:
        raise MirrorError(
            f"{path} holds a network of the kind {spec.net}, not {kind}. "
            f"Give it without --{kind.replace('_', '-')}."
        )
    return spec, net


def says_nothing(file: Path) -> bool:
    """Whether safetensors do not say what network they hold. Raises MirrorError where they cannot be read."""
    with readable(file), safe_open(file, "pt") as weights:
        return "spec" not in (weights.metadata() or {})


def refuse_twice(names: Sequence[str]) -> None:
    """Raises MirrorError where two networks would have the same name."""
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise MirrorError(
            f"two networks would be named {', '.join(twice)}. Export them one at a time, each with a --name."
        )
