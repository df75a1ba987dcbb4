"""The kiosk: the mirror in a salon that leaves it running. Every state of it is a file; INSTALL.md says how.

    attract -> consent -> try <-> compare -> goodbye -> attract        failsafe: from anywhere, and back

`state_machine` knows which state follows which, `visit` has what a visitor brings to life and wipes it,
`scene` is the panel that draws the state, `main_loop` the loop.
"""
