"""Settings: base for all, then dev, test and production; the environment is read in one place."""
