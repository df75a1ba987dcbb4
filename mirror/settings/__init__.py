"""What a person can choose: options, the settings file, the command line, the PIN of a kiosk."""
