"""From wishes to what the mirror is told, and how a picture of hair loss is marked."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mirror.app import screen as s
from mirror.app.live_display import Display
from mirror.app.screen.style_strip import Strip
from mirror.app.try_on import TryOn
from mirror.core.frame import Frame
from mirror.hair.loss.drawn_hairline import DrawnHairline
from mirror.hair.styles.style_filter import StyleFilter
from mirror.pipeline.run_report import Report
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.worn_style import ILLUSTRATION, SIMULATED, Worn
from mirror.settings.options import Settings
from mirror.translation.catalogue import Words
from tests.tryon_fakes import THUMBNAILS, Told, TryingMirror


@pytest.fixture
def mirror() -> TryingMirror:
    return TryingMirror()


@pytest.fixture
def live(mirror: TryingMirror) -> Told:
    return Told(mirror)


@pytest.fixture
def tryon(live: Told) -> TryOn:
    return TryOn(live)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (s.PickStyle(4), [("pick", 4)]),
        (s.Action.NEXT, [("pick", 1)]),
        (s.Action.PREVIOUS, [("pick", -1)]),
        (s.Action.NEXT_GROUP, [("step_group", 1)]),
        (s.Action.PREVIOUS_GROUP, [("step_group", -1)]),
        (s.Action.RANDOM, [("draw",)]),
        (s.Action.BACK, [("back",)]),
        (s.Action.FORWARD, [("forward",)]),
        (s.Action.DYE_BACK, [("step_dye", -1)]),
        (s.ChooseDye("copper"), [("dye", "copper")]),
        (s.Blend(0.4), [("blend", 0.4)]),
        (s.Adjust("length", -1.5), [("adjust", "length", -1.5)]),
        (s.ClearAdjustments(), [("clear",)]),
        (s.WearOwn(), [("own",)]),
        (s.WearPhoto(Path("a.jpg")), [("photo", Path("a.jpg"))]),
        (s.ShowLoss(-0.5), [("loss", -0.5)]),
        (s.ChooseShade("black"), [("loss shade", "black")]),
        (s.ShowGrid((1, 2, 3, 4)), [("grid", (1, 2, 3, 4))]),
        (s.Narrow(StyleFilter(length="long")), [("narrow", StyleFilter(length="long"))]),
    ],
)
def test_each_wish_reaches_the_mirror(tryon: TryOn, live: Told, wish: Any, told: list[Any]) -> None:
    assert tryon.obey(wish)
    live.work(1.0)
    assert live.mirror.told == told


def test_brows_and_beard_follow_as_it_is_wished(tryon: TryOn, live: Told) -> None:
    seen = []
    for wish in (s.Action.BROWS, s.Action.BROWS, s.FollowBrows(True), s.FollowBrows(True)):
        assert tryon.obey(wish)
        live.work(1.0)
        seen.append(live.mirror.styling.brows_follow)
    assert seen == [True, False, True, True]
    assert tryon.state(live.mirror).brows_follow


def test_other_wishes_are_not_its_own(tryon: TryOn, live: Told) -> None:
    assert not tryon.obey(s.Action.SNAPSHOT) and not tryon.obey(s.Say("x"))
    assert len(live.pending) == 0


def test_another_style_is_put_on_whole_and_alone(tryon: TryOn, live: Told) -> None:
    for wish in (s.Blend(0.2), s.ShowGrid((1, 2, 3, 4)), s.PickStyle(3)):
        tryon.obey(wish)
    live.work(1.0)
    assert live.mirror.grid == () and live.mirror.styling.blend == 1 and live.mirror.styling.number == 3


def test_back_leaves_first_what_is_shown_in_place_of_one_look(tryon: TryOn, live: Told) -> None:
    tryon.obey(s.ShowLoss(-0.5))
    live.work(1.0)
    tryon.obey(s.Action.BACK)
    live.work(2.0)
    assert tryon.loss is None and ("back",) not in live.mirror.told
    tryon.obey(s.ShowGrid((1, 2, 3, 4)))
    live.work(3.0)
    tryon.obey(s.Action.BACK)
    live.work(4.0)
    assert live.mirror.grid == () and ("back",) not in live.mirror.told
    tryon.obey(s.Action.BACK)
    live.work(5.0)
    assert live.mirror.told[-1] == ("back",)
    live.mirror.styling.first = True
    tryon.obey(s.Action.BACK)
    live.work(6.0)
    assert "first look" in live.said.get()


def test_own_hair_that_cannot_be_read_changes_nothing_and_says_why(tryon: TryOn, live: Told) -> None:
    tryon.obey(s.Blend(0.2))
    live.work(1.0)
    live.mirror.refusal = "There is no face before the mirror."
    tryon.obey(s.WearOwn())
    live.work(2.0)
    assert live.said.get() == "There is no face before the mirror."
    assert live.mirror.styling.blend == 0.2


def test_a_slider_that_is_cleared_while_it_is_read_is_no_error(
    tryon: TryOn, live: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    tryon.obey(s.ShowLoss(-0.5))
    real = live.mirror.loss_words
    read: list[float] = []

    class Cleared(TryOn):
        """Another thread clears the slider as soon as it was read."""

        @property
        def loss(self) -> float | None:
            amount, self.__dict__["given"] = self.__dict__.get("given"), None
            return amount

        @loss.setter
        def loss(self, amount: float | None) -> None:
            self.__dict__["given"] = amount

    raced = Cleared(live)  # type: ignore[arg-type]
    raced.loss = -0.5
    monkeypatch.setattr(live.mirror, "loss_words", lambda amount: read.append(amount) or real(amount))
    state = raced.state(live.mirror)  # type: ignore[arg-type]
    assert (state.loss, state.loss_words) == (-0.5, "Norwood III") and read == [-0.5]


def test_hair_loss_that_is_refused_is_off(tryon: TryOn, live: Told) -> None:
    live.mirror.refusal = "There is no face before the mirror."
    tryon.obey(s.ShowLoss(-0.5))
    live.work(1.0)
    assert tryon.loss is None and not live.said.empty()


@pytest.mark.parametrize(
    "wish", [s.PickStyle(2), s.Action.NEXT, s.Adjust("length", 1.0), s.ShowGrid((0, 1, 2, 3))]
)
def test_a_style_ends_hair_loss_first(tryon: TryOn, live: Told, wish: Any) -> None:
    tryon.obey(s.ShowLoss(0.5))
    live.work(1.0)
    live.mirror.told.clear()
    tryon.obey(wish)
    live.work(2.0)
    assert live.mirror.told[0] == ("loss", None) and len(live.mirror.told) == 2
    assert tryon.loss is None


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (s.SetZone("Front", -0.5), ("zone", "Front", -0.5)),
        (s.ChooseScale("Ludwig"), ("loss scale", "Ludwig")),
        (s.DrawHairline(DrawnHairline.usual()), ("hairline", DrawnHairline.usual())),
        (s.ClearPlan(), ("clear plan",)),
    ],
)
def test_a_plan_begins_with_todays_hair(tryon: TryOn, live: Told, wish: Any, told: Any) -> None:
    tryon.obey(wish)
    live.work(1.0)
    assert live.mirror.told == [("loss", 0.0), told] and tryon.loss == 0.0
    live.mirror.told.clear()
    tryon.obey(s.ShowLoss(-0.5))
    tryon.obey(wish)
    live.work(2.0)
    assert live.mirror.told == [("loss", -0.5), told], "a slider that was moved stays where it is"


def test_of_several_photographs_the_first_is_taken_and_that_is_said(tryon: TryOn, live: Told) -> None:
    tryon.obey(s.WearPhoto(Path("me.jpg")))
    assert live.said.get() == "Reading the hair of me.jpg"
    tryon.obey(s.WearPhoto(Path("me.jpg"), others=2))
    assert live.said.get() == "3 files were dropped: the first, me.jpg, is taken."


def test_the_panels_see_what_is_tried_on(tryon: TryOn, live: Told) -> None:
    for wish in (s.Blend(0.4), s.ChooseDye("copper"), s.Adjust("length", 2.0)):
        tryon.obey(wish)
    live.work(1.0)
    tryon.obey(s.ShowLoss(-0.5))
    state = tryon.state(live.mirror)  # type: ignore[arg-type]
    assert (state.blend, state.dye, state.steps) == (0.4, "copper", {"length": 2.0})
    assert (state.loss, state.loss_words, state.axes["grey"]) == (-0.5, "Norwood III", (0.0, 1.0))
    live.mirror.loss_shades = ("black", "silver")
    assert tryon.state(live.mirror).shades == ("black", "silver")


class Glass:
    """Stands in for the window: wishes what it is given, keeps what it was shown."""

    hud = mirrored = bare = False

    def __init__(self) -> None:
        self.wishes: list[Any] = []
        self.views: list[s.View] = []
        self.panels: list[Any] = []
        self.beneath: list[Any] = []
        self.strip = Strip()
        self.words = Words("en")

    def actions(self) -> list[Any]:
        wishes, self.wishes = self.wishes, []
        return wishes

    def show(self, view: s.View) -> None:
        self.views.append(view)


def test_the_display_says_what_failed_and_marks_hair_loss(
    live: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    glass, source = Glass(), SimpleNamespace(name="x", problem=None, reason="asked for", rate=30.0)
    display = Display(live, source, Settings(), glass, Report())  # type: ignore[arg-type]
    image = THUMBNAILS[0][1]
    assert display.mark == SIMULATED
    display.last = Shown(Frame(image, 0, 1.0), image.copy())
    live.mirror.refusal = "There is no face in me.jpg."
    glass.wishes = [s.WearPhoto(Path("me.jpg"))]
    display._hear()
    live.work(1.0)
    display._hear()
    display._draw()
    assert glass.views[-1].message == "There is no face in me.jpg."
    assert glass.views[-1].before is image and glass.views[-1].mark == ""
    live.mirror.refusal = None
    glass.wishes = [s.ShowLoss(-0.5), s.Say("hello")]
    display._hear()
    display.last = Shown(Frame(image, 1, 2.0), image.copy(), worn=Worn("Norwood III", hair_loss=True))
    display._draw()
    view = glass.views[-1]
    assert (view.mark, view.style_name, view.message) == (ILLUSTRATION, "Norwood III", "hello")
    assert view.style_number == -1, "no style of the strip is worn"
    assert display.mark == ILLUSTRATION
    film: list[Any] = []
    recorder = SimpleNamespace(write=lambda picture, at: film.append(picture))
    large = np.zeros((360, 640, 3), np.uint8)
    display.outgoing._recorder = recorder  # type: ignore[assignment]
    display.outgoing.send(display.last, large, display.mark, False)
    assert film[0][180:, :320].any() and not film[0][:180].any(), "the line is on what is recorded too"
    assert not large.any(), "the mirror's own picture stays as it was"
    display.obey(s.Action.ORIGINAL_ON)
    display._draw()
    assert glass.views[-1].mark == "" and display.mark == SIMULATED, "the own hair is no illustration"


@pytest.mark.parametrize("hair_loss", [True, False])
def test_what_is_recorded_without_a_window_is_marked_too(live: Told, hair_loss: bool) -> None:
    source = SimpleNamespace(name="x", problem=None, reason="asked for", rate=30.0)
    display = Display(live, source, Settings(), None, Report())  # type: ignore[arg-type]
    image = np.zeros((360, 640, 3), np.uint8)
    display.last = Shown(Frame(image, 0, 1.0), image, worn=Worn("x", hair_loss))
    film: list[Any] = []
    recorder = SimpleNamespace(write=lambda picture, at: film.append(picture))
    pairs = SimpleNamespace(write=lambda number, before, after, old, new: film.extend([before, after]))
    display.last = Shown(Frame(image, 0, 1.0), image.copy(), worn=Worn("x", hair_loss), laid=None)
    shown: Any = SimpleNamespace(frame=display.last.frame, mattes=lambda: (None, None), caption="")
    display.outgoing._recorder, display.outgoing._pairs = recorder, pairs  # type: ignore[assignment]
    display.outgoing.send(shown, image, display.mark, False)
    recorded, before, after = film
    assert recorded[180:, :320].any() == hair_loss == after[180:, :320].any()
    assert not before.any()
