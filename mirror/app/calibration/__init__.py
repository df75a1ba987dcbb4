"""What calibration measures: cameras, engines, and the whole delay."""
