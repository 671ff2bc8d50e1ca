"""What each act of a recovery asks."""
