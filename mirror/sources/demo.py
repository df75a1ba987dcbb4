"""The demo: a head that moves in front of a camera, where there is no camera.

The head is the NASA portrait of the astronaut Eileen Collins, which scikit-image carries (public
domain). She moves over a backdrop that stands still, so what is behind her head is now hidden and now
seen, as in front of a real camera. Every frame follows from its number alone: two runs see the same.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import math
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.sources.picture_size import check_size, cover
from mirror.sources.replay_clock import Clock

RATE = 30.0
PORTRAIT_SHA256 = "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5"
# In pixels of the 512 x 512 portrait: middle of the face, and the scale that makes it 300 high at 720p.
FACE = (225.0, 125.0)
SCALE_720 = 2.83
HEADROOM = 64  # rows the portrait is continued upwards, so that there is wall above the hair
NOISE = 2.0  # standard deviation of the sensor's noise, of 255
MIDDLE = 8  # the pictures are this much darker than meant, and the noise tile has this mean
# Head and shoulders in the portrait: an ellipse with a broad soft rim that lies in her own plain wall, within
# which she is what is darker than it, face and all; and the body, whose left rim must be sharp because a flag
# touches it. Her wall must not come along: it would stand round her head like a ring.
HEAD = ((227, 88), (98, 108))
BODY = (
    (172, 147), (155, 150), (142, 156), (131, 166), (122, 179), (112, 187), (114, 204), (111, 209), (99, 218),
    (77, 237), (62, 255), (47, 275), (40, 296), (31, 330), (24, 440), (20, 512), (512, 512), (505, 450),
    (478, 385), (440, 348), (400, 342), (364, 348), (363, 332), (359, 310), (353, 285), (346, 268),
    (331, 250), (307, 235), (302, 216), (291, 199), (277, 184), (262, 173),
)  # fmt: skip


_WALL = 70.0  # L*: her wall is lighter


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the head is, against looking straight into the camera at rest.

    Attributes:
        right, down: shift in pixels of a 720-line picture.
        tilt: degrees, clockwise in the picture.
        nearer: factor on the size; 1 is the resting distance.
    """

    right: float
    down: float
    tilt: float
    nearer: float


def pose(index: int) -> Pose:
    """The head's pose in frame `index`: slow sways of unlike periods, the first frame at rest."""
    turn = 2.0 * math.pi * index / RATE
    return Pose(
        right=70.0 * math.sin(turn / 6.1) + 14.0 * math.sin(turn / 2.3),
        down=10.0 * math.sin(turn / 3.7) + 5.0 * math.sin(turn / 1.9),
        tilt=7.0 * math.sin(turn / 5.3) + 1.5 * math.sin(turn / 1.7),
        nearer=1.0 + 0.09 * math.sin(turn / 8.3),
    )


def read_portrait() -> np.ndarray:
    """`skimage.data.astronaut()`, RGB uint8 (512, 512, 3), read without importing scikit-image (1 s).

    Raises:
        MirrorError: scikit-image is not installed, or its picture is another one.
    """
    package = importlib.util.find_spec("skimage")
    remedy = "Install requirements.txt again, or give --source a camera, a video or a photograph."
    if package is None or package.origin is None:
        raise MirrorError(f"The demo's portrait comes with scikit-image, which is not installed. {remedy}")
    path = Path(package.origin).parent / "data" / "astronaut.png"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MirrorError(f"The demo's portrait {path} cannot be read: {error.strerror}. {remedy}") from error
    if hashlib.sha256(data).hexdigest() != PORTRAIT_SHA256:
        raise MirrorError(f"{path} is not the portrait that scikit-image ships. {remedy}")
    with Image.open(io.BytesIO(data)) as portrait:  # OpenCV would grumble about its colour profile
        return np.asarray(portrait.convert("RGB"))


