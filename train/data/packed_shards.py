"""Packed shards: prepared heads made small enough to travel to a machine with a GPU, and unpacked there.

4,100 heads of 256 pixels with what lies beneath their hair are 3.3 GB as shards and 55 MB packed.
"""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from mirror.core.errors import MirrorError
from train.data.shards import read_record

# Quality of pictures, 1 to 100: at 85 grain is a little smoother than before.
QUALITY = 85
# Alphas, which are soft, bear less of it; those of the person, a teacher's guess, and of the face, which is a
# rough shape, half the side, too.
_ALPHA, _HALVED = 60, ("person", "person_beneath", "face", "inner")
_LOSSY = ("matte", *_HALVED)
# Above 100 OpenCV keeps every pixel.
_LOSSLESS = 101
_PICTURES = ("image", "beneath")


def pack(folder: Path, out: Path, quality: int = QUALITY) -> int:
    """Packs the shards of a folder; how many bytes they are then.

    Raises:
        MirrorError: the folder holds no shards, or one of them is damaged.
    """
    return sum(_each(folder, "shard.json", out, _Packer(quality), "prepare"))


def unpack(folder: Path, out: Path) -> int:
    """Unpacks what `pack` wrote into shards; how many heads.

    Raises:
        MirrorError: the folder holds none, or one of them is damaged.
    """
    return sum(_each(folder, "packed.npz", out, _unpacked, "pack"))


def _each(
    folder: Path, wanted: str, out: Path, work: Callable[[Path, Path], int], maker: str
) -> Iterator[int]:
    shards = [path.parent for path in sorted(folder.glob(f"[0-9]*/{wanted}"))]
    if not shards:
        raise MirrorError(f"{folder} holds no {wanted}. Make them with: python -m train {maker}")
    if out.resolve() == folder.resolve():
        raise MirrorError(f"--out {out} is the folder itself, and would be lost. Give another.")
    out.mkdir(parents=True, exist_ok=True)
    if there := [one.name for one in shards if (out / one.name).exists()]:
        raise MirrorError(f"{out} holds {there[0]} already. Give an empty folder, or delete that one.")
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        done = pool.map(_whole, [work] * len(shards), shards, [out / one.name for one in shards])
        yield from tqdm(done, total=len(shards), unit=" shards", disable=None)


def _whole(work: Callable[[Path, Path], int], shard: Path, out: Path) -> int:
    """One shard's work in a folder that is renamed when it is done."""
    cv2.setNumThreads(1)
    part = out.with_name(f"{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    count = work(shard, part)
    shutil.copyfile(shard / "shard.json", part / "shard.json")
    os.replace(part, out)
    return count


class _Packer:
    def __init__(self, quality: int) -> None:
        self._quality = quality

    def __call__(self, shard: Path, out: Path) -> int:
        read_record(shard / "shard.json")
        try:
            arrays = {path.stem: np.load(path, mmap_mode="r") for path in sorted(shard.glob("*.npy"))}
        except (OSError, ValueError, EOFError) as error:
            raise MirrorError(f"{shard} is damaged ({error}). Delete it and prepare again.") from None
        kept: dict[str, np.ndarray] = {}
        for name, array in arrays.items():
            if array.dtype != np.uint8:
                kept[name] = np.asarray(array)
            elif name != "beneath":
                kept |= self._files(name, [np.asarray(plane) for plane in array])
        if "beneath" in arrays:
            planes = [_differs(*pair) for pair in zip(arrays["beneath"], arrays["image"], strict=True)]
            kept |= self._files(_DIFFERS, planes)
            pairs = zip(arrays["beneath"], planes, strict=True)
            kept |= self._files("beneath", [_alone(*pair) for pair in pairs])
        stored = io.BytesIO()
        np.savez(stored, **kept)  # type: ignore[arg-type]
        (out / "packed.npz").write_bytes(stored.getvalue())
        return stored.tell()

    def _files(self, name: str, planes: list[np.ndarray]) -> dict[str, np.ndarray]:
        files = [self._file(name, plane) for plane in planes]
        sizes = np.array([len(one) for one in files], np.int64)
        return {f"{name}.sizes": sizes, f"{name}.webp": np.frombuffer(b"".join(files), np.uint8)}

    def _file(self, name: str, plane: np.ndarray) -> bytes:
        quality = self._quality if name in _PICTURES else _ALPHA if name in _LOSSY else _LOSSLESS
        if name in _HALVED:
            plane = cv2.resize(plane, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        plane = np.ascontiguousarray(plane[..., ::-1]) if plane.ndim == 3 else plane
        good, data = cv2.imencode(".webp", plane, [cv2.IMWRITE_WEBP_QUALITY, quality])
        assert good
        return data.tobytes()


# Where what is beneath is not the picture, and a little around: 255, else 0. The rest need not travel twice.
_DIFFERS, _AROUND = "differs", np.ones((9, 9), np.uint8)


def _differs(beneath: np.ndarray, image: np.ndarray) -> np.ndarray:
    return cv2.dilate((beneath != image).any(2).astype(np.uint8) * 255, _AROUND)


def _alone(beneath: np.ndarray, differs: np.ndarray) -> np.ndarray:
    """Its mean all around: what is even takes no room."""
    inside = differs > 0
    mean = beneath[inside].mean(0) if inside.any() else np.zeros(3)
    return np.where(inside[..., None], beneath, mean).astype(np.uint8)


def _unpacked(shard: Path, out: Path) -> int:
    read_record(shard / "shard.json")
    try:
        with np.load(shard / "packed.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        made = {name: arrays[name] for name in arrays if "." not in name}
        for name in sorted({one.partition(".")[0] for one in arrays if one.endswith(".webp")}):
            made[name] = np.stack(list(_planes(name, arrays)))
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, cv2.error) as error:
        raise MirrorError(f"{shard} is damaged ({error}). Pack it again.") from None
    if "beneath" in made:
        differs = made.pop(_DIFFERS)[..., None] > 0
        made["beneath"] = np.where(differs, made["beneath"], made["image"])
    for name, array in made.items():
        np.save(out / f"{name}.npy", array)
    return len(next(iter(made.values())))


def _planes(name: str, arrays: dict[str, np.ndarray]) -> Iterator[np.ndarray]:
    at = 0
    for size in arrays[f"{name}.sizes"]:
        plane = cv2.imdecode(arrays[f"{name}.webp"][at : at + size], cv2.IMREAD_COLOR)
        at += size
        if plane is None:
            raise ValueError(f"a picture of {name} is none")
        if name in _PICTURES:
            yield np.ascontiguousarray(plane[..., ::-1])
            continue
        plane = plane[..., 1]
        side = len(plane) * (2 if name in _HALVED else 1)
        yield cv2.resize(plane, (side, side), interpolation=cv2.INTER_LINEAR)
