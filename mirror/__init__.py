"""A mirror that shows your own live face with another hairstyle."""
