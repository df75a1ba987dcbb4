"""The path tracer, a process of its own: `python -m train.groom.cycles`.

The only package that touches Blender's API, and `studio` alone imports it. It reads one job a line on
standard input, JSON, and answers one line of JSON: `{"ok": true, ...}`, or `{"error": kind, "message": one
line}`. Arrays travel in `.npz` files. It ends when its standard input closes or its parent dies.
"""
