"""Files: sizes checked before reading, written whole or not at all; pictures and films."""
