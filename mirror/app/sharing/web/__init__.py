"""The web server of a kiosk: pictures to take home, and the stylist's tablet. A process of its own.

`process.py` is the mirror's side of it; all else runs in that process, which imports neither numpy nor OpenCV
nor Pygame. It is nice, so that a flood of requests takes time from nobody's mirror; all that it holds is in
memory, and goes with it. The two speak through pipes, see `messages.py`.
"""
