"""Picture files of others: the one door by which a photograph comes in.

Pillow reads them, because it fails safely where OpenCV's decoders end the interpreter, and because it says
how large a picture is before it is decoded.
"""

from __future__ import annotations

import contextlib
import io
import logging
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from mirror.core.errors import MirrorError
from mirror.core.quiet_libraries import LIBTIFF, hushed
from mirror.files.reading import read_ordinary
from mirror.files.size_limits import PICTURE_BYTES, PICTURE_PIXELS

STRIP = 256  # rows that are converted at once
SMALLEST = 64  # pixels: the least width and height of a photograph
# What Pillow may try. JPEG 2000 is left out: its decoder, of all, has had the most faults.
FORMATS = ("JPEG", "PNG", "BMP", "DIB", "WEBP", "TIFF", "PPM")
READABLE = (".jpg", ".jpeg", ".jfif", ".png", ".bmp", ".webp", ".tif", ".tiff", ".ppm")
# Pictures that people have, and that are not read.
UNREADABLE = (
    ".heic", ".heif", ".avif", ".jxl", ".jp2", ".j2k", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".psd", ".svg",
)  # fmt: skip
KINDS = ", ".join(ending.lstrip(".") for ending in READABLE)
_JPEG_2000 = (b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  \r\n\x87\n")
_TIFF = (b"II", b"MM")
_ORIENTATION = 0x0112  # EXIF
# How often the picture is turned by a quarter, anticlockwise, after it was flipped left to right.
_UPRIGHT = {
    2: (0, True), 3: (2, False), 4: (2, True), 5: (1, True), 6: (3, False), 7: (3, True), 8: (1, False),
}  # fmt: skip
# What Pillow raises of damaged files; what else it might raise would be a fault of its own.
DAMAGE = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError,
    AssertionError, EOFError, NotImplementedError, RuntimeError, MemoryError, struct.error, zlib.error,
    Image.DecompressionBombError,
)  # fmt: skip

# What it thinks of damaged tags is not for the person in front of the mirror. The limit is looked at here.
warnings.filterwarnings("ignore", module=r"PIL\.")
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
logging.getLogger("PIL").setLevel(logging.CRITICAL)


class UndecodableError(ValueError):
    """Bytes that are no picture to be read; the message says why in a few words."""


def read_photograph(path: Path) -> np.ndarray:
    """A picture file as RGB uint8 (H, W, 3), turned upright as its EXIF says, transparency left out.

    Raises:
        MirrorError: missing, not an ordinary file, empty, of a kind that is not read, damaged, animated, too
            small or too large.
    """
    if path.suffix.lower() in UNREADABLE:
        raise MirrorError(
            f"{path} is a kind of picture that is not read here ({path.suffix[1:].lower()}). "
            f"Save it as JPEG or PNG; read are: {KINDS}."
        )
    try:
        data = read_ordinary(path, PICTURE_BYTES)
    except OSError as error:
        raise MirrorError(f"{path} cannot be read: {error.strerror}. Give a photograph.") from error
    if not data:
        raise MirrorError(f"{path} is empty (0 bytes). Give a photograph: {KINDS}.")
    try:
        image = decode(data)
    except UndecodableError as error:
        raise MirrorError(
            f"{path} is not a picture that can be decoded: {error}. Give a photograph: {KINDS}."
        ) from None
    height, width = image.shape[:2]
    if min(width, height) < SMALLEST:
        raise MirrorError(
            f"{path} is only {width}x{height} pixels. Give one that shows a face, "
            f"{SMALLEST}x{SMALLEST} or larger."
        )
    return image


def decode(data: bytes) -> np.ndarray:
    """The picture that the bytes of a file hold: RGB uint8 (H, W, 3), upright, transparency left out.

    Of several pages the first is taken; what moves is refused.

    Raises:
        UndecodableError: it is none of FORMATS, animated, larger than PICTURE_PIXELS, damaged or cut off.
    """
    if data.startswith(_JPEG_2000):
        raise UndecodableError("JPEG 2000 is not read, save it as JPEG or PNG")
    with hushed(LIBTIFF) if data[:2] in _TIFF else contextlib.nullcontext():
        return _decoded(data)


def _decoded(data: bytes) -> np.ndarray:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            width, height = image.size
            if width * height > PICTURE_PIXELS:
                raise UndecodableError(
                    f"it is {width}x{height}, and {PICTURE_PIXELS / 1e6:.0f} million pixels are the most"
                )
            if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
                raise UndecodableError("it is an animation, save one picture of it")
            image.load()
            turns, flipped = _UPRIGHT.get(_orientation(image), (0, False))
            pixels = _pixels(image)
            return np.ascontiguousarray(np.rot90(pixels[:, ::-1] if flipped else pixels, turns))
    except UndecodableError:
        raise
    except UnidentifiedImageError:
        raise UndecodableError("not a picture") from None
    except Image.DecompressionBombError:  # Pillow's own limit, of open(): above ours
        most = f"{PICTURE_PIXELS / 1e6:.0f} million pixels are the most"
        raise UndecodableError(f"it is too large, and {most}") from None
    except DAMAGE as error:
        cut = "truncated" in str(error) or isinstance(error, EOFError)
        raise UndecodableError("breaks off" if cut else "it is damaged") from None


def _orientation(image: Image.Image) -> int:
    """As EXIF counts it; 1 where there is none, or none that can be read."""
    with contextlib.suppress(*DAMAGE):
        said = image.getexif().get(_ORIENTATION, 1)
        return said if isinstance(said, int) else 1
    return 1


def _pixels(image: Image.Image) -> np.ndarray:
    """In strips: as a whole it would be in memory five times over."""
    width, height = image.size
    out = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, STRIP):
        bottom = min(height, top + STRIP)
        out[top:bottom] = np.asarray(_as_rgb(image.crop((0, top, width, bottom))))
    return out


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):  # Pillow would cut off what is above 255
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in ("I", "F"):
        raise UndecodableError("its pixels are of a kind that is not read, save it as JPEG or PNG")
    return image if image.mode == "RGB" else image.convert("RGB")
