"""My hub: what a signed-in person can go on with, across all rooms."""
