"""Asks every outside address that our pages link to whether it still answers."""
