"""Trying on: from what a person wishes to what the mirror in the worker thread is told.

Main thread. Every wish becomes a command with a kind, so that a newer one takes its place while the
older still waits (`mirror.pipeline.command_queue`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mirror.core.errors import MirrorError
from mirror.hair.styles.shape_edits import AXES
from mirror.pipeline.command_queue import Command, Steps
from mirror.pipeline.live_loop import Live
from mirror.pipeline.mirror import Mirror
from mirror.translation.message import Message, Said

if TYPE_CHECKING:
    from mirror.app.screen import Trying, Wish


class TryOn:
    """Obeys the wishes that change what is worn.

    Args:
        live: whose worker is told.

    Attributes:
        loss: hair loss as it was last asked for, -1 to 1; None while it is off.
    """

    def __init__(self, live: Live) -> None:
        self._live = live
        self.loss: float | None = None

    def state(self, mirror: Mirror) -> Trying:
        """What the panels show."""
        from mirror.app.screen import Trying

        # Read once: a command that fails clears it in its own thread.
        styling, loss = mirror.styling, self.loss
        return Trying(
            blend=styling.blend,
            dye=styling.dye_name,
            brows_follow=styling.brows_follow,
            axes={name: (ends.low, ends.high) for name, ends in AXES.items()},
            steps=dict(styling.adjusted),
            loss=loss,
            loss_words="" if loss is None else mirror.loss_words(loss),
            grid=mirror.grid,
            shades=mirror.loss_shades if self.loss is not None else (),
            shade=mirror.loss_shade,
            plan=mirror.loss_plan,
            grafts=mirror.loss_grafts,
            filter=styling.filter,
            left=styling.left,
            ways=styling.ways,
        )

    def obey(self, wish: Wish) -> bool:
        """Does what concerns the hair; False where the wish is about something else."""
        from mirror.app import screen as s

        match wish:
            case s.PickStyle(number):
                self._style(_alone(lambda mirror, now: mirror.styling.pick(number, now)))
            case s.Action.RANDOM:
                self._style(_alone(lambda mirror, now: mirror.styling.draw(now)))
            case s.Action.BACK:
                self._back()
            case s.Action.FORWARD:
                self._style(_alone(_forward))
            case s.Action.NEXT | s.Action.PREVIOUS:
                by = 1 if wish is s.Action.NEXT else -1
                self._style(Steps(_step, by))
            case s.Action.NEXT_GROUP | s.Action.PREVIOUS_GROUP:
                by = 1 if wish is s.Action.NEXT_GROUP else -1
                self._style(Steps(_step_group, by))
            case s.Action.DYE | s.Action.DYE_BACK:
                by = 1 if wish is s.Action.DYE else -1
                self._live.tell(Steps(lambda mirror, by, now: mirror.styling.step_dye(by, now), by), "dye")
            case s.ChooseDye(name):
                self._live.tell(lambda mirror, now: mirror.styling.choose_dye(name, now), "dye")
            case s.Action.BROWS:
                self._live.tell(_turn_brows)
            case s.FollowBrows(wished):
                self._live.tell(lambda mirror, now: _follow(mirror, wished), "brows")
            case s.Blend(share):
                self._live.tell(lambda mirror, now: mirror.styling.set_blend(share), "blend")
            case s.Adjust(axis, steps):
                self.leave_loss()
                self._live.tell(lambda mirror, now: mirror.styling.adjust(axis, steps), f"adjust {axis}")
            case s.ClearAdjustments():
                self._live.tell(lambda mirror, now: mirror.styling.clear_adjustments(), "clear")
            case s.WearOwn():
                self._style(_alone(lambda mirror, now: mirror.wear_own()))
            case s.WearPhoto(path, others):
                self._live.said.put(
                    Message(
                        "{count} files were dropped: the first, {file}, is taken.",
                        count=others + 1,
                        file=Said(path.name),
                    )
                    if others
                    else Message("Reading the hair of {file}", file=Said(path.name))
                )
                self._style(_alone(lambda mirror, now: mirror.wear_photo(path, now)))
            case s.ShowLoss(amount):
                self._show_loss(amount)
            case s.ChooseShade(name):
                self._live.tell(lambda mirror, now: mirror.choose_loss_shade(name), "loss shade")
            case s.ChooseScale(scale):
                self._plan(lambda mirror: mirror.set_loss_scale(scale), "loss scale")
            case s.SetZone(zone, density):
                self._plan(lambda mirror: mirror.set_loss_zone(zone, density), f"zone {zone}")
            case s.DrawHairline(line):
                self._plan(lambda mirror: mirror.draw_hairline(line), "hairline")
            case s.ClearPlan():
                self._plan(lambda mirror: mirror.clear_loss_plan(), "hairline")
            case s.ShowGrid(numbers):
                if numbers:
                    self.leave_loss()
                self._live.tell(lambda mirror, now: mirror.set_grid(numbers), "grid")
            case s.Narrow(wanted):
                self._live.tell(lambda mirror, now: mirror.styling.narrow(wanted), "filter")
            case _:
                return False
        return True

    def _back(self) -> None:
        """To the look before; hair loss or a grid, shown in place of one look, is left for that look."""
        if self.loss is not None:
            self.leave_loss()
            return

        def command(mirror: Mirror, now: float) -> None:
            if not mirror.grid and not mirror.styling.back(now):
                raise MirrorError(Message("This is the first look: there is none before it."))
            _whole(mirror, now)

        self._live.tell(command)

    def _style(self, command: Command) -> None:
        self.leave_loss()
        self._live.tell(command, "style")

    def leave_loss(self) -> None:
        """Styles again, where hair loss is shown."""
        if self.loss is not None:
            self._show_loss(None)

    def _plan(self, change: Callable[[Mirror], None], kind: str) -> None:
        """Something of the plan is said: hair loss is shown from now on, beginning with today's hair."""
        if self.loss is None:
            self._show_loss(0.0)
        self._live.tell(lambda mirror, now: change(mirror), kind)

    def _show_loss(self, amount: float | None) -> None:
        self.loss = amount

        def command(mirror: Mirror, now: float) -> None:
            try:
                mirror.set_loss(amount)
            except MirrorError:
                self.loss = None
                raise

        self._live.tell(command, "loss")


def _follow(mirror: Mirror, wished: bool) -> None:
    mirror.styling.brows_follow = wished


def _turn_brows(mirror: Mirror, now: float) -> None:
    _follow(mirror, not mirror.styling.brows_follow)


def _forward(mirror: Mirror, now: float) -> None:
    if not mirror.styling.forward(now):
        raise MirrorError(Message("There is no look after this one: nobody went back from it."))


def _step(mirror: Mirror, by: int, now: float) -> None:
    mirror.styling.step(by, now)
    _whole(mirror, now)


def _step_group(mirror: Mirror, by: int, now: float) -> None:
    mirror.styling.step_group(by, now)
    _whole(mirror, now)


def _alone(command: Command) -> Command:
    def both(mirror: Mirror, now: float) -> None:
        command(mirror, now)  # where this cannot be done, all stays as it was
        _whole(mirror, now)

    return both


def _whole(mirror: Mirror, now: float) -> None:
    """Another style is put on whole and alone, whatever was played with before."""
    if mirror.grid:
        mirror.set_grid(())
    if mirror.styling.blend != 1:
        mirror.styling.set_blend(1.0)
