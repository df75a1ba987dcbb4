"""What a person sees and touches: window, kiosk, latent lab, set-up, and pictures to keep."""
