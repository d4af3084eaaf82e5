"""The way down to a page, taken from what routing has read already."""

from __future__ import annotations

from wagtail.models import Page

HOME_DEPTH = 2


def pages_above(page: Page) -> list[Page]:
    """The pages above `page`, from the home page down.

    No query for a page that was found by its address; one for each step otherwise.
    """
    above: list[Page] = []
    while page.depth > HOME_DEPTH:
        page = page.get_parent()
        above.insert(0, page)
    return above
