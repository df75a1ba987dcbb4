"""Faces over time: tracker, who is followed, smoothing, optical flow, several people, liveness."""
