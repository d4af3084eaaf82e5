"""Adds two people of the office and what they work on, and prints how to reach it as JSON."""

from __future__ import annotations

import json

import django
from django.conf import settings
from django.db import transaction

if __name__ == "__main__":
    django.setup()

from django.test import Client
from django.urls import reverse

from learning_hub.accounts.models import User
from learning_hub.taxonomy.models import Setting
from tests.factories.case_studies import make_library
from tests.factories.submissions import make_initiative

VOCABULARY = "wagtailsnippets_taxonomy_setting"


@transaction.atomic
def set_stage() -> dict[str, object]:
    """An initiative that waits, one vocabulary, and a session for each of two people."""
    make_library()
    initiative = make_initiative()
    terms = list(Setting.objects.in_order())
    return {
        "people": [_session(f"editor-{number}@example.org") for number in range(2)],
        "take_up": reverse("initiative_take_up", args=[initiative.pk]),
        "decline": reverse("initiative_decline", args=[initiative.pk]),
        "terms": [term.pk for term in terms],
        "merge": [reverse(f"{VOCABULARY}:merge", args=[term.pk]) for term in terms],
        "move": [reverse(f"{VOCABULARY}:reorder", args=[term.pk]) for term in terms],
    }


def _session(email: str) -> str:
    client = Client()
    client.force_login(
        User.objects.create_superuser(email=email, password=None),
        backend=settings.AUTHENTICATION_BACKENDS[0],
    )
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    print(json.dumps(set_stage()))
