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

from mirror.swap import Layer
from mirror.turn import differs, sources

STRAND_SIDE = 512  # pixels of the map: twice the painter's
LENGTH = 28  # pixels of the map that a strand is followed each way
# How much lighter and darker than the hair strands are, at one standard deviation; and what is added to the
# hair's bytes first, or black hair would have none.
AMOUNT, LIFT = 0.075, 28.0
# Full scale of the map, in standard deviations.
MOST = 2.5
# Steps of the work done in one frame of a stream, and frames in which the strands then come up.
STEPS_A_FRAME, COME_UP = 2, 8
GO_DOWN = 2  # how many times as fast they go when the style changes
_NONE, _FULL = 128, 127  # of a byte: no strand; the most that one is lighter or darker
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
        # Doubled, an angle and the opposite one are the same: they can be interpolated.
        doubled = (
            cv2.resize(turn(2 * angle), size, interpolation=cv2.INTER_LINEAR) for turn in (np.cos, np.sin)
        )
        cosine, sine = doubled
        angle = 0.5 * np.arctan2(sine, cosine)
        self._way = np.cos(angle), np.sin(angle)
        # The same noise each time: a style has the same strands on everybody and every day.
        noise = np.random.default_rng(0).random(size).astype(np.float32)
        self._noise = cv2.GaussianBlur(noise, (0, 0), 0.7)
        self._total = self._noise.copy()
        self._mask = cv2.resize(
            alpha**2 * np.clip(clear * 1.5, 0.25, 1), size, interpolation=cv2.INTER_LINEAR
        )
        self._done = 0

    def work(self, steps: int = 2 * LENGTH) -> bool:
        """Follows the strands some steps further; whether that was the last of them."""
        for _ in range(min(steps, 2 * LENGTH - self._done)):
            if self._done % LENGTH == 0:
                back = np.float32(-1 if self._done else 1)
                self._x, self._y = np.meshgrid(*[np.arange(STRAND_SIDE, dtype=np.float32)] * 2)
                self._ahead = self._way[0] * back, self._way[1] * back
            self._x += self._ahead[0]
            self._y += self._ahead[1]
            self._total += cv2.remap(
                self._noise, self._x, self._y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
            )
            x, y = (
                cv2.remap(w, self._x, self._y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT)
                for w in self._way
            )
            # A strand has no arrow: go on the way one came.
            on = np.copysign(np.float32(1), x * self._ahead[0] + y * self._ahead[1])
            self._ahead = x * on, y * on
            self._done += 1
        return self._done == 2 * LENGTH

    def strands(self) -> np.ndarray:
        """The map, uint8 (512, 512): 128 off the hair, 255 the lightest strand, 1 the darkest."""
        fine = self._total - cv2.GaussianBlur(self._total, (0, 0), 6)
        fine *= np.float32(1 / (MOST * (float(fine.std()) + 1e-6)))
        return np.round(np.clip(fine, -1, 1) * self._mask * _FULL + _NONE).astype(np.uint8)


def drawn(layer: Layer) -> Layer:
    """A layer with its strands, all at once: for single pictures. Takes about 0.1 s."""
    comb = Comb(layer.rgb, layer.new)
    comb.work()
    return replace(layer, strands=comb.strands())


def lay_on(paint: np.ndarray, strands: np.ndarray) -> np.ndarray:
    """Painted pixels, uint8 (H, W, 3), with strands, uint8 (H, W), laid on: a new array."""
    # In bytes, 128 for no change: a third of the time that floats take.
    scale = AMOUNT * MOST * 128 / _FULL
    gain = cv2.convertScaleAbs(strands, alpha=scale, beta=128 - scale * _NONE)
    gains = cv2.merge([gain, gain, gain])
    lit = cv2.multiply(paint, gains, scale=1 / 128)
    return cv2.addWeighted(lit, 1, gains, LIFT / 128, -LIFT)


class Strands:
    """The strands of a stream: drawn over some frames once a style is on, then kept and turned.

    Example:
        >>> strands = Strands()
        >>> # layer = replace(layer, strands=strands.look(styling.settled(now), layer, head.shape))
    """

    def __init__(self) -> None:
        self._style: object = None
        self.reset()

    def reset(self) -> None:
        """Forgets all strands: another head."""
        self._comb: Comb | None = None
        self._map: np.ndarray | None = None
        self._turned: tuple[np.ndarray, np.ndarray] | None = None
        self._up = 0

    def look(self, style: object, layer: Layer, shape: np.ndarray) -> np.ndarray | None:
        """The strands for one frame, uint8 (512, 512), or None while there are none.

        Args:
            style: what is on, the very same object as long as it is the same; None while it changes.
            layer: as painted in this frame.
            shape: float32 (75,), the face shape that it lies on.
        """
        if style is None and self._map is not None and self._up > GO_DOWN:
            self._style = None
            self._up -= GO_DOWN
            return self._faint(shape)
        if style is None or style is not self._style:
            self._style = style
            self.reset()
            return None
        if self._map is None:
            if self._comb is None:
                self._comb, self._shape = Comb(layer.rgb, layer.new), shape.copy()
            if self._comb.work(STEPS_A_FRAME):
                self._map, self._comb = self._comb.strands(), None
            return None
        self._up = min(self._up + 1, COME_UP)
        return self._faint(shape)

    def _faint(self, shape: np.ndarray) -> np.ndarray:
        """The map as it lies on a head now, as far as it has come up."""
        strands = self._on(shape)
        share = self._up / COME_UP
        return strands if share == 1 else cv2.convertScaleAbs(strands, alpha=share, beta=_NONE * (1 - share))

    def _on(self, shape: np.ndarray) -> np.ndarray:
        """The map as it lies on a head of another shape or pose."""
        assert self._map is not None
        if not differs(shape, self._shape):
            return self._map
        if self._turned is None or differs(shape, self._turned[0]):
            places = []
            for place in sources(self._shape, shape, _GRID):
                finer = cv2.resize(place, (STRAND_SIDE, STRAND_SIDE), interpolation=cv2.INTER_LINEAR)
                places.append((finer + np.float32(0.5)) * np.float32(STRAND_SIDE / _GRID) - np.float32(0.5))
            self._turned = (
                shape.copy(),
                cv2.remap(self._map, places[0], places[1], cv2.INTER_LINEAR, borderValue=_NONE),
            )
        return self._turned[1]
