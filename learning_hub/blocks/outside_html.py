"""Cleans HTML that comes from outside; the only module that may, by import contract."""

from __future__ import annotations

import re

import bleach
import nh3
from bleach.linkifier import Linker

MAX_CHARACTERS = 100_000
MAX_TAGS = 1_000
MAX_AMPERSANDS = 5_000
MAX_DEPTH = 30

TAGS = {"p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "a"}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"https", "mailto"}
LINK_RELATION = "nofollow ugc noopener"
VOID_TAGS = {"br", "img", "hr", "input", "meta", "link", "area", "base", "col", "embed", "source"}


class UncleanableHtml(ValueError):
    """The text is too long, has too many tags or nests too deep to be running text."""


_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)", re.IGNORECASE)
# Bleach's own pattern takes minutes over "a-.a-.a-."; this one reads each character once.
_ADDRESS = re.compile(r"https://[^\s<>\"']{1,500}")


def clean_outside_html(html: str) -> str:
    """Return `html` with only running-text tags, safe links and no style.

    Caps come first, then nh3 (linear), then bleach with the same allow-list, which also turns
    addresses into links. Raises UncleanableHtml, with a message for whoever sent the text, where
    a cap is passed.
    """
    _refuse_excess(html)
    cleaned = nh3.clean(
        _storable(html),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
        clean_content_tags={"script", "style"},
    )
    cleaned = bleach.clean(
        cleaned, tags=TAGS, attributes={"a": ["href"]}, protocols=SCHEMES, strip=True
    )
    # Not as a filter of the cleaning: together they decode "&amp;amp;" twice.
    return Linker(callbacks=[_mark_link], url_re=_ADDRESS).linkify(cleaned)


def _storable(html: str) -> str:
    """Without what no database keeps: NUL and lone halves of surrogate pairs."""
    return html.replace("\x00", "").encode("utf-8", "ignore").decode()


# What an editor may write, once Wagtail has turned its own links into addresses.
RUNNING_TEXT_SCHEMES = {"http", "https", "mailto", "tel"}


def safe_running_text(html: str) -> str:
    """Return `html`, as an editor wrote it, with nothing in it that could run.

    Wagtail cleans rich text in its editor but not when it shows it, so whatever reached the
    database by another way is cleaned here. Linear, and fast enough for every page view.
    """
    return nh3.clean(
        _storable(html),
        tags=TAGS,
        attributes={"a": {"href", "rel"}},
        url_schemes=RUNNING_TEXT_SCHEMES,
        link_rel=None,
        clean_content_tags={"script", "style"},
    )


# Wagtail's own notation: a link to a page or file by its number, and the key of a block.
STORED_ATTRIBUTES = {"*": {"data-block-key"}, "a": {"href", "rel", "linktype", "id", "uuid"}}


def storable_running_text(html: str) -> str:
    """Return rich text, in Wagtail's notation, as it may be stored.

    Nothing that runs is kept, and every tag is closed: Wagtail's editor cannot open a text with
    a stray one, such as a line break written `<br>`. Storable text stays as it is.
    """
    cleaned = nh3.clean(
        _storable(html),
        tags=TAGS,
        attributes=STORED_ATTRIBUTES,
        url_schemes=RUNNING_TEXT_SCHEMES,
        link_rel=None,
        clean_content_tags={"script", "style"},
    )
    return cleaned.replace("<br>", "<br/>")


def _refuse_excess(html: str) -> None:
    if len(html) > MAX_CHARACTERS:
        raise UncleanableHtml(f"The text is longer than {MAX_CHARACTERS:,} characters.")
    # A tag opens with "<": counting those bounds the work before anything else runs.
    if html.count("<") > 2 * MAX_TAGS:
        raise UncleanableHtml(f"The text has more than {MAX_TAGS:,} tags.")
    if html.count("&") > MAX_AMPERSANDS:
        raise UncleanableHtml(f"The text has more than {MAX_AMPERSANDS:,} “&” signs.")
    tags = depth = 0
    for end, name in _TAG.findall(html):
        tags += not end
        depth += 0 if name.lower() in VOID_TAGS else -1 if end else 1
        if tags > MAX_TAGS:
            raise UncleanableHtml(f"The text has more than {MAX_TAGS:,} tags.")
        if depth > MAX_DEPTH:
            raise UncleanableHtml(f"The text nests tags more than {MAX_DEPTH} deep.")
        depth = max(0, depth)


def _mark_link(
    attributes: dict[tuple[str | None, str] | str, str], new: bool = False
) -> dict[tuple[str | None, str] | str, str] | None:
    """Mark every link as someone else's; a bare address becomes a link only when it is https."""
    address = attributes.get((None, "href"), "")
    if not address.startswith(("https:", "mailto:")):
        return None
    attributes[(None, "rel")] = LINK_RELATION
    return attributes
