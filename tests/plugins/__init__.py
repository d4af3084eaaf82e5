"""Pytest plugins that several parts of the suite share."""
