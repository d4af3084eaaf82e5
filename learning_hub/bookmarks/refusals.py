"""Why something could not be kept, collected or shared, in words for the person."""

from __future__ import annotations

MOST_BOOKMARKS = 500
MOST_COLLECTIONS = 50
MOST_ENTRIES = 200


class Refused(Exception):
    """A step that is not possible. The text of the exception is for the person."""


class TooManyBookmarks(Refused):
    """There is a limit, so that one account cannot fill the site."""

    def __init__(self) -> None:
        super().__init__(
            f"You can keep {MOST_BOOKMARKS} pages at most. Remove some bookmarks first."
        )


class TooManyCollections(Refused):
    """There is a limit here too."""

    def __init__(self) -> None:
        super().__init__(
            f"You can have {MOST_COLLECTIONS} collections at most. Delete one of them first."
        )


class TooManyEntries(Refused):
    """A collection that is too long for anyone to read."""

    def __init__(self) -> None:
        super().__init__(
            f"A collection can hold {MOST_ENTRIES} pages at most. Take some out, or start another."
        )


class NameTaken(Refused):
    """She could not tell the two apart."""

    def __init__(self, name: str) -> None:
        super().__init__(f"You have a collection called “{name}” already. Choose another name.")


class NothingChosen(Refused):
    """No page was ticked that is hers."""

    def __init__(self) -> None:
        super().__init__("Tick at least one page.")


class CollectionNotFound(Refused):
    """There is no such collection, or it is someone else's: both look the same."""

    def __init__(self) -> None:
        super().__init__("There is no such collection.")


class NothingToCopy(Refused):
    """Whoever follows the link may see none of the pages."""

    def __init__(self) -> None:
        super().__init__("No page in this collection is open to you, so there is nothing to copy.")
