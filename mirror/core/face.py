"""Face: what the tracker knows about one face, in frame pixels.

Pixel coordinates follow OpenCV everywhere in this program: the centre of the top-left pixel is
(0, 0). MediaPipe's normalised coordinates run from edge to edge, so x = x_normalised * width - 0.5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

# Corners of the two eyes in MediaPipe's 478-point mesh: the person's right eye, then the left.
RIGHT_EYE = (33, 133)
LEFT_EYE = (263, 362)
# The 36 points of the face oval in order, clockwise in the picture from the top of the forehead
# (MediaPipe's FACEMESH_FACE_OVAL, walked as one loop).
FACE_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
# Hull of eyes, nose and mouth: what nothing but strands of new hair may ever cover.
INNER_FACE = (
    33, 246, 161, 160, 159, 158, 157, 173, 133, 7, 163, 144, 145, 153, 154, 155,
    263, 466, 388, 387, 386, 385, 384, 398, 362, 249, 390, 373, 374, 380, 381, 382,
    168, 6, 197, 195, 5, 4, 1, 19, 94, 2, 98, 327, 48, 278, 129, 358,
    61, 291, 0, 17, 37, 267, 39, 269, 40, 270, 185, 409, 84, 314, 181, 405, 91, 321, 146, 375,
)  # fmt: skip
# Brows: the person's right, then the left; of each the upper edge, then the lower, both from the nose to the
# temple.
BROWS = (
    (107, 66, 105, 63, 70, 55, 65, 52, 53, 46),
    (336, 296, 334, 293, 300, 285, 295, 282, 283, 276),
)  # fmt: skip
# Outline of the lips, from the person's right corner along the lower edge and back along the upper.
LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)

_CORNERS = np.array([*RIGHT_EYE, *LEFT_EYE])
_AXES = np.array([234, 454, 10, 152])  # from temple to temple, from forehead to chin
_FAR = 1e5  # frame pixels: no landmark lies further away


@dataclass(frozen=True, slots=True)
class Face:
    """One tracked face.

    Attributes:
        landmarks: float32 (478, 3): x and y in frame pixels (pixel centres are integers), z in the
            same unit, negative towards the camera.
        score: confidence 0 to 1, or 1.0 where the tracker gives none.

    Example:
        >>> face = Face(np.zeros((478, 3), np.float32), score=1.0)
        >>> face.landmarks.shape
        (478, 3)
    """

    landmarks: np.ndarray
    score: float = 1.0

    @property
    def eyes(self) -> tuple[np.ndarray, np.ndarray]:
        """Centres of the person's right and left eye, float64 (2,) each, frame pixels."""
        points = self.landmarks[_CORNERS, :2].astype(np.float64)
        return (points[0] + points[1]) / 2, (points[2] + points[3]) / 2

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the landmarks, frame pixels."""
        low, high = self.landmarks[:, :2].min(0), self.landmarks[:, :2].max(0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    @property
    def height(self) -> float:
        """Forehead to chin in 3-D, frame pixels: does not shrink when the head nods."""
        return float(np.linalg.norm(self.landmarks[152] - self.landmarks[10]))

    @property
    def possible(self) -> bool:
        """Whether these landmarks can be a face: all of them numbers, the eyes and the chin apart."""
        points = self.landmarks
        if not (np.isfinite(points).all() and np.abs(points).max() < _FAR):
            return False
        right, left = self.eyes
        return float(np.hypot(*(left - right))) >= 1 and self.height >= 1

    @property
    def pose(self) -> tuple[float, float, float]:
        """(yaw, pitch, roll) of the head in degrees; all 0 for a face that looks at the camera.

        Yaw is positive when the nose turns to the picture's right, pitch when it turns up, roll
        when the head tilts clockwise in the picture. Read off the axes of the 3-D mesh: across the
        temples and from forehead to chin.
        """
        # Asked for several times a picture: so few numbers are quicker without numpy.
        left, right, top, chin = self.landmarks[_AXES].tolist()
        x, y, z = (b - a for a, b in zip(left, right, strict=True))
        across = math.hypot(x, y, z) + 1e-9
        x, y, z = x / across, y / across, z / across
        down = [b - a for a, b in zip(top, chin, strict=True)]
        along = down[0] * x + down[1] * y + down[2] * z
        u, v, w = down[0] - along * x, down[1] - along * y, down[2] - along * z
        yaw, pitch = math.atan2(z, math.hypot(x, y)), math.atan2(-w, math.hypot(u, v))
        return math.degrees(yaw), math.degrees(pitch), math.degrees(math.atan2(y, x))
