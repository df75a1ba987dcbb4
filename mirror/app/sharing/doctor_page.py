"""Doctor's page: what was planned on one sheet of A4, to print or keep for the talk with a doctor.

Dark on white, for paper. Main thread: the words on it are drawn with Pygame.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import pygame
from PIL import Image

from mirror.app.screen.design import GROUND, LIFTED, MUTED, TRACK, Colour
from mirror.app.screen.panels.hairline_drawing import grafts_told
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import fitted, right_to_left, text
from mirror.app.sharing.course_strip import ASPECT, Course, head_part, month_words, strip_of
from mirror.hair.loss.donor_area import SIZE, donor_seen
from mirror.hair.loss.graft_count import GraftCount
from mirror.hair.loss.loss_plan import STILL, LossPlan
from mirror.hair.loss.scalp_zones import ZONES
from mirror.hair.loss.treatment_course import A_YEAR, MEDICINE
from mirror.translation.message import Message, Said, joined

DOTS = 150  # an inch: letters of this page's sizes are crisp, and the file has some 400 kB
A4 = (1240, 1754)  # pixels at that, of 210 x 297 mm
_EDGE, _GAP = 80, 16
_TITLE = 38
_BODY, _SMALL = 23, 19
_LEAST = 13  # 6 points
_LINE = 1.42  # from line to line, of the size of its type
_STRIP, _STRIP_LETTERS = 760, 17  # how high the course may be, and its type
_WIDE = 300  # of the two large pictures
_QUESTIONS = (
    Message("What is the cause, and is it more than heredity?"),
    Message("What if I do nothing?"),
    Message("Which medicines are there, what do they bring, and what else do they do?"),
    Message("How much donor hair do I have, and what if I lose more later?"),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is made of.

    Attributes:
        course: its pictures.
        planned: uint8 (H, W, 3) RGB, the head as it was planned, at its best.
        plan: all that was planned.
        stage: what the slider shows, as a person reads it.
        grafts: what the drawn area would take; None: none is drawn.
        when: day and time, in the person's language.
    """

    course: Course
    planned: np.ndarray
    plan: LossPlan
    stage: str
    grafts: GraftCount | None
    when: str


def page_of(visit: Visit) -> np.ndarray:
    """The page: uint8 (1754, 1240, 3) RGB."""
    width, height = A4
    sheet = np.full((height, width, 3), 255, np.uint8)
    surface = pygame.image.frombuffer(sheet.data, A4, "RGB")  # draws straight into the array
    pen = _Pen(surface)
    pen.write(Message("For the talk with a doctor"), _TITLE)
    pen.write(Said(visit.when), _SMALL, TRACK)
    pen.write(
        Message(
            "An illustration made by a mirror. It is no diagnosis, predicts nothing and replaces no visit."
        ),
        _BODY,
    )
    pen.down += _GAP
    pen.down = _pictures(sheet, surface, visit, pen.down) + _GAP
    strip = strip_of(
        visit.course, (width - 2 * _EDGE, _STRIP), _STRIP_LETTERS, ((255, 255, 255), GROUND, LIFTED)
    )
    sheet[pen.down : pen.down + len(strip), _EDGE : width - _EDGE] = strip
    pen.down += len(strip) + _GAP
    for line in _facts(visit):
        pen.write(line, _SMALL)
    pen.down += _GAP // 2
    pen.write(Message("Questions to take along"), _BODY)
    for question in _QUESTIONS:
        pen.write(joined(" ", Said("–"), question), _SMALL)
    # What is left is for notes.
    while pen.down + 44 < height - _EDGE // 2:
        pen.down += 44
        pygame.draw.line(surface, MUTED, (_EDGE, pen.down), (width - _EDGE, pen.down), 1)
    return sheet


def pdf_of(page: np.ndarray) -> np.ndarray:
    """A page, uint8 (H, W, 3) RGB, as a PDF file in its true size: uint8 (N,)."""
    file = io.BytesIO()
    Image.fromarray(page).save(file, format="PDF", resolution=float(DOTS), quality=92)
    return np.frombuffer(file.getbuffer(), np.uint8).copy()


@dataclass(slots=True)
class _Pen:
    """Writes line below line."""

    surface: pygame.Surface
    down: int = 56

    def write(self, words: str, size: int, colour: Colour = GROUND) -> None:
        drawn = text(words, size, colour, A4[0] - 2 * _EDGE)
        self.surface.blit(drawn, turned(drawn.get_rect(topleft=(_EDGE, self.down)), A4[0]))
        self.down += drawn.get_height() + round(size * (_LINE - 1) / 2)


