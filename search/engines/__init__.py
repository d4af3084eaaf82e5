"""Engines: each answers the same plan with the same documents; see `protocol`."""
