"""Template tags of bookmarks."""
