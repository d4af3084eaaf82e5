"""Calendar files, read back as a calendar program would: times, changes, and hostile titles."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar, Event

from learning_hub.events.models import EventPage
from tests.factories.events import DAY, HOUR, make_event, make_full_event, make_past_event

pytestmark = pytest.mark.django_db
ALL = "/events/calendar.ics"
SUMMER = dt.datetime(2099, 7, 12, 14, tzinfo=dt.UTC)


def fetch(client: Client, address: str = ALL) -> Calendar:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert_well_formed(response.content)
    return Calendar.from_ical(response.content)


def assert_well_formed(content: bytes) -> None:
    """Lines end in CRLF, are at most 75 bytes long, and are whole UTF-8."""
    assert content.endswith(b"\r\n")
    for line in content.removesuffix(b"\r\n").split(b"\r\n"):
        assert b"\n" not in line
        assert b"\r" not in line
        assert len(line) <= 75
        line.decode()


def only(calendar: Calendar) -> Event:
    (event,) = calendar.walk("VEVENT")
    assert event.errors == []
    return event


def of(client: Client, event: EventPage) -> Event:
    return only(fetch(client, f"/events/{event.slug}/calendar.ics"))


def test_a_file_says_all_that_a_calendar_shows(client: Client) -> None:
    event = make_full_event(starts_at=SUMMER, first_published_at=SUMMER - 9 * DAY)
    said = of(client, event)
    assert said["UID"] == str(event.translation_key)
    assert said["SUMMARY"] == "Teaching in theatre"
    assert said["STATUS"] == "CONFIRMED"
    assert said["LOCATION"] == "Education Centre, Ousebridge (fictional), and online"
    assert said["URL"] == "http://testserver/events/teaching-in-theatre/"
    assert said.categories == ["Symposium", "Hybrid", "East of England"]
    assert (said.start, said.end) == (SUMMER, SUMMER + 2 * HOUR)
    assert said["DTSTART"].params["TZID"] == "Europe/London"
    assert "https://booking.example.org/places" in said["DESCRIPTION"]
    assert "DTSTAMP" in said
    assert "LAST-MODIFIED" in said


def test_it_is_offered_as_a_file(client: Client) -> None:
    event = make_event(slug="theatre")
    response = client.get(f"/events/{event.slug}/calendar.ics")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == 'attachment; filename="theatre.ics"'


def test_the_zone_is_described_where_the_clocks_change(client: Client) -> None:
    start = dt.datetime(2026, 3, 28, 23, tzinfo=dt.UTC)
    event = make_event(starts_at=start, ends_at=start + 4 * HOUR)
    calendar = fetch(client, f"/events/{event.slug}/calendar.ics")
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/London"
    # Read by what the file itself says of the zone, not by what this machine knows.
    described = zone.to_tz(lookup_tzid=False)
    wall = [
        moment.replace(tzinfo=described) for moment in (only(calendar).start, only(calendar).end)
    ]
    assert [moment.utcoffset() for moment in wall] == [dt.timedelta(), HOUR]
    assert wall[1].astimezone(dt.UTC) == start + 4 * HOUR


def test_a_time_that_comes_twice_is_written_in_utc(client: Client) -> None:
    second = dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)  # 1:30 am, the second time
    said = of(client, make_event(starts_at=second, ends_at=second + 2 * HOUR))
    assert said["DTSTART"].to_ical() == b"20261025T013000Z"
    assert said.end == second + 2 * HOUR


def test_whole_days_end_on_the_first_free_one(client: Client) -> None:
    start = dt.datetime(2026, 7, 11, 23, tzinfo=dt.UTC)
    said = of(client, make_event(starts_at=start, ends_at=start + 2 * DAY, is_whole_day=True))
    assert (said.start, said.end) == (dt.date(2026, 7, 12), dt.date(2026, 7, 14))


@pytest.mark.parametrize(
    ("title", "read_back"),
    [
        ("Café für Ärzte – 医学教育 🩺", "Café für Ärzte – 医学教育 🩺"),
        ("é" * 240, "é" * 240),
        ("A; b, c\\n d: “e”", "A; b, c\\n d: “e”"),
        ("One\r\nATTACH:evil\rtwo\nthree", "One ATTACH:evil two three"),
        ("Bell\x07 and\u2028line\x85feed", "Bell and line feed"),
        ("BEGIN:VEVENT", "BEGIN:VEVENT"),
    ],
)
def test_any_title_is_read_back_as_it_is(client: Client, title: str, read_back: str) -> None:
    event = make_event("Plain", slug="plain")
    EventPage.objects.filter(pk=event.pk).update(title=title)
    assert of(client, event)["SUMMARY"] == read_back
    assert only(fetch(client))["SUMMARY"] == read_back


def test_a_cancelled_event_stays_and_says_so(client: Client) -> None:
    make_event(is_cancelled=True, cancellation_reason="The hall; it is flooded.")
    said = only(fetch(client))
    assert said["STATUS"] == "CANCELLED"
    assert said["SUMMARY"] == "Cancelled: Managing a theatre list"
    assert "Cancelled. The hall; it is flooded." in said["DESCRIPTION"]


def test_a_change_keeps_the_name_and_raises_the_sequence(client: Client) -> None:
    event = make_event()
    event.save_revision().publish()
    EventPage.objects.filter(pk=event.pk).update(
        first_published_at=timezone.now() - HOUR, last_published_at=timezone.now() - HOUR
    )
    before = of(client, event)
    changed = EventPage.objects.get(pk=event.pk)
    changed.slug, changed.starts_at, changed.ends_at = "moved", SUMMER, SUMMER + HOUR
    changed.save_revision().publish()
    after = of(client, changed)
    assert after["UID"] == before["UID"]
    assert int(before["SEQUENCE"]) == 0
    assert int(after["SEQUENCE"]) >= 3600
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt


def test_the_calendar_to_follow_has_a_name_and_asks_to_be_read_again(client: Client) -> None:
    make_event()
    calendar = fetch(client, f"{ALL}?kind=masterclass&region=london")
    assert calendar["X-WR-CALNAME"] == "Events: Masterclass, London"
    assert calendar["NAME"] == "Events: Masterclass, London"
    assert calendar.refresh_interval == dt.timedelta(hours=12)
    assert calendar["X-PUBLISHED-TTL"] == "PT12H"
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]


def test_it_takes_the_same_filters_as_the_list(client: Client) -> None:
    make_event("A", kind="symposium", regions=["london"])
    make_event("B", kind="webinar", regions=["london"])
    make_event("C", kind="symposium", regions=["midlands"])
    assert names(client, "?kind=symposium") == ["A", "C"]
    assert names(client, "?kind=symposium&region=london") == ["A"]
    calendar = fetch(client, f"{ALL}?kind=party&zone=Mars/Olympus")
    assert "There is no kind of event “party”" in calendar["X-WR-CALDESC"]
    assert "There is no time zone “Mars/Olympus”" in calendar["X-WR-CALDESC"]
    assert len(calendar.walk("VEVENT")) == 3


def names(client: Client, query: str) -> list[str]:
    return sorted(str(event["SUMMARY"]) for event in fetch(client, ALL + query).walk("VEVENT"))


def test_it_can_be_in_another_zone(client: Client) -> None:
    make_event("Here", starts_at=SUMMER)
    make_event("There", starts_at=SUMMER, time_zone="America/New_York")
    own = fetch(client)
    assert {str(zone["TZID"]) for zone in own.walk("VTIMEZONE")} == {
        "Europe/London",
        "America/New_York",
    }
    there = fetch(client, f"{ALL}?zone=Asia/Dubai")
    assert [str(zone["TZID"]) for zone in there.walk("VTIMEZONE")] == ["Asia/Dubai"]
    for event in there.walk("VEVENT"):
        assert event["DTSTART"].params["TZID"] == "Asia/Dubai"
        assert event.start == SUMMER.astimezone(ZoneInfo("Asia/Dubai"))


def test_it_keeps_the_past_of_a_year(client: Client) -> None:
    make_past_event("Last month")
    make_event("Long ago", starts_at=timezone.now() - 400 * DAY)
    assert names(client, "") == ["Last month"]


@pytest.mark.parametrize("address", [ALL, "/events/theatre/calendar.ics"])
def test_a_program_that_has_it_is_told_so(client: Client, address: str) -> None:
    event = make_event("Theatre", slug="theatre")
    first = client.get(address)
    assert first.status_code == 200
    tag = first.headers["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    event.title = "Theatre again"
    event.save_revision().publish()
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200
    assert client.post(address).status_code == 405


def test_an_empty_calendar_is_one(client: Client) -> None:
    assert fetch(client).walk("VEVENT") == []


def test_every_zone_that_there_is_can_be_written(client: Client) -> None:
    make_event(starts_at=SUMMER)
    for zone in ("UTC", "Etc/GMT+5", "EST5EDT", "Asia/Kathmandu", "Africa/Casablanca", "GB"):
        (event,) = fetch(client, f"{ALL}?zone={zone.replace('+', '%2B')}").walk("VEVENT")
        assert event.start == SUMMER
