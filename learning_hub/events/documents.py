"""What search is told about an event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from learning_hub.blocks.plain_text import body_text
from learning_hub.events.models import EventPage
from learning_hub.pages.filed import FILED_UNDER, filed_under
from learning_hub.pages.models import HubPageQuerySet
from learning_hub.taxonomy.vocabulary import Vocabularies
from search.page_source import PageSource


class EventSource(PageSource[EventPage]):
    """Gives search the documents of events."""

    kind = "event"
    label = "Events"
    model = EventPage

    def pages(self) -> HubPageQuerySet:
        """With speakers, and what they are filed under."""
        return super().pages().prefetch_related("speakers", *FILED_UNDER.values())

    def body(self, page: EventPage) -> Iterator[str]:
        """What it is, who runs it, for whom, where, and who speaks."""
        yield body_text(page.body)
        yield f"{page.get_kind_display()}, {page.get_delivery_method_display().lower()}."
        yield from (f"{text}." for text in (page.organiser, page.for_whom, page.venue) if text)
        yield page.online_note
        for speaker in page.speakers.all():
            yield f"{', '.join(filter(None, (speaker.name, speaker.role)))}."

    def facets(
        self, page: EventPage, terms: Callable[[], Vocabularies]
    ) -> Mapping[str, tuple[str, ...]]:
        """Specialties and regions."""
        return filed_under(page, terms())
