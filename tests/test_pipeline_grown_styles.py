"""A grown style on a person: worn live, and everything else untouched."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from mirror.compositing import own_hairline
from mirror.compositing import wearer as wearer_file
from mirror.compositing.laid_hair import LaidHair
from mirror.compositing.laid_painting import LaidPainting
from mirror.compositing.over import Canvas
from mirror.compositing.own_hairline import OwnRoots
from mirror.core.frame import Frame
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown
from mirror.segmentation.matting import Mattes


@pytest.fixture
def worn(mirror: Mirror) -> Iterator[Mirror]:
    mirror.styling.choose("bob with fringe")
    yield mirror
    mirror.forget()


def shown(mirror: Mirror, image: np.ndarray, count: int = 16) -> list[Shown]:
    """A stream in which the workers have their time, however busy the machine is."""
    found = []
    for number in range(count):
        found.append(mirror.process(Frame(image, number, 50 + number * 0.04)))
        mirror._stream.settle()
    return found


def test_it_is_worn_and_nothing_else_is_touched(worn: Mirror, demo_frame: np.ndarray) -> None:
    last = shown(worn, demo_frame)[-1]
    assert isinstance(last.laid, LaidHair) and last.swapped and last.strength == 1
    assert last.worn.name == "bob with fringe" and last.worn.mark == "simulated"
    old, new = last.mattes()
    changed = (last.image != demo_frame).any(-1)
    assert changed.mean() > 0.01 and new.max() > 0.95
    assert not (changed & (old == 0) & (new == 0)).any()
    assert (
        not changed[(old == 0) & (new == 0)].any()
        and (last.image[new > 0.99] != demo_frame[new > 0.99]).any()
    )
    assert last.head_box is not None


def test_where_own_sides_stay_nothing_else_is_touched_either(
    worn: Mirror, demo_frame: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wearer_file, "alike", lambda *_: (1.0, 1.0))
    monkeypatch.setattr(own_hairline, "_ABLE", (-1.0, -0.5))  # this sitter's hair takes the colour badly
    last = shown(worn, demo_frame)[-1]
    assert isinstance(last.laid, LaidHair) and last.laid.roots is not None
    ears = last.laid.roots.share[118, [70, 186]]
    assert (ears == 255).all(), "beside the eyes all is theirs"
    old, new = last.mattes()
    changed = (last.image != demo_frame).any(-1)
    assert changed.any() and not changed[(old == 0) & (new == 0)].any()


class Slow(Executor):
    """A worker that does nothing until it is told to."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.jobs.append((future, lambda: fn(*args, **kwargs)))
        return future

    def work(self) -> None:
        jobs, self.jobs = self.jobs, []
        for future, job in jobs:
            future.set_result(job())


