"""Fold: a key view decoded, and its light groups added up to one layer in the light of now.

Done when style, colour or light changes, in a worker, and not with each picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np

from mirror.hair.detail_synthesis import enlarged
from mirror.hair.key_view import CELL, GROUPS, STRANDS, KeyView, ratio_of
from mirror.hair.styles.dye import Dye, tones_of
from mirror.hair.tone_curves import ANY_PIGMENT, ToneCurves, ToneMap

Tints = Mapping[str, tuple[float, float, float]]

_STEPS = 4096  # of the table from linear to sRGB: finer than a grey level but at the darkest
# Light adds up in linear numbers, pictures are mixed in sRGB: (1 - alpha) of a background's light is
# (1 - alpha) ** 0.45 of its grey level. That holds for hair much darker than what it lies over; hair as
# bright as skin (0.35) is mixed as it is.
_GAMMA, _BRIGHT = 0.45, 0.35
_THIN, _BESIDE = 1.0, (9, 9)  # how much the hair beside counts, and how far it is looked for, pixels
_FAINT = 4  # of 255: alpha that the compression left where there is no hair
# Hair to the left and right of which shadow is thrown on skin: skin and clothes throw light back at what hair
# shades, more than the bare head of the render does.
_SHADOW = 0.6
# Scalp between roots gets no light from skin beside it: from this to that mean alpha of the hair round it, of
# so many pixels, shade is as it was rendered. Lighter scalps made a red band along dark hairlines.
_BETWEEN, _ROOTS = (0.3, 0.8), (9, 9)
# Where hair is so dense it is so many times as deep: more lies there than is rendered, and scalp that shone
# through dark hair was rust. Between the tips of a fringe it is a forehead's.
_DENSE, _DEEPER = (0.5, 0.7), 2.2
# Unsharp mask of the alpha of strands and its sigma, pixels; what is then an edge's foot and top; mean alpha
# of so many pixels from which on and at which hair is thick enough for that; how soft thin hair is. Twice as
# much of it, everywhere, lost 14 of 22 pairs against layers without strands: jagged outlines, combs.
_UNSHARP, _HAZE, _EDGE = 0.4, 2.0, (0.03, 0.92)
_AROUND_LOCK, _THICK, _SOFT = (11, 11), (0.35, 0.7), 0.9
# How much darker and brighter than around, within so many pixels, hair is made where it is; grey levels added
# before logarithms, and alpha from which on it counts.
_DARKER, _BRIGHTER, _LOCK, _BLACK, _SOME = 0.35, 0.1, 8.0, 0.025, 0.12
_LEAST = 24  # of 255: alpha below which a layer's colour is not drawn on further
_UNSEEN = 3  # of 255: a shadow that nobody sees
# Light that hair behind gets besides, as a share of the middle of hair in front; pixels of which specks are
# fewer than half.
_THROWN, _SPECK = 0.18, 5
# Grey levels by those of most hair, below which it begins to be in deep shade, and is.
_SHADY = (0.7, 0.4)
_SPARSE = (100, 200)  # of 255: alpha of hair that is as thin as that, and from which on it is not
# Alpha from which on hair tells its tones; where there is too little of that, as in stubble, less will do.
_OPAQUE = (0.9, 0.6, 0.3, 0.1)


@dataclass(slots=True, eq=False)
class Shade:
    """What colour hair is worn in that was grown in another.

    Attributes:
        dye: the shade that it is dyed.
        tones: of a person's own hair, which it follows from darks to brights; None: those of the dye.
        light: how bright it was when these were measured, see `brightness`; None: as it is.
    """

    dye: Dye
    tones: ToneCurves | None = None
    light: float | None = None


def brightness(tints: Tints) -> float:
    """How much light all groups throw together, linear."""
    return sum(float(np.mean(tint)) for tint in tints.values())


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
class Strands:
    """A part of a layer, and what it takes to give it its strands.

    Attributes:
        alpha, tone: files, see `mirror.hair.key_view.STRANDS`, of the whole view.
        plain: uint8 (H, W, 4), premultiplied: the part without them. corner: where it begins: column, row.
        shape: rows and columns of the view.
    """

    alpha: bytes
    tone: bytes
    plain: np.ndarray
    corner: tuple[int, int]
    shape: tuple[int, ...]

    def enlarged(self) -> np.ndarray:
        """The part at twice its side, uint8 (2H, 2W, 4)."""
        (x, y), (rows, columns) = self.corner, self.plain.shape[:2]
        part = np.s_[2 * y : 2 * (y + rows), 2 * x : 2 * (x + columns)]
        return _with_strands(self.plain, *(self._grey(one)[part] for one in (self.alpha, self.tone)))

    def _grey(self, blob: bytes) -> np.ndarray:
        """One that is nonsense says nothing."""
        found = cv2.imdecode(np.frombuffer(blob, np.uint8), cv2.IMREAD_GRAYSCALE)
        size = (2 * self.shape[0], 2 * self.shape[1])
        return np.full(size, 128, np.uint8) if found is None or found.shape != size else found


@dataclass(frozen=True, slots=True, eq=False)
class FoldedView:
    """A key view in one light, to be warped.

    Attributes:
        front, back: uint8 (H, W, 4), RGB premultiplied in sRGB, alpha; `back` is None where there is none.
        shadow: uint8 (H, W): 255 less what a person's grey levels are multiplied with, over 255; 0: none.
        boxes: of `front`, `back` and `shadow`: left, top, right, bottom of what is in them.
        strands: of the view, at twice its side; None: it has none.
    """

    front: np.ndarray
    back: np.ndarray | None
    shadow: np.ndarray
    boxes: tuple[tuple[int, int, int, int], ...]
    strands: Strands | None = None
    _half: list[FoldedView] = field(default_factory=list)
    _double: list[Enlarged] = field(default_factory=list)

    def half(self) -> FoldedView:
        """At half its side, for heads that are small in the picture, or strands would sparkle; kept."""
        if not self._half:
            self._half.append(_halved(self))
        return self._half[0]

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
                self._double.append(Enlarged(enlarged(self.front[y0:y1, x0:x1]), (2 * x0, 2 * y0)))
            else:
                x, y = self.strands.corner
                self._double.append(Enlarged(self.strands.enlarged(), (2 * x, 2 * y)))
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


def fold(view: KeyView, tints: Tints, shade: Shade | None = None) -> FoldedView:
    """Decodes a view and adds up its light.

    Args:
        tints: linear RGB that each group is multiplied with.
        shade: what the hair is worn in; None: its own colour.
    """
    seen, behind = (_decoded(view, layer, tints) for layer in ("front", "back"))
    if shade is not None:
        tones = _tone_map(seen, shade, brightness(tints))
        if tones is not None:
            seen, behind = _toned(seen, tones), _toned(behind, tones)
    seen, behind = _without_specks(seen), _scattered(behind, seen)
    front, back = (_premultiplied(layer, view) for layer in (seen, behind))
    alpha, tone = (view.pictures.get(name) for name in STRANDS)
    strands: Strands | None = None
    x0, y0, x1, y1 = _box(cv2.extractChannel(front, 3))
    if alpha is not None and tone is not None and x1 > x0:
        # A pixel more all round: strands may end a little further.
        x0, y0, x1, y1 = max(x0 - 1, 0), max(y0 - 1, 0), x1 + 1, y1 + 1
        strands = Strands(alpha, tone, front[y0:y1, x0:x1].copy(), (x0, y0), front.shape[:2])
        # At the view's own side single hairs are speckles; reduced from their strands they are fine.
        front[y0:y1, x0:x1] = _half(strands.enlarged())
    shadow = _shaded(_picture(view, "shadow", cv2.IMREAD_GRAYSCALE), cv2.extractChannel(front, 3))
    boxes = [
        _box(cv2.extractChannel(front, 3)),
        _box(cv2.extractChannel(back, 3)),
        _box(cv2.compare(shadow, _UNSEEN, cv2.CMP_GT)),
    ]
    empty = boxes[1][2] <= boxes[1][0]
    return FoldedView(front, None if empty else back, shadow, tuple(boxes), strands)


def _with_strands(layer: np.ndarray, alpha: np.ndarray, tone: np.ndarray) -> np.ndarray:
    """A layer at twice its side with the strands that were rendered there.

    Args:
        layer: uint8 (H, W, 4), premultiplied sRGB and alpha.
        alpha, tone: uint8 (2H, 2W), see `mirror.hair.key_view.STRANDS`.

    Returns:
        uint8 (2H, 2W, 4).
    """
    size = alpha.shape[::-1]
    wide = cv2.resize(layer, size, interpolation=cv2.INTER_CUBIC)
    there = np.maximum(cv2.extractChannel(layer, 3).astype(np.float32), 1)
    grey = cv2.cvtColor(layer, cv2.COLOR_RGBA2GRAY).astype(np.float32)
    straight = np.clip(cv2.blur(grey, _BESIDE) / np.maximum(cv2.blur(there, _BESIDE), 4) * 255, 0, 255)
    power = cv2.resize(_power(_LINEAR[straight.astype(np.uint8)]), size, interpolation=cv2.INTER_LINEAR)
    if (dense := there > _OPAQUE[0] * 255).any():
        thin = np.clip((_SPARSE[1] - there) * np.float32(1 / (_SPARSE[1] - _SPARSE[0])), 0, 1)
        shade = cv2.max(_in_shade(straight, float(np.median(straight[dense]))), thin)
        shade = cv2.resize(shade, size)
        tone = cv2.blendLinear(cv2.medianBlur(tone, _SPECK), tone, shade, 1 - shade)
    cover = 1 - (1 - _distinct(_SHARES[alpha])) ** power
    # Colour is the layer's; where that has next to none, strands take no more than it would bear.
    tones = cv2.divide(_RATIOS[tone], np.maximum(cv2.extractChannel(wide, 3), _LEAST).astype(np.float32))
    luma = cv2.multiply(cv2.cvtColor(wide, cv2.COLOR_RGBA2GRAY).astype(np.float32), tones)
    gain = cv2.multiply(cv2.multiply(cover, tones, scale=255), _between_locks(luma, cover))
    opaque = cv2.convertScaleAbs(cover, alpha=255)
    planes = (cv2.multiply(one, gain, dtype=cv2.CV_8U) for one in cv2.split(wide)[:3])
    return cv2.merge([*(cv2.min(one, opaque) for one in planes), opaque])


def _distinct(share: np.ndarray) -> np.ndarray:
    """Alpha of strands, float32 (H, W), 0 to 1, as a camera sees them: a hair is a tenth of a pixel wide, and
    its render a haze, but locks of hair have edges and tips. What is thin, as fades and hairlines are, stays
    soft: with edges it was a comb's teeth."""
    sharp = share + _UNSHARP * (share - cv2.GaussianBlur(share, (0, 0), _HAZE))
    edge = np.clip((sharp - _EDGE[0]) * np.float32(1 / (_EDGE[1] - _EDGE[0])), 0, 1)
    dense = cv2.blur(share, _AROUND_LOCK)
    dense = np.clip((dense - _THICK[0]) * np.float32(1 / (_THICK[1] - _THICK[0])), 0, 1)
    soft = cv2.GaussianBlur(share, (0, 0), _SOFT)
    return soft + dense * (edge - soft)


