"""The person without their hair, and the wall behind.

`underlay_network` paints both, `hair_removal` brings what it paints to what is known better, and `long_hair`
does the same below the head's square. `background_plate` remembers the wall.
"""
