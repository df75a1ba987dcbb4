"""Keys: what a person can ask of the window, and with which key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import pygame

from mirror.app.screen.typeface import right_to_left
from mirror.app.screen.wishes import TryingWish
from mirror.translation.message import Message, Said


class Action(Enum):
    """One wish of the person in front of the screen."""

    NEXT = auto()
    PREVIOUS = auto()
    NEXT_GROUP = auto()
    PREVIOUS_GROUP = auto()
    RANDOM = auto()
    BACK = auto()
    """The look before."""
    FORWARD = auto()
    """The look that one went back from."""
    DYE = auto()
    DYE_BACK = auto()
    BROWS = auto()
    """Brows and beard in the colour of the hair, or as they are."""
    ORIGINAL_ON = auto()
    """Space went down: show the untouched picture until ORIGINAL_OFF."""
    ORIGINAL_OFF = auto()
    SNAPSHOT = auto()
    CLIP = auto()
    CARD = auto()
    TRY_AGAIN = auto()
    """Try to save the pictures that wait."""
    LET_GO = auto()
    """Give up the picture that waits longest."""
    HUD = auto()
    HELP = auto()
    MIRROR = auto()
    FULLSCREEN = auto()
    TRAY = auto()
    SPLIT = auto()
    GRID = auto()
    ALIKE = auto()
    """Nine styles like the one that is worn."""
    SEARCH = auto()
    SUGGEST = auto()
    """The panel of styles that are said to become this face."""
    FILTER = auto()
    """The panel that says which styles there are to choose from."""
    FAVOURITE = auto()
    FAVOURITES = auto()
    TOUR = auto()
    """Pause a tour, or go on with it."""
    PLAY_AGAIN = auto()
    """A film that has ended begins again."""
    LEAVE = auto()
    """Esc, with nothing left that it would close: leave, unless they did not mean it."""
    QUIT = auto()
    """The window was closed: leave."""


@dataclass(frozen=True, slots=True)
class PickStyle:
    """The person clicked or touched a thumbnail. `number` is its position in `View.thumbnails`, from 0."""

    number: int


Wish = Action | PickStyle | TryingWish

# What each key does, and where it sits on a keyboard of any language: a Cyrillic or Greek layout has
# no key that types "r", so the place of the key counts where its letter says nothing.
_KEYS = (
    (pygame.K_RIGHT, pygame.KSCAN_RIGHT, Action.NEXT),
    (pygame.K_LEFT, pygame.KSCAN_LEFT, Action.PREVIOUS),
    (pygame.K_DOWN, pygame.KSCAN_DOWN, Action.NEXT),
    (pygame.K_UP, pygame.KSCAN_UP, Action.PREVIOUS),
    (pygame.K_TAB, pygame.KSCAN_TAB, Action.NEXT_GROUP),
    (pygame.K_r, pygame.KSCAN_R, Action.RANDOM),
    (pygame.K_BACKSPACE, pygame.KSCAN_BACKSPACE, Action.BACK),
    (pygame.K_c, pygame.KSCAN_C, Action.DYE),
    (pygame.K_b, pygame.KSCAN_B, Action.BROWS),
    (pygame.K_SPACE, pygame.KSCAN_SPACE, Action.ORIGINAL_ON),
    (pygame.K_s, pygame.KSCAN_S, Action.SNAPSHOT),
    (pygame.K_v, pygame.KSCAN_V, Action.CLIP),
    (pygame.K_k, pygame.KSCAN_K, Action.CARD),
    (pygame.K_d, pygame.KSCAN_D, Action.HUD),
    (pygame.K_h, pygame.KSCAN_H, Action.HELP),
    (pygame.K_m, pygame.KSCAN_M, Action.MIRROR),
    (pygame.K_t, pygame.KSCAN_T, Action.TRAY),
    (pygame.K_x, pygame.KSCAN_X, Action.SPLIT),
    (pygame.K_g, pygame.KSCAN_G, Action.GRID),
    (pygame.K_l, pygame.KSCAN_L, Action.FILTER),
    (pygame.K_y, pygame.KSCAN_Y, Action.SUGGEST),
    (pygame.K_f, pygame.KSCAN_F, Action.FAVOURITE),
    (pygame.K_p, pygame.KSCAN_P, Action.TOUR),
    (pygame.K_F11, pygame.KSCAN_F11, Action.FULLSCREEN),
    (pygame.K_ESCAPE, pygame.KSCAN_ESCAPE, Action.LEAVE),
)
_BY_LETTER = {key: action for key, _, action in _KEYS}
_WITH_SHIFT = {
    Action.NEXT_GROUP: Action.PREVIOUS_GROUP,
    Action.DYE: Action.DYE_BACK,
    Action.FAVOURITE: Action.FAVOURITES,
    Action.GRID: Action.ALIKE,
    Action.BACK: Action.FORWARD,
}
_ACROSS = {pygame.K_LEFT: Action.NEXT, pygame.K_RIGHT: Action.PREVIOUS}
_BY_PLACE = {place: action for _, place, action in _KEYS}

# The card behind the H key: (keys, what they do). A row may name several keys.
HELP: tuple[tuple[tuple[str, ...], Message], ...] = (
    ((Said("←"), Said("→")), Message("Other styles")),
    ((Said("Tab"),), Message("Next group (Shift: back)")),
    ((Said("R"),), Message("Surprise me")),
    ((Message("Backspace"),), Message("The look before (Shift: the one after)")),
    ((Said("C"),), Message("Another hair colour (Shift: back)")),
    ((Said("B"),), Message("Brows and beard follow the hair colour")),
    ((Message("Space"),), Message("Hold to see your own hair")),
    ((Said("T"),), Message("Colour, shape, hair loss")),
    ((Said("X"),), Message("Now and new, side by side")),
    ((Said("G"),), Message("Four styles at once, nine, one (Shift: more like this)")),
    ((Said("/"),), Message("Search the styles by their letters")),
    ((Said("L"),), Message("Filter: length, texture, occasion …")),
    ((Said("Y"),), Message("Suggestions for your face")),
    ((Said("F"),), Message("Favourite (Shift: only those)")),
    ((Said("S"),), Message("Save a picture")),
    ((Said("V"),), Message("Save a clip of 6 seconds")),
    ((Said("K"),), Message("Save a card of your last looks")),
    ((Said("P"),), Message("Pause a tour, or go on with it")),
    ((Said("M"),), Message("Mirror image on or off")),
    ((Said("F11"),), Message("Full screen on or off")),
    ((Said("D"),), Message("Frame rate, delay and engine")),
    ((Said("H"),), Message("These keys")),
    ((Said("Esc"),), Message("Close what is open, then leave")),
)


def translate(event: pygame.event.Event) -> Action | None:
    """The action of a Pygame event, or None. Clicks are the window's business: it knows what is where.

    Example:
        >>> translate(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_RIGHT))
        <Action.NEXT: 1>
    """
    if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
        return Action.QUIT
    if event.type not in (pygame.KEYDOWN, pygame.KEYUP):
        return None
    action = _BY_LETTER.get(event.key)
    if action is None and event.key > 0x7F:
        action = _BY_PLACE.get(getattr(event, "scancode", -1))
    if event.key in _ACROSS and right_to_left():  # the next one lies where lines go
        action = _ACROSS[event.key]
    held = getattr(event, "mod", 0)
    if action is not None and held & pygame.KMOD_SHIFT:
        action = _WITH_SHIFT.get(action, action)
    # On many keyboards the slash is no key of its own.
    slash = getattr(event, "unicode", "") == "/" or event.key in (pygame.K_SLASH, pygame.K_KP_DIVIDE)
    if slash or (action is Action.FAVOURITE and held & pygame.KMOD_CTRL):
        action = Action.SEARCH
    if event.type == pygame.KEYDOWN:
        return action
    return Action.ORIGINAL_OFF if action is Action.ORIGINAL_ON else None
