"""The lab's panel: right of the live picture, controls for the latent space of the hair."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame

from mirror.app.lab.dataset_page import DataTab
from mirror.app.lab.pages import AxesTab, BetweenTab, CodesTab, ComponentsTab, MapTab, Tab
from mirror.app.lab.session import Session
from mirror.app.lab.widget_board import TEXT, Board
from mirror.app.screen import View, Window, Wish
from mirror.app.screen.design import ACCENT, GROUND, MUTED, NEAR, px
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import fitted, number, text
from mirror.translation.message import Message

SMALLEST = (960, 540)
WIDTH = 440  # design pixels; a design pixel is one in a window of 1280x720
HEAD, FOOT = 196, 54  # design pixels above and below the page
MOST_REACH = 3.0
SETTLES = 0.2  # seconds a window keeps its size before the widgets are made for it
TABS: dict[str, Callable[[Board, Session, float], Tab]] = {
    "Map": MapTab, "Axes": AxesTab, "Components": ComponentsTab, "Between": BetweenTab,
    "Pictures": DataTab, "Codes": CodesTab,
}  # fmt: skip
_MOUSE = (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION, pygame.MOUSEWHEEL)
_KEYS = (pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT, pygame.TEXTEDITING)
HINT = Message("H: help. Drag a slider, or draw a random look.")
_NAMES = {
    "Map": Message("Map"), "Axes": Message("Axes"), "Components": Message("Components"),
    "Between": Message("Between"),
    "Pictures": Message("Pictures"), "Codes": Message("Codes"),
}  # fmt: skip


class LabPanel:
    """A `mirror.app.screen.Panel` that takes the right part of its window.

    Args:
        window: it lies in; gives up its right part to it as soon as there is a session.
        open_session: the session, or None while the mirror is loading.

    Attributes:
        session: None until the mirror is there.
    """

    def __init__(self, window: Window, open_session: Callable[[], Session | None]) -> None:
        self._window, self._open = window, open_session
        window.keep_above(SMALLEST)
        window.sidebar = self
        self.session: Session | None = None
        self._board: Board | None = None
        self._tab: Tab | None = None
        self._open_tab = "Axes"
        self._captured = False
        self._size, self._since = (0, 0), 0.0
        self._drawn: tuple[object, ...] = ()
        self._checked = 0.0

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """See `mirror.app.screen.Panel.draw`. The panel keeps its pixels: only what changes is drawn
        again."""
        if self.session is None:
            self.session = self._open() if view.image is not None else None
            if self.session is None:
                return
        session, size = self.session, screen.get_size()
        session.tick(now)
        if size != self._size:
            self._size, self._since = size, now
        if self._board is None or session.relaid or self._board.size != size:
            own = min(size[0] / 1280, size[1] / 720)
            self._window.beside = px(own, WIDTH)
            if self._board is not None and self._board.size != size and now - self._since < SETTLES:
                screen.fill(GROUND, (size[0] - self._window.beside, 0, self._window.beside, size[1]))
                return
            self._lay(size, own)
        assert self._board is not None and self._tab is not None
        state = (session.version, self._window.help, self._open_tab)
        if state != self._drawn[:3] or session.between.playing:
            self._refresh(session)
        fresh = state != self._drawn[:3] or now - self._checked > 1
        if self._board.draw(screen, now, self._draw_lines, fresh=fresh):
            self._checked = now
        self._drawn = state

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """See `mirror.app.screen.Panel.hear`."""
        session, board = self.session, self._board
        if session is None or board is None:
            return None
        if event.type in _MOUSE:
            return self._hear_mouse(event, board, now)
        if event.type in _KEYS:
            return self._hear_key(event, session, board, now)
        if event.type == pygame.DROPFILE:
            session.load(Path(event.file))
            return True
        if event.type >= pygame.USEREVENT:
            board.hear(event, now)
        return None

    def close(self) -> None:
        """Ends the reader."""
        if self.session is not None:
            self.session.reader.close()

    def _hear_mouse(self, event: pygame.event.Event, board: Board, now: float) -> bool | None:
        at = getattr(event, "pos", None) or pygame.mouse.get_pos()
        inside = board.panel.collidepoint(at)
        if event.type == pygame.MOUSEBUTTONDOWN:
            self._captured = inside
        if not inside and not self._captured:
            if event.type == pygame.MOUSEBUTTONDOWN:
                board.hear(event, now)  # an open menu closes
            return None
        board.hear(event, now)
        if event.type == pygame.MOUSEWHEEL and self._tab is not None and self._tab.wheel(event.y):
            self._relay()
        if event.type == pygame.MOUSEBUTTONUP:
            self._captured = False
        return True

    def _hear_key(self, event: pygame.event.Event, session: Session, board: Board, now: float) -> bool | None:
        key = getattr(event, "key", None)
        if key == pygame.K_ESCAPE:
            return None
        if board.typing:
            board.hear(event, now)
            return True
        if board.hear_key(event, now):
            return True
        if event.type != pygame.KEYDOWN:
            return None
        if key in (pygame.K_LEFT, pygame.K_RIGHT) and self._open_tab == "Pictures":
            session.show(session.number + (1 if key == pygame.K_RIGHT else -1))
            return True
        if key == pygame.K_r:
            session.randomise()
            return True
        if key in (pygame.K_z, pygame.K_BACKSPACE):
            session.undo()
            return True
        return None

    def _lay(self, size: tuple[int, int], unit: float) -> None:
        """Makes all widgets for a size of the window."""
        session = self.session
        assert session is not None
        session.relaid = False
        board = Board(size, size[0] - self._window.beside, unit, session.keep)
        for column, (words, pressed) in enumerate(
            ((Message("Random"), session.randomise), (Message("Beside"), session.beside),
             (Message("Invert"), session.invert), (Message("Mean"), session.reset),
             (Message("Undo"), session.undo))
        ):  # fmt: skip
            board.button(board.at(0.2025 * column, 46, 0.19, 32), words, pressed)
        board.label(board.at(0, 86, 0.25, 24), Message("range"))
        self._reach = board.slider(
            board.at(0.26, 86, 0.58, 24), (0, MOST_REACH), self._set_reach, gesture=False
        )
        self._reach_value = board.label(board.at(0.85, 86, 0.15, 24), "", "#value")
        board.label(board.at(0, 116, 0.25, 24), Message("strands"))
        self._strands = board.slider(board.at(0.26, 116, 0.58, 24), (0, 1), session.set_strands)
        self._strands_value = board.label(board.at(0.85, 116, 0.15, 24), "", "#value")
        board.row(154, 30, _NAMES, self._turn, self._open_tab)
        self._board, self._tab = board, TABS[self._open_tab](board, session, HEAD)
        self._refresh(session)

    def _refresh(self, session: Session) -> None:
        board = self._board
        assert board is not None and self._tab is not None
        board.put(self._reach, session.reach)
        board.show(self._reach_value, Message("{reach:.1f} sd", reach=session.reach))
        board.put(self._strands, session.look.strands)
        board.show(self._strands_value, number(session.look.strands, ".2f"))
        self._tab.refresh(session)

    def _draw_lines(self, screen: pygame.Surface) -> None:
        """The name of the look above, what is to be said below."""
        session, board = self.session, self._board
        assert session is not None and board is not None and self._tab is not None
        large, least = px(board.unit, NEAR.body), px(board.unit, NEAR.caption)
        name = text(*fitted(session.look.name, large, board.width, least), ACCENT)
        room = pygame.Rect(board.left, 0, board.width, screen.get_height())
        screen.blit(name, turned(name.get_rect(topleft=(board.left, px(board.unit, 12))), room))
        words = self._tab.help if self._window.help else session.said or HINT
        small = px(board.unit, TEXT)
        line = text(words, small, MUTED, board.width)
        foot = screen.get_height() - px(board.unit, 8)
        screen.blit(line, turned(line.get_rect(bottomleft=(board.left, foot)), room))

    def _set_reach(self, value: float) -> None:
        if self.session is not None:
            self.session.reach = value
            self.session.version += 1

    def _turn(self, name: str) -> None:
        self._open_tab = name
        self._relay()

    def _relay(self) -> None:
        if self.session is not None:
            self.session.relaid = True
