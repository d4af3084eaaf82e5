"""Tells which pages use a term, whichever app they belong to.

Everything that refers to a vocabulary is found through the model's own relations, so that a new
kind of page needs no line here. A relation is of a page itself, or of a row that belongs to one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import F, ForeignKey, ManyToManyField, Model, QuerySet
from modelcluster.fields import ParentalKey
from wagtail.models import Page

from learning_hub.taxonomy.models import Term


@dataclass(frozen=True)
class Relation:
    """A column that holds terms: `rows` is the table, `term` and `page` are its columns.

    `page` is empty where the rows belong to no page. `is_list`: a row says nothing but that a
    page has a term, so that no two rows may say the same.
    """

    rows: type[Model]
    term: str
    page: str
    is_list: bool

    def pairs(self, terms: Iterable[int] | None = None) -> QuerySet[Model, tuple[int, int]]:
        """The (term, page) ids of this column, those of `terms` only where given."""
        rows = self.rows._base_manager.filter(**{f"{self.term}__isnull": False}).order_by()
        if terms is not None:
            rows = rows.filter(**{f"{self.term}__in": list(terms)})
        return rows.values_list(
            F(f"{self.term}_id"), F("pk" if self.page == "pk" else f"{self.page}_id")
        )


def relations_to(model: type[Term]) -> Iterator[Relation]:
    """The columns outside the vocabulary itself that hold terms of `model`."""
    for relation in model.relations():
        users, field = relation.related_model, relation.field
        if not isinstance(users, type) or users is model or isinstance(field, ParentalKey):
            continue  # its own hierarchy and rows belong to the vocabulary
        if isinstance(field, ManyToManyField):
            page = field.m2m_field_name() if issubclass(users, Page) else ""
            yield Relation(
                field.remote_field.through, field.m2m_reverse_field_name(), page, is_list=True
            )
        elif isinstance(field, ForeignKey):
            yield Relation(users, field.name, _page_column(users), is_list=False)


def _page_column(rows: type[Model]) -> str:
    """The column of `rows` that leads to their page; empty where they belong to none."""
    if issubclass(rows, Page):
        return "pk"
    for field in rows._meta.get_fields():
        if isinstance(field, ParentalKey) and issubclass(field.related_model, Page):
            return field.name
    return ""


def page_ids(terms: Iterable[Term]) -> set[int]:
    """The ids of all pages, drafts too, that have any of `terms`, which are of one vocabulary."""
    wanted = list(terms)
    if not wanted:
        return set()
    ids = [term.pk for term in wanted]
    return {
        page
        for relation in relations_to(type(wanted[0]))
        if relation.page
        for _, page in relation.pairs(ids)
    }


def page_counts(model: type[Term]) -> Counter[int]:
    """How many pages have each term, by the term's id. One query for the whole vocabulary."""
    parts = [relation.pairs() for relation in relations_to(model) if relation.page]
    if not parts:
        return Counter()
    # A union keeps a pair once, where a page has a term in more than one way.
    return Counter(term for term, _ in parts[0].union(*parts[1:]))
