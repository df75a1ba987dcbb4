"""The skull: how far a head reaches beneath hair that is taken away.

Hair hides it, so nobody can read it off the picture; but heads are much alike, and whatever is seen of the
person bounds it: beneath hair that is combed flat or shorn, the skull ends a little within the silhouette.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.core.head_space import EYE_CENTRE, fill_polygon

# The radius of a head from the middle of the face at the height of the eyes, in halves of the face's width,
# at these degrees above the eye line: medians of 12 bald portraits, both sides; they spread by 8%.
_DEGREES = (-20.0, 0.0, 15.0, 30.0, 45.0, 60.0, 75.0, 90.0)
_RADII = (1.10, 1.10, 1.14, 1.27, 1.40, 1.47, 1.51, 1.53)
WIDE, HIGH = _RADII[1], _RADII[-1]
# How far the back of the head comes into sight as the nose turns away, in halves of the face's width at 90
# degrees of yaw.
BACK = 0.5
# How far the top of a head lies behind the eyes, of its height above them: as the face looks up it sinks
# away. At this many degrees the heads above were measured; beyond so many on either side nothing is known.
# Of 140 portraits with thin hair the silhouette's top falls from 1.80 halves at -15 degrees to 1.64 at 0.
_DEEP, _USUAL_PITCH, _PITCHES = 0.36, -7.0, 25.0
# Hair is at least that thick, as a share of the square's side; the face itself ends no nearer than this, in
# halves of its width.
_THICK, _LEAST = 0.012, 0.98
# Hair that ends within so many times the radius of a head lies flat on it.
_FLAT = 1.18
_THIN = 0.2  # of its alpha: thinning hair lies on a head too
_RAYS = np.radians(np.arange(-20.0, 201.0, 5.0)).astype(np.float32)
_PRIOR = np.interp(90 - np.abs(np.degrees(_RAYS) - 90), _DEGREES, _RADII).astype(np.float32)
_FAR, _STEP = 0.62, 1 / 256  # of the square: rays are followed so far, in such steps
# Silhouettes have locks; skulls do not: smoothed over so many rays (standard deviation).
_SMOOTH = 2.0
# The rays beside the eyes, those of one side; how much of the skull's own radius counts on each ray, from the
# first side on; and how wide a head is at the eyes at least and at most, in halves of the face's width.
_BESIDE = 5
_UP = np.clip((np.degrees(_RAYS) - 0.0) / 40.0, 0, 1).astype(np.float32)
_UP = _UP * _UP * (3 - 2 * _UP)
_EYES = (0.97, 1.15)
_SOFT = 0.8  # pixels of 256: an edge as a camera sees it


@dataclass(frozen=True, slots=True)
class Skull:
    """Where the skull of one face ends, above the eyes.

    Attributes:
        middle: x of its middle at the height of the eyes, unit coordinates.
        half: half of the face's width, unit coordinates.
        back: how far the back of the head comes into sight, in `half`, towards negative or positive x.
        tall: how high its top is seen, of what it is at a usual pitch.
    """

    middle: float
    half: float
    back: float
    tall: float = 1.0

    @classmethod
    def of(cls, shape: np.ndarray) -> Skull:
        """That of a face, `shape` float32 (75,), see `mirror.core.head_space.face_shape`."""
        across = shape[: 2 * len(FACE_OVAL) : 2].astype(np.float64) / 4 + 0.5
        low, high = float(across.min()), float(across.max())
        back = -float(np.sin(np.radians(shape[2 * len(FACE_OVAL)] * 30))) * BACK
        pitch = float(np.clip(shape[2 * len(FACE_OVAL) + 1] * 30, -_PITCHES, _PITCHES))
        return cls((low + high) / 2, (high - low) / 2, back, _height(pitch) / _height(_USUAL_PITCH))

    def outline(
        self,
        person: np.ndarray | None = None,
        valid: np.ndarray | None = None,
        body: np.ndarray | None = None,
        hair: np.ndarray | None = None,
    ) -> np.ndarray:
        """The outline from ear to ear, over the top: unit points (45, 2).

        Args:
            person: float32 (S, S), alpha of the person before the room; None bounds it by nothing.
            valid: uint8 (S, S), 255 where the frame has pixels: beyond, nobody knows where a person ends.
            body: float32 (S, S), alpha of the body as the painter paints it: at the eyes both are as wide.
            hair: float32 (S, S), alpha of the hair that is worn: where it lies flat the skull reaches up to
                it, neither looking out beyond nor leaving a gap.
        """
        way = np.stack([np.cos(_RAYS), -np.sin(_RAYS)], 1)
        radii = _PRIOR * np.float32(self.half) * (1 + np.float32(self.tall - 1) * way[:, 1] ** 2)
        # The back of a head that is turned away: there the skull is further off.
        radii = radii + np.maximum(way[:, 0] * np.sign(self.back), 0) * np.float32(abs(self.back) * self.half)
        if body is not None:
            wide = self._reach(body, np.ones_like(body))
            for side, beside in ((slice(None, _BESIDE), _UP), (slice(-_BESIDE, None), _UP[::-1])):
                low, high = (np.float32(self.half * bound) for bound in _EYES)
                at_eyes = np.clip(np.median(wide[side]), low, high)
                radii = radii * beside + at_eyes * (1 - beside)
        if hair is not None:
            worn = self._last(hair)
            flat = (worn > 0) & (worn < radii * np.float32(_FLAT))
            radii = np.where(flat, np.maximum(worn - np.float32(_THICK), self.half * _LEAST), radii)
            if person is None:
                radii = _smooth(radii)
        if person is not None:
            seen = self._reach(person, np.ones_like(person) if valid is None else valid)
            radii = np.clip(seen - np.float32(_THICK), np.minimum(radii, self.half * _LEAST), radii)
            radii = _smooth(radii)
        return np.array([self.middle, EYE_CENTRE[1]]) + way * radii[:, None]

    def alpha(
        self,
        side: int,
        person: np.ndarray | None = None,
        valid: np.ndarray | None = None,
        body: np.ndarray | None = None,
        hair: np.ndarray | None = None,
    ) -> np.ndarray:
        """The skull as a matte, float32 (side, side), 0 to 1; of what is below the eyes it says nothing.

        The other arguments are those of `outline`.

        Example:
            >>> skull = Skull(middle=0.5, half=0.2, back=0.0).alpha(256)
            >>> float(skull[60, 128]), float(skull[20, 128])
            (1.0, 0.0)
        """
        drawn = fill_polygon(self.outline(person, valid, body, hair), side)
        return cv2.GaussianBlur(drawn, (0, 0), _SOFT * side / 256).astype(np.float32) * np.float32(1 / 255)

    def _reach(self, alpha: np.ndarray, valid: np.ndarray) -> np.ndarray:
        """How far an alpha reaches on each ray, unit coordinates; what is not `valid` counts as in it."""
        along, far = self._along(np.where(valid > 0, alpha, np.float32(1)))
        outside = along < 0.5
        first = np.where(outside.any(1), outside.argmax(1), len(far) - 1)
        return _crossing(along, far, np.maximum(first - 1, 0), 0.5)

    def _last(self, alpha: np.ndarray) -> np.ndarray:
        """How far off the last of an alpha is on each ray, unit coordinates; 0 where there is none."""
        along, far = self._along(alpha)
        inside = along > _THIN
        last = len(far) - 1 - inside[:, ::-1].argmax(1)
        return np.where(inside.any(1), _crossing(along, far, last, _THIN), 0)

    def _along(self, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """An alpha on each ray, float32 (45, N), and the N distances, unit coordinates."""
        side = alpha.shape[0]
        far = np.arange(0.5 * self.half, _FAR, _STEP, dtype=np.float32)
        x = (self.middle + np.cos(_RAYS)[:, None] * far) * side - 0.5
        y = (EYE_CENTRE[1] - np.sin(_RAYS)[:, None] * far) * side - 0.5
        x, y = x.astype(np.float32), y.astype(np.float32)
        return cv2.remap(alpha, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), far


def _height(pitch: float) -> float:
    """How high a head is seen above the eyes at so many degrees, of its height at 0."""
    return float(np.cos(np.radians(pitch)) - _DEEP * np.sin(np.radians(pitch)))


def _crossing(along: np.ndarray, far: np.ndarray, at: np.ndarray, level: float) -> np.ndarray:
    """How far off each ray falls below a level behind its sample `at`, between samples: edges do not jump."""
    rays, after = np.arange(len(along)), np.minimum(at + 1, len(far) - 1)
    here, there = along[rays, at], along[rays, after]
    share = np.clip((here - level) / np.maximum(here - there, np.float32(1e-3)), 0, 1)
    return far[at] + share * (far[after] - far[at])


def _smooth(radii: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(np.pad(radii, 8, mode="edge")[None], (0, 0), _SMOOTH)[0, 8:-8]
