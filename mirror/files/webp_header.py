"""The size of a WebP file by its header, before anything of it is decoded."""

from __future__ import annotations


def webp_size(blob: bytes) -> tuple[int, int] | None:
    """(width, height) of a plain lossy WebP file by its header; None for anything else.

    So nothing is decoded that would take more memory than a key view has.
    """
    if len(blob) < 30 or blob[:4] != b"RIFF" or blob[8:16] != b"WEBPVP8 " or blob[23:26] != b"\x9d\x01\x2a":
        return None
    return int.from_bytes(blob[26:28], "little") & 0x3FFF, int.from_bytes(blob[28:30], "little") & 0x3FFF
