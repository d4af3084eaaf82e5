"""The demo's events: dates around today, whatever day it is, and nothing that could be real."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from learning_hub.events.models import EventPage
from learning_hub.home.demo import events

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_demo_has_events_of_every_kind(client: Client) -> None:
    events.stage().build()
    events.stage().build()  # a second time changes nothing
    now, everything = timezone.now(), EventPage.objects.all()
    assert everything.upcoming(now).count() == 6
    assert everything.past(now).exclude(recording_url="").count() == 2
    assert everything.filter(is_cancelled=True).exists()
    assert everything.filter(delivery_method="hybrid").exists()
    assert everything.exclude(time_zone="Europe/London").exists()
    for event in everything:
        assert event.is_illustrative
        assert "(fictional)" in event.organiser
        response = client.get(event.url)
        assert response.status_code == 200
        changes = event.slug == "night-simulation-course"
        assert ("The clocks change during this event." in response.content.decode()) is changes
    assert "East of England" in client.get("/events/").content.decode()


@pytest.mark.parametrize(
    ("after", "change"),
    [
        (dt.date(2026, 1, 5), dt.date(2026, 3, 29)),
        (dt.date(2026, 3, 29), dt.date(2026, 10, 25)),
        (dt.date(2026, 11, 27), dt.date(2027, 3, 28)),
    ],
)
def test_it_knows_when_the_clocks_change_next(after: dt.date, change: dt.date) -> None:
    assert events.next_clock_change(after) == change
