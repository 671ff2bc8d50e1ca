"""The pages where managers and administrators set up what people choose from."""
