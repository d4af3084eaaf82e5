"""Template tags of the syllabus."""
