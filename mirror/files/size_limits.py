"""Limits: how large the files of others may be. What is beyond is refused in one line, before it is read."""

from __future__ import annotations

# A photograph of 50 megapixels as an uncompressed BMP or TIFF is 150 MB.
PICTURE_BYTES = 256 << 20
# Telephones take up to 9248x6944 (64 megapixels), full-frame cameras 9504x6336; decoded that is 200 MB.
PICTURE_PIXELS = 1 << 26
# Of a film, of which several frames are in memory: 4K of telephones (3840x2160) and cinemas (4096x2160).
FILM_SIDE, FILM_PIXELS = 4096, 4096 * 2304
# Seconds that opening a film, or its next piece, may take: a network drive that slept takes 20; a decoder
# that searches 1 TB of nothing for its first picture would take an hour.
FILM_SECONDS = 30.0
# Protobuf, which ONNX files are written in, ends at 2 GiB.
WEIGHTS_BYTES = 1 << 31
# A list of networks is some 10 KB, a shard's list of names below 1 MB.
JSON_BYTES = 16 << 20
# The face model of MediaPipe is 3.8 MB.
FACE_MODEL_BYTES = 64 << 20


def spoken(size: int) -> str:
    """A number of bytes, for people.

    Example:
        >>> spoken(256 << 20), spoken(2 << 30), spoken(9000)
        ('256 MB', '2 GB', '9 KB')
    """
    for unit, name in ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")):
        if size >= unit:
            return f"{size / unit:.4g} {name}" if size % unit == 0 else f"{size / unit:.0f} {name}"
    return f"{size} bytes"
