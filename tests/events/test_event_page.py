"""The page of an event: its times, its states, what can be booked, what machines read."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from learning_hub.events.models import EventPage
from tests.factories.events import DAY, HOUR, make_event, make_full_event, make_past_event

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 12, 14, tzinfo=dt.UTC)


def read(client: Client, event: EventPage) -> str:
    """The page's words, without tags and with single spaces."""
    response = client.get(f"/events/{event.slug}/")
    assert response.status_code == 200
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", "", main).split())


def source(client: Client, event: EventPage) -> str:
    response = client.get(f"/events/{event.slug}/")
    assert response.status_code == 200
    return response.content.decode()


def described(client: Client, event: EventPage) -> dict[str, Any]:
    script = source(client, event).partition('<script type="application/ld+json">')[2]
    return json.loads(script.partition("</script>")[0])[0]


def test_times_are_given_in_words_with_the_zone_spelled_out(client: Client) -> None:
    winter = make_event("Winter", starts_at=NOON)
    summer = make_event("Summer", starts_at=NOON.replace(month=7))
    assert "Thursday 12 March 2026, 2 pm to 4 pm, UK time (GMT)" in read(client, winter)
    assert "Sunday 12 July 2026, 3 pm to 5 pm, UK time (BST)" in read(client, summer)
    html = source(client, summer)
    assert '<time datetime="2026-07-12T15:00+01:00">3 pm</time>' in html


def test_an_event_elsewhere_has_uk_time_too(client: Client) -> None:
    event = make_event(starts_at=NOON, time_zone="America/New_York")
    words = read(client, event)
    assert "Thursday 12 March 2026, 10 am to midday, New York time (EDT)" in words
    assert "That is Thursday 12 March 2026, 2 pm to 4 pm, UK time (GMT)" in words


def test_a_zone_without_letters_is_given_by_its_offset(client: Client) -> None:
    event = make_event(starts_at=NOON, time_zone="Asia/Kathmandu")
    assert "7:45 pm to 9:45 pm, Kathmandu time (UTC+5:45)" in read(client, event)


def test_an_event_over_the_change_of_clocks_says_so(client: Client) -> None:
    start = dt.datetime(2026, 3, 28, 23, tzinfo=dt.UTC)
    words = read(client, make_event(starts_at=start, ends_at=start + 3 * HOUR))
    assert (
        "Saturday 28 March 2026, 11 pm, UK time (GMT), to Sunday 29 March 2026, 3 am, UK time (BST)"
    ) in words
    assert "The clocks change during this event." in words


def test_whole_days_have_no_times(client: Client) -> None:
    start = dt.datetime(2026, 7, 11, 23, tzinfo=dt.UTC)  # midnight in the UK
    one = make_event("One", starts_at=start, ends_at=start + DAY, is_whole_day=True)
    two = make_event("Two", starts_at=start, ends_at=start + 2 * DAY, is_whole_day=True)
    assert "Sunday 12 July 2026, all day" in read(client, one)
    assert "Sunday 12 July 2026 to Monday 13 July 2026, all day" in read(client, two)
    assert described(client, two)["endDate"] == "2026-07-13"


def test_an_unknown_zone_in_the_database_gives_uk_time_and_says_so(client: Client) -> None:
    event = make_event(starts_at=NOON)
    EventPage.objects.filter(pk=event.pk).update(time_zone="Mars/Olympus_Mons")
    words = read(client, event)
    assert "2 pm to 4 pm, UK time (GMT)" in words
    assert "We do not know the time zone of this event" in words
    for address in ("/events/", "/events/calendar.ics", f"/events/{event.slug}/calendar.ics"):
        assert client.get(address).status_code == 200


def test_a_place_can_be_booked_until_booking_closes(client: Client) -> None:
    today = timezone.localdate()
    link = {"booking_url": "https://booking.example.org/1"}
    still = make_event("Still", booking_closes_on=today, **link)
    closed = make_event("Closed", booking_closes_on=today - DAY, **link)
    assert 'href="https://booking.example.org/1"' in source(client, still)
    assert "https://booking.example.org/1" not in source(client, closed).partition("<main")[2]
    assert "Booking has closed." in read(client, closed)


