"""Printing: the printer, and the sheet that asks how many copies, in the kiosk and in the window at home."""
