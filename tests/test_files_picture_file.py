"""Pictures of strangers: read where they are sound, refused in one line where they are not, at every door."""

from __future__ import annotations

import io
import os
import resource
import struct
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mirror.app.lab import open_pictures
from mirror.core.errors import MirrorError
from mirror.files.picture_file import FORMATS, UndecodableError, decode, read_photograph
from mirror.files.size_limits import PICTURE_BYTES, PICTURE_PIXELS
from mirror.pipeline.mirror import Mirror
from mirror.sources import open_source
from tests.strange_files import encoded, png, sparse
from train.pictures.reading import read_picture

PICTURE = np.add.outer(np.arange(90) * 2, np.arange(120))[..., None].repeat(3, 2).astype(np.uint8)


@pytest.mark.parametrize("ending", [".jpg", ".png", ".bmp", ".webp", ".tif", ".ppm"])
def test_a_sound_picture_is_read_as_it_is(ending: str) -> None:
    image = decode(encoded(PICTURE, ending))
    assert image.dtype == np.uint8 and image.shape == (90, 120, 3) and image.flags.writeable
    assert np.abs(image.astype(int) - PICTURE).mean() < 1.5


def test_colours_turns_and_deep_greys() -> None:
    red = np.zeros((70, 80, 3), np.uint8)
    red[..., 0], red[:10, :10] = 200, 255
    assert np.array_equal(decode(encoded(red, ".png")), red)
    for turn, corner in ((1, (0, 0)), (3, (-1, -1)), (6, (0, -1)), (8, (-1, 0))):
        exif, file = Image.Exif(), io.BytesIO()
        exif[0x0112] = turn
        Image.fromarray(red).save(file, "PNG", exif=exif)
        image = decode(file.getvalue())
        assert image.shape == ((70, 80, 3) if turn in (1, 3) else (80, 70, 3))
        assert image[corner].tolist() == [255, 255, 255]
    deep = io.BytesIO()
    Image.fromarray(PICTURE[..., 0].astype(np.uint16) * 257).save(deep, "PNG")
    assert np.array_equal(decode(deep.getvalue()), PICTURE)
    clear = io.BytesIO()
    Image.fromarray(np.dstack((red, np.zeros((70, 80), np.uint8)))).save(clear, "PNG")
    assert np.array_equal(decode(clear.getvalue()), red), "transparency is left out"


def moving(kind: str) -> bytes:
    file, frames = io.BytesIO(), [Image.fromarray(PICTURE), Image.fromarray(PICTURE[::-1].copy())]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


DAMAGED = {
    "animated PNG of an impossible filter": (png(64, 64, moving=True, row_filter=9), "animation"),
    "impossible filter": (png(64, 64, row_filter=9), "damaged"),
    "animated WebP": (moving("WEBP"), "animation"),
    "JPEG 2000": (encoded(PICTURE, ".jp2"), "JPEG 2000"),
    "JPEG 2000 cut": (encoded(PICTURE, ".jp2")[:140], "JPEG 2000"),
    "JPEG cut": (encoded(PICTURE, ".jpg")[:1200], "breaks off"),
    "PNG cut": (encoded(PICTURE, ".png")[:400], "breaks off"),
    "claims 64629 x 30000": (png(64629, 30000, b""), "67 million pixels"),
    "claims 10000 x 10000": (png(10000, 10000, b""), "10000x10000"),
    "claims 70000 x 1000": (b"P6 70000 1000 255 ", "70000x1000"),
    "text": (b"I am text", "not a picture"),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_picture_is_one_line_at_every_door(kind: str, tmp_path: Path, mirror: Mirror,
                                                     capfd: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    data, said = DAMAGED[kind]
    path = tmp_path / "a stranger's.png"
    path.write_bytes(data)
    for door in (
        lambda: open_source(str(path)),
        lambda: mirror.wear_photo(path),
        lambda: open_pictures(tmp_path).read(0),
    ):
        with pytest.raises(MirrorError, match=said) as error:
            door()
        assert "\n" not in str(error.value) and str(path) in str(error.value)
    told = read_picture(path)
    assert isinstance(told, str) and said in told
    assert capfd.readouterr() == ("", ""), "no decoder says anything of its own"


def test_what_a_tiff_decoder_says_of_its_own_is_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    file = io.BytesIO()
    Image.fromarray(PICTURE).save(file, "TIFF", compression="tiff_lzw")
    data = bytearray(file.getvalue())
    data[20:400] = b"\xff" * 380
    for _ in range(3):
        with pytest.raises(UndecodableError):
            decode(bytes(data))
    assert capfd.readouterr() == ("", "")


def test_a_claim_is_not_believed_with_memory() -> None:
    """The sizes are looked at before a pixel is decoded."""
    if sys.platform != "linux":
        pytest.skip("the most memory ever held is only told here")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H", 4) + b"".join(
        struct.pack("<HHII", tag, 4, 1, value)
        for tag, value in ((256, 40000), (257, 40000), (262, 1), (273, 8))
    )  # fmt: skip
    jpeg = bytearray(encoded(PICTURE, ".jpg"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", 65000, 65000)
    for data in (png(64629, 30000, b""), png(20000, 20000, b""), tiff, bytes(jpeg)):
        with pytest.raises(UndecodableError):
            decode(data)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 100
    assert PICTURE_PIXELS * 3 < PICTURE_BYTES, "whatever may be decoded may also be stored as it is"


def test_what_is_no_ordinary_file_is_refused_at_once(tmp_path: Path) -> None:
    sparse(tmp_path / "huge.png", 1 << 40)
    with pytest.raises(MirrorError, match="larger than 256 MB"):
        read_photograph(tmp_path / "huge.png")
    assert "256 MB" in read_picture(tmp_path / "huge.png")
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes here")
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "zeros.png").symlink_to("/dev/zero")
    answers: list[str] = []

    def ask() -> None:
        for name in ("pipe.png", "zeros.png"):
            for door in (read_photograph, lambda path: open_source(str(path))):
                with pytest.raises(MirrorError) as error:
                    door(tmp_path / name)
                answers.append(str(error.value))
            answers.append(str(read_picture(tmp_path / name)))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(20)
    assert len(answers) == 6 and all("not an ordinary file" in answer for answer in answers)


def test_only_the_formats_that_are_named_are_tried() -> None:
    for kind in ("GIF", "ICO", "TGA", "PCX", "JPEG2000"):
        assert kind not in FORMATS
        file = io.BytesIO()
        Image.fromarray(PICTURE).save(file, kind)
        with pytest.raises(UndecodableError):
            decode(file.getvalue())
