"""The style book: the one that is shipped, and what becomes of a damaged one."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from mirror.core.errors import MirrorError
from mirror.core.face_lighting import LIGHT_SIZE
from mirror.core.head_space import FACE_SHAPE_SIZE, VERSION
from mirror.engines import ENGINES_FOLDER, open_engine
from mirror.engines.manifest import open_file
from mirror.hair.styles.book import THUMBNAIL, StyleBook
from mirror.hair.styles.code import COARSE_SIDE, DETAIL_SHAPE, LATENT, Style, StyleCode
from mirror.hair.styles.latent_direction import FIGURES, Axis


@pytest.fixture(scope="module")
def shipped() -> StyleBook:
    return StyleBook.load(open_file("stylebook", ENGINES_FOLDER))


def small_book() -> StyleBook:
    rng = np.random.default_rng(1)
    styles = []
    for name in ("bob", "Grey Bob", "buzz cut"):
        code = StyleCode(
            rng.normal(0, 1, LATENT).astype(np.float32),
            rng.normal(0, 1, DETAIL_SHAPE).astype(np.float32),
            rng.random((COARSE_SIDE, COARSE_SIDE), np.float32),
            rng.normal(0, 1, FACE_SHAPE_SIZE).astype(np.float32),
        )
        thumbnail = rng.integers(0, 256, (THUMBNAIL, THUMBNAIL, 3), dtype=np.uint8)
        styles.append(Style(name, ("short", "été"), code, thumbnail, "CC0-1.0", "portraits"))
    factor = rng.normal(0, 0.1, (LATENT, LATENT)).astype(np.float32)
    mean = rng.normal(0, 1, LATENT).astype(np.float32)
    return StyleBook(styles, mean, factor, rng.normal(0, 1, FACE_SHAPE_SIZE).astype(np.float32))


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises(MirrorError) as caught:
        action()
    text = str(caught.value)
    assert len(text.splitlines()) == 1 and len(text) < 400
    return text


def test_the_shipped_book_has_at_least_24_styles_each_told_apart(shipped: StyleBook) -> None:
    assert len(shipped) == len(shipped.styles) >= 24
    names = [name.lower() for name in shipped.names]
    assert len(set(names)) == len(names)
    assert all(name == " ".join(name.split()) and not name.isdecimal() and name != "random" for name in names)
    assert all(style.tags and all(style.tags) for style in shipped.styles)
    for number, name in enumerate(names):
        assert shipped.index(name) == number == shipped.index(str(number + 1))


def test_the_shipped_book_covers_what_people_ask_for(shipped: StyleBook) -> None:
    words = {word for style in shipped.styles for text in (style.name, *style.tags) for word in text.split()}
    wanted = ("bald", "shaved", "buzz", "crew", "quiff", "bob", "pixie", "long", "straight", "wavy", "curls")
    assert not {*wanted, "afro", "fringe", "grey"} - words
    for name in ("side part", "long straight", "long wavy", "bald", "bob"):
        assert name in shipped.names


def test_the_shipped_codes_and_thumbnails_are_whole(shipped: StyleBook) -> None:
    seen = set()
    for style in shipped.styles:
        code = style.code
        for array, shape in (
            (code.z, (LATENT,)), (code.detail, DETAIL_SHAPE), (code.coarse, (COARSE_SIDE, COARSE_SIDE)),
            (code.shape, (FACE_SHAPE_SIZE,)),
        ):  # fmt: skip
            assert array.shape == shape and array.dtype == np.float32 and np.isfinite(array).all()
        assert code.coarse.min() >= 0 and code.coarse.max() <= 1
        assert style.thumbnail.shape == (THUMBNAIL, THUMBNAIL, 3) and style.thumbnail.dtype == np.uint8
        assert style.thumbnail.std() > 10, f"the thumbnail of {style.name} is blank"
        seen.add(style.thumbnail.tobytes())
    assert len(seen) == len(shipped)
    assert shipped.find("bald").code.coarse.max() < 0.5 < shipped.find("afro").code.coarse.max()


def test_drawn_codes_follow_the_seed_and_stay_near_the_mean(shipped: StyleBook) -> None:
    one, two = (shipped.sample(np.random.default_rng(seed)) for seed in (1, 2))
    assert one.shape == (LATENT,) and one.dtype == np.float32 and np.isfinite(one).all()
    assert np.array_equal(one, shipped.sample(np.random.default_rng(1))) and not np.array_equal(one, two)
    rng = np.random.default_rng(3)
    cold = np.mean([np.linalg.norm(shipped.sample(rng, 0.2) - shipped.prior_mean) for _ in range(50)])
    warm = np.mean([np.linalg.norm(shipped.sample(rng, 1.0) - shipped.prior_mean) for _ in range(50)])
    assert 0 < cold < warm / 3


def test_drawn_styles_are_hairstyles_of_every_kind_and_none_of_the_book_itself(shipped: StyleBook) -> None:
    rng = np.random.default_rng(5)
    drawn = [shipped.draw(rng) for _ in range(300)]
    plain = [style.code for style in shipped.styles if style.code.hair_loss]
    others = [style.code for style in shipped.styles if not style.code.hair_loss]
    beside = [next(i for i, code in enumerate(others) if code is near) for _, near in drawn]
    assert plain and len(set(beside)) > 0.9 * len(others), "each style of the book has its turn"
    usual = np.median([np.linalg.norm(a.z - b.z) for a in others[:20] for b in others[:20] if a is not b])
    apart = np.array([np.linalg.norm(z - near.z) for z, near in drawn])
    assert apart.min() > 0.1 * usual and apart.mean() < usual
    again = shipped.draw(np.random.default_rng(5))
    assert again[0].dtype == np.float32 and np.array_equal(again[0], drawn[0][0])


def test_a_book_of_one_style_or_of_bald_ones_alone_can_be_drawn_from() -> None:
    book = small_book()
    for tags in (("short",), ("bald",)):
        one = [dataclasses.replace(book[0], tags=tags)]
        few = StyleBook(one, book.prior_mean, book.prior_factor, book.face_shape)
        z, near = few.draw(np.random.default_rng(1))
        assert near is few[0].code and not np.array_equal(z, near.z) and np.isfinite(z).all()


def test_names_are_found_however_they_are_typed() -> None:
    book = small_book()
    for wanted in ("grey bob", "  Grey   BOB ", "grey-bob", "grey_bob", "2"):
        assert book.index(wanted) == 1
    assert book.find("3").name == "buzz cut"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("bobb", "bob"),
        ("gray bob", "Grey Bob".lower()),
        ("buzz", "buzz cut"),
        ("xyzzy", "bob, grey bob, buzz cut"),
        ("", "bob"),
        ("0", "There is no style number 0. Give 1 to 3"),
        ("4", "There is no style number 4"),
        ("-1", "There is no style '-1'"),
    ],
)
def test_an_unknown_style_lists_the_closest(wanted: str, expected: str) -> None:
    assert expected in refusal(lambda: small_book().index(wanted))


def test_saved_and_loaded_it_is_the_same(tmp_path: Path) -> None:
    book, path = small_book(), tmp_path / "styles.safetensors"
    path.write_bytes(b"an earlier book")
    book.save(path)
    back = StyleBook.load(path)
    assert [p.name for p in tmp_path.iterdir()] == ["styles.safetensors"]
    assert back.names == book.names
    assert [s.tags for s in back.styles] == [s.tags for s in book.styles]
    assert {(s.licence, s.collection) for s in back.styles} == {("CC0-1.0", "portraits")}
    for old, new in zip(book.styles, back.styles, strict=True):
        assert np.array_equal(old.thumbnail, new.thumbnail)
        assert np.array_equal(old.code.shape, new.code.shape)
        assert np.abs(old.code.z - new.code.z).max() < 4e-3, "kept in half precision"
        assert np.abs(old.code.detail - new.code.detail).max() < 4e-3
        assert np.abs(old.code.coarse - new.code.coarse).max() <= 0.5 / 255 + 1e-6
    assert np.array_equal(book.prior_mean, back.prior_mean)
    assert np.array_equal(book.face_shape, back.face_shape)
    assert np.abs(book.prior_factor - back.prior_factor).max() < 1e-3


def test_the_light_of_each_style_is_kept_and_a_book_may_know_none(tmp_path: Path) -> None:
    book, path = small_book(), tmp_path / "styles.safetensors"
    lights = np.random.default_rng(3).normal(0, 1, (3, LIGHT_SIZE)).astype(np.float32)
    lights[1] = 0  # not known
    styles = [replace(s, code=replace(s.code, light=lt)) for s, lt in zip(book.styles, lights, strict=True)]
    StyleBook(styles, book.prior_mean, book.prior_factor, book.face_shape).save(path)
    assert np.array_equal(np.stack([s.code.light for s in StyleBook.load(path).styles]), lights)
    arrays, data = load_file(path), path.read_bytes()
    metadata = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
    del arrays["light"]
    save_file(arrays, path, metadata)
    assert not any(style.code.light.any() for style in StyleBook.load(path).styles), "a book of before"
    save_file(arrays | {"light": lights[:, :6].copy()}, path, metadata)
    assert "incomplete (light)" in refusal(lambda: StyleBook.load(path))


def test_the_file_is_a_header_of_json_and_bare_numbers(tmp_path: Path) -> None:
    for path in (ENGINES_FOLDER / "styles.safetensors", tmp_path / "s.safetensors"):
        if path.parent == tmp_path:
            small_book().save(path)
        data = path.read_bytes()
        size = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + size])
        held = {n: entry["dtype"] for n, entry in header.items() if n != "__metadata__"}
        assert set(held.values()) <= {"F16", "F32", "U8"}
        assert len(data) == 8 + size + max(
            entry["data_offsets"][1] for n, entry in header.items() if n in held
        )


def damaged(folder: Path, change: Callable[[dict[str, np.ndarray], dict[str, str]], object]) -> str:
    """What is said of a book in which something was changed."""
    path = folder / "styles.safetensors"
    small_book().save(path)
    data = path.read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    arrays, metadata = load_file(path), dict(header["__metadata__"])
    change(arrays, metadata)
    save_file(arrays, path, metadata)
    text = refusal(lambda: StyleBook.load(path))
    assert str(path) in text
    return text


def test_a_book_of_another_version_is_refused(tmp_path: Path) -> None:
    text = damaged(tmp_path, lambda arrays, metadata: metadata.update(format="1"))
    assert "of format 1" in text and "python -m train styles" in text
    text = damaged(tmp_path, lambda arrays, metadata: metadata.update(headspace="0"))
    assert "head space 0" in text and f"head space {VERSION}" in text
    assert "None" in damaged(tmp_path, lambda arrays, metadata: metadata.clear())


@pytest.mark.parametrize("change", [{"format": "3"}, {"format": "12"}, {"headspace": "2"}])
def test_a_book_of_a_newer_program_asks_for_an_update(tmp_path: Path, change: dict[str, str]) -> None:
    text = damaged(tmp_path, lambda arrays, metadata: metadata.update(change))
    assert "update this program" in text and "uild it again" not in text


@pytest.mark.parametrize("format", ["1", "", "two", "-3", "9" * 5000, "²"])
def test_a_book_of_an_older_program_or_none_does_not(tmp_path: Path, format: str) -> None:
    text = damaged(tmp_path, lambda arrays, metadata: metadata.update(format=format))
    assert "update" not in text and "uild it again" in text


def test_a_list_of_names_nested_without_end_is_refused(tmp_path: Path) -> None:
    damaged(tmp_path, lambda arrays, metadata: metadata.update(styles="[" * 100_000))


@pytest.mark.parametrize(
    "name", ["z", "detail", "coarse", "shape", "thumbnail", "prior_mean", "prior_factor", "face_shape"]
)
def test_an_incomplete_book_names_what_is_missing(tmp_path: Path, name: str) -> None:
    assert f"({name})" in damaged(tmp_path, lambda arrays, metadata: arrays.pop(name))

    def shortened(arrays: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
        arrays[name] = np.ascontiguousarray(arrays[name][:-1])

    assert f"({name})" in damaged(tmp_path, shortened)


@pytest.mark.parametrize(
    "names",
    ["[]", "{}", "3", '["bob", "b", "c"]', '[{"name": "a"}, {"name": "b"}, {"name": "c"}]', "[{]"],
)
def test_a_book_whose_list_of_names_is_odd_is_refused(tmp_path: Path, names: str) -> None:
    damaged(tmp_path, lambda arrays, metadata: metadata.update(styles=names))


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "styles.safetensors"
    assert "cannot be read" in refusal(lambda: StyleBook.load(path))
    small_book().save(path)
    whole = path.read_bytes()
    for data in (b"", whole[:4], whole[:1000], whole[:-1], b"\x80\x04" + whole, b"PK\x03\x04" + b"\0" * 64):
        path.write_bytes(data)
        assert f"{path} cannot be read" in refusal(lambda: StyleBook.load(path))
    assert "cannot be read" in refusal(lambda: StyleBook.load(tmp_path))


def book_with_axes() -> StyleBook:
    rng = np.random.default_rng(2)
    book = small_book()
    figures = {"length": (0.9, 0.4, -3.0, 2.0), "curl": (float("nan"), 0.0, 0.0, 0.0)}
    book.axes = {
        name: Axis(rng.normal(0, 0.1, LATENT).astype(np.float32), *said) for name, said in figures.items()
    }
    return book


def test_axes_are_saved_with_the_book(tmp_path: Path) -> None:
    book, path = book_with_axes(), tmp_path / "styles.safetensors"
    book.save(path)
    back = StyleBook.load(path)
    assert list(back.axes) == ["length", "curl"]
    for name, axis in book.axes.items():
        assert np.array_equal(back.axes[name].direction, axis.direction)
        assert back.axes[name].direction.dtype == np.float32
        for figure in FIGURES:
            one, other = getattr(axis, figure), getattr(back.axes[name], figure)
            assert one == other or np.isnan(one) and np.isnan(other)


def test_a_book_without_axes_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "styles.safetensors"
    small_book().save(path)
    assert StyleBook.load(path).axes == {}
    assert "axes" not in load_file(path) and b'"axes"' not in path.read_bytes()
    with_axes = tmp_path / "with.safetensors"
    book_with_axes().save(with_axes)
    one, other = load_file(path), load_file(with_axes)
    assert set(other) - set(one) == {"axes"} and all(np.array_equal(one[n], other[n]) for n in one)


def test_moved_along_axes() -> None:
    book = book_with_axes()
    code, direction = book.find("bob").code, book.axes["length"].direction
    before = code.z.copy()
    z = book.moved(code, {"length": 2.0, "curl": -1})
    assert z.dtype == np.float32 and z.shape == (LATENT,)
    assert z == pytest.approx(before + 2 * direction - book.axes["curl"].direction, abs=1e-6)
    assert np.array_equal(code.z, before), "the style itself stays"
    assert np.array_equal(book.moved(code.z, {}), before) and book.moved(code.z, {}) is not code.z
    assert np.array_equal(book.moved(code.z, {"length": 2.0}), book.moved(code, {"length": 2.0}))


def test_an_axis_that_is_not_there() -> None:
    code = np.zeros(LATENT, np.float32)
    assert "no axis 'lenght'. It has length, curl" in refusal(
        lambda: book_with_axes().moved(code, {"lenght": 1})
    )
    assert "It has none; python -m train styles" in refusal(lambda: small_book().moved(code, {"length": 1}))
    assert "not a number of steps" in refusal(lambda: book_with_axes().moved(code, {"length": float("nan")}))


def first(metadata: dict[str, str], **said: object) -> None:
    """Changes what is said of the first axis."""
    entries = json.loads(metadata["axes"])
    entries[0] |= said
    metadata["axes"] = json.dumps(entries)


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays, metadata: arrays.pop("axes"),
        lambda arrays, metadata: metadata.pop("axes"),
        lambda arrays, metadata: metadata.update(axes="{"),
        lambda arrays, metadata: metadata.update(axes="3"),
        lambda arrays, metadata: metadata.update(axes="[]"),
        lambda arrays, metadata: metadata.update(axes='["length", "curl"]'),
        lambda arrays, metadata: arrays.update(axes=arrays["axes"][:1].copy()),
        lambda arrays, metadata: arrays.update(axes=arrays["axes"][:, :64].copy()),
        lambda arrays, metadata: arrays.update(axes=np.full_like(arrays["axes"], np.nan)),
        lambda arrays, metadata: first(metadata, name="curl"),
        lambda arrays, metadata: first(metadata, name=3),
        lambda arrays, metadata: first(metadata, felt=None),
        lambda arrays, metadata: first(metadata, felt="much"),
        lambda arrays, metadata: first(metadata, low=1),
        lambda arrays, metadata: first(metadata, high=-1),
    ],
)
def test_damaged_axes_are_refused(tmp_path: Path, change: Callable) -> None:
    path = tmp_path / "styles.safetensors"
    book_with_axes().save(path)
    data = path.read_bytes()
    metadata = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
    arrays = load_file(path)
    change(arrays, metadata)
    save_file(arrays, path, metadata)
    assert "The axes of the style book" in refusal(lambda: StyleBook.load(path))


def test_the_shipped_axes_say_how_far_they_can_be_trusted(shipped: StyleBook) -> None:
    assert list(shipped.axes) == [
        "length", "volume", "fringe", "curl", "hue", "lightness", "grey", "hairline"
    ]  # fmt: skip
    for name, axis in shipped.axes.items():
        assert 0 < axis.explained <= 1 and 0 < np.linalg.norm(axis.direction) < 20, name
        # What the networks do not follow has no useful range, and the other way round.
        assert (axis.felt >= 0.1) == (axis.high > axis.low), name
    followed = {name for name, axis in shipped.axes.items() if axis.felt > 0.25}
    assert {"length", "volume", "lightness", "hairline"} <= followed


def test_along_the_shipped_length_hair_grows(shipped: StyleBook) -> None:
    """By the shape decoder: the rows that hair reaches below the eyes, for styles of all lengths."""
    decoder = open_engine("shape", "openvino")

    def reach(z: np.ndarray) -> float:
        coarse = decoder.run(z=z[None], shape=shipped.face_shape[None])["coarse"][0, 0]
        return float(coarse[30:].max(1).sum())

    styles = [shipped.find(name) for name in ("side part", "bob", "long wavy", "afro", "pompadour")]
    for style in styles:
        shorter, same, longer = (reach(shipped.moved(style.code, {"length": n})) for n in (-2, 0, 2))
        assert shorter < same < longer or style.name == "long wavy" and shorter < same, style.name
    decoder.close()
