"""Editors arrange the home page and the starting pages in the admin."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from learning_hub.accounts.roles import EDITORS
from learning_hub.home.models import HomePage, StartPage
from tests.factories.accounts import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(
        make_person("eve@example.org", EDITORS),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


@pytest.mark.parametrize("kind", [HomePage, StartPage])
def test_the_form_of_a_starting_page_opens(editor: Client, kind: type) -> None:
    page = kind.objects.first()
    response = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert response.status_code == 200
    assert page.title in response.content.decode()


def test_an_editor_puts_one_section_in_the_place_of_all(editor: Client) -> None:
    home = HomePage.objects.get()
    section = {"heading": "Tell us", "text": "We want to know."}
    posted = nested_form_data(
        {
            "title": home.title,
            "slug": home.slug,
            "introduction": "Welcome.",
            "body": streamfield([("share", section)]),
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            "action-publish": "yes",
        }
    )
    response = editor.post(reverse("wagtailadmin_pages:edit", args=[home.pk]), posted)
    assert response.status_code == 302
    shown = editor.get("/").content.decode()
    assert "We want to know." in shown
    assert 'class="home-find"' not in shown


def test_a_link_that_leads_nowhere_is_refused_with_a_reason(editor: Client) -> None:
    page = StartPage.objects.first()
    task = {"heading": "Go", "text": "", "link": {"text": "Go", "page": "", "address": ""}}
    posted = nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "introduction": "",
            "body": streamfield([("main_task", task)]),
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            "action-publish": "yes",
        }
    )
    response = editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), posted)
    assert response.status_code == 200
    assert "Choose a page, or give an address; not both." in response.content.decode()
