"""Hair that was rendered from several sides: its files, and its layers in the light of now."""
