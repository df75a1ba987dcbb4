"""View: everything the window is told to show, once a frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from mirror.app.screen.wishes import Trying
from mirror.core.face import Face
from mirror.hair.styles.suggestions import Suggestion
from mirror.translation.message import Message


@dataclass(frozen=True, slots=True, eq=False)
class CourseSeen:
    """A course over a year that is asked for.

    Attributes:
        strip: uint8 (H, W, 3) RGB, all its pictures as one; None: they are still being painted.
        done, count: pictures that are painted, and all.
        prints: whether a page of it can be printed.
    """

    strip: np.ndarray | None = None
    done: int = 0
    count: int = 1
    prints: bool = False

    @property
    def painting(self) -> Message:
        """Which of its pictures is being painted."""
        number = min(self.done + 1, self.count)
        return Message("Painting look {number} of {count}", number=number, count=self.count)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What the window draws. Only `image` changes with every frame; the rest is cached while it stays alike.

    Attributes:
        image: uint8 (H, W, 3), RGB, as the camera saw it (the window mirrors it), or None before
            the first picture: the window then shows its calm dark ground.
        style_name: the style on the head, in large type over the strip. "" for none.
        style_number: position in `thumbnails`, from 0; -1 for a style that is not among them
            (a random one): nothing is outlined then.
        thumbnails: (name, uint8 (h, w, 3) RGB) of every style, any size; shown as squares.
        problem: one line that stays for as long as it is given ("camera 0 vanished, trying again").
        hud: rows of the figures behind the D key, in order ({"Frame rate": "30.0 / s"}).
        loading: (what is being loaded, share done 0 to 1), or None when everything is ready.
        before: as `image`, without new hair; None where that is not known.
        tags: of every style, the words it is found by.
        trying: what is being tried on.
        face: of whom the picture is, in its pixels; None where there is nobody. On an upright screen it
            chooses the part that is shown.
        mosaic: the picture shows several styles side by side: all of it is seen, on an upright screen too.
        coming: places of the cells of such a picture, row by row as the camera saw it, that still show the
            person as they are.
        head: the box of that face and of its hair, old and new: left, top, right, bottom in the picture's
            pixels. What lies over the picture keeps off it where it can.
        ended: the film has ended, and may be played again.
        nobody: a line for as long as nobody is seen: where to stand; "" for nothing.
        outline: an outline shows where to stand.
        mark: what the picture says of itself for as long as it is given; "" for nothing.
        course: a course over a year, in place of the controls; None: none is asked for.
        caption: what a tour says; "" for nothing.
        suggestions: what becomes this face; () nothing does more than another; None: that is not known yet.
        speaks: of a face that is still being measured for them: its mouth is wide open.
        own_thumbnails: of styles by number, on the person's own face: uint8 (h, w, 3) RGB, as `thumbnails`.
        message: one line shown for a few seconds from the frame it first appears in ("Saved to ...").

    Example:
        >>> View(loading=("Loading the painter", 0.6)).image is None
        True
    """

    image: np.ndarray | None = None
    style_name: str = ""
    style_number: int = -1
    thumbnails: tuple[tuple[str, np.ndarray], ...] = ()
    problem: str | None = None
    hud: Mapping[str, str] = field(default_factory=dict)
    loading: tuple[str, float] | None = None
    message: str | None = None
    before: np.ndarray | None = None
    tags: tuple[tuple[str, ...], ...] = ()
    trying: Trying = Trying()
    mark: str = ""
    face: Face | None = None
    mosaic: bool = False
    coming: tuple[int, ...] = ()
    head: tuple[float, float, float, float] | None = None
    ended: bool = False
    nobody: str = ""
    outline: bool = False
    course: CourseSeen | None = None
    caption: str = ""
    suggestions: tuple[Suggestion, ...] | None = None
    speaks: bool = False
    own_thumbnails: Mapping[int, np.ndarray] = field(default_factory=dict)
