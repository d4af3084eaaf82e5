"""What search is told about modules and lessons; never what is right in a knowledge check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from learning_hub.blocks.plain_text import body_text
from learning_hub.pages.models import HubPageQuerySet
from search.page_source import PageSource
from syllabus.models import LessonPage, ModulePage

# The lists of short texts in a lesson's body: block → the field that holds them.
_LISTS = {"checklist": "items", "vignette": "questions"}


class ModuleSource(PageSource[ModulePage]):
    """Gives search the documents of modules."""

    kind = "module"
    label = "Syllabus modules"
    model = ModulePage

    def pages(self) -> HubPageQuerySet:
        """With outcomes and domains."""
        return super().pages().prefetch_related("outcomes", "domains")

    def body(self, page: ModulePage) -> Iterator[str]:
        """What is learnt, at which level and by whom."""
        yield body_text(page.body)
        yield from (f"{outcome.text}." for outcome in page.outcomes.all())
        yield f"{page.get_level_display()}."
        yield from (f"{domain.name}." for domain in page.domains.all())
        yield page.audience


class LessonSource(PageSource[LessonPage]):
    """Gives search the documents of lessons."""

    kind = "lesson"
    label = "Syllabus lessons"
    model = LessonPage

    def body(self, page: LessonPage) -> Iterator[str]:
        """The body, and the lists of short texts in it."""
        yield body_text(page.body)
        for child in page.body.raw_data:
            items = child["value"].get(_LISTS[child["type"]], ()) if child["type"] in _LISTS else ()
            yield from map(_text_of, items)


def _text_of(item: Any) -> str:
    """The text of one row of a list, stored with or without an id of its own."""
    return str(item["value"] if isinstance(item, dict) else item)
