"""Head crop + matte + style -> the layer to lay over the head."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.engine import Engine
from mirror.hole import HOLE_SIDE, cut_hole
from mirror.style import StyleCode

SIDE = 256


@dataclass(frozen=True, slots=True)
class Head:
    """A head in head space, as the networks see it.

    Attributes:
        image: float32 (1, 3, 256, 256) RGB, 0 to 1; 0 outside the frame.
        face, inner, valid: uint8 (256, 256), 255 inside the face oval; inside the hull of eyes, nose
            and mouth; inside the frame.
        shape: float32 (75,), face shape and pose.
    """

    image: np.ndarray
    face: np.ndarray
    inner: np.ndarray
    valid: np.ndarray
    shape: np.ndarray


@dataclass(frozen=True, slots=True)
class Layer:
    """What the swap lays over a head, in head space.

    Attributes:
        rgb: uint8 (256, 256, 3), the painted head.
        cover: float32 (256, 256), how much of `rgb` shows: the larger of the two feathered mattes.
        old, new: float32 (256, 256), feathered mattes of the hair that was there (without eyes, nose
            and mouth) and of the new hair. Exactly 0 where they do not reach.
    """

    rgb: np.ndarray
    cover: np.ndarray
    old: np.ndarray
    new: np.ndarray


class Swap:
    """The painter network, from a head and a style to a layer.

    Args:
        painter: engine of the network `painter`.
    """

    def __init__(self, painter: Engine) -> None:
        self._painter = painter
        self._maps = np.zeros((1, 3, SIDE, SIDE), np.float32)

    def paint(self, head: Head, matte: np.ndarray, style: StyleCode) -> Layer:
        """Paints a style on a head.

        Args:
            matte: float32 (256, 256), alpha of the hair that is there.
            style: already fitted to this face shape.
        """
        own_small = cv2.resize(matte, (HOLE_SIDE, HOLE_SIDE), interpolation=cv2.INTER_AREA)
        hole = cut_hole(own_small, style.coarse, SIDE)
        self._maps[0, 0] = hole
        np.multiply(head.face, np.float32(1 / 255), out=self._maps[0, 1])
        np.multiply(head.valid, np.float32(1 / 255), out=self._maps[0, 2])
        coarse_small = cv2.resize(style.coarse, (32, 32), interpolation=cv2.INTER_AREA)
        painted = self._painter.run(
            image=head.image,
            maps=self._maps,
            coarse=style.coarse[None, None],
            detail=(style.detail * coarse_small)[None],
            z=style.z[None],
            shape=head.shape[None],
        )["layer"][0]
        new = feather_new(painted[3], hole)
        old = feather_old(matte, hole, head.inner)
        cover = np.maximum(old, new)
        rgb = painted[:3].transpose(1, 2, 0)
        rgb = match_kept(rgb, head.image[0].transpose(1, 2, 0), cover, new, head.valid)
        return Layer(np.clip(rgb * 255 + 0.5, 0, 255).astype(np.uint8), cover, old, new)


def feather_new(alpha: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """The new hair's matte: its faint tail cut to exactly 0, and nothing outside the hole."""
    cut = np.clip((alpha - 0.06) * (1 / 0.88), 0, 1)
    return cut * cv2.blur(hole, (5, 5))


def feather_old(matte: np.ndarray, hole: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """The old hair's matte, grown a little so that no rim of it is left, clear of the inner face."""
    grown = cv2.dilate(matte, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7)))
    soft = cv2.GaussianBlur(grown, (0, 0), 1.6)
    soft = np.clip((soft - 0.12) * (1 / 0.55), 0, 1)
    keep = 1 - cv2.blur(inner, (9, 9)).astype(np.float32) / 255
    return soft * np.where(inner > 0, 0, keep) * cv2.blur(hole, (3, 3))


def match_kept(
    rgb: np.ndarray, camera: np.ndarray, cover: np.ndarray, new: np.ndarray, valid: np.ndarray
) -> np.ndarray:
    """Takes the painter's colours to the camera's at the edge of what it covers.

    The painter also repaints the kept pixels around the cover; how far it is off there is spread
    smoothly inwards (normalised convolution at two scales, Knutsson & Westin 1993) and added to what
    lies beneath. New hair keeps its own colour.

    Args:
        rgb, camera: float32 (S, S, 3), 0 to 1. cover, new: float32 (S, S). valid: uint8 (S, S).
    """
    small = 64
    kept = cv2.resize((cover < 0.02).astype(np.float32) * (valid > 250), (small, small), interpolation=cv2.INTER_AREA)
    kept = np.where(kept > 0.95, 1.0, 0.0).astype(np.float32)
    error = cv2.resize(camera - rgb, (small, small), interpolation=cv2.INTER_AREA)
    # A large error is a thing the painter did not see rather than a tint: it counts for less.
    kept *= np.exp(-((np.abs(error).max(-1) / 0.4) ** 2))
    near, far = (cv2.GaussianBlur(np.dstack([error * kept[..., None], kept]), (0, 0), s) for s in (2.0, 7.0))
    total = near + 0.05 * far
    tint = total[..., :3] / (total[..., 3:] + 1e-3)
    tint = cv2.resize(tint, rgb.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return rgb + tint * (1 - new)[..., None]
