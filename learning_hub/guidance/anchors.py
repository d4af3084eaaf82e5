"""Makes the last part of a recommendation's address, which has to last."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.utils.text import slugify

if TYPE_CHECKING:
    from learning_hub.guidance.rows import Recommendation

MAX_LENGTH = 80
_USUAL_LENGTH = 60
# Ids that every page has already.
TAKEN_BY_THE_FRAME = frozenset({"maincontent", "share-heading", "site-search"})
valid_anchor = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Use lower-case letters and digits, with a hyphen between words."
)


def fill_in_anchors(recommendations: Iterable[Recommendation]) -> None:
    """Give each recommendation without an anchor one of its own; leave all others alone."""
    rows = list(recommendations)
    taken = {row.slug for row in rows if row.slug} | TAKEN_BY_THE_FRAME
    for row in rows:
        if not row.slug:
            row.slug = free_anchor(row.text, taken)
            taken.add(row.slug)


def free_anchor(text: str, taken: Collection[str]) -> str:
    """An anchor out of the first words of `text` that is not in `taken`."""
    base = _shortened(slugify(text).replace("_", "-").strip("-")) or "recommendation"
    anchor, number = base, 1
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}"
    return anchor


def _shortened(anchor: str) -> str:
    """At most the usual length, cut between two words where there are two."""
    if len(anchor) <= _USUAL_LENGTH:
        return anchor
    whole_words = anchor[: _USUAL_LENGTH + 1].rpartition("-")[0]
    return (whole_words or anchor[:_USUAL_LENGTH]).strip("-")
