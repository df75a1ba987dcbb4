"""`python -m train groom book`: what `groom render` wrote, as files that the mirror wears.

Which styles, and how they stand in the style book, says `shipped.toml`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import skimage.data

from mirror.core.errors import MirrorError
from mirror.core.head_crop import SIDE
from mirror.core.head_space import HeadTransform, crop
from mirror.hair.key_view import (
    CELL,
    LAYERS,
    SKIN,
    GrownStyle,
    KeyView,
    Listing,
    Look,
    ViewCamera,
)
from mirror.hair.style_file import SUFFIX, read_style, write_style
from mirror.hair.styles.book import THUMBNAIL, thumbnail_of
from mirror.hair.styles.dye import Dye
from mirror.pipeline.mirror import Mirror
from train.groom.book import find_groom
from train.groom.camera import Camera
from train.groom.contrast import gain
from train.groom.head import Head, load_head
from train.groom.lay_over import REC709, USUAL
from train.groom.lights import GROUPS, Light, add_light
from train.groom.passes import enlarged, spread_into
from train.groom.renderer import Layers
from train.groom.shipped import SHIPPED, Shipped, shipped
from train.groom.stored import load_layers

# Of WebP. Strands of bob and side part came back at 30 to 34 dB of the square root of light inside the hair.
QUALITY, ALPHA_QUALITY = 90, 95
# Single rays that met a lamp through a gap are not what 255 stands for: the rest would be dark and coarse.
PEAK = 99.9
# Blur of the bare skin before its shading is read, pixels of 448: renders of few samples are noisy there.
_SMOOTH = 6.0
_FAINT = 0.12  # of a shadow


def write_book(names: Sequence[str], renders: Path, out: Path) -> list[Path]:
    """Writes a file for each style, of all views of it that lie in `renders`; prints size and loss.

    Args:
        names: of grooms; none: all that are shipped.

    Raises:
        MirrorError: no such style, or one that is not among the shipped; nothing of it was rendered, or in
            several sizes, colours or on several heads; a file cannot be written.
    """
    listings = _shipped_ones(names)
    grooms = [one.groom for one in listings.values()]
    renders_of = {groom.name: _labels(renders / groom.name) for groom in grooms}
    portrait, written = _Portrait(), []
    for groom in grooms:
        found = renders_of[groom.name]
        head = load_head(str(found[0][1]["head"]))
        views, losses = [], []
        for path, told in found:
            layers = load_layers(path)
            view, loss = key_view(layers, Camera.from_json(told["camera"]), head, told["yaw"], told["pitch"])
            views.append(view)
            losses.append(loss)
        width, height = found[0][1]["size"]
        bare = _bare(listings[groom.name])
        style = GrownStyle(
            groom.name, groom.group, groom.words, (str(found[0][1]["colour"] or groom.colour),),
            (int(width), int(height)), float(np.array(head.skin) @ REC709),
            head.landmarks.astype(np.float32), tuple(views), bare,
        )  # fmt: skip
        path = out / f"{groom.name}{SUFFIX}"
        size = _write(portrait.listed(style, listings[groom.name]), path)
        print(f"{path}: {len(views)} views, {size:,} bytes, {np.mean(losses):.1f} dB inside the hair")
        written.append(path)
    return written


def list_anew(names: Sequence[str], folder: Path) -> list[Path]:
    """Writes into files that are there how they stand in the style book now; their views stay.

    Args:
        names: of grooms; none: all that are shipped and lie in `folder`.

    Raises:
        MirrorError: a style is not among the shipped, its file is missing or damaged or cannot be written.
    """
    paths = {folder / f"{name}{SUFFIX}": one for name, one in _shipped_ones(names).items()}
    if not names:
        paths = {path: one for path, one in paths.items() if path.is_file()}
    portrait = _Portrait()
    for path, one in paths.items():
        style = portrait.listed(read_style(path), one)
        print(f"{path}: {len(style.listing.entries)} in the style book, {_write(style, path):,} bytes")
    return list(paths)


def _shipped_ones(names: Sequence[str]) -> dict[str, Shipped]:
    """Those of the shipped styles, by groom; none: all. Raises MirrorError where one is not among them."""
    listings = shipped()
    for name in names:
        if find_groom(name).name not in listings:
            raise MirrorError(
                f"{name} is not among the shipped styles. Give it a name, tags and a stand-in in {SHIPPED}."
            )
    return {name: listings[name] for name in names or listings}


def _bare(one: Shipped) -> Listing:
    """As it is listed, without pictures and looks."""
    return Listing(
        one.name, one.tags, one.stand_in, np.zeros((THUMBNAIL, THUMBNAIL, 3), np.uint8), one.keeps_colour
    )


def _write(style: GrownStyle, path: Path) -> int:
    """Writes and reads it back; returns how many bytes."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        size = write_style(style, path)
    except OSError as error:
        raise MirrorError(f"{path} cannot be written ({error.strerror}). Give another --out.") from None
    read_style(path)
    return size


