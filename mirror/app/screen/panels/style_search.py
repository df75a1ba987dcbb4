"""Search: a field above the strip; typed letters leave the styles whose words begin with them."""

from __future__ import annotations

from collections.abc import Sequence

import pygame
import pygame_gui
from pygame_gui.elements import UITextEntryLine

from mirror.app.screen import overlay, shapes
from mirror.app.screen.icons import icon
from mirror.app.screen.keys import Action, PickStyle, Wish, translate
from mirror.app.screen.overlay import px
from mirror.app.screen.panels import widgets
from mirror.app.screen.style_strip import TALL
from mirror.app.screen.typeface import ACCENT, GROUND, INK, MUTED, shortened, text
from mirror.app.screen.view import View
from mirror.translation.catalogue import Words

WIDTH, HEIGHT = 420, 56  # design pixels
LONGEST = 40  # letters


def found(typed: str, names: Sequence[Sequence[str]], tags: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Numbers of the styles for which every typed word begins a word of a name or of a tag.

    First the one of that very name, then those whose name begins so, then those of whose name words begin so,
    then those that only a tag leads to.

    Args:
        names, tags: of every style; it may be called several names, such as one a language.

    Example:
        >>> found("bo", [["thin bob"], ["bob"], ["long"]], [(), (), ("bold",)])
        (1, 0, 2)
    """
    text = " ".join(typed.casefold().split())
    hits = []
    for number, (called, tagged) in enumerate(zip(names, tags, strict=True)):
        folded = [" ".join(name.casefold().split()) for name in called]
        own = [word for name in folded for word in name.split()]
        words = own + [word for tag in tagged for word in tag.casefold().split()]
        if text in folded:
            rank = 0
        elif any(name.startswith(text) for name in folded):
            rank = 1
        elif _all_begin(text, own):
            rank = 2
        elif _all_begin(text, words):
            rank = 3
        else:
            continue
        hits.append((rank, number))
    return tuple(number for _, number in sorted(hits))


def _all_begin(text: str, words: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in text.split())


class Search:
    """The field. "/" or Ctrl+F opens it, Enter takes the first style that is left, Esc closes it.

    Attributes:
        open: whether it is seen; all keys are its own then.
        typed: what is in it.
        among: numbers that are searched; None for all.
        hits: numbers that are left, in order; None while nothing is typed.
        right: the field stays left of this, pixels; 0 for the window's edge.
        rail: the place of the buttons, pixels, which the field keeps off.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self.open = False
        self.typed = ""
        self.among: tuple[int, ...] | None = None
        self.hits: tuple[int, ...] | None = None
        self.right = 0
        self.rail = pygame.Rect(0, 0, 0, 0)
        self._manager: pygame_gui.UIManager | None = None
        self._field: UITextEntryLine | None = None
        self._built: tuple[object, ...] = ()
        self._sought: tuple[str, tuple[int, ...] | None] = ("", None)
        self._where = pygame.Rect(0, 0, 0, 0)
        self._close_at = pygame.Rect(0, 0, 0, 0)
        self._pressed = False
        self._drawn_at = 0.0

    def toggle(self) -> None:
        """Opens it empty, or closes it."""
        self.open = not self.open
        self.typed, self.hits, self._field, self._built = "", None, None, ()
        self._pressed = False
        if self.open:
            pygame.key.start_text_input()
            pygame.key.set_repeat(400, 40)  # to take back more than one letter
        else:
            pygame.key.stop_text_input()
            pygame.key.set_repeat()

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if not self.open:
            if translate(event) is Action.SEARCH:
                self.toggle()
                return True
            return None
        if event.type == pygame.KEYDOWN and event.key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            return self._take()
        if event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE:
            self.toggle()
            return True
        if event.type in (pygame.KEYDOWN, pygame.TEXTINPUT):
            if self._manager is not None:
                self._manager.process_events(event)
                self._read()
            return True
        if event.type in widgets.MOUSE:
            return self._mouse(event)
        return None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        if not self.open:
            return
        self._build(screen.get_size(), unit)
        assert self._manager is not None and self._field is not None
        self._read()
        if not self.typed.strip():
            self.hits = None
        elif (self.typed, self.among) != self._sought or self.hits is None:
            self._sought = self.typed, self.among
            hits = found(self.typed, *self._known(view))
            among = self.among
            self.hits = hits if among is None else tuple(number for number in hits if number in among)
        where = self._where
        screen.blit(shapes.box(where.width, where.height, px(unit, 18), GROUND, overlay.BACKING + 0.1), where)
        glass = icon("search", px(unit, 24), ACCENT)
        screen.blit(glass, glass.get_rect(center=(where.left + px(unit, 28), where.centery)))
        self._manager.update(min(max(now - self._drawn_at, 0.0), 0.25))
        self._drawn_at = now
        self._manager.draw_ui(screen)
        if not self.typed:
            hint = text(self._hint(px(unit, 18)), px(unit, 18), MUTED)
            screen.blit(hint, hint.get_rect(midleft=(self._field.rect.left + px(unit, 18), where.centery)))
        cross = icon("close", px(unit, 22), INK)
        screen.blit(cross, cross.get_rect(center=self._close_at.center))
        if self.hits == ():
            words = f"No style begins with “{self.typed.strip()}”. Try short, wavy or blond; Esc shows all."
            line = overlay.pill(words, unit, px(unit, 460))
            screen.blit(line, line.get_rect(midbottom=(where.centerx, where.top - px(unit, 10))))

    def _known(self, view: View) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
        """Names and tags, in English and in the person's language."""
        words = self._words
        names: list[tuple[str, ...]] = [(name, words.named(name)) for name, _ in view.thumbnails]
        tags = list(view.tags) + [()] * (len(names) - len(view.tags))
        return names, [(*tagged, *map(words.tag, tagged)) for tagged in tags]

    def _hint(self, size: int) -> str:
        assert self._field is not None
        return shortened("name, short, curly, red …", size, self._field.rect.width - size)

    def _take(self) -> Wish | bool:
        self._read()
        if self.hits == ():
            return True  # the sentence above says why
        first = self.hits[0] if self.hits else None
        self.toggle()
        return True if first is None else PickStyle(first)

    def _mouse(self, event: pygame.event.Event) -> bool | None:
        if event.type == pygame.MOUSEBUTTONDOWN:
            self._pressed = self._where.collidepoint(event.pos)
            if self._close_at.collidepoint(event.pos):
                self.toggle()
                return True
        if not self._pressed:
            return None
        if event.type == pygame.MOUSEBUTTONUP:
            self._pressed = False
        if self._manager is not None and self._field is not None:
            # Beside its text the panel is not the field's, yet the field must keep the keys.
            inside = event.type != pygame.MOUSEBUTTONDOWN or self._field.rect.collidepoint(event.pos)
            if inside:
                self._manager.process_events(event)
        return True

    def _read(self) -> None:
        if self._field is not None:
            self.typed = self._field.get_text()

    def _build(self, size: tuple[int, int], unit: float) -> None:
        built = (size, unit, self.right, tuple(self.rail))
        if built == self._built:
            return
        self._built = built
        margin = px(unit, 16)
        room = (self.right or size[0]) - 2 * margin
        width, height = min(px(unit, WIDTH), room), px(unit, HEIGHT)
        left = min((size[0] - width) // 2, (self.right or size[0]) - margin - width)
        top = max(margin, size[1] - px(unit, TALL) - height - margin)
        self._where = pygame.Rect(left, top, width, height)
        level = self.rail.width > self.rail.height  # one that stands is at an edge, beside the field
        if level and self._where.colliderect(self.rail):
            top = self._where.top = max(margin, self.rail.top - height - margin)
        side = px(unit, widgets.TOUCH)
        inset = (height - side) // 2
        self._close_at = pygame.Rect(self._where.right - inset - side, top + inset, side, side)
        self._manager = widgets.new_manager(size, unit)
        start = self._where.left + px(unit, 50)
        spot = pygame.Rect(start, top + inset, self._close_at.left - px(unit, 4) - start, side)
        self._field = UITextEntryLine(spot, self._manager, initial_text=self.typed)
        self._field.set_text_length_limit(LONGEST)
        self._manager.set_focus_set({self._field})
        # pygame_gui's focus does not always start it, and always stops it with the field before.
        pygame.key.start_text_input()
