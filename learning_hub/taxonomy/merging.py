"""Merges one term into another: what had the one has the other, and its slug leads on."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from modelcluster.fields import ParentalKey
from wagtail.log_actions import log
from wagtail.models import ReferenceIndex

from learning_hub.taxonomy.models import GroupedTerm, Term, VocabularyRevision
from learning_hub.taxonomy.signals import term_pages_changed
from learning_hub.taxonomy.usage import Relation, page_ids, relations_to

MERGED = "taxonomy.merge"


class CannotMerge(ValueError):
    """These two terms cannot be merged; the message says why, for the editor."""


@dataclass(frozen=True)
class Merger:
    """What a merge did: the ids of the pages whose terms, or whose term's group, changed."""

    source: Term
    target: Term
    page_ids: tuple[int, ...]


@transaction.atomic
def merge_terms(
    *, source: Term, target: Term, user: AbstractBaseUser | AnonymousUser | None = None
) -> Merger:
    """Make `target` of `source` wherever it is used, and keep `source` only as a name for it.

    Terms within a group and rows of its own (former offices, grades) move along. Old revisions
    keep naming `source`, which still exists. Sends `term_pages_changed`. Raises CannotMerge.
    """
    VocabularyRevision.advance()
    source, target = _locked(source, target)
    refuse_unless_mergeable(source, target)
    changed = tuple(sorted(pages_touched(source)))
    for relation in relations_to(type(source)):
        _repoint(relation, source, target)
    _repoint_references(source, target)
    _move_what_belongs_to(source, target)
    source.merged_terms.all().update(merged_into=target)
    source.merged_into = target
    source.save()
    log(
        instance=source,
        action=MERGED,
        user=user,
        data={"into": {"id": target.pk, "name": target.name}},
    )
    term_pages_changed.send(sender=type(source), page_ids=list(changed))
    return Merger(source, target, changed)


def refuse_unless_mergeable(source: Term, target: Term) -> None:
    """Raise CannotMerge where the merge would make no sense."""
    if type(source) is not type(target):
        raise CannotMerge("Both terms must be of the same vocabulary.")
    if source.pk == target.pk:
        raise CannotMerge("A term cannot be merged into itself.")
    if source.merged_into_id:
        raise CannotMerge(f"“{source}” was merged already.")
    if target.merged_into_id:
        raise CannotMerge(f"“{target}” was itself merged into another term. Choose that one.")
    if (
        isinstance(source, GroupedTerm)
        and isinstance(target, GroupedTerm)
        and target.parent_id
        and source.narrower_terms.exists()
    ):
        raise CannotMerge(f"“{source}” is a group. Merge it into a group, not a term within one.")
    if any(
        _both_have_the_only_one(relation, source, target) for relation in relations_to(type(source))
    ):
        raise CannotMerge(
            f"“{source}” and “{target}” each have a page of their own, and the merged term can "
            f"have only one. Delete one of the two pages first."
        )


def _both_have_the_only_one(relation: Relation, source: Term, target: Term) -> bool:
    """Whether both terms have what only one row may have: a page of their own."""
    column = relation.rows._meta.get_field(relation.term)
    if relation.is_list or not getattr(column, "unique", False):
        return False
    rows = relation.rows._base_manager.filter(**{f"{relation.term}__in": [source.pk, target.pk]})
    return rows.count() > 1


def pages_touched(source: Term) -> set[int]:
    """The ids of the pages that a merge of `source` changes: also those of terms in its group."""
    found = page_ids([source])
    if isinstance(source, GroupedTerm):
        found |= page_ids(source.narrower_terms.all())
    return found


def _locked(source: Term, target: Term) -> tuple[Term, Term]:
    """Both terms as the database has them now, held until the merge is done."""
    if type(source) is not type(target):
        raise CannotMerge("Both terms must be of the same vocabulary.")
    rows = type(source)._default_manager.select_for_update().in_bulk([source.pk, target.pk])
    if not {source.pk, target.pk} <= rows.keys():
        raise CannotMerge("One of the terms is no longer there.")
    return rows[source.pk], rows[target.pk]


def _repoint(relation: Relation, source: Term, target: Term) -> None:
    """Give `target` to every row that has `source`; a page that has both keeps it once."""
    rows = relation.rows._base_manager.filter(**{relation.term: source.pk})
    if relation.is_list:
        owner = _owner_column(relation)
        having_both = relation.rows._base_manager.filter(**{relation.term: target.pk})
        rows.filter(**{f"{owner}__in": having_both.values(owner)}).delete()
    rows.update(**{relation.term: target.pk})


def _owner_column(relation: Relation) -> str:
    """The other column of a list: whose term it is."""
    return next(
        field.name
        for field in relation.rows._meta.get_fields()
        if field.is_relation and field.name != relation.term
    )


def _repoint_references(source: Term, target: Term) -> None:
    """Keep the admin's own record of what refers to what; it hears of no bulk change."""
    ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(source), to_object_id=str(source.pk)
    ).exclude(base_content_type=ContentType.objects.get_for_model(source)).update(
        to_object_id=str(target.pk)
    )


def _move_what_belongs_to(source: Term, target: Term) -> None:
    for relation in source.relations():
        if isinstance(relation.field, ParentalKey):
            rows = relation.related_model._default_manager.filter(**{relation.field.name: source})
            rows.update(**{relation.field.name: target})
    if isinstance(source, GroupedTerm):
        source.narrower_terms.all().update(parent=target)
