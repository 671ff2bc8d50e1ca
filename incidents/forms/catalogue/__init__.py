"""What managers and administrators set up. Asks; never writes."""
