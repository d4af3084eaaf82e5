"""Who finds an event: in lists, calendars, feeds and search, the same people as on its page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from learning_hub.events.models import EventPage
from tests.factories.accounts import make_person
from tests.factories.events import DAY, make_event, make_past_event

pytestmark = pytest.mark.django_db
PUBLIC_PLACES = ["/events/", "/events/?when=past", "/events/feed/", "/events/calendar.ics"]
BACKEND = "django.contrib.auth.backends.ModelBackend"


def restricted(kind: str) -> Callable[[EventPage], None]:
    def restrict(event: EventPage) -> None:
        PageViewRestriction.objects.create(page=event, restriction_type=kind, password="x")

    return restrict


def expired(event: EventPage) -> None:
    EventPage.objects.filter(pk=event.pk).update(expire_at=timezone.now() - DAY)


HIDING = {
    "draft": lambda event: event.unpublish(),
    "signed in": restricted("login"),
    "password": restricted("password"),
    "group": restricted("groups"),
    "expired": expired,
}


@pytest.mark.parametrize("hide", HIDING.values(), ids=HIDING.keys())
@pytest.mark.parametrize("make", [make_event, make_past_event], ids=["to come", "past"])
def test_a_hidden_event_is_nowhere(client: Client, hide: object, make: object) -> None:
    event = make("Secret rehearsal", slug="secret")
    for address in PUBLIC_PLACES[2:]:
        assert "Secret rehearsal" in client.get(address).content.decode()
    hide(event)
    for address in PUBLIC_PLACES:
        response = client.get(address)
        assert response.status_code == 200
        assert "Secret rehearsal" not in response.content.decode(), address
    assert client.get("/events/secret/calendar.ics").status_code == 404
    assert "0 upcoming events" in client.get("/events/").content.decode()


def test_an_event_for_those_signed_in_is_shown_to_them(client: Client) -> None:
    event = make_event("Staff rehearsal", slug="staff")
    restricted("login")(event)
    client.force_login(make_person(), backend=BACKEND)
    for address in ("/events/", "/events/feed/", "/events/staff/", "/events/staff/calendar.ics"):
        response = client.get(address)
        assert response.status_code == 200
        assert "Staff rehearsal" in response.content.decode()
        assert "Cookie" in response.headers["Vary"]
    # Programs that follow the calendar do not sign in, so it is the same for everybody.
    assert "Staff rehearsal" not in client.get("/events/calendar.ics").content.decode()


def test_events_are_found_by_search(client: Client, search_index: object) -> None:
    event = make_event("Laparoscopic masterclass", speakers=[("Dr Quillfeather", "Consultant")])
    hidden = make_event("Laparoscopic rehearsal")
    restricted("login")(hidden)
    html = client.get("/search/?q=laparoscopic").content.decode()
    assert event.url in html
    assert hidden.url not in html
    assert event.url in client.get("/search/?q=quillfeather&type=event").content.decode()