class _Portrait:
    """The public-domain portrait on which every style of the book is shown."""

    def __init__(self) -> None:
        self._mirror = Mirror(style="bald")
        self._picture = skimage.data.astronaut()
        face = self._mirror.find_face(self._picture)
        assert face is not None
        self._head = HeadTransform.from_face(face)

    def listed(self, style: GrownStyle, as_listed: Shipped) -> GrownStyle:
        """A style as it stands in the book, with a picture of it in each of its colours."""
        style = replace(style, listing=_bare(as_listed))
        looks = tuple(
            Look(one.name, one.tags, one.stand_in, self.wearing(style, one.shade), one.shade)
            for one in as_listed.looks
        )
        return replace(style, listing=replace(style.listing, thumbnail=self.wearing(style), looks=looks))

    def wearing(self, style: GrownStyle, shade: Dye | None = None) -> np.ndarray:
        """With a grown style, in a shade or as it is worn by itself: uint8 (128, 128, 3)."""
        self._mirror.styling.wear_grown(style, shade)
        return thumbnail_of(crop(self._mirror.apply(self._picture), self._head, SIDE))


def key_view(layers: Layers, camera: Camera, head: Head, yaw: float, pitch: float) -> tuple[KeyView, float]:
    """A render as a key view, and how well its light is kept: dB of the square root of light in the hair."""
    if layers.depth is None or layers.whole is None or not layers.shadow_lights:
        raise MirrorError("A key view needs depth, whole and shadow. Render it again with: groom render")
    pictures, peaks, errors = {}, {}, []
    behind = np.clip(layers.whole[..., 3] - layers.front[..., 3], 0, 1)
    for layer, groups, alpha in (
        ("front", layers.lights, layers.front[..., 3]), ("back", layers.behind_lights, behind),
    ):  # fmt: skip
        pictures[f"{layer}/alpha"] = _webp(_bytes(alpha), ALPHA_QUALITY)
        inside = alpha > 0.05
        more = _contrast(groups, alpha)
        for name in GROUPS:
            light = groups[name] * more
            peak = float(np.percentile(light[inside], PEAK)) if inside.sum() > 50 else 0.0
            coded = _bytes(np.sqrt(np.clip(light / max(peak, 1e-6), 0, 1)) if peak else np.zeros_like(light))
            pictures[f"{layer}/{name}"] = _webp(coded[..., ::-1], QUALITY)
            peaks[f"{layer}/{name}"] = peak
            if layer == LAYERS[0] and peak:
                back = cv2.imdecode(np.frombuffer(pictures[f"{layer}/{name}"], np.uint8), cv2.IMREAD_COLOR)
                errors.append(float(np.mean((back[..., ::-1].astype(np.float32) - coded)[inside] ** 2)))
    pictures["shadow"] = _webp(_bytes(enlarged(_shadow(layers), camera.size) * (250 / 255)), QUALITY)
    loss = 10 * np.log10(255**2 / max(float(np.mean(errors)), 1e-6)) if errors else float("inf")
    seen = ViewCamera(camera.rotation, camera.translation, camera.focal, camera.centre)
    return KeyView(yaw, pitch, seen, pictures, peaks, _depth(layers), _shading(layers, seen, head)), loss


