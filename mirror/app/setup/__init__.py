"""The set-up in a window: pages that anyone can go through with mouse, touch or keys.

`wizard.run` shows them. A page (`setup_page.py`) says what is on it and what its buttons do; the wizard draws
the buttons, moves the focus and turns the pages. What they find out lies on the `Desk`.
"""
