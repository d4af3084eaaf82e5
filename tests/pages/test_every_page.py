"""What every page has, whichever room it is of: a table of all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from case_studies.models import CaseStudyIndexPage, CaseStudyPage
from learning_hub.accounts.models import User
from learning_hub.events.models import EventIndexPage, EventPage
from learning_hub.guidance.models import GuidanceIndexPage, GuidancePage
from learning_hub.home.models import HomePage, StartPage
from learning_hub.pages.models import HubPage, InformationPage
from learning_hub.regions.models import RegionIndexPage, RegionPage
from learning_hub.resources.models import ResourceIndexPage, ResourcePage
from learning_hub.updates.models import UpdateIndexPage, UpdatePage
from syllabus.models import LessonPage, ModulePage, SyllabusPage
from tests.factories.case_studies import make_case_study, make_library
from tests.factories.events import make_event
from tests.factories.guidance import make_guidance
from tests.factories.regions import make_region
from tests.factories.resources import make_resource
from tests.factories.syllabus import complete_module, make_module, make_trainee
from tests.factories.updates import make_update
from tests.pages.test_discovery import described

pytestmark = pytest.mark.django_db
TEMPLATES = Path(settings.PROJECT_DIR) / "templates"
KINDS = [model for model in apps.get_models() if issubclass(model, HubPage)]
# Kinds of which schema.org has no better word than a page, and why.
PLAIN = {InformationPage: "It may be about anything, such as how we keep data."}
# What validators of search engines ask of each type.
REQUIRED = {
    "Article": {"headline", "author", "datePublished", "dateModified"},
    "Course": {"name", "description", "provider", "educationalLevel", "teaches"},
    "LearningResource": {"name", "description", "learningResourceType"},
    "CollectionPage": {"name", "url"},
    "EducationEvent": {
        *("name", "startDate", "endDate", "location"),
        *("eventStatus", "eventAttendanceMode", "organizer"),
    },
    "WebSite": {"name", "url", "potentialAction", "publisher"},
    "WebPage": {"name", "url"},
}


def make_information() -> Page:
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=InformationPage(title="About us"))


MAKERS: dict[type[HubPage], Callable[[], Any]] = {
    HomePage: HomePage.objects.get,
    InformationPage: make_information,
    CaseStudyIndexPage: make_library,
    CaseStudyPage: make_case_study,
    SyllabusPage: SyllabusPage.objects.get,
    ModulePage: make_module,
    LessonPage: lambda: make_module().lessons[0],
    GuidancePage: make_guidance,
    RegionPage: make_region,
    UpdatePage: make_update,
    EventPage: make_event,
    ResourcePage: make_resource,
    GuidanceIndexPage: GuidanceIndexPage.objects.get,
    RegionIndexPage: RegionIndexPage.objects.get,
    UpdateIndexPage: UpdateIndexPage.objects.get,
    EventIndexPage: EventIndexPage.objects.get,
    ResourceIndexPage: ResourceIndexPage.objects.get,
    StartPage: lambda: StartPage.objects.get(slug="trainers"),
}
# Addresses that are no pages of the tree: who opens them, and the steps above them.
SIGNED_OUT = {
    "/accounts/login/": ["Home"],
    "/accounts/signup/": ["Home"],
    "/accounts/password/reset/": ["Home"],
    "/search/": ["Home"],
    "/search/?q=nothing+like+it": ["Home"],
    "/case-studies/compare/": ["Home", "Case studies"],
    "/certificates/check/": ["Home"],
    "/alerts/new/": ["Home", "Case studies"],
    "/share-your-initiative/": ["Home", "Case studies"],
    "/report-a-problem/": ["Home"],
}
SIGNED_IN = {
    "/my/": ["Home"],
    "/my/profile/": ["Home", "My hub"],
    "/my/record/": ["Home", "My hub"],
    "/my/record/sharing/": ["Home", "My hub", "My learning record"],
    "/my/shared-with-me/": ["Home", "My hub"],
    "/my/bookmarks/": ["Home", "My hub"],
    "/my/collections/": ["Home", "My hub"],
    "/my/alerts/": ["Home", "My hub"],
    "/accounts/email/": ["Home", "My hub"],
    "/accounts/password/change/": ["Home", "My hub"],
    "/accounts/logout/": ["Home"],
}


def body_of(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200, address
    return response.content.decode()


def title_of(html: str) -> str:
    [title] = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)
    return " ".join(unescape(title).split())


def trail_of(html: str) -> list[str]:
    return re.findall(r'<a class="nhsuk-breadcrumb__link" href="[^"]+">([^<]+)</a>', html)


def assert_whole(html: str) -> None:
    """The frame that nothing may lack."""
    assert '<html lang="en-GB"' in html
    assert len(re.findall(r"<h1\b", html)) == 1
    assert title_of(html).strip(" –") not in ("", "Learning Hub –")
    assert html.count('aria-label="Breadcrumb"') <= 1
    assert '<link rel="manifest" href="/site.webmanifest">' in html
    assert 'class="hub-printed"' in html


@pytest.mark.parametrize("kind", MAKERS, ids=lambda kind: kind.__name__)
def test_a_page_has_a_heading_a_trail_a_review_and_a_card(client: Client, kind: Any) -> None:
    page = MAKERS[kind]()
    html = body_of(client, page.url)
    assert_whole(html)
    assert bool(trail_of(html)) == (kind is not HomePage)
    assert trail_of(html)[:1] == ([] if kind is HomePage else ["Home"])
    assert 'property="og:image"' in html
    if kind is not HomePage:
        assert re.search("last reviewed|last updated|Review</h2>", html)


@pytest.mark.parametrize("address", SIGNED_OUT)
def test_what_anyone_opens_has_them_too(client: Client, address: str) -> None:
    make_library()
    html = body_of(client, address)
    assert_whole(html)
    assert trail_of(html) == SIGNED_OUT[address]


@pytest.mark.parametrize("address", SIGNED_IN)
def test_what_people_open_of_their_own_has_them_too(client: Client, address: str) -> None:
    sign_in(client, make_trainee())
    html = body_of(client, address)
    assert_whole(html)
    assert trail_of(html) == SIGNED_IN[address]


def sign_in(client: Client, user: User) -> None:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def test_an_assessment_and_its_certificate_have_a_trail(client: Client) -> None:
    user, module = make_trainee(), make_module("Safe handover")
    certificate = complete_module(user, module, timezone.now()).certificate
    sign_in(client, user)
    rules = body_of(client, f"/learning/modules/{module.key}/assessment/")
    assert trail_of(rules) == ["Home", "My hub", "Safe handover"]
    assert_whole(rules)
    proof = body_of(client, f"/certificates/{certificate.pk}/")
    assert trail_of(proof) == ["Home"]
    assert_whole(proof)


def test_no_two_addresses_share_a_title(client: Client) -> None:
    for make in (make_information, make_case_study, make_module):
        make()
    pages = Page.objects.live().filter(depth__gt=1).order_by("path").specific()
    addresses = [*(page.url for page in pages), *SIGNED_OUT]
    titles = {address: title_of(body_of(client, address)) for address in addresses}
    sign_in(client, make_trainee("carol@example.org", "Carol Carr"))
    titles |= {address: title_of(body_of(client, address)) for address in SIGNED_IN}
    named = list(titles.values())
    assert {title for title in named if named.count(title) > 1} == set()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_page_says_what_it_is_to_machines(kind: type[HubPage]) -> None:
    says_so = kind.structured_data is not HubPage.structured_data
    assert says_so or kind in PLAIN, f"{kind.__name__} needs a structured_data() of its own"


@pytest.mark.parametrize("kind", MAKERS, ids=lambda kind: kind.__name__)
def test_what_machines_are_told_is_complete(client: Client, kind: type[HubPage]) -> None:
    page = MAKERS[kind]()
    page.save_revision().publish()
    own = {name: each for name, each in described(client, page.url).items() if name in REQUIRED}
    assert own
    assert ("WebPage" in own) == (kind in PLAIN)
    for name, told in own.items():
        assert {key for key in REQUIRED[name] if not told.get(key)} == set()
        assert told["@id"] == told["url"] == f"http://testserver{page.url}"
        assert told["inLanguage"] == "en-GB"


def test_the_home_page_says_how_to_search_and_claims_to_be_nobody_else(client: Client) -> None:
    site = described(client, "/")["WebSite"]
    action = site["potentialAction"]
    address = action["target"]["urlTemplate"]
    assert address == "http://testserver/search/?q={search_term_string}"
    assert action["query-input"] == "required name=search_term_string"
    assert site["publisher"] == {"@type": "Organization", "name": "Learning Hub"}
    assert "NHS" not in str(site["publisher"])


def sources(name: str) -> Iterator[str]:
    """The text of a template, and of those that it extends and includes."""
    text = (TEMPLATES / name).read_text()
    yield text
    for other in re.findall(r'{%\s*(?:extends|include)\s+"([^"]+)"', text):
        yield from sources(other)


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind is not HomePage], ids=lambda kind: kind.__name__
)
def test_the_template_of_every_kind_of_page_shows_its_trail_and_its_review(kind: Any) -> None:
    text = "".join(sources(kind.template))
    assert "components/breadcrumbs.html" in text
    assert "last_reviewed_on" in text, f"{kind.template} needs components/last_reviewed.html"
