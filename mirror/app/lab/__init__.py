"""The latent lab: a person plays with the latent space of hair and sees it change on their own head.

    run_mirror.py --lab --lab-data photographs

`Session` knows and does all of it without a window; `LabPanel` shows it. Nothing here trains anything, adds
to the style book or keeps a picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mirror.app.lab.dataset import Pictures, open_pictures
from mirror.app.lab.session import Session

if TYPE_CHECKING:
    from mirror.app.lab.panel import LabPanel
    from mirror.app.live_display import Display
    from mirror.app.screen import Window
    from mirror.pipeline.live_loop import Live
    from mirror.settings.options import Settings

__all__ = ["Pictures", "Session", "add_lab", "open_pictures"]


def add_lab(
    window: Window, live: Live, display: Display, settings: Settings, pictures: Pictures | None
) -> LabPanel:
    """Opens the lab beside the picture of a window; close it when the run is over.

    Args:
        settings: engine, face_model, pictures.
        pictures: the data set to browse, or None.
    """
    from mirror.app.lab.encoding_thread import Reader
    from mirror.app.lab.latent_to_hair import Wearer
    from mirror.app.lab.panel import LabPanel
    from mirror.app.lab.principal_components import Components
    from mirror.pipeline.mirror import Mirror

    def make() -> Mirror:
        return Mirror(engine=settings.engine, face_model=settings.face_model)

    def open_session() -> Session | None:
        mirror = live.mirror
        if mirror is None:
            return None
        components = Components(mirror.book.prior_mean, mirror.book.prior_factor)
        return Session(
            mirror, Wearer(live.tell, components), Reader(make, pictures), pictures,
            lambda: display.camera, settings.pictures_folder,
        )  # fmt: skip

    panel = LabPanel(window, open_session)
    window.panels.append(panel)
    return panel
