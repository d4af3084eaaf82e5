"""Editing a module in the real admin: what it refuses to publish, and what a version protects."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from learning_hub.accounts.roles import EDITORS
from learning_hub.pages.refused_publication import NotReadyToPublish
from syllabus.models import LearningOutcome, ModulePage, Prerequisite, Question
from tests.factories.accounts import make_person
from tests.factories.syllabus import (
    NOON,
    complete_module,
    make_module,
    make_syllabus,
    make_trainee,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def editor(client):
    client.force_login(make_person("eve@example.org", EDITORS))
    return client


def form_of(module, **changes):
    """What the editor's form posts for `module` as it is, but for `changes`."""
    outcomes = [row(outcome, text=outcome.text) for outcome in module.outcomes.all()]
    values = {
        "title": module.title,
        "slug": module.slug,
        "introduction": module.introduction,
        "level": module.level,
        "version": module.version,
        "completion_rule": module.completion_rule,
        "questions_per_outcome": module.questions_per_outcome,
        "pass_percent": module.pass_percent,
        "attempts_allowed": module.attempts_allowed,
        "cooling_off_hours": module.cooling_off_hours,
        "body": streamfield([]),
        "outcomes": inline_formset(outcomes, initial=len(outcomes)),
        "prerequisites": inline_formset([]),
        "comments": inline_formset([]),
        **changes,
    }
    return nested_form_data(values)


def row(child, *, delete=False, **values):
    return {"id": child.pk, **values, **({"DELETE": "on"} if delete else {})}


def send(editor, module, *, publish=True, **changes):
    data = form_of(module, **changes)
    if publish:
        data["action-publish"] = "1"
    return editor.post(reverse("wagtailadmin_pages:edit", args=[module.pk]), data, follow=True)


def errors_of(response):
    assert response.status_code == 200
    form = response.context["form"]
    return " ".join(text for texts in form.errors.values() for text in texts)


def test_an_editor_publishes_a_change(editor):
    module = make_module()
    response = send(editor, module, title="Essentials, again")
    assert response.status_code == 200
    module.refresh_from_db()
    assert module.title == "Essentials, again"


def test_a_module_is_made_in_the_admin(editor):
    data = form_of(
        ModulePage(title="New", slug="new", introduction="It is new.", level="1"),
        outcomes=inline_formset([{"text": "Recognise harm"}]),
    )
    data["action-publish"] = "1"
    address = reverse("wagtailadmin_pages:add", args=["syllabus", "modulepage", make_syllabus().pk])
    assert editor.post(address, data, follow=True).status_code == 200
    module = ModulePage.objects.get(slug="new")
    assert module.live
    assert [outcome.text for outcome in module.outcomes.all()] == ["Recognise harm"]


def test_a_rule_of_confirming_needs_a_statement(editor):
    module = make_module()
    response = send(editor, module, completion_rule="acknowledged")
    assert "Write the statement that trainees confirm." in errors_of(response)
    assert response.context["form"].errors.keys() == {"statement"}


def test_a_draft_may_lack_what_publication_needs(editor):
    module = make_module()
    response = send(editor, module, publish=False, completion_rule="acknowledged")
    assert response.status_code == 200
    module.refresh_from_db()
    assert module.get_latest_revision_as_object().completion_rule == "acknowledged"
    assert module.completion_rule == "passed"


def test_an_assessment_needs_an_outcome(editor):
    module = make_module(outcomes=0)
    assert "Add a learning outcome" in errors_of(send(editor, module))


def test_an_outline_needs_no_outcome(editor):
    module = make_module(outcomes=0, lessons=0)
    assert send(editor, module, title="Outline").status_code == 200
    module.refresh_from_db()
    assert module.title == "Outline"


@pytest.mark.parametrize("publish", [True, False])
def test_an_outcome_with_questions_is_not_removed(editor, publish):
    module = make_module(outcomes=2)
    first, second = module.outcomes.all()
    rows = [row(first, text=first.text, delete=True), row(second, text=second.text)]
    response = send(editor, module, publish=publish, outcomes=inline_formset(rows, initial=2))
    assert "There are questions for “Recognise 0”." in errors_of(response)
    assert LearningOutcome.objects.filter(pk=first.pk).exists()


def test_an_outcome_whose_questions_are_retired_can_go(editor):
    module = make_module(outcomes=2)
    first, second = module.outcomes.all()
    Question.objects.filter(outcome=first).update(is_retired=True)
    rows = [row(first, text=first.text, delete=True), row(second, text=second.text)]
    assert send(editor, module, outcomes=inline_formset(rows, initial=2)).status_code == 200
    assert not LearningOutcome.objects.filter(pk=first.pk).exists()


