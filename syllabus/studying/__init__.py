"""What readers of the syllabus see of it, and the steps that they take through it."""