def _labels(folder: Path) -> list[tuple[Path, dict]]:
    """Layers with their labels, of one colour, size and head, by yaw."""
    found = []
    for path in sorted(folder.glob("*.layers")) if folder.is_dir() else []:
        try:
            found.append((path, json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))))
        except (OSError, ValueError):
            raise MirrorError(f"{path} has no labels beside it. Delete it and render it again.") from None
    if not found:
        raise MirrorError(
            f"There are no views in {folder}. Render them with: python -m train groom render "
            f"{folder.name} --yaw -30 -15 0 15 30 --out {folder.parent}"
        )
    for name in ("record", "size", "colour", "head", "seed"):
        if len({str(told[name]) for _, told in found}) > 1:
            raise MirrorError(
                f"The views in {folder} are of more than one {name}. Keep one kind in a folder."
            )
    return sorted(found, key=lambda one: (one[1]["yaw"], one[1]["pitch"]))


def _depth(layers: Layers) -> np.ndarray:
    """The depth of the hair in front at the nodes of the grid, carried on to where there is none."""
    assert layers.depth is not None
    alpha = np.where(layers.depth > 0, layers.front[..., 3], 0).astype(np.float32)
    size = (alpha.shape[1] // CELL, alpha.shape[0] // CELL)
    sums, known = (
        cv2.resize(one, size, interpolation=cv2.INTER_AREA)
        for one in ((layers.depth * alpha).astype(np.float32), alpha)
    )
    # OpenCV drops the axis of a single channel.
    return spread_into(np.dstack([sums, sums]), known, 0.5)[..., 0]


def _contrast(groups: dict[str, np.ndarray], alpha: np.ndarray) -> np.ndarray:
    """What each group's light is multiplied with for hair of the usual contrast in the usual light."""
    lit = add_light(groups, Light(USUAL, {}))
    return gain(np.concatenate([lit, alpha[..., None]], -1), None)[..., None]


def _shadow(layers: Layers) -> np.ndarray:
    """What the usual light on skin is multiplied with, float32 (H, W), 0 to 1."""
    usual = Light(USUAL, {})
    lit, bare = (
        add_light({name: pair[k] for name, pair in layers.shadow_lights.items()}, usual) @ REC709
        for k in (0, 1)
    )
    shade = 1 - np.clip(lit / np.maximum(bare, 1e-4), 0, 1)
    # Few rays leave mottles on chest and shoulders, far from the hair: what is so faint is none.
    shade = cv2.GaussianBlur(shade, (0, 0), _SMOOTH * shade.shape[1] / 448)
    return np.clip(1 - (shade - _FAINT) / (1 - _FAINT), 0, 1)


def _shading(layers: Layers, camera: ViewCamera, head: Head) -> np.ndarray:
    """Luminance of the bare head's skin at `SKIN` in each group, float32 (len(SKIN), 6)."""
    places = camera.project(head.landmarks[list(SKIN)].astype(np.float64)).astype(np.float32)
    size, columns = (layers.front.shape[1], layers.front.shape[0]), []
    for name in GROUPS:
        bare = enlarged(layers.shadow_lights[name][1].astype(np.float32), size)
        bare = cv2.GaussianBlur(bare, (0, 0), _SMOOTH * bare.shape[1] / 448) @ REC709
        columns.append(cv2.remap(bare, places[:, None, 0], places[:, None, 1], cv2.INTER_LINEAR)[:, 0])
    return np.stack(columns, 1).astype(np.float32)


def _bytes(values: np.ndarray) -> np.ndarray:
    return np.clip(values * 255 + 0.5, 0, 255).astype(np.uint8)


def _webp(picture: np.ndarray, quality: int) -> bytes:
    done, data = cv2.imencode(".webp", np.ascontiguousarray(picture), [cv2.IMWRITE_WEBP_QUALITY, quality])
    assert done
    return data.tobytes()
