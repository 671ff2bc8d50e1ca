"""What a business lets people choose from, and how places differ. Nothing is deleted that history needs."""
