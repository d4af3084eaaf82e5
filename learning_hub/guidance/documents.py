"""What search is told about guidance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from learning_hub.blocks.plain_text import body_text, plain
from learning_hub.guidance.models import GuidancePage
from learning_hub.guidance.standing import with_standing
from learning_hub.pages.filed import FILED_UNDER, filed_under
from learning_hub.pages.models import HubPageQuerySet
from learning_hub.taxonomy.vocabulary import Vocabularies
from search.page_source import PageSource


class GuidanceSource(PageSource[GuidancePage]):
    """Gives search the documents of guidance.

    What no longer holds is found by its title and introduction alone, and its introduction says
    so: what replaces it says more, and comes first.
    """

    kind = "guidance"
    label = "Guidance"
    model = GuidancePage

    def pages(self) -> HubPageQuerySet:
        """With its rows, and the terms that it is filed under."""
        rows = ("recommendations__setting", *FILED_UNDER.values())
        return super().pages().prefetch_related(*rows)

    def summary(self, page: GuidancePage) -> str:
        """The introduction, with a warning where it no longer holds."""
        return with_standing(page)

    def body(self, page: GuidancePage) -> Iterator[str]:
        """Messages, recommendations, audiences, campaign, and whatever else it says."""
        if not page.is_current:
            return
        yield body_text(page.messages)
        for row in page.recommendations.all():
            yield row.text
            yield plain(row.explanation)
            yield row.where
        yield body_text(page.body)
        yield ". ".join(page.audience_list)
        yield ". ".join(filter(None, (page.issuing_body, page.campaign_name)))

    def facets(
        self, page: GuidancePage, terms: Callable[[], Vocabularies]
    ) -> Mapping[str, tuple[str, ...]]:
        """The specialties and regions that it is filed under."""
        return filed_under(page, terms())
