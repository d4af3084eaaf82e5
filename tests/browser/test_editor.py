"""An editor's day: sign in, write a study, publish it, and find it at once."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from learning_hub.accounts.models import User
from tests.factories.case_studies import make_library

PASSWORD = "kept-for-tests-only"


@pytest.fixture
def edith():
    """An editor, with an address that was confirmed."""
    user = User.objects.create_user(email="edith@example.org", password=PASSWORD)
    user.groups.add(Group.objects.get(name="Editors"))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def quiet_admin(settings):
    """No saving and no asking who else is here in the background: the tests' database has one
    place for all, and an answer to those may find it taken."""
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    settings.WAGTAIL_EDITING_SESSION_PING_INTERVAL = 10_000_000


def tick(page, field, name):
    """Tick a term among the checkboxes of a field."""
    page.locator(f"#id_{field}").get_by_label(name, exact=True).check()


def publish(page):
    """Press Publish, which stands in the menu beside Save."""
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()


def write(page):
    """Fill in two tabs of what publication needs; the third is left for later."""
    page.locator("#id_title").fill("Robotic lists at dawn")
    page.locator("#id_one_line_result").fill("Twice the cases in a month")
    page.locator("#id_evidence_level").select_option(label="Level 2: preliminary evidence")
    tick(page, "impact_types", "Collaborative working")
    page.get_by_role("tab", name="Who and where").click()
    page.locator("#id_organisation").fill("Ouse Valley Hospitals (fictional)")
    page.locator("#id_started_on").fill("2024-09-01")
    page.keyboard.press("Escape")  # the calendar
    tick(page, "regions", "North West")
    tick(page, "settings", "Acute")
    tick(page, "specialties", "Urology")
    tick(page, "stages", "Higher specialty")


def test_an_editor_publishes_a_study_and_finds_it_at_once(visit, edith, quiet_admin):
    page = visit("/accounts/login/")
    page.get_by_label("Email").or_(page.get_by_label("E-mail")).first.fill(edith.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name=re.compile("Sign in")).click()
    page.wait_for_url(lambda address: "login" not in address)

    library = make_library()
    page.goto(f"/admin/pages/add/case_studies/casestudypage/{library.pk}/")
    write(page)
    publish(page)
    expect(
        page.get_by_text("Before you publish, add: intervention type and capability.")
    ).to_be_visible()

    page.get_by_role("tab", name=re.compile("What was done")).click()
    tick(page, "intervention_types", "Simulation")
    tick(page, "capabilities", "Professional skills")
    publish(page)
    page.wait_for_url(re.compile(r"/admin/pages/\d+/$"))

    page.goto("/case-studies/?q=robotic")
    page.get_by_role("link", name="Robotic lists at dawn").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Robotic lists at dawn")
    expect(page.get_by_text("Twice the cases in a month")).to_be_visible()