def _pictures(sheet: np.ndarray, surface: pygame.Surface, visit: Visit, top: int) -> int:
    """Today, as planned, and the donor area beside; where they end."""
    tall, today = round(_WIDE / ASPECT), visit.course.today
    x, y, across, down = head_part(visit.course)
    pairs = (
        (today, month_words(0, visit.course.shown)),
        (visit.planned, Message("As planned, an illustration")),
    )
    for number, (picture, words) in enumerate(pairs):
        spot = turned(pygame.Rect(_EDGE + number * (_WIDE + _GAP), top, _WIDE, tall), A4[0])
        part = picture[y : y + down, x : x + across]
        how = cv2.INTER_AREA if across > _WIDE else cv2.INTER_CUBIC
        sheet[spot.top : spot.bottom, spot.left : spot.right] = cv2.resize(part, spot.size, interpolation=how)
        caption = text(*fitted(words, _SMALL, _WIDE, _LEAST), GROUND)
        surface.blit(caption, caption.get_rect(midtop=(spot.centerx, spot.bottom + 4)))
    left = _EDGE + 2 * (_WIDE + _GAP)
    room = turned(pygame.Rect(left, top, A4[0] - _EDGE - left, tall), A4[0])
    side = (room.width - _GAP) // 2
    for number, (yaw, words) in enumerate(
        ((180.0, Message("From behind")), (90.0, Message("From the side")))
    ):
        column = 1 - number if right_to_left() else number
        at = room.left + column * (side + _GAP)
        sheet[top : top + side, at : at + side] = _sketch(yaw, side)
        caption = text(*fitted(words, _SMALL, side, _LEAST), LIFTED)
        surface.blit(caption, caption.get_rect(midtop=(at + side // 2, top + side)))
    told = Message(
        "Donor area: grafts are taken from here. Hair lasts on about {size} cm² in four of five men over 65; "
        "how much yours gives, only an examination tells.",
        size=SIZE,
    )
    drawn = text(told, _SMALL - 1, GROUND, room.width)
    below = pygame.Rect(room.left, top + side + 30, *drawn.get_size())
    surface.blit(drawn, turned(below, room) if right_to_left() else below)
    return max(top + tall, below.bottom - 26) + 30


def _sketch(yaw: float, side: int) -> np.ndarray:
    """A head in grey, its ears and its nose, the donor area hatched on it: uint8 (S, S, 3) RGB."""
    head, donor = donor_seen(yaw, side)
    behind, middle = yaw > 135, side // 2
    for x in (round(0.115 * side), round(0.885 * side)) if behind else ():
        cv2.ellipse(head, (x, round(0.58 * side)), (side // 28, side // 12), 0, 0, 360, 1.0, -1)
    if not behind:
        tip = [(round(x * side), round(y * side)) for x, y in ((0.95, 0.52), (1.0, 0.66), (0.92, 0.68))]
        cv2.fillPoly(head, [np.array(tip, np.int32)], 1.0)
    rows, columns = np.indices(head.shape)
    # Hatched, so that a printer without colours shows it too.
    hatched = donor * ((rows + columns) % 10 < 5)
    grey = 255 - (255 - np.array(MUTED, np.float32)) * head[..., None]
    drawn = np.where(hatched[..., None] > 0, np.array(LIFTED, np.float32), grey).astype(np.uint8)
    if not behind:
        ear = (middle, round(0.58 * side)), (side // 24, side // 12)
        cv2.ellipse(drawn, *ear, 0, 0, 360, TRACK, max(1, side // 90), cv2.LINE_AA)
    return drawn


def _facts(visit: Visit) -> Iterator[str]:
    yield Message("On the slider: {stage}", stage=visit.stage)
    zones = [
        Message("{zone} {share}% filled", zone=zone, share=round(100 * one))
        if one > 0
        else Message("{zone} {share}% thinner", zone=zone, share=round(-100 * one))
        for zone, one in zip(ZONES, visit.plan.zones, strict=True)
        if abs(one) > STILL
    ]
    if zones:
        yield Message("Zones: {zones}", zones=joined(" · ", *zones))
    if visit.grafts is not None:
        yield from grafts_told(visit.grafts)
    yield Message(
        "Medicine alone brings less: {more}% more hairs than without after a year. Without any treatment "
        "{less}% are lost a year. These are means of trials with men (Kaufman 1998, Price 2006).",
        more=round(100 * MEDICINE),
        less=round(100 * A_YEAR),
    )
    yield Message("A camera in front sees neither the donor area nor, hardly, the crown.")
