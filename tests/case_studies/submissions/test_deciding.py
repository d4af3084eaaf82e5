"""What becomes of an initiative: one draft, or a reason; and what it must never become."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import PageLogEntry

from case_studies.models import CaseStudyIndexPage, CaseStudyPage
from case_studies.submissions import deciding
from case_studies.submissions.drafting import draft_of
from case_studies.submissions.models import Initiative
from learning_hub.accounts.models import User
from learning_hub.accounts.roles import MODERATORS
from tests.factories.accounts import make_person
from tests.factories.case_studies import make_library
from tests.factories.submissions import make_initiative

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def moderator() -> User:
    make_library()
    return make_person("mo@example.org", MODERATORS)


def take_up(initiative: Initiative, by: User, at: dt.datetime | None = None) -> CaseStudyPage:
    return deciding.take_up(initiative=initiative, by=by, at=at or timezone.now())


def test_taking_up_makes_a_draft_with_the_fields_filled(moderator: User) -> None:
    study = CaseStudyPage.objects.get(pk=take_up(make_initiative(), moderator).pk)
    assert study.get_parent().specific == make_library()
    assert (study.live, study.has_unpublished_changes) == (False, True)
    assert study.title == "Saturday theatre lists for core trainees"
    assert study.one_line_result == "Each trainee did 14 more cases."
    assert study.organisation == "Wharfe Valley Teaching Hospitals (fictional)"
    assert study.problem == "<p>Core trainees lost half their cases.</p>"
    assert "<ul><li>one trainer</li><li>two trainees</li></ul>" in study.procedures
    assert study.lessons == "<p>Book the anaesthetist first.</p>"
    assert study.started_on == dt.date(2025, 9, 1)
    assert [term.slug for term in study.specialties.all()] == ["urology"]
    assert [term.slug for term in study.stages.all()] == ["higher-specialty"]
    assert [term.slug for term in study.regions.all()] == ["north-west"]
    body = str(study.body)
    assert "Nobody asked for an extension." in body
    assert 'href="https://www.example.org/lists"' in body


def test_the_draft_names_nobody(moderator: User) -> None:
    study = take_up(make_initiative(), moderator)
    assert "Sam Shah" not in str(study.serializable_data())
    assert "sam@example.org" not in str(study.serializable_data())
    assert study.contact_role == "Training programme director"


def test_the_draft_and_the_initiative_know_each_other(moderator: User) -> None:
    at = timezone.now()
    initiative = make_initiative()
    study = take_up(initiative, moderator, at)
    initiative.refresh_from_db()
    assert (initiative.study, study.initiative) == (study, initiative)
    assert (initiative.state, initiative.decided_by) == ("taken-up", moderator)
    assert initiative.decided_at == at
    entry = PageLogEntry.objects.get(page=study.pk, action="submissions.take_up")
    assert (entry.user, entry.data) == (moderator, {"initiative": initiative.pk})
    assert PageLogEntry.objects.get(page=study.pk, action="wagtail.create").user == moderator


def test_visitors_see_nothing_of_a_draft(client: Client, moderator: User) -> None:
    study = take_up(make_initiative(), moderator)
    assert client.get(study.url).status_code == 404


def test_a_draft_that_lacks_terms_is_made_but_not_published(moderator: User) -> None:
    bare = make_initiative(specialties=[], stages=[], region=None, started_on=None, link="")
    study = take_up(bare, moderator)
    revision = study.latest_revision
    with pytest.raises(ValidationError, match="Before you publish, add"):
        study.publish(revision)


def test_two_moderators_at_once_make_one_draft(moderator: User) -> None:
    initiative = make_initiative()
    another = make_person("mia@example.org", MODERATORS)
    seen_by_both = [Initiative.objects.get(pk=initiative.pk) for _ in range(2)]
    drafts = {
        take_up(each, by).pk for each, by in zip(seen_by_both, (moderator, another), strict=True)
    }
    assert len(drafts) == CaseStudyPage.objects.count() == 1
    initiative.refresh_from_db()
    assert initiative.decided_by == moderator


def test_two_initiatives_of_one_name_are_two_drafts(moderator: User) -> None:
    slugs = {take_up(make_initiative(), moderator).slug for _ in range(2)}
    assert len(slugs) == 2


@pytest.mark.parametrize("title", ["???", "…", "🩺"])
def test_a_title_without_letters_has_an_address_all_the_same(moderator: User, title: str) -> None:
    initiative = make_initiative(title)
    assert take_up(initiative, moderator).slug == f"initiative-{initiative.pk}"


@pytest.mark.parametrize(
    "text",
    [
        SCRIPT,
        f"<p>{SCRIPT}</p>",
        "<img src=x onerror=alert(1)></b>",
        '<a href="javascript:alert(1)">x</a>',
        "<b>" * 1_200 + "</b>",
        "&" * 5_000,
        "<" * 5_000,
        "a-." * 1_600,
        "</a>" * 1_250,
        "<p style=position:fixed>x</p>",
    ],
)
def test_no_text_becomes_markup_that_runs(moderator: User, text: str) -> None:
    initiative = make_initiative(
        text[:200],
        what_was_wrong=text,
        what_was_done=text,
        what_came_of_it=text,
        do_differently=text,
        organisation=text[:200],
        sender_role=text[:120],
    )
    study = take_up(initiative, moderator)
    stored = [study.problem, study.procedures, study.lessons, *(str(b.value) for b in study.body)]
    for html in stored:
        for never in ("<script", "<img", 'javascript:alert(1)"', "style=", "<p style"):
            assert never not in html


def test_a_declined_initiative_is_closed_for_a_reason(moderator: User) -> None:
    initiative = make_initiative()
    deciding.decline(initiative=initiative, reason="Not training", by=moderator, at=timezone.now())
    initiative.refresh_from_db()
    assert (initiative.state, initiative.reason) == ("declined", "Not training")
    with pytest.raises(deciding.AlreadyDecided):
        take_up(initiative, moderator)
    with pytest.raises(deciding.AlreadyDecided):
        deciding.decline(initiative=initiative, reason="x", by=moderator, at=timezone.now())
    with pytest.raises(deciding.AlreadyDecided):
        deciding.start_review(initiative=initiative, by=moderator)
    assert not CaseStudyPage.objects.exists()


def test_what_was_taken_up_is_not_declined(moderator: User) -> None:
    initiative = make_initiative()
    take_up(initiative, moderator)
    with pytest.raises(deciding.AlreadyDecided):
        deciding.decline(initiative=initiative, reason="x", by=moderator, at=timezone.now())


def test_a_review_is_begun_once(moderator: User) -> None:
    initiative = make_initiative()
    for _ in range(2):
        assert deciding.start_review(initiative=initiative, by=moderator).state == "in-review"
    assert Initiative.objects.open().count() == 1


def test_an_initiative_can_be_taken_up_again_after_its_draft_was_deleted(moderator: User) -> None:
    initiative = make_initiative()
    take_up(initiative, moderator).delete()
    initiative.refresh_from_db()
    assert (initiative.state, initiative.study) == ("taken-up", None)
    assert take_up(initiative, moderator).pk == CaseStudyPage.objects.get().pk


def test_without_a_library_nothing_is_taken_up() -> None:
    CaseStudyIndexPage.objects.all().delete()
    initiative = make_initiative()
    with pytest.raises(deciding.NoLibrary):
        take_up(initiative, make_person("mo@example.org", MODERATORS))
    initiative.refresh_from_db()
    assert initiative.state == "new"


def test_terms_that_were_merged_since_are_those_of_today(moderator: User) -> None:
    initiative = make_initiative()
    term = initiative.region
    target = type(term).objects.offered().exclude(pk=term.pk).first()
    type(term).objects.filter(pk=term.pk).update(merged_into=target)
    assert list(draft_of(initiative).regions.all()) == [term]
    assert list(take_up(initiative, moderator).regions.all()) == [target]


def test_a_sender_is_forgotten_ninety_days_after_the_decision(moderator: User) -> None:
    now = timezone.now()
    old, recent, waiting = (make_initiative() for _ in range(3))
    take_up(old, moderator, now - 90 * DAY)
    deciding.decline(initiative=recent, reason="x", by=moderator, at=now - 89 * DAY)
    out = StringIO()
    call_command("forget_senders", stdout=out)
    assert out.getvalue().strip() == "1 sender erased."
    old.refresh_from_db()
    assert (old.sender_name, old.sender_role, old.sender_email) == ("", "", "")
    for each in (recent, waiting):
        each.refresh_from_db()
        assert each.sender_email == "sam@example.org"
