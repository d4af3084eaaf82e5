"""Which addresses are collected: those of every field of every kind of live page, and no other."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learning_hub.resources.link_checking.collecting import addresses_in, collect, remember
from learning_hub.resources.link_checking.links import CheckedLink, LinkPlace
from learning_hub.resources.models import ResourcePage
from tests.factories.case_studies import make_case_study
from tests.factories.resources import make_resource
from tests.factories.syllabus import make_lesson, make_module
from tests.factories.updates import make_update

pytestmark = pytest.mark.django_db


def linked(address: str) -> str:
    return f'<p>See <a href="{address}">this</a>.</p>'


def test_addresses_are_found_in_fields_rich_text_and_blocks_of_any_page() -> None:
    resource = make_resource(address="https://a.example.org/field")
    study = make_case_study(problem=linked("https://a.example.org/rich"))
    callout = {"heading": "Mind", "text": linked("http://b.example.org/block?x=1&amp;y=2")}
    update = make_update(body=[{"type": "callout", "value": callout}])
    vignette = {
        "title": "A",
        "story": linked("https://c.example.org/lesson"),
        "questions": ["Why?"],
    }
    lesson = make_lesson(make_module(), "One", ("vignette", vignette))
    assert collect() == {
        "https://a.example.org/field": {resource.pk},
        "https://a.example.org/rich": {study.pk},
        "http://b.example.org/block?x=1&y=2": {update.pk},
        "https://c.example.org/lesson": {lesson.pk},
    }


def test_one_address_in_two_pages_is_asked_once_without_its_fragment() -> None:
    first = make_resource(title="One", address="https://a.example.org/#top")
    second = make_resource(title="Two", address="https://a.example.org/")
    assert collect() == {"https://a.example.org/": {first.pk, second.pk}}


def test_drafts_and_this_site_are_left_out() -> None:
    make_resource(live=False)
    live = make_resource(title="Live", address="https://a.example.org/old")
    live.address = "https://a.example.org/draft"
    live.save_revision()
    texts = ("http://localhost/x/", "/about/", "mailto:a@example.org", "javascript:x")
    make_update(body=[("paragraph", "".join(map(linked, texts)))])
    assert list(collect()) == ["https://a.example.org/old"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("https://a.example.org/x", ["https://a.example.org/x"]),
        ("HTTPS://A.example.org", ["HTTPS://A.example.org"]),
        ("see https://a.example.org/x", []),
        ("https://[broken#x", ["https://[broken"]),
        ("https://a.example.org/" + "x" * 3000, []),
        ('<p><A HREF="https://a.example.org/">x</A> <a>y</a></p>', ["https://a.example.org/"]),
        ([{"value": {"deep": ["https://a.example.org/"]}}], ["https://a.example.org/"]),
        (None, []),
        (7, []),
    ],
)
def test_addresses_are_read_from_whatever_is_stored(value: Any, found: list[str]) -> None:
    assert list(addresses_in(value)) == found


def test_what_is_collected_is_remembered_and_what_nobody_uses_is_forgotten() -> None:
    page = make_resource(address="https://a.example.org/")
    remember(collect())
    CheckedLink.objects.update(status="kept")
    remember(collect())
    assert CheckedLink.objects.get().status == "kept"
    assert LinkPlace.objects.get().page_id == page.pk
    ResourcePage.objects.filter(pk=page.pk).update(address="https://b.example.org/")
    remember(collect())
    assert CheckedLink.objects.get().address == "https://b.example.org/"


def test_the_queries_of_collecting_do_not_grow_with_pages() -> None:
    counts = []
    for number in (2, 22):
        for each in range(number):
            make_resource(title=f"R {number} {each}", address=f"https://{number}-{each}.test/")
        with CaptureQueriesContext(connection) as queries:
            collect()
        counts.append(len(queries))
    assert counts[0] == counts[1]
