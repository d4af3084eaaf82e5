"""Keeps a study on terms that still stand: a merged term gives way to the one it became."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import ForeignKey, Model
from modelcluster.fields import ParentalManyToManyField

from learning_hub.taxonomy.models import Term

if TYPE_CHECKING:
    from case_studies.models import CaseStudyPage


def survivor(term: Term) -> Term:
    """The term that this one was merged into, however often; itself where it was not."""
    while term.merged_into:
        term = term.merged_into
    return term


def replace_merged_terms(study: CaseStudyPage) -> None:
    """Put the survivor in the place of every merged term of the study and of its adoptions.

    Changes the instance only; saving is the caller's. Old revisions are why this is needed: a
    merge mends every stored row, but a revision names the terms of its own day.
    """
    for field in study._meta.get_fields():
        if isinstance(field, ParentalManyToManyField) and issubclass(field.related_model, Term):
            _replace_in_list(study, field.name)
    _replace_single(study)
    adoptions = list(study.adoptions.all())
    replaced = [_replace_single(adoption) for adoption in adoptions]
    if any(replaced):
        study.adoptions = adoptions


def _replace_in_list(study: CaseStudyPage, name: str) -> None:
    terms = list(getattr(study, name).all())
    if any(term.merged_into_id for term in terms):
        # A dictionary, since the survivor may have been chosen as well.
        setattr(study, name, list(dict.fromkeys(survivor(term) for term in terms)))


def _replace_single(row: Model) -> bool:
    """Replace the terms that `row` names by foreign key; whether any was replaced."""
    replaced = False
    for field in row._meta.get_fields():
        if not isinstance(field, ForeignKey) or not issubclass(field.related_model, Term):
            continue
        term = getattr(row, field.name)
        if term and term.merged_into_id:
            setattr(row, field.name, survivor(term))
            replaced = True
    return replaced
