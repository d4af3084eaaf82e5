"""Certificates as people see them: on a phone, on a screen, on paper, without JavaScript."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from syllabus.certificates.revoking import revoke
from syllabus.certificates.verifying import enveloped
from syllabus.models import Certificate
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.factories.syllabus import complete_module, make_module, make_trainee

Check = Callable[[Page], None]


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Path) -> None:
    settings.HUB_ISSUER_KEY_DIR = tmp_path / "issuer-keys"


def certified(at: dt.datetime) -> Certificate:
    """Issued at `at`, for a year."""
    trainee = make_trainee(name="Alexandra Featherstonehaugh-Cholmondeley")
    return complete_module(trainee, make_module(validity_months=12, minutes=30), at).certificate


def in_state(state: str) -> Certificate:
    """A certificate that is current, expired or revoked."""
    at = timezone.now() - dt.timedelta(days=800 if state == "expired" else 1)
    certificate = certified(at)
    if state == "revoked":
        by = make_trainee("editor@example.org", "Ed Itor")
        revoke(certificate=certificate, reason="Issued in error.", by=by, at=timezone.now())
    return certificate


def keep_picture(page: Page, name: str) -> None:
    """Save what the page looks like, where somebody wants to look."""
    if folder := os.environ.get("HUB_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("state", ["current", "expired", "revoked"])
def test_a_certificate_is_accessible(
    look: Visit, assert_accessible: Check, state: str, width: int
) -> None:
    page = look(in_state(state).get_absolute_url(), width=width)
    assert_accessible(page)
    keep_picture(page, f"certificate-{state}-{width}")


def test_a_printed_certificate_leaves_out_what_is_for_the_screen(visit: Visit) -> None:
    page = visit(in_state("current").get_absolute_url())
    page.emulate_media(media="print")
    expect(page.get_by_text("Keep or check this certificate")).to_be_hidden()
    expect(page.get_by_alt_text("QR code that leads to this certificate")).to_be_visible()
    keep_picture(page, "certificate-print")


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_certificate_is_checked_by_keyboard_without_javascript(
    look: Visit, assert_accessible: Check, width: int
) -> None:
    certificate = in_state("current")
    page = look("/certificates/check/", width=width, javascript=False)
    assert_accessible(page)
    keep_picture(page, f"check-{width}")
    page.get_by_label("Certificate number or address").focus()
    page.keyboard.type(str(certificate.pk))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{certificate.get_absolute_url()}")
    expect(page.get_by_text("Genuine and current")).to_be_visible()


def test_the_check_page_says_accessibly_what_is_wrong(
    look: Visit, assert_accessible: Check, watches: dict[Page, Any]
) -> None:
    page = look("/certificates/check/", width=NARROW)
    watches[page].expected_status = 400
    page.get_by_role("button", name="Check").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert_accessible(page)
    keep_picture(page, "check-error")


@pytest.mark.parametrize("genuine", [True, False])
def test_an_uploaded_credential_gets_an_accessible_verdict(
    look: Visit, assert_accessible: Check, genuine: bool
) -> None:
    token = in_state("current").credential
    page = look("/certificates/check/", width=NARROW)
    file = enveloped(token if genuine else token.replace(".", ".A", 1))
    page.get_by_label("Or upload").set_input_files(
        {"name": "c.json", "mimeType": "application/json", "buffer": file}
    )
    page.get_by_role("button", name="Check").click()
    word = "is genuine" if genuine else "is not genuine"
    page.get_by_role("heading", name=f"This credential {word}").wait_for()
    assert_accessible(page)
    keep_picture(page, f"verdict-{word.replace(' ', '-')}")
