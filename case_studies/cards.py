"""What a list shows of a study: built for all results of a page at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from case_studies.classification import Terms, narrowest
from learning_hub.taxonomy.vocabulary import Vocabularies
from search.contract import Hit
from search.excerpts import Pieces, excerpt_of

if TYPE_CHECKING:  # the library page serves with this module, so it cannot import the page
    from case_studies.models import CaseStudyPage, CaseStudyQuerySet


# What a list needs to know: the long texts of twenty studies are not read to show none of them.
_SHOWN = (
    "title",
    "slug",
    "path",
    "depth",
    "url_path",
    "locale",
    "content_type",
    "translation_key",
    "first_published_at",
    "last_published_at",
    "one_line_result",
    "organisation",
    "effect_size",
    "is_illustrative",
)


@dataclass(frozen=True)
class Card:
    """One study in a list. `hit` says where the words that were asked for stand."""

    study: CaseStudyPage
    terms: Terms
    hit: Hit

    @property
    def result_pieces(self) -> Pieces:
        """The one-line result, with the words marked where they stand in it."""
        if self._excerpt_is_result:
            return self.hit.excerpt_pieces
        return ((self.study.one_line_result, False),)

    @property
    def excerpt_pieces(self) -> Pieces:
        """Where else the words stand; empty where the result says it already."""
        is_marked = any(is_match for _, is_match in self.hit.excerpt_pieces)
        return excerpt_of(self.hit) if is_marked and not self._excerpt_is_result else ()

    @property
    def _excerpt_is_result(self) -> bool:
        excerpt = "".join(text for text, _ in self.hit.excerpt_pieces)
        return excerpt.split() == self.study.one_line_result.split()


def cards(
    hits: Sequence[Hit], studies: CaseStudyQuerySet, vocabularies: Vocabularies
) -> list[Card]:
    """The cards of `hits` in their order, in one query.

    A study that was withdrawn since the index was asked is left out: `studies` holds only what
    is still there.
    """
    found = studies.only(*_SHOWN).in_bulk([hit.id for hit in hits])
    return [
        Card(found[hit.id], narrowest(hit.facets, vocabularies), hit)
        for hit in hits
        if hit.id in found
    ]
