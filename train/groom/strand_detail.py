"""`python -m train groom detail`: the strands of styles that the mirror wears, at twice the side.

At 64 pixels an eye distance single hairs are speckles, and enlarged they are soft. Strands and the edge that
they make are rendered once more at 128 and stored beside each view as two grey pictures, which hold for any
light and any colour.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from mirror.core.errors import MirrorError
from mirror.hair.key_view import STRANDS, GrownStyle, KeyView, tone_of
from mirror.hair.style_file import SUFFIX, read_style, write_style
from train.groom.book import find_groom
from train.groom.camera import Camera
from train.groom.colour import find_colour
from train.groom.grow import grow
from train.groom.head import Head, load_head
from train.groom.lay_over import USUAL
from train.groom.lights import Light, add_light
from train.groom.renderer import Renderer, RenderJob
from train.groom.tones import REC709

log = logging.getLogger(__name__)

# Of WebP. At 75 a view takes 60 to 110 KB, and strands are as sharp as at 95 to the eye.
_QUALITY = 75
_GAMMA = 0.45  # from light to grey levels
# How far alpha of both renders may be apart in the mean, where there is hair: more is another groom.
_SAME = 0.08


@dataclass(frozen=True)
class Wanted:
    """What is rendered.

    Attributes:
        yaws: degrees, of the views that get their strands. samples: rays a pixel, of four to one of the view.
        seed: of the hair, as the views were rendered with. device: of Cycles.
    """

    yaws: tuple[float, ...] = (0.0,)
    samples: int = 12
    seed: int = 1
    device: str = "CPU"


def add_detail(names: Sequence[str], folder: Path, wanted: Wanted) -> int:
    """Renders the strands of views that lie in `folder` as `STYLE.hair` and writes them there, view by view.

    What has them is left as it is, so after a kill the same command goes on.

    Returns:
        How many views have them now that had not.

    Raises:
        MirrorError: a file is missing or damaged; the style was groomed otherwise when it was written; no
            Blender.
    """
    paths = {name: folder / f"{find_groom(name).name}{SUFFIX}" for name in names}
    styles = {name: read_style(path) for name, path in paths.items()}
    jobs = [
        (name, number)
        for name, style in styles.items()
        for number, view in enumerate(style.views)
        if any(abs(view.yaw - yaw) < 1 for yaw in wanted.yaws) and STRANDS[0] not in view.pictures
    ]
    if not jobs:
        return 0
    head, grown, done = load_head("canonical"), dict[str, tuple](), 0
    with Renderer() as renderer:
        for name, number in tqdm(jobs, unit="view", disable=None):
            style = styles[name]
            if not np.allclose(style.landmarks, head.landmarks, atol=1e-3):
                raise MirrorError(
                    f"{paths[name]} was rendered on another head. Render it again: groom render {name}"
                )
            if name not in grown:
                grown = {name: grow(find_groom(name), head, wanted.seed)}
            view = _with_strands(renderer, head, grown[name], style, number, wanted)
            views = (*style.views[:number], view, *style.views[number + 1 :])
            styles[name] = style = replace(style, views=views)
            write_style(style, paths[name])
            done += 1
    return done


def _with_strands(
    renderer: Renderer, head: Head, hair: tuple, style: GrownStyle, number: int, wanted: Wanted
) -> KeyView:
    view = style.views[number]
    seen = view.camera
    camera = Camera(seen.rotation, seen.translation, seen.focal, seen.centre, style.size).doubled()
    layers = renderer.render(
        RenderJob(
            head, hair, find_colour(style.colours[0]), camera, passes=(), samples=wanted.samples,
            seed=wanted.seed, device=wanted.device,
        )
    )  # fmt: skip
    alpha = layers.front[..., 3]
    before = cv2.imdecode(np.frombuffer(view.pictures["front/alpha"], np.uint8), cv2.IMREAD_GRAYSCALE)
    apart = float(np.abs(_halved(alpha) * 255 - before)[before > 8].mean() / 255)
    log.debug("%s at %+.0f: alpha differs by %.3f", style.name, view.yaw, apart)
    if apart > _SAME:
        raise MirrorError(
            f"{style.name} has been groomed otherwise since its views were rendered: alpha differs by "
            f"{apart:.2f}. Render it again with groom render {style.name}, then groom book, then this."
        )
    tone = tone_of(strand_tones(add_light(layers.lights, Light(USUAL, {})) @ REC709, alpha))
    pictures = dict(zip(STRANDS, (_webp(_bytes(alpha)), _webp(tone)), strict=True))
    return replace(view, pictures={**view.pictures, **pictures})


def strand_tones(light: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """By how much grey levels of strands are above those of the same picture at half its side, enlarged.

    Args:
        light: float32 (2H, 2W), luminance, premultiplied. alpha: float32 (2H, 2W), 0 to 1.

    Returns:
        float32 (2H, 2W), above 0; 1 where there is no hair.
    """
    size = light.shape[::-1]
    soft, cover = (cv2.resize(_halved(one), size, interpolation=cv2.INTER_CUBIC) for one in (light, alpha))
    there = (alpha > 0.05) & (cover > 0.05)
    straight, around = light / np.maximum(alpha, 1e-3), soft / np.maximum(cover, 1e-3)
    ratio = np.maximum(straight, 1e-5) / np.maximum(around, 1e-5)
    return np.where(there, ratio**_GAMMA, 1).astype(np.float32)


def _halved(plane: np.ndarray) -> np.ndarray:
    size = (plane.shape[1] // 2, plane.shape[0] // 2)
    return cv2.resize(plane, size, interpolation=cv2.INTER_AREA)


def _bytes(alpha: np.ndarray) -> np.ndarray:
    return np.clip(alpha * 255 + 0.5, 0, 255).astype(np.uint8)


def _webp(plane: np.ndarray) -> bytes:
    done, data = cv2.imencode(".webp", plane, [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])
    assert done
    return data.tobytes()
