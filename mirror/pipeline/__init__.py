"""One picture after the other: the library `Mirror`, all that is known of a person, and the live loop.

`mirror` has no threads; they are `live_loop`'s. `stream_state` is all that is known of those who are there,
in one object, which `Mirror.forget` overwrites whole.
"""
