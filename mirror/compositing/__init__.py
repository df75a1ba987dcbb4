"""Laying hair over a picture: pose, warp, light, what lies beneath, and the mixing itself."""
