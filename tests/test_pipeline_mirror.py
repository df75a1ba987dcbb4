"""The library: one picture in, the same person with other hair out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import cv2
import numpy as np
import pytest

import mirror as package
from mirror.core.errors import MirrorError
from mirror.core.face import INNER_FACE, Face
from mirror.core.frame import Frame
from mirror.core.head_space import HeadTransform
from mirror.engines import ENGINES_FOLDER
from mirror.pipeline.mirror import Mirror
from tests.engine_networks import weights_of

BLANK = np.full((360, 640, 3), 90, np.uint8)


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises(MirrorError) as caught:
        action()
    text = str(caught.value)
    assert len(text.splitlines()) == 1 and len(text) < 500
    return text


def outline(face: Face, points: tuple[int, ...], height: int, width: int) -> np.ndarray:
    """bool (height, width): inside the hull of landmarks."""
    inside = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(inside, cv2.convexHull(face.landmarks[list(points), :2].astype(np.int32)), 255)
    return cv2.erode(inside, np.ones((3, 3), np.uint8)) > 0


def test_the_package_offers_the_mirror() -> None:
    assert package.Mirror is Mirror
    with pytest.raises(AttributeError):
        _ = package.Miror


def test_apply_changes_hair_and_what_was_under_it_and_nothing_else(
    mirror: Mirror, portrait: np.ndarray
) -> None:
    before = portrait.copy()
    out = mirror.apply(portrait)
    assert out.shape == portrait.shape and out.dtype == np.uint8 and out is not portrait
    assert np.array_equal(portrait, before), "the input is not written to"
    assert out.flags.writeable and not np.shares_memory(out, portrait)
    face, alpha = mirror.find_face(portrait), mirror.matte(portrait)
    assert face is not None and alpha is not None
    changed = (out != portrait).any(2)
    assert (np.abs(out.astype(int) - portrait).max(2)[alpha > 0.9] > 12).mean() > 0.3, (
        "the hair looks otherwise"
    )
    # Hair is near the head: nothing changes further away than the head-space square reaches.
    transform = HeadTransform.from_face(face)
    left, top, right, bottom = transform.frame_rectangle(512, 512)
    outside = np.ones((512, 512), bool)
    outside[top:bottom, left:right] = False
    assert outside.mean() > 0.2 and not changed[outside].any()
    middle = outline(face, INNER_FACE, 512, 512)
    assert middle.sum() > 1000 and changed[middle].mean() < 0.1, "a bob leaves eyes, nose and mouth free"


def test_somebody_who_leans_in_keeps_their_hair(
    mirror: Mirror, portrait: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.styling.choose("bald")
    alone = mirror.apply(portrait)
    face = mirror.find_face(portrait)
    assert face is not None
    left, _, right, _ = face.box
    beside = face.landmarks.copy()
    beside[:, 0] += right - left
    other = Face(beside)
    monkeypatch.setattr(mirror, "_find_faces", lambda image: [face, other])
    both = mirror.apply(portrait)
    near, far = HeadTransform.from_face(face), HeadTransform.from_face(other)
    theirs = np.s_[int(far.y - 20) : int(far.y + 20), int(far.x - 0.1 * far.scale) : 512]
    off = [np.abs(one.astype(int) - portrait)[theirs].max() for one in (alone, both)]
    assert off[0] > 40 and off[1] < 8, "what would go if nobody else were there stays"
    mine = np.s_[:, : int(near.x)]
    assert np.abs(both[mine].astype(int) - alone[mine]).mean() < 1


def test_apply_does_as_the_style_says(mirror: Mirror, portrait: np.ndarray) -> None:
    bob = mirror.apply(portrait)
    assert np.array_equal(mirror.apply(portrait), bob), "the same again"
    mirror.styling.choose("afro")
    afro = mirror.apply(portrait)
    mirror.styling.choose("bald")
    bald = mirror.apply(portrait)
    pictures = [portrait, bob, afro, bald]
    hair = mirror.matte(portrait)
    assert hair is not None
    for i, one in enumerate(pictures):
        for other in pictures[:i]:
            assert np.abs(one.astype(int) - other)[hair > 0.5].mean() > 8
    left = [mirror.matte(picture) for picture in (bob, afro, bald)]
    areas = [float(matte.sum()) for matte in left if matte is not None]
    assert len(areas) == 3 and areas[1] > areas[0] > 1.3 * areas[2], (
        "an afro is larger than a bob, bald is less"
    )


def test_a_drawn_style_and_a_worn_one(mirror: Mirror, portrait: np.ndarray) -> None:
    mirror.styling.choose("random")
    one = mirror.apply(portrait)
    mirror.styling.choose("random")
    two = mirror.apply(portrait)
    assert (one != portrait).any(2).sum() > 1000 and not np.array_equal(one, two)
    own = mirror.encode(portrait)
    assert own is not None
    mirror.styling.wear(own, "own")
    assert (mirror.apply(portrait) != portrait).any()


def test_encode_gives_a_whole_code(mirror: Mirror, portrait: np.ndarray) -> None:
    code, bob = mirror.encode(portrait), mirror.book.find("bob").code
    assert code is not None
    for name in ("z", "detail", "coarse", "shape"):
        mine, usual = getattr(code, name), getattr(bob, name)
        assert mine.shape == usual.shape and mine.dtype == np.float32 and np.isfinite(mine).all()
    assert code.coarse.min() >= 0 and 0.8 < code.coarse.max() <= 1 + 1e-6
    again = mirror.encode(portrait)
    assert again is not None and np.array_equal(again.z, code.z) and again.z is not code.z
    assert mirror.encode(BLANK) is None


def test_matte_is_a_soft_alpha_of_the_hair(mirror: Mirror, portrait: np.ndarray) -> None:
    alpha = mirror.matte(portrait)
    assert alpha is not None
    assert alpha.shape == (512, 512) and alpha.dtype == np.float32
    assert alpha.min() >= 0 and alpha.max() <= 1
    assert alpha[23, 215] > 0.5, "the top of her head, a little within its outline"
    assert alpha[140, 225] < 0.3, "her face"
    assert not alpha[400:, :].any() and alpha[:, 400:].max() < 0.1, "the suit, the flag"
    soft = ((alpha > 0.05) & (alpha < 0.95)).mean()
    assert 0.005 < soft < 0.2


def test_no_face_is_said_and_left_alone(mirror: Mirror) -> None:
    assert mirror.find_face(BLANK) is None and mirror.matte(BLANK) is None
    out = mirror.apply(BLANK)
    assert np.array_equal(out, BLANK) and out is not BLANK and not np.shares_memory(out, BLANK)


def test_a_face_that_leaves_the_frame_is_no_trouble(mirror: Mirror, portrait: np.ndarray) -> None:
    for part in (portrait[60:], portrait[:, 190:], portrait[:190, :290], portrait[40:200, 140:320]):
        out = mirror.apply(part)
        assert out.shape == part.shape
        if mirror.find_face(part) is not None:
            assert (out != part).any()


def test_pictures_that_lie_oddly_in_memory(mirror: Mirror, portrait: np.ndarray) -> None:
    out = mirror.apply(portrait)
    assert np.array_equal(mirror.apply(np.asfortranarray(portrait)), out)
    flipped = np.ascontiguousarray(portrait[:, ::-1])
    assert np.array_equal(mirror.apply(flipped[:, ::-1]), out)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (np.zeros((64, 64, 3), np.float32), "float32 (64, 64, 3)"),
        (np.zeros((64, 64), np.uint8), "uint8 (64, 64)"),
        (np.zeros((64, 64, 4), np.uint8), "uint8 (64, 64, 4)"),
        (np.zeros((1, 64, 64, 3), np.uint8), "uint8 (1, 64, 64, 3)"),
        (np.zeros((8, 64, 3), np.uint8), "64x8 is too small"),
        (np.zeros((0, 0, 3), np.uint8), "0x0 is too small"),
        ([[1, 2, 3]], "list"),
        ("me.jpg", "str"),
        (None, "NoneType"),
    ],
)
def test_wrong_arrays_are_named(mirror: Mirror, wrong: Any, said: str) -> None:
    for method in (mirror.apply, mirror.matte, mirror.encode):
        text = refusal(partial(method, wrong))
        assert said in text and ("uint8 (H, W, 3) RGB" in text or "at least 32x32" in text)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Frame(cast(Any, None), 0, 0.0), "NoneType"),
        (Frame(np.zeros((64, 64, 3), np.float32), 0, 0.0), "float32 (64, 64, 3)"),
        (Frame(np.zeros((64, 64), np.uint8), 0, 0.0), "uint8 (64, 64)"),
        (Frame(np.zeros((8, 64, 3), np.uint8), 0, 0.0), "64x8 is too small"),
        (Frame(np.zeros((64, 64, 3), np.uint8), 0, cast(Any, None)), "captured at None"),
        (Frame(np.zeros((64, 64, 3), np.uint8), 0, float("nan")), "captured at nan"),
        (np.zeros((64, 64, 3), np.uint8), "not of ndarray"),
        (None, "not of NoneType"),
    ],
)
def test_wrong_frames_are_named(mirror: Mirror, wrong: Any, said: str) -> None:
    for method in (mirror.process, mirror.look):
        assert said in refusal(partial(method, wrong))


def test_an_unknown_style_is_refused_with_the_closest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "mirror.pipeline.mirror.open_engine", lambda *_, **__: pytest.fail("the slow part came first")
    )
    assert "afro" in refusal(lambda: Mirror(style="afroo"))
    text = refusal(lambda: Mirror(style="nonsense"))
    assert "There is no style 'nonsense'" in text and "--list-styles" in text
    assert sum(name in text for name in package_names()) >= 3


def package_names() -> list[str]:
    from mirror.hair.shelf import open_book

    return open_book(ENGINES_FOLDER).names


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the engines to damage; the large files are links until then."""
    folder = tmp_path / "engines"
    folder.mkdir()
    for file in ENGINES_FOLDER.iterdir():
        if file.suffix == ".json":
            shutil.copy(file, folder)
        else:
            (folder / file.name).symlink_to(file)
    return folder