@pytest.mark.parametrize(
    ("start", "said"),
    [(-HOUR, "This event is on now."), (-30 * DAY, "This event is over.")],
    ids=["on now", "over"],
)
def test_nothing_can_be_booked_once_it_began(client: Client, start: Any, said: str) -> None:
    event = make_event(
        starts_at=timezone.now() + start, booking_url="https://booking.example.org/1"
    )
    assert said in read(client, event)
    assert "https://booking.example.org/1" not in source(client, event).partition("<main")[2]


def test_a_cancelled_event_says_why_and_takes_no_bookings(client: Client) -> None:
    event = make_full_event(is_cancelled=True, cancellation_reason="The speaker is ill.")
    words = read(client, event)
    assert "This event is cancelled The speaker is ill." in words
    assert "Book a place" not in words
    assert described(client, event)["eventStatus"] == "https://schema.org/EventCancelled"


def test_a_recording_is_shown_only_once_it_is_over(client: Client) -> None:
    notes = make_event("The recorded talk")
    recording = {"recording_page": notes.page_ptr, "recording_url": "https://films.example.org/9"}
    assert "Recording" not in read(client, make_event("To come", **recording))
    words = read(client, make_past_event("Over", **recording))
    assert "The recorded talk" in words
    assert "Watch the recording at films.example.org" in words


def test_a_recording_that_the_visitor_may_not_see_is_not_named(client: Client) -> None:
    draft = make_event("Unedited film", live=False)
    event = make_past_event(recording_page=draft.page_ptr)
    assert "Unedited film" not in read(client, event)
    assert "Recording" not in read(client, event)


def test_machines_are_told_when_how_and_where(client: Client) -> None:
    start = dt.datetime(2099, 7, 12, 14, tzinfo=dt.UTC)
    said = described(client, make_full_event(starts_at=start))
    assert said["@type"] == "EducationEvent"
    assert said["startDate"] == "2099-07-12T15:00:00+01:00"
    assert said["endDate"] == "2099-07-12T17:00:00+01:00"
    assert said["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert said["eventStatus"] == "https://schema.org/EventScheduled"
    assert [place["@type"] for place in said["location"]] == ["Place", "VirtualLocation"]
    assert said["organizer"]["name"] == "Wharfe Valley Teaching Hospitals (fictional)"
    assert said["isAccessibleForFree"] is False


def test_an_event_cannot_end_before_it_starts() -> None:
    event = make_event()
    with pytest.raises(ValidationError, match="end after it starts"):
        make_event("Backwards", ends_at=event.starts_at - HOUR, starts_at=event.starts_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        EventPage.objects.filter(pk=event.pk).update(ends_at=event.starts_at)


def test_an_event_is_not_cancelled_without_a_reason() -> None:
    event = make_event()
    with pytest.raises(ValidationError, match="why it was cancelled"):
        make_event("Off", is_cancelled=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        EventPage.objects.filter(pk=event.pk).update(is_cancelled=True)


@pytest.mark.parametrize("field", ["booking_url", "recording_url"])
@pytest.mark.parametrize("address", ["http://example.org/", "javascript:alert(1)", "x"])
def test_only_https_addresses_are_taken(field: str, address: str) -> None:
    with pytest.raises(ValidationError, match="https"):
        make_event(**{field: address})


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ValidationError, match="not a time zone"):
        make_event(time_zone="Europe/Atlantis")


def test_a_withdrawn_event_is_a_clear_page(client: Client) -> None:
    event = make_event(slug="theatre")
    event.unpublish()
    assert client.get("/events/theatre/").status_code == 404
    assert client.get("/events/theatre/calendar.ics").status_code == 404


def test_an_event_that_got_another_address_is_found_from_the_old_one(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    event = make_event(slug="old")
    with django_capture_on_commit_callbacks(execute=True):
        event.slug = "new"
        event.save_revision().publish()
    response = client.get("/events/old/", follow=True)
    assert response.redirect_chain == [("/events/new/", 301)]
    assert response.status_code == 200
    assert client.get("/events/old/calendar.ics").status_code == 404
