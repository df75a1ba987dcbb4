"""Favourites: F marks the style that is worn with a star, Shift F leaves only the marked ones."""

from __future__ import annotations

from pathlib import Path

import pygame

from mirror.app.screen.keys import Action, Wish, translate
from mirror.app.screen.view import View
from mirror.app.screen.wishes import Say
from mirror.core.errors import MirrorError
from mirror.settings.favourites import default_path, read_favourites, write_favourites
from mirror.translation.message import Message

FAVOURITE = Message("Favourite: {style}")
NO_FAVOURITE = Message("{style} is no favourite any more")


class Favourites:
    """The marked styles. It draws nothing itself: the strip wears the stars.

    Args:
        path: the file they are kept in; None for `mirror.settings.favourites.default_path()`.

    Attributes:
        only: whether nothing else is shown.
        numbers: of the marked styles of this book, in the book's order.
        worn: whether the style that is worn is one.
        trouble: what was wrong with the file, or None.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or default_path()
        self.only = False
        self.numbers: tuple[int, ...] = ()
        self.worn = False
        self.trouble: str | None = None
        self._names: tuple[str, ...] = ()
        self._worn_name: str | None = None
        self._counted: tuple[object, object] = ((), ())
        try:
            self._names = read_favourites(self._path)
        except MirrorError as error:
            self.trouble = str(error)

    def toggle(self) -> Wish:
        """Marks the worn style, or takes its mark away."""
        name = self._worn_name
        if name is None:
            return Say(Message("Only a style of the strip can be a favourite. Pick one first."))
        marked = name in self._names
        names = tuple(one for one in self._names if one != name) if marked else (*self._names, name)
        try:
            write_favourites(names, self._path)
        except MirrorError as error:
            return Say(str(error))
        self._names = names
        if marked:
            return Say(NO_FAVOURITE.naming(style=name))
        return Say(FAVOURITE.naming(style=name))

    def filter(self) -> Wish | bool:
        """Only the favourites, or all."""
        if not self.only and not self.numbers:
            return Say(Message("There are no favourites yet. Press F, or the star, on a style you like."))
        self.only = not self.only
        return True

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        action = translate(event)
        if action is Action.FAVOURITE:
            return self.toggle()
        return self.filter() if action is Action.FAVOURITES else None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """Takes note of what is worn. As `mirror.app.screen.panel.Panel.draw`."""
        inside = 0 <= view.style_number < len(view.thumbnails)
        self._worn_name = view.thumbnails[view.style_number][0] if inside else None
        self.worn = self._worn_name in self._names
        if self._counted[0] is not view.thumbnails or self._counted[1] is not self._names:
            self._counted = (view.thumbnails, self._names)
            marked = set(self._names)
            self.numbers = tuple(i for i, (name, _) in enumerate(view.thumbnails) if name in marked)
        if self.only and not self.numbers:
            self.only = False
