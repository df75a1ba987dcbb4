"""How each network learns: its batches, its loss, its held-out figures, its defaults."""
