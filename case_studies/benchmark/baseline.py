"""Wagtail's own search in the database, with its facet counts made right: a subquery for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q
from django.db.models.functions import ExtractYear
from wagtail.search.backends import get_search_backend

from case_studies.classification import MANY, ONE
from case_studies.models import CaseStudyPage
from learning_hub.taxonomy.models import GroupedTerm

_PAGE = 20


@dataclass(frozen=True)
class Found:
    """An answer: how many, the newest twenty, and the count of every value of every facet."""

    total: int
    ids: tuple[int, ...]
    counts: Mapping[str, Mapping[str, int]]


def index(batch: int = 1_000) -> None:
    """Fill Wagtail's index of the case studies, and let the database see how much there is.

    Without ANALYZE, SQLite runs the match again for each row and takes many times as long.
    """
    studies = CaseStudyPage.objects.order_by("pk")
    indexer = get_search_backend().get_index_for_model(CaseStudyPage)
    for start in range(0, studies.count(), batch):
        indexer.add_items(CaseStudyPage, list(studies[start : start + batch]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def search(text: str, selections: Mapping[str, Sequence[str]]) -> Found:
    """Answer with Wagtail's search and Django's counts, all words required, newest first."""
    matching = CaseStudyPage.objects.live()
    if text:
        # Ordered by relevance, SQLite would run the match again for each hit.
        results = matching.search(text, operator="and", order_by_relevance=False)
        matching = results.get_queryset()
    chosen = {key: _holding(key, slugs) for key, slugs in selections.items()}
    found = _narrowed(matching, chosen).order_by("-first_published_at", "pk")
    counts = {
        key: _counts(key, _narrowed(matching, {k: v for k, v in chosen.items() if k != key}))
        for key in (*MANY, *ONE, "year")
    }
    return Found(found.count(), tuple(found.values_list("pk", flat=True)[:_PAGE]), counts)


def _narrowed(studies: Any, chosen: Mapping[str, dict[str, Any]]) -> Any:
    for condition in chosen.values():
        studies = studies.filter(**condition)
    return studies


def _holding(key: str, slugs: Sequence[str]) -> dict[str, Any]:
    if key in ONE:
        return {f"{ONE[key].removesuffix('_id')}__slug__in": slugs}
    if key == "year":
        return {"started_on__year__in": [int(slug) for slug in slugs]}
    through, term = _through(key)
    # Wagtail's search refuses a filter across a many-to-many relation, so by primary key.
    named = Q(**{f"{term}__slug__in": slugs})
    if _is_grouped(through, term):
        named |= Q(**{f"{term}__parent__slug__in": slugs})
    rows = through.objects.filter(named)
    return {"pk__in": rows.values("casestudypage_id")}


def _counts(key: str, studies: Any) -> dict[str, int]:
    ids = studies.order_by().values("pk")
    rows: list[Any]
    if key in MANY:
        through, term = _through(key)
        held = through.objects.filter(casestudypage_id__in=ids)
        rows = _tally(held, f"{term}__slug", distinct=False)
        if _is_grouped(through, term):
            grouped = held.filter(**{f"{term}__parent__isnull": False})
            rows = [*rows, *_tally(grouped, f"{term}__parent__slug", distinct=True)]
    elif key in ONE:
        one = CaseStudyPage.objects.filter(pk__in=ids)
        rows = _tally(one, f"{ONE[key].removesuffix('_id')}__slug", distinct=False, column="pk")
    else:
        dated = CaseStudyPage.objects.filter(pk__in=ids, started_on__isnull=False)
        years = dated.annotate(year=ExtractYear("started_on"))
        rows = _tally(years, "year", distinct=False, column="pk")
    return {str(value): number for value, number in rows}


def _is_grouped(through: Any, term: str) -> bool:
    return issubclass(through._meta.get_field(term).related_model, GroupedTerm)


def _tally(rows: Any, value: str, *, distinct: bool, column: str = "casestudypage") -> Any:
    counted = rows.order_by().annotate(value=F(value)).values("value")
    number = Count(column, distinct=distinct)
    return list(counted.annotate(number=number).values_list("value", "number"))


def _through(key: str) -> tuple[Any, str]:
    relation: Any = CaseStudyPage._meta.get_field(MANY[key])
    return relation.remote_field.through, relation.m2m_reverse_field_name()
