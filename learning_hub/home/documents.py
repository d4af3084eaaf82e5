"""What search is told about information pages, which belong to no room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from learning_hub.blocks.plain_text import body_text
from learning_hub.pages.models import InformationPage
from learning_hub.pages.visibility import all_restrictions, audience_of
from search.contract import SearchDocument

_NEVER_PUBLISHED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class InformationSource:
    """Gives search the documents of information pages."""

    kind = "information"

    def ids(self) -> Sequence[int]:
        """The ids of all live information pages."""
        return list(InformationPage.objects.live().order_by("pk").values_list("pk", flat=True))

    def documents(self, ids: Sequence[int]) -> Mapping[int, SearchDocument]:
        """The documents of those of `ids` that anyone may find, in a fixed number of queries."""
        restrictions = all_restrictions()
        return {
            page.pk: _document(page, audience)
            for page in InformationPage.objects.live().filter(pk__in=ids)
            if (audience := audience_of(page, restrictions))
        }


def _document(page: InformationPage, audience: frozenset[str]) -> SearchDocument:
    return SearchDocument(
        id=page.pk,
        kind=InformationSource.kind,
        title=page.title,
        summary=page.introduction,
        body=body_text(page.body),
        facets={},
        audience=audience,
        published_at=page.first_published_at or page.last_published_at or _NEVER_PUBLISHED,
        expires_at=page.expire_at,
    )