def spoil(file: Path, how: str) -> None:
    data = file.read_bytes()
    file.unlink()
    if how == "0 bytes":
        file.write_bytes(b"")
    elif how == "truncated":
        file.write_bytes(data[: len(data) // 2])
    elif how == "altered":
        middle = len(data) // 2
        file.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])


@pytest.mark.parametrize("how", ["0 bytes", "truncated", "altered", "missing"])
@pytest.mark.parametrize("whole", ["styles", "matte", "painter", "shape"])
def test_damaged_weights_are_named(
    copied: Path, whole: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mirror.pipeline.mirror as module
    from mirror.engines import open_engine

    name = "styles.safetensors" if whole == "styles" else weights_of(whole)
    cheap: Any = SimpleNamespace(inputs={"previous": SimpleNamespace(shape=(1, 1, 256, 256))})

    def open_one(network: str, *rest: Any, **named: Any) -> Any:
        # The networks that are not the matter of this test need not be compiled.
        return open_engine(network, *rest, **named) if network == whole else cheap

    monkeypatch.setattr(module, "open_engine", open_one)
    spoil(copied / name, how)
    text = refusal(lambda: Mirror(engines=copied))
    assert str(copied / name) in text
    expected = {"0 bytes": "0 bytes", "missing": "missing", "truncated": "truncated", "altered": "SHA-256"}[
        how
    ]
    assert expected in text


def test_the_encoder_is_checked_when_it_is_first_used(copied: Path, portrait: np.ndarray) -> None:
    spoil(copied / weights_of("encoder"), "altered")
    mirror = Mirror(engines=copied, engine="onnxruntime")
    assert {engine.name for engine in mirror.engines.values()} == {"onnxruntime"}
    assert weights_of("encoder") in refusal(lambda: mirror.encode(portrait))
    assert mirror.apply(portrait).shape == portrait.shape, "the rest goes on"
    mirror.close()


def test_loading_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap: Any = SimpleNamespace(inputs={"previous": SimpleNamespace(shape=(1, 1, 256, 256))})
    monkeypatch.setattr("mirror.pipeline.mirror.open_engine", lambda *_, **__: cheap)
    told: list[tuple[str, float]] = []
    Mirror(progress=lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert len(told) >= 4 and shares == sorted(shares) and shares[0] >= 0 and shares[-1] <= 1
    assert all(what for what, _ in told)
