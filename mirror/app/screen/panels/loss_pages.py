"""Loss pages: the tray's page of hair loss, and the one behind it on which single zones are planned."""

from __future__ import annotations

from typing import Protocol

import pygame

from mirror.app.screen import widgets
from mirror.app.screen.design import INK, MUTED, NEAR, TOUCH, Colour
from mirror.app.screen.panels.dye_palette import draw_swatch
from mirror.app.screen.panels.tray_layout import (
    DRAW,
    PLAN,
    RESET,
    TO_STYLES,
    TOP,
    ZONES_AND_LINE,
    Page,
)
from mirror.app.screen.view import View
from mirror.app.screen.wishes import ChooseScale, ChooseShade, ClearPlan, ShowCourse, ShowLoss, Trying
from mirror.hair.loss.scale_words import COURSE, LUDWIG, NORWOOD, SCALES
from mirror.translation.message import Message


class Line(Protocol):
    """Writes a line into the tray, see `mirror.app.screen.panels.tray.Tray`."""

    def __call__(
        self, screen: pygame.Surface, words: str, size: int, row: tuple[float, float], colour: Colour,
        at: float = 0.0, share: float = 1.0,
    ) -> None: ...  # fmt: skip


def draw_loss(screen: pygame.Surface, view: View, page: Page, unit: float, line: Line) -> None:
    """The page of the slider: its step by number and in plain words, and what the picture is not."""
    loss = view.trying.loss
    words: str = Message("Move the slider to begin") if loss is None else view.trying.loss_words
    line(screen, words, NEAR.heading, (TOP, 32), INK)
    page.sliders["loss"].draw_on(screen, unit)
    below = TOP + 36 + TOUCH
    for end, at in ((Message("Bald"), 0.0), (Message("Now"), 0.5), (Message("Full"), 1.0)):
        line(screen, end, NEAR.caption, (below, 22), MUTED, at, 0.34)
    line(screen, Message("An illustration, not a prediction."), NEAR.caption, (below + 36, 24), INK)
    if loss is not None:
        widgets.draw(screen, page.buttons["off"], TO_STYLES, unit)
    widgets.draw(screen, page.buttons[PLAN], ZONES_AND_LINE, unit)
    if "scale" in page.buttons:
        widgets.draw(screen, page.buttons["scale"], SCALES[view.trying.plan.scale], unit)
    for name in view.trying.shades:
        draw_swatch(screen, page.buttons[name].rect, name, unit, name == view.trying.shade)


def draw_plan(screen: pygame.Surface, page: Page, unit: float) -> None:
    """The page of the zones, but for the words beside the sliders."""
    widgets.draw(screen, page.buttons["draw"], DRAW, unit)
    widgets.draw(screen, page.buttons["clear"], RESET, unit)
    widgets.draw(screen, page.buttons["course"], COURSE, unit)


def wish_of(name: str, trying: Trying) -> ShowLoss | ChooseShade | ChooseScale | ClearPlan | ShowCourse:
    """What a button of these pages means that opens nothing."""
    if name == "off":
        return ShowLoss(None)
    if name == "course":
        return ShowCourse()
    if name == "clear":
        return ClearPlan()
    if name == "scale":
        return ChooseScale(NORWOOD if trying.plan.scale == LUDWIG else LUDWIG)
    return ChooseShade(name)
