"""Key view: a grown style seen from one side, light by light, as the style's file holds it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirror.hair.styles.dye import Dye

# Light groups, each rendered apart; left and right are the picture's.
GROUPS = ("left", "right", "front", "top", "back", "dome")
# Pictures of a key view: two layers of hair, each by group of lights and its alpha; and the shadow.
LAYERS = ("front", "back")
PICTURES = (*(f"{layer}/{one}" for layer in LAYERS for one in (*GROUPS, "alpha")), "shadow")
# Pictures that a key view may have besides, at twice its side: alpha of the hair in front, and how much its
# strands are brighter or darker than the view's own picture, enlarged: see `tone_of`.
STRANDS = ("strands/alpha", "strands/tone")
_TONE_RANGE = 2.0  # what tones end at: twice as bright, half as bright
CELL = 16  # pixels of a key view between two nodes of its grid: 28 x 40 nodes for 448 x 640
VIEW_EYES = 64.0  # pixels of a key view between the eyes, see `mirror.core.head_space.EYE_DISTANCE`
LANDMARKS = 468
# Landmarks of bare skin at which the light on a face is read: forehead, bridge and sides of the nose, cheeks.
# Lips, lids, brows, chin and jaw are left out: they differ in colour, or wear a beard.
SKIN = (
    151, 108, 337, 69, 299, 9, 8, 197, 195, 5, 4, 45, 275, 198, 420, 36, 266, 101, 330, 50, 280, 205, 425,
    117, 346, 123, 352, 187, 411, 203, 423,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ViewCamera:
    """The pinhole camera that a key view was seen by.

    Attributes:
        rotation: float64 (3, 3): head axes (left, back, up) -> camera axes (right, down, forward).
        translation: float64 (3,) cm: camera = rotation @ head + translation.
        focal: pixels.
        centre: where the optical axis meets the picture; the top-left pixel's centre is (0, 0).
    """

    rotation: np.ndarray
    translation: np.ndarray
    focal: float
    centre: tuple[float, float]

    def project(self, points: np.ndarray) -> np.ndarray:
        """Head coordinates (N, 3) cm -> pixels (N, 2), float64."""
        seen = points @ self.rotation.T + self.translation
        return seen[:, :2] / seen[:, 2:] * self.focal + self.centre

    def lift(self, pixels: np.ndarray, depth: np.ndarray) -> np.ndarray:
        """Pixels (N, 2) at depths (N,) cm along the axis -> head coordinates (N, 3) cm; undoes `project`."""
        rays = np.column_stack([(pixels - self.centre) / self.focal, np.ones(len(pixels))])
        return (rays * depth[:, None] - self.translation) @ self.rotation

    def turned(self, rotation: np.ndarray, about: np.ndarray) -> ViewCamera:
        """The same camera before a head that is turned about a point (3,) cm, which stays where it is."""
        place = self.rotation @ about + self.translation
        return ViewCamera(rotation, place - rotation @ about, self.focal, self.centre)


@dataclass(frozen=True, slots=True)
class KeyView:
    """A style from one side.

    Attributes:
        yaw, pitch: degrees, as `mirror.core.face.Face.pose` tells them.
        camera: it was seen by.
        pictures: WebP files of `PICTURES` by name; those of light hold the square root of premultiplied
            linear colour over their peak, the shadow what light on the skin is multiplied with. And perhaps
            those of `STRANDS`.
        peaks: by name of a picture of light, the linear colour that 255 stands for.
        depth: float32 (H / 16, W / 16) cm along the camera's axis, of the hair in front; known everywhere.
        shading: float32 (len(SKIN), 6): luminance of the bare head's skin there in each group.
    """

    yaw: float
    pitch: float
    camera: ViewCamera
    pictures: dict[str, bytes]
    peaks: dict[str, float]
    depth: np.ndarray
    shading: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A grown style in a colour of its own, with its own place in the style book, such as long copper.

    Attributes:
        name, tags, stand_in, thumbnail: as those of a `Listing`.
        shade: what it is worn in, until another dye is asked for.
    """

    name: str
    tags: tuple[str, ...]
    stand_in: str
    thumbnail: np.ndarray
    shade: Dye


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """How a grown style stands in the style book.

    Attributes:
        name: what a person reads and types. A painted style of that name gives its place to the grown one.
        tags: words to find it by, such as ("short", "straight", "brown").
        stand_in: name of the painted style that is shown where only painted hair is known.
        thumbnail: uint8 (128, 128, 3) RGB, worn on the portrait that every style is shown on.
        keeps_colour: whether its colour is part of it, as of silver hair; else people wear it in their own.
        looks: the same hair in colours of their own, which stand in the style book beside it.
    """

    name: str
    tags: tuple[str, ...]
    stand_in: str
    thumbnail: np.ndarray
    keeps_colour: bool = False
    looks: tuple[Look, ...] = ()

    @property
    def entries(self) -> tuple[Listing | Look, ...]:
        """All that stand in the style book: the style itself, then its looks."""
        return self, *self.looks


@dataclass(frozen=True, slots=True, eq=False)
class GrownStyle:
    """A style as a file of rendered key views.

    Attributes:
        name: of the groom; group, words: what it is found by. colours: those that it was rendered in.
        size: (width, height) of its pictures, pixels.
        albedo: luminance of the bare head's skin, 0 to 1.
        landmarks: float32 (468, 3) cm: MediaPipe's, on the head that it was grown on.
        views: in order of their yaw.
        listing: how it stands in the style book.
    """

    name: str
    group: str
    words: tuple[str, ...]
    colours: tuple[str, ...]
    size: tuple[int, int]
    albedo: float
    landmarks: np.ndarray
    views: tuple[KeyView, ...]
    listing: Listing


def tone_of(ratio: np.ndarray) -> np.ndarray:
    """How much brighter strands are, float > 0, as a picture holds it: uint8, 128: as bright.

    Example:
        >>> tone_of(np.array([0.5, 1.0, 2.0])).tolist(), ratio_of(np.uint8([1, 128, 255])).tolist()
        ([1, 128, 255], [0.5, 1.0, 2.0])
    """
    stops = np.log(np.clip(ratio, 1 / _TONE_RANGE, _TONE_RANGE)) / np.log(_TONE_RANGE)
    return (128.5 + 127 * stops).astype(np.uint8)


def ratio_of(tone: np.ndarray) -> np.ndarray:
    """What `tone_of` was told, float32."""
    return (_TONE_RANGE ** ((np.asarray(tone, np.float32) - 128) / 127)).astype(np.float32)
