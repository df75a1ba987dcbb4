"""Tiny data sets in each layout that `prepare` reads, drawn or cut from portraits that libraries bring."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

ATTRIBUTES = ("5_o_Clock_Shadow", "Bald", "Blurry", "Eyeglasses", "Male", "Wearing_Hat", "Young")


def astronaut() -> np.ndarray:
    """Somebody who looks at the camera, uint8 RGB (512, 512, 3): eyes at (204, 102) and (246, 104)."""
    return pytest.importorskip("skimage.data").astronaut()


def hopper() -> np.ndarray:
    """Somebody with a cap, uint8 RGB (600, 512, 3)."""
    matplotlib = pytest.importorskip("matplotlib")
    bgr = cv2.imread(str(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"))
    if bgr is None:
        pytest.skip("matplotlib came without its sample pictures")
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


def save(path: Path, image: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    return path


def grey(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


def drawn(seed: int, width: int = 40, height: int = 48) -> np.ndarray:
    """A picture of nobody: a gradient and a disc, uint8 RGB."""
    rng = np.random.default_rng(seed)
    image = np.linspace(rng.integers(0, 255, 3), rng.integers(0, 255, 3), height)[:, None].repeat(width, 1)
    image = np.ascontiguousarray(image.astype(np.uint8))
    cv2.circle(image, (width // 2, height // 2), width // 4, tuple(map(int, rng.integers(0, 255, 3))), -1)
    return image


def aligned(seed: int, width: int = 178, height: int = 218) -> np.ndarray:
    """A face as CelebA aligns it: the eyes about 34 pixels apart, the picture's edge repeated around it."""
    rng = np.random.default_rng(seed)
    scale = rng.uniform(0.78, 0.86)
    matrix = np.array([[scale, 0, width / 2 - scale * 224], [0, scale, height * 0.51 - scale * 103]])
    image = cv2.warpAffine(astronaut(), matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.clip(image * rng.uniform(0.85, 1.1, 3), 0, 255).astype(np.uint8)


def write_celeba(
    folder: Path, count: int = 6, *, kaggle: bool = False, identity: bool = True, broken: int | None = None
) -> Path:
    """CelebA with `count` drawn pictures, the last for test, the one before for val.

    Number 3 wears a hat, number 4 is blurred; picture `broken` breaks off.
    """
    names = [f"{n:06d}.jpg" for n in range(1, count + 1)]
    pictures = folder / "img_align_celeba" / ("img_align_celeba" if kaggle else "")
    for number, name in enumerate(names, start=1):
        path = save(pictures / name, aligned(number))
        if number == broken:
            path.write_bytes(path.read_bytes()[:3000])
    values = [
        ["1" if attribute in on else "-1" for attribute in ATTRIBUTES]
        for on in ({3: {"Wearing_Hat"}, 4: {"Blurry"}}.get(n, {"Young"}) for n in range(1, count + 1))
    ]
    parts = ["0"] * (count - 2) + ["1", "2"]
    if kaggle:
        attributes = [f"image_id,{','.join(ATTRIBUTES)}"]
        attributes += [f"{name},{','.join(row)}" for name, row in zip(names, values, strict=True)]
        partition = ["image_id,partition", *(f"{n},{p}" for n, p in zip(names, parts, strict=True))]
    else:
        attributes = [str(count), " ".join(ATTRIBUTES) + " "]
        # The published file pads its columns.
        attributes += [f"{name} {'  '.join(row)}" for name, row in zip(names, values, strict=True)]
        partition = [f"{n} {p}" for n, p in zip(names, parts, strict=True)]
    ending = ".csv" if kaggle else ".txt"
    (folder / f"list_attr_celeba{ending}").write_text("\n".join(attributes) + "\n")
    (folder / f"list_eval_partition{ending}").write_text("\n".join(partition) + "\n")
    if identity:
        people = [f"{name} {2880 + n // 2}" for n, name in enumerate(names)]
        (folder / "identity_CelebA.txt").write_text("\n".join(people) + "\n")
    return folder


def write_utkface(folder: Path, image: np.ndarray | None = None) -> Path:
    """UTKFace in its three parts, with the faults of its real names: a field missing, a stray blank."""
    image = drawn(0, 200, 200) if image is None else image
    for name in (
        "part1/25_1_2_20170116174525125.jpg.chip.jpg",
        "part1/100_0_0_20170112213500903.jpg.chip.jpg",
        "part2/24_0_1_20170116220224657 .jpg.chip.jpg",
        "part3/1_0_4_20161219140623097.jpg",
        "part3/61_1_20170109142408075.jpg.chip.jpg",
    ):
        save(folder / name, image)
    return folder


def write_cropped(folder: Path, count: int = 5, width: int = 40, height: int = 48) -> Path:
    """Already cropped pictures in two folders, and a read-me."""
    for n in range(count):
        save(folder / ("a", "b/c")[n % 2] / f"{n}.png", drawn(n, width, height))
    (folder / "README.md").write_text("faces")
    return folder


def name_of_split(split: str, stem: str = "face") -> str:
    """A file name that falls into a split where the set does not say."""
    for n in range(1000):
        digest = hashlib.sha256(f"{stem}{n}.png".encode()).digest()
        if (int.from_bytes(digest[:8], "big") % 10 == 0) == (split == "val"):
            return f"{stem}{n}.png"
    raise AssertionError("no such name")
