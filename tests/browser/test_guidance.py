"""Guidance in a real browser: every state at every width, by keyboard, and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from learning_hub.guidance.models import GuidanceFile, GuidancePage
from tests.browser.conftest import NARROW, WIDE
from tests.factories.case_studies import make_case_study, make_document
from tests.factories.guidance import (
    make_guidance,
    make_guidance_index,
    make_superseded,
    make_withdrawn,
)

each_width = pytest.mark.parametrize("width", [NARROW, WIDE])


def make_full() -> GuidancePage:
    page = make_guidance(
        "Maximising training opportunities",
        audiences=("Consultants and SAS doctors", "Employers"),
        recommendations=("Plan a training case on every list", "Agree the trainee’s part"),
        campaign_name="#NoTrainingTodayNoSurgeonsTomorrow",
        campaign_url="https://example.org/",
        messages=[("message", {"message": "Everyone trains", "explanation": "No exceptions."})],
        versions=[
            ("version", {"version": "1", "issued_on": "2020-01-01", "what_changed": "First."})
        ],
        body=[("heading", "Who stands behind it"), ("paragraph", "<p>Many.</p>")],
        recommendations_note="Our own wording.",
    )
    page.files = [GuidanceFile(document=make_document("A poster"), description="For the wall.")]
    page.save()
    first = page.recommendations.first()
    for number in range(6):
        make_case_study(f"Study {number}", recommendations=[first])
    return page


@pytest.mark.parametrize("javascript", [True, False])
@each_width
def test_full_guidance_is_open_to_all(look, assert_accessible, width, javascript):
    page = look(make_full().url, width=width, javascript=javascript)
    assert_accessible(page)
    page.get_by_text("2 more").click()
    expect(page.get_by_role("link", name="Study 5")).to_be_visible()


@each_width
def test_guidance_that_no_longer_holds_is_open_to_all(look, assert_accessible, width):
    new = make_guidance("New rules")
    old = make_superseded(new)
    led = look(old.url, width=width)
    assert led.url.endswith("/guidance/new-rules/?from=old-rules")
    assert_accessible(led)
    assert_accessible(look(f"{old.url}?version=kept", width=width))
    assert_accessible(look(make_withdrawn().url, width=width))


@each_width
def test_the_list_is_open_to_all(look, assert_accessible, width):
    make_guidance_index()
    assert_accessible(look("/guidance/", width=width))
    make_superseded(make_full())
    make_withdrawn(is_illustrative=True)
    assert_accessible(look("/guidance/", width=width))
    assert_accessible(look("/guidance/?audience=nobody", width=width))


@each_width
def test_a_study_that_shows_guidance_is_open_to_all(look, assert_accessible, width):
    study = make_case_study(recommendations=list(make_full().recommendations.all()))
    page = look(study.url, width=width)
    expect(page.get_by_role("heading", name="Shows this guidance in use")).to_be_visible()
    assert_accessible(page)


def test_by_keyboard_from_the_list_to_the_address_of_a_recommendation(visit):
    make_full()
    page = visit("/guidance/", javascript=False)
    page.get_by_label("Who is it for?").focus()
    page.keyboard.press("E")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/guidance/?audience=employers")
    page.get_by_role("link", name="Maximising training opportunities").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/guidance/maximising-training-opportunities/")
    page.get_by_role("link", name=re.compile("Link to this recommendation: Agree")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/#agree-the-trainees-part")
    expect(page.locator("#agree-the-trainees-part:target")).to_be_visible()


def test_an_anchor_survives_being_led_on(visit):
    old = make_superseded(make_guidance("New rules"))
    page = visit(f"{old.url}#plan-a-training-case-on-every-list")
    assert page.url.endswith("?from=old-rules#plan-a-training-case-on-every-list")
