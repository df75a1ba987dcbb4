"""Faces over time: detection, who is followed, smoothing, optical flow, several people, liveness."""
