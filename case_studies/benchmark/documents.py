"""Makes search documents of drawn case studies, without a database, as many as are asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from case_studies.benchmark.corpus import Draft, Vocabulary, drafts
from case_studies.classification import facet_values, names
from case_studies.facets import KIND
from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.models import EvidenceLevel
from learning_hub.taxonomy.vocabulary import Vocabularies
from search.contract import SearchDocument
from search.excerpts import BETWEEN_NAMES
from search.registry import KIND_FACET

# One document in so many is of another kind, one in so many expires.
_OTHER_KIND = ("guidance", 10)
_EXPIRING = 100
_EXPIRES_AT = dt.datetime(2090, 1, 1, tzinfo=dt.UTC)


def stream(number: int, words: Vocabulary) -> Iterator[SearchDocument]:
    """So many documents, the same each time."""
    vocabularies = vocabulary.current()
    strengths = dict(EvidenceLevel.objects.values_list("slug", "strength"))
    for draft in islice(drafts(words), number):
        yield _document(draft, vocabularies, strengths)


def batches(number: int, words: Vocabulary, size: int = 500) -> Iterator[Sequence[SearchDocument]]:
    """The same documents, `size` at a time."""
    documents = stream(number, words)
    while batch := list(islice(documents, size)):
        yield batch


def _document(
    draft: Draft, vocabularies: Vocabularies, strengths: Mapping[str, int]
) -> SearchDocument:
    study: Any = draft
    kind = _OTHER_KIND[0] if draft.number % _OTHER_KIND[1] == 0 else KIND
    filed_under = BETWEEN_NAMES.join(("", *names(draft.terms, vocabularies), ""))
    return SearchDocument(
        id=draft.number,
        kind=kind,
        title=draft.title,
        summary="Made to measure how fast search is",
        body=f"{draft.text}\n{filed_under}",
        facets={**facet_values(study, draft.terms), KIND_FACET.key: (kind,)},
        audience=draft.audience,
        published_at=draft.published_at,
        rank=strengths[draft.terms["evidence"][0].slug],
        expires_at=_EXPIRES_AT if draft.number % _EXPIRING == 0 else None,
    )
