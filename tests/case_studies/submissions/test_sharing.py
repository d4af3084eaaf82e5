"""Sending in an initiative: the form, the letter, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from case_studies.submissions.models import Initiative
from learning_hub.taxonomy.models import Region, Specialty, TraineeStage
from tests.factories.case_studies import make_library
from tests.factories.submissions import TEXTS, filled_in, make_initiative

pytestmark = pytest.mark.django_db
ADDRESS = "/share-your-initiative/"


@pytest.fixture(autouse=True)
def _fresh_throttle() -> None:
    cache.clear()


def errors(response: Any) -> str:
    assert response.status_code in (422, 429)
    soup = BeautifulSoup(response.content, "html.parser")
    return soup.select_one(".nhsuk-error-summary").get_text(" ", strip=True)


def test_an_initiative_is_kept_and_its_sender_hears_of_it(client: Client) -> None:
    urology = Specialty.objects.get(slug="urology")
    stage = TraineeStage.objects.get(slug="higher-specialty")
    region = Region.objects.get(slug="north-west")
    sent = filled_in(
        specialty=urology.pk,
        second_specialty=urology.pk,
        stages=[stage.pk],
        region=region.pk,
        link="www.example.org/lists",
    )
    response = client.post(ADDRESS, sent, follow=True)
    assert response.status_code == 200
    assert "What happens next" in response.content.decode()
    kept = Initiative.objects.get()
    assert {name: getattr(kept, name) for name in TEXTS} == TEXTS
    assert list(kept.specialties.all()) == [urology]
    assert list(kept.stages.all()) == [stage]
    assert (kept.region, kept.started_on) == (region, dt.date(2025, 9, 1))
    assert (kept.link, kept.state) == ("https://www.example.org/lists", "new")
    (letter,) = mail.outbox
    assert letter.to == ["sam@example.org"]
    assert "You can ignore this message" in letter.body


def test_the_letter_carries_no_word_that_the_sender_typed(client: Client) -> None:
    spam = "BUYNOW https://spam.example"
    typed = dict.fromkeys((*TEXTS, "title", "organisation", "sender_name", "sender_role"), spam)
    assert client.post(ADDRESS, filled_in(**typed)).status_code == 302
    (letter,) = mail.outbox
    assert "BUYNOW" not in letter.subject + letter.body
    assert "spam" not in str(letter.message())


def test_one_address_gets_few_letters_whoever_sends_forms(client: Client) -> None:
    for _ in range(5):
        response = client.post(ADDRESS, filled_in(sender_email="victim@example.org"), follow=True)
        assert response.status_code == 200
    assert len(mail.outbox) == 3
    assert "we have not written to you" in response.content.decode()
    assert Initiative.objects.count() == 5


def test_an_initiative_stands_when_the_letter_cannot_be_sent(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "no.such.Backend"
    response = client.post(ADDRESS, filled_in(), follow=True)
    assert response.status_code == 200
    assert "we have not written to you" in response.content.decode()
    assert Initiative.objects.count() == 1


def test_a_form_sent_twice_is_one_initiative_and_one_letter(client: Client) -> None:
    sent = filled_in()
    for title in ("First", "Second"):
        assert client.post(ADDRESS, {**sent, "title": title}).status_code == 302
    assert Initiative.objects.get().title == "First"
    assert len(mail.outbox) == 1


def test_an_empty_form_names_everything_that_is_needed(client: Client) -> None:
    response = client.post(ADDRESS, {})
    said = errors(response)
    for wanted in (
        "Give your initiative a name.",
        "Say what was wrong.",
        "Say what you did.",
        "Say what came of it.",
        "Enter the organisation that ran it.",
        "Enter your name.",
        "Enter your email address.",
        "Tick the box to say that the hub may publish it.",
    ):
        assert wanted in said
    assert "<title>Error: Share your initiative" in response.content.decode()


def test_mistakes_keep_what_was_typed(client: Client) -> None:
    stage = TraineeStage.objects.offered().first()
    sent = filled_in(title="", stages=[stage.pk], started_on="last autumn")
    html = client.post(ADDRESS, sent).content.decode()
    assert "Core trainees lost half their cases." in html
    assert "last autumn" in html
    assert sent["key"] in html
    soup = BeautifulSoup(html, "html.parser")
    assert [box["value"] for box in soup.select("[name=stages][checked]")] == [str(stage.pk)]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("what_was_done", "x" * 5_001, "shorten the text to 5,000 characters"),
        ("what_was_done", "x" * 1_000_000, "shorten the text to 5,000 characters"),
        ("title", "x" * 201, "shorten the text to 200 characters"),
        ("link", "http://example.org/", "starts with https://"),
        ("link", "javascript:alert(1)", "starts with https://"),
        ("link", "https://", "starts with https://"),
        ("link", "https://example.org/" + "a" * 300, "starts with https://"),
        ("started_on", "9/1066", "Enter a month from 1990 to next year."),
        ("started_on", "99/9999", "Enter a month and a year"),
        ("started_on", "1/9999", "Enter a month from 1990 to next year."),
        ("sender_email", "sam", "Enter an email address in the right form"),
        (
            "sender_email",
            "a@b.example\r\nBcc: all@b.example",
            "Enter an email address in the right",
        ),
        ("sender_email", "a@b.example, c@b.example", "Enter an email address in the right form"),
        ("specialty", "999999999999999999999", "Choose a specialty from the list."),
        ("specialty", "x", "Choose a specialty from the list."),
        ("stages", ["x"], "Choose stages from the list."),
        ("stages", ["999999"], "Choose stages from the list."),
        ("region", "\x00", "Null characters are not allowed."),
        ("may_publish", "", "Tick the box"),
        ("leave_empty", "x", "Empty the field"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    client: Client, field: str, value: Any, said: str
) -> None:
    assert said in errors(client.post(ADDRESS, filled_in(**{field: value})))
    assert not Initiative.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("9/2025", dt.date(2025, 9, 1)),
        ("September 2025", dt.date(2025, 9, 1)),
        ("sep 2025", dt.date(2025, 9, 1)),
        ("2025", dt.date(2025, 1, 1)),
        ("3/9/2025", dt.date(2025, 9, 3)),
        ("", None),
    ],
)
def test_a_month_may_be_written_as_people_write_it(
    client: Client, typed: str, day: dt.date | None
) -> None:
    assert client.post(ADDRESS, filled_in(started_on=typed)).status_code == 302
    assert Initiative.objects.get().started_on == day


def test_what_nobody_types_is_taken_out_of_every_text(client: Client) -> None:
    names = [*TEXTS, "title", "organisation", "sender_name", "sender_role"]
    nasty = dict.fromkeys(names, "a\x00b\x1b\u202ec\ufffed")
    assert client.post(ADDRESS, filled_in(**nasty)).status_code == 302
    kept = Initiative.objects.get()
    assert {getattr(kept, name) for name in names} == {"abcd"}


def test_bytes_that_are_no_text_make_no_error_page(client: Client) -> None:
    body = b"&".join(f"{name}=%ff%ed%a0%80%00".encode() for name in filled_in())
    response = client.post(ADDRESS, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 422
    assert client.get(f"{ADDRESS}?%00=%ff").status_code == 200


def test_markup_is_shown_as_text_when_the_form_comes_back(client: Client) -> None:
    script = "<script>alert(1)</script>"
    html = client.post(ADDRESS, filled_in(what_was_done=script, title=script, link="x y"))
    assert script not in html.content.decode()
    assert "&lt;script&gt;" in html.content.decode()


def test_fields_that_are_no_visitors_are_ignored(client: Client) -> None:
    forged = {"state": "taken-up", "study": "1", "decided_by": "1", "submitted_at": "2001-01-01"}
    assert client.post(ADDRESS, filled_in(**forged)).status_code == 302
    kept = Initiative.objects.get()
    assert (kept.state, kept.study, kept.decided_by) == ("new", None, None)
    assert kept.submitted_at.year > 2001


def test_a_retired_term_is_not_offered(client: Client) -> None:
    retired = Specialty.objects.get(slug="urology")
    retired.is_retired = True
    retired.save()
    said = errors(client.post(ADDRESS, filled_in(specialty=retired.pk)))
    assert "Choose a specialty from the list." in said


def test_a_form_from_another_site_is_refused() -> None:
    assert Client(enforce_csrf_checks=True).post(ADDRESS, filled_in()).status_code == 403
    assert not Initiative.objects.exists()


def test_many_initiatives_from_one_network_are_stopped_and_kept_on_the_screen(
    client: Client, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"share_initiative": "1/h/ip"}
    assert client.post(ADDRESS, filled_in()).status_code == 302
    response = client.post(ADDRESS, filled_in(title="The second one"))
    assert response.status_code == 429
    assert "Many initiatives have come from your network" in errors(response)
    assert "The second one" in response.content.decode()
    assert len(mail.outbox) == Initiative.objects.count() == 1


def test_every_page_leads_to_the_form(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.select_one(f".hub-footer a[href='{ADDRESS}']") is not None


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert getattr(client, method)(ADDRESS).status_code == 405


@pytest.mark.parametrize("path", [ADDRESS, f"{ADDRESS}thanks/"])
def test_the_pages_ask_few_questions_of_the_database(client: Client, path: str) -> None:
    make_library()
    assert client.get(path).status_code == 200
    counts = set()
    for number in (2, 18):
        for _ in range(number):
            make_initiative()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1
    assert counts.pop() <= 12


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "taken-up"},
        {"state": "lost"},
        {"may_publish": False},
        {"decided_at": dt.datetime.now(dt.UTC)},
    ],
)
def test_the_database_refuses_an_initiative_that_cannot_be(wrong: dict[str, Any]) -> None:
    initiative = make_initiative()
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=initiative.pk).update(**wrong)
