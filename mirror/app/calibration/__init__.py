"""What calibration measures: cameras and their modes, engines, and the whole delay."""
