"""A hairstyle as codes: what the painter needs to put it on any head."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np

from mirror.core.face_lighting import UNKNOWN, mixed
from mirror.core.pose_warp import OVAL_POINTS as OVAL_POINTS
from mirror.core.pose_warp import laid
from mirror.files.file_part import FilePart
from mirror.hair.encoding.reconstruction_residual import Residual
from mirror.hair.styles.dye import Dye, light_of

LATENT = 128
DETAIL_SHAPE = (8, 64, 64)
COARSE_SIDE = 64


@dataclass(frozen=True, slots=True)
class StyleCode:
    """The two-level code of a hairstyle and its shape, in head space.

    Attributes:
        z: float32 (128,), the style code.
        detail: float32 (8, 64, 64), the spatial level; all 0 for a style drawn from the prior.
        coarse: float32 (64, 64), 0 to 1, where the hair lies.
        shape: float32 (75,), face shape of the head that `detail` and `coarse` lie on
            (see `mirror.core.head_space.face_shape`).
        tint: float32 (3,), what the painted hair's red, green and blue are multiplied by. A small
            painter draws rare colours too near to brown; the tint is what was missing when the
            style's own head was painted.
        light: float32 (9,), the light that the style's own head was in, see
            `mirror.core.face_lighting.Lit.light`; all 0 where that is not known, and hair is shown as it was.
        dye: another shade that it is worn in; None: its own colours. The style book knows no dyes: it is
            put on by `mirror.hair.styles.selection.Styling`, and a moved or mixed code has none.
        residual: of hair that the person brought, what the painter leaves out of it; None for all others.
            It lies on the face shape that it was seen on, wherever the code has been moved to.
        hair_loss: whether it shows hair loss: every picture of it, and of what is made of it, says that it is
            an illustration.
    """

    z: np.ndarray
    detail: np.ndarray
    coarse: np.ndarray
    shape: np.ndarray
    tint: np.ndarray = field(default_factory=lambda: np.ones(3, np.float32))
    light: np.ndarray = field(default_factory=UNKNOWN.copy)
    dye: Dye | None = None
    residual: Residual | None = None
    hair_loss: bool = False

    def fitted(self, shape: np.ndarray) -> StyleCode:
        """The same style moved onto another face shape, float32 (75,).

        The shape and the detail map turn with the head and take its proportions (see
        `mirror.core.pose_warp`); z stays.
        """
        coarse, detail = laid(self.coarse, self.detail, self.shape, shape)
        return StyleCode(
            self.z, detail, coarse, shape, self.tint, self.light,
            residual=self.residual, hair_loss=self.hair_loss,
        )  # fmt: skip

    def dyed(self, shade: Dye | None) -> StyleCode:
        """The same style in a shade; None: as it is."""
        return self if shade is None else replace(self, dye=shade, light=light_of(self.light, shade))

    def mixed(self, other: StyleCode, amount: float) -> StyleCode:
        """Between this style (0) and another (1), both lying on this style's face shape.

        Shapes are mixed as signed distances, so hair grows and shrinks instead of fading.
        """
        other = other.fitted(self.shape)
        mine, theirs = outline_of(self.coarse), outline_of(other.coarse)
        outline = soft_outline(mine * (1 - amount) + theirs * amount)
        # What an outline cannot say, see-through hair, fades: so both ends are exact and nothing pops.
        thin = (self.coarse - soft_outline(mine)) * (1 - amount) + (
            other.coarse - soft_outline(theirs)
        ) * amount
        return StyleCode(
            self.z + (other.z - self.z) * amount,
            self.detail + (other.detail - self.detail) * amount,
            np.clip(outline + thin, 0, 1).astype(np.float32),
            self.shape,
            self.tint + (other.tint - self.tint) * amount,
            mixed(self.light, other.light, amount),
            residual=_nearer(self.residual, other.residual, amount),
            hair_loss=(self.hair_loss and amount < 1) or (other.hair_loss and amount > 0),
        )


def _nearer(one: Residual | None, other: Residual | None, amount: float) -> Residual | None:
    """Of two residuals the one that more is left of: laid over each other they would be a blur."""
    mine = one.faded(1 - amount) if one is not None else None
    theirs = other.faded(amount) if other is not None else None
    return max((r for r in (mine, theirs) if r is not None), key=lambda r: r.share, default=None)


@dataclass(frozen=True, slots=True)
class Style:
    """A named hairstyle of the style book.

    Attributes:
        name: what the person reads and types, such as "side part".
        tags: words to find it by, such as ("short", "straight", "brown").
        code: its latent codes.
        thumbnail: uint8 (H, W, 3) RGB, painted by our own network.
        licence, collection: of the photograph that its codes were read off, such as "CC0-1.0" and
            "faker-sd3"; "" where nobody said.
        grown: file of the grown style that is worn in its place, or where it lies in a style pack; None: it
            is painted.
        shade: what a grown style is worn in until another dye is asked for; None: one's own colour, or that
            which it keeps.
    """

    name: str
    tags: tuple[str, ...]
    code: StyleCode
    thumbnail: np.ndarray = field(repr=False)
    licence: str = ""
    collection: str = ""
    grown: Path | FilePart | None = None
    shade: Dye | None = None


def soft_outline(distance: np.ndarray) -> np.ndarray:
    """The alpha of an outline given as signed distances in pixels; undoes `outline_of` along it."""
    return np.clip(distance / 2 + 0.5, 0, 1)


def outline_of(alpha: np.ndarray) -> np.ndarray:
    """Signed distance in pixels to the 0.5 outline of an alpha, positive inside, at most 16."""
    inside = (alpha > 0.5).astype(np.uint8)
    if not inside.any():
        return np.full(alpha.shape, -16, np.float32)
    within = cv2.distanceTransform(inside, cv2.DIST_L2, 3)
    without = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 3)
    distance = np.clip(within - without, -16, 16)
    # Near the outline the alpha itself says where, finer than a pixel.
    return np.where(np.abs(distance) <= 1, (alpha - 0.5) * 2, distance).astype(np.float32)
