"""Commands of the room of resources."""
