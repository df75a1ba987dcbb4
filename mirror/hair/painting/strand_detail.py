"""Strands: finer than the painter can draw, along the way in which the hair it painted runs.

The painter works at 256 pixels a head; a strand is thinner. But it does say which way hair runs: that is read
off its picture (structure tensor, Foerstner & Guelch 1987), and noise smeared along it (line integral
convolution, Cabral & Leedom 1993) gives strands that follow every wave. They are drawn once for a style, lie
in head space and turn with the head, so they neither boil nor swim, and cost a frame no more than laying them
on.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mirror.core.layer import Layer
from mirror.core.pose_warp import followed, sources
from mirror.hair.encoding.reconstruction_residual import ONE, RESIDUAL_SIDE, Residual, finer
from mirror.hair.painting.edge_strands import fray_map
from mirror.hair.painting.layer_upsampling import finished
from mirror.hair.styles.code import StyleCode

STRAND_SIDE = RESIDUAL_SIDE  # pixels of the map: twice the painter's
LENGTH, STEP = 19, 1.5  # steps for which a strand is followed each way, and pixels of the map for each
# How much lighter and darker than the hair strands are, at one standard deviation (of the hair's bytes plus
# `LIFT`, or black hair would have none); and the most that counts, in standard deviations.
AMOUNT, MOST = 0.13, 3.0
STEPS_A_PAINTING = 13  # of the work: a third, so that no painting of a stream takes twice as long for it
_EVEN = np.array([0.25, 0.5, 0.25], np.float32)
_GRID = 64  # cells in which it is worked out where a turned head has its strands


def flow(rgb: np.ndarray, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which way painted hair runs.

    Args:
        rgb: uint8 (S, S, 3); alpha: float32 (S, S), of the hair.

    Returns:
        The angle in radians, float32 (S, S), clockwise from the x axis, up to half a turn; and how clearly it
        runs that way, float32 (S, S), 0 to 1.

    Example:
        >>> stripes = np.repeat(np.arange(64) % 8 * 30, 64).reshape(64, 64).astype(np.uint8)
        >>> angle, clear = flow(cv2.merge([stripes] * 3), np.ones((64, 64), np.float32))
        >>> bool(abs(np.sin(angle[32, 32])) < 0.01), bool(clear[32, 32] > 0.9)
        (True, True)
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) * np.float32(1 / 255)
    # Beyond its outline hair is taken to go on as it is there: the outline against the wall is no strand.
    near = cv2.GaussianBlur(grey * alpha, (0, 0), 4) / (cv2.GaussianBlur(alpha, (0, 0), 4) + np.float32(1e-3))
    grey = cv2.GaussianBlur(near + (grey - near) * alpha, (0, 0), 1.0)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0) * alpha, cv2.Sobel(grey, cv2.CV_32F, 0, 1) * alpha
    xx, yy, xy = (cv2.GaussianBlur(t, (0, 0), 5.0) for t in (across * across, down * down, across * down))
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.float32(np.pi / 2)
    clear = np.sqrt((xx - yy) ** 2 + 4 * xy * xy) / (xx + yy + np.float32(1e-3))
    return angle, clear


class Comb:
    """The drawing of one map of strands, a few steps at a time.

    Args:
        rgb: uint8 (S, S, 3), painted; alpha: float32 (S, S), of the painted hair.
    """

    def __init__(self, rgb: np.ndarray, alpha: np.ndarray) -> None:
        angle, clear = flow(rgb, alpha)
        size = (STRAND_SIDE, STRAND_SIDE)
        # The same noise each time: a style has the same strands on everybody and every day.
        noise = np.random.default_rng(0).random(size).astype(np.float32)
        self._noise = cv2.GaussianBlur(noise, (0, 0), 0.7)
        self._total = self._noise.copy()
        self._mask = cv2.resize(
            alpha**2 * np.clip(clear * 1.5, 0.25, 1), size, interpolation=cv2.INTER_LINEAR
        )
        # Strands are followed on the painter's own grid, and noise is read on the finer one: a quarter of
        # the work, and between two pixels of the painter strands run side by side anyway.
        self._side = len(rgb)
        self._way = cv2.merge([np.cos(angle), np.sin(angle)])
        self._start = np.stack(np.meshgrid(*[np.arange(self._side, dtype=np.float32)] * 2), -1)
        self._done = 0

    def work(self, steps: int = 2 * LENGTH) -> bool:
        """Follows the strands some steps further; whether that was the last of them."""
        fine = STRAND_SIDE / self._side
        for _ in range(min(steps, 2 * LENGTH - self._done)):
            if self._done % LENGTH == 0:
                self._at = self._start.copy()
                self._ahead = self._way * np.float32(-1 if self._done else 1)
            self._at += self._ahead * np.float32(STEP / fine)
            at = cv2.resize(self._at, (STRAND_SIDE, STRAND_SIDE), interpolation=cv2.INTER_LINEAR)
            at = at * np.float32(fine) + np.float32((fine - 1) / 2)
            self._total += cv2.remap(self._noise, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
            way = cv2.remap(self._way, self._at, None, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT)
            # A strand has no arrow: go on the way one came.
            on = np.copysign(np.float32(1), (way * self._ahead).sum(-1, keepdims=True))
            self._ahead = way * on
            self._done += 1
        return self._done == 2 * LENGTH

    def strands(self) -> np.ndarray:
        """The map, uint8 (512, 512): what the hair is multiplied by, 128 for 1; that off the hair too."""
        gain = 1 + np.clip(self._fine(), -MOST, MOST) * self._mask * np.float32(AMOUNT)
        return np.round(gain * ONE).astype(np.uint8)

    def fray(self) -> np.ndarray:
        """The same strands where they end, uint8 (512, 512), see
        `mirror.hair.painting.edge_strands.fray_map`."""
        return fray_map(self._fine())

    def _fine(self) -> np.ndarray:
        # Two by two, pixels between those of the painter's grid may differ as no strands do.
        even = cv2.sepFilter2D(self._total, -1, _EVEN, _EVEN)
        fine = even - cv2.GaussianBlur(even, (0, 0), 6)
        return fine * np.float32(1 / (float(fine.std()) + 1e-6))


def drawn(layer: Layer, style: StyleCode, shape: np.ndarray) -> Layer:
    """A layer with its strands, all at once: for single pictures. Takes about 0.1 s.

    Args:
        style: what was painted, `shape` float32 (75,), the face shape on which it was.
    """
    comb = Comb(layer.rgb, layer.new)
    comb.work()
    return combed(layer, comb, shape, style.residual, style.dye is not None)


def combed(layer: Layer, comb: Comb, shape: np.ndarray, seen: Residual | None, grey: bool = False) -> Layer:
    """A layer with the strands of a finished drawing, or those that were seen: these keep their own edge.

    `shape`, `seen` and `grey` as in `seen_before`.
    """
    strands = seen_before(comb.strands(), seen, layer.new, shape, grey)
    return finished(replace(layer, strands=strands, fray=comb.fray() if seen is None else None))


def seen_before(
    strands: np.ndarray, residual: Residual | None, alpha: np.ndarray, shape: np.ndarray, grey: bool
) -> np.ndarray:
    """A map with the strands that were seen in place of those that are drawn, where there are any.

    Args:
        strands: uint8 (512, 512).
        residual: of hair that the person brought; None: `strands` as they are.
        alpha: float32 (256, 256), of the painted hair: what is seen besides is no hair now.
        shape: float32 (75,), the face shape that the map lies on.
        grey: the hair is worn in another colour.

    Returns:
        uint8 (512, 512), or (512, 512, 3) where each of red, green and blue has its own.
    """
    if residual is None:
        return strands
    gains, known = residual.on(shape, grey=grey)
    known *= cv2.resize(alpha, known.shape, interpolation=cv2.INTER_LINEAR)
    return cv2.blendLinear(gains, cv2.merge([strands] * 3), known, 1 - known)


class Strands:
    """The strands of a stream: drawn over some paintings once a style is on, then kept and turned.

    Attributes:
        fray: what goes with the map of the last look: how the hair's edge ends in these strands, uint8
            (512, 512), see `mirror.hair.painting.edge_strands`; None: softly.

    Example:
        >>> strands = Strands()
        >>> # seen = strands.look(styling.settled(now), layer, head.shape)
        >>> # layer = finished(replace(layer, strands=seen, fray=strands.fray))
    """

    fray: np.ndarray | None

    def __init__(self) -> None:
        self._style: object = None
        self.reset()

    def reset(self) -> None:
        """Forgets all strands: another head."""
        self._comb: Comb | None = None
        self._map: np.ndarray | None = None
        self._combed: np.ndarray | None = None
        self._frays: np.ndarray | None = None
        self.fray = None
        self._worn: tuple[Residual | None, bool] = (None, False)
        self._turned: tuple[np.ndarray, np.ndarray] | None = None

    @property
    def finished(self) -> bool:
        """Whether those of the style that was looked at last are drawn, or it has none."""
        return self._style is None or self._combed is not None

    def look(
        self,
        style: object,
        layer: Layer,
        shape: np.ndarray,
        residual: Residual | None = None,
        grey: bool = False,
    ) -> np.ndarray | None:
        """The strands for one painting, uint8 (512, 512) or (512, 512, 3), or None while there are none.

        Args:
            style: what is on, the very same object as long as it is the same; None while it changes.
            layer: as painted.
            shape: float32 (75,), the face shape that it lies on.
            residual: of the style, where it is hair that was seen: that comes up at once.
            grey: the style is worn in another colour.
        """
        if style is None or style is not self._style:
            self._style = style
            self.reset()
            # The first painting of a style is not kept waiting for strands.
            if style is None or residual is None:
                return None
        if self._combed is None:
            if self._comb is None:
                self._comb = Comb(layer.rgb, layer.new)
                self._shape, self._alpha = shape.copy(), layer.new
                self._pose = self._shape
                if residual is not None:
                    self._lay(np.full((STRAND_SIDE, STRAND_SIDE), ONE, np.uint8), residual, grey)
            if self._comb.work(STEPS_A_PAINTING):
                self._combed = self._comb.strands()
                self._frays = self._comb.fray() if residual is None else None
                self._comb = None
                self._lay(self._combed, residual, grey)
        elif self._worn != (residual, grey):
            self._lay(self._combed, residual, grey)
        return None if self._map is None else self._split(self._on(self._map, shape))

    def _lay(self, strands: np.ndarray, residual: Residual | None, grey: bool) -> None:
        """What is shown from now on; the fray is one more channel, so that both are turned at once."""
        self._map = seen_before(strands, residual, self._alpha, self._shape, grey)
        if self._frays is not None and residual is None:
            self._map = cv2.merge([self._map, self._frays])
        self._worn, self._turned = (residual, grey), None

    def _split(self, strands: np.ndarray) -> np.ndarray:
        if self._frays is None or strands.ndim == 2 or strands.shape[2] != 2:
            self.fray = None
            return strands
        strands, self.fray = cv2.split(strands)
        return strands

    def _on(self, strands: np.ndarray, shape: np.ndarray) -> np.ndarray:
        """The map as it lies on a head of another shape or pose."""
        self._pose = pose = followed(self._pose, shape)
        if pose is self._shape:
            return strands
        if self._turned is None or self._turned[0] is not pose:
            x, y = finer(sources(self._shape, pose, _GRID), STRAND_SIDE)
            turned = cv2.remap(strands, x, y, cv2.INTER_LINEAR, borderValue=(ONE, ONE, ONE))
            self._turned = pose, turned
        return self._turned[1]
