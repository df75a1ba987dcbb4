"""A grown style made on the spot: a plain cap of hair on the real head, of two views."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from mirror.hair.key_view import GROUPS, LAYERS, SKIN, GrownStyle, KeyView, Listing, ViewCamera
from mirror.hair.styles.book import THUMBNAIL
from train.groom.camera import portrait_camera
from train.groom.head import load_head

SIZE = (224, 320)


def webp(picture: np.ndarray) -> bytes:
    return cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, 95])[1].tobytes()


def cap(colour: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Alpha and the square root of light, uint8 (320, 224), of a band of hair above the eyes."""
    alpha = np.zeros(SIZE[::-1], np.uint8)
    cv2.ellipse(alpha, (112, 80), (50, 36), 0, 0, 360, 255, -1)
    return alpha, (alpha * colour).astype(np.uint8)


@cache
def grown_style(yaws: tuple[float, ...] = (-10.0, 10.0)) -> GrownStyle:
    head = load_head()
    views = []
    alpha, light = cap()
    nothing = np.zeros_like(alpha)
    for yaw in yaws:
        camera = portrait_camera(head, yaw=yaw, size=SIZE)
        pictures, peaks = {"shadow": webp(nothing + 250)}, {}
        for layer in LAYERS:
            front = layer == LAYERS[0]
            pictures[f"{layer}/alpha"] = webp(alpha if front else nothing)
            for group in GROUPS:
                pictures[f"{layer}/{group}"] = webp(cv2.merge([light if front else nothing] * 3))
                peaks[f"{layer}/{group}"] = 1.0
        seen = ViewCamera(camera.rotation, camera.translation, camera.focal, camera.centre)
        depth = np.full((20, 14), seen.translation[2], np.float32)
        shading = np.ones((len(SKIN), len(GROUPS)), np.float32) / 6
        views.append(KeyView(yaw, 0.0, seen, pictures, peaks, depth, shading))
    return GrownStyle(
        "cap", "short", ("cap",), ("brown",), SIZE, 0.3, head.landmarks.astype(np.float32), tuple(views),
        Listing("cap", ("short", "brown"), "bob", np.full((THUMBNAIL, THUMBNAIL, 3), 90, np.uint8)),
    )  # fmt: skip
