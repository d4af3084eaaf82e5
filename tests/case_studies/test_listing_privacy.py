"""What is not for everyone shows in no channel, and in every channel to those it is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from case_studies.models import CaseStudyPage
from learning_hub.accounts.models import User
from tests.factories.accounts import make_person
from tests.factories.case_studies import make_case_study

pytestmark = pytest.mark.usefixtures("db", "search_index")
SECRET = "Zebrafish"

# Every address that could tell of a study; what the visitor typed is repeated in small letters.
CHANNELS = {
    "page": "/case-studies/",
    "page, searched": "/case-studies/?q=zebrafish",
    "its only value": "/case-studies/?setting=ambulance&year=1999",
    "feed": "/case-studies/feed/",
    "comparison": "/case-studies/compare/?study=zebrafish-lists&study=open-lists",
    "list in the API": "/api/v1/case-studies/",
    "search of the site": "/search/?q=lists",
    "suggestions": "/search/suggestions/?q=zebra",
    "suggestions in the library": "/search/suggestions/?q=zebra&collection=case-studies",
}


def restrict(study: CaseStudyPage, kind: str, *groups: Group) -> None:
    restriction = PageViewRestriction.objects.create(
        page=study, restriction_type=kind, password="sesame" if kind == "password" else ""
    )
    restriction.groups.set(groups)


def draft(study: CaseStudyPage, readers: Group) -> None:
    study.unpublish()


def expired(study: CaseStudyPage, readers: Group) -> None:
    study.expire_at = timezone.now() - dt.timedelta(minutes=1)
    study.save()


def for_members(study: CaseStudyPage, readers: Group) -> None:
    restrict(study, PageViewRestriction.LOGIN)


def for_a_group(study: CaseStudyPage, readers: Group) -> None:
    restrict(study, PageViewRestriction.GROUPS, readers)


def behind_a_password(study: CaseStudyPage, readers: Group) -> None:
    restrict(study, PageViewRestriction.PASSWORD)


def deleted(study: CaseStudyPage, readers: Group) -> None:
    study.delete()


def a_draft_of_something_else(study: CaseStudyPage, readers: Group) -> None:
    study.title = "Open secret lists"
    study.save_revision()  # the draft waits; what is published stays as it was
    study.unpublish()


Hide = Callable[[CaseStudyPage, Group], None]
FOR_NOBODY = [draft, expired, behind_a_password, deleted, a_draft_of_something_else]
FOR_SOME = [for_members, for_a_group]


@pytest.fixture
def readers() -> Group:
    return Group.objects.create(name="Readers")


@pytest.fixture
def study() -> CaseStudyPage:
    """One study that is to be hidden, with values that no other has, beside one that is open."""
    make_case_study("Open lists")
    return make_case_study(
        f"{SECRET} lists", settings=["ambulance"], started_on=dt.date(1999, 1, 1)
    )


def told(client: Client) -> set[str]:
    """The channels that tell of the study."""
    found = set()
    for name, address in CHANNELS.items():
        response = client.get(address)
        assert response.status_code == 200, name
        if SECRET in response.content.decode():
            found.add(name)
    return found


def counted(client: Client) -> tuple[int, int, list[str]]:
    """What the numbers say: all studies, those of the study's setting, the years."""
    response = client.get("/api/v1/case-studies/")
    assert response.status_code == 200
    answer = response.json()
    settings = {row["value"]: row["count"] for row in answer["facets"]["setting"]}
    years = [row["value"] for row in answer["facets"]["year"]]
    return answer["total"], settings["ambulance"], years


OPEN = (2, 1, ["2021", "1999"])
CLOSED = (1, 0, ["2021"])


def member(client: Client, *groups: Group, **fields: Any) -> User:
    """Sign someone in."""
    person = make_person("alice@example.org")
    person.groups.add(*groups)
    for name, value in fields.items():
        setattr(person, name, value)
    person.save()
    client.force_login(person)
    return person


def test_a_published_study_is_told_of_in_every_channel(
    client: Client, study: CaseStudyPage
) -> None:
    assert told(client) == set(CHANNELS)
    assert counted(client) == OPEN
    assert client.get("/api/v1/case-studies/zebrafish-lists/").status_code == 200


@pytest.mark.parametrize("hide", FOR_NOBODY + FOR_SOME)
def test_a_hidden_study_is_told_of_in_no_channel(
    client: Client, study: CaseStudyPage, readers: Group, hide: Hide
) -> None:
    assert counted(client) == OPEN  # it was in the index before
    hide(study, readers)
    assert told(client) == set()
    assert counted(client) == CLOSED
    assert client.get("/api/v1/case-studies/zebrafish-lists/").status_code == 404


@pytest.mark.parametrize("hide", FOR_NOBODY)
def test_what_is_for_nobody_is_not_for_administrators_either(
    client: Client, study: CaseStudyPage, readers: Group, hide: Hide
) -> None:
    hide(study, readers)
    member(client, readers, is_superuser=True)
    assert told(client) == set()
    assert counted(client) == CLOSED


@pytest.mark.parametrize("hide", FOR_SOME)
def test_a_member_of_the_group_is_told_in_every_channel(
    client: Client, study: CaseStudyPage, readers: Group, hide: Hide
) -> None:
    hide(study, readers)
    member(client, readers)
    assert told(client) == set(CHANNELS)
    assert counted(client) == OPEN
    assert client.get("/api/v1/case-studies/zebrafish-lists/").status_code == 200


def test_a_member_of_another_group_is_told_nothing(
    client: Client, study: CaseStudyPage, readers: Group
) -> None:
    for_a_group(study, readers)
    member(client, Group.objects.create(name="Others"))
    assert told(client) == set()
    assert counted(client) == CLOSED


def test_a_spelling_gives_nothing_away(client: Client, study: CaseStudyPage) -> None:
    for_members(study, Group())
    answer = client.get("/api/v1/case-studies/?q=zebrafisk")
    assert answer.status_code == 200
    assert answer.json()["suggestion"] is None
    assert answer.json()["total"] == 0


def test_a_loosening_gives_nothing_away(client: Client, study: CaseStudyPage) -> None:
    for_members(study, Group())
    response = client.get("/case-studies/?setting=ambulance&region=london")
    assert response.status_code == 200
    assert "Take away Region" not in response.content.decode()


def test_an_answer_for_a_member_is_not_kept_for_others(
    client: Client, study: CaseStudyPage
) -> None:
    member(client)
    for address in CHANNELS.values():
        response = client.get(address)
        assert response.status_code == 200
        assert "Cookie" in response.headers["Vary"]
