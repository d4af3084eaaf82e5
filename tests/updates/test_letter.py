"""A letter on its page: its head, its neighbours, its files, and what machines read of it."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client, RequestFactory
from wagtail.models import Page

from learning_hub.updates.documents import UpdateSource
from learning_hub.updates.models import UpdateFile, UpdatePage
from search import registry
from tests.factories.resources import make_file
from tests.factories.updates import make_update, make_update_index

pytestmark = pytest.mark.django_db


def read(client: Client, page: Page) -> str:
    response = client.get(page.url)
    assert response.status_code == 200
    return response.content.decode()


def described(html: str) -> dict[str, Any]:
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(text[1])[0]


def test_a_letter_says_who_wrote_when_to_whom(client: Client) -> None:
    html = read(client, make_update(salutation="Dear deans", source="Ours, every word."))
    for part in ("3 September 2021", "Alice Adams, Postgraduate dean (fictional)", "Dear deans,"):
        assert part in html
    assert "Directors of Medical Education" in html
    assert "Trusts may <b>apply</b> now." in html
    assert '<h2 id="source">Source</h2>' in html
    assert "Illustrative" not in html


def test_an_illustrative_letter_says_so(client: Client) -> None:
    assert "the people and what they tell are not real" in read(
        client, make_update(is_illustrative=True)
    )


def test_a_file_is_offered_with_its_type_and_size(client: Client) -> None:
    file = UpdateFile(document=make_file("form.txt"), description="To fill in.")
    html = read(client, make_update(files=[file]))
    assert "TXT" in html
    assert "16\xa0bytes" in html
    assert "To fill in." in html


def test_a_letter_leads_to_the_one_before_and_after(client: Client) -> None:
    first, second, third = (
        make_update(title, dated_on=dt.date(2021, 9, day))
        for title, day in (("First", 3), ("Second", 3), ("Third", 5))
    )
    html = read(client, second)
    assert re.search(rf'href="{first.url}"\s+rel="prev"', html)
    assert re.search(rf'href="{third.url}"\s+rel="next"', html)
    assert 'rel="prev"' not in read(client, first)
    assert 'rel="next"' not in read(client, third)


def test_machines_read_an_article_with_its_author_and_the_letters_date(client: Client) -> None:
    found = described(read(client, make_update()))
    assert found["@type"] == "Article"
    assert found["datePublished"] == "2021-09-03"
    assert found["author"] == {
        "@type": "Person",
        "name": "Alice Adams",
        "jobTitle": "Postgraduate dean (fictional)",
    }


def test_a_summary_says_so_and_is_signed_by_nobody(client: Client) -> None:
    html = read(client, make_update(is_summary=True))
    assert "The words are not its author’s." in html
    assert "letter__signature" not in html
    assert "(“Dear colleagues”)" in html
    found = described(html)
    assert found["author"]["name"] == "Learning Hub"
    assert found["isBasedOn"]["author"]["name"] == "Alice Adams"
    assert found["datePublished"] == "2021-09-03"
    assert "letter__signature" in read(client, make_update("Signed"))


def test_search_knows_the_letter_by_its_date_and_everything_in_it() -> None:
    file = UpdateFile(document=make_file("form.txt"), description="To fill in.")
    letter = make_update(files=[file], source="Ours.")
    document = UpdateSource().documents([letter.pk])[letter.pk]
    assert document.kind == "update"
    assert document.published_at.date() in (dt.date(2021, 9, 2), dt.date(2021, 9, 3))
    assert document.summary == "What the money is for."
    for part in ("Trusts may apply now.", "Alice Adams", "To fill in.", "Directors of", "Ours."):
        assert part in document.body
    assert ("update", "Updates") in [(kind.value, kind.label) for kind in registry.kinds()]


@pytest.mark.usefixtures("search_index")
def test_search_finds_a_letter_by_its_kind_and_not_a_draft(client: Client) -> None:
    make_update("Money for endoscopy")
    make_update("Draft on endoscopy", live=False)
    response = client.get("/search/?q=endoscopy&type=update")
    assert response.status_code == 200
    html = response.content.decode()
    assert "Money for" in html
    assert "Draft on" not in html


@pytest.mark.usefixtures("search_index")
def test_search_puts_the_letter_of_the_latest_date_first(client: Client) -> None:
    make_update("Letter B", dated_on=dt.date(2023, 1, 1))
    make_update("Letter A", dated_on=dt.date(1950, 1, 1))
    response = client.get("/search/?q=letter&type=update&sort=newest")
    assert response.status_code == 200
    html = re.sub(r"</?mark>", "", response.content.decode())
    assert html.index("Letter B") < html.index("Letter A")


def test_a_letter_that_was_never_saved_can_be_previewed() -> None:
    index = make_update_index()
    letter = UpdatePage(
        title="New", author_name="A", author_role="B", recipients="C", introduction="D"
    )
    index.add_child(instance=letter)
    letter.pk = None
    response = letter.make_preview_request(RequestFactory().get("/"))
    assert response.status_code == 200
    response.render()
    assert "New" in response.content.decode()
