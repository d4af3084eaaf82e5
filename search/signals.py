"""Hears every change of a page, of who may see it and of its terms, and has it journalled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from wagtail.models import Page, PageViewRestriction

from learning_hub.pages.visibility import behind
from learning_hub.taxonomy.signals import term_pages_changed
from search import journal
from search.models import JournalPosition, Synonym

# What saving a draft writes to the live row; none of it is searched.
_DRAFT_FIELDS = frozenset(
    {
        "draft_title",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "locked",
        "locked_at",
        "locked_by",
        "wagtail_admin_comments",
    }
)


def connect() -> None:
    """Listen to it all; called once as the site starts."""
    post_save.connect(_saved, dispatch_uid="search.saved")
    pre_delete.connect(_deleting, dispatch_uid="search.deleting")
    post_delete.connect(_deleted, dispatch_uid="search.deleted")
    m2m_changed.connect(
        _groups_changed,
        sender=PageViewRestriction.groups.through,
        dispatch_uid="search.groups",
    )
    term_pages_changed.connect(_term_pages_changed, dispatch_uid="search.terms")


def _term_pages_changed(page_ids: list[int], **kwargs: Any) -> None:
    journal.record(page_ids)


def _saved(
    sender: type[Model],
    instance: Model,
    raw: bool = False,
    update_fields: Any = None,
    **kwargs: Any,
) -> None:
    if raw:  # a fixture is loaded as it is, before what it points to; a rebuild follows it
        return
    if isinstance(instance, Page):
        _page_saved(instance, update_fields)
    elif isinstance(instance, PageViewRestriction):
        journal.record(_with_descendants(instance.page))
    elif isinstance(instance, Synonym):
        JournalPosition.advance("thesaurus")
    else:
        journal.record(_pages_that_use(instance))


def _page_saved(page: Page, update_fields: Iterable[str] | None) -> None:
    if update_fields is not None and set(update_fields) <= _DRAFT_FIELDS:
        return
    # Publishing, unpublishing and copying save the page. A move saves it as a plain page, inside
    # its transaction (its signal comes after that), and takes the pages below it along.
    is_moved = type(page) is Page and update_fields is None
    journal.record(_with_descendants(page) if is_moved else [page.pk])


def _deleting(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    """The pages of a term or a group can only be found while it is there."""
    if isinstance(instance, Group):
        journal.record(_kept_for(instance))
    elif not isinstance(instance, Page | PageViewRestriction | Synonym):
        journal.record(_pages_that_use(instance))


def _deleted(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    if isinstance(instance, Page):
        journal.record([instance.pk])
    elif isinstance(instance, PageViewRestriction):
        journal.record(_with_descendants(instance.page))
    elif isinstance(instance, Synonym):
        JournalPosition.advance("thesaurus")


def _groups_changed(instance: Any, action: str, **kwargs: Any) -> None:
    # What is taken away can only be told before it is gone.
    if action in {"post_add", "pre_remove", "pre_clear"}:
        is_group = isinstance(instance, Group)
        journal.record(_kept_for(instance) if is_group else _with_descendants(instance.page))


def _kept_for(group: Group) -> set[int]:
    """The pages that a restriction keeps for a group, among others perhaps."""
    restrictions = PageViewRestriction.objects.filter(groups=group).select_related("page")
    return {id for restriction in restrictions for id in _with_descendants(restriction.page)}


def _with_descendants(page: Page) -> list[int]:
    return list(Page.objects.filter(behind(page)).order_by().values_list("pk", flat=True))


def _pages_that_use(instance: Model) -> set[int]:
    """The pages that have `instance`, or what it groups, as one of their terms."""
    model = type(instance)
    pages: set[int] = set()
    if model is get_user_model():  # pages belong to people, but say nothing of them
        return pages
    for relation in model._meta.related_objects:
        users: Any = relation.related_model
        chosen = {relation.field.name: instance.pk}
        if issubclass(users, Page) and users is not Page:
            pages.update(users._base_manager.filter(**chosen).values_list("pk", flat=True))
        elif users is model and relation.one_to_many:
            for narrower in users._base_manager.filter(**chosen):
                pages |= _pages_that_use(narrower)
    return pages