def test_a_module_cannot_come_before_itself(editor):
    module = make_module()
    rows = inline_formset([{"module": module.pk, "or_instead": ""}])
    assert "completed before itself" in errors_of(send(editor, module, prerequisites=rows))


def test_modules_cannot_wait_for_each_other_in_a_circle(editor):
    first, second, third = make_module("First"), make_module("Second"), make_module("Third")
    Prerequisite.objects.create(page=second, module=first)
    Prerequisite.objects.create(page=third, module=make_module("Other"), or_instead=second)
    rows = inline_formset([{"module": third.pk, "or_instead": ""}])
    assert "completed before itself" in errors_of(send(editor, first, prerequisites=rows))
    assert not first.prerequisites.exists()
    assert send(editor, second, title="Second, again").status_code == 200


def test_too_few_questions_are_warned_of_and_do_not_stop_publication(editor):
    module = make_module()
    outcome = module.outcomes.get()
    rows = [row(outcome, text=outcome.text), {"text": "Report"}]
    response = send(editor, module, outcomes=inline_formset(rows, initial=1))
    assert response.status_code == 200
    assert "“Report” has 0 of 2" in response.content.decode()
    assert module.outcomes.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "spoken"),
    [
        ("title", "Other", "title"),
        ("level", "2", "level"),
        ("pass_percent", 50, "pass mark"),
        ("validity_months", 12, "validity"),
        ("completion_rule", "viewed", "completion rule"),
    ],
)
def test_what_a_certificate_attests_changes_only_with_the_version(editor, field, value, spoken):
    module = make_module()
    complete_module(make_trainee(), module)
    refused = send(editor, module, **{field: value})
    message = errors_of(refused)
    assert message.startswith("Raise the version number")
    assert spoken in message
    assert refused.context["form"].errors.keys() == {"version"}
    assert send(editor, module, **{field: value, "version": 2}).status_code == 200
    module.refresh_from_db()
    assert module.version == 2


def test_outcomes_are_part_of_what_is_attested(editor):
    module = make_module()
    complete_module(make_trainee(), module)
    outcome = module.outcomes.get()
    rows = inline_formset([row(outcome, text="Recognise and report")], initial=1)
    assert "learning outcomes" in errors_of(send(editor, module, outcomes=rows))


def test_before_anyone_was_assessed_everything_can_change(editor):
    module = make_module()
    assert send(editor, module, title="Other").status_code == 200
    module.refresh_from_db()
    assert (module.title, module.version) == ("Other", 1)


def test_how_it_is_shown_can_change_at_any_time(editor):
    module = make_module()
    complete_module(make_trainee(), module)
    assert send(editor, module, cooling_off_hours=48).status_code == 200
    module.refresh_from_db()
    assert module.cooling_off_hours == 48


def test_a_new_version_never_changes_what_an_earlier_completion_attests(editor):
    module = make_module("Essentials", validity_months=36)
    completion = complete_module(make_trainee(), module)
    assert send(editor, module, title="New name", validity_months=6, version=2).status_code == 200
    bob = make_trainee("bob@example.org", "Bob Brown")
    module.refresh_from_db()
    later = complete_module(bob, module, NOON + dt.timedelta(days=1))
    completion.refresh_from_db()
    edition = completion.edition
    assert (edition.title, edition.version, edition.facts["validity_months"]) == (
        "Essentials",
        1,
        36,
    )
    assert completion.expires_at == NOON.replace(year=2029)
    assert (later.edition.title, later.edition.version) == ("New name", 2)


def test_a_revision_is_refused_without_a_form_too():
    module = make_module()
    complete_module(make_trainee(), module)
    module.title = "Other"
    revision = module.save_revision()
    with pytest.raises(NotReadyToPublish):
        revision.publish()
    module.refresh_from_db()
    assert module.title != "Other"


def test_bulk_publishing_leads_to_the_form_with_the_reason(client, admin_user):
    module = make_module()
    complete_module(make_trainee(), module)
    module.title = "Other"
    module.save_revision()
    client.force_login(admin_user)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = client.post(f"{address}?id={module.pk}", follow=True)
    assert response.status_code == 200
    assert "was not published. Raise the version number" in response.content.decode()


def test_a_scheduled_revision_that_may_not_go_live_becomes_a_draft_again():
    module = make_module()
    complete_module(make_trainee(), module)
    module.title = "Other"
    module.go_live_at = timezone.now() + dt.timedelta(hours=1)
    revision = module.save_revision()
    revision.approved_go_live_at = timezone.now() - dt.timedelta(minutes=1)
    revision.save()
    call_command("publish_scheduled", verbosity=0)
    module.refresh_from_db()
    revision.refresh_from_db()
    assert module.title != "Other"
    assert revision.approved_go_live_at is None
