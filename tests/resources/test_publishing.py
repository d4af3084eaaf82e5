"""No resource is seen without what its kind needs, whichever way it is published."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from learning_hub.accounts.models import User
from learning_hub.pages.refused_publication import NotReadyToPublish
from learning_hub.resources.models import Highlight, ResourcePage
from tests.factories.resources import (
    draft_resource,
    make_file,
    make_resource,
    make_resource_index,
)

pytestmark = pytest.mark.django_db

LACKING: list[tuple[str, dict[str, Any], list[str]]] = [
    ("report", {"files": []}, ["address"]),
    ("toolkit", {"files": []}, ["files"]),
    ("link", {"address": ""}, ["address"]),
    ("recording", {"recording": None}, ["recording"]),
    ("recording", {"captions": None}, ["captions"]),
    ("recording", {"transcript": "<p> </p>"}, ["transcript"]),
    (
        "recording",
        {"recording": None, "captions": None, "transcript": ""},
        ["recording", "captions", "transcript"],
    ),
]
each_lack = pytest.mark.parametrize(("kind", "fields", "named"), LACKING)


@pytest.mark.parametrize("kind", ["report", "toolkit", "recording", "link"])
def test_a_complete_resource_of_each_kind_is_published(kind: str) -> None:
    assert ResourcePage.objects.get(pk=make_resource(kind).pk).live


def test_a_report_needs_no_file_where_it_has_an_address() -> None:
    assert make_resource("report", files=[], address="https://www.gmc-uk.org/report").live


@each_lack
def test_an_incomplete_resource_is_refused(
    kind: str, fields: dict[str, Any], named: list[str]
) -> None:
    with pytest.raises(NotReadyToPublish) as refusal:
        make_resource(kind, **fields)
    assert set(named) <= set(refusal.value.message_dict)
    assert not ResourcePage.objects.exists()


@each_lack
def test_a_draft_may_be_incomplete_and_its_revision_is_not_published(
    kind: str, fields: dict[str, Any], named: list[str]
) -> None:
    draft = make_resource(kind, live=False, **fields)
    revision = draft.save_revision(clean=False)
    with pytest.raises(NotReadyToPublish):
        revision.publish()
    assert not ResourcePage.objects.get().live


def test_a_scheduled_resource_that_became_incomplete_returns_to_draft() -> None:
    draft = make_resource(live=False)
    draft.go_live_at = timezone.now() + dt.timedelta(days=1)
    revision = draft.save_revision()
    revision.publish()
    revision.refresh_from_db()
    past = timezone.now() - dt.timedelta(minutes=1)
    revision.approved_go_live_at = past
    revision.content |= {"go_live_at": past.isoformat(), "address": ""}
    revision.save()
    call_command("publish_scheduled")
    assert not ResourcePage.objects.get().live


@pytest.mark.parametrize(
    ("field", "name"), [("recording", "talk.txt"), ("captions", "talk.txt"), ("recording", "t.vtt")]
)
def test_a_file_that_cannot_be_played_or_shown_is_refused(field: str, name: str) -> None:
    with pytest.raises(NotReadyToPublish) as refusal:
        make_resource("recording", **{field: make_file(name)})
    assert "Choose a file that ends in" in refusal.value.message_dict[field][0]


@pytest.mark.parametrize("address", ["http://example.org/", "ftp://example.org/", "nonsense"])
def test_only_https_addresses_are_taken(address: str) -> None:
    with pytest.raises(ValidationError, match="https://"):
        make_resource(address=address)
    page = make_resource()
    with pytest.raises(IntegrityError), transaction.atomic():
        ResourcePage.objects.filter(pk=page.pk).update(address=address)


def test_a_unit_without_a_figure_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_resource(highlights=[Highlight(text="Much", unit="million")])


def post(kind: str, **fields: Any) -> dict[str, Any]:
    """What the editor's form sends."""
    formsets = {
        f"{name}-{part}": value
        for name in ("files", "highlights", "comments")
        for part, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0), ("MAX_NUM_FORMS", 1000))
    }
    values = {
        "title": "New",
        "slug": "new",
        "kind": kind,
        "publisher": "GMC",
        "introduction": "About it.",
        "date_precision": "day",
        "body-count": "0",
        "transcript": '{"blocks": [], "entityMap": {}}',
    }
    return {**values, **formsets, **fields}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("link", "Give the address that the link leads to."),
        ("report", "Add the report as a file, or give the address where it can be read."),
        ("toolkit", "Add at least one file to the toolkit."),
        ("recording", "Choose the captions: people who cannot hear need them."),
    ],
)
def test_the_editors_form_says_what_is_missing_and_saves_a_draft(
    client: Client, kind: str, sentence: str
) -> None:
    index = make_resource_index()
    root = User.objects.create_superuser("root@example.org")
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/admin/pages/add/resources/resourcepage/{index.pk}/"
    refused = client.post(address, post(kind, **{"action-publish": "yes"}))
    assert refused.status_code == 200
    assert sentence in refused.content.decode()
    assert not ResourcePage.objects.exists()
    saved = client.post(address, post(kind))
    assert saved.status_code == 302
    assert not ResourcePage.objects.get().live


@pytest.mark.slow
def test_the_editors_form_publishes_a_complete_link(client: Client) -> None:
    index = make_resource_index()
    root = User.objects.create_superuser("root@example.org")
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    fields = {"address": "https://www.gmc-uk.org/", "action-publish": "yes"}
    done = client.post(
        f"/admin/pages/add/resources/resourcepage/{index.pk}/", post("link", **fields)
    )
    assert done.status_code == 302
    assert ResourcePage.objects.get().live


def test_a_new_resource_may_be_drawn_up_before_it_is_saved() -> None:
    assert draft_resource("link").pk is None
