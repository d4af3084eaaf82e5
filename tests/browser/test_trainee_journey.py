"""A new trainee's whole way, by keyboard alone: sign up, learn, pass, prove it offline."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import Locator, Page, expect

from learning_hub.accounts.models import User
from syllabus.models import Attempt, Certificate, Prerequisite
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.keyboard import tab_to
from tests.factories.accounts import PASSWORD
from tests.factories.syllabus import make_module

Check = Callable[[Page], None]
FURTHEST = 150  # presses of Tab before something counts as out of reach


@pytest.fixture
def modules(live_server: object) -> None:
    """A module of level 1, and one of level 2 that comes after it."""
    first = make_module("Essentials for patient safety", validity_months=36)
    second = make_module("Access to practice", level="2")
    second.prerequisites.add(Prerequisite(module=first))
    second.save()


def reach(page: Page, target: Locator) -> None:
    """Move the focus to `target` with Tab, as someone does who has no mouse."""
    expect(target).to_be_visible()
    if not target.evaluate("element => element === document.activeElement"):
        tab_to(page, target, within=FURTHEST)


def press(page: Page, name: str, role: Any = "button") -> None:
    """Reach a button or link of the page's main part by its words and press Enter."""
    target = page.get_by_role("main").get_by_role(role, name=name).first
    reach(page, target)
    before = page.url
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url != before or role == "button"


def write(page: Page, label: str, text: str) -> None:
    """Reach a field by its label and type."""
    reach(page, page.get_by_label(label, exact=True).first)
    page.keyboard.type(text)


def sign_up(page: Page, email: str) -> None:
    """Create an account, follow the link in the mail, sign in."""
    write(page, "Email address", email)
    write(page, "Password", PASSWORD)
    press(page, "Create an account")
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)
    assert link
    page.goto(link[1])
    press(page, "Yes, confirm it")
    if "login" not in page.url:
        page.goto("/accounts/login/")
    write(page, "Email address", email)
    write(page, "Password", PASSWORD)
    press(page, "Sign in")


def tell_name(page: Page) -> None:
    page.goto("/my/profile/")
    write(page, "First name", "Nadia")
    write(page, "Last name", "Newcomer")
    press(page, "Save your profile")


def choose_what_is_right(page: Page, attempt: Attempt, position: int) -> None:
    """Answer a question of two options as the paper says is right."""
    question = attempt.paper[position - 1]
    right = question["answer"]["chosen"][0]
    text = next(option["text"] for option in question["options"] if option["key"] == right)
    radios = page.get_by_role("radio")
    reach(page, radios.first)
    page.keyboard.press("Space")
    if not page.get_by_role("radio", name=text, exact=True).is_checked():
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=text, exact=True)).to_be_checked()


def complete(page: Page, title: str, check: Check) -> None:
    """Take a module from its page to its certificate."""
    page.goto("/syllabus/")
    press(page, title, role="link")
    check(page)
    press(page, "Start this module")
    for _ in range(2):
        check(page)
        press(page, "Mark as read and go on")
    press(page, "Take the assessment", role="link")
    check(page)
    press(page, "Begin the assessment")
    attempt = Attempt.objects.latest("started_at")
    for position in range(1, len(attempt.paper) + 1):
        check(page)
        choose_what_is_right(page, attempt, position)
        press(page, "Save and continue")
    check(page)
    press(page, "Hand in")
    expect(page.get_by_role("heading", level=1)).to_contain_text("You passed")
    check(page)
    press(page, "See your certificate", role="link")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    check(page)


def verdict(tmp_path: Path, certificate: bytes, keys: bytes) -> subprocess.CompletedProcess[str]:
    """What `verify_certificate` says where there is neither network nor database."""
    (tmp_path / "certificate.json").write_bytes(certificate)
    (tmp_path / "keys.json").write_bytes(keys)
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing", "PATH": os.environ["PATH"]}
    nowhere |= {"HUB_VAR_DIR": str(tmp_path / "var"), "HOME": str(tmp_path)}
    command = ["manage.py", "verify_certificate", str(tmp_path / "certificate.json")]
    offline = ["unshare", "--net", "--map-root-user"] if can_unshare() else []
    return subprocess.run(
        [*offline, sys.executable, *command, "--keys", str(tmp_path / "keys.json")],
        cwd=settings.PROJECT_DIR,
        env=nowhere,
        capture_output=True,
        text=True,
        check=False,
    )


def can_unshare() -> bool:
    """Whether this machine can take the network away from a process."""
    command = ["unshare", "--net", "--map-root-user", "true"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.usefixtures("modules")
@pytest.mark.parametrize(
    ("javascript", "width"), [(True, WIDE), (False, NARROW)], ids=["scripts", "no scripts"]
)
def test_a_new_trainee_completes_both_levels_and_proves_it_offline(
    look: Visit, assert_accessible: Check, tmp_path: Path, javascript: bool, width: int
) -> None:
    page = look("/accounts/signup/", javascript=javascript, width=width)
    sign_up(page, "nadia@example.org")
    tell_name(page)

    for title in ("Essentials for patient safety", "Access to practice"):
        complete(page, title, assert_accessible)

    nadia = User.objects.get(email="nadia@example.org")
    assert Certificate.objects.filter(completion__enrolment__trainee=nadia).count() == 2
    answer = page.request.get(page.url.rstrip("/") + ".json")
    keys = page.request.get("/.well-known/jwks.json")
    assert (answer.status, keys.status) == (200, 200)
    checked = verdict(tmp_path, answer.body(), keys.body())
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "Nadia Newcomer" in checked.stdout
    middle = len(answer.body()) // 2
    changed = bytes([answer.body()[middle] ^ 1])
    forgery = answer.body()[:middle] + changed + answer.body()[middle + 1 :]
    forged = verdict(tmp_path, forgery, keys.body())
    assert forged.returncode == 1, forged.stdout + forged.stderr
