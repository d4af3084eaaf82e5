"""Reports of problems for tests, and the form as a browser sends it."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from learning_hub.feedback.models import Category, ProblemReport
from learning_hub.feedback.reporting import report_problem


def filled_in(**changed: str) -> dict[str, str]:
    """The form of a report, filled in well, but for what is `changed`."""
    return {
        "key": str(uuid.uuid4()),
        "page": "/",
        "category": "wrong",
        "text": "The date of the course is last year’s.",
        "email": "",
        "leave_empty": "",
        **changed,
    }


def make_report(text: str = "The link leads nowhere.", **facts: Any) -> ProblemReport:
    """A report that is open."""
    return report_problem(
        **{
            "key": uuid.uuid4(),
            "path": "/about/",
            "page": None,
            "category": Category.BROKEN,
            "text": text,
            "email": "",
            "at": timezone.now(),
            **facts,
        }
    )
