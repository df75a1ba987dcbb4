"""Detail synthesis: hair at twice its side, with strands as thin as a camera sees them there.

Enlarged hair lacks what is finer than its pixels, and looks soft beside a face that has it. Hair looks much
the same a size smaller: strands of one place, not enlarged, are the missing fine strands of that very place.
The idea of in-place self-similarity is Freedman and Fattal's (Image and video upscaling from local
self-examples, 2011); here nothing is searched, as hair runs in one direction over a block.
"""

from __future__ import annotations

import cv2
import numpy as np

# Side of a block of the enlarged picture, pixels: over it hair runs in one direction. A multiple of 8, so
# that blocks begin on whole pixels.
_BLOCK = 24
# What is finer than this many pixels is detail.
_FINE = 1.0
# How strongly it is put on: so that the finest band of log luminance varies by 0.09 as it does at the layer's
# own size and in photographs (0.036 when enlarged alone; nine styles measured). Edges need less: the alpha of
# single hairs is sharp already, and more of it is speckle.
_COLOUR, _ALPHA = 1.0, 0.6


def enlarged(layer: np.ndarray) -> np.ndarray:
    """Hair at twice its side.

    Args:
        layer: uint8 (H, W, 4), premultiplied sRGB and alpha.

    Returns:
        uint8 (2H, 2W, 4), premultiplied sRGB and alpha.
    """
    height, width = layer.shape[:2]
    wide = cv2.resize(layer, (2 * width, 2 * height), interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(layer, (0, 0), _FINE)
    fine = cv2.subtract(layer, soft, dtype=cv2.CV_16S)
    # A block more all round, so that shifted grids of blocks cover all of it.
    rows, columns = (-(-2 * side // _BLOCK) + 1 for side in (height, width))
    far = 2 * _BLOCK
    padded = cv2.copyMakeBorder(fine, _BLOCK, far, _BLOCK, far, cv2.BORDER_REFLECT_101)
    detail = np.zeros((2 * height, 2 * width, 4), np.float32)
    half = _BLOCK // 2
    window = _window()
    for down in (0, half):
        for across in (0, half):
            tiles = _tiles(padded, (down, across), (rows, columns))
            tiles = tiles * window[None, :, None, :, None]
            whole = tiles.reshape(rows * _BLOCK, columns * _BLOCK, 4)
            detail += whole[down : down + 2 * height, across : across + 2 * width]
    detail *= np.array([_COLOUR, _COLOUR, _COLOUR, _ALPHA], np.float32)
    out = cv2.add(wide, detail, dtype=cv2.CV_8U)
    # Nowhere brighter than its alpha allows, and nothing where there was nothing.
    alpha = cv2.bitwise_and(
        cv2.extractChannel(out, 3), cv2.compare(cv2.extractChannel(wide, 3), 2, cv2.CMP_GT)
    )
    return cv2.merge([*(cv2.min(cv2.extractChannel(out, k), alpha) for k in range(3)), alpha])


def _window() -> np.ndarray:
    """float32 (block, block): weights of a block; the squares of the four that meet add up to 1, so that
    details which do not match keep their strength."""
    at = np.cos((np.arange(_BLOCK) + 0.5 - _BLOCK / 2) / _BLOCK * np.pi)
    return np.outer(at, at).astype(np.float32)


def _tiles(padded: np.ndarray, before: tuple[int, int], count: tuple[int, int]) -> np.ndarray:
    """The blocks that a grid of the enlarged picture takes, (rows, block, columns, block, 4).

    Args:
        padded: with a block before its first pixel.
        before: by how much the grid begins before the picture, down and across, enlarged pixels.
        count: of blocks, down and across.
    """
    # The middle of an enlarged block lies at half of it in the layer; a block begins half a block before.
    down, across = (_BLOCK - one // 2 + _BLOCK // 4 - _BLOCK // 2 for one in before)
    step = _BLOCK // 2
    y, x, channels = padded.strides
    return np.lib.stride_tricks.as_strided(
        padded[down:, across:],
        (count[0], _BLOCK, count[1], _BLOCK, 4),
        (step * y, y, step * x, x, channels),
        writeable=False,
    )
