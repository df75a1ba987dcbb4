"""What window and kiosk say, in the language of the person: one TOML file a language, the same keys."""
