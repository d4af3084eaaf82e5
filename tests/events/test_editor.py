"""The editor's form: local time in the event's own zone, and what it refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from learning_hub.accounts.roles import EDITORS
from learning_hub.events.models import EventPage
from tests.factories.accounts import make_person
from tests.factories.events import DAY, make_event, make_events_page

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def editor(client: Client) -> Client:
    eve = make_person("eve@example.org", EDITORS)
    client.force_login(eve, backend="django.contrib.auth.backends.ModelBackend")
    return client


def form(**changes: Any) -> dict[str, Any]:
    values = {
        "title": "Theatre lists",
        "slug": "theatre-lists",
        "kind": "masterclass",
        "introduction": "How to plan a list.",
        "time_zone": "Europe/London",
        "starts_at": "2026-07-12 14:00",
        "ends_at": "2026-07-12 16:00",
        "delivery_method": "virtual",
        "organiser": "A trust (fictional)",
        "body": streamfield([]),
        "speakers": inline_formset([]),
        "comments": inline_formset([]),
        "action-publish": "yes",
        **changes,
    }
    return nested_form_data({name: value for name, value in values.items() if value is not None})


def add(editor: Client, **changes: Any) -> Any:
    address = reverse("wagtailadmin_pages:add", args=["events", "eventpage", make_events_page().pk])
    return editor.post(address, form(**changes))


def edit(editor: Client, event: EventPage, **changes: Any) -> Any:
    return editor.post(reverse("wagtailadmin_pages:edit", args=[event.pk]), form(**changes))


def errors(response: Any) -> str:
    assert response.status_code == 200
    texts = response.context["form"].errors.values()
    return " ".join(str(text) for each in texts for text in each)


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("Europe/London", 13), ("America/New_York", 18), ("Asia/Kolkata", 8.5), ("UTC", 14)],
)
def test_what_is_typed_counts_in_the_chosen_zone(editor: Client, zone: str, hour: float) -> None:
    assert add(editor, time_zone=zone).status_code == 302
    event = EventPage.objects.get()
    midnight = dt.datetime(2026, 7, 12, tzinfo=dt.UTC)
    assert event.starts_at == midnight + dt.timedelta(hours=hour)
    assert event.ends_at - event.starts_at == dt.timedelta(hours=2)
    assert event.live


def test_the_zone_of_the_editor_does_not_matter(editor: Client) -> None:
    from wagtail.users.models import UserProfile  # noqa: PLC0415

    from learning_hub.accounts.models import User  # noqa: PLC0415

    profile = UserProfile.get_for_user(User.objects.get(email="eve@example.org"))
    profile.current_time_zone = "Asia/Tokyo"
    profile.save()
    assert add(editor).status_code == 302
    event = EventPage.objects.get()
    assert event.starts_at == dt.datetime(2026, 7, 12, 13, tzinfo=dt.UTC)
    html = editor.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()
    assert 'value="2026-07-12 14:00"' in html


def test_a_time_that_the_clocks_skip_is_refused(editor: Client) -> None:
    said = errors(add(editor, starts_at="2026-03-29 01:30", ends_at="2026-03-29 04:00"))
    assert "There is no 01:30 on 29 March 2026 in UK time: the clocks go forward over it." in said
    assert not EventPage.objects.exists()


def test_a_time_that_comes_twice_is_refused(editor: Client) -> None:
    said = errors(add(editor, starts_at="2026-10-25 01:30", ends_at="2026-10-25 04:00"))
    assert "01:30 comes twice on 25 October 2026 in UK time: the clocks go back." in said


def test_a_skipped_time_elsewhere_is_refused_too(editor: Client) -> None:
    times = {"starts_at": "2026-03-08 02:30", "ends_at": "2026-03-08 05:00"}
    said = errors(add(editor, time_zone="America/New_York", **times))
    assert "There is no 02:30 on 8 March 2026 in New York time" in said
    assert add(editor, **times).status_code == 302  # in the UK nothing happens that night


def test_the_form_shows_and_keeps_what_was_typed(editor: Client) -> None:
    assert add(editor, time_zone="America/New_York").status_code == 302
    event = EventPage.objects.get()
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    html = editor.get(address).content.decode()
    assert 'value="2026-07-12 14:00"' in html
    assert edit(editor, event, time_zone="America/New_York", title="Lists").status_code == 302
    again = EventPage.objects.get()
    assert (again.title, again.starts_at) == ("Lists", event.starts_at)


def test_another_zone_moves_the_same_clock(editor: Client) -> None:
    assert add(editor).status_code == 302
    event = EventPage.objects.get()
    assert edit(editor, event, time_zone="Asia/Dubai").status_code == 302
    assert EventPage.objects.get().starts_at == dt.datetime(2026, 7, 12, 10, tzinfo=dt.UTC)


def test_whole_days_begin_and_end_at_midnight_there(editor: Client) -> None:
    whole = {"is_whole_day": "on", "ends_at": "2026-07-13 16:00"}
    assert add(editor, **whole).status_code == 302
    event = EventPage.objects.get()
    assert event.starts_at == dt.datetime(2026, 7, 11, 23, tzinfo=dt.UTC)
    assert event.ends_at == event.starts_at + 2 * DAY
    html = editor.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()
    assert 'value="2026-07-13 00:00"' in html
    assert edit(editor, event, **{**whole, "ends_at": "2026-07-13 00:00"}).status_code == 302
    assert EventPage.objects.get().ends_at == event.ends_at


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ends_at": "2026-07-12 14:00"}, "It must end after it starts."),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"starts_at": "0001-01-01 00:00"}, "Give a year from 2000 to 2100."),
        ({"starts_at": "soon"}, "Enter a valid date"),
        ({"starts_at": ""}, "This field is required"),
        ({"is_cancelled": "on"}, "Say why it was cancelled."),
        ({"delivery_method": "hybrid"}, "Say where it takes place"),
        ({"booking_closes_on": "2026-07-13"}, "Booking must close by the day it starts."),
        ({"booking_url": "http://example.org"}, "begins with https://"),
    ],
)
def test_the_form_says_what_is_wrong(editor: Client, changes: dict[str, str], message: str) -> None:
    assert message in errors(add(editor, **changes))
    assert not EventPage.objects.exists()


def test_a_draft_needs_a_title_and_times_only(editor: Client) -> None:
    bare = {"action-publish": None, "introduction": "", "organiser": ""}
    assert add(editor, **bare, delivery_method="physical").status_code == 302
    assert not EventPage.objects.get().live


def test_an_unknown_zone_in_the_database_does_not_break_the_form(editor: Client) -> None:
    event = make_event()
    EventPage.objects.filter(pk=event.pk).update(time_zone="Mars/Olympus_Mons")
    response = editor.get(reverse("wagtailadmin_pages:edit", args=[event.pk]))
    assert response.status_code == 200
