"""Commands of the room of case studies."""
