"""The office itself: set-up, accounts, settings, and the proof that everything is whole."""
