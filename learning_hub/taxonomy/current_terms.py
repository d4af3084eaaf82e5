"""Keeps a page on terms that still stand: a merged term gives way to the one it became."""

from __future__ import annotations

from django.db.models import ForeignKey, Model
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel, get_all_child_relations

from learning_hub.taxonomy.models import Term


def survivor(term: Term) -> Term:
    """The term that this one was merged into, however often; itself where it was not."""
    while term.merged_into:
        term = term.merged_into
    return term


def replace_merged_terms(page: ClusterableModel) -> None:
    """Put the survivor in the place of every merged term of the page and of its rows.

    Changes the instance only; saving is the caller's. Old revisions are why this is needed: a
    merge mends every stored row, but a revision names the terms of its own day.
    """
    for field in page._meta.get_fields():
        if isinstance(field, ParentalManyToManyField) and issubclass(field.related_model, Term):
            _replace_in_list(page, field.name)
    _replace_single(page)
    for relation in get_all_child_relations(type(page)):
        if _names_terms(relation.related_model):
            _replace_in_rows(page, relation.get_accessor_name())


def _replace_in_list(page: ClusterableModel, name: str) -> None:
    terms = list(getattr(page, name).all())
    if any(term.merged_into_id for term in terms):
        # A dictionary, since the survivor may have been chosen as well.
        setattr(page, name, list(dict.fromkeys(survivor(term) for term in terms)))


def _replace_in_rows(page: ClusterableModel, name: str) -> None:
    rows = list(getattr(page, name).all())
    replaced = [_replace_single(row) for row in rows]
    if any(replaced):
        setattr(page, name, rows)


def _names_terms(model: type[Model]) -> bool:
    return any(
        isinstance(field, ForeignKey) and issubclass(field.related_model, Term)
        for field in model._meta.get_fields()
    )


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
