"""Laying hair over a picture: pose, warp, light, what lies beneath, and the mixing itself.

`wearer` holds it together for grown styles, `alpha_compositing` for painted ones.
"""
