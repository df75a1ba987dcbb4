"""StyleBook: the named styles, in one safetensors file that a salon can replace by its own."""

from __future__ import annotations

import difflib
import json
import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from mirror.core.erase import everybodys
from mirror.core.errors import MirrorError
from mirror.core.face_lighting import LIGHT_SIZE
from mirror.core.head_space import FACE_SHAPE_SIZE, VERSION
from mirror.files.format_version import UPDATE, is_newer
from mirror.files.reading import check_ordinary
from mirror.files.size_limits import WEIGHTS_BYTES
from mirror.hair.styles.code import COARSE_SIDE, DETAIL_SHAPE, LATENT, Style, StyleCode
from mirror.hair.styles.groups import firsts, group_of, place_of
from mirror.hair.styles.latent_direction import Axis, pack_axes, read_axes

FORMAT = 2
THUMBNAIL = 128
_SHAPES: dict[str, tuple[int, ...]] = {
    "z": (LATENT,),
    "detail": DETAIL_SHAPE,
    "coarse": (COARSE_SIDE, COARSE_SIDE),
    "shape": (FACE_SHAPE_SIZE,),
    "tint": (3,),
    "thumbnail": (THUMBNAIL, THUMBNAIL, 3),
}
# How many styles count as like another; how far a draw goes towards one of them; and how far aside, in
# deviations of all hair.
ALIKE, WAY, SPREAD = 5, (0.15, 0.5), 0.35
# A book may say of no style in which light its own head was.
_LIGHT = "light"
_PRIOR: dict[str, tuple[int, ...]] = {
    "prior_mean": (LATENT,),
    "prior_factor": (LATENT, LATENT),
    "face_shape": (FACE_SHAPE_SIZE,),
}


