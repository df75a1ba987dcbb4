"""An underlay network on held-out heads: what it was shown, what it made of the rest, and what is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from train.data.shards import Shards
from train.inference.underlay import beneath, judged, read_people
from train.nets.spec import open_run
from train.report.encoded_pictures import choose, spaced
from train.report.html_page import Page
from train.report.picture_grid import grid, tile_side

SHOWN, JUDGED = 10, 96


def add(page: Page, run: Path, shards: Shards) -> None:
    """Heads behind the hair of others, the guess, its body, and the photograph.

    Raises:
        MirrorError: the shards hold no masks of the person, or too few pictures.
    """
    spec, net = open_run(run)
    _, held, held_name = choose(shards, least_train=0)
    heads = read_people(shards, spaced(held, JUDGED), spec.size)
    found = beneath(net, heads)
    each = [judged(found, heads, i) for i in range(len(found.seen))]
    good = [psnr for psnr, _ in each if psnr is not None]
    both, either = np.sum([overlap for _, overlap in each], 0)
    pooled, mean = float(both / max(either, 1)), float(np.mean(good)) if good else 0.0
    page.section("Beneath the hair of others")
    shown = spaced(np.arange(len(each)), SHOWN)
    rows = [
        [found.seen[i] for i in shown],
        # Beyond the picture's edge nothing it says was ever judged.
        [found.painted[i] * (heads["valid"][i] > 127)[..., None] for i in shown],
        [np.repeat(found.alpha[i][..., None], 3, -1) for i in shown],
        [heads["beneath"][i] for i in shown],
    ]
    below: list[list[str]] = [[], [f"{each[i][0]:.1f} dB" if each[i][0] else "" for i in shown], [], []]
    page.picture(
        "beneath",
        grid(
            rows,
            tile_side(spec.size),
            labels=["shown", "guessed", "body", "photograph"],
            below=below,
        ),
        f"{len(shown)} {held_name} behind the hair of the next one, what this network makes of the rest, how "
        f"far it takes it for body, and the photograph. Hair that they have themselves counts nowhere: what "
        f"is beneath it nobody knows. Over {len(each)} of them {mean:.2f} dB where hair hid something, "
        f"and the body's pooled IoU there is {pooled:.3f}.",
    )
    page.say("An underlay network has no code, so there are no samples, traversals or neighbours.")
    page.figures["beneath"] = {"pictures": len(each), "psnr": mean, "body_iou_pooled": pooled}
