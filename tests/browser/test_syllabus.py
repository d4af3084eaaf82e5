"""The pages of the syllabus in a real browser: every state, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from syllabus.models import ModulePage, Prerequisite
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.keyboard import tab_to
from tests.factories.syllabus import (
    complete_module,
    enrol,
    make_lesson,
    make_module,
    make_trainee,
)

Check = Callable[[Page], None]

CHECK = {
    "question": "You find a wet floor on the ward. What do you do first?",
    "options": [
        {"text": "Make it safe", "is_correct": True, "feedback": "Safety comes first."},
        {"text": "Write a report", "is_correct": False, "feedback": "Report it afterwards."},
    ],
}
BODY = [
    ("heading", "What happened"),
    ("paragraph", "<p>Words with <b>weight</b>.</p>"),
    ("vignette", {"title": "Mrs B", "story": "<p>She fell.</p>", "questions": ["Why now?"]}),
    ("checklist", {"title": "Before you go", "items": ["Bed low", "Call bell near"]}),
    ("details", {"summary": "Show an answer", "text": "<p>Here it is.</p>"}),
    ("knowledge_check", CHECK),
]


@pytest.fixture
def module(live_server: object) -> ModulePage:
    """A module with a full lesson and an empty one, and an outline that waits for it."""
    module = make_module(
        "Essentials for patient safety",
        lessons=0,
        audience="All staff in health and care",
        minutes=40,
        validity_months=36,
    )
    make_lesson(module, "When things go wrong", *BODY)
    make_lesson(module, "What you can do")
    outline = make_module("Investigating incidents", level="3-4", lessons=0)
    Prerequisite.objects.create(page=outline, module=module)
    return module


def addresses(module: ModulePage) -> dict[str, str]:
    """The pages to look at."""
    lesson = module.lessons[0]
    check = lesson.body[-1].id
    return {
        "syllabus": "/syllabus/",
        "module": module.url,
        "outline": "/syllabus/investigating-incidents/",
        "lesson": lesson.url,
        "right": f"{lesson.url}?check={check}&answer=1",
        "wrong": f"{lesson.url}?check={check}&answer=2",
    }


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_syllabus_is_open_to_those_signed_out(
    look: Visit, assert_accessible: Check, module: ModulePage, width: int, javascript: bool
) -> None:
    for address in addresses(module).values():
        assert_accessible(look(address, width=width, javascript=javascript))


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("state", ["not started", "enrolled", "done"])
def test_the_syllabus_is_open_to_trainees_wherever_they_stand(
    look: Visit, assert_accessible: Check, module: ModulePage, width: int, state: str
) -> None:
    alice = make_trainee()
    if state == "enrolled":
        enrol(alice, module, timezone.now())
    if state == "done":
        complete_module(alice, module, timezone.now())
    found = addresses(module)
    for name in ("syllabus", "module", "outline", "lesson"):
        assert_accessible(look(found[name], width=width, user=alice))


def test_a_statement_to_confirm_is_accessible(look: Visit, assert_accessible: Check) -> None:
    module = make_module(
        "A promise", lessons=1, completion_rule="acknowledged", statement="I will speak up."
    )
    alice = make_trainee()
    enrol(alice, module, timezone.now())
    page = look(module.lessons[0].url, user=alice)
    page.get_by_role("button", name="Mark as read and go on").click()
    expect(page.get_by_text("I will speak up.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("You have completed this module.").first).to_be_visible()
    assert_accessible(page)


def test_a_trainee_starts_and_reads_without_scripts(visit: Visit, module: ModulePage) -> None:
    page = visit("/syllabus/", javascript=False, user=make_trainee())
    page.get_by_role("link", name="Essentials for patient safety").click()
    page.get_by_role("button", name="Start this module").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("When things go wrong")
    page.get_by_label("Write a report").check()
    page.get_by_role("button", name="Check my answer").click()
    expect(page.get_by_text("Report it afterwards.")).to_be_visible()
    expect(page.get_by_text("Safety comes first.")).to_have_count(0)
    page.get_by_role("button", name="Mark as read and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What you can do")
    page.get_by_role("button", name="Mark as read and go on").click()
    expect(page.get_by_text("2 of 2 lessons read")).to_be_visible()
    expect(page.get_by_role("link", name="Take the assessment")).to_be_visible()


def test_a_trainee_starts_and_reads_by_keyboard(visit: Visit, module: ModulePage) -> None:
    page = visit(module.url, width=NARROW, user=make_trainee())
    press(page, "Start this module")
    expect(page.get_by_role("heading", level=1)).to_have_text("When things go wrong")
    tab_to(page, "input[type=radio]")
    page.keyboard.press("Space")
    press(page, "Check my answer")
    expect(page.get_by_text("Safety comes first.")).to_be_visible()
    press(page, "Mark as read and go on")
    expect(page.get_by_role("heading", level=1)).to_have_text("What you can do")


def press(page: Page, label: str) -> None:
    """Go to the button by tab and press it."""
    tab_to(page, f"button:text-is({label!r})")
    page.keyboard.press("Enter")
