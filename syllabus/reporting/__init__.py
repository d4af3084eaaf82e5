"""Reports: completions for those in charge, and how each question does for editors."""
