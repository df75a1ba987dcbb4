"""Fold: a key view decoded, and its light groups added up to one layer in the light of now.

Done when style, colour or light changes, in a worker, and not with each picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from mirror.hair.camera_sharpness import Sharpness, as_sharp
from mirror.hair.detail_synthesis import enlarged
from mirror.hair.flyaways import Flyaways, flyaways_of
from mirror.hair.key_view import CELL, STRANDS, KeyView
from mirror.hair.layer_strands import Strands, decoded_grey, render_noise, with_strands
from mirror.hair.lit_layer import (
    GAMMA,
    LitLayer,
    Tints,
    bounds,
    brightness,
    decoded,
    picture_of,
    premultiplied,
    scattered,
    toned,
    tones_now,
    tones_to,
    without_specks,
)
from mirror.hair.lock_contrast import standing_out
from mirror.hair.pattern_layer import PatternedShade, Worn, in_pattern
from mirror.hair.side_light import lit_from_side
from mirror.hair.tone_curves import ToneCurves

# Hair to the left and right of which shadow is thrown on skin: skin and clothes throw light back at what hair
# shades, more than the bare head of the render does.
_SHADOW = 0.6
# Scalp between roots gets no light from skin beside it: from this to that mean alpha of the hair round it, of
# so many pixels, shade is as it was rendered. Lighter scalps made a red band along dark hairlines.
_BETWEEN, _ROOTS = (0.3, 0.8), (9, 9)
# Where hair is so dense it is so many times as deep: more lies there than is rendered, and scalp that shone
# through dark hair was rust. Between the tips of a fringe it is a forehead's.
_DENSE, _DEEPER = (0.5, 0.7), 2.2
_UNSEEN = 3  # of 255: a shadow that nobody sees
# What one calls the hair, without single strands that stand off: from this mean alpha of so many pixels on.
_BODY, _STRAND = 76, (7, 7)


@dataclass(frozen=True, slots=True, eq=False)
class Enlarged:
    """A layer at twice its side.

    Attributes:
        picture: uint8 (H, W, 4), RGB premultiplied in sRGB, alpha: the part with hair.
        corner: where in the whole, at twice its side, that part begins: column, row.
    """

    picture: np.ndarray
    corner: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class FoldedView:
    """A key view in one light, to be warped.

    Attributes:
        front, back: uint8 (H, W, 4), RGB premultiplied in sRGB, alpha; `back` is None where there is none.
        shadow: uint8 (H, W): 255 less what a person's grey levels are multiplied with, over 255; 0: none.
        boxes: of `front`, `back` and `shadow`: left, top, right, bottom of what is in them.
        strands: of the view, at twice its side; None: it has none.
        flyaways: of `front`, where they are drawn already; None: there are none.
        sharpness: of the picture that it is made for, as `front` is already; None: it was not known.
    """

    front: np.ndarray
    back: np.ndarray | None
    shadow: np.ndarray
    boxes: tuple[tuple[int, int, int, int], ...]
    strands: Strands | None = None
    flyaways: Flyaways | None = None
    sharpness: Sharpness | None = None
    _body: list[tuple[tuple[int, int, int, int], ...]] = field(default_factory=list)
    _half: list[FoldedView] = field(default_factory=list)
    _double: list[Enlarged] = field(default_factory=list)

    def half(self) -> FoldedView:
        """At half its side, for heads that are small in the picture, or strands would sparkle; kept."""
        if not self._half:
            self._half.append(_halved(self))
        return self._half[0]

    @property
    def body(self) -> tuple[tuple[int, int, int, int], ...]:
        """As `boxes`, of `front` and `back`, without their faint rim of single strands; kept."""
        if not self._body:
            sheets = [one for one in (self.front, self.back) if one is not None]
            means = [cv2.blur(cv2.extractChannel(one, 3), _STRAND) for one in sheets]
            found = [bounds(cv2.compare(mean, _BODY, cv2.CMP_GT)) for mean in means]
            self._body.append((*found, (0, 0, 0, 0))[:2])
        return self._body[0]

    @property
    def double(self) -> Enlarged | None:
        """The front at twice its side, for heads that are large in the picture; None: `enlarge` was not
        called."""
        return self._double[0] if self._double else None

    @property
    def soft(self) -> bool:
        """Whether there is hair in front that `enlarge` was not called for."""
        return not self._double and self.boxes[0][2] > self.boxes[0][0]

    def enlarge(self) -> FoldedView:
        """Makes `double`, which takes a tenth of a second; returns itself."""
        x0, y0, x1, y1 = self.boxes[0]
        if self.soft:
            if self.strands is None:
                wide = as_sharp(enlarged(self.front[y0:y1, x0:x1]), self.sharpness, 2)
                self._double.append(Enlarged(wide, (2 * x0, 2 * y0)))
            else:
                x, y = self.strands.corner
                wide = self.strands.enlarged()
                if self.flyaways is not None:
                    wide = self.flyaways.laid_under(wide, 2, (2 * x, 2 * y))
                self._double.append(Enlarged(as_sharp(wide, self.sharpness, 2), (2 * x, 2 * y)))
        return self

    def shrink(self) -> None:
        """Forgets `double`."""
        self._double.clear()

    @property
    def bytes(self) -> int:
        """Memory that it takes."""
        back = 0 if self.back is None else self.back.nbytes
        double = self._double[0].picture.nbytes if self._double else 0
        plain = 0 if self.strands is None else self.strands.plain.nbytes
        return self.front.nbytes + back + self.shadow.nbytes + double + plain


def fold(
    view: KeyView,
    tints: Tints,
    shade: Worn | None = None,
    leaning: float | None = None,
    loose: float = 0.0,
    sharpness: Sharpness | None = None,
) -> FoldedView:
    """Decodes a view and adds up its light.

    Args:
        tints: linear RGB that each group is multiplied with.
        shade: what the hair is worn in; None: its own colour.
        leaning: by how much hair gets brighter to the right, see `mirror.hair.side_light.slope`; None: as
            the groups light it.
        loose: how long its flyaways are, see `mirror.hair.flyaways.looseness`.
        sharpness: of the picture that it is made for; None: it is not known.
    """
    layers = tuple(decoded(view, layer, tints) for layer in ("front", "back"))
    layers = layers if leaning is None else lit_from_side(layers, view, leaning)
    now = None if shade is None else tones_now(layers[0])
    if shade is not None and now is not None:
        layers = _worn(view, layers, shade, now, brightness(tints))
    size = (CELL * view.depth.shape[0], CELL * view.depth.shape[1])
    alpha, tone = (
        None if (blob := view.pictures.get(name)) is None else decoded_grey(blob, size) for name in STRANDS
    )
    noise = None if tone is None else render_noise(tone)
    seen = without_specks(layers[0], None if noise is None else _half(noise))
    front, back = (premultiplied(layer, view) for layer in (seen, scattered(layers[1], seen)))
    strands: Strands | None = None
    flyaways = flyaways_of(front, loose, seed=round(view.yaw + 180))
    x0, y0, x1, y1 = _both(bounds(cv2.extractChannel(front, 3)), flyaways.bounds, front.shape)
    if alpha is not None and tone is not None and noise is not None and x1 > x0:
        # A pixel more all round: strands may end a little further.
        x0, y0, x1, y1 = max(x0 - 1, 0), max(y0 - 1, 0), x1 + 1, y1 + 1
        files = [view.pictures[name] for name in STRANDS]
        strands = Strands(files[0], files[1], front[y0:y1, x0:x1].copy(), (x0, y0), size)
        # At the view's own side single hairs are speckles; reduced from their strands they are fine.
        part = strands.part
        front[y0:y1, x0:x1] = _half(with_strands(strands.plain, alpha[part], tone[part], noise[part]))
    front = flyaways.laid_under(front, 1, (0, 0))
    x0, y0, x1, y1 = bounds(cv2.extractChannel(front, 3))
    front[y0:y1, x0:x1] = as_sharp(np.ascontiguousarray(front[y0:y1, x0:x1]), sharpness)
    shadow = _shaded(picture_of(view, "shadow", cv2.IMREAD_GRAYSCALE), cv2.extractChannel(front, 3))
    boxes = [
        bounds(cv2.extractChannel(front, 3)),
        bounds(cv2.extractChannel(back, 3)),
        bounds(cv2.compare(shadow, _UNSEEN, cv2.CMP_GT)),
    ]
    empty = boxes[1][2] <= boxes[1][0]
    return FoldedView(front, None if empty else back, shadow, tuple(boxes), strands, flyaways, sharpness)


def _worn(
    view: KeyView, layers: tuple[LitLayer, ...], shade: Worn, now: ToneCurves, light: float
) -> tuple[LitLayer, ...]:
    """Layers in what they are worn in; `now`: their tones as they grew, `light`: how bright it is."""
    own = shade.first if isinstance(shade, PatternedShade) else shade
    if own is not None and own.tones is not None:
        raised = standing_out(layers, now, own.tones)
        if raised is not layers:
            layers, now = raised, tones_now(raised[0]) or now
    if isinstance(shade, PatternedShade):
        return in_pattern(view, layers, shade, now, light)
    tones = tones_to(now, shade, light)
    return tuple(toned(layer, tones, shade) for layer in layers)


def _shaded(shadow: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """What hair takes of the light on skin, in grey levels: uint8 (H, W), 0: none.

    Args:
        shadow: uint8 (H, W), as it was rendered. alpha: uint8 (H, W), of the hair in front.
    """
    around = cv2.blur(alpha, _ROOTS)
    among = cv2.LUT(around, _ROOTED)
    dense = among * cv2.LUT(around, _CLOSED)
    left = cv2.blendLinear(cv2.LUT(shadow, _DEEP), cv2.LUT(shadow, _SHADE), among, 1 - among)
    left = cv2.blendLinear(cv2.LUT(shadow, _DEEPEST), left, dense, 1 - dense)
    return cv2.threshold(255 - left, _UNSEEN, 255, cv2.THRESH_TOZERO)[1]


def _both(
    one: tuple[int, int, int, int], other: tuple[int, int, int, int], shape: tuple[int, ...]
) -> tuple[int, int, int, int]:
    """What holds two boxes, within a picture; where one is empty, the other."""
    if other[2] <= other[0]:
        return one
    x0, y0, x1, y1 = (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
    return max(x0, 0), max(y0, 0), min(x1, shape[1]), min(y1, shape[0])


def _halved(view: FoldedView) -> FoldedView:
    back = None if view.back is None else _half(view.back)
    return FoldedView(_half(view.front), back, _half(view.shadow), view.boxes)


def _half(one: np.ndarray) -> np.ndarray:
    return cv2.resize(one, (one.shape[1] // 2, one.shape[0] // 2), interpolation=cv2.INTER_AREA)


# The shadow as it was rendered, a factor of light over 255, to a factor of grey levels.
_SHADE = np.round(255 * np.clip(np.arange(256) / 250, 0, 1) ** (_SHADOW * GAMMA)).astype(np.uint8)
_DEEP = np.round(255 * np.clip(np.arange(256) / 250, 0, 1) ** GAMMA).astype(np.uint8)
_DEEPEST = np.round(255 * np.clip(np.arange(256) / 250, 0, 1) ** (_DEEPER * GAMMA)).astype(np.uint8)
_ROOTED, _CLOSED = (
    np.clip((np.arange(256) / 255 - ends[0]) / (ends[1] - ends[0]), 0, 1).astype(np.float32)
    for ends in (_BETWEEN, _DENSE)
)
