"""Head crop + matte + style -> the layer to lay over the head."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.detail import sharpen, tinted
from mirror.engine import Engine
from mirror.hole import HOLE_SIDE, cut_hole
from mirror.style import StyleCode

SIDE = 256
MATCH_SIDE = 64
_SKULL = np.ones((7, 1), np.uint8)
_GROW = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))


def window(side: int) -> np.ndarray:
    """float32 (side, side): 1 inside, falling to 0 at the square's edges, slowly at the lower one.

    Long hair leaves the square at the bottom: there it thins out instead of ending at a ruled line.
    """
    place = (np.arange(side) + 0.5) / side
    short, long = 1 / 32, 1 / 7
    across = np.clip(np.minimum(place, 1 - place) / short, 0, 1)
    down = np.clip(np.minimum(place / short, (1 - place) / long), 0, 1)
    ramp = np.outer(down, across)
    return (ramp * ramp * (3 - 2 * ramp)).astype(np.float32)


_WINDOW = window(SIDE)


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
        hole = cut_hole(own_small, style.coarse, SIDE, radius=3)
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
        new = feather_new(painted[3], hole) * _WINDOW
        old = feather_old(matte, hole, head.inner) * _WINDOW
        cover = np.maximum(old, new)
        rgb = cv2.merge(list(painted[:3]))
        camera = cv2.merge(list(head.image[0]))
        rgb = match_kept(rgb, camera, cover, new, hole * (head.valid > 250), head.face)
        rgb = sharpen(tinted(rgb, new, style.tint), new)
        return Layer(cv2.convertScaleAbs(np.maximum(rgb, 0), alpha=255), cover, old, new)


def feather_new(alpha: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """The new hair's matte: its faint tail cut to exactly 0, and nothing outside the hole."""
    cut = np.clip((alpha - 0.06) * (1 / 0.88), 0, 1)
    return cut * cv2.blur(hole, (5, 5))


def feather_old(matte: np.ndarray, hole: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """The old hair's matte, grown a little so that no rim of it is left, clear of the inner face."""
    # In bytes: four times as fast, and finer than anybody can see.
    grown = cv2.dilate(cv2.convertScaleAbs(matte, alpha=255), _GROW)
    soft = cv2.GaussianBlur(grown, (0, 0), 1.6).astype(np.float32) * (1 / 255)
    soft = np.clip((soft - 0.2) * 2, 0, 1)
    keep = 1 - cv2.blur(inner, (9, 9)).astype(np.float32) / 255
    # One pixel more: pasted larger than it is, the square is sampled between its pixels.
    clear = cv2.dilate(inner, np.ones((3, 3), np.uint8)) > 0
    return soft * np.where(clear, 0, keep) * cv2.blur(hole, (3, 3))


def match_kept(
    rgb: np.ndarray,
    camera: np.ndarray,
    cover: np.ndarray,
    new: np.ndarray,
    blind: np.ndarray,
    skin: np.ndarray,
) -> np.ndarray:
    """Takes the painter's colours to the camera's at the edge of what it covers.

    Between the edge of the cover and the edge of the hole the painter painted blindly what the camera
    shows too. How far it is off there is spread smoothly inwards (normalised convolution at two
    scales, Knutsson & Westin 1993) and added to what lies beneath. Skin learns from skin and the rest
    from the rest: a wall that was painted too blue says nothing of a forehead. New hair keeps its own
    colour.

    Args:
        rgb, camera: float32 (S, S, 3), 0 to 1.
        cover, new: float32 (S, S), as in `Layer`.
        blind: float32 (S, S), 1 where the painter saw nothing but the frame has pixels, else 0.
        skin: uint8 (S, S), 255 inside the face oval.

    Returns:
        float32 (S, S, 3).
    """
    half = (rgb.shape[1] // 2, rgb.shape[0] // 2)
    # By area, so that a cell counts only as far as it is free of cover: at half size, for speed.
    seen = cv2.resize(np.where(cover < 0.02, blind, 0), half, interpolation=cv2.INTER_AREA)
    ring = np.where(seen > 0.99, np.float32(1), np.float32(0))
    error = cv2.resize(camera, half, interpolation=cv2.INTER_AREA)
    error -= cv2.resize(rgb, half, interpolation=cv2.INTER_AREA)
    # A large error is a thing the painter did not know of rather than a tint: it counts for less.
    red, green, blue = cv2.split(cv2.absdiff(error, 0))
    ring *= np.exp(cv2.max(cv2.max(red, green), blue) ** 2 * (-1 / 0.16))
    inside = cv2.resize(skin, half, interpolation=cv2.INTER_AREA).astype(np.float32) * (1 / 255)
    share = cv2.resize(inside, (MATCH_SIDE, MATCH_SIDE), interpolation=cv2.INTER_AREA)
    # The oval ends at the hairline; the skull, bare under removed hair, is skin as well.
    share = cv2.GaussianBlur(cv2.dilate(share, _SKULL, anchor=(0, 0)), (5, 5), 1.0)[..., None]
    tint = _spread(error, ring * inside) * share + _spread(error, ring * (1 - inside)) * (1 - share)
    beneath = cv2.resize(tint, rgb.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    keep = 1 - new
    return cv2.add(rgb, cv2.multiply(beneath, cv2.merge([keep, keep, keep])))


def _spread(error: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Normalised convolution, at 64 pixels, of an error (H, W, 3) known where `weight` (H, W) counts."""
    weighted = cv2.merge([*(channel * weight for channel in cv2.split(error)), weight])
    small = cv2.resize(weighted, (MATCH_SIDE, MATCH_SIDE), interpolation=cv2.INTER_AREA)
    near = cv2.GaussianBlur(small, (9, 9), 1.5)
    far = cv2.GaussianBlur(small, (31, 31), 6.0)
    total = near + 0.05 * far
    return total[..., :3] / (total[..., 3:] + 1e-4)
