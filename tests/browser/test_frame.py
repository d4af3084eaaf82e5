"""The frame of every page, in a real browser: wide and narrow, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from wagtail.models import Site

from learning_hub.accounts.roles import EDITORS, TRAINEES
from learning_hub.pages.models import InformationPage
from tests.browser.conftest import NARROW, WIDE, Transfer, Visit, Watch
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.case_studies import make_case_study

Check = Callable[[Page], None]

BODY = [
    ("heading", "What was done"),
    ("paragraph", '<p>Words with <a href="/">a link</a>.</p><ul><li>One</li><li>Two</li></ul>'),
    ("callout", {"heading": "Check your rota first", "text": "<p>It may be full.</p>"}),
    ("details", {"summary": "More about it", "text": "<p>Here.</p>"}),
    ("table", {"caption": "Places", "rows": "Week | Places\n1 | 12\n2 | 14"}),
    ("quote", {"quote": "I have my lists back.", "role": "core surgical trainee"}),
]
PAGES = {
    "home": ("/", 200),
    "information": ("/about/", 200),
    "sign in": ("/accounts/login/", 200),
    "sign up": ("/accounts/signup/", 200),
    "forgotten password": ("/accounts/password/reset/", 200),
    "expired link": ("/accounts/password/reset/key/1-x/", 200),
    "not there": ("/nothing-here/", 404),
}


@pytest.fixture
def site(live_server: object) -> None:
    """A site with something on every page of the frame."""
    home = Site.objects.get(is_default_site=True).root_page
    home.add_child(
        instance=InformationPage(
            title="About the hub",
            slug="about",
            introduction="What this is, in a sentence.",
            body=BODY,
            content_owner="Postgraduate team",
        )
    )
    home.add_child(instance=InformationPage(title="How it works", show_in_menus=True))
    for title in ("Simulated lists", "Evening clinics", "A study with a rather long title"):
        make_case_study(title, is_illustrative=True)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_open_to_all(
    look: Visit, assert_accessible: Check, name: str, width: int, javascript: bool
) -> None:
    address, status = PAGES[name]
    assert_accessible(look(address, width=width, javascript=javascript, status=status))


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize(
    "address", ["/", "/accounts/reauthenticate/", "/accounts/password/change/"]
)
def test_pages_of_the_signed_in_are_open_to_all(
    look: Visit, assert_accessible: Check, address: str, width: int
) -> None:
    editor = make_person("eve@example.org", EDITORS)
    page = look(address, width=width, user=editor)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert_accessible(page)


def test_the_keyboard_goes_through_the_header_in_the_order_it_is_read(
    visit: Visit, site: None
) -> None:
    page = visit("/")
    names = []
    for _ in range(13):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                """() => { const e = document.activeElement;
                return (e.labels?.[0] || e).innerText.trim() }"""
            )
        )
    assert names == [
        "Skip to main content",
        "Learning Hub",
        "Search the Learning Hub",
        "Search",
        "Sign in",
        "Case studies",
        "Patient safety syllabus",
        *("Guidance", "Regions", "Updates", "Events", "Resources"),
        "How it works",
    ]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_focus_can_be_seen_on_everything_in_the_header(
    visit: Visit, site: None, width: int
) -> None:
    page = visit("/", width=width)
    for _ in range(8):
        page.keyboard.press("Tab")
        look = page.evaluate(
            """() => { const s = getComputedStyle(document.activeElement);
            return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.backgroundColor] }"""
        )
        assert "rgb(255, 235, 59)" in str(look) or look[0] != "none", look


def test_the_skip_link_leads_past_the_header(visit: Visit, site: None) -> None:
    page = visit("/accounts/login/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Email address")).to_be_focused()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_the_find_box_takes_a_visitor_to_what_she_asked_for(
    visit: Visit, site: None, javascript: bool
) -> None:
    page = visit("/", javascript=javascript)
    page.get_by_label("Find what worked").fill("simulated")
    page.get_by_label("Region", exact=True).select_option("North West")
    page.get_by_role("button", name="Find case studies").click()
    page.wait_for_url("**/case-studies/**")
    assert "region=north-west" in page.url
    expect(page.get_by_role("link", name="Simulated lists")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_a_trainee_signs_in_and_out(
    look: Visit, assert_accessible: Check, site: None, javascript: bool
) -> None:
    make_person("alice@example.org", TRAINEES)
    page = look("/accounts/login/", javascript=javascript)
    page.get_by_label("Email address").fill("alice@example.org")
    page.get_by_label("Password", exact=True).fill("not it")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    assert_accessible(page)
    page.get_by_label("Email address").fill("alice@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed in.")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_a_form_with_mistakes_moves_the_focus_to_what_is_wrong(visit: Visit, site: None) -> None:
    page = visit("/accounts/signup/")
    page.get_by_role("button", name="Create an account").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_label("Email address")).to_be_focused()


def test_a_password_can_be_shown_and_is_hidden_again_when_sent(visit: Visit, site: None) -> None:
    page = visit("/accounts/login/")
    password = page.get_by_label("Password", exact=True)
    password.fill("what I typed")
    page.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide password").click()
    expect(password).to_have_attribute("type", "password")


def test_too_many_attempts_end_on_a_page_that_helps(
    look: Visit,
    watches: dict[Page, Watch],
    assert_accessible: Check,
    site: None,
    client: Client,
    live_server: object,
) -> None:
    page = look("/accounts/login/")
    watches[page].expected_status = 429
    guess = {"login": "a@example.org", "password": "guess"}
    for _ in range(5):  # attempts are counted for each host name
        client.post("/accounts/login/", guess, headers={"host": urlsplit(live_server.url).netloc})
    page.get_by_label("Email address").fill("a@example.org")
    page.get_by_label("Password", exact=True).fill("guess")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.get_by_role("button", name="Sign in").click()
    assert answered.value.status == 429
    expect(page.get_by_role("heading", name="Too many attempts")).to_be_visible()
    assert_accessible(page)


@pytest.mark.usefixtures("site")
def test_the_home_page_is_small(visit: Visit, transferred: Callable[[Page], Transfer]) -> None:
    weight = transferred(visit("/"))
    assert weight.bytes <= 150_000
    assert weight.requests <= 15
