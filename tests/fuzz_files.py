"""Sound files of every kind that the program reads, and what damages them."""

from __future__ import annotations

import io
import json
import os
import random
import socket
import struct
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
from PIL import Image

from mirror.sources.demo import read_portrait
from tests.strange_files import encoded, png

HUGE = (0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFF, 0x7FFF, 0, 1, 64629, 0x01000000)


@cache
def pictures() -> dict[str, bytes]:
    """By the name of a file: JPEGs, PNGs ... of every make, some of which are not read at all."""
    face = read_portrait()
    small = np.ascontiguousarray(face[60:180, 150:310])
    image = Image.fromarray(small)
    exif = Image.Exif()
    exif[0x0112] = 6
    made = {
        "face.jpg": encoded(face, ".jpg"),
        "baseline.jpg": encoded(small, ".jpg"),
        "huge.png": png(64629, 30000, b""),
        "animated_9.png": png(64, 64, moving=True, row_filter=9),
        "filter_9.png": png(64, 64, row_filter=9),
        "old.jp2": encoded(small, ".jp2"),
        "plain.ppm": encoded(small, ".ppm"),
        "renamed.heic": encoded(small, ".jpg"),
    }

    def save(name: str, kind: str, picture: Image.Image = image, **options: object) -> None:
        file = io.BytesIO()
        picture.save(file, kind, **options)
        made[name] = file.getvalue()

    save("progressive.jpg", "JPEG", progressive=True, exif=exif, icc_profile=bytes(300))
    save("cmyk.jpg", "JPEG", image.convert("CMYK"))
    save("grey.jpg", "JPEG", image.convert("L"))
    save("true.png", "PNG", exif=exif, pnginfo=None)
    save("palette.png", "PNG", image.convert("P"), transparency=3)
    save("clear.png", "PNG", image.convert("RGBA"))
    save("bits.png", "PNG", image.convert("1"))
    save("deep.png", "PNG", Image.fromarray(small[..., 0].astype(np.uint16) * 257))
    save("moving.png", "PNG", save_all=True, append_images=[image.convert("L").convert("RGB")])
    save("lossy.webp", "WEBP", exif=exif)
    save("lossless.webp", "WEBP", lossless=True)
    save("moving.webp", "WEBP", save_all=True, append_images=[image.transpose(Image.Transpose.ROTATE_180)])
    for way in ("raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"):
        save(f"{way}.tif", "TIFF", compression=way)
    save("pages.tif", "TIFF", save_all=True, append_images=[image, image])
    save("plain.bmp", "BMP")
    save("palette.bmp", "BMP", image.convert("P"))
    save("moving.gif", "GIF", save_all=True, append_images=[image.convert("L")])
    return made


@cache
def films() -> dict[str, bytes]:
    """By the name of a file: what FFmpeg writes here, in several containers; one with tags."""
    made = {}
    for name, codec, pixels in (
        ("a.mp4", "libx264", "yuv420p"), ("b.mkv", "libx264", "yuv420p"), ("c.mov", "mpeg4", "yuv420p"),
        ("d.avi", "mjpeg", "yuvj420p"), ("e.webm", "libvpx", "yuv420p"), ("f.gif", "gif", "rgb8"),
        ("g.ts", "mpeg2video", "yuv420p"),
    ):  # fmt: skip
        file = io.BytesIO()
        kind = {"mkv": "matroska", "ts": "mpegts"}.get(name[2:], name[2:])
        with av.open(file, "w", format=kind) as container:
            container.metadata["title"] = "Frisoer"
            stream = container.add_stream(codec, rate=25)
            stream.width, stream.height, stream.pix_fmt = 160, 120, pixels
            for number in range(12):
                image = np.full((120, 160, 3), 10 + 16 * number, np.uint8)
                image[20:60, 8 * number : 8 * number + 30] = 200
                frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format=pixels)
                frame.pts, frame.time_base = number, Fraction(1, 25)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        made[name] = file.getvalue()
    made["odd_tag.mp4"] = made["a.mp4"].replace(b"Frisoer", b"Fris\xf6er"[:7].ljust(7, b"\xff"))
    return made


