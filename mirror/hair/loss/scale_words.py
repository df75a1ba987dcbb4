"""Scale words: what the two scales of hair loss, and a course over a year, are called on the screen.

Without what draws them: the web server's process, which is kept small, says them too.
"""

from __future__ import annotations

from mirror.translation.message import Message

NORWOOD, LUDWIG = "Norwood", "Ludwig"
SCALES = {NORWOOD: Message("Scale: Norwood (men)"), LUDWIG: Message("Scale: Ludwig (women)")}
COURSE = Message("Course over 12 months")
