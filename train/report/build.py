"""All the pictures of a trained network, in one folder with an index.html that opens offline.

    python -m train report runs/vae --shards shards/photos

The folder holds pictures of the data set: it is for the eyes of those who may see the data, and is not to be
published.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from mirror.core.errors import MirrorError
from train.data.shards import Shards
from train.inference.codec import open_codec
from train.nets.spec import Spec, read_spec, weights_file
from train.report import (
    interpolations,
    latent_extremes,
    latent_statistics,
    latent_traversals,
    loss_curves,
    matte_network,
    nearest_neighbours,
    reconstructions,
    samples,
    underlay_network,
)
from train.report.encoded_pictures import gather
from train.report.html_page import Page, put_in_place, refuse_other_things
from train.report.photo_input import read_photo

# What there is to see of networks that have no code.
PAGES = {"matte": matte_network.add, "underlay": underlay_network.add}


def report(
    run: Path, folders: list[Path], out: Path | None = None, photo: Path | None = None, pictures: int = 4000
) -> Path:
    """Makes the report of a run. It is written beside `out` and renamed into place whole.

    Args:
        run: folder of a run, or a safetensors file that one wrote.
        folders: shards; held-out pictures are those of the first folder's split val.
        out: folder of the report; default: `report` in the run's folder. An older report there is replaced.
        photo: photograph whose nearest neighbours are looked for; default: held-out people.
        pictures: the most training pictures that are encoded.

    Returns:
        The page, index.html.

    Raises:
        MirrorError: the run, the shards or the photograph cannot be used, or do not fit each other; too few
            pictures; `out` holds other things or cannot be written.
    """
    out = out or (run if run.is_dir() else run.parent) / "report"
    spec = read_spec(run)
    refuse_other_things(out)
    shards = Shards(folders)
    if spec.net in PAGES and photo is not None:
        raise MirrorError(
            f"--photo looks for neighbours by their codes, and the {spec.net} network has none. "
            "Leave --photo out."
        )
    part = out.with_name(out.name + ".part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            page = Page(part, f"{run.resolve().name}: {spec.net}, {spec.size} pixels")
            page.facts |= facts(run, spec, folders)
            page.figures |= {"spec": asdict(spec), "run": str(run), "state": read_state(run)}
            page.figures["held_out"] = loss_curves.last_row(_folder(run) / "held_out.csv")
            if spec.net in PAGES:
                PAGES[spec.net](page, run, shards)
                loss_curves.add(page, run)
            else:
                _fill(page, run, shards, photo, pictures)
            page.write()
            put_in_place(part, out)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise MirrorError(
            f"{out} cannot be written ({error.strerror or error}). Make room, or give another --out."
        ) from None
    return out / "index.html"


def _fill(page: Page, run: Path, shards: Shards, photo: Path | None, pictures: int) -> None:
    codec = open_codec(run)
    heads = read_photo(photo, codec, heads=shards.kind == "heads") if photo is not None else None
    material = gather(codec, shards, pictures)
    reconstructions.add(page, material)
    samples.add(page, material)
    latent_traversals.add(page, material)
    interpolations.add(page, material)
    latent_extremes.add(page, material)
    nearest_neighbours.add(page, material, heads, photo.name if photo is not None else "")
    nearest_neighbours.add_closest(page, material)
    latent_statistics.add(page, material)
    loss_curves.add(page, run)


def facts(run: Path, spec: Spec, folders: list[Path]) -> dict[str, str]:
    """What stands at the head of the page: the network, how it was trained, its held-out figures."""
    state = read_state(run)
    out = {"network": spec.net, "pictures": f"{spec.size} x {spec.size} pixels"}
    if spec.latent:
        out["latent"] = f"{spec.latent} numbers"
    if spec.net not in ("hair_vae", *PAGES):  # those have losses of their own
        out["likelihood"] = spec.likelihood
    if isinstance(count := state.get("parameters"), int):
        out["parameters"] = f"{count:,}"
    if isinstance(seconds := state.get("seconds"), int | float):
        device = (
            f" on {state['device']} in {state['precision']}" if {"device", "precision"} <= set(state) else ""
        )
        out["trained for"] = f"{seconds / 60:.1f} minutes{device}"
    if isinstance(step := state.get("step"), int):
        seen = f", {state['pictures']:,} pictures seen" if isinstance(state.get("pictures"), int) else ""
        out["steps"] = f"{step:,}{seen}"
    price = state.get("price")
    settings = state | (price if isinstance(price, dict) else {})
    names = ["optimiser", "rate", "batch", "seed", "beta", "anneal", "free_bits", "capacity"]
    names += ["gamma"] if settings.get("capacity") is not None else []
    if told := ", ".join(f"{k} {settings[k]}" for k in names if settings.get(k) not in (None, 0)):
        out["settings"] = told
    held = loss_curves.last_row(_folder(run) / "held_out.csv")
    out["held out"] = ", ".join(f"{k} {v:.4g}" for k, v in held.items()) or "no figures were written"
    out["shards"] = ", ".join(map(str, folders))
    out["weights"] = str(weights_file(run))
    return out


def read_state(run: Path) -> dict:
    """state.json of a run; empty where there is none or it cannot be read."""
    try:
        state = json.loads((_folder(run) / "state.json").read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _folder(run: Path) -> Path:
    return run if run.is_dir() else run.parent
