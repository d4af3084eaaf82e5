"""Records are added, never changed and never taken away: by Django, and by the database itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from syllabus.append_only import AppendOnlyModel, RecordIsFinal, guarded_tables
from syllabus.models import Completion, Enrolment
from tests.factories.syllabus import complete_module, enrol, make_module, make_trainee

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment() -> Enrolment:
    return enrol(make_trainee(), make_module())


def test_a_record_cannot_be_saved_again(enrolment: Enrolment) -> None:
    enrolment.number = 7
    with pytest.raises(RecordIsFinal):
        enrolment.save()


def test_a_record_cannot_be_deleted(enrolment: Enrolment) -> None:
    with pytest.raises(RecordIsFinal):
        enrolment.delete()


@pytest.mark.parametrize("change", [{"update": {"number": 7}}, {"delete": {}}])
def test_records_cannot_be_changed_in_bulk(enrolment: Enrolment, change: dict[str, Any]) -> None:
    [(verb, values)] = change.items()
    with pytest.raises(RecordIsFinal):
        getattr(Enrolment.objects.all(), verb)(**values)


@pytest.mark.parametrize("table", guarded_tables())
def test_every_table_of_records_has_its_guards(table: str) -> None:
    statement = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass "
        "AND NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(statement[connection.vendor], [table])
        assert cursor.fetchone() == ({"sqlite": 2, "postgresql": 3}[connection.vendor],)


@pytest.mark.parametrize("statement", ["UPDATE {} SET module_key = NULL", "DELETE FROM {}"])
def test_a_change_in_plain_sql_is_refused(enrolment: Enrolment, statement: str) -> None:
    table = Enrolment._meta.db_table
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert Enrolment.objects.get() == enrolment


def test_every_record_of_the_syllabus_is_guarded() -> None:
    content = {"SyllabusPage", "ModulePage", "LessonPage", "LearningOutcome", "Prerequisite"}
    content |= {"Question", "Option"}
    records = {
        model
        for model in apps.get_app_config("syllabus").get_models()
        if model.__name__ not in content
    }
    assert Completion in records
    assert {model for model in records if not issubclass(model, AppendOnlyModel)} == set()


def test_a_person_with_a_record_cannot_be_deleted() -> None:
    alice = make_trainee()
    complete_module(alice, make_module())
    with pytest.raises(DatabaseError), transaction.atomic():
        alice.delete()
