"""Taking hair away: inpainting of head, neck and clothes, and the background plate."""
