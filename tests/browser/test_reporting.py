"""The reports in a real browser: for axe, narrow and wide, and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from learning_hub.accounts.roles import ADMINISTRATORS
from learning_hub.taxonomy.models import Region
from syllabus.models import Question
from tests.browser.conftest import NARROW, WIDE
from tests.factories.accounts import make_person
from tests.factories.syllabus import make_module
from tests.syllabus.reporting.conftest import completed
from tests.syllabus.reporting.test_items import seven_of_ten, sit

COMPLETIONS = "/admin/reports/syllabus-completions/"
ITEMS = "/admin/reports/syllabus-items/"
REPORT = ".hub-report"  # the admin around it is Wagtail's


@pytest.fixture
def chief():
    """Someone in charge."""
    return make_person("chief@example.org", ADMINISTRATORS)


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("by", ["module", "region", "month"])
def test_completions_are_accessible(look, assert_accessible, chief, width, by):
    module = make_module("Essentials for patient safety")
    for number, region in enumerate(Region.objects.all()):
        completed(module, number * 4, region=region)
    make_module("Access to practice")
    page = look(f"{COMPLETIONS}?by={by}&period=2025", width=width, user=chief)
    expect(page.get_by_role("img").first).to_be_visible()
    page.get_by_text("What is counted, and what is not shown").click()
    assert_accessible(page, REPORT)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_filter_is_chosen_by_keyboard(visit, chief, javascript):
    completed(make_module("Essentials for patient safety"), 7)
    page = visit(f"{COMPLETIONS}?period=2025", user=chief, javascript=javascript)
    page.get_by_label("Count by").focus()
    page.keyboard.press("R")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**by=region**")
    row = page.get_by_role("row", name="Not said 5 to 9")
    expect(row).to_be_visible()


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_item_analysis_is_accessible(look, assert_accessible, chief, width):
    module = make_module()
    sit(module, 10, seven_of_ten)
    page = look(ITEMS, width=width, user=chief)
    assert_accessible(page, REPORT)
    page.get_by_role("link", name=module.title).click()
    expect(page.get_by_role("cell", name="False (2 of 10)")).to_be_visible()
    assert_accessible(page, REPORT)


def test_an_editor_goes_from_a_question_to_how_it_does(visit, chief):
    make_module()
    question = Question.objects.order_by("pk")[0]
    page = visit("/admin/snippets/syllabus/question/", user=chief)
    page.get_by_role("row", name=question.stem).get_by_role("button", name="More").click()
    page.get_by_role("link", name="Item analysis").click()
    expect(page.locator(f"#q-{question.key}")).to_be_visible()
