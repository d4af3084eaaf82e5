"""Fills a site with studies and subscribers, and prints them as JSON for an oracle to read."""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
from typing import Any
from urllib.parse import urlencode

import django
from django.db import transaction

if __name__ == "__main__":
    django.setup()

from django.utils import timezone
from wagtail.models import PageViewRestriction

from case_studies.alerts.filters import Filter
from case_studies.alerts.models import Frequency, Subscriber, Subscription
from tests.factories.case_studies import make_case_study

STUDIES, FILTERS, HOURS = 40, 400, 240
# Most alerts have nothing to tell in a run: they were confirmed after the latest study.
WAITING = 0.4
# Facet keys with the study's fields and slugs that stand in no group of one another.
TERMS = {
    "region": ("regions", ["london", "north-west", "south-east", "midlands", "south-west"]),
    "stage": ("stages", ["foundation", "core", "lower-specialty", "higher-specialty"]),
    "setting": ("settings", ["acute", "ambulance", "mental-health"]),
}
WORDS = ("lantern", "harbour", "meadow", "granite", "willow")


@transaction.atomic
def set_stage(subscribers: int, seed: int) -> dict[str, Any]:
    """Studies of the last ten days, some kept back, and alerts confirmed in that time."""
    chance, now = random.Random(seed), timezone.now()
    studies = [_study(number, chance, now) for number in range(STUDIES)]
    filters = [_filter(chance) for _ in range(FILTERS)]
    people = Subscriber.objects.bulk_create(
        [Subscriber(email=f"person-{number}@example.org") for number in range(subscribers)],
        batch_size=500,
    )
    alerts = [alert for person in people for alert in _alerts(person, filters, chance, now)]
    rows = Subscription.objects.bulk_create([row for row, _ in alerts], batch_size=500)
    return {"studies": studies, "alerts": [told for _, told in alerts], "rows": len(rows)}


def _study(number: int, chance: random.Random, now: dt.datetime) -> dict[str, Any]:
    terms = {key: _some(slugs, chance) for key, (_, slugs) in TERMS.items()}
    word, hours = chance.choice(WORDS), chance.uniform(0, HOURS)
    title = f"Study {number} of the {word}"
    fields = {TERMS[key][0]: slugs for key, slugs in terms.items()}
    study = make_case_study(title, first_published_at=now - dt.timedelta(hours=hours), **fields)
    is_closed = number % 10 == 0
    if is_closed:
        PageViewRestriction.objects.create(page=study, restriction_type="login")
    return {"title": title, "word": word, "terms": terms, "hours": hours, "closed": is_closed}


def _filter(chance: random.Random) -> dict[str, Any]:
    chosen = chance.sample(list(TERMS), chance.randint(0, 2))
    selections = {key: sorted(_some(TERMS[key][1], chance)) for key in TERMS if key in chosen}
    return {"word": chance.choice(WORDS) if chance.random() < 0.3 else "", "terms": selections}


def _alerts(
    person: Subscriber, filters: list[dict[str, Any]], chance: random.Random, now: dt.datetime
) -> list[tuple[Subscription, dict[str, Any]]]:
    """One alert; two for one person in ten."""
    wanted = {_query(each): each for each in chance.sample(filters, 1 + (chance.random() < 0.1))}
    return [_alert(person, query, each, chance, now) for query, each in wanted.items()]


def _alert(
    person: Subscriber, query: str, wanted: dict[str, Any], chance: random.Random, now: dt.datetime
) -> tuple[Subscription, dict[str, Any]]:
    is_confirmed, is_waiting = chance.random() < 0.95, chance.random() < WAITING
    hours = chance.uniform(0, HOURS) if is_waiting else 0.0
    confirmed = now - dt.timedelta(hours=hours)
    alert = Subscription(
        subscriber=person,
        query=query,
        filter_key=Filter(query).key,
        frequency=chance.choice(list(Frequency)),
        requested_at=now - dt.timedelta(hours=1),
        confirmed_at=confirmed if is_confirmed else None,
    )
    return alert, {**wanted, "email": person.email, "hours": hours if is_confirmed else None}


def _query(wanted: dict[str, Any]) -> str:
    pairs = [("q", wanted["word"])] if wanted["word"] else []
    pairs += [(key, value) for key, values in wanted["terms"].items() for value in values]
    return urlencode(pairs)


def _some(slugs: list[str], chance: random.Random) -> list[str]:
    return chance.sample(slugs, chance.randint(1, 2))


if __name__ == "__main__":
    print(json.dumps(set_stage(int(sys.argv[1]), int(sys.argv[2]))))
