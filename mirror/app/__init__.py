"""What a person sees and touches: window, kiosk, lab, set-up, and what is shared."""
