"""What every command of upkeep raises to stop, before or without harm."""


class Refused(Exception):
    """It cannot be done, and nothing was changed unless the text says so. One line."""
