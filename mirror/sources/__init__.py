"""Where the pictures come from: a camera, a video file, a photograph, or the demo."""

from mirror.sources.camera_devices import list_cameras
from mirror.sources.choose import open_source
from mirror.sources.picture_adjustment import Adjustment
from mirror.sources.protocol import Source

__all__ = ["Adjustment", "Source", "list_cameras", "open_source"]
