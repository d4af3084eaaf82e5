"""Who may find a page: two ways to ask, one answer, and never more than Wagtail would show."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.test import RequestFactory
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page, PageViewRestriction, Site

from learning_hub.accounts.models import User
from learning_hub.pages.models import InformationPage
from learning_hub.pages.visibility import (
    ANYONE,
    EVERYTHING,
    PUBLIC,
    SIGNED_IN,
    Visitor,
    all_restrictions,
    audience_of,
    behind,
    group_token,
    visible_to,
    visitor_for,
)

pytestmark = pytest.mark.django_db
LOGIN, GROUPS, PASSWORD = (
    PageViewRestriction.LOGIN,
    PageViewRestriction.GROUPS,
    PageViewRestriction.PASSWORD,
)


@pytest.fixture
def home() -> Page:
    return Site.objects.get(is_default_site=True).root_page


@pytest.fixture
def groups() -> list[Group]:
    return [Group.objects.create(name=name) for name in ("North", "South", "Empty")]


@pytest.fixture
def people(groups: list[Group]) -> dict[str, User | AnonymousUser]:
    def person(name: str, *member_of: Group) -> User:
        user = User.objects.create_user(f"{name}@example.org")
        user.groups.set(member_of)
        return user

    return {
        "nobody": AnonymousUser(),
        "alice": person("alice"),
        "bob": person("bob", groups[0]),
        "charlie": person("charlie", groups[0], groups[1]),
        "root": User.objects.create_superuser("root@example.org"),
    }


def add(parent: Page, title: str, **fields: object) -> InformationPage:
    slug = title.lower().replace(" ", "-")
    return parent.add_child(instance=InformationPage(title=title, slug=slug, **fields))


def restrict(page: Page, kind: str, *groups: Group) -> PageViewRestriction:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="x")
    restriction.groups.set(groups)
    return restriction


def found_by(visitor: Visitor, page: Page) -> bool:
    """Whether both ways say so; fails where they differ."""
    by_tokens = bool(audience_of(page) & set(visitor.tokens))
    by_query = Page.objects.filter(visible_to(visitor), pk=page.pk).exists()
    assert by_tokens == by_query, (page, visitor)
    return by_query


def is_shown_by_wagtail(page: Page, user: User | AnonymousUser) -> bool:
    """Whether the page would be served to this user, who has typed no password."""
    request = RequestFactory().get("/")
    request.user, request.session = user, {}
    return page.live and all(
        restriction.accept_request(request) for restriction in page.get_view_restrictions()
    )


def grow(home: Page, groups: list[Group], seed: int) -> None:
    """A tree three levels deep, with every state and restriction strewn over it."""
    chance = random.Random(seed)
    past, future = (timezone.now() + dt.timedelta(days=days) for days in (-1, 1))
    states = [{}] * 6 + [
        {"live": False},
        {"expired": True},
        {"expire_at": past},
        {"expire_at": future},
    ]
    level = [home]
    for depth in range(3):
        grown = []
        for number, parent in itertools.product(range(2), level):
            title = f"page {depth} {parent.pk} {number}"
            page = add(Page.objects.get(pk=parent.pk), title, **chance.choice(states))
            if kind := chance.choice([None, None, LOGIN, GROUPS, PASSWORD]):
                restrict(page, kind, *chance.sample(groups, chance.randint(0, 2)))
            grown.append(page)
        level = grown
    for page in chance.sample(level, 2):
        CreatePageAliasAction(
            Page.objects.get(pk=page.pk),
            parent=Page.objects.get(pk=home.pk),
            update_slug=f"alias-{page.pk}",
        ).execute(skip_permission_checks=True)


@pytest.mark.parametrize("seed", range(6))
def test_both_ways_agree_and_never_show_what_wagtail_would_not(
    home: Page, groups: list[Group], people: dict[str, User | AnonymousUser], seed: int
) -> None:
    grow(home, groups, seed)
    barriers = all_restrictions()
    pages = list(Page.objects.filter(depth__gt=1))
    shown = 0
    for user in people.values():
        visitor = visitor_for(user)
        by_query = set(Page.objects.filter(visible_to(visitor)).values_list("pk", flat=True))
        for page in pages:
            by_tokens = bool(audience_of(page, barriers) & set(visitor.tokens))
            assert by_tokens == (page.pk in by_query), (page, visitor)
            if by_tokens:
                assert is_shown_by_wagtail(page, user), (page, user)
                shown += 1
    assert 0 < shown < len(pages) * len(people)


@pytest.mark.parametrize(
    ("name", "finds"),
    [("nobody", False), ("alice", True), ("bob", True), ("root", True)],
)
def test_a_page_for_the_signed_in(
    home: Page, people: dict[str, User | AnonymousUser], name: str, finds: bool
) -> None:
    page = add(home, "Members")
    restrict(page, LOGIN)
    assert found_by(visitor_for(people[name]), page) is finds


@pytest.mark.parametrize(
    ("name", "finds"),
    [("nobody", False), ("alice", False), ("bob", True), ("charlie", True), ("root", True)],
)
def test_a_page_below_one_for_a_group(
    home: Page,
    groups: list[Group],
    people: dict[str, User | AnonymousUser],
    name: str,
    finds: bool,
) -> None:
    section = add(home, "North")
    restrict(section, GROUPS, groups[0])
    assert found_by(visitor_for(people[name]), add(section, "Below")) is finds


def test_nested_groups_are_not_added_up(
    home: Page, groups: list[Group], people: dict[str, User | AnonymousUser]
) -> None:
    section = add(home, "North")
    restrict(section, GROUPS, groups[0])
    inner = add(section, "South")
    restrict(inner, GROUPS, groups[1])
    assert not found_by(visitor_for(people["bob"]), inner)
    assert audience_of(inner) == frozenset()


def test_a_group_may_be_named_twice_on_the_way(
    home: Page, groups: list[Group], people: dict[str, User | AnonymousUser]
) -> None:
    section = add(home, "Both")
    restrict(section, GROUPS, groups[0], groups[1])
    inner = add(section, "South")
    restrict(inner, GROUPS, groups[1])
    restrict(add(inner, "Signed in"), LOGIN)
    assert audience_of(inner) == {group_token(groups[1].pk), EVERYTHING}
    assert not found_by(visitor_for(people["bob"]), inner)
    assert found_by(visitor_for(people["charlie"]), inner)


@pytest.mark.parametrize("kind", [LOGIN, GROUPS])
def test_nobody_finds_what_is_behind_a_password_not_even_below_another_restriction(
    home: Page, groups: list[Group], people: dict[str, User | AnonymousUser], kind: str
) -> None:
    section = add(home, "Secret")
    restrict(section, PASSWORD)
    inner = add(section, "Inner")
    restrict(inner, kind, groups[0])
    for user in people.values():
        assert not found_by(visitor_for(user), section)
        assert not found_by(visitor_for(user), inner)


STATES = {
    "a draft": {"live": False},
    "expired": {"expired": True},
    "past its expiry, not yet cleaned up": {"expire_at": timezone.now()},
}


@pytest.mark.parametrize("state", STATES)
def test_what_is_not_there_is_found_by_nobody(
    home: Page, people: dict[str, User | AnonymousUser], state: str
) -> None:
    page = add(home, "Gone", **STATES[state])
    for user in people.values():
        assert not found_by(visitor_for(user), page)


def test_a_page_that_expires_tomorrow_is_public_today(home: Page) -> None:
    page = add(home, "Today", expire_at=timezone.now() + dt.timedelta(days=1))
    assert found_by(ANYONE, page)
    assert audience_of(page) == {PUBLIC, EVERYTHING}


def test_an_alias_is_as_closed_as_its_source_wherever_it_stands(
    home: Page, people: dict[str, User | AnonymousUser]
) -> None:
    source = add(home, "Members")
    alias = CreatePageAliasAction(source, parent=home, update_slug="members-too").execute(
        skip_permission_checks=True
    )
    below = add(alias, "Below the alias")
    restrict(source, LOGIN)
    for page in (source, alias, below):
        assert audience_of(page) == {SIGNED_IN, EVERYTHING}
        assert not found_by(ANYONE, page)
        assert found_by(visitor_for(people["alice"]), page)
    assert set(Page.objects.filter(behind(source))) >= {
        Page.objects.get(pk=page.pk) for page in (source, alias, below)
    }


def test_a_sibling_whose_path_begins_alike_is_not_restricted(home: Page) -> None:
    closed, sibling = add(home, "One"), add(home, "Two")
    restrict(closed, LOGIN)
    assert not found_by(ANYONE, closed)
    assert found_by(ANYONE, sibling)


def test_asking_costs_the_same_however_many_pages_there_are(
    home: Page, groups: list[Group], django_assert_num_queries: object
) -> None:
    for number in range(5):
        restrict(add(home, f"Page {number}"), GROUPS, groups[0])
    with django_assert_num_queries(3):  # restrictions with groups, aliases, pages
        list(Page.objects.filter(visible_to(ANYONE)))


def test_an_anonymous_visitor_costs_no_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):
        assert visitor_for(AnonymousUser()) == ANYONE


def test_an_expired_page_is_gone_before_the_hourly_clean_up(home: Page, client) -> None:
    page = add(home, "Gone", expire_at=timezone.now())
    assert client.get(page.url).status_code == 404
