"""Flyaways: single hairs that stand off from the outline of a layer.

A groom's strands lie together: where a head ends against a wall its hair was a cut-out. On real heads short
and broken hairs stand off everywhere, thinner than a pixel and pale against what is behind.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import cv2
import numpy as np

# Mean alpha of so many pixels from which on hair is a body with an outline.
_BODY, _AROUND = 128, (7, 7)
# One hair on so many pixels of outline on average, and over how many it is more or fewer.
_EVERY, _TUFTS = 1.4, 40.0
# Pixels: how long they are (the middle; log spread), at most, and how deep in the hair they begin. A few that
# were much longer than the others were seen as drawn.
_LONG, _SPREAD, _LONGEST, _BEGINS = 9.5, 0.55, 30.0, (2.0, 7.0)
# How far they leave the direction of the hair, and how far they turn on their way, radians.
_LEAVES, _TURNS = (0.08, 0.75), 0.7
_STEPS = 9  # points of one
# Alpha of one, drawn a pixel wide at twice the side; and how much brighter than the hair it comes from.
_ALPHA, _BRIGHTER = (0.1, 0.33), (0.85, 1.35)
# Outlines that look towards the face, within so many pixels of its middle, have none: they hung before it.
_FACE, _FACE_WIDTH = (224.0, 262.0), 88.0
# Hair falls away from a crown about here, and down besides.
_CROWN, _DOWN = (224.0, 90.0), (0.0, 0.6)
_ROUND = 3.0  # pixels over which the direction of hair is looked at
_RIM = 8  # pixels
_DRAWN = 4  # bits of a pixel that points are told in


# How long they are, of the usual, by words of a style; the first that it has counts. Braids and coils hold
# their own, and clipped hair is too short.
_LOOSE = {
    "shaved": 0.0, "cornrows": 0.2, "braids": 0.4, "locs": 0.4, "twists": 0.4, "coily": 0.3, "afro": 0.4,
    "up": 0.6, "short": 0.2, "pixie": 0.4,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Flyaways:
    """Hairs beside a layer.

    Attributes:
        lines: float32 (N, _STEPS, 2): their points, pixels of the layer. alpha: float32 (N,), 0 to 1.
        colours: float32 (N, 3), 0 to 255, straight.
    """

    lines: np.ndarray
    alpha: np.ndarray
    colours: np.ndarray

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of what is drawn, pixels; right is not above left where nothing is."""
        if not len(self.lines):
            return 0, 0, 0, 0
        low, high = self.lines.min((0, 1)) - 1, self.lines.max((0, 1)) + 2
        return int(low[0]), int(low[1]), int(high[0]) + 1, int(high[1]) + 1

    def laid_under(self, layer: np.ndarray, times: int, corner: tuple[int, int]) -> np.ndarray:
        """A layer with them behind what is in it already.

        Args:
            layer: uint8 (H, W, 4), premultiplied: a part of the layer at so many `times` its side.
            corner: where that part begins, column and row of such pixels.

        Returns:
            A new uint8 (H, W, 4).
        """
        x0, y0, x1, y1 = (edge * times - corner[number % 2] for number, edge in enumerate(self.bounds))
        x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, layer.shape[1]), min(y1, layer.shape[0])
        if x1 <= x0 or y1 <= y0:
            return layer
        # Drawn at twice the layer's own side, whatever it is shown at.
        finer = 2 // times
        sheet = np.zeros(((y1 - y0) * finer, (x1 - x0) * finer, 4), np.uint8)
        begin = np.array((x0 + corner[0], y0 + corner[1]), np.float32)
        points = (self.lines + 0.5) * 2 - 0.5 - begin * finer
        steps = np.round(points * (1 << _DRAWN)).astype(np.int32)
        for line, alpha, colour in zip(steps, self.alpha, self.colours, strict=True):
            half = len(line) // 2
            for part, share in ((line[: half + 1], 1.0), (line[half:], 0.55)):
                drawn = alpha * share
                ink = (*(float(one) * drawn for one in colour), 255.0 * drawn)
                cv2.polylines(sheet, [np.ascontiguousarray(part)], False, ink, 1, cv2.LINE_AA, _DRAWN)
        if finer > 1:
            sheet = cv2.resize(sheet, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
        found = layer.copy()
        part = found[y0:y1, x0:x1]
        left = cv2.bitwise_not(cv2.extractChannel(part, 3))
        part += cv2.multiply(sheet, cv2.merge([left] * 4), scale=1 / 255)
        return found


def looseness(tags: Collection[str]) -> float:
    """How long the flyaways of a style are, of the usual, by its tags.

    Example:
        >>> looseness(("long", "straight")), looseness(("short", "straight")), looseness(("shaved",))
        (1.0, 0.2, 0.0)
    """
    return next((_LOOSE[tag] for tag in _LOOSE if tag in tags), 1.0)


def flyaways_of(layer: np.ndarray, loose: float, seed: int = 0) -> Flyaways:
    """Hairs that stand off a layer.

    Args:
        layer: uint8 (H, W, 4), premultiplied sRGB: hair in front, at 64 pixels an eye distance.
        loose: how long they are, of the usual; 0: there are none.
        seed: not negative, of what is left to chance.
    """
    none = Flyaways(
        np.zeros((0, _STEPS, 2), np.float32), np.zeros(0, np.float32), np.zeros((0, 3), np.float32)
    )
    x, y, width, height = cv2.boundingRect(cv2.extractChannel(layer, 3))
    corner = np.array((x, y), np.float32)
    layer = layer[y : y + height, x : x + width]
    if loose <= 0 or not width:
        return none
    # A rim all round, or the picture's edge would be no outline.
    layer, corner = cv2.copyMakeBorder(layer, *(_RIM,) * 4, cv2.BORDER_CONSTANT), corner - _RIM
    alpha = cv2.extractChannel(layer, 3)
    body = cv2.compare(cv2.blur(alpha, _AROUND), _BODY, cv2.CMP_GT)
    outlines, _ = cv2.findContours(body, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return none
    random = np.random.default_rng(seed)
    outline = max(outlines, key=len)[:, 0].astype(np.float32)
    count = round(len(outline) / _EVERY)
    chosen = outline[random.choice(len(outline), count, replace=True, p=_tufts(len(outline), random))]
    chosen += random.uniform(-0.5, 0.5, chosen.shape).astype(np.float32)
    smooth = cv2.GaussianBlur(alpha, (0, 0), _ROUND).astype(np.float32)
    outwards = -np.stack(
        [_at(cv2.Sobel(smooth, cv2.CV_32F, *order, ksize=5), chosen) for order in ((1, 0), (0, 1))], -1
    )
    outwards /= np.maximum(np.linalg.norm(outwards, axis=1, keepdims=True), 1e-3)
    along, sure = _along(layer, smooth, chosen, outwards, corner)
    to_face = np.array(_FACE, np.float32) - corner - chosen
    inner = ((to_face * outwards).sum(1) > 0) & (np.abs(to_face[:, 0]) < _FACE_WIDTH)
    kept = ~inner & (random.random(count) < 0.25 + 0.75 * sure)
    chosen, outwards, along = chosen[kept], outwards[kept], along[kept]
    count = len(chosen)
    long = np.minimum(_LONG * loose * np.exp(_SPREAD * random.standard_normal(count)), _LONGEST)
    leaves, turns = random.uniform(*_LEAVES, count), random.normal(0, _TURNS, count)
    across = np.sign(along[:, 0] * outwards[:, 1] - along[:, 1] * outwards[:, 0])
    angle = np.arctan2(along[:, 1], along[:, 0]) + across * leaves
    share = np.linspace(0, 1, _STEPS)[:, None]
    # They bend back as they fall, most of them.
    bent = angle + (turns - 0.35 * across) * share**1.5
    step = np.stack([np.cos(bent), np.sin(bent)], -1) * (long / (_STEPS - 1))[:, None]
    begins = chosen - outwards * random.uniform(*_BEGINS, count)[:, None]
    lines = begins + np.cumsum(step, 0) - step[0]
    colours = cv2.blur(layer, _AROUND).astype(np.float32)
    inside = chosen - outwards * 5
    colours = np.stack([_at(plane, inside) for plane in cv2.split(colours)], -1)
    straight = colours[:, :3] / np.maximum(colours[:, 3:], 8) * 255
    straight = np.clip(straight * random.uniform(*_BRIGHTER, (count, 1)), 0, 255)
    return Flyaways(
        (lines.transpose(1, 0, 2) + corner).astype(np.float32),
        random.uniform(*_ALPHA, count).astype(np.float32),
        straight.astype(np.float32),
    )


def _tufts(count: int, random: np.random.Generator) -> np.ndarray:
    """Chances along an outline, float64 (count,): more here, fewer there."""
    noise = cv2.GaussianBlur(
        random.standard_normal((1, count)), (0, 0), _TUFTS, borderType=cv2.BORDER_REFLECT
    )
    chances = np.exp(1.2 * noise[0] / max(float(noise.std()), 1e-6))
    return chances / chances.sum()


def _along(
    layer: np.ndarray, smooth: np.ndarray, places: np.ndarray, outwards: np.ndarray, corner: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Directions in which hair runs just inside an outline, (N, 2), from root to tip as far as falling tells;
    and how alike they are there, 0 to 1."""
    grey = cv2.cvtColor(layer[..., :3], cv2.COLOR_RGB2GRAY).astype(np.float32)
    # At the outline itself everything runs along it.
    straight = grey * 255 / np.maximum(smooth, 16)
    across, down = (cv2.Sobel(straight, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    planes = [cv2.GaussianBlur(one, (0, 0), _ROUND) for one in (across * across, across * down, down * down)]
    inside = places - outwards * 2 * _ROUND
    xx, xy, yy = (_at(one, inside) for one in planes)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    found = np.stack([np.cos(angle), np.sin(angle)], -1)
    sure = np.hypot(xx - yy, 2 * xy) / np.maximum(xx + yy, 1e-3)
    falls: np.ndarray = places + corner - np.array(_CROWN, np.float32)
    falls = falls / np.maximum(np.linalg.norm(falls, axis=1, keepdims=True), 1) + np.array(_DOWN, np.float32)
    return found * np.where((found * falls).sum(1, keepdims=True) < 0, -1, 1), sure


def _at(plane: np.ndarray, places: np.ndarray) -> np.ndarray:
    columns, rows = (np.round(one).astype(int) for one in places.T)
    return plane[np.clip(rows, 0, plane.shape[0] - 1), np.clip(columns, 0, plane.shape[1] - 1)]
