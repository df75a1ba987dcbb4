"""Pages to look at while a style is made: all sides, other lights, other colours, and what the record
says.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

import cv2
import numpy as np

from train.groom.camera import EYES_AT, Camera, portrait_camera
from train.groom.colour import HairColour, find_colour
from train.groom.draft import draft
from train.groom.grow import grow
from train.groom.head import Head, load_head
from train.groom.record import Groom
from train.groom.renderer import Renderer, RenderJob
from train.groom.strands import Strands
from train.groom.tones import to_srgb

VIEWS = {"front": 0.0, "three-quarter": 40.0, "side": 90.0, "back": 180.0}
LIGHTS = ("studio", "window_left", "backlit")
COLOURS = ("black", "brown", "blond", "copper", "grey")
# Grey of the wall that portraits are shown before, linear.
WALL = 0.36
# How far ahead of the skull's middle eyes lie, in widths of a portrait: 9 cm, at 6.3 cm in 64 of 448 pixels.
ASIDE = 0.2
# What hair without pigment gives back, linear.
WITHOUT_PIGMENT = 0.7
# Strands of a draft, as a share: enough for the shape.
DRAFT_SHARE = 0.15


@dataclass(frozen=True)
class Looking:
    """How a page is drawn.

    Attributes:
        size: of each picture, width and height in pixels.
        head: name of the head; seed: of the hair; samples: rays a pixel; device: of Cycles.
    """

    size: tuple[int, int] = (448, 640)
    head: str = "canonical"
    seed: int = 1
    samples: int = 24
    device: str = "CPU"


def draw_page(groom: Groom, out: Path, looking: Looking) -> Path:
    """Renders a style's page: four sides, three lights, five colours. Returns the page.

    Raises:
        MirrorError: no Blender, an unknown head, a full disk.
    """
    head = load_head(looking.head)
    hair = grow(groom, head, looking.seed)
    with Renderer() as renderer:
        rows = _rendered_rows(groom, head, hair, looking, renderer)
        return _write(groom, out, rows)


def draw_draft_page(groom: Groom, out: Path, looking: Looking) -> Path:
    """A style's page of drafts: four sides, in seconds. Returns the page."""
    head = load_head(looking.head)
    hair = grow(groom, head, looking.seed, DRAFT_SHARE)
    albedo = draft_albedo(find_colour(groom.colour))
    views = (
        (name, draft(head, hair, _turned_camera(head, yaw, looking.size), albedo))
        for name, yaw in VIEWS.items()
    )
    return _write(groom, out, iter([("Drafts", list(views))]))


def draft_albedo(colour: HairColour) -> tuple[float, float, float]:
    """A colour's rough linear RGB, for drafts: pigment takes more of blue than of red."""
    # So that levels 1, 4 and 7 come out as the path tracer shows them in a studio's light.
    redder = 1 - 0.35 * colour.redness * np.array([1, 0, -1])
    depth = np.array([1.18, 1.53, 1.90]) * colour.pigment * redder
    strands = 0.75 * np.exp(-depth) * np.array(colour.tint) + 0.012
    red, green, blue = strands * (1 - colour.grey) + WITHOUT_PIGMENT * colour.grey
    return float(red), float(green), float(blue)


def shown(portrait: np.ndarray, wall: float = WALL) -> np.ndarray:
    """A premultiplied linear portrait (H, W, 4) before a grey wall: uint8 (H, W, 3) sRGB."""
    return to_srgb(portrait[..., :3] + wall * (1 - np.clip(portrait[..., 3:], 0, 1)))


Row = tuple[str, list[tuple[str, np.ndarray]]]


def _rendered_rows(
    groom: Groom, head: Head, hair: tuple[Strands, ...], looking: Looking, renderer: Renderer
) -> Iterator[Row]:
    def picture(yaw: float, light: str, colour: str) -> np.ndarray:
        job = RenderJob(
            head, hair, find_colour(colour), _turned_camera(head, yaw, looking.size), light, ("portrait",),
            samples=looking.samples, device=looking.device,
        )  # fmt: skip
        portrait = renderer.render(job).portrait
        assert portrait is not None
        return shown(portrait)

    yield "From all sides", [(name, picture(yaw, LIGHTS[0], groom.colour)) for name, yaw in VIEWS.items()]
    yield "In other lights", [(light, picture(0.0, light, groom.colour)) for light in LIGHTS]
    yield "In other colours", [(colour, picture(0.0, LIGHTS[0], colour)) for colour in COLOURS]


def _turned_camera(head: Head, yaw: float, size: tuple[int, int]) -> Camera:
    """A portrait camera; beyond 90 degrees the head is turned the rest of the way about its own axis."""
    first = min(yaw, 90.0)
    # The eyes go aside as the head turns, or the back of a head would leave the picture.
    at = (EYES_AT[0] + ASIDE * float(np.sin(np.radians(first))), EYES_AT[1])
    camera = portrait_camera(head, yaw=first, size=size, at=at)
    if yaw <= 90:
        return camera
    rest = np.radians(yaw - 90.0)
    about = np.array([[np.cos(rest), -np.sin(rest), 0], [np.sin(rest), np.cos(rest), 0], [0, 0, 1.0]])
    towards = camera.rotation @ about
    return Camera(towards, camera.translation, camera.focal, camera.centre, camera.size)


def _write(groom: Groom, out: Path, rows: Iterator[Row]) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    parts = []
    for heading, pictures in rows:
        figures = []
        for name, picture in pictures:
            file = f"{groom.name}-{heading.split()[-1].lower()}-{name.replace(' ', '_')}.png"
            cv2.imwrite(str(out / file), picture[..., ::-1])
            figures.append(
                f'<figure><img src="{html.escape(file)}" alt=""><figcaption>{name}</figcaption></figure>'
            )
        parts.append(f"<h2>{heading}</h2><div>{''.join(figures)}</div>")
    page = out / f"{groom.name}.html"
    page.write_text(
        "<!doctype html><meta charset=utf-8><title>" + html.escape(groom.name) + "</title>"
        "<style>body{font:15px system-ui;margin:2em;background:#eee}div{display:flex;flex-wrap:wrap;gap:8px}"
        "figure{margin:0}img{display:block;max-width:100%}td{padding:0 1em 0 0}</style>"
        f"<h1>{html.escape(groom.name)}</h1><p>{html.escape(', '.join(groom.words))}</p>"
        + "".join(parts)
        + f"<h2>Its record</h2><table>{''.join(_record_rows(groom))}</table>",
        encoding="utf-8",
    )
    return page


def _record_rows(record: object, before: str = "") -> Iterator[str]:
    for field in fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        name = before + field.name
        if is_dataclass(value):
            yield from _record_rows(value, name + ".")
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            for number, one in enumerate(value):
                yield from _record_rows(one, f"{name}[{number}].")
        else:
            kind = field.metadata.get("range")
            unit = f" {kind.unit}" if kind and value is not None else ""
            yield f"<tr><td>{name}<td>{html.escape(str(value))}{unit}<td>{kind.effect if kind else ''}</tr>"
