"""Theme: pygame_gui's widgets in the look of the mirror, dark, calm and rounded."""

from __future__ import annotations

from typing import Any

from mirror.app.screen.overlay import px
from mirror.app.screen.typeface import (
    ACCENT,
    GROUND,
    INK,
    LIFTED,
    MUTED,
    RAISED,
    SUNK,
    Colour,
    font_file,
    hexed,
)

FAINT: Colour = (122, 120, 116)
TEXT = 15  # design pixels


def theme(unit: float) -> dict[str, Any]:
    """The theme at a size; `unit` is that of a design pixel, see `mirror.app.screen.overlay`."""
    plain: dict[str, Any] = {"name": "mirror", "size": str(px(unit, TEXT))}
    path = font_file()
    if path is not None:
        plain["regular_path"] = path
    else:  # the widgets' own typeface
        plain["name"] = "noto_sans"
    colours = {
        "normal_bg": RAISED, "hovered_bg": LIFTED, "active_bg": LIFTED, "selected_bg": ACCENT,
        "disabled_bg": SUNK, "dark_bg": SUNK, "disabled_dark_bg": SUNK,
        "normal_text": INK, "hovered_text": INK, "active_text": INK, "selected_text": GROUND,
        "disabled_text": FAINT, "normal_border": RAISED, "hovered_border": LIFTED,
        "active_border": ACCENT, "selected_border": ACCENT, "disabled_border": SUNK,
        "filled_bar": ACCENT, "unfilled_bar": SUNK, "text_cursor": INK,
    }  # fmt: skip
    rounded = {
        "shape": "rounded_rectangle", "shape_corner_radius": str(px(unit, 7)),
        "border_width": "1", "shadow_width": "0",
    }  # fmt: skip
    flat = {"shape": "rectangle", "border_width": "0", "shadow_width": "0"}
    listed = flat | {"text_horiz_alignment": "left", "text_horiz_alignment_padding": str(px(unit, 10))}
    bright = {name: hexed(ACCENT) for name in ("normal_bg", "hovered_bg", "active_bg")}
    knob = {"colours": bright | {"disabled_bg": hexed(FAINT)}, "misc": rounded}
    return {
        "defaults": {"colours": {name: hexed(colour) for name, colour in colours.items()}},
        "button": {"font": plain, "misc": rounded},
        "label": {"font": plain, "misc": {"text_horiz_alignment": "left"}},
        "#quiet": {"colours": {"normal_text": hexed(MUTED)}},
        "#value": {"colours": {"normal_text": hexed(MUTED)}, "misc": {"text_horiz_alignment": "right"}},
        "#tab": {"misc": rounded | {"text_horiz_alignment_padding": "0"}},
        "text_entry_line": {"font": plain, "colours": {"dark_bg": hexed(SUNK)}, "misc": rounded},
        "horizontal_slider": {
            "misc": rounded | {"enable_arrow_buttons": "0", "sliding_button_width": str(px(unit, 14))},
        },
        "horizontal_slider.button": knob,
        "horizontal_slider.#sliding_button": knob,
        "drop_down_menu": {"misc": rounded | {"expand_direction": "down"}},
        "selection_list": {
            "misc": rounded | {"list_item_height": str(px(unit, 28))},
        },
        "selection_list.button": {"misc": listed},
        "drop_down_menu.selection_list.button": {"misc": listed},
    }  # fmt: skip
