"""Originals against what the network makes of their codes."""

from __future__ import annotations

import numpy as np

from train.inference.codec import Heads
from train.metrics.similarity import psnr
from train.report.encoded_pictures import Material, spaced
from train.report.html_page import Page
from train.report.picture_grid import grid, tile_side

SHOWN, JUDGED = 10, 96


def add(page: Page, material: Material) -> None:
    """Ten people on the page, and PSNR over at most 96."""
    page.section("Originals and reconstructions")
    heads = material.heads(spaced(material.held.numbers, JUDGED))
    made = material.codec.reconstruct(heads)
    weight, where = counted(heads, material.codec.spec.net)
    originals = heads["image"].astype(np.float32) / 255
    figures = {}
    for name, pictures in made.items():
        found = [psnr(a, b, w) for a, b, w in zip(originals, pictures, weight, strict=True) if w.sum() > 0]
        figures[name] = float(np.mean(found)) if found else None
    page.figures["reconstruction_psnr"] = figures
    shown = spaced(np.arange(len(originals)), SHOWN)
    rows = [[ways[i] for i in shown] for ways in (originals, *made.values())]
    told = "; ".join(f"{name}: {value:.2f} dB" for name, value in figures.items() if value is not None)
    page.picture(
        "reconstructions",
        grid(rows, tile_side(material.codec.size), labels=["original", *made]),
        f"{len(shown)} {material.held_name} (first row) and what the network makes of their own codes. Mean "
        f"PSNR {where} over {len(originals)} of them: {told}.",
    )


def counted(heads: Heads, net: str) -> tuple[np.ndarray, str]:
    """Which pixels a reconstruction is judged by, float32 (N, S, S), and in words."""
    valid = heads["valid"] > 127 if "valid" in heads else np.ones(heads["image"].shape[:3], bool)
    if net == "hair_vae":
        return (valid & (heads["matte"] > 127)).astype(np.float32), "inside the hair"
    return valid.astype(np.float32), "of the picture's valid pixels"
