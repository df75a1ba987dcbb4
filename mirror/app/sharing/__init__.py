"""Pictures, cards and clips to keep, and the virtual camera."""