class StyleBook:
    """Named styles in order, and the prior that new ones are drawn from.

    Args:
        styles: they are cycled in groups, see `mirror.hair.styles.groups`, and within one in the order given.
        prior_mean: float32 (128,); prior_factor: float32 (128, 128). z = mean + factor @ normal is a
            draw from the Gaussian fitted to the codes of the training heads (ex-post density
            estimation, Ghosh et al. 2020, section 4).
        face_shape: float32 (75,), the mean face.
        axes: by name, what a style can be changed along; a book may have none.

    Example:
        >>> book = StyleBook.load(Path("engines/styles.safetensors"))  # doctest: +SKIP
        >>> book.find("bob").tags  # doctest: +SKIP
        ('short', 'straight')
    """

    def __init__(
        self,
        styles: Sequence[Style],
        prior_mean: np.ndarray,
        prior_factor: np.ndarray,
        face_shape: np.ndarray,
        axes: Mapping[str, Axis] | None = None,
    ) -> None:
        self.styles = tuple(sorted(map(_marked, styles), key=lambda style: place_of(style.tags)))
        self.prior_mean, self.prior_factor, self.face_shape = prior_mean, prior_factor, face_shape
        self.axes = dict(axes or {})
        everybodys(self)

    def __len__(self) -> int:
        return len(self.styles)

    def __getitem__(self, number: int) -> Style:
        return self.styles[number]

    @property
    def names(self) -> list[str]:
        """Names in order."""
        return [style.name for style in self.styles]

    @property
    def groups(self) -> dict[str, int]:
        """The number of the first style of every group, in order."""
        return firsts([style.tags for style in self.styles])

    def index(self, wanted: str) -> int:
        """Number (from 0) of a style given by name or by its number in the list (from 1).

        Raises:
            MirrorError: there is none; the message lists the closest names.
        """
        text, names = _typed(wanted), [_typed(name) for name in self.names]
        if text in names:
            return names.index(text)
        if text.isdecimal() and text.isascii():
            if 1 <= int(text) <= len(names):
                return int(text) - 1
            raise MirrorError(
                f"There is no style number {text}. Give 1 to {len(names)}; --list-styles shows them."
            )
        close = difflib.get_close_matches(text, names, n=3, cutoff=0.4)
        starts = [name for name in names if text and (name.startswith(text) or text in name.split())]
        nearest = list(dict.fromkeys(starts + close))[:3] or names[:3]
        raise MirrorError(
            f"There is no style '{wanted}'. The closest are: {', '.join(nearest)}; --list-styles shows all "
            f"{len(names)}, and 'random' draws a new one."
        )

    def find(self, wanted: str) -> Style:
        """The style of `index`."""
        return self.styles[self.index(wanted)]

    def sample(self, rng: np.random.Generator, temperature: float = 1.0) -> np.ndarray:
        """A style code z, float32 (128,), drawn from the prior.

        `temperature` below 1 stays nearer the mean.
        """
        draw = rng.standard_normal(LATENT) * temperature
        return (self.prior_mean + self.prior_factor @ draw).astype(np.float32)

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, StyleCode]:
        """A new style, drawn from a mixture with a Gaussian about each style of the book.

        One Gaussian for all hair (`sample`) has most of its mass between the kinds: what it draws is mostly
        short, plain and vague. A mixture (Ghosh et al. 2020, section 4; with a kernel about each code, Parzen
        1962) draws afros, buns and waves as often as the book has them. Each draw goes part of the way from a
        style to one that is like it, and a little aside.

        Returns:
            z, float32 (128,); and the code of the style that it is nearest to by its making, whose strands,
            tint and light it may take. Of hair loss and of bald heads nothing is drawn, where there is more.
        """
        haired = [style.code for style in self.styles if not style.code.hair_loss]
        haired = haired or [style.code for style in self.styles]
        one = haired[int(rng.integers(len(haired)))]
        alike = np.argsort(_apart(haired, one.coarse, one.z), kind="stable")[1 : 1 + ALIKE]
        z = one.z + SPREAD * (self.prior_factor @ rng.standard_normal(LATENT))
        if len(alike):
            z = z + rng.uniform(*WAY) * (haired[int(rng.choice(alike))].z - one.z)
        return z.astype(np.float32), one

    def nearest(self, coarse: np.ndarray, z: np.ndarray) -> StyleCode:
        """The code of the book that is nearest in shape and in kind together.

        Args:
            coarse: float32 (64, 64), where the hair lies; z: float32 (128,).
        """
        codes = [style.code for style in self.styles]
        return codes[int(np.argmin(_apart(codes, coarse, z)))]

    def moved(self, code: StyleCode | np.ndarray, steps: Mapping[str, float]) -> np.ndarray:
        """A style code moved along the named axes.

        Args:
            code: a style's code, or its z, float32 (128,).
            steps: by axis, how many steps; `axes[name].low` to `high` is what the networks follow.

        Returns:
            The new z, float32 (128,). Where the hair lies then, the shape decoder says; a detail map
            still holds the hair as it was, and keeps it so far as it is kept.

        Raises:
            MirrorError: an axis that the book does not have, or steps that are not a number.

        Example:
            >>> longer = book.moved(book.find("bob").code, {"length": 1.5, "grey": 1})  # doctest: +SKIP
        """
        z = np.array(code.z if isinstance(code, StyleCode) else code, np.float32)
        for name, count in steps.items():
            if name not in self.axes:
                known = ", ".join(self.axes) or "none; python -m train styles finds them"
                raise MirrorError(f"The style book has no axis '{name}'. It has {known}.")
            if not math.isfinite(count):
                raise MirrorError(f"{count} steps along {name} are not a number of steps. Give -3 to 3.")
            z += self.axes[name].direction * np.float32(count)
        return z

    def save(self, path: Path) -> None:
        """Writes the book as one safetensors file, whole or not at all."""
        codes = [style.code for style in self.styles]
        arrays = {
            "z": np.stack([c.z for c in codes]).astype(np.float16),
            "detail": np.stack([c.detail for c in codes]).astype(np.float16),
            "coarse": np.round(np.stack([c.coarse for c in codes]) * 255).astype(np.uint8),
            "shape": np.stack([c.shape for c in codes]).astype(np.float32),
            "tint": np.stack([c.tint for c in codes]).astype(np.float32),
            "thumbnail": np.stack([s.thumbnail for s in self.styles]).astype(np.uint8),
            "prior_mean": self.prior_mean.astype(np.float32),
            "prior_factor": self.prior_factor.astype(np.float16),
            "face_shape": self.face_shape.astype(np.float32),
        }
        if any(c.light.any() for c in codes):
            arrays[_LIGHT] = np.stack([c.light for c in codes]).astype(np.float32)
        names = [
            {"name": s.name, "tags": list(s.tags), "licence": s.licence, "collection": s.collection}
            for s in self.styles
        ]
        directions, said = pack_axes(self.axes)
        arrays |= directions
        metadata = {"format": str(FORMAT), "headspace": VERSION, "styles": json.dumps(names)} | said
        part = path.with_suffix(".part")
        save_file({k: np.ascontiguousarray(v) for k, v in arrays.items()}, part, metadata)
        os.replace(part, path)

    @classmethod
    def load(cls, path: Path) -> StyleBook:
        """Reads a book.

        Raises:
            MirrorError: the file is missing, damaged, or of another format or head-space version.
        """
        try:
            check_ordinary(path, WEIGHTS_BYTES)
            with safe_open(str(path), framework="numpy") as file:
                metadata = file.metadata() or {}
                arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            listed = json.loads(metadata.get("styles", "[]"))
        except (OSError, SafetensorError, ValueError, RecursionError) as error:
            raise MirrorError(
                f"The style book {path} cannot be read ({error}). Restore it, or install again."
            ) from None
        found = (metadata.get("format"), metadata.get("headspace"))
        if found != (str(FORMAT), VERSION):
            newer = is_newer(found[0], FORMAT) or is_newer(found[1], VERSION)
            advice = UPDATE if newer else "Install again, or build it again: python -m train styles"
            raise MirrorError(
                f"The style book {path} is of format {found[0]!s:.20} for head space {found[1]!s:.20}; "
                f"this program reads format {FORMAT} for head space {VERSION}. {advice}"
            )
        if not isinstance(listed, list) or not all(_is_entry(entry) for entry in listed):
            raise MirrorError(
                f"The style book {path} names its styles in a way that is not known. Install again."
            )
        wanted = {name: (len(listed), *shape) for name, shape in _SHAPES.items()} | _PRIOR
        arrays.setdefault(_LIGHT, np.zeros((len(listed), LIGHT_SIZE), np.float32))
        wanted[_LIGHT] = (len(listed), LIGHT_SIZE)
        wrong = [n for n, shape in wanted.items() if n not in arrays or arrays[n].shape != shape]
        if wrong or not listed:
            raise MirrorError(
                f"The style book {path} is incomplete ({', '.join(wrong) or 'no styles'}). Install again."
            )
        styles = []
        for i, entry in enumerate(listed):
            code = StyleCode(
                arrays["z"][i].astype(np.float32),
                arrays["detail"][i].astype(np.float32),
                arrays["coarse"][i].astype(np.float32) / 255,
                arrays["shape"][i],
                arrays["tint"][i],
                arrays[_LIGHT][i],
            )
            said = entry.get("licence", ""), entry.get("collection", "")
            styles.append(Style(entry["name"], tuple(entry["tags"]), code, arrays["thumbnail"][i], *said))
        factor = arrays["prior_factor"].astype(np.float32)
        axes = read_axes(path, arrays, metadata)
        return cls(styles, arrays["prior_mean"], factor, arrays["face_shape"], axes)


