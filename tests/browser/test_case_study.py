"""The page of a study in a real browser: every width, with and without script, on paper."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from case_studies.models import CaseStudyPage, Outcome, RelatedStudy
from learning_hub.accounts.models import User
from tests.factories.case_studies import make_case_study, make_full_case_study

HOSTILE = """
<p>Shown<script>window.ran = 1</script><img src="x" onerror="window.ran = 1">
<a href="javascript:window.ran=1">link</a><svg onload="window.ran = 1"></svg>
<iframe srcdoc="<script>parent.ran = 1</script>"></iframe></p>
"""


def full_study():
    study = make_full_case_study(
        "Saturday theatre lists for higher surgical trainees", next_review_on=dt.date(2020, 1, 1)
    )
    study.outcomes = [
        *study.outcomes.all(),
        Outcome(measure="Wait for a list", unit="days", baseline=41, follow_up=12,
                design="records", higher_is_better=False),
        Outcome(measure="Deficit", unit="cases", baseline=-14, follow_up=3, design="records"),
        Outcome(measure="Cost", unit="£", follow_up=9_999_999_999, design="feedback"),
        Outcome(measure="Never events", baseline=0, follow_up=0, design="records"),
    ]  # fmt: skip
    study.chosen_related = [RelatedStudy(related=make_case_study("Virtual reality"))]
    study.save()
    return study


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_full_study_is_open_to_all(look, assert_accessible, width, javascript):
    page = look(full_study().url, width=width, javascript=javascript)
    assert_accessible(page)
    expect(page.locator("svg.hub-bars")).to_have_count(6)
    expect(page.get_by_role("button", name="Copy the citation")).to_have_count(int(javascript))


@pytest.mark.parametrize("width", [320, 1280])
def test_a_bare_study_is_open_to_all(look, assert_accessible, width):
    assert_accessible(look(make_case_study().url, width=width))


def test_bars_are_drawn_to_scale(visit):
    page = visit(full_study().url)
    before, after = page.locator("svg.hub-bars").first.locator("rect").all()
    ratio = before.bounding_box()["width"] / after.bounding_box()["width"]
    assert ratio == pytest.approx(12 / 18, abs=0.02)


def test_a_chart_has_a_name_that_says_what_it_shows(visit):
    page = visit(full_study().url)
    name = "Cases for each trainee: 12 cases before, 18 cases afterwards; up 6 cases"
    expect(page.get_by_role("img", name=name)).to_have_count(1)


def test_the_citation_is_copied_and_said_so(visit):
    page = visit(full_study().url)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the citation").click()
    page.get_by_text("Citation copied.").wait_for()
    cited = page.locator("#citation").inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == cited


def test_a_wide_table_is_reached_and_scrolled_with_the_keyboard(visit):
    page = visit(full_study().url, width=320)
    region = page.get_by_role("region", name="Outcomes in figures")
    region.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(50):
        if region.evaluate("table => table.scrollLeft") > 0:
            return
        page.wait_for_timeout(100)
    pytest.fail("the table does not scroll")


def test_every_link_and_button_is_reached_with_the_keyboard(visit):
    page = visit(full_study().url)
    wanted = page.locator("main a[href], main button:visible, main summary").count()
    reached = set()
    for _ in range(wanted + 40):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "() => { const e = document.activeElement; return e.closest('main') && "
                "e.matches('a, button, summary') ? [...document.querySelectorAll('*')].indexOf(e)"
                " : null }"
            )
        )
    assert len(reached - {None}) == wanted


def test_paper_shows_the_account_without_what_only_screens_can_use(visit):
    page = visit(full_study().url)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Copy the citation")).to_be_hidden()
    expect(page.get_by_role("heading", name="Share this page")).to_be_hidden()
    expect(page.get_by_role("heading", name="What they did")).to_be_visible()
    expect(page.locator("#citation")).to_be_visible()


def test_the_page_is_light(visit, transferred):
    weight = transferred(visit(full_study().url))
    assert weight.bytes <= 150_000
    assert weight.requests <= 15


def hostile_study():
    """A study whose texts would run script, put into the database past every cleaning."""
    study = make_case_study(
        problem=HOSTILE,
        why=HOSTILE,
        lessons=HOSTILE,
        body=[
            {"type": "paragraph", "value": HOSTILE},
            {"type": "callout", "value": {"heading": "x", "text": HOSTILE}},
            {"type": "details", "value": {"summary": "x", "text": HOSTILE}},
            {"type": "quote", "value": {"quote": HOSTILE, "role": "x"}},
        ],
    )
    CaseStudyPage.objects.filter(pk=study.pk).update(problem=HOSTILE, why=HOSTILE, lessons=HOSTILE)
    return study


def test_script_stored_in_a_study_does_not_run(visit):
    # The visit fails as well where the browser reports a script that the policy stopped:
    # nothing of it may reach the page in the first place.
    page = visit(hostile_study().url)
    expect(page.get_by_text("Shown").first).to_be_visible()
    for link in page.get_by_text("link", exact=True).all():
        link.dispatch_event("click")
    assert page.evaluate("window.ran") is None


@pytest.fixture
def quiet_admin(settings):
    """No saving and no asking who else is here in the background: the tests' database has one
    place for all, and an answer to those may find it taken."""
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    settings.WAGTAIL_EDITING_SESSION_PING_INTERVAL = 10_000_000


def test_script_stored_in_a_study_does_not_run_in_the_editor_or_its_preview(visit, quiet_admin):
    # The admin's policy must allow inline script, so cleaning is all that protects an editor.
    study = hostile_study()
    editor = User.objects.create_superuser(email="editor@example.org", password="kept-for-tests")
    page = visit(f"/admin/pages/{study.pk}/view_draft/", user=editor)
    expect(page.get_by_text("Shown").first).to_be_visible()
    assert page.evaluate("window.ran") is None
    study.save()
    page.goto(f"/admin/pages/{study.pk}/edit/")
    page.get_by_role("tab", name="What was done").click()
    page.locator(".DraftEditor-root").first.wait_for()
    assert page.evaluate("window.ran") is None
