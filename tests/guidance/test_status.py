"""Guidance that no longer holds: who is led where, and what is refused."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import PageViewRestriction

from learning_hub.guidance.models import GuidancePage
from learning_hub.pages.refused_publication import NotReadyToPublish
from tests.factories.guidance import make_guidance, make_superseded, make_withdrawn

pytestmark = pytest.mark.django_db


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


def stay(client, page):
    """The page of superseded guidance that leads nowhere for this visitor."""
    response = client.get(page.url)
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_superseded_guidance_leads_to_its_successor_which_says_so(client):
    new = make_guidance("New rules")
    old = make_superseded(new)
    response = client.get(old.url)
    assert response.status_code == 302
    assert response["Location"] == "/guidance/new-rules/?from=old-rules"
    html = read(client, response["Location"])
    assert "You were brought here from “Old rules”, which this replaces." in html
    assert 'href="/guidance/old-rules/?version=kept"' in html


def test_the_old_text_is_kept_with_a_banner_that_leads_on(client):
    old = make_superseded(make_guidance("New rules"), introduction="As it was.")
    html = read(client, f"{old.url}?version=kept")
    assert "Superseded: this guidance has been replaced" in html
    assert '<a href="/guidance/new-rules/">New rules</a>' in html
    assert "As it was." in html
    assert '<meta name="robots" content="noindex">' in html


@pytest.mark.parametrize(
    "address",
    [
        "?from=nobody",
        "?from=%00",
        "?from=new-rules",
        "?from=" + "x" * 5000,
        "?from=old-rules&from=other",
        "?from=%ED%A0%80",
        "?version=%00",
    ],
)
def test_a_false_origin_is_not_repeated(client, address):
    new = make_guidance("New rules")
    make_superseded(new)
    assert "You were brought here" not in read(client, new.url + address)


def test_a_chain_ends_at_its_last_link(client):
    newest = make_guidance("Newest")
    old = make_superseded(make_superseded(newest, "Middle"), "Oldest")
    response = client.get(old.url)
    assert (response.status_code, response["Location"]) == (302, "/guidance/newest/?from=oldest")
    assert "You were brought here from “Oldest”" in read(client, response["Location"])


def close(page):
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def unpublish(page):
    page.unpublish()


def expire(page):
    GuidancePage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - dt.timedelta(days=1))


@pytest.mark.parametrize("hide", [close, unpublish, expire])
def test_nobody_is_led_to_what_they_may_not_see(client, hide):
    secret = make_guidance("Secret")
    old = make_superseded(secret)
    hide(secret)
    html = stay(client, old)
    assert "cannot be shown to you at the moment" in html
    assert "Secret" not in html


def test_a_chain_ends_at_the_last_link_that_the_visitor_may_see(client):
    secret = make_guidance("Secret")
    middle = make_superseded(secret, "Middle")
    old = make_superseded(middle, "Oldest")
    close(secret)
    response = client.get(old.url)
    assert response.status_code == 302
    assert response["Location"] == "/guidance/middle/?version=kept&from=oldest"
    html = read(client, response["Location"])
    assert "You were brought here from “Oldest”" in html
    assert "Secret" not in html


def test_private_superseded_guidance_is_not_named_as_an_origin(client):
    new = make_guidance("New rules")
    close(make_superseded(new))
    assert "Old rules" not in read(client, f"{new.url}?from=old-rules")


def test_expired_superseded_guidance_is_gone(client):
    old = make_superseded(make_guidance("New rules"))
    expire(old)
    assert client.get(old.url).status_code == 404


def test_withdrawn_guidance_says_when_why_and_what_instead(client):
    html = read(client, make_withdrawn().url)
    for part in (
        "Withdrawn: do not use this guidance",
        "1 March 2025",
        "The figures in it were wrong.",
        "Ask your head of school.",
        '<meta name="robots" content="noindex">',
    ):
        assert part in html, part


def test_current_guidance_may_be_indexed(client):
    assert "noindex" not in read(client, make_guidance().url)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"status": "superseded"}, "Choose the guidance that replaces it."),
        ({"status": "withdrawn"}, "Say when it was withdrawn."),
        ({"status": "withdrawn", "withdrawn_on": "2025-01-01"}, "Say why"),
        ({"campaign_url": "https://example.org/"}, "Name the campaign"),
        ({"campaign_name": "A", "campaign_url": "http://example.org/"}, "valid URL"),
    ],
)
def test_a_status_that_does_not_explain_itself_is_refused(fields, message):
    with pytest.raises(ValidationError, match=message):
        make_guidance(**fields)


def test_only_superseded_guidance_has_a_successor():
    new = make_guidance("New rules")
    with pytest.raises(ValidationError, match="Only superseded guidance"):
        make_guidance("Old", successor=new)


def test_guidance_cannot_replace_itself_or_go_round_in_a_circle():
    new = make_guidance("New rules")
    old = make_superseded(new)
    for successor, message in ((new, "replace itself"), (old, "in a circle")):
        new.status, new.successor = "superseded", successor
        with pytest.raises(ValidationError, match=message):
            new.save()


@pytest.mark.parametrize(
    "values",
    [
        {"status": "superseded"},
        {"status": "withdrawn"},
        {"status": "unheard-of"},
        {"status": "superseded", "successor": "itself"},
        {"successor": "another"},
    ],
)
def test_the_database_refuses_it_too(values):
    page, another = make_guidance(), make_guidance("Another")
    pages = {"itself": page.pk, "another": another.pk}
    changes = {name: pages.get(value, value) for name, value in values.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        GuidancePage.objects.filter(pk=page.pk).update(**changes)


def test_a_circle_that_is_there_all_the_same_ends(client):
    one = make_guidance("One")
    two = make_superseded(one, "Two")
    GuidancePage.objects.filter(pk=one.pk).update(status="superseded", successor=two.pk)
    assert client.get(two.url)["Location"] == "/guidance/one/?version=kept&from=two"
    assert client.get(one.url)["Location"] == "/guidance/two/?version=kept&from=one"
    assert client.get("/guidance/one/?version=kept&from=two").status_code == 200


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"audiences": ()}, "Name at least one audience."),
        ({"recommendations": ()}, "Add a main message or a recommendation."),
    ],
)
def test_incomplete_guidance_is_not_published(fields, message):
    with pytest.raises(NotReadyToPublish, match=message):
        make_guidance(**fields)
    draft = make_guidance("Draft", live=False, **fields)
    with pytest.raises(NotReadyToPublish, match=message):
        draft.save_revision().publish()
    draft.refresh_from_db()
    assert not draft.live


def test_a_recommendation_for_an_audience_that_is_not_named_is_not_published():
    page = make_guidance()
    row = page.recommendations.get()
    row.audience = "Employer"
    page.recommendations = [row]
    with pytest.raises(NotReadyToPublish, match="name “Employer”: add it"):
        page.save_revision().publish()


def test_a_revision_whose_successor_was_deleted_can_be_read():
    new, newer = make_guidance("New rules"), make_guidance("Newer rules")
    old = make_superseded(new)
    revision = old.save_revision()
    old.successor = newer
    old.save_revision().publish()
    new.delete()
    assert revision.as_object().successor is None


def test_search_engines_are_told_only_of_what_holds(client: Any) -> None:
    current = make_guidance("Holds")
    make_superseded(current, "Replaced")
    make_withdrawn("Wrong")
    sitemap = client.get("/sitemap.xml")
    assert sitemap.status_code == 200
    text = sitemap.content.decode()
    assert "/guidance/holds/" in text
    assert "/guidance/replaced/" not in text
    assert "/guidance/wrong/" not in text
