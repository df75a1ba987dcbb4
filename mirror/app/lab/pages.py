"""Tabs: the pages of the panel. Each lays its widgets on a board and keeps them as the session is."""

from __future__ import annotations

from functools import partial
from typing import Protocol

import numpy as np
import pygame

from mirror.app.lab.code_file import list_codes
from mirror.app.lab.session import NOW, OWN, Session
from mirror.app.lab.widget_board import Board
from mirror.app.screen.design import GROUND, INK
from mirror.app.screen.panels.tray_layout import CALLED
from mirror.app.screen.typeface import number as figure
from mirror.translation.message import Message, Said, joined

ROWS = 16  # components on a page
SIGMAS = 3.0
_AXES = CALLED | {
    "hue": Message("Hue"), "lightness": Message("Lightness"), "hairline": Message("Hairline"),
}  # fmt: skip


class Tab(Protocol):
    """One page; made anew for every board."""

    help: str

    def refresh(self, session: Session) -> None:
        """Shows the session as it is."""

    def wheel(self, by: int) -> bool:
        """The wheel was turned over it, up (1) or down (-1); whether it wants another page built."""


class AxesTab:
    """A slider for each named axis that the networks follow."""

    help: str = Message(
        "Each slider changes one thing of the hair. Right click on a slider: back to the middle."
    )

    def __init__(self, board: Board, session: Session, top: float) -> None:
        self._board, self._rows = board, {}
        board.label(board.at(0, top, 1, 24), Message("In steps of one standard deviation"), "#quiet")
        axes = {name: axis for name, axis in session.book.axes.items() if axis.low < axis.high}
        for row, (name, axis) in enumerate(axes.items()):
            y = top + 36 + 40 * row
            board.label(board.at(0, y, 0.25, 26), _AXES.get(name, name))
            slider = board.slider(
                board.at(0.26, y, 0.58, 26), (axis.low, axis.high),
                partial(session.set_axis, name),
            )  # fmt: skip
            self._rows[name] = slider, board.label(board.at(0.85, y, 0.15, 26), "", "#value")
        unmoved = [name for name in session.book.axes if name not in axes]
        if unmoved:
            y = top + 36 + 40 * len(axes)
            named = joined(", ", *(_AXES.get(name, name) for name in unmoved))
            words = Message("Not followed by the networks: {axes}", axes=named)
            board.note(board.at(0, y, 1, 48), words)

    def refresh(self, session: Session) -> None:
        for name, (slider, value) in self._rows.items():
            steps = session.look.steps.get(name, 0.0)
            self._board.put(slider, steps)
            self._board.show(value, figure(steps, "+.1f"))

    def wheel(self, by: int) -> bool:
        return False


