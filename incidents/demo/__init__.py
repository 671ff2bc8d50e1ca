"""The demo: a hotel and an office-supplies shop whose last two weeks are played through the actions."""
