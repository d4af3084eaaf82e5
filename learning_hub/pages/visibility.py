"""Decides who may see which page; every channel (pages, search, feeds, API) asks here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser, Permission
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import BaseViewRestriction, Page, PageViewRestriction

from learning_hub.once import once_a_visit

if TYPE_CHECKING:
    from learning_hub.accounts.models import User

PUBLIC = "public"
SIGNED_IN = "signed-in"
# Held by members of groups that open the editors' side of the site; no page carries it.
STAFF = "staff"
# Held by superusers, and carried by every page that anyone at all may find.
EVERYTHING = "everything"


@dataclass(frozen=True)
class Visitor:
    """Someone who looks: `tokens` are the audiences that she belongs to, sorted."""

    tokens: tuple[str, ...] = (PUBLIC,)


ANYONE = Visitor()


def group_token(group_id: int) -> str:
    """The audience token of a group."""
    return f"group-{group_id}"


def visitor_for(user: User | AnonymousUser) -> Visitor:
    """The visitor that a request's user is. One query for a signed-in user, none otherwise."""
    if not user.is_authenticated:
        return ANYONE
    tokens = {PUBLIC, SIGNED_IN}
    if user.is_superuser:
        tokens |= {EVERYTHING, STAFF}
    opening = Permission.objects.filter(
        group=OuterRef("pk"), content_type__app_label="wagtailadmin", codename="access_admin"
    )
    groups = user.groups.annotate(opens_admin=Exists(opening))
    for pk, opens_admin in groups.values_list("pk", "opens_admin"):
        tokens |= {group_token(pk), STAFF} if opens_admin else {group_token(pk)}
    return Visitor(tuple(sorted(tokens)))


def visitor_of(request: HttpRequest) -> Visitor:
    """The visitor who sent `request`, read once a request however often it is asked."""
    kept: Visitor | None = getattr(request, "_hub_visitor", None)
    if kept is None:
        kept = visitor_for(request.user) if hasattr(request, "user") else ANYONE
        request._hub_visitor = kept  # type: ignore[attr-defined]
    return kept


@dataclass(frozen=True)
class Barrier:
    """A restriction at one of the places it stands: on its page, and on that page's aliases.

    Everything at and below `path` is behind it. `groups` are the tokens of a group restriction.
    """

    path: str
    kind: str
    groups: frozenset[str] = frozenset()


def audience_of(page: Page, barriers: list[Barrier] | None = None) -> frozenset[str]:
    """The tokens of those who may find `page`; empty where nobody may.

    Drafts, expired pages and pages behind a password are for nobody: a password opens a page
    for a browser session, not for a person. Where restrictions nest, a visitor must meet them
    all; groups are intersected, which can hide a page from someone in two groups but never
    shows it to anyone it is kept from. `barriers` saves the queries when many pages are asked.
    """
    now = timezone.now()
    if not page.live or page.expired or (page.expire_at and page.expire_at <= now):
        return frozenset()
    audience = _audience_at(page.path, all_restrictions() if barriers is None else barriers)
    return frozenset(audience | {EVERYTHING}) if audience else frozenset()


def visible_to(visitor: Visitor, barriers: list[Barrier] | None = None) -> Q:
    """The condition on pages that `visitor` may find; agrees with `audience_of` on every page."""
    condition = Q(live=True, expired=False) & (
        Q(expire_at__isnull=True) | Q(expire_at__gt=timezone.now())
    )
    barriers = all_restrictions() if barriers is None else barriers
    return condition & ~_closed_to(visitor, barriers) if barriers else condition


def all_restrictions() -> list[Barrier]:
    """Every place where a restriction stands: one query where there is none, two otherwise."""
    rows = PageViewRestriction.objects.values_list(
        "page_id", "page__path", "restriction_type", "groups"
    )
    groups: dict[tuple[int, str, str], set[str]] = {}
    for page_id, path, kind, group_id in rows:
        tokens = groups.setdefault((page_id, path, kind), set())
        tokens |= {group_token(group_id)} if group_id else set()
    aliases = _aliases_by_source() if groups else {}
    return [
        Barrier(place, kind, frozenset(tokens))
        for (page_id, path, kind), tokens in groups.items()
        for place in [path, *(alias.path for alias in _with_their_own(page_id, aliases))]
    ]


def barriers_of(request: HttpRequest) -> list[Barrier]:
    """Every restriction, read once a request however often it is asked."""
    kept: list[Barrier] | None = getattr(request, "_hub_barriers", None)
    if kept is None:
        kept = barriers_now()
        request._hub_barriers = kept  # type: ignore[attr-defined]
    return kept


def barriers_now() -> list[Barrier]:
    """Every restriction, read once in a visit that changes nothing, and anew otherwise."""
    return once_a_visit("barriers", all_restrictions)


def behind(page: Page) -> Q:
    """The condition on pages that a restriction on `page` is about. One query."""
    condition = Q(path__startswith=page.path)
    for alias in _with_their_own(page.pk, _aliases_by_source()):
        condition |= Q(path__startswith=alias.path)
    return condition


def _aliases_by_source() -> dict[int, list[Page]]:
    """The aliases of each page that has some; Wagtail keeps them as closed as their source."""
    found: dict[int, list[Page]] = {}
    for alias in Page.objects.filter(alias_of__isnull=False).only("path", "alias_of_id"):
        found.setdefault(alias.alias_of_id, []).append(alias)
    return found


def _with_their_own(source_id: int, aliases: dict[int, list[Page]]) -> Iterator[Page]:
    for alias in aliases.get(source_id, ()):
        yield alias
        yield from _with_their_own(alias.pk, aliases)


def _audience_at(path: str, barriers: list[Barrier]) -> set[str]:
    audience = {PUBLIC}
    for barrier in barriers:
        if path.startswith(barrier.path):
            audience = _narrowed(audience, barrier)
    return audience


def _narrowed(audience: set[str], barrier: Barrier) -> set[str]:
    if not audience or barrier.kind == BaseViewRestriction.PASSWORD:
        return set()
    if barrier.kind == BaseViewRestriction.LOGIN:
        return {SIGNED_IN} if audience == {PUBLIC} else audience
    is_open_to_groups = audience <= {PUBLIC, SIGNED_IN}
    return set(barrier.groups) if is_open_to_groups else audience & barrier.groups


def _closed_to(visitor: Visitor, barriers: list[Barrier]) -> Q:
    """What is below a barrier that, with those above it, keeps the visitor out."""
    closed = Q(pk__in=[])
    for path in {barrier.path for barrier in barriers}:
        audience = _audience_at(path, barriers)
        opens_all = audience and EVERYTHING in visitor.tokens
        if not opens_all and not audience & set(visitor.tokens):
            closed |= Q(path__startswith=path)
    return closed
