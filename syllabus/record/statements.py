"""The record as statements of the Experience API (xAPI 1.0.3), for a learning record store.

The actor is an account of this site, named by a number made of hers and not by her e-mail
address: stores pass statements on, and an address would tell more people who she is, and would
change with her. Statements never change either: each id is made of the site and the record, so
a store that gets the same export twice keeps it once. Expiry is no statement, since nobody does
anything; a revocation voids the statement that she earned the certificate.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils.duration import duration_iso_string

from syllabus.models import Attempt, Submission
from syllabus.record.addresses import (
    assessment_id,
    certificate_address,
    lesson_id,
    module_id,
    origin,
)
from syllabus.record.history import Event, History, Kind

VERSION = "1.0.3"
LANGUAGE = "en-GB"
ADL_VERB = "http://adlnet.gov/expapi/verbs"
LESSON = "http://adlnet.gov/expapi/activities/lesson"
ASSESSMENT = "http://adlnet.gov/expapi/activities/assessment"
MODULE = "http://adlnet.gov/expapi/activities/module"
BADGE = "http://activitystrea.ms/schema/1.0/badge"
EARNED = "http://id.tincanapi.com/verb/earned"  # of the registry that ADL's list does not cover

Json = dict[str, Any]


def as_statements(trainee_id: int, past: History) -> list[Json]:
    """One statement a record, oldest first, so that what is voided comes before it is."""
    return [_statement(trainee_id, event) for event in reversed(past.events)]


def _statement(trainee_id: int, event: Event) -> Json:
    verb, display = _verb(event)
    is_voiding = event.kind is Kind.CERTIFICATE_REVOKED
    statement = {
        "id": _id(event.record),
        "version": VERSION,
        "actor": _account("learning-hub") if is_voiding else _account(_id(f"user:{trainee_id}")),
        "verb": {"id": verb, "display": {LANGUAGE: display}},
        "object": _object(event),
        "context": _context(event),
        "timestamp": event.at.astimezone(dt.UTC).isoformat(),
    }
    result = _result(event)
    return {**statement, "result": result} if result else statement


def _id(name: str) -> str:
    """A UUID for something of this site, the same each time."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{origin()}/my/record/#{name}"))


def _account(name: str) -> Json:
    return {"objectType": "Agent", "account": {"homePage": f"{origin()}/", "name": name}}


def _verb(event: Event) -> tuple[str, str]:
    if event.kind is Kind.ATTEMPT_MARKED:
        word = "passed" if event.row.passed else "failed"
        return f"{ADL_VERB}/{word}", word
    return _VERBS[event.kind]


_VERBS = {
    Kind.STARTED: (f"{ADL_VERB}/initialized", "started"),
    Kind.LESSON_READ: (f"{ADL_VERB}/experienced", "read"),
    Kind.ATTEMPT_BEGUN: (f"{ADL_VERB}/attempted", "attempted"),
    Kind.COMPLETED: (f"{ADL_VERB}/completed", "completed"),
    Kind.CERTIFICATE_ISSUED: (EARNED, "earned"),
    Kind.CERTIFICATE_REVOKED: (f"{ADL_VERB}/voided", "voided"),
}


def _object(event: Event) -> Json:
    if event.revocation:
        earned = f"{Kind.CERTIFICATE_ISSUED}:{event.revocation.certificate_id}"
        return {"objectType": "StatementRef", "id": _id(earned)}
    if event.lesson:
        return _activity(lesson_id(event.lesson.lesson_key), event.lesson.title, LESSON)
    if event.attempt:
        return _activity(assessment_id(event.module_key), f"Assessment: {event.title}", ASSESSMENT)
    if event.kind is Kind.CERTIFICATE_ISSUED:
        return _activity(certificate_address(event.row), f"Certificate: {event.title}", BADGE)
    return _module(event)


def _module(event: Event) -> Json:
    return _activity(module_id(event.module_key), event.title, MODULE)


def _activity(activity_id: str, name: str, kind: str) -> Json:
    return {
        "objectType": "Activity",
        "id": activity_id,
        "definition": {"type": kind, "name": {LANGUAGE: name}},
    }


def _context(event: Event) -> Json:
    context: Json = {"registration": _id(f"enrolment:{event.enrolment.pk}"), "language": LANGUAGE}
    if event.revocation:
        return context  # the rest describes an activity
    context["platform"] = "Learning Hub"
    if event.edition:
        context["revision"] = str(event.edition.version)
    if event.kind not in (Kind.STARTED, Kind.COMPLETED):
        context["contextActivities"] = {"parent": [_module(event)]}
    return context


def _result(event: Event) -> Json | None:
    done = event.submission
    if event.kind is Kind.ATTEMPT_MARKED and done:
        return {
            **_score(done),
            "success": done.passed,
            "completion": True,
            "duration": _duration(done.attempt, done),
        }
    if event.kind is Kind.COMPLETED:
        success = {"success": done.passed} if done else {}
        return {**(_score(done) if done else {}), **success, "completion": True}
    return None


def _score(done: Submission) -> Json:
    if not done.total:
        return {}
    scaled = round(done.correct / done.total, 4)
    return {"score": {"scaled": scaled, "raw": done.correct, "min": 0, "max": done.total}}


def _duration(attempt: Attempt, done: Submission) -> str:
    """How long the attempt took, in ISO 8601 to the second."""
    seconds = max(0, int((done.submitted_at - attempt.started_at).total_seconds()))
    return duration_iso_string(dt.timedelta(seconds=seconds))
