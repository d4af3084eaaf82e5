"""What a kind of page gives search, but for what is its own: rooms say only that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar

from learning_hub.pages.models import NEVER_PUBLISHED, HubPage, HubPageQuerySet
from learning_hub.pages.visibility import all_restrictions, audience_of
from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.vocabulary import Vocabularies
from search.contract import SearchDocument

AnyPage = TypeVar("AnyPage", bound=HubPage)


class PageSource(Generic[AnyPage]):
    """A `DocumentSource` of all live pages of `model`.

    `kind` stands in the index and in addresses, for ever; `label` is what visitors call many of
    them. A room overrides what its pages have more than a title and an introduction.
    """

    kind: str
    label: str
    model: type[AnyPage]

    def pages(self) -> HubPageQuerySet:
        """The live pages, with whatever their documents read of other tables."""
        found: HubPageQuerySet = self.model._default_manager.live()
        return found

    def summary(self, page: AnyPage) -> str:
        """What a list of results shows of the page; its words weigh more than the body's."""
        text: str = getattr(page, "introduction", "")
        return text

    def body(self, page: AnyPage) -> Iterable[str]:
        """All other texts of the page, plain; empty ones are left out."""
        return ()

    def facets(
        self, page: AnyPage, terms: Callable[[], Vocabularies]
    ) -> Mapping[str, tuple[str, ...]]:
        """The slugs that the page is found under, by the facet's key; groups included.

        `terms` reads the vocabularies the first time it is called.
        """
        return {}

    def rank(self, page: AnyPage) -> int:
        """Where the page stands in its collection's own order, highest first."""
        return 0

    def published_at(self, page: AnyPage) -> dt.datetime:
        """The moment that “newest first” goes by."""
        moment: Any = page.first_published_at or page.last_published_at or NEVER_PUBLISHED
        return moment

    def ids(self) -> Sequence[int]:
        """The ids of all live pages of this kind."""
        return list(self.model._default_manager.live().order_by("pk").values_list("pk", flat=True))

    def documents(self, ids: Sequence[int]) -> Mapping[int, SearchDocument]:
        """The documents of those of `ids` that anyone may find, in a fixed number of queries."""
        barriers, terms = all_restrictions(), cache(vocabulary.current)
        return {
            page.pk: self._document(page, terms, audience)
            for page in self.pages().filter(pk__in=ids)
            if (audience := audience_of(page, barriers))
        }

    def _document(
        self, page: AnyPage, terms: Callable[[], Vocabularies], audience: frozenset[str]
    ) -> SearchDocument:
        return SearchDocument(
            id=page.pk,
            kind=self.kind,
            title=page.title,
            summary=self.summary(page),
            body="\n".join(filter(None, self.body(page))),
            facets=self.facets(page, terms),
            audience=audience,
            published_at=self.published_at(page),
            rank=self.rank(page),
            expires_at=page.expire_at,
        )
