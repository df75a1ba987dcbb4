"""Outgoing: the pictures that leave the window: into a film, to a webcam, onto a second screen.

They carry what must not be missing on them: hair loss its line, a tour its caption.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

from mirror.files.frame_folder import PairRecorder
from mirror.files.video_writer import Recorder, open_recorder
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.worn_style import ILLUSTRATION
from mirror.settings.options import Settings
from mirror.sources import Source

if TYPE_CHECKING:
    from mirror.app.screen.caption import Caption
    from mirror.app.screen.clean_output import CleanOutput
    from mirror.app.sharing.virtual_camera import VirtualCamera


class Outgoing:
    """Where pictures go beside the window.

    Args:
        settings: record, record_pairs, pace.
        source: for its size and rate.
        camera: gets every picture, not mirrored; None: there is no virtual webcam.
        clean: shows every picture; None: there is no second window.
    """

    def __init__(
        self,
        settings: Settings,
        source: Source,
        camera: VirtualCamera | None = None,
        clean: CleanOutput | None = None,
    ) -> None:
        self._settings, self._source = settings, source
        self._camera, self.clean = camera, clean
        self._recorder: Recorder | None = None
        self._pairs: PairRecorder | None = None
        self._captions: dict[str, Caption] = {}

    @property
    def problem(self) -> str | None:
        """Why the virtual webcam gets no more pictures; None where all is well."""
        return None if self._camera is None else self._camera.problem

    @property
    def recorded(self) -> bool:
        """Whether all that was shown is in the film or the folder asked for, whole and closed."""
        return self._recorder is not None and self._recorder.finished

    def open(self, stack: contextlib.ExitStack) -> None:
        """Opens what is recorded; `stack` closes it.

        Raises:
            MirrorError: nothing can be written there.
        """
        if self._settings.record:
            recorder = open_recorder(self._settings.record, self._source.size, self._source.rate)
            stack.enter_context(recorder)
            self._recorder = recorder
        if self._settings.record_pairs:
            self._pairs = PairRecorder(self._settings.record_pairs)
            stack.callback(self._pairs.close)

    def send(self, shown: Shown, image: np.ndarray, mark: str, mirrored: bool) -> None:
        """Hands a new picture on.

        Args:
            image: uint8 (H, W, 3) RGB, what is seen of it: with new hair, or without.
            mark: what it has to say of itself. mirrored: whether the window shows it so.

        Raises:
            MirrorError: the disk is full.
        """
        if self._camera is not None:
            self._camera.show(self._captioned("camera", _marked(image, mark), shown, False))
        if self._recorder is not None:
            picture = _marked(np.ascontiguousarray(image[:, ::-1]) if mirrored else image, mark)
            at = None if self._settings.pace == "max" else shown.frame.captured_at
            self._recorder.write(self._captioned("film", picture, shown, mirrored), at)
        if self._pairs is not None:
            old, new = shown.mattes()
            self._pairs.write(shown.frame.index, shown.frame.image, _marked(image, mark), old, new)

    def show(self, shown: Shown, image: np.ndarray, mark: str, mirrored: bool, now: float) -> None:
        """Draws a picture in the second window, at `now` (seconds of a clock). Arguments as of `send`."""
        if self.clean is not None:
            self.clean.show(shown, image, mark if mark == ILLUSTRATION else "", mirrored, now)

    def _captioned(self, where: str, image: np.ndarray, shown: Shown, mirrored: bool) -> np.ndarray:
        """A picture with what the tour says, for one of those who get pictures."""
        if not shown.caption and where not in self._captions:
            return image
        import pygame

        from mirror.app.screen.caption import Caption
        from mirror.app.screen.live_picture import Laid
        from mirror.app.screen.upright_crop import Part

        caption = self._captions.setdefault(where, Caption())
        whole = pygame.Rect(0, 0, image.shape[1], image.shape[0])
        laid = Laid(whole, Part.whole(whole.size), mirrored)
        box = shown.head_box
        taken = [pygame.Rect(0, round(whole.height * _MARKED), whole.width, whole.height)]
        found = caption.lay(
            shown.caption,
            whole,
            None if box is None else laid.on_screen(box),
            shown.frame.captured_at,
            taken if shown.worn.hair_loss else (),
        )
        return image if found is None else caption.stamp(image, found)


# Below this share of a picture's height lies the line of hair loss.
_MARKED = 0.88


def _marked(image: np.ndarray, mark: str) -> np.ndarray:
    """A picture that leaves the window: hair loss is never seen without its line."""
    if mark != ILLUSTRATION:
        return image
    from mirror.app.screen.side_by_side import mark_of
    from mirror.app.sharing.video_clip import stamp

    return stamp(image, mark_of((image.shape[1], image.shape[0]), mark))
