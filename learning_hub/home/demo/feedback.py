"""Puts a few reports and initiatives before the demo's editors and moderators."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from case_studies.submissions.receiving import receive
from learning_hub.accounts.models import User
from learning_hub.feedback.handling import settle
from learning_hub.feedback.models import ReportState
from learning_hub.feedback.reporting import report_problem
from learning_hub.home.demo.stages import Stage
from learning_hub.home.models import HomePage
from learning_hub.taxonomy.models import Region, Specialty, TraineeStage

FOLDER = Path(__file__).parent / "content" / "feedback"
EDITOR = "editor@example.org"


def stage() -> Stage:
    """The stage that sends everything in."""
    return Stage("feedback", "Reports and initiatives", _send_all)


def _send_all() -> str:
    reports, initiatives = _read("reports.json"), _read("initiatives.json")
    for facts in reports:
        _report(**facts)
    for facts in initiatives:
        _share(**facts)
    return f"{len(reports)} reports, {len(initiatives)} initiatives"


def _read(name: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return read


def _report(*, path: str, days_ago: int, note: str = "", **facts: str) -> None:
    at = timezone.now() - dt.timedelta(days=days_ago)
    home = HomePage.objects.get()
    page = Page.objects.live().filter(url_path=f"{home.url_path.rstrip('/')}{path}").first()
    report = report_problem(
        key=uuid.uuid4(),
        path=path,
        page=page,
        category=facts["category"],
        text=facts["text"],
        email=facts["email"],
        at=at,
    )
    editor = User.objects.filter(email=EDITOR).first()
    if note and editor:
        settle(
            report=report,
            state=ReportState.HANDLED,
            note=note,
            by=editor,
            at=at + dt.timedelta(days=1),
        )


def _share(
    *,
    specialties: list[str],
    stages: list[str],
    region: str,
    days_ago: int,
    **facts: Any,
) -> None:
    started_on = facts.pop("started_on")
    receive(
        key=uuid.uuid4(),
        specialties=Specialty.objects.filter(slug__in=specialties),
        stages=TraineeStage.objects.filter(slug__in=stages),
        region=Region.objects.filter(slug=region).first(),
        started_on=dt.date.fromisoformat(started_on) if started_on else None,
        may_publish=True,
        at=timezone.now() - dt.timedelta(days=days_ago),
        **facts,
    )
