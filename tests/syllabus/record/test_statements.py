"""The record as xAPI 1.0.3 statements: the rules of the specification, and what they say."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest

from syllabus.record.history import history
from syllabus.record.statements import as_statements
from tests.factories.syllabus import NOON, complete_module, make_module, make_trainee
from tests.syllabus.record.scenes import HOUR, busy_trainee, fail

pytestmark = pytest.mark.django_db
LATER = NOON + 100 * HOUR
STATEMENT = {"id", "version", "actor", "verb", "object", "result", "context", "timestamp"}
RESULT = {"score", "success", "completion", "duration"}
CONTEXT = {"registration", "language", "platform", "revision", "contextActivities"}
DURATION = re.compile(r"P\d+DT\d{2}H\d{2}M\d{2}(\.\d{1,2})?S")


def statements_of(trainee: Any) -> list[dict[str, Any]]:
    """As they leave: through JSON."""
    return json.loads(json.dumps(as_statements(trainee.pk, history(trainee.pk, LATER))))


def assert_iri(text: str) -> None:
    assert urlsplit(text).scheme in ("http", "https")
    assert urlsplit(text).netloc
    assert " " not in text


def assert_language_map(value: dict[str, str]) -> None:
    assert value
    assert all(re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", tag) for tag in value)
    assert all(isinstance(text, str) and text for text in value.values())


def assert_agent(agent: dict[str, Any]) -> None:
    """Exactly one way to say who it is."""
    assert set(agent) == {"objectType", "account"}
    assert agent["objectType"] == "Agent"
    assert set(agent["account"]) == {"homePage", "name"}
    assert_iri(agent["account"]["homePage"])


def assert_activity(activity: dict[str, Any]) -> None:
    assert set(activity) == {"objectType", "id", "definition"}
    assert activity["objectType"] == "Activity"
    assert_iri(activity["id"])
    assert_iri(activity["definition"]["type"])
    assert_language_map(activity["definition"]["name"])


def assert_result(result: dict[str, Any]) -> None:
    assert set(result) <= RESULT
    assert isinstance(result.get("success", True), bool)
    assert isinstance(result.get("completion", True), bool)
    assert DURATION.fullmatch(result.get("duration", "P0DT00H00M00S"))
    if "score" in result:
        score = result["score"]
        assert set(score) == {"scaled", "raw", "min", "max"}
        assert -1 <= score["scaled"] <= 1
        assert score["min"] <= score["raw"] <= score["max"]
        assert score["min"] < score["max"]


def assert_valid(statement: dict[str, Any]) -> None:
    """What the specification asks of every statement."""
    assert set(statement) <= STATEMENT
    assert STATEMENT - set(statement) <= {"result"}
    assert str(uuid.UUID(statement["id"])) == statement["id"]
    assert statement["version"] == "1.0.3"
    assert_agent(statement["actor"])
    assert_iri(statement["verb"]["id"])
    assert_language_map(statement["verb"]["display"])
    assert dt.datetime.fromisoformat(statement["timestamp"]).tzinfo is not None
    assert None not in statement.values()
    assert_result(statement.get("result", {}))
    assert_context(statement["context"], statement["object"])


def assert_context(context: dict[str, Any], about: dict[str, Any]) -> None:
    assert set(context) <= CONTEXT
    assert uuid.UUID(context["registration"])
    for activity in context.get("contextActivities", {}).get("parent", []):
        assert_activity(activity)
    if about["objectType"] == "StatementRef":
        assert set(about) == {"objectType", "id"}
        assert not {"platform", "revision"} & set(context)  # these are of activities alone
    else:
        assert_activity(about)


def test_every_statement_keeps_the_rules() -> None:
    statements = statements_of(busy_trainee())
    for statement in statements:
        assert_valid(statement)
    verbs = {statement["verb"]["id"].rpartition("/")[2] for statement in statements}
    assert verbs == {
        "initialized", "experienced", "attempted", "failed", "passed", "completed", "earned",
        "voided",
    }  # fmt: skip


def test_the_same_record_gives_the_same_statements_each_time() -> None:
    alice = busy_trainee()
    assert statements_of(alice) == statements_of(alice)


def test_two_trainees_and_two_sites_share_no_statement(settings: Any) -> None:
    module = make_module()
    alice, bob = make_trainee(), make_trainee("bob@example.org")
    complete_module(alice, module)
    complete_module(bob, module)

    def ids(trainee: Any) -> set[str]:
        return {statement["id"] for statement in statements_of(trainee)}

    here = ids(alice)
    assert not here & ids(bob)
    settings.WAGTAILADMIN_BASE_URL = "https://another.example.org"
    assert not here & ids(alice)


def test_no_statement_says_her_address_or_her_name() -> None:
    alice = busy_trainee()
    text = json.dumps(statements_of(alice))
    assert alice.email not in text
    assert "Alice" not in text


def test_a_failed_attempt_says_how_it_went_and_how_long_it_took() -> None:
    alice, module = make_trainee(), make_module()
    fail(alice, module, NOON)

    [failed] = [each for each in statements_of(alice) if each["verb"]["id"].endswith("/failed")]

    assert failed["result"] == {
        "score": {"scaled": 0.0, "raw": 0, "min": 0, "max": 2},
        "success": False,
        "completion": True,
        "duration": "P0DT00H10M00S",
    }
    key = module.translation_key
    assert failed["object"]["id"].endswith(f"/learning/modules/{key}/assessment")
    [parent] = failed["context"]["contextActivities"]["parent"]
    assert parent["id"].endswith(f"/learning/modules/{key}")


def test_one_time_through_a_module_is_one_registration() -> None:
    alice, module = make_trainee(), make_module(validity_months=1)
    complete_module(alice, module, NOON)
    complete_module(alice, module, NOON + dt.timedelta(days=60))
    registrations = [each["context"]["registration"] for each in statements_of(alice)]
    assert len(set(registrations)) == 2
    assert registrations == sorted(registrations, key=registrations.index)


def test_a_revocation_voids_what_was_earned_and_comes_after_it() -> None:
    statements = statements_of(busy_trainee())
    places = {each["id"]: place for place, each in enumerate(statements)}
    [voiding] = [each for each in statements if each["verb"]["id"].endswith("/voided")]
    voided = statements[places[voiding["object"]["id"]]]
    assert voided["verb"]["id"].endswith("/earned")
    assert places[voided["id"]] < places[voiding["id"]]
    assert voiding["actor"] != voided["actor"]
