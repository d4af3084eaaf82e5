"""Which terms studies are filed under: for any number of studies, in one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Cast

from learning_hub.taxonomy.vocabulary import TermEntry, Vocabularies

if TYPE_CHECKING:  # the library page serves with this module, so it cannot import the page
    from case_studies.models import CaseStudyPage

Terms = Mapping[str, tuple[TermEntry, ...]]

# The facet's key and the study's field that holds its terms.
MANY = {
    "specialty": "specialties",
    "region": "regions",
    "intervention": "intervention_types",
    "stage": "stages",
    "capability": "capabilities",
    "impact": "impact_types",
    "setting": "settings",
}
ONE = {"evidence": "evidence_level_id", "cost": "cost_band_id"}


def terms_of(studies: Sequence[CaseStudyPage], vocabularies: Vocabularies) -> dict[int, Terms]:
    """Each study's terms by facet key, in the vocabulary's order; one query for all studies."""
    held: dict[int, dict[str, set[int]]] = {
        study.pk: {key: {getattr(study, column)} for key, column in ONE.items()}
        for study in studies
    }
    for key, study_id, term_id in _rows(studies):
        held[study_id].setdefault(key, set()).add(term_id)
    return {
        study_id: {
            key: tuple(entry for entry in entries if entry.id in ids.get(key, ()))
            for key, entries in vocabularies.terms.items()
        }
        for study_id, ids in held.items()
    }


def _rows(studies: Sequence[CaseStudyPage]) -> Iterable[tuple[str, int, int]]:
    if not studies:
        return ()
    parts = [_through_rows(key, field, studies) for key, field in MANY.items()]
    return parts[0].union(*parts[1:], all=True)


def _through_rows(key: str, field: str, studies: Sequence[CaseStudyPage]) -> Any:
    relation: Any = type(studies[0])._meta.get_field(field)
    term = f"{relation.m2m_reverse_field_name()}_id"
    return (
        relation.remote_field.through.objects.filter(casestudypage__in=[s.pk for s in studies])
        .order_by()
        .values_list(Value(key), "casestudypage_id", Cast(F(term), BigIntegerField()))
    )


def facet_values(study: CaseStudyPage, terms: Terms) -> dict[str, tuple[str, ...]]:
    """The slugs that a study is found under, the groups of its terms among them."""
    values = {key: _with_groups(entries) for key, entries in terms.items()}
    year = (str(study.started_on.year),) if study.started_on else ()
    return {**values, "year": year}


def narrowest(values: Mapping[str, Sequence[str]], vocabularies: Vocabularies) -> Terms:
    """The terms of a study that was found under `values`: a group only where no term of it is."""
    terms: dict[str, tuple[TermEntry, ...]] = {}
    for key, entries in vocabularies.terms.items():
        held = set(values.get(key, ()))
        groups = {entry.group for entry in entries if entry.slug in held}
        terms[key] = tuple(e for e in entries if e.slug in held and e.slug not in groups)
    return terms


def _with_groups(entries: tuple[TermEntry, ...]) -> tuple[str, ...]:
    slugs: dict[str, None] = {}
    for entry in entries:
        if entry.group:
            slugs[entry.group] = None
        slugs[entry.slug] = None
    return tuple(slugs)


def names(terms: Terms, vocabularies: Vocabularies) -> list[str]:
    """The names of a study's terms and their groups; with a region's, those of its former offices.

    They belong to the text that is searched: whoever types a name finds what is filed under it.
    """
    filed_under = (
        vocabularies.by_slug[key, slug]
        for key, entries in terms.items()
        for slug in _with_groups(entries)
    )
    return [
        name for entry in filed_under for name in dict.fromkeys((entry.name, *entry.former_names))
    ]
