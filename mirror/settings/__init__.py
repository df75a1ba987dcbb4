"""What a person can choose: the options, their file, the command line, the PIN of a kiosk, favourites."""
