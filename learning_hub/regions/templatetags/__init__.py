"""Template tags of the regions."""
