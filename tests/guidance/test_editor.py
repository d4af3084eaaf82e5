"""The editor's side of guidance: forms that explain, and nothing deleted under what it replaces."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    querydict_from_html,
    rich_text,
    streamfield,
)

from learning_hub.guidance.models import GuidancePage
from tests.factories.accounts import make_person
from tests.factories.guidance import make_guidance, make_guidance_index, make_superseded

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STREAMS = ("messages", "versions", "body")


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(
        make_person("admin@example.org", "Administrators"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def row(text, **values):
    empty = {"slug": "", "audience": "", "setting": "", "setting_detail": ""}
    return {**empty, "text": text, "explanation": rich_text(""), **values}


def form(**changes):
    values = {
        "title": "New rules",
        "slug": "new-rules",
        "introduction": "What to do.",
        "issuing_body": "A committee (fictional)",
        "status": "current",
        "withdrawn_instead": rich_text(""),
        "audiences": inline_formset([{"name": "Employers"}]),
        "recommendations": inline_formset([row("Train")]),
        "files": inline_formset([]),
        "comments": inline_formset([]),
        **{name: streamfield([]) for name in STREAMS},
        **changes,
    }
    return nested_form_data(values)


def add(editor, publish=True, **changes):
    index = make_guidance_index()
    address = reverse("wagtailadmin_pages:add", args=["guidance", "guidancepage", index.pk])
    action = {"action-publish": "yes"} if publish else {}
    return editor.post(address, {**form(**changes), **action})


def test_guidance_is_published_from_its_form_with_anchors(editor):
    rows = inline_formset([row("Train"), row("Train"), row("Other", slug="mine")])
    assert add(editor, recommendations=rows).status_code == 302
    page = GuidancePage.objects.get()
    assert page.live
    assert [one.slug for one in page.recommendations.all()] == ["train", "train-2", "mine"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"audiences": inline_formset([])}, "Name at least one audience."),
        ({"recommendations": inline_formset([])}, "Add a main message or a recommendation."),
        ({"recommendations": inline_formset([row("A", audience="Nobody")])}, "name “Nobody”"),
        ({"status": "superseded"}, "Choose the guidance that replaces it."),
        ({"status": "withdrawn"}, "Say why it was withdrawn."),
        ({"recommendations": inline_formset([row("A", slug="maincontent")])}, "part of every page"),
        ({"recommendations": inline_formset([row("A", slug="Not one")])}, "lower-case letters"),
        (
            {"recommendations": inline_formset([row("A", slug="a"), row("B", slug="a")])},
            "duplicate",
        ),
        (
            {"audiences": inline_formset([{"name": "Employers"}, {"name": "Employers"}])},
            "duplicate",
        ),
        ({"slug": "feed"}, "taken by the feed"),
    ],
)
def test_what_cannot_be_published_is_explained(editor, changes, message):
    response = add(editor, **changes)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not GuidancePage.objects.exists()


def test_a_draft_may_be_incomplete(editor):
    response = add(editor, publish=False, introduction="", audiences=inline_formset([]))
    assert response.status_code == 302
    assert not GuidancePage.objects.get().live


def test_an_anchor_that_an_editor_empties_comes_back(editor):
    page = make_guidance()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = editor.get(address)
    assert response.status_code == 200
    data = querydict_from_html(response.content.decode(), form_id="page-edit-form")
    data.update(nested_form_data({name: streamfield([]) for name in STREAMS}))
    data["recommendations-0-slug"] = ""
    data["recommendations-0-text"] = "Something else"
    data["action-publish"] = "yes"
    assert editor.post(address, data).status_code == 302
    one = page.recommendations.get()
    assert (one.text, one.slug) == ("Something else", "plan-a-training-case-on-every-list")


@pytest.mark.parametrize("in_bulk", [True, False])
def test_a_successor_is_not_deleted_under_what_it_replaces(editor, in_bulk):
    new = make_guidance("New rules")
    make_superseded(new)
    address = reverse("wagtailadmin_pages:delete", args=[new.pk])
    if in_bulk:
        bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        address = f"{bulk}?id={new.get_parent().pk}"  # Wagtail itself looks at no page below
    response = editor.post(address, follow=True)
    assert response.status_code == 200
    assert "was not deleted" in response.content.decode()
    assert GuidancePage.objects.filter(pk=new.pk).exists()


def test_a_preview_shows_rows_that_are_not_saved(editor):
    page = make_guidance()
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    rows = inline_formset([row("Fresh from the form")])
    response = editor.post(address, form(slug=page.slug, recommendations=rows))
    assert response.status_code == 200
    assert response.json()["is_valid"], response.json()
    shown = editor.get(f"{address}?mode=")
    assert shown.status_code == 200
    assert "Fresh from the form" in shown.content.decode()
