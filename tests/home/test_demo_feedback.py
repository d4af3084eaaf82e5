"""What the demo sends in: reports for editors and initiatives for moderators."""

from __future__ import annotations

import json

import pytest
from django.core import mail

from case_studies.submissions import deciding
from case_studies.submissions.models import Initiative
from learning_hub.feedback.models import ProblemReport, ReportState
from learning_hub.home.demo import feedback
from tests.factories.accounts import make_person
from tests.factories.case_studies import make_library

pytestmark = pytest.mark.django_db


def test_the_stage_leaves_something_to_do_and_writes_to_nobody() -> None:
    make_person("editor@example.org", "Editors")
    assert feedback.stage().build() == "3 reports, 2 initiatives"
    assert ProblemReport.objects.open().count() == 2
    assert ProblemReport.objects.filter(state=ReportState.HANDLED).count() == 1
    assert Initiative.objects.open().count() == 2
    assert mail.outbox == []


def test_everything_says_that_it_is_not_real() -> None:
    feedback.stage().build()
    for report in ProblemReport.objects.all():
        assert "(Illustrative)" in report.text
    for initiative in Initiative.objects.all():
        assert "(fictional)" in initiative.organisation
        assert "(fictional)" in initiative.sender_name
        assert initiative.what_was_wrong.startswith("Illustrative")


def test_every_term_is_in_the_vocabularies_and_both_can_be_taken_up() -> None:
    make_library()
    feedback.stage().build()
    written = json.loads((feedback.FOLDER / "initiatives.json").read_text())
    by = make_person("mo@example.org", "Moderators")
    for facts in written:
        kept = Initiative.objects.get(title=facts["title"])
        assert kept.region is not None
        assert kept.specialties.count() == len(facts["specialties"])
        assert kept.stages.count() == len(facts["stages"])
        study = deciding.take_up(initiative=kept, by=by, at=kept.submitted_at)
        assert study.title == facts["title"]