class ComponentsTab:
    """Sixteen principal components of the prior; pages for the others."""

    help: str = Message(
        "The directions in which hair differs most come first. The wheel turns the page; right click: 0."
    )
    page = 0

    def __init__(self, board: Board, session: Session, top: float) -> None:
        self._board, self._rows = board, []
        count = len(session.components)
        self._pages = -(-count // ROWS)
        first = self.page * ROWS
        last = min(first + ROWS, count)
        board.button(board.at(0, top, 0.1, 24), "left", lambda: self._turn(session, -1))
        board.button(board.at(0.9, top, 0.1, 24), "right", lambda: self._turn(session, 1))
        words = Message(
            "{first} to {last} of {count}, in standard deviations", first=first + 1, last=last, count=count
        )
        board.label(board.at(0.13, top, 0.75, 24), words, "#quiet")
        for row, place in enumerate(range(first, last)):
            y = top + 30 + 26 * row
            board.label(board.at(0, y, 0.12, 22), figure(place + 1), "#quiet")
            slider = board.slider(
                board.at(0.1, y, 0.74, 22), (-SIGMAS, SIGMAS),
                partial(session.set_component, place),
            )  # fmt: skip
            self._rows.append((place, slider, board.label(board.at(0.85, y, 0.15, 22), "", "#value")))

    def refresh(self, session: Session) -> None:
        coordinates = session.components.coordinates(session.look.z)
        for place, slider, value in self._rows:
            self._board.put(slider, coordinates[place])
            self._board.show(value, figure(coordinates[place], "+.1f"))

    def wheel(self, by: int) -> bool:
        before = self.page
        type(self).page = min(max(self.page - by, 0), self._pages - 1)
        return self.page != before

    def _turn(self, session: Session, by: int) -> None:
        if self.wheel(-by):
            session.relaid = True


class MapTab:
    """The styles of the book on a square, alike beside alike, to be walked on with the finger."""

    help: str = Message(
        "Alike lies beside alike. Drag over the map: at a picture you wear that style, between two a mixture."
    )
    _drawn: tuple[int, np.ndarray] | None = None  # the picture of the book at hand, and its side

    def __init__(self, board: Board, session: Session, top: float) -> None:
        self._board = board
        where = board.at(0, top, 1, 404)
        side = min(where.size)
        if MapTab._drawn is None or MapTab._drawn[0] != side:
            MapTab._drawn = side, session.styles.drawn(side, GROUND[:3])
        board.spots({"map": where})
        board.picture("map", MapTab._drawn[1])
        board.pad("map", session.walk)
        for x, words, by in ((0.0, "left", -1), (0.9, "right", 1)):
            board.button(board.at(x, top + 414, 0.1, 30), words, partial(session.step_on_map, by))
        self._name = board.label(board.at(0.12, top + 414, 0.76, 30), "", "#value")

    def refresh(self, session: Session) -> None:
        self._board.mark("map", session.here)
        self._board.show(self._name, session.look.name)

    def wheel(self, by: int) -> bool:
        return False


class BetweenTab:
    """Two ends, a slider between them, and playing to and fro."""

    help: str = Message("Choose two ends, then drag between them, or let it play and stop where you like.")

    def __init__(self, board: Board, session: Session, top: float) -> None:
        self._board = board
        choices = [NOW, OWN, *session.book.names]
        self._names = {}
        for column, end in ((0.0, "A"), (0.52, "B")):
            self._names[end] = board.note(board.at(column, top + 158, 0.48, 42), "", INK)
            board.spots({end: board.at(column, top, 0.48, 156)})
            name = session.between.end(end)
            board.menu(
                board.at(column, top + 202, 0.48, 30), choices, name if name in choices else NOW,
                partial(session.set_end, end),
            )  # fmt: skip
        self._slider = board.slider(board.at(0, top + 248, 1, 26), (0, 1), session.stop_between)
        self._play = board.button(board.at(0, top + 284, 0.48, 32), Message("Play to and fro"), session.play)
        self._share = board.label(board.at(0.52, top + 284, 0.48, 32), "", "#value")

    def refresh(self, session: Session) -> None:
        between, board = session.between, self._board
        for end, label in self._names.items():
            name = between.end(end)
            board.tell(label, joined(": ", Said(end), name))
            picture = between.pictures.get(end)
            if picture is None and name in session.book.names:
                picture = session.book.find(name).thumbnail
            board.picture(end, picture)
        board.put(self._slider, between.share)
        board.show(self._share, Message("{percent:.0f}% of the way to B", percent=100 * between.share))
        board.call(self._play, Message("Stop") if between.playing else Message("Play to and fro"))

    def wheel(self, by: int) -> bool:
        return False


class CodesTab:
    """Codes kept in files."""

    help: str = Message(
        "A code is the hair as numbers, without any picture. Or drop such a file on the window."
    )

    def __init__(self, board: Board, session: Session, top: float) -> None:
        board.button(board.at(0, top, 1, 32), Message("Save the code of this hair"), session.save)
        half = board.at(0, top + 38, 0.49, 32), board.at(0.51, top + 38, 0.49, 32)
        board.button(half[0], Message("Copy as text"), partial(_copy, session))
        board.button(half[1], Message("Paste a text"), partial(_paste, session))
        top += 40
        files = list_codes(session.folder)
        words = Message("Click one to put it on:")
        if not files:
            words = Message("None is kept in {folder} yet.", folder=Said(session.folder))
        board.note(board.at(0, top + 44, 1, 24 if files else 120), words)
        if files:
            named = {path.name: path for path in files[:500]}
            board.chooser(board.at(0, top + 74, 1, 320), list(named), lambda name: session.load(named[name]))

    def refresh(self, session: Session) -> None:
        pass

    def wheel(self, by: int) -> bool:
        return False


def _copy(session: Session) -> None:
    try:
        pygame.scrap.put_text(session.share_text())
    except pygame.error as error:
        session.say(Message("The system's clipboard cannot be reached ({reason}).", reason=Said(error)))
        return
    if session.look.told_whole:
        session.say(Message("Copied: a line of letters, without any picture. Paste it into a message."))
    else:
        session.say(
            Message(
                "Copied, but this hair is not of the style book: a line holds its kind, not its strands. "
                "Save its code to keep all of it."
            )
        )


def _paste(session: Session) -> None:
    try:
        line = pygame.scrap.get_text()
    except pygame.error as error:
        session.say(Message("The system's clipboard cannot be reached ({reason}).", reason=Said(error)))
        return
    session.wear_text(line)
