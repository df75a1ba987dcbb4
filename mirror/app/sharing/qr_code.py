"""QR codes: a link, or a Wi-Fi to join, as a picture that a phone's camera reads. Made by Segno."""

from __future__ import annotations

import numpy as np

BORDER = 4  # modules around it, as the standard asks


def qr_code(content: str) -> np.ndarray:
    """The code of some text, a pixel a module, the border too: uint8 (n, n), 0 dark, 255 light.

    A seventh of it may be hidden or glare (error correction M).
    """
    import segno

    made = segno.make(content, error="m", micro=False, boost_error=False)
    rows = [bytearray(255 * (1 - (module & 1)) for module in row) for row in made.matrix_iter(border=BORDER)]
    return np.array([list(row) for row in rows], np.uint8)


def wifi_code(name: str, password: str | None) -> np.ndarray:
    """The code that joins a Wi-Fi, as `qr_code`."""
    from segno.helpers import make_wifi_data

    return qr_code(make_wifi_data(name, password, "WPA" if password else None))
