"""The list of events: what is to come, what is over, filters, zones, and bad addresses."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning_hub.events.models import EventPage
from tests.factories.events import DAY, HOUR, make_event, make_events_page, make_past_event

pytestmark = pytest.mark.django_db
ADDRESSES = ["/events/", "/events/feed/", "/events/calendar.ics"]


def page(client: Client, query: str = "") -> Any:
    response = client.get(f"/events/{query}")
    assert response.status_code == 200
    return response


def titles(client: Client, query: str = "") -> list[str]:
    return [card.event.title for card in page(client, query).context["listing"].cards]


def notices(client: Client, query: str) -> str:
    response = page(client, query)
    said = " ".join(response.context["listing"].notices)
    for notice in response.context["listing"].notices:
        assert "We left something out" in response.content.decode(), notice
    return said


def test_the_soonest_come_first_and_the_past_is_another_view(client: Client) -> None:
    now = timezone.now()
    for days, title in ((9, "Later"), (2, "Sooner"), (-9, "Long ago"), (-2, "Lately")):
        make_event(title, starts_at=now + days * DAY)
    assert titles(client) == ["Sooner", "Later"]
    assert titles(client, "?when=past") == ["Lately", "Long ago"]


def test_an_event_leaves_the_list_when_it_ends() -> None:
    event = make_event()
    just_before = event.ends_at - dt.timedelta(seconds=1)
    assert list(EventPage.objects.upcoming(just_before)) == [event]
    assert list(EventPage.objects.past(just_before)) == []
    assert list(EventPage.objects.upcoming(event.ends_at)) == []
    assert list(EventPage.objects.past(event.ends_at)) == [event]


def test_an_event_that_is_on_now_is_still_listed(client: Client) -> None:
    make_event("Going on", starts_at=timezone.now() - HOUR)
    assert titles(client) == ["Going on"]
    assert "On now" in page(client).content.decode()


def test_filters_narrow_the_list(client: Client) -> None:
    make_event("A", kind="symposium", delivery_method="virtual", regions=["london"])
    make_event("B", kind="masterclass", delivery_method="hybrid", regions=["north-west"])
    make_event("C", kind="symposium", delivery_method="physical", regions=["north-west"])
    assert titles(client, "?kind=symposium") == ["A", "C"]
    assert titles(client, "?delivery=hybrid&delivery=virtual") == ["A", "B"]
    assert titles(client, "?region=north-west&kind=symposium") == ["C"]
    assert titles(client, "?region=north-west&region=london") == ["A", "B", "C"]


def test_events_for_every_region_are_in_each(client: Client) -> None:
    make_event("For all")
    make_event("For London", regions=["london"])
    assert titles(client, "?region=north-west") == ["For all"]


def test_a_former_office_leads_to_its_region(client: Client) -> None:
    make_event("Here", regions=["london"])
    make_event("There", regions=["midlands"])
    assert titles(client, "?region=south-london") == ["Here"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?kind=party", "There is no kind of event “party”, so it was left out."),
        ("?delivery=pigeon", "There is no way of delivery “pigeon”"),
        ("?region=atlantis", "There is no region “atlantis”"),
        ("?when=someday", "There is no view “someday”"),
        ("?zone=Mars/Olympus", "There is no time zone “Mars/Olympus”"),
        ("?page=99", "There is no page 99, so the last page is shown."),
        ("?page=-1", "There is no page “-1”"),
        ("?page=two", "There is no page “two”"),
    ],
)
def test_what_is_unknown_is_left_out_and_said(client: Client, query: str, said: str) -> None:
    make_event("Still here")
    assert said in notices(client, query)
    assert titles(client, query) == ["Still here"]


@pytest.mark.parametrize("name", ["kind", "delivery", "region", "when", "zone", "page", "other"])
@pytest.mark.parametrize(
    "value",
    [
        "%00",
        "%ed%a0%80",
        "%ff",
        "9" * 400,
        "x" * 5000,
        "../../etc/passwd",
        "%0d%0aX:1",
        "٣",
        "1&{}=2",
    ],
)
def test_bad_addresses_get_an_answer(client: Client, name: str, value: str) -> None:
    make_event()
    for address in ADDRESSES:
        response = client.get(f"{address}?{name}={value.format(name)}")
        assert response.status_code in (200, 400), address


@pytest.mark.parametrize("slug", ["nothing", "%00", "%ed%a0%80", "a" * 3000, "é", "%2e%2e"])
def test_an_event_that_is_not_there_is_a_clear_page(client: Client, slug: str) -> None:
    make_events_page()
    for address in (f"/events/{slug}/", f"/events/{slug}/calendar.ics"):
        assert client.get(address).status_code in (400, 404)


def test_times_can_be_shown_in_another_zone(client: Client) -> None:
    make_event(starts_at=dt.datetime(2099, 7, 12, 14, tzinfo=dt.UTC))
    html = page(client, "?zone=europe/paris").content.decode()
    words = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert "Times are in Paris time." in words
    assert "Sunday 12 July 2099, 4 pm to 6 pm, Paris time (CEST)" in words
    assert "That is Sunday 12 July 2099, 3 pm to 5 pm, UK time (BST)" in words
    assert 'datetime="2099-07-12T16:00+02:00"' in html


def test_the_list_goes_on_over_pages_with_what_was_asked(client: Client) -> None:
    for number in range(25):
        make_event(f"Event {number}", kind="symposium")
    assert len(titles(client, "?kind=symposium")) == 20
    second = page(client, "?kind=symposium&zone=UTC&page=2")
    assert len(second.context["listing"].cards) == 5
    assert 'href="/events/?kind=symposium&amp;zone=UTC"' in second.content.decode()


def test_an_empty_list_says_how_to_be_told(client: Client) -> None:
    make_events_page()
    html = page(client).content.decode()
    assert "No event is planned at the moment." in html
    assert 'href="/events/feed/"' in html
    assert "webcal://testserver/events/calendar.ics" in html
    assert "No event fits everything" in page(client, "?kind=course").content.decode()


def test_the_ways_to_follow_keep_the_filters(client: Client) -> None:
    make_past_event()
    html = page(client, "?when=past&kind=webinar&zone=UTC").content.decode()
    assert "webcal://testserver/events/calendar.ics?kind=webinar&amp;zone=UTC" in html
    assert "http://testserver/events/calendar.ics?kind=webinar&amp;zone=UTC" in html
    assert 'href="/events/feed/?kind=webinar"' in html


@pytest.mark.parametrize("address", [*ADDRESSES, "/events/?region=london&zone=Asia/Dubai"])
def test_more_events_cost_no_more_queries(client: Client, address: str) -> None:
    for number in range(2):
        make_event(f"Event {number}", regions=["london", "midlands"], speakers=[("A", "B")])
    few = queries(client, address)
    for number in range(2, 22):
        make_event(f"Event {number}", regions=["london"], speakers=[("A", "B")])
    assert queries(client, address) == few <= 12


def test_the_page_and_its_file_cost_few_queries(client: Client) -> None:
    past = make_past_event(
        recording_page=make_event("The film").page_ptr,
        regions=["london"],
        specialties=["urology"],
        speakers=[("A", "B"), ("C", "D")],
    )
    assert queries(client, f"/events/{past.slug}/") <= 12
    assert queries(client, f"/events/{past.slug}/calendar.ics") <= 12


def queries(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200  # warm
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
