"""Thousands of pages for tests of what does not grow: the same page, many times over."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from wagtail.models import Page

from learning_hub.pages.models import HubPage


def make_many(
    page: HubPage, number: int, vary: Callable[[Any, int], None] | None = None
) -> list[HubPage]:
    """`number` copies of the saved `page` beside it; `vary` changes each before it is inserted.

    Parent rows go in at once and child rows one by one, since Django has no bulk for both. No
    signal is sent that counts: rebuild the index where a test searches.
    """
    model = type(page)
    last = page.get_siblings().order_by("path").last()
    copies = []
    for offset in range(1, number + 1):
        copy = model.objects.get(pk=page.pk) if offset == 1 else _fresh(copies[0])
        copy.pk = copy.id = copy.page_ptr_id = None
        copy.path = _after(last.path, offset)
        copy.slug = f"{page.slug}-{offset}"
        copy.title = copy.draft_title = f"{page.title} {offset}"
        copy.url_path = f"{page.url_path.rsplit('/', 2)[0]}/{copy.slug}/"
        copy.translation_key = uuid.uuid4()
        copy._state.adding = True
        if vary:
            vary(copy, offset)
        copies.append(copy)
    _insert(copies)
    parent = page.get_parent()
    Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild + number)
    return copies


def _fresh(copy: HubPage) -> HubPage:
    values = {field.attname: getattr(copy, field.attname) for field in copy._meta.concrete_fields}
    return type(copy)(**values)


def _insert(copies: list[HubPage]) -> None:
    names = [field.attname for field in Page._meta.concrete_fields]
    parents = [
        Page(**{name: getattr(copy, name) for name in names if name != "id"}) for copy in copies
    ]
    for copy, parent in zip(copies, Page.objects.bulk_create(parents), strict=True):
        copy.pk = copy.id = copy.page_ptr_id = parent.pk
        copy.save_base(raw=True, force_insert=True)


def _after(path: str, offset: int) -> str:
    """The path `offset` places after `path`, in the tree's own numbers."""
    steps = path[: -Page.steplen], path[-Page.steplen :]
    number = Page._str2int(steps[1]) + offset
    return Page._get_path(steps[0], len(path) // Page.steplen, number)