def _between_locks(luma: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """What grey levels are multiplied with, float32 (H, W), so that it is darker between locks.

    Light is lost between them over and over; a few bounces of a path tracer leave little of that. With it the
    finest band of log luminance varies by 0.06 to 0.09, in photographs by 0.09 (`groom truth`).

    Args:
        luma: float32 (H, W), 0 to 1, straight. cover: float32 (H, W), alpha.
    """
    level, there = np.log(luma + np.float32(_BLACK)), np.where(cover > _SOME, np.float32(1), np.float32(0))
    size = (luma.shape[1] // 2, luma.shape[0] // 2)
    sums, known = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (level * there, there))
    sums, known = (cv2.GaussianBlur(one, (0, 0), _LOCK / 2) for one in (sums, known))
    around = cv2.resize(sums / np.maximum(known, np.float32(1e-3)), luma.shape[::-1])
    off = (level - around) * there
    return np.exp(_DARKER * np.minimum(off, 0) + _BRIGHTER * np.maximum(off, 0)).astype(np.float32)


def _power(grey: np.ndarray) -> np.ndarray:
    """What is left of a background is raised to this, float32: light hair, `grey` linear, 0 to 1, is mixed as
    it is; through thin dark hair more is seen in grey levels than in light."""
    return (_GAMMA + (1 - _GAMMA) * np.minimum(grey * (1 / _BRIGHT), 1)).astype(np.float32)


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


def _halved(view: FoldedView) -> FoldedView:
    back = None if view.back is None else _half(view.back)
    return FoldedView(_half(view.front), back, _half(view.shadow), view.boxes)


def _half(one: np.ndarray) -> np.ndarray:
    return cv2.resize(one, (one.shape[1] // 2, one.shape[0] // 2), interpolation=cv2.INTER_AREA)


@dataclass(frozen=True, slots=True, eq=False)
class _Decoded:
    """One layer in the light of now.

    Attributes:
        box: left, top, right, bottom of what is in it.
        rgb: uint8 (H, W, 3), sRGB, straight; share: float32 (H, W), alpha; both of the box.
    """

    box: tuple[int, int, int, int]
    rgb: np.ndarray
    share: np.ndarray


def _decoded(view: KeyView, layer: str, tints: Tints) -> _Decoded:
    alpha = _picture(view, f"{layer}/alpha", cv2.IMREAD_GRAYSCALE)
    x0, y0, x1, y1 = _box(cv2.compare(alpha, _FAINT, cv2.CMP_GT))
    if x1 <= x0:
        return _Decoded((0, 0, 0, 0), np.zeros((0, 0, 3), np.uint8), np.zeros((0, 0), np.float32))
    box = np.s_[y0:y1, x0:x1]
    light = np.zeros((y1 - y0, x1 - x0, 3), np.float32)
    for group in GROUPS:
        tint = np.array(tints.get(group, (0, 0, 0)), np.float32)
        if tint.any():
            name = f"{layer}/{group}"
            picture = _picture(view, name, cv2.IMREAD_COLOR)[box]
            # OpenCV decodes to blue, green, red.
            table = (_SQUARES[:, None] * (tint[::-1] * np.float32(view.peaks[name])))[None]
            light += cv2.LUT(picture, np.ascontiguousarray(table, np.float32))
    share = _SHARES[alpha[box]]
    # Where hair is thin the noise of its alpha would make its colour: there it is that of the hair beside it.
    some = _THIN * (1 - share) + 1e-3
    around, beside = cv2.blur(light, _BESIDE), cv2.blur(share, _BESIDE)
    straight = (light + around * some[..., None]) / (share + beside * some + 1e-4)[..., None]
    return _Decoded((x0, y0, x1, y1), cv2.cvtColor(_coded(straight), cv2.COLOR_BGR2RGB), share)


def _tone_map(front: _Decoded, shade: Shade, light: float) -> ToneMap | None:
    """None: there is too little hair to be told.

    Args:
        light: how bright it is now.
    """
    if not front.rgb.size:
        return None
    linear = cv2.GaussianBlur(_LINEAR[front.rgb], (0, 0), 1.0)
    for least in _OPAQUE:
        now = ToneCurves.of(linear[front.share > least])
        if now is not None:
            wanted = tones_of(shade.dye, now) if shade.tones is None else shade.tones
            brighter = 1.0 if shade.light is None else light / max(shade.light, 1e-6)
            return ToneMap(now, wanted.lit(brighter), ANY_PIGMENT)
    return None


def _without_specks(layer: _Decoded) -> _Decoded:
    """In its deep shade, where one ray of few that found a lamp is a white dot."""
    if not layer.rgb.size or not (dense := layer.share > _OPAQUE[0]).any():
        return layer
    grey = cv2.cvtColor(layer.rgb, cv2.COLOR_RGB2GRAY)
    shade = _in_shade(cv2.blur(grey, _BESIDE).astype(np.float32), float(np.median(grey[dense])))
    steady = cv2.medianBlur(layer.rgb, _SPECK)
    return _Decoded(layer.box, cv2.blendLinear(steady, layer.rgb, shade, 1 - shade), layer.share)


def _in_shade(grey: np.ndarray, middle: float) -> np.ndarray:
    """How deep in the shade hair of such grey levels is, float32, 0 to 1, where `middle` is that of most."""
    lit, deep = (share * max(middle, 1.0) for share in _SHADY)
    return np.clip((lit - grey) * np.float32(1 / (lit - deep)), 0, 1)


def _scattered(behind: _Decoded, front: _Decoded) -> _Decoded:
    """Hair behind the neck as it is in a room: few rays find their way there, those that do are specks, and
    what skin, clothes and walls throw back is missing, so that it was a black hole beside the neck."""
    if not behind.rgb.size or not (dense := front.share > _OPAQUE[0]).any():
        return behind
    thrown = np.median(_LINEAR[front.rgb[dense]], 0) * _THROWN
    steady = cv2.medianBlur(behind.rgb, _SPECK)
    return _Decoded(behind.box, _coded(_LINEAR[steady] + thrown), behind.share)


def _toned(layer: _Decoded, tones: ToneMap) -> _Decoded:
    there = layer.share > 0
    rgb = layer.rgb.copy()
    if there.any():
        rgb[there] = _coded(tones(_LINEAR[layer.rgb[there]]))
    return _Decoded(layer.box, rgb, layer.share)


def _premultiplied(layer: _Decoded, view: KeyView) -> np.ndarray:
    height, width = (CELL * side for side in view.depth.shape)
    found = np.zeros((height, width, 4), np.uint8)
    x0, y0, x1, y1 = layer.box
    if x1 <= x0:
        return found
    grey = cv2.LUT(cv2.cvtColor(layer.rgb, cv2.COLOR_RGB2GRAY), _LINEAR)
    cover = 1 - (1 - layer.share) ** _power(cv2.blur(grey, _BESIDE))
    premultiplied = layer.rgb.astype(np.float32) * cover[..., None]
    found[y0:y1, x0:x1] = np.dstack([premultiplied, cover * 255]).round().astype(np.uint8)
    return found


def _picture(view: KeyView, name: str, flags: int) -> np.ndarray:
    """One picture of a view. A file whose SHA-256 was right may still hold nonsense: then it is black."""
    data = np.frombuffer(view.pictures[name], np.uint8)
    found = cv2.imdecode(data, flags)
    if found is None:
        height, width = (CELL * side for side in view.depth.shape)
        found = np.zeros((height, width) if flags == cv2.IMREAD_GRAYSCALE else (height, width, 3), np.uint8)
    return found


def _box(mask: np.ndarray) -> tuple[int, int, int, int]:
    x, y, width, height = cv2.boundingRect(mask)
    return x, y, x + width, y + height


def _to_srgb(linear: np.ndarray) -> np.ndarray:
    coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return (coded * 255 + 0.5).astype(np.uint8)


def _coded(linear: np.ndarray) -> np.ndarray:
    """Linear light to uint8 sRGB, by a table."""
    return _SRGB[(np.clip(linear, 0, 1) * (_STEPS - 1) + 0.5).astype(np.uint16)]


_SRGB = _to_srgb(np.linspace(0, 1, _STEPS))
_LINEAR = np.interp(np.arange(256), _SRGB, np.linspace(0, 1, _STEPS)).astype(np.float32)
_SQUARES = (np.arange(256, dtype=np.float32) / 255) ** 2
# The shadow as it was rendered, a factor of light over 255, to a factor of grey levels.
_SHADE = np.round(255 * np.clip(np.arange(256) / 250, 0, 1) ** (_SHADOW * _GAMMA)).astype(np.uint8)
_DEEP = np.round(255 * np.clip(np.arange(256) / 250, 0, 1) ** _GAMMA).astype(np.uint8)
_DEEPEST = np.round(255 * np.clip(np.arange(256) / 250, 0, 1) ** (_DEEPER * _GAMMA)).astype(np.uint8)
_ROOTED, _CLOSED = (
    np.clip((np.arange(256) / 255 - ends[0]) / (ends[1] - ends[0]), 0, 1).astype(np.float32)
    for ends in (_BETWEEN, _DENSE)
)
# Alpha as it is stored to a share, and a tone of strands to a ratio of grey levels.
_SHARES = np.clip((np.arange(256, dtype=np.float32) - _FAINT) * (1 / (255 - _FAINT)), 0, 1)
_RATIOS = ratio_of(np.arange(256))
