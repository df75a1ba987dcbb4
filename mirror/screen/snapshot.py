"""Snapshot: before and after side by side, marked as simulated, kept as a PNG file."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pygame

from mirror.errors import MirrorError
from mirror.screen import overlay
from mirror.screen.overlay import px
from mirror.screen.typeface import ACCENT, GROUND, INK, MUTED, shortened, text


def side_by_side(before: np.ndarray, after: np.ndarray, style_name: str = "") -> np.ndarray:
    """The two pictures next to each other with a caption under them, "simulated" on the second.

    Args:
        before, after: uint8 (H, W, 3) RGB of one shape, the right way round: flip both for a
            picture as the mirror shows it.
        style_name: named in the caption.

    Returns:
        uint8 RGB, a little wider than 2 W and higher than H. The pixels of both pictures are
        untouched but under the mark, at the lower left corner of the second.

    Raises:
        ValueError: the two shapes differ.
    """
    if before.shape != after.shape:
        raise ValueError(f"before is {before.shape}, after is {after.shape}: they must be one shape")
    height, width = before.shape[:2]
    unit = max(0.5, min(height / 720, width / 640))
    gap, edge, caption = px(unit, 10), px(unit, 24), px(unit, 84)
    sheet = np.full((height + edge + caption, 2 * width + gap + 2 * edge, 3), GROUND, np.uint8)
    right = edge + width + gap
    sheet[edge : edge + height, edge : edge + width] = before
    sheet[edge : edge + height, right : right + width] = after
    # Pygame draws straight into the array.
    surface = pygame.image.frombuffer(sheet.data, (sheet.shape[1], sheet.shape[0]), "RGB")
    mark = overlay.pill("simulated", unit * 1.25, width, ACCENT)
    inset = px(unit, 18)
    surface.blit(mark, (right + inset, edge + height - mark.get_height() - inset))
    middle = edge + height + caption // 2
    size = px(unit, 28)
    named = f"After · {style_name} · simulated" if style_name else "After · simulated"
    for left, words, colour in ((edge, "Before", MUTED), (right, named, INK)):
        line = text(shortened(words, size, width), size, colour)
        surface.blit(line, (left, middle - line.get_height() // 2))
    return sheet


def save_png(image: np.ndarray, folder: Path, *, when: datetime | None = None) -> Path:
    """Write a uint8 RGB picture into `folder` (made if missing) under the date and time.

    Never overwrites: a second picture of the same second gets a number. May run on any thread.

    Args:
        image: uint8 (H, W, 3) RGB.
        folder: where it goes, see `mirror.settings.Settings.pictures_folder`.
        when: the moment in the name; now unless given.

    Returns:
        The file, for example ".../Hair Mirror/2026-03-01 14.05.09.png".

    Raises:
        MirrorError: the folder cannot be made or written, or the disk is full. Nothing half
            written stays behind.
    """
    stem = f"{when or datetime.now():%Y-%m-%d %H.%M.%S}"
    encoded, data = cv2.imencode(".png", np.ascontiguousarray(image[..., ::-1]))
    if not encoded:
        raise MirrorError(f"A picture of shape {image.shape} cannot be written as PNG.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _write_new(folder, stem, data.tobytes())
    except OSError as error:
        raise MirrorError(
            f"The picture could not be saved in {folder}: {error.strerror or error}. "
            "Free some space there or let this user write to it, then press S again."
        ) from error


def save_snapshot(before: np.ndarray, after: np.ndarray, style_name: str, folder: Path) -> Path:
    """`side_by_side`, then `save_png`: the S key in one call. Main thread only, for it draws text."""
    return save_png(side_by_side(before, after, style_name), folder)


def _write_new(folder: Path, stem: str, data: bytes) -> Path:
    for number in range(1, 10_000):
        path = folder / (f"{stem}.png" if number == 1 else f"{stem} ({number}).png")
        try:
            file = path.open("xb")
        except FileExistsError:
            continue
        try:
            with file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # a full disk may only be noticed here
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path
    raise OSError(f"10000 pictures named {stem} are there already")
