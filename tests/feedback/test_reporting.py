"""Reporting a problem: the link on every page, the form, and what it refuses."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction, Site

from learning_hub.feedback.models import ProblemReport
from learning_hub.pages.models import InformationPage
from tests.factories.accounts import make_person
from tests.factories.feedback import filled_in, make_report

pytestmark = pytest.mark.django_db
ADDRESS = "/report-a-problem/"


@pytest.fixture(autouse=True)
def _fresh_throttle() -> None:
    cache.clear()


@pytest.fixture
def page() -> Page:
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=InformationPage(title="About", slug="about"))


def link_in(html: str | bytes) -> Any:
    soup = BeautifulSoup(html, "html.parser")
    return soup.select_one(".hub-footer a[href^='/report-a-problem/']")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/about/", 200), ("/nowhere/é/", 404), ("/accounts/login/", 200)],
)
def test_every_page_links_to_the_report_with_its_own_path(
    client: Client, page: Page, path: str, status: int
) -> None:
    response = client.get(path)
    assert response.status_code == status
    address = link_in(response.content)["href"]
    answer = client.get(address)
    assert answer.status_code == 200
    assert BeautifulSoup(answer.content, "html.parser").select_one("[name=page]")["value"] == path


@pytest.mark.parametrize("template", ["500.html", "403_csrf.html"])
def test_a_page_that_stands_without_a_database_links_to_the_report(
    template: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        html = render_to_string(template)
    assert link_in(html)["href"] == ADDRESS


@pytest.mark.parametrize("path", [ADDRESS, f"{ADDRESS}thanks/"])
def test_the_report_page_does_not_link_to_itself(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert link_in(response.content) is None


def test_a_report_is_kept_with_its_page(client: Client, page: Page) -> None:
    sent = filled_in(page="/about/", email="sam@example.org")
    response = client.post(ADDRESS, sent, follow=True)
    assert response.status_code == 200
    assert "What happens next" in response.content.decode()
    assert 'href="/about/"' in response.content.decode()
    report = ProblemReport.objects.get()
    assert (report.page_id, report.path, report.category) == (page.pk, "/about/", "wrong")
    assert (report.text, report.email, report.state) == (sent["text"], "sam@example.org", "new")


def test_a_form_sent_twice_is_one_report(client: Client) -> None:
    sent = filled_in()
    for text in (sent["text"], "Other words"):
        assert client.post(ADDRESS, {**sent, "text": text}).status_code == 302
    assert ProblemReport.objects.get().text == sent["text"]


def test_a_form_without_a_proper_key_is_a_report_all_the_same(client: Client) -> None:
    assert client.post(ADDRESS, filled_in(key="1' OR 1=1")).status_code == 302
    assert ProblemReport.objects.count() == 1


def test_what_is_missing_is_named_and_what_was_typed_stays(client: Client) -> None:
    response = client.post(ADDRESS, filled_in(category="", email="not an address"))
    assert response.status_code == 422
    html = response.content.decode()
    assert "Choose what is wrong." in html
    assert "Enter an email address in the right form" in html
    assert "The date of the course is last year’s." in html
    assert "<title>Error: Report a problem" in html
    assert not ProblemReport.objects.exists()


@pytest.mark.parametrize("text", ["x" * 2_001, "x" * 1_000_000])
def test_a_text_that_is_too_long_is_refused_and_kept(client: Client, text: str) -> None:
    response = client.post(ADDRESS, filled_in(text=text))
    assert response.status_code == 422
    assert "shorten the text to 2,000 characters" in response.content.decode()
    assert text in response.content.decode()


def test_two_thousand_characters_are_enough_however_lines_end(client: Client) -> None:
    assert client.post(ADDRESS, filled_in(text="é\r\n" * 999 + "éé")).status_code == 302
    assert len(ProblemReport.objects.get().text) == 2_000


def test_what_nobody_types_is_taken_out(client: Client) -> None:
    text = "A\x00B\x1b[31m \u202egnirts\u2066 \ud800 end\r\n\r\n\r\n\r\nline"
    sent = filled_in(text=text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    assert client.post(ADDRESS, sent).status_code == 302
    kept = ProblemReport.objects.get().text
    assert kept.startswith("AB[31m gnirts ")
    assert kept.endswith("end\n\nline")


@pytest.mark.parametrize("field", ["email", "page", "key", "category", "leave_empty"])
@pytest.mark.parametrize(
    "value", ["\x00", "a\x00@b.example", "\r\nBcc: all@example.org", "x" * 9_999]
)
def test_no_field_makes_an_error_page(client: Client, field: str, value: str) -> None:
    assert client.post(ADDRESS, filled_in(**{field: value})).status_code in (302, 422)
    for report in ProblemReport.objects.all():
        assert "\n" not in report.email + report.path
        assert "\x00" not in report.email + report.path


def test_bytes_that_are_no_text_make_no_error_page(client: Client) -> None:
    body = b"category=wrong&page=%ff%fe%00&text=%ed%a0%80%00&email=&key=%c3"
    response = client.post(ADDRESS, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 302
    assert client.get(f"{ADDRESS}?page=%00%ed%a0%80&page=/about/&page=").status_code == 200


@pytest.mark.parametrize(
    "named",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "about/",
        "/a\nb/",
        "/" + "a" * 500,
    ],
)
def test_what_is_no_path_of_this_site_is_neither_kept_nor_linked(
    client: Client, named: str
) -> None:
    for response in (
        client.get(ADDRESS, {"page": named}),
        client.get(f"{ADDRESS}thanks/", {"page": named}),
        client.post(ADDRESS, filled_in(page=named, text="")),
    ):
        soup = BeautifulSoup(response.content, "html.parser")
        assert named not in [link["href"] for link in soup.select("a[href]")]
        assert named not in [field["value"] for field in soup.select("[name=page]")]
    assert client.post(ADDRESS, filled_in(page=named)).status_code == 302
    assert ProblemReport.objects.get().path == ""


def test_markup_in_a_path_or_a_text_is_shown_as_text(client: Client) -> None:
    script = "<script>alert(1)</script>"
    response = client.post(ADDRESS, filled_in(page=f"/{script}", text=script, category=""))
    assert response.status_code == 422
    assert script not in response.content.decode()
    assert "&lt;script&gt;" in response.content.decode()


def test_a_page_that_the_visitor_may_not_see_is_not_named(client: Client, page: Page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    html = client.get(ADDRESS, {"page": "/about/"}).content.decode()
    assert "/about/" in html
    assert ">About</a>" not in html
    assert client.post(ADDRESS, filled_in(page="/about/")).status_code == 302
    assert ProblemReport.objects.get().page is None
    client.force_login(make_person(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(ADDRESS, filled_in(page="/about/")).status_code == 302
    assert ProblemReport.objects.latest("pk").page_id == page.pk


def test_keys_in_an_address_are_not_kept(client: Client) -> None:
    for named, kept in (
        (f"/certificates/{uuid.uuid4()}/", "/certificates/…/"),
        ("/accounts/confirm-email/MQ:1tX7f:abcDEF123456/", "/accounts/confirm-email/…/"),
        ("/case-studies/a-page-that-was-moved-away/", "/case-studies/a-page-that-was-moved-away/"),
    ):
        assert client.post(ADDRESS, filled_in(page=named)).status_code == 302
        assert ProblemReport.objects.latest("pk").path == kept


def test_a_machine_that_fills_in_everything_is_refused(client: Client) -> None:
    response = client.post(ADDRESS, filled_in(leave_empty="buy now"))
    assert response.status_code == 422
    assert "Empty the field “Leave this empty”" in response.content.decode()
    assert not ProblemReport.objects.exists()


def test_fields_that_are_no_visitors_are_ignored(client: Client) -> None:
    forged = {"state": "handled", "note": "x", "reported_at": "2001-01-01", "handled_by": "1"}
    assert client.post(ADDRESS, filled_in(**forged)).status_code == 302
    report = ProblemReport.objects.get()
    assert (report.state, report.note, report.handled_by) == ("new", "", None)
    assert report.reported_at.year > 2001


def test_a_form_from_another_site_is_refused() -> None:
    response = Client(enforce_csrf_checks=True).post(ADDRESS, filled_in())
    assert response.status_code == 403
    assert not ProblemReport.objects.exists()


def test_many_reports_from_one_network_are_stopped_and_kept_on_the_screen(
    client: Client, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"report_problem": "2/h/ip"}
    for _ in range(2):
        assert client.post(ADDRESS, filled_in()).status_code == 302
    response = client.post(ADDRESS, filled_in(text="The third one"))
    assert response.status_code == 429
    assert "Many reports have come from your network" in response.content.decode()
    assert "The third one" in response.content.decode()
    assert ProblemReport.objects.count() == 2


@pytest.mark.parametrize("path", [ADDRESS, f"{ADDRESS}thanks/"])
def test_the_pages_are_kept_by_no_cache_and_no_search_engine(client: Client, path: str) -> None:
    response = client.get(path)
    assert "no-store" in response["Cache-Control"]
    assert 'content="noindex"' in response.content.decode()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert getattr(client, method)(ADDRESS).status_code == 405


def test_the_form_asks_few_questions_of_the_database(client: Client, page: Page) -> None:
    client.get(ADDRESS, {"page": "/about/"})
    counts = set()
    for number in (2, 20):
        for _ in range(number):
            make_report()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(ADDRESS, {"page": "/about/"}).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1
    assert counts.pop() <= 12


@pytest.mark.parametrize(
    "wrong", [{"state": "handled"}, {"state": "lost"}, {"category": "x"}, {"text": ""}]
)
def test_the_database_refuses_a_report_that_cannot_be(wrong: dict[str, str]) -> None:
    report = make_report()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProblemReport.objects.filter(pk=report.pk).update(**wrong)
