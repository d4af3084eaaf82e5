"""What moderators do with initiatives in the admin; and who may not even read them."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from case_studies.models import CaseStudyPage
from case_studies.submissions import deciding
from case_studies.submissions.models import Initiative
from learning_hub.accounts.roles import (
    ADMINISTRATORS,
    EDITORS,
    MODERATORS,
    TRAINEES,
    TRAINERS,
)
from tests.factories.accounts import make_person
from tests.factories.case_studies import make_library
from tests.factories.submissions import make_initiative

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LIST = "/admin/initiatives/"
ACTIONS = ("review", "take-up", "decline")


def as_(client: Client, *roles: str) -> Client:
    person = make_person("alice@example.org", *roles)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def rows(response: Any) -> list[str]:
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    return [cell.get_text(strip=True) for cell in soup.select("table.listing tbody td.title")]


@pytest.mark.parametrize("role", [MODERATORS, ADMINISTRATORS])
def test_moderators_read_what_was_sent_in(client: Client, role: str) -> None:
    initiative = make_initiative()
    moderator = as_(client, role)
    assert rows(moderator.get(LIST)) == [initiative.title]
    response = moderator.get(f"{LIST}inspect/{initiative.pk}/")
    assert response.status_code == 200
    for said in ("Core trainees lost half", "Sam Shah", "sam@example.org", "Urology"):
        assert said in response.content.decode()


@pytest.mark.parametrize("role", [TRAINEES, TRAINERS, EDITORS, ""])
def test_nobody_else_reads_them_or_decides(client: Client, role: str) -> None:
    make_library()
    initiative = make_initiative()
    visitor = as_(client, role)
    for address in (LIST, f"{LIST}results/", f"{LIST}inspect/{initiative.pk}/"):
        response = visitor.get(address)
        assert response.status_code == 302
        assert initiative.title not in response.content.decode()
    for action in ACTIONS:
        assert visitor.post(f"{LIST}{initiative.pk}/{action}/", {"reason": "x"}).status_code == 302
    initiative.refresh_from_db()
    assert initiative.state == "new"
    assert not CaseStudyPage.objects.exists()


def test_editors_see_what_was_taken_up_as_a_page(client: Client) -> None:
    make_library()
    by = make_person("mo@example.org", MODERATORS)
    study = deciding.take_up(initiative=make_initiative(), by=by, at=timezone.now())
    editor = as_(client, EDITORS)
    response = editor.get(f"/admin/pages/{study.pk}/edit/")
    assert response.status_code == 200
    assert "As it was sent in" not in response.content.decode()
    assert "initiative" not in editor.get("/admin/").content.decode()


def test_nobody_adds_edits_deletes_or_copies_one(admin_client: Client) -> None:
    initiative = make_initiative()
    for address in ("new/", *(f"{what}/{initiative.pk}/" for what in ("edit", "delete", "copy"))):
        assert admin_client.get(f"{LIST}{address}").status_code == 404
    assert admin_client.get(LIST).status_code == 200
    assert admin_client.get(f"{LIST}inspect/{initiative.pk}/").status_code == 200


def test_a_moderator_takes_one_up_and_is_in_the_editor_of_the_draft(client: Client) -> None:
    make_library()
    initiative = make_initiative()
    moderator = as_(client, MODERATORS)
    response = moderator.post(f"{LIST}{initiative.pk}/take-up/")
    study = CaseStudyPage.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/admin/pages/{study.pk}/edit/")
    html = moderator.get(response["Location"]).content.decode()
    assert "is a draft now" in html
    assert f"{LIST}inspect/{initiative.pk}/" in html
    html = moderator.get(f"{LIST}inspect/{initiative.pk}/").content.decode()
    assert f"/admin/pages/{study.pk}/edit/" in html
    assert "take-up" not in html
    again = moderator.post(f"{LIST}{initiative.pk}/take-up/")
    assert again["Location"] == f"/admin/pages/{study.pk}/edit/"
    assert CaseStudyPage.objects.count() == 1


@pytest.mark.parametrize(("tells", "letters"), [("on", 1), ("", 0)])
def test_a_moderator_declines_and_the_sender_may_be_told(
    client: Client, tells: str, letters: int
) -> None:
    initiative = make_initiative()
    moderator = as_(client, MODERATORS)
    address = f"{LIST}{initiative.pk}/decline/"
    assert moderator.get(address).status_code == 200
    assert "Say why it is declined." in moderator.post(address, {}).content.decode()
    reason = "It is about research.\nTry the research office & friends."
    assert moderator.post(address, {"reason": reason, "tell_sender": tells}).status_code == 302
    initiative.refresh_from_db()
    assert (initiative.state, initiative.reason) == ("declined", reason)
    assert len(mail.outbox) == letters
    assert all(reason in letter.body for letter in mail.outbox)
    assert ModelLogEntry.objects.get().action == "submissions.decline"
    again = moderator.post(address, {"reason": "x", "tell_sender": "on"}, follow=True)
    assert "was declined already" in again.content.decode()
    assert len(mail.outbox) == letters


def test_a_sender_who_did_not_agree_is_not_written_to(client: Client) -> None:
    initiative = make_initiative(may_contact=False)
    moderator = as_(client, MODERATORS)
    address = f"{LIST}{initiative.pk}/decline/"
    assert "tell_sender" not in moderator.get(address).content.decode()
    assert moderator.post(address, {"reason": "No", "tell_sender": "on"}).status_code == 302
    assert mail.outbox == []


def test_a_review_is_begun_from_the_page(client: Client) -> None:
    initiative = make_initiative()
    moderator = as_(client, MODERATORS)
    assert moderator.post(f"{LIST}{initiative.pk}/review/").status_code == 302
    assert rows(moderator.get(f"{LIST}?state=in-review")) == [initiative.title]


def test_decisions_are_taken_by_post_and_of_what_there_is(client: Client) -> None:
    initiative = make_initiative()
    moderator = as_(client, MODERATORS)
    for action in ("review", "take-up"):
        assert moderator.get(f"{LIST}{initiative.pk}/{action}/").status_code == 405
    for action in ACTIONS:
        assert moderator.post(f"{LIST}999999/{action}/", {"reason": "x"}).status_code == 404
    assert moderator.get(f"{LIST}inspect/999999/").status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = moderator.cookies
    assert strict.post(f"{LIST}{initiative.pk}/take-up/").status_code == 403
    assert Initiative.objects.get().state == "new"


def test_a_refusal_is_said_on_the_page(client: Client) -> None:
    initiative = make_initiative()
    moderator = as_(client, MODERATORS)
    type(make_library()).objects.all().delete()
    response = moderator.post(f"{LIST}{initiative.pk}/take-up/", follow=True)
    assert response.status_code == 200
    assert "There is no case study library yet." in response.content.decode()


def test_the_list_is_narrowed_and_bad_input_is_no_error(client: Client) -> None:
    make_initiative("In the north west")
    make_initiative("Nowhere", region=None)
    moderator = as_(client, MODERATORS)
    region = Initiative.objects.get(title="In the north west").region_id
    assert rows(moderator.get(LIST)) == ["Nowhere", "In the north west"]
    assert rows(moderator.get(f"{LIST}?region={region}")) == ["In the north west"]
    assert rows(moderator.get(f"{LIST}?q=nowhere")) == ["Nowhere"]
    for bad in ("?state=x", "?region=x", "?p=-1", "?p=x", "?q=%00", "?region=99999999999999999999"):
        assert moderator.get(f"{LIST}{bad}").status_code in (200, 404), bad


def test_what_was_typed_runs_nowhere_in_the_admin(client: Client) -> None:
    make_library()
    script = "<script>alert(1)</script>"
    texts = ("what_was_wrong", "what_was_done", "what_came_of_it", "do_differently", "sender_name")
    initiative = make_initiative(
        script,
        organisation=script,
        link='https://a.example/"><script>alert(1)</script>',
        **dict.fromkeys(texts, script),
    )
    moderator = as_(client, MODERATORS)
    pages = [LIST, f"{LIST}inspect/{initiative.pk}/", f"{LIST}{initiative.pk}/decline/"]
    response = moderator.post(f"{LIST}{initiative.pk}/take-up/")
    for address in (*pages, response["Location"]):
        answer = moderator.get(address)
        assert answer.status_code == 200
        assert script not in answer.content.decode()


def test_the_first_page_of_the_admin_says_how_many_wait(client: Client) -> None:
    make_initiative()
    assert "1 initiative waiting" in as_(client, MODERATORS).get("/admin/").content.decode()


def test_the_list_takes_the_same_queries_for_two_and_forty(client: Client) -> None:
    moderator = as_(client, MODERATORS)
    assert moderator.get(LIST).status_code == 200
    counts = set()
    for number in (2, 38):
        for _ in range(number):
            make_initiative()
        with CaptureQueriesContext(connection) as queries:
            assert moderator.get(LIST).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1
    assert counts.pop() <= 12


def test_an_initiative_is_read_in_few_queries(client: Client) -> None:
    make_library()
    initiative = make_initiative()
    moderator = as_(client, MODERATORS)
    assert moderator.post(f"{LIST}{initiative.pk}/take-up/").status_code == 302
    address = f"{LIST}inspect/{initiative.pk}/"
    assert moderator.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert moderator.get(address).status_code == 200
    assert len(queries) <= 12
