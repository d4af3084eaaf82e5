"""The facets and orders of the library, as search asks for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, partial

from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.vocabulary import TermEntry, Vocabularies
from search.contract import Collection, Facet, Sort, Value

KIND = "case-study"
KEY = "case-studies"

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
# Regions that are named after where they lie take an article in a sentence.
_LIES_IN = re.compile(r"(?:North|South|East|West|Mid)", re.IGNORECASE)
_NATIONAL = "national"
_SORTS = (
    Sort("relevance", "Best match", "score"),
    Sort("newest", "Newest first", "published"),
    Sort("title", "Title, A to Z", "title"),
    Sort("evidence", "Strongest evidence first", "rank"),
)


def library(vocabularies: Callable[[], Vocabularies] | None = None) -> Collection:
    """The collection of case studies, for one search.

    The vocabularies are read once, when values are first asked for; a view that has read them
    already passes its own copy.
    """
    vocabularies = vocabularies or cache(vocabulary.current)
    terms = tuple(
        Facet(key, label, phrase, values=partial(_values, vocabularies, key), usual_values=usual)
        for key, label, phrase, usual in _TERM_FACETS
    )
    return Collection(
        key=KEY,
        noun="case study",
        noun_plural="case studies",
        facets=(*terms, Facet("year", "Year it started", "started in {}", usual_values=1)),
        sorts=_SORTS,
        kinds=(KIND,),
    )


def _values(vocabularies: Callable[[], Vocabularies], key: str) -> Sequence[Value]:
    return [
        Value(
            value=term.slug,
            label=term.name,
            group=term.group,
            aliases=term.aliases,
            spoken=_spoken_region(term) if key == "region" else "",
        )
        for term in vocabularies().terms[key]
    ]


def _spoken_region(term: TermEntry) -> str:
    """The region after "in": the North West, London, England as a whole."""
    if term.slug == _NATIONAL:
        return "England as a whole"
    return f"the {term.name}" if _LIES_IN.match(term.name) else term.name
