"""The record as JSON: every record of the trainee, whole, for another program.

Version 1 of the format. Moments are ISO 8601 with their offset; what is not known is null.

- `format` "learning-hub-record", `version` 1, `exported_at`
- `trainee`: `name`, `email`
- `enrolments`, one for each time through a module: `record`, `module` (`key`, `id`, `title`),
  `number`, `started_at`, `lessons_read` (`record`, `key`, `title`, `read_at`), `attempts`,
  `completion`
- an attempt: `record`, `id`, `number`, `module_version`, `pass_percent`, `started_at`,
  `closes_at`, `answers` (`position`, `response`, `saved_at`: each as it was given, so the last
  counts) and `result` (`record`, `submitted_at`, `ran_out_of_time`, `correct`, `total`,
  `percent`, `passed`, and `marks`: `position`, `is_correct`)
- a completion: `record`, `id`, `module_version`, `module_title` (as attested), `completed_at`,
  `expires_at` and `certificate` (`record`, `id`, `address`, `holder_name`, `issued_at`,
  `credential`, and `revocation`: `record`, `revoked_at`, `reason`)
- `shares`: `id`, `supervisor_name`, `supervisor_email`, `module_keys` (empty for all),
  `shared_at`, `ends_at`, `withdrawn_at`
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from learning_hub.accounts.models import User
from syllabus.models import Answer, Attempt, Completion, Enrolment, LessonRead, Share, Submission
from syllabus.record.addresses import certificate_address, module_id
from syllabus.record.history import History, Kind, ModuleHistory

VERSION = 1
Json = dict[str, Any]


def as_json(trainee: User, past: History) -> Json:
    """The document described above. One query, for the shares."""
    shares = Share.objects.filter(trainee=trainee).select_related("withdrawal")
    return {
        "format": "learning-hub-record",
        "version": VERSION,
        "exported_at": _moment(past.at),
        "trainee": {"name": trainee.get_full_name(), "email": trainee.email},
        "enrolments": [
            _enrolment(module, enrolment)
            for module in past.modules
            for enrolment in module.enrolments
        ],
        "shares": [_share(share) for share in shares.order_by("shared_at", "pk")],
    }


def _enrolment(module: ModuleHistory, enrolment: Enrolment) -> Json:
    completion = getattr(enrolment, "completion", None)
    return {
        "record": f"{Kind.STARTED}:{enrolment.pk}",
        "module": {"key": str(module.key), "id": module_id(module.key), "title": module.title},
        "number": enrolment.number,
        "started_at": _moment(enrolment.started_at),
        "lessons_read": [_lesson(lesson) for lesson in enrolment.lessons_read.all()],
        "attempts": [_attempt(attempt) for attempt in enrolment.attempts.all()],
        "completion": _completion(completion) if completion else None,
    }


def _lesson(lesson: LessonRead) -> Json:
    return {
        "record": f"{Kind.LESSON_READ}:{lesson.pk}",
        "key": str(lesson.lesson_key),
        "title": lesson.title,
        "read_at": _moment(lesson.read_at),
    }


def _attempt(attempt: Attempt) -> Json:
    done = getattr(attempt, "submission", None)
    return {
        "record": f"{Kind.ATTEMPT_BEGUN}:{attempt.pk}",
        "id": str(attempt.pk),
        "number": attempt.number,
        "module_version": attempt.edition.version,
        "pass_percent": attempt.pass_percent,
        "started_at": _moment(attempt.started_at),
        "closes_at": _moment(attempt.closes_at),
        "answers": [_answer(answer) for answer in attempt.answers.all()],
        "result": _result(done) if done else None,
    }


def _answer(answer: Answer) -> Json:
    return {
        "position": answer.position,
        "response": answer.response,
        "saved_at": _moment(answer.saved_at),
    }


def _result(done: Submission) -> Json:
    return {
        "record": f"{Kind.ATTEMPT_MARKED}:{done.pk}",
        "submitted_at": _moment(done.submitted_at),
        "ran_out_of_time": done.ran_out_of_time,
        "correct": done.correct,
        "total": done.total,
        "percent": done.percent,
        "passed": done.passed,
        "marks": [
            {"position": mark["position"], "is_correct": mark["is_correct"]} for mark in done.marks
        ],
    }


def _completion(completion: Completion) -> Json:
    return {
        "record": f"{Kind.COMPLETED}:{completion.pk}",
        "id": str(completion.pk),
        "module_version": completion.edition.version,
        "module_title": completion.edition.title,
        "completed_at": _moment(completion.completed_at),
        "expires_at": _moment(completion.expires_at),
        "certificate": _certificate(completion),
    }


def _certificate(completion: Completion) -> Json | None:
    certificate = getattr(completion, "certificate", None)
    if certificate is None:
        return None
    revocation = getattr(certificate, "revocation", None)
    return {
        "record": f"{Kind.CERTIFICATE_ISSUED}:{certificate.pk}",
        "id": str(certificate.pk),
        "address": certificate_address(certificate),
        "holder_name": certificate.holder_name,
        "issued_at": _moment(certificate.issued_at),
        "credential": certificate.credential,
        "revocation": revocation
        and {
            "record": f"{Kind.CERTIFICATE_REVOKED}:{revocation.pk}",
            "revoked_at": _moment(revocation.revoked_at),
            "reason": revocation.reason,
        },
    }


def _share(share: Share) -> Json:
    withdrawal = getattr(share, "withdrawal", None)
    return {
        "id": str(share.pk),
        "supervisor_name": share.supervisor_name,
        "supervisor_email": share.supervisor_email,
        "module_keys": share.module_keys,
        "shared_at": _moment(share.shared_at),
        "ends_at": _moment(share.ends_at),
        "withdrawn_at": _moment(withdrawal.withdrawn_at) if withdrawal else None,
    }


def _moment(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None
