"""The face trackers: MediaPipe of both generations behind one protocol."""

from mirror.tracking.mediapipe.choose import FaceTracker, open_tracker

__all__ = ["FaceTracker", "open_tracker"]