@pytest.fixture
def slow(worn: Mirror, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    made = Slow()
    monkeypatch.setattr(worn._workers, "fold", made)
    yield made
    made.work()  # or whoever forgets the person waits for ever


def test_a_picture_names_the_shade_that_is_laid_and_not_the_one_that_is_to_come(
    worn: Mirror, slow: Slow, demo_frame: np.ndarray
) -> None:
    def look(number: int) -> str | None:
        return worn.process(Frame(demo_frame, number, 50 + number * 0.04)).worn.dye

    try:
        for number in range(16):
            look(number)
            slow.work()
        assert look(16) == "none"
        worn.styling.choose_dye("copper", 50 + 16 * 0.04)
        assert [look(number) for number in range(17, 22)] == ["none"] * 5, "its views are still being made"
        for number in range(22, 26):
            slow.work()
            last = look(number)
        assert last == "copper"
    finally:
        worn.styling.choose_dye("none")


def test_painted_hair_names_its_shade_too(mirror: Mirror, demo_frame: np.ndarray) -> None:
    name = next(
        style.name for style in mirror.book.styles if style.grown is None and not style.code.hair_loss
    )
    mirror.styling.choose(name)
    assert shown(mirror, demo_frame, 4)[-1].worn.dye == "none"
    mirror.styling.choose_dye("copper")
    found = [one.worn.dye for one in shown(mirror, demo_frame, 16)]
    mirror.styling.choose_dye("none")
    mirror.forget()
    assert found[-1] == "copper"


def test_a_head_that_leaves_the_picture_is_laid_as_far_as_it_is_seen(
    worn: Mirror, demo_frame: np.ndarray
) -> None:
    laid = shown(worn, demo_frame)[-1].laid
    assert isinstance(laid, LaidHair)
    everywhere = np.full((256, 256), 255, np.uint8)
    roots = OwnRoots.of(everywhere, np.full((256, 256, 3), 50, np.uint8))
    size = (demo_frame.shape[1], demo_frame.shape[0])
    for x, y in ((0, 0), (5, -200), (-5000, 40), (size[0] + 20, size[1] + 90)):
        gone = replace(laid, roots=roots, transform=replace(laid.transform, x=float(x), y=float(y)))
        out = demo_frame.copy()
        gone.lay(out, demo_frame, Canvas())
        old, new = gone.mattes(size)
        changed = (out != demo_frame).any(-1)
        assert not changed[(old == 0) & (new == 0)].any()


def test_what_is_held_is_followed_faster_than_underlays_are_made(
    worn: Mirror, demo_frame: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("EVERY", "RESTING", "_OLD"):
        monkeypatch.setattr(f"mirror.compositing.layer_schedule.{name}", 10.0)
    last, dresser = shown(worn, demo_frame)[-1], worn._stream.dresser
    made = dresser._schedule.newest
    nothing, everywhere = (np.full((256, 256), one, np.float32) for one in (0, 1))
    held = Mattes(nothing, everywhere, everywhere)
    monkeypatch.setattr(dresser.matting, "look", lambda image, still=False: held)
    began = last.frame.captured_at
    found = [worn.process(Frame(demo_frame, 16 + n, began + 0.03 * n)) for n in range(1, 7)]
    assert dresser._schedule.newest is made, "no underlay is begun for it"
    assert "matte" not in found[0].stages, "nothing was held, and looked at a moment ago"
    assert all("matte" in one.stages for one in found[-2:])
    now = found[-1]
    _, new = now.mattes()
    assert dresser.where is not None and new.max() > 0.95
    left, top, right, bottom = dresser.where.frame_rectangle(*now.frame.size)
    square = np.s_[top + 30 : bottom - 30, left + 30 : right - 30]  # it is tilted
    assert np.array_equal(now.image[square], demo_frame[square]), "the camera's, wherever something is held"


def test_a_dye_and_the_next_style_follow(worn: Mirror, demo_frame: np.ndarray) -> None:
    first = shown(worn, demo_frame)[-1]
    worn.styling.choose_dye("copper")
    copper = shown(worn, demo_frame)[-1]
    _, new = copper.mattes()
    sure = new > 0.99
    assert copper.image[sure][:, 0].mean() > first.image[sure][:, 0].mean() + 10
    worn.styling.choose_dye("none")
    worn.styling.choose("bob")
    painted = shown(worn, demo_frame, 3)[-1]
    assert isinstance(painted.laid, LaidPainting) and painted.swapped


def test_scalp_beneath_big_hair_is_no_halo_round_the_next_style(worn: Mirror, demo_frame: np.ndarray) -> None:
    worn.styling.choose("afro")
    shown(worn, demo_frame)
    wearer = worn._stream.dresser._wearer
    assert wearer is not None and wearer._under is not None
    made = wearer._under[1]
    assert made.plain is not None and made.worn is not None
    wide, plain = (one.layer.body for one in (made.underlay, made.plain()))
    assert wide is not None and plain is not None
    assert wide[:90].sum() > plain[:90].sum() + 20, "there is scalp between its roots"
    worn.styling.choose("side part")
    seen = worn.look(Frame(demo_frame, 90, 60.0))
    laid = None
    for _ in range(3):  # its views are made in a worker
        laid = wearer.wear(seen, worn.styling.grown, None, 1.0, None)  # type: ignore[arg-type]
        wearer.settle()
    assert laid is not None and wearer._under[1].plain is None
    assert np.array_equal(laid.underlay.layer.body, plain), "before anything else was made"


def mean_lab(picture: np.ndarray, where: np.ndarray) -> np.ndarray:
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    return lab[where].mean(0)


def test_people_wear_it_in_the_colour_of_their_own_hair(worn: Mirror, demo_frame: np.ndarray) -> None:
    last = shown(worn, demo_frame)[-1]
    wearer, style = worn._stream.dresser._wearer, worn.styling.grown
    assert wearer is not None and wearer._shades.own is not None and style is not None
    dye = wearer._shades.own.dye
    own = np.array([dye.light, dye.a, dye.b])
    _, new = last.mattes()
    mine = mean_lab(last.image, new > 0.99)
    worn.styling.wear_grown(replace(style, listing=replace(style.listing, keeps_colour=True)))
    kept = mean_lab(shown(worn, demo_frame)[-1].image, new > 0.99)
    # Strands shade each other and the picture's light is laid on: it is near, and nearer than the style's.
    assert np.linalg.norm(mine - own) < 12
    assert np.linalg.norm(mine - own) < np.linalg.norm(kept - own) - 3


def test_what_was_worn_is_forgotten(worn: Mirror, demo_frame: np.ndarray) -> None:
    wearer = shown(worn, demo_frame, 6) and worn._stream.dresser._wearer
    assert wearer is not None
    wearer.settle()
    assert wearer._under is not None
    taken, made = wearer._under
    underlay = made.underlay
    left = [taken.mattes.hair, underlay.person, underlay.layer.rgb, underlay.squares[0].picture]
    assert all(one.any() for one in left)
    worn.forget()
    assert not any(one.any() for one in left), "overwritten, and not only dropped"
    again = worn.process(Frame(np.full((360, 640, 3), 90, np.uint8), 0, 90.0))
    assert again.laid is None and not again.swapped


def test_a_blend_with_the_own_hair_is_painted(worn: Mirror) -> None:
    assert worn.styling.grown is not None
    worn.styling.set_blend(0.5)
    assert worn.styling.grown is None


@pytest.mark.parametrize("style", ["bob with fringe", "bob"])
def test_engines_are_given_back_after_what_works_with_them(
    style: str, demo_frame: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Mirror(style=style, engine="onnxruntime")
    own.start_workers()
    shown(own, demo_frame, 2)
    network = own.engines["underlay"]
    begun, run, close = threading.Event(), network.run, network.close
    closed: list[bool] = []

    def slowly(**inputs: np.ndarray) -> dict[str, np.ndarray]:
        begun.set()
        threading.Event().wait(0.3)
        assert not closed, "the engine was closed beneath it"
        return run(**inputs)

    def closing() -> None:
        closed.append(True)
        close()

    monkeypatch.setattr(network, "run", slowly)
    monkeypatch.setattr(network, "close", closing)
    # Every half second a new underlay is begun, and not waited for once there is one.
    for number in range(2, 12):
        own.process(Frame(demo_frame, number, 49.6 + number / 2))
        if begun.is_set() and own._stream.dresser._schedule._pending.busy:
            break
        begun.wait(0.5)
    else:
        pytest.fail("nothing was under way")
    own.close()
    assert closed


def test_no_picture_waits_for_what_lies_beneath_the_next_ones(
    worn: Mirror, demo_frame: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    last, dresser = shown(worn, demo_frame)[-1], worn._stream.dresser
    before, looks = dresser._schedule.newest, []
    look = dresser.matting.look
    monkeypatch.setattr(dresser.matting, "look", lambda image: looks.append(1) or look(image))
    frames = [Frame(demo_frame, 16 + n, last.frame.captured_at + 0.45 + n / 30) for n in range(3)]
    first = worn.dress(worn.look(frames[0]))
    assert first.swapped and not looks and dresser._schedule.newest is before, "it is due, and comes later"
    worn.attend()
    assert looks and dresser._schedule.newest is not before
    then = worn.dress(worn.look(frames[1]))
    assert then.stages["matte"] > 0 and then.stages["paint"] > 0, "told with the picture after"
    assert "paint" not in first.stages
    worn.attend()
    count = len(looks)
    worn.dress(worn.look(replace(frames[2], captured_at=last.frame.captured_at + 0.95)))
    assert len(looks) == count
    worn.dress(worn.look(Frame(demo_frame, 19, last.frame.captured_at + 1)))
    assert len(looks) == count + 1, "at the latest the next picture has it done"
