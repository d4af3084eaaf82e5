"""Copies of the record to take away: complete, hers alone, safe to open."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from pypdf import PdfReader

from learning_hub.accounts.models import User
from learning_hub.exports import pdf
from syllabus.models import (
    Answer,
    Attempt,
    Certificate,
    Completion,
    Enrolment,
    LessonRead,
    Revocation,
    Submission,
)
from syllabus.record.history import history
from tests.factories.syllabus import NOON, complete_module, make_module, make_trainee
from tests.syllabus.record.scenes import HOUR, busy_trainee, share

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LATER = NOON + 100 * HOUR
COPIES = ["/my/record.csv", "/my/record.json", "/my/record.pdf", "/my/record/statements.json"]
RECORDS = {
    "started": Enrolment,
    "lesson-read": LessonRead,
    "attempt-begun": Attempt,
    "attempt-marked": Submission,
    "completed": Completion,
    "certificate-issued": Certificate,
    "certificate-revoked": Revocation,
}


def every_record() -> set[str]:
    """The name of every row in every table of records."""
    return {f"{kind}:{row.pk}" for kind, model in RECORDS.items() for row in model.objects.all()}


def copy(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="learning-record')
    return answer.content


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def named_in(value: object) -> Iterator[str]:
    """Every `record` in a JSON document, however deep."""
    if isinstance(value, dict):
        if "record" in value:
            yield value["record"]
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from named_in(each)


@pytest.fixture
def alice(client: Client) -> User:
    """A trainee with a full record, signed in; and every record is hers."""
    alice = busy_trainee()
    client.force_login(alice)
    return alice


def test_csv_holds_every_record_once(client: Client, alice: User) -> None:
    rows = lines(copy(client, "/my/record.csv"))
    assert sorted(row["record"] for row in rows) == sorted(every_record())
    assert {name.partition(":")[0] for name in every_record()} == set(RECORDS)


def test_json_holds_every_record_once_and_every_answer_and_share(
    client: Client, alice: User
) -> None:
    kept = share(alice)
    document = json.loads(copy(client, "/my/record.json"))
    assert sorted(named_in(document)) == sorted(every_record())
    answers = [
        answer
        for enrolment in document["enrolments"]
        for attempt in enrolment["attempts"]
        for answer in attempt["answers"]
    ]
    assert len(answers) == Answer.objects.count() > 0
    assert [each["id"] for each in document["shares"]] == [str(kept.pk)]
    assert (document["format"], document["version"]) == ("learning-hub-record", 1)
    assert document["trainee"] == {"name": "Alice Adams", "email": alice.email}


def test_json_carries_no_answer_key(client: Client, alice: User) -> None:
    text = copy(client, "/my/record.json").decode()
    assert "option_feedback" not in text
    assert "paper" not in text
    assert '"answer"' not in text


def test_statements_hold_every_record_once(client: Client, alice: User) -> None:
    statements = json.loads(copy(client, "/my/record/statements.json"))
    assert len(statements) == len(every_record())
    assert len({each["id"] for each in statements}) == len(statements)


def test_pdf_holds_every_record_and_is_tagged(client: Client, alice: User) -> None:
    if pdf.UNAVAILABLE:
        pytest.skip(f"no PDF: {pdf.UNAVAILABLE}")
    document = PdfReader(io.BytesIO(copy(client, "/my/record.pdf")))
    text = squeezed("".join(page.extract_text() for page in document.pages))
    events = history(alice.pk, LATER).events
    assert len(events) == len(every_record())
    for words in {event.words for event in events}:
        wanted = sum(event.words == words for event in events)
        assert text.count(squeezed(words)) >= wanted, words
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.metadata is not None
    assert document.metadata.title == "Learning record of Alice Adams"


def squeezed(text: str) -> str:
    """Without spaces, which a PDF breaks its lines at."""
    return re.sub(r"\s+", "", text)


def test_without_pdfs_a_page_says_so_and_offers_other_copies(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "UNAVAILABLE", OSError("no Pango"))
    client.force_login(make_trainee())
    answer = client.get("/my/record.pdf")
    assert answer.status_code == 503
    assert 'href="/my/record.csv"' in answer.content.decode()


@pytest.mark.parametrize("address", COPIES)
def test_a_copy_is_hers_alone(client: Client, address: str) -> None:
    complete_module(make_trainee("bob@example.org", "Bob Brown"), make_module("Of Bob"))
    client.force_login(make_trainee())
    assert b"Of Bob" not in copy(client, address)
    if address.endswith(".csv"):
        assert lines(copy(client, address)) == []


def test_csv_dates_and_numbers_can_be_read_by_programs(client: Client, alice: User) -> None:
    [failed] = [row for row in lines(copy(client, "/my/record.csv")) if row["passed"] == "no"]
    assert failed["at"] == "2026-03-02T12:10:00+00:00"
    assert (failed["correct"], failed["total"], failed["percent"]) == ("0", "2", "0")
    assert (failed["attempt"], failed["module_version"]) == ("1", "1")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "'=", "＝"])
def test_csv_runs_no_formula(client: Client, start: str) -> None:
    alice = make_trainee()
    complete_module(alice, make_module(f"{start}1+1"))
    client.force_login(alice)
    assert {row["module"] for row in lines(copy(client, "/my/record.csv"))} == {f"'{start}1+1"}
