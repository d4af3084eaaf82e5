"""Which other studies stand beside one: the editor's own choice first, then the most alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import get_text_list

from case_studies.classification import Terms, terms_of
from case_studies.facets import library
from learning_hub.pages.visibility import Visitor
from learning_hub.taxonomy.vocabulary import Vocabularies
from search.related import related_to

if TYPE_CHECKING:
    from case_studies.models import CaseStudyPage

SHOWN = 4
# What says most about a likeness comes first; a region or an impact in common says little.
_TELLING = ("intervention", "specialty", "stage", "capability", "region")
_NAMED = 3


@dataclass(frozen=True)
class RelatedView:
    """A study beside this one, and why."""

    study: CaseStudyPage
    reason: str


def related_studies(
    study: CaseStudyPage,
    chosen: Sequence[int],
    *,
    visitor: Visitor,
    vocabularies: Vocabularies,
) -> tuple[Terms, list[RelatedView]]:
    """The study's own terms, and up to four studies that `visitor` may see, with the reason.

    Two queries, those of the visibility rules and the one of the index; the terms of all come
    in one.
    """
    alike = related_to(study.pk, library(lambda: vocabularies), visitor, SHOWN) if study.pk else []
    ids = [pk for pk in dict.fromkeys([*chosen, *alike]) if pk != study.pk]
    found = type(study).objects.filter(pk__in=ids).visible_to(visitor).in_bulk()
    shown = [found[pk] for pk in ids if pk in found][:SHOWN]
    terms = terms_of([study, *shown], vocabularies)
    own = terms[study.pk]
    return own, [
        RelatedView(other, _reason(own, terms[other.pk], chosen=other.pk in chosen))
        for other in shown
    ]


def _reason(own: Terms, other: Terms, *, chosen: bool) -> str:
    """What the two have in common, in words."""
    shared = [
        entry.name for key in _TELLING for entry in own.get(key, ()) if entry in other.get(key, ())
    ]
    if shared:
        return f"Has {get_text_list(shared[:_NAMED], 'and')} in common"
    return "Chosen by our editors" if chosen else ""
