"""Initiatives for tests, and the form as a browser sends it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from case_studies.submissions.models import Initiative
from case_studies.submissions.receiving import receive
from learning_hub.taxonomy.models import Region, Specialty, TraineeStage

TITLE = "Saturday theatre lists for core trainees"
TEXTS = {
    "what_was_wrong": "Core trainees lost half their cases.",
    "what_was_done": "We ran lists on Saturdays:\n- one trainer\n- two trainees",
    "what_came_of_it": "Each trainee did 14 more cases.\n\nNobody asked for an extension.",
    "do_differently": "Book the anaesthetist first.",
}


def filled_in(**changed: Any) -> dict[str, Any]:
    """The form, filled in well, but for what is `changed`."""
    return {
        "key": str(uuid.uuid4()),
        "title": TITLE,
        **TEXTS,
        "link": "",
        "organisation": "Wharfe Valley Teaching Hospitals (fictional)",
        "started_on": "9/2025",
        "sender_name": "Sam Shah",
        "sender_role": "Training programme director",
        "sender_email": "sam@example.org",
        "may_publish": "on",
        "may_contact": "on",
        "leave_empty": "",
        **changed,
    }


def make_initiative(title: str = TITLE, **facts: Any) -> Initiative:
    """An initiative that waits."""
    given = {
        "key": uuid.uuid4(),
        "title": title,
        **TEXTS,
        "link": "https://www.example.org/lists",
        "specialties": Specialty.objects.filter(slug="urology"),
        "stages": TraineeStage.objects.filter(slug="higher-specialty"),
        "region": Region.objects.get(slug="north-west"),
        "organisation": "Wharfe Valley Teaching Hospitals (fictional)",
        "started_on": dt.date(2025, 9, 1),
        "sender_name": "Sam Shah",
        "sender_role": "Training programme director",
        "sender_email": "sam@example.org",
        "may_contact": True,
        "may_publish": True,
        "at": timezone.now(),
    }
    return receive(**{**given, **facts}).initiative
