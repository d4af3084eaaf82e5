"""The demonstration site: its content, kept as data, and the code that plants it."""
