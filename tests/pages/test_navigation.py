"""The ways through the site, and the pages for when there is none."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, permission_denied, server_error
from wagtail.models import Page, PageViewRestriction, Site

from learning_hub.accounts.roles import EDITORS, TRAINEES
from learning_hub.pages.models import InformationPage
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Page:
    return Site.objects.get(is_default_site=True).root_page


def add(parent: Page, title: str, **fields: object) -> InformationPage:
    return parent.add_child(instance=InformationPage(title=title, **fields))


def part(page: str, tag: str, label: str) -> str:
    """The text of one landmark."""
    return page.partition(f'<{tag} class="{label}')[2].partition(f"</{tag}>")[0]


def test_pages_in_menus_are_in_the_navigation_and_the_others_in_the_footer(
    client: Client, home: Page
) -> None:
    add(home, "Recovery", show_in_menus=True)
    add(home, "Privacy")
    add(home, "Half written", live=False, show_in_menus=True)
    response = client.get("/")
    assert response.status_code == 200
    page = response.content.decode()
    navigation, footer = part(page, "nav", "hub-navigation"), part(page, "footer", "hub-footer")
    assert ">Recovery</a>" in navigation
    assert ">Recovery</a>" not in footer
    assert ">Privacy</a>" in footer
    assert ">Privacy</a>" not in navigation
    assert "Half written" not in page


def test_a_private_page_is_offered_only_to_those_who_may_open_it(
    client: Client, home: Page
) -> None:
    private = add(home, "Trainees only", show_in_menus=True)
    restriction = PageViewRestriction.objects.create(
        page=private, restriction_type=PageViewRestriction.GROUPS
    )
    restriction.groups.set(Group.objects.filter(name=TRAINEES))
    assert "Trainees only" not in client.get("/").content.decode()
    client.force_login(
        make_person("alice@example.org", TRAINEES),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert "Trainees only" in client.get("/").content.decode()


def test_the_navigation_marks_where_the_visitor_is(client: Client, home: Page) -> None:
    section = add(home, "Recovery", slug="recovery", show_in_menus=True)
    add(section, "Courses", slug="courses")
    for address, mark in (("/recovery/", "page"), ("/recovery/courses/", "true")):
        response = client.get(address)
        assert response.status_code == 200
        navigation = part(response.content.decode(), "nav", "hub-navigation")
        assert navigation.count("aria-current") == 1
        assert f'aria-current="{mark}">Recovery' in " ".join(navigation.split())


def test_breadcrumbs_lead_home_over_published_pages(client: Client, home: Page) -> None:
    section = add(home, "Recovery", slug="recovery")
    add(section, "Courses", slug="courses")
    page = client.get("/recovery/courses/").content.decode()
    trail = part(page, "nav", "nhsuk-breadcrumb")
    assert [title for title in ("Home", "Recovery", "Courses") if f">{title}</a>" in trail] == [
        "Home",
        "Recovery",
    ]
    Page.objects.filter(pk=section.pk).update(live=False)
    trail = part(client.get("/recovery/courses/").content.decode(), "nav", "nhsuk-breadcrumb")
    assert "Recovery" not in trail


def test_the_header_says_who_is_signed_in_and_signs_out_by_post(client: Client) -> None:
    person = make_person("alice@example.org", TRAINEES)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    header = part(client.get("/").content.decode(), "header", "hub-header")
    assert ">alice</a>" in header
    assert '<form action="/accounts/logout/" method="post">' in header
    assert "/admin/" not in header


def test_the_header_leads_editors_to_their_desk(client: Client) -> None:
    client.force_login(
        make_person("eve@example.org", EDITORS),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert 'href="/admin/"' in part(client.get("/").content.decode(), "header", "hub-header")


def test_an_information_page_shows_who_looks_after_it(client: Client, home: Page) -> None:
    add(
        home,
        "About",
        slug="about",
        introduction="What this is.",
        body=[("heading", "Why"), ("paragraph", "<p>Because.</p>")],
        content_owner="Postgraduate team",
    )
    response = client.get("/about/")
    assert response.status_code == 200
    page = response.content.decode()
    for text in ("<title>About – Learning Hub</title>", "What this is.", "Because.", "Kept by"):
        assert text in page


def test_a_page_that_is_not_there_helps_on(client: Client) -> None:
    response = client.get("/nothing-here/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "Page not found" in page
    assert 'action="/search/"' in page
    assert 'value="nothing here"' in page
    assert page.count('<a href="/case-studies/">Case studies</a>') == 1  # besides the navigation's


@pytest.mark.parametrize(
    ("handler", "status", "heading"),
    [
        (bad_request, 400, "We could not read that request"),
        (permission_denied, 403, "You cannot open this page"),
    ],
)
def test_refusals_are_in_our_words(handler: object, status: int, heading: str) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    response = handler(request, Exception())
    assert response.status_code == status
    assert heading in response.content.decode()


def test_a_request_for_another_host_is_refused_without_asking_the_database(
    client: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "We could not read that request" in response.content.decode()


def test_the_page_for_our_own_faults_asks_the_database_nothing(
    django_assert_num_queries: object,
) -> None:
    with django_assert_num_queries(0):
        response = server_error(HttpRequest())
    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()


def test_the_footer_claims_nothing_that_is_not_so() -> None:
    footer = " ".join(render_to_string("navigation/footer.html").split())
    assert "This is not an NHS service." in footer
