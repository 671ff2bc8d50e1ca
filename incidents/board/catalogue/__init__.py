"""What is set up, as its pages show it. Reads only."""