def tensors(arrays: dict[str, np.ndarray], said: dict[str, str]) -> bytes:
    """A safetensors file, the same at every call: its own library puts what is said in any order."""
    header: dict[str, object] = {"__metadata__": said}
    at, kinds = 0, {"float32": "F32", "float64": "F64"}
    for name, array in arrays.items():
        place = [at, at + array.nbytes]
        header[name] = {"dtype": kinds[array.dtype.name], "shape": list(array.shape), "data_offsets": place}
        at += array.nbytes
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in arrays.values())


def damaged(rng: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """`data` after one to four mishaps; now and then it stays as it is."""
    out = bytearray(data)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3, 4))):
        end = len(out)
        at = rng.randrange(end + 1) if rng.random() < 0.5 else rng.randrange(min(end, 200) + 1)
        size = rng.choice((1, 2, 4, 16, 100, 1000))
        mishap = rng.randrange(10)
        if mishap == 0:
            del out[at:]
        elif mishap == 1:
            for _ in range(rng.choice((1, 3, 20, 200))):
                if out:
                    out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
        elif mishap in (2, 3):
            kind = rng.choice((">I", "<I", ">H", "<H"))
            number = rng.choice(HUGE) & (0xFFFF if kind[1] == "H" else 0xFFFFFFFF)
            out[at : at + struct.calcsize(kind)] = struct.pack(kind, number)
        elif mishap == 4:
            del out[at : at + size]
        elif mishap == 5:
            out[at:at] = out[at : at + size] * rng.choice((1, 3, 50))
        elif mishap == 6:
            out[at : at + size] = rng.randbytes(size)
        elif mishap == 7:
            out[at : at + size] = bytes(size)
        elif mishap == 8:
            other = rng.choice(others)
            out[at:] = other[rng.randrange(len(other) + 1) :]
        else:
            out += rng.randbytes(size)
    return bytes(out[: 64 << 20])


def hostile(rng: random.Random, folder: Path) -> str:
    """A path that nobody gives in good faith; what lies there is made in `folder`."""
    place = folder / f"hostile{rng.randrange(10**6)}{rng.choice(('', '.png', '.mp4', '.toml', '.json'))}"
    kind = rng.randrange(17)
    if kind == 0:
        os.mkfifo(place)
    elif kind == 1:
        with place.open("wb") as file:
            file.truncate(rng.choice((5 << 30, 1 << 40)))
    elif kind == 2:
        place.symlink_to(rng.choice(("/dev/zero", "/dev/full", "/dev/null", "/proc/self/mem", "/dev/tty")))
    elif kind == 3:
        place.symlink_to(place.name)
    elif kind == 4:
        place.symlink_to("gone")
    elif kind == 5:
        place.mkdir()
    elif kind == 6:
        here = os.getcwd()
        os.chdir(folder)  # the name of a socket must be short
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(place.name)
        os.chdir(here)
    elif kind == 7:
        return "n" * rng.choice((300, 5000))
    elif kind == 8:
        return "~nosuchuser/x"
    elif kind == 9:
        return rng.choice(
            ("", " ", ".", "..", "/", "//", "-", "--", "0", "-1", "demo ", "\n", "a\nb", "\x1b[2J")
        )
    elif kind == 10:
        return os.fsdecode(rng.randbytes(rng.choice((1, 8, 40))).replace(b"\0", b"\1"))
    elif kind == 11:
        place = folder / os.fsdecode(b"bad \xff\xfe name\n.png")
        place.write_bytes(b"x" * rng.choice((0, 10)))
    elif kind == 12:
        place.write_bytes(b"")
    elif kind == 13:
        return str(place / "below" / "a" / "file")
    elif kind == 14:
        place.write_bytes(b"a file")
        return str(place / "in a file.mp4")
    elif kind == 15:
        return rng.choice(("/dev/stdin", "/dev/video99", "/proc/self/maps", "/etc/passwd", "/proc/1/root"))
    else:
        return "/".join(["d" * 60] * 80)
    return str(place)
