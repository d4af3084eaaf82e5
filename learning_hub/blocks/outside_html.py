"""Cleans HTML that comes from outside; the only module that may, by import contract."""

from __future__ import annotations

from html.parser import HTMLParser

import bleach
import nh3
from bleach.linkifier import Linker

MAX_CHARACTERS = 100_000
MAX_TAGS = 2_000
MAX_DEPTH = 30

TAGS = {"p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "a"}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"https", "mailto"}
LINK_RELATION = "nofollow ugc noopener"
VOID_TAGS = {"br", "img", "hr", "input", "meta", "link", "area", "base", "col", "embed", "source"}


class UncleanableHtml(ValueError):
    """The text is too long, has too many tags or nests too deep to be running text."""


class _Measure(HTMLParser):
    """Counts tags and depth, so that nothing quadratic sees hostile input."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.tags = self.depth = self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        if tag not in VOID_TAGS:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        self.depth = max(0, self.depth - 1)


def clean_outside_html(html: str) -> str:
    """Return `html` with only running-text tags, safe links and no style.

    Caps come first, then nh3 (linear), then bleach's linkify on what is left, with the same
    allow-list. Raises UncleanableHtml, with a message for whoever sent it, where a cap is passed.
    """
    _refuse_excess(html)
    cleaned = nh3.clean(
        html.replace("\x00", ""),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
        clean_content_tags={"script", "style"},
    )
    cleaned = bleach.clean(
        cleaned, tags=TAGS, attributes={"a": ["href"]}, protocols=SCHEMES, strip=True
    )
    return Linker(callbacks=[_mark_link]).linkify(cleaned)


def _refuse_excess(html: str) -> None:
    if len(html) > MAX_CHARACTERS:
        raise UncleanableHtml(f"The text is longer than {MAX_CHARACTERS:,} characters.")
    # A tag opens with "<": counting those bounds the work before any parser runs.
    if html.count("<") > 2 * MAX_TAGS:
        raise UncleanableHtml(f"The text has more than {MAX_TAGS:,} tags.")
    measure = _Measure()
    measure.feed(html)
    measure.close()
    if measure.tags > MAX_TAGS:
        raise UncleanableHtml(f"The text has more than {MAX_TAGS:,} tags.")
    if measure.deepest > MAX_DEPTH:
        raise UncleanableHtml(f"The text nests tags more than {MAX_DEPTH} deep.")


def _mark_link(
    attributes: dict[tuple[str | None, str] | str, str], new: bool = False
) -> dict[tuple[str | None, str] | str, str] | None:
    """Mark every link as someone else's; a bare address becomes a link only when it is https."""
    address = attributes.get((None, "href"), "")
    if not address.startswith(("https:", "mailto:")):
        return None
    attributes[(None, "rel")] = LINK_RELATION
    return attributes
