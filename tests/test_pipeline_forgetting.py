"""Forgetting leaves nothing behind, in the mirror or a module, and what was dropped is overwritten."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from functools import _lru_cache_wrapper
from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.core.frame import Frame
from mirror.engines.choose import prove
from mirror.hair.key_view import GrownStyle
from mirror.hair.loss.drawn_hairline import DrawnHairline
from mirror.hair.styles.style_filter import StyleFilter
from mirror.pipeline.mirror import Mirror
from tests.reached import arrays, module_globals, reached, worth

# What is the same for everybody: noise and orders of strands of a fixed seed by side, ears by one of a few
# widths, grown styles as their files hold them, what is true of each style, and the list of all that is
# nobody's own.
FOR_ALL = {
    "mirror.removal.texture_synthesis._noise",
    "mirror.hair.loss.thinning._strands",
    "mirror.hair.loss.thinning._order",
    "mirror.hair.loss.thinning._light",
    "mirror.hair.loss.thinning._taken",
    "mirror.removal.ears.drawn",
    "mirror.hair.shelf._read",
    "mirror.hair.styles.traits.traits_of",
    "mirror.hair.styles.style_filter.traits_of",
    "mirror.hair.styles.suggestions.traits_of",
    "mirror.core.erase._everybodys",
    "mirror.compositing.warp.nodes_of",
    "mirror.compositing.frame_part.nodes_of",
}


@pytest.fixture(scope="module")
def own() -> Iterator[Mirror]:
    """A mirror with all networks open, that has seen nobody."""
    mirror = Mirror("bob", seed=3)
    mirror._encoder()
    mirror.warm_up()
    for engine in mirror.engines.values():
        prove(engine)
    yield mirror
    mirror.close()


def visit(mirror: Mirror, image: np.ndarray, photograph: Path) -> None:
    """Somebody comes and tries everything, with a friend."""

    def stream(began: float, frames: int = 4) -> None:
        for n in range(frames):
            seen = mirror.look(Frame(image, n, began + n / 30))
            friend = replace(seen, place=1, since=began)
            shown = mirror.dress(replace(seen, others=(friend,)))
            assert shown.face is not None

    stream(1.0, 16)
    for loss in (-1.0, -0.5, 0.8, None):
        mirror.set_loss(loss)
        stream(2.0)
    mirror.set_loss_zone("Front", -0.5)
    mirror.set_loss_zone("Crown", 0.5)
    mirror.draw_hairline(DrawnHairline.usual())
    stream(2.5)
    mirror.set_loss(None)
    mirror.styling.set_blend(0.4)
    stream(3.0)
    mirror.styling.set_blend(1.0)
    mirror.styling.adjust("length", 1.0)
    mirror.styling.choose_dye("copper", 3.5)
    stream(4.0)
    mirror.wear_own()
    stream(5.0)
    mirror.styling.pick(7, 5.5)
    mirror.styling.narrow(StyleFilter(length="long"))
    stream(5.6)
    mirror.wear_photo(photograph)
    mirror.set_grid((0, 1, 2, 3))
    stream(6.0, 6)
    mirror.set_grid(())
    stream(7.0)
    shown = mirror.process(Frame(image, 99, 7.5))
    assert [one for one in mirror.card(shown, [shown.worn]) if one is not None]
    mirror.want_thumbnails((47, 12))
    for n in range(80):
        mirror.process(Frame(image, n, 10 + n / 30))
    assert mirror.own_thumbnails
    assert mirror.apply(image).shape == image.shape
    assert mirror.matte(image) is not None and mirror.encode(image) is not None


@pytest.fixture(scope="module")
def person(portrait: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> tuple[np.ndarray, Path]:
    """Somebody whom no other test sees, in a room; and a photograph of them."""
    image = np.full((480, 640, 3), 150, np.uint8)
    other = np.clip(portrait[:, ::-1].astype(np.float32) * (0.9, 0.75, 0.6), 0, 255).astype(np.uint8)
    image[:, 80:560] = cv2.resize(other, (480, 480), interpolation=cv2.INTER_AREA)
    path = tmp_path_factory.mktemp("photographs") / "somebody.png"
    cv2.imwrite(str(path), other[..., ::-1])
    return image, path


def contents() -> dict[str, dict]:
    """Of each global of the mirror's modules what it is worth; of a cache how much it holds."""
    return {
        name: {"kept": value.cache_info().currsize} if isinstance(value, _lru_cache_wrapper) else worth(value)
        for name, value in module_globals("mirror")
    }


def test_a_mirror_that_forgot_holds_what_a_new_one_holds_and_nothing_else(
    own: Mirror, person: tuple[np.ndarray, Path]
) -> None:
    own.forget()
    gc.collect()
    before, modules = worth(own), contents()
    visit(own, *person)
    shared = [own.book, *own.engines.values(), *dict(module_globals("mirror")).values()]
    # Of the shelf, as their files hold them.
    shared += [one for one in reached(own._stream) if isinstance(one, GrownStyle)]
    everybodys = {id(one) for one in arrays(*shared)}
    left = [one for one in arrays(own._stream) if id(one) not in everybodys]
    assert sum(one.any() for one in left) > 80, "a visit leaves much to forget"
    own.forget()
    # Overwritten, and not only dropped.
    kept = [(one.shape, one.dtype) for one in left if one.any()]
    assert not kept
    gc.collect()
    after = worth(own)
    assert {key: n for key, n in after.items() if before.get(key) != n} == {}
    assert before.keys() == after.keys()
    changed = {name: told for name, told in contents().items() if name in modules and told != modules[name]}
    assert changed.keys() - FOR_ALL == set()
    assert not {name for name in contents() if name not in modules}


def test_the_walk_finds_what_a_module_or_a_mirror_keeps(own: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would tell: a picture hidden in a module, in a closure, in an attribute of an engine."""
    import mirror.removal.ears as module

    picture = np.random.default_rng(0).random((5, 7))
    before, modules = worth(own), contents()
    monkeypatch.setattr(module, "_kept", {"last": [picture]}, raising=False)
    assert "mirror.removal.ears._kept" in contents() and "mirror.removal.ears._kept" not in modules
    hidden = lambda: picture  # noqa: E731
    monkeypatch.setattr(own._stream, "_hidden", hidden, raising=False)
    assert worth(own) != before and any(one is picture for one in reached(own))
    monkeypatch.delattr(own._stream, "_hidden")
    monkeypatch.setattr(own.engines["matte"], "_last", picture, raising=False)
    assert worth(own) != before


def test_the_book_and_the_networks_outlive_it(own: Mirror, person: tuple[np.ndarray, Path]) -> None:
    image, _ = person
    own.forget()
    first = own.apply(image)
    codes = [style.code.coarse.sum() for style in own.book.styles]
    own.styling.adjust("length", 1.0)
    own.process(Frame(image, 0, 0.0))
    own.forget()
    assert [style.code.coarse.sum() for style in own.book.styles] == codes
    assert np.array_equal(own.apply(image), first)
