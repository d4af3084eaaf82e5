"""What editors do with reports: read, narrow, settle; and who may not."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry, Site

from learning_hub.accounts.roles import (
    ADMINISTRATORS,
    EDITORS,
    MODERATORS,
    TRAINEES,
    TRAINERS,
)
from learning_hub.feedback.handling import settle
from learning_hub.feedback.models import ProblemReport
from tests.factories.accounts import make_person
from tests.factories.feedback import make_report

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LIST = "/admin/problem-reports/"
DAY = dt.timedelta(days=1)


def as_(client: Client, *roles: str) -> Client:
    person = make_person("alice@example.org", *roles)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def rows(response: Any) -> list[str]:
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    return [cell.get_text(strip=True) for cell in soup.select("table.listing tbody td.title")]


@pytest.mark.parametrize("role", [EDITORS, MODERATORS, ADMINISTRATORS])
def test_those_who_look_after_pages_read_reports_newest_first(client: Client, role: str) -> None:
    now = timezone.now()
    make_report("The older one", at=now - DAY)
    make_report("The newer one", at=now)
    assert rows(as_(client, role).get(LIST)) == ["The newer one", "The older one"]


@pytest.mark.parametrize("role", [TRAINEES, TRAINERS, ""])
def test_nobody_else_reads_them(client: Client, role: str) -> None:
    report = make_report("Only for editors")
    visitor = as_(client, role)
    for address in (LIST, f"{LIST}results/", f"{LIST}edit/{report.pk}/"):
        response = visitor.get(address)
        assert response.status_code == 302
        assert "Only for editors" not in response.content.decode()


def test_nobody_adds_deletes_or_copies_a_report_in_the_admin(admin_client: Client) -> None:
    report = make_report()
    for address in ("new/", f"delete/{report.pk}/", f"copy/{report.pk}/"):
        assert admin_client.get(f"{LIST}{address}").status_code == 404
    assert admin_client.get(LIST).status_code == 200
    assert admin_client.get(f"{LIST}edit/{report.pk}/").status_code == 200
    assert admin_client.get(f"{LIST}history/{report.pk}/").status_code == 200


def test_the_list_is_narrowed_by_state_page_and_words(client: Client) -> None:
    home = Site.objects.get(is_default_site=True).root_page
    make_report("About home", page=home, path="/")
    settled = make_report("About nothing")
    editor = as_(client, EDITORS)
    settle(
        report=settled,
        state="dismissed",
        note="Empty",
        by=make_person("eve@example.org", EDITORS),
        at=timezone.now(),
    )
    assert rows(editor.get(f"{LIST}?state=new")) == ["About home"]
    assert rows(editor.get(f"{LIST}?state=dismissed")) == ["About nothing"]
    assert rows(editor.get(f"{LIST}?page={home.pk}")) == ["About home"]
    assert rows(editor.get(f"{LIST}?q=nothing")) == ["About nothing"]
    for bad in ("?state=x", "?page=x", "?p=-1", "?p=x", "?q=%00", "?page=9999999999999999999999"):
        assert editor.get(f"{LIST}{bad}").status_code in (200, 404), bad


def test_what_a_visitor_wrote_runs_nowhere(client: Client) -> None:
    script = "<script>alert(1)</script>"
    report = make_report(script, path=f"/{script}/", email="a@example.org")
    editor = as_(client, EDITORS)
    for address in (LIST, f"{LIST}edit/{report.pk}/", f"{LIST}history/{report.pk}/"):
        response = editor.get(address)
        assert response.status_code == 200
        assert script not in response.content.decode()


def test_an_editor_settles_a_report_with_a_note(client: Client) -> None:
    report = make_report()
    editor = as_(client, EDITORS)
    response = editor.post(
        f"{LIST}edit/{report.pk}/", {"state": "handled", "note": "Put right.", "text": "forged"}
    )
    assert response.status_code == 302
    report.refresh_from_db()
    assert (report.state, report.note) == ("handled", "Put right.")
    assert report.handled_by.email == "alice@example.org"
    assert report.handled_at is not None
    assert report.text == "The link leads nowhere."
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user) == ("feedback.settle", report.handled_by)
    assert editor.post(f"{LIST}edit/{report.pk}/", {"state": "new", "note": ""}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.handled_at, report.handled_by) == ("new", None, None)


def test_a_dismissal_says_why(client: Client) -> None:
    report = make_report()
    editor = as_(client, MODERATORS)
    response = editor.post(f"{LIST}edit/{report.pk}/", {"state": "dismissed", "note": " "})
    assert response.status_code == 200
    assert "Say why it is dismissed." in response.content.decode()
    assert ProblemReport.objects.open().count() == 1


@pytest.mark.parametrize("role", [EDITORS, MODERATORS])
def test_the_first_page_of_the_admin_says_how_many_wait(client: Client, role: str) -> None:
    make_report()
    make_report()
    response = as_(client, role).get("/admin/")
    assert response.status_code == 200
    assert "2 open problem reports" in response.content.decode()


def test_an_address_is_erased_ninety_days_after_the_report_is_settled() -> None:
    now = timezone.now()
    editor = make_person("eve@example.org", EDITORS)
    old, recent, waiting = (make_report(email="sam@example.org") for _ in range(3))
    settle(report=old, state="handled", note="", by=editor, at=now - 90 * DAY)
    settle(report=recent, state="handled", note="", by=editor, at=now - 89 * DAY)
    out = StringIO()
    call_command("forget_reporters", stdout=out)
    assert out.getvalue().strip() == "1 address erased."
    emails = ["", "sam@example.org", "sam@example.org"]
    assert [
        ProblemReport.objects.get(pk=each.pk).email for each in (old, recent, waiting)
    ] == emails


def test_settling_a_report_erases_addresses_that_are_due() -> None:
    now = timezone.now()
    editor = make_person("eve@example.org", EDITORS)
    old = make_report(email="sam@example.org")
    settle(report=old, state="handled", note="", by=editor, at=now - 91 * DAY)
    settle(report=make_report(), state="handled", note="", by=editor, at=now)
    old.refresh_from_db()
    assert old.email == ""
    settle(report=old, state="dismissed", note="Again", by=editor, at=now)
    old.refresh_from_db()
    assert old.handled_at == now - 91 * DAY


def test_the_list_takes_the_same_queries_for_two_reports_and_forty(client: Client) -> None:
    home = Site.objects.get(is_default_site=True).root_page
    editor = as_(client, EDITORS)
    assert editor.get(LIST).status_code == 200
    counts = set()
    for number in (2, 38):
        for _ in range(number):
            make_report(page=home)
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(LIST).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1
    assert counts.pop() <= 12


def test_a_report_is_read_in_few_queries(client: Client) -> None:
    home = Site.objects.get(is_default_site=True).root_page
    editor = as_(client, EDITORS)
    address = f"{LIST}edit/{make_report(page=home).pk}/"
    assert editor.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert editor.get(address).status_code == 200
    assert len(queries) <= 12
