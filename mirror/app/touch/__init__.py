"""Large words, buttons and a PIN pad: to be read from three metres and touched, in the kiosk and over it."""
