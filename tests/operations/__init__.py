"""Tests of what the site says of itself."""
