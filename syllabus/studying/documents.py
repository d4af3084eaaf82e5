"""What search is told about modules and lessons; never what is right in a knowledge check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from learning_hub.blocks.plain_text import body_text
from learning_hub.pages.visibility import all_restrictions, audience_of
from search.contract import SearchDocument
from syllabus.models import LessonPage, ModulePage

_NEVER_PUBLISHED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# The lists of short texts in a lesson's body: block → the field that holds them.
_LISTS = {"checklist": "items", "vignette": "questions"}


class ModuleSource:
    """Gives search the documents of modules."""

    kind = "module"

    def ids(self) -> Sequence[int]:
        """The ids of all live modules."""
        return list(ModulePage.objects.live().order_by("pk").values_list("pk", flat=True))

    def documents(self, ids: Sequence[int]) -> Mapping[int, SearchDocument]:
        """The documents of those of `ids` that anyone may find, in a fixed number of queries."""
        barriers = all_restrictions()
        modules = ModulePage.objects.live().filter(pk__in=ids)
        return {
            page.pk: _document(page, self.kind, _module_words(page), audience)
            for page in modules.prefetch_related("outcomes", "domains")
            if (audience := audience_of(page, barriers))
        }


class LessonSource:
    """Gives search the documents of lessons."""

    kind = "lesson"

    def ids(self) -> Sequence[int]:
        """The ids of all live lessons."""
        return list(LessonPage.objects.live().order_by("pk").values_list("pk", flat=True))

    def documents(self, ids: Sequence[int]) -> Mapping[int, SearchDocument]:
        """The documents of those of `ids` that anyone may find, in a fixed number of queries."""
        barriers = all_restrictions()
        return {
            page.pk: _document(page, self.kind, _lesson_words(page), audience)
            for page in LessonPage.objects.live().filter(pk__in=ids)
            if (audience := audience_of(page, barriers))
        }


def _document(
    page: ModulePage | LessonPage, kind: str, words: Iterator[str], audience: frozenset[str]
) -> SearchDocument:
    return SearchDocument(
        id=page.pk,
        kind=kind,
        title=page.title,
        summary=page.introduction,
        body="\n".join(filter(None, words)),
        facets={},
        audience=audience,
        published_at=page.first_published_at or page.last_published_at or _NEVER_PUBLISHED,
        expires_at=page.expire_at,
    )


def _module_words(page: ModulePage) -> Iterator[str]:
    yield body_text(page.body)
    yield from (f"{outcome.text}." for outcome in page.outcomes.all())
    yield f"{page.get_level_display()}."
    yield from (f"{domain.name}." for domain in page.domains.all())
    yield page.audience


def _lesson_words(page: LessonPage) -> Iterator[str]:
    yield body_text(page.body)
    for child in page.body.raw_data:
        for item in (
            child["value"].get(_LISTS[child["type"]], ()) if child["type"] in _LISTS else ()
        ):
            yield _text_of(item)


def _text_of(item: Any) -> str:
    """The text of one row of a list, stored with or without an id of its own."""
    return str(item["value"] if isinstance(item, dict) else item)
