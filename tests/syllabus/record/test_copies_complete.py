"""Whatever a trainee did, in any order, every copy of her record holds all of it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learning_hub.accounts.models import User
from syllabus.models import ModulePage
from syllabus.record.history import history
from syllabus.record.portable import as_json
from syllabus.record.spreadsheet import as_csv
from syllabus.record.statements import as_statements
from syllabus.refusals import Refused
from tests.factories.syllabus import (
    NOON,
    begin,
    complete_module,
    enrol,
    make_module,
    make_trainee,
    read_all,
)
from tests.syllabus.record.scenes import fail, revoke
from tests.syllabus.record.test_copies import every_record, named_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DEEDS = {
    "enrol": enrol,
    "read": read_all,
    "begin": begin,
    "fail": fail,
    "complete": complete_module,
    "revoke": lambda trainee, module, at: revoke(complete_module(trainee, module, at), at),
}


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(deeds=st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 1)), max_size=7))
def test_every_copy_holds_every_record_once(deeds: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        alice = make_trainee(f"alice-{uuid.uuid4()}@example.org")
        modules = [make_module(lessons=1, cooling_off_hours=0, validity_months=1) for _ in range(2)]
        at = NOON
        for deed, number in deeds:
            at += dt.timedelta(days=40)
            try_to(deed, alice, modules[number], at)
        assert_copies_are_complete(alice, at + dt.timedelta(days=1))
        transaction.set_rollback(True)


def try_to(deed: str, trainee: User, module: ModulePage, at: dt.datetime) -> None:
    """Do it, unless the rules say no."""
    try:
        with transaction.atomic():
            DEEDS[deed](trainee, module, at)
    except Refused:
        return


def assert_copies_are_complete(trainee: User, at: dt.datetime) -> None:
    past, wanted = history(trainee.pk, at), sorted(every_record())
    text = as_csv(past).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    assert sorted(row["record"] for row in rows) == wanted
    assert sorted(named_in(as_json(trainee, past))) == wanted
    assert len({each["id"] for each in as_statements(trainee.pk, past)}) == len(wanted)
    printed = render_to_string("syllabus/record/pdf.html", {"history": past, "trainee": trainee})
    assert printed.count("<tr>") == len(wanted) + len(past.modules)
