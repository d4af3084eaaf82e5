"""The facets and orders of the library, as search asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.vocabulary import Vocabularies
from search.contract import Collection, Facet, Sort, Value

KIND = "case-study"

# Key in addresses, label, how a selection reads in the results' sentence, and how many values
# a study hardly ever exceeds, with their groups.
_TERM_FACETS = (
    ("specialty", "Specialty", "for {}", 6),
    ("region", "Region", "in {}", 2),
    ("intervention", "Type of intervention", "using {}", 4),
    ("stage", "Stage of training", "for {} trainees", 3),
    ("capability", "Capability", "capability: {}", 6),
    ("impact", "Impact", "impact: {}", 4),
    ("evidence", "Evidence", "evidence: {}", 1),
    ("cost", "Cost", "cost: {}", 1),
    ("setting", "Setting", "in {} settings", 2),
)
_SORTS = (
    Sort("relevance", "Best match", "score"),
    Sort("newest", "Newest first", "published"),
    Sort("title", "Title, A to Z", "title"),
    Sort("evidence", "Strongest evidence first", "rank"),
)


def library(vocabularies: Callable[[], Vocabularies] = vocabulary.current) -> Collection:
    """The collection of case studies.

    `vocabularies` is asked whenever values are; a view that has read them already passes its own
    copy and saves a query for each facet.
    """
    terms = tuple(
        Facet(key, label, phrase, values=partial(_values, vocabularies, key), usual_values=usual)
        for key, label, phrase, usual in _TERM_FACETS
    )
    return Collection(
        key="case-studies",
        noun="case study",
        noun_plural="case studies",
        facets=(*terms, Facet("year", "Year it started", "started in {}", usual_values=1)),
        sorts=_SORTS,
        kinds=(KIND,),
    )


def _values(vocabularies: Callable[[], Vocabularies], key: str) -> Sequence[Value]:
    return [
        Value(value=term.slug, label=term.name, group=term.group, aliases=term.aliases)
        for term in vocabularies().terms[key]
    ]
