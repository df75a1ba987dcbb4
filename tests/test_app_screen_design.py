"""The design tokens: contrasts measured, motion bounded, and nobody draws with a colour of their own."""

from __future__ import annotations

import ast
import re
from itertools import product

import cv2
import numpy as np
import pytest

from mirror.app.screen import design, icons
from mirror.app.screen.design import contrast, look, over
from tests.conftest import ROOT

WHITE = (255, 255, 255)
SCRIM, SHEET = (over(design.GROUND, opacity, WHITE) for opacity in (design.SCRIM, design.SHEET))
READ, TOLD = 4.5, 3.0  # WCAG 2: of words (1.4.3), and of what is told by its shape (1.4.11)


@pytest.mark.parametrize("ground", [design.GROUND, design.SUNK, SCRIM, SHEET])
@pytest.mark.parametrize("ink", [design.INK, design.MUTED, design.ACCENT])
def test_words_are_read_on_every_ground_even_over_white(ink: design.Colour, ground: design.Colour) -> None:
    assert contrast(ink, ground) >= READ


@pytest.mark.parametrize(("enabled", "chosen", "pointed", "pressed"), list(product((True, False), repeat=4)))
def test_a_control_is_read_in_every_state(enabled: bool, chosen: bool, pointed: bool, pressed: bool) -> None:
    looks = look(enabled=enabled, chosen=chosen, pointed=pointed, pressed=pressed)
    assert contrast(looks.ground, looks.ink) >= READ


def test_states_differ_and_the_ring_of_the_keys_is_seen() -> None:
    plain = [look(), look(pointed=True), look(pressed=True), look(chosen=True), look(enabled=False)]
    assert len({one.ground for one in plain}) == len(plain)
    for ground in (design.GROUND, design.RAISED, design.SUNK, SCRIM, SHEET):
        assert contrast(design.INK, ground) >= TOLD
    # Light in dark: on a light picture its dark edge is seen.
    assert contrast(design.GROUND, WHITE) >= TOLD and contrast(design.INK, design.GROUND) >= TOLD
    assert contrast(design.ACCENT, design.TRACK) >= 2 and contrast(design.INK, design.TRACK) >= TOLD


def test_a_sign_is_told_by_its_shape_and_seen_by_its_colour() -> None:
    shapes = {}
    for kind, colour in icons.SIGNS.items():
        assert contrast(colour, SCRIM) >= TOLD, kind
        shapes[kind] = icons.sign(kind, 24).get_buffer().raw[3::4]
    kinds = list(shapes)
    for place, one in enumerate(kinds):
        for other in kinds[place + 1 :]:
            apart = sum(abs(a - b) for a, b in zip(shapes[one], shapes[other], strict=True))
            assert apart > 0.1 * 255 * 24 * 24, f"{one} and {other} differ by their colour alone"


def test_motion_is_neither_waited_for_nor_a_jump() -> None:
    assert 0.15 <= design.QUICK <= design.CALM <= 0.25


def test_type_is_read_by_half_the_usual_sight() -> None:
    # 10 minutes of arc; a design pixel is a 720th of the screen's height, capitals are 0.714 of the type.
    minute = 0.000290888
    for inches, metres, sizes in ((13, 1.0, design.NEAR), (24, 3.0, design.FAR)):
        high = inches * 25.4 * 9 / (16**2 + 9**2) ** 0.5
        capital = 0.714 * sizes.caption * high / 720
        assert capital >= 0.93 * 10 * minute * metres * 1000, f"{capital:.1f} mm at {metres} m"


def test_icons_are_of_one_weight() -> None:
    """No line is thicker than STROKE, but where lines meet; what is filled is a sign, or a star."""
    filled = {"star", "badge", *icons.SIGNS}
    for name in icons.ICONS.keys() - filled:
        alpha = np.frombuffer(icons.icon(name, 256, design.INK).get_buffer().raw, np.uint8)[3::4]
        inside = cv2.distanceTransform((alpha.reshape(256, 256) > 127).astype(np.uint8), cv2.DIST_L2, 5)
        thick = 2 * np.percentile(inside[inside > 0], 99)
        assert 0.6 * design.STROKE * 256 < thick < 1.9 * design.STROKE * 256, f"{name}: {thick:.0f} of 256"


def test_nobody_has_colours_of_their_own() -> None:
    allowed = {"design.py", "delay.py"}  # the delay's flash is as white and as black as a screen can be
    for path in sorted((ROOT / "mirror" / "app").rglob("*.py")):
        source = path.read_text("utf-8")
        if path.name in allowed:
            continue
        for node in ast.walk(ast.parse(source)):
            triple = isinstance(node, ast.Tuple) and len(node.elts) == 3
            values = [getattr(one, "value", None) for one in node.elts] if isinstance(node, ast.Tuple) else []
            if triple and all(type(value) is int and 0 <= value <= 255 for value in values):
                colourful = max(values) > 12 and values != [255, 255, 255]
                assert not colourful, f"{path.name}:{node.lineno}: {values} belongs into design.py"
        assert not re.search(r"#[0-9a-fA-F]{6}\b(?!00)", source), path.name
