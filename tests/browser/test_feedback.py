"""Reporting a problem and sharing an initiative in a real browser, and what moderators do."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from case_studies.models import CaseStudyPage
from case_studies.submissions.models import Initiative
from learning_hub.accounts.roles import EDITORS, MODERATORS
from learning_hub.feedback.models import ProblemReport
from tests.browser.keyboard import strike
from tests.factories.accounts import make_person
from tests.factories.case_studies import make_library
from tests.factories.feedback import make_report
from tests.factories.submissions import make_initiative

WIDTHS = pytest.mark.parametrize("width", [320, 1280])
SCRIPTS = pytest.mark.parametrize("javascript", [True, False])
PAGES = pytest.mark.parametrize(
    "path",
    [
        "/report-a-problem/?page=/",
        "/report-a-problem/thanks/?page=/",
        "/share-your-initiative/",
        "/share-your-initiative/thanks/",
    ],
)


@PAGES
@WIDTHS
@SCRIPTS
def test_every_page_is_open_to_all(look, assert_accessible, path, width, javascript):
    make_library()
    assert_accessible(look(path, width=width, javascript=javascript))


@WIDTHS
@SCRIPTS
@pytest.mark.parametrize(
    ("path", "button", "mistakes"),
    [
        ("/report-a-problem/", "Send the report", 2),
        ("/share-your-initiative/", "Send the initiative", 8),
    ],
)
def test_what_is_wrong_with_a_form_is_open_to_all(
    look, watches, assert_accessible, path, button, mistakes, width, javascript
):
    page = look(path, width=width, javascript=javascript)
    watches[page].expected_status = 422
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(mistakes)
    assert_accessible(page)
    width_of_all = page.evaluate("document.documentElement.scrollWidth")
    assert width_of_all <= width


@WIDTHS
def test_a_throttled_form_is_open_to_all(look, watches, assert_accessible, settings, width):
    settings.ACCOUNT_RATE_LIMITS = {"report_problem": "0/h/ip"}
    page = look("/report-a-problem/", width=width)
    watches[page].expected_status = 429
    page.get_by_label("Something is wrong").check()
    page.get_by_label("What happened?").fill("It is wrong.")
    page.get_by_role("button", name="Send the report").click()
    page.get_by_text("Many reports have come from your network").wait_for()
    expect(page.get_by_label("What happened?")).to_have_value("It is wrong.")
    assert_accessible(page)


def test_a_page_that_is_not_there_is_reported_by_keyboard(look, watches, assert_accessible):
    page = look("/no-such-page/", javascript=False, status=404)
    watches[page].expected_status = 404
    page.get_by_role("link", name="Report a problem with this page").focus()
    page.keyboard.press("Enter")
    page.get_by_text("This is about the address").wait_for()
    page.get_by_label("Something is out of date").focus()
    strike(page, "ArrowDown", "ArrowDown", "Tab", "The link leads nowhere.")
    strike(page, "Tab", "sam@example.org", "Tab", "Enter")
    page.get_by_role("heading", name="What happens next").wait_for()
    assert_accessible(page)
    report = ProblemReport.objects.get()
    assert (report.path, report.category) == ("/no-such-page/", "broken")
    assert report.email == "sam@example.org"


def test_an_initiative_goes_from_the_home_page_to_the_thanks_by_keyboard(look, assert_accessible):
    make_library()
    page = look("/", javascript=False)
    page.get_by_role("link", name="Share your initiative").last.focus()
    page.keyboard.press("Enter")
    page.get_by_label("What do you call it?").focus()
    strike(page, "Box trainers", "Tab", "Lost cases.", "Tab", "Trained at lunch.")
    strike(page, "Tab", "14 of 18 passed.", "Tab", "Start sooner.", "Tab", "Tab")
    strike(page, "General surgery", "Tab", "Tab", "Tab", "Space")
    page.get_by_label("Region (optional)").focus()
    strike(page, "North West", "Tab", "Calder (fictional)", "Tab", "9/2025", "Tab", "Sam Shah")
    strike(page, "Tab", "Tutor", "Tab", "sam@example.org", "Tab", "Space", "Tab", "Tab", "Enter")
    page.get_by_role("heading", name="What happens next").wait_for()
    assert_accessible(page)
    kept = Initiative.objects.get()
    assert (kept.title, kept.region.slug) == ("Box trainers", "north-west")
    assert [term.slug for term in kept.specialties.all()] == ["general-surgery"]
    assert kept.stages.count() == 1
    assert (kept.may_publish, kept.may_contact) == (True, False)


def test_a_moderator_takes_one_up_and_is_in_the_editor(visit):
    make_library()
    make_initiative()
    page = visit("/admin/", user=make_person("mo@example.org", MODERATORS))
    page.get_by_role("link", name="1 initiative waiting").click()
    page.get_by_role("link", name="Saturday theatre lists").first.click()
    page.get_by_role("button", name="Take up").focus()
    page.keyboard.press("Enter")
    page.get_by_text("is a draft now").wait_for()
    study = CaseStudyPage.objects.get()
    assert page.url.endswith(f"/admin/pages/{study.pk}/edit/")
    assert not study.live
    expect(page.locator("#id_title")).to_have_value(study.title)


def test_an_editor_settles_a_report_in_the_admin(visit):
    make_report("The link leads nowhere.")
    page = visit("/admin/", user=make_person("eve@example.org", EDITORS))
    page.get_by_role("link", name="1 open problem report").click()
    page.get_by_role("link", name="The link leads nowhere.").click()
    page.get_by_label("Handled").check()
    page.get_by_role("textbox", name="Note").fill("Put right.")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("The report is saved.").wait_for()
    assert ProblemReport.objects.get().note == "Put right."