class DemoSource:
    """A face that sways, tilts, comes nearer and goes away, with a camera's noise: 30 frames a second.

    Args:
        size: (width, height) of the frames in pixels; the face is 300 / 720 of the height, less where
            the frame is narrow.
        pace: "source": 30 frames a second, late ones are lost; "max": each as soon as it is asked for.
        why: what the name says in brackets, for example "no camera found".

    Raises:
        MirrorError: impossible size, unknown pace, or scikit-image's portrait is missing.
    """

    rate = RATE
    problem = None

    def __init__(self, size: tuple[int, int] = (1280, 720), pace: str = "source", why: str = "") -> None:
        check_size(size)
        self._clock = Clock(pace)
        self.size = size
        self.live = not self._clock.max
        self.name = f"demo ({why})" if why else "demo"
        self.reason = why or "asked for"
        self.dropped = 0
        self._next = 0
        width, height = size
        self._unit = min(height / 720, width / 960)
        # The face rests a little below the middle; in a tall frame lower, as the body has an end.
        self._rest = max(height / 2 + 35 * self._unit, height - 880 * self._unit)
        scale = SCALE_720 * self._unit
        self._person, mask = _person(scale)
        # Rows that no pose brings into the frame need not be moved: the body grows wide down there.
        seen = round((FACE[1] + HEADROOM) * scale + (height - self._rest) / 0.91 + 100 * self._unit)
        self._person, mask = self._person[:seen], mask[:seen]
        # The mask is soft over many pixels: a quarter of the size shows no difference.
        self._hides = cv2.resize(255 - mask, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        rows, columns = np.nonzero(mask.max(1))[0], np.nonzero(mask.max(0))[0]
        left, top, right, bottom = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
        self._corners = np.array(
            [(left, top, 1), (right, top, 1), (left, bottom, 1), (right, bottom, 1)], np.float64
        )
        self._anchor = (FACE[0] * scale, (FACE[1] + HEADROOM) * scale)
        self._room = _room(size)
        generator = np.random.default_rng(20)
        noise = generator.normal(MIDDLE, NOISE, (height + 64, width + 64, 3))
        self._noise = np.clip(np.rint(noise), 0, 2 * MIDDLE).astype(np.uint8)

    def image(self, index: int) -> np.ndarray:
        """Frame `index` by itself: RGB uint8 (height, width, 3). The same index gives the same picture."""
        width, height = self.size
        matrix = self._matrix(pose(index))
        reach = self._corners @ matrix.T
        left, top = np.clip(np.floor(reach.min(0)).astype(int), 0, (width, height))
        right, bottom = np.clip(np.ceil(reach.max(0)).astype(int) + 1, 0, (width, height))
        out = self._room.copy()
        if right > left and bottom > top:
            matrix[:, 2] -= (left, top)
            part = (int(right - left), int(bottom - top))
            person = cv2.warpAffine(self._person, matrix, part, borderMode=cv2.BORDER_REPLICATE)
            # The same map for the mask, a quarter of the size on both sides (pixel centres at integers).
            coarse = matrix.copy()
            coarse[:, 2] = (matrix[:, 2] + matrix[:, :2].sum(1) * 1.5 - 1.5) / 4
            part_coarse = (-(-part[0] // 4), -(-part[1] // 4))
            hides = cv2.warpAffine(self._hides, coarse, part_coarse, borderMode=cv2.BORDER_REPLICATE)
            hides = cv2.resize(hides, (part_coarse[0] * 4, part_coarse[1] * 4))[: part[1], : part[0]]
            window = out[top:bottom, left:right]
            cv2.multiply(window, cv2.merge((hides, hides, hides)), dst=window, scale=1 / 255)
            cv2.add(window, person, dst=window)
        # One noise tile, moved by a step that does not repeat for thousands of frames.
        down, along = (index * 37) % 64, (index * 23 + index // 64 * 5) % 64
        return cv2.add(out, self._noise[down : down + height, along : along + width], dst=out)

    def _matrix(self, at: Pose) -> np.ndarray:
        """From portrait to frame, float64 (2, 3); turns about the middle of the face, moved by the tilt."""
        tilt = math.radians(at.tilt)
        cosine, sine = math.cos(tilt) * at.nearer, math.sin(tilt) * at.nearer
        # A head tilts about the neck: the middle of the face, 150 px above it, goes sideways.
        x = self.size[0] / 2 + self._unit * (at.right + 150 * math.sin(tilt))
        y = self._rest + self._unit * at.down
        turn = np.array([(cosine, -sine), (sine, cosine)])
        return np.column_stack((turn, np.array((x, y)) - turn @ self._anchor))

    def read(self) -> Frame | None:
        """The next frame, at its time; None only after `close`."""
        index = self._clock.next_index(self._next, RATE)
        if index is None:
            return None
        self.dropped += index - self._next
        self._next = index + 1
        return Frame(self.image(index), index, time.monotonic())

    def close(self) -> None:
        """Ends a `read` that waits."""
        self._clock.close()


def _person(scale: float) -> tuple[np.ndarray, np.ndarray]:
    """The portrait at working size, times its mask and darker by MIDDLE; and the mask, uint8 (H, W)."""
    portrait = read_portrait()
    height, width = portrait.shape[:2]
    # Above its upper edge the portrait goes on as a blur of its first rows: plain wall, as below.
    wall = cv2.GaussianBlur(portrait[:6].mean(0, keepdims=True), (0, 0), 9.0, borderType=cv2.BORDER_REPLICATE)
    tall = np.concatenate((np.repeat(wall, HEADROOM, 0), portrait.astype(np.float32)))
    seam = np.clip((np.arange(len(tall)) - HEADROOM) / 8, 0, 1)[:, None, None]
    tall = tall * seam + np.concatenate((tall[:HEADROOM], np.repeat(wall, height, 0))) * (1 - seam)
    head = np.zeros(tall.shape[:2], np.float32)
    (x, y), axes = HEAD
    cv2.ellipse(head, (x, y + HEADROOM), axes, 0, 0, 360, (1.0,), -1, cv2.LINE_AA)
    body = np.zeros_like(head)
    points = np.array(BODY, np.int32) + (0, HEADROOM)
    cv2.fillPoly(body, [points], (1.0,), cv2.LINE_AA)
    outline, her = _cut_out(tall)
    head, body = cv2.GaussianBlur(head, (0, 0), 9.0) * outline, cv2.GaussianBlur(body, (0, 0), 2.0)
    mask = np.maximum(head, body)
    tall = np.where((body > head)[..., None], tall, her) * mask[..., None]
    size = (round(width * scale), round(len(tall) * scale))
    way = cv2.INTER_LANCZOS4 if scale > 1 else cv2.INTER_AREA
    large = cv2.resize(np.clip(tall, 0, 255).astype(np.uint8), size, interpolation=way)
    soft = np.clip(cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR), 0, 1)
    dark = np.clip(large - MIDDLE * soft[..., None], 0, (255 - 2 * MIDDLE) * soft[..., None])
    return np.rint(dark).astype(np.uint8), np.rint(soft * 255).astype(np.uint8)


def _cut_out(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A person before a lighter wall: alpha, float32 (H, W), and the picture with nothing of the wall in it.

    Args:
        picture: float32 (H, W, 3), 0 to 255.
    """
    light = cv2.cvtColor(picture.astype(np.float32) * np.float32(1 / 255), cv2.COLOR_RGB2Lab)[..., 0]
    darker = cv2.morphologyEx((light < _WALL).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    # A face is as light as a wall, but what is outside of her hangs together.
    _, labels = cv2.connectedComponents(np.pad(1 - darker, 1, constant_values=1), connectivity=4)
    person = (labels != labels[0, 0])[1:-1, 1:-1].astype(np.uint8)
    # Along her edge she is mixed with the wall: there she has the colours that she has a little further in.
    inner = cv2.erode(person, np.ones((5, 5), np.uint8)).astype(np.float32)
    sums = cv2.GaussianBlur(np.dstack([picture * inner[..., None], inner]).astype(np.float32), (0, 0), 2.0)
    own = sums[..., :3] / np.maximum(sums[..., 3:], 1e-3)
    alpha = cv2.GaussianBlur(person.astype(np.float32), (0, 0), 0.9)
    return alpha, np.where(inner[..., None] > 0, picture, own)


def _room(size: tuple[int, int]) -> np.ndarray:
    """A wall out of focus, with a picture and a shelf of books, darker by MIDDLE: RGB uint8 (H, W, 3)."""
    width, height = 320, 180
    generator = np.random.default_rng(7)
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    wall = np.array((205.0, 196.0, 191.0)) - 20 * np.hypot(x * 0.9, y * 0.6)[..., None] ** 2
    wall = wall + np.array((6.0, 5.0, 3.0)) * x[..., None]
    for grain, strength in ((22.0, 90.0), (7.0, 16.0)):
        mottle = cv2.GaussianBlur(generator.normal(0, 1, (height, width)), (0, 0), grain)
        wall += strength * mottle[..., None]
    shapes = np.zeros((height, width, 3))
    cv2.rectangle(shapes, (18, 22), (62, 84), (-34, -30, -24), -1)
    cv2.rectangle(shapes, (24, 28), (56, 78), (-12, -4, 6), -1)
    cv2.rectangle(shapes, (256, 104), (320, 110), (-70, -72, -74), -1)
    cv2.rectangle(shapes, (272, 74), (284, 104), (-46, -30, -18), -1)
    cv2.rectangle(shapes, (286, 66), (294, 104), (-20, -44, -54), -1)
    cv2.rectangle(shapes, (297, 78), (311, 104), (-58, -52, -34), -1)
    wall += cv2.GaussianBlur(shapes, (0, 0), 3.2)
    room = cover(np.clip(wall - MIDDLE, 0, 255 - 2 * MIDDLE).astype(np.float32), size)
    return np.rint(room).astype(np.uint8)