def thumbnail_of(square: np.ndarray) -> np.ndarray:
    """What a thumbnail shows of a head's square, uint8 (256, 256, 3): uint8 (128, 128, 3)."""
    return cv2.resize(square[24:-16, 20:-20], (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA)


def _typed(name: str) -> str:
    return " ".join(re.sub(r"(?<=\w)[-_]+(?=\w)", " ", name).lower().split())


def _marked(style: Style) -> Style:
    """A style whose code knows what its tags say: that it shows hair loss."""
    if style.code.hair_loss or group_of(style.tags) != "loss":
        return style
    return replace(style, code=replace(style.code, hair_loss=True))


def _apart(codes: Sequence[StyleCode], coarse: np.ndarray, z: np.ndarray) -> np.ndarray:
    """How far codes are from one, in shape and in kind together."""
    shapes = np.array([np.abs(code.coarse - coarse).mean() for code in codes])
    kinds = np.array([np.linalg.norm(code.z - z) for code in codes])
    # Each distance against what is usual: they are of different units.
    return shapes / (np.median(shapes) + 1e-6) + kinds / (np.median(kinds) + 1e-6)


def _is_entry(entry: object) -> bool:
    """Whether it is {"name": text, "tags": [text, ...]}, perhaps with "licence" and "collection"."""
    if not isinstance(entry, dict) or not isinstance(entry.get("tags"), list):
        return False
    further = (entry.get("licence", ""), entry.get("collection", ""))
    return all(isinstance(text, str) for text in (entry.get("name"), *entry["tags"], *further))
