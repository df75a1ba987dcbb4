"""Where the pictures come from: a camera, a video file, a photograph, or the demo."""

from mirror.sources.camera_devices import Devices, list_cameras
from mirror.sources.choose import open_source
from mirror.sources.picture_adjustment import Adjustment, Calibrated
from mirror.sources.protocol import Source

__all__ = ["Adjustment", "Calibrated", "Devices", "Source", "list_cameras", "open_source"]
