"""What every package hands on: frame, face, head crop, head space, layer, light, the one error for people.

`head_space` is the only place that knows where a head is in a picture; training imports it.
"""
