"""Decides who may see which page; every channel (pages, search, feeds, API) asks here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone
from wagtail.models import BaseViewRestriction, Page, PageViewRestriction

if TYPE_CHECKING:
    from learning_hub.accounts.models import User

PUBLIC = "public"
SIGNED_IN = "signed-in"
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
        tokens.add(EVERYTHING)
    tokens.update(group_token(pk) for pk in user.groups.values_list("pk", flat=True))
    return Visitor(tuple(sorted(tokens)))


def audience_of(
    page: Page, restrictions: list[PageViewRestriction] | None = None
) -> frozenset[str]:
    """The tokens of those who may find `page`; empty where nobody may.

    Drafts, expired pages and pages behind a password are for nobody: a password opens a page
    for a browser session, not for a person. Where restrictions nest, a visitor must meet them
    all; groups are intersected, which can hide a page from someone in two groups but never
    shows it to anyone it is kept from. `restrictions` saves the query when many pages are asked.
    """
    now = timezone.now()
    if not page.live or page.expired or (page.expire_at and page.expire_at <= now):
        return frozenset()
    if restrictions is None:
        restrictions = all_restrictions()
    audience = {PUBLIC}
    for restriction in restrictions:
        if page.path.startswith(restriction.page.path):
            audience = _narrowed(audience, restriction)
    return frozenset(audience | {EVERYTHING}) if audience else frozenset()


def _narrowed(audience: set[str], restriction: PageViewRestriction) -> set[str]:
    if restriction.restriction_type == BaseViewRestriction.PASSWORD:
        return set()
    if restriction.restriction_type == BaseViewRestriction.LOGIN:
        return {SIGNED_IN} if audience == {PUBLIC} else audience
    groups = {group_token(group.pk) for group in restriction.groups.all()}
    return groups if audience <= {PUBLIC, SIGNED_IN} and audience else audience & groups


def all_restrictions() -> list[PageViewRestriction]:
    """Every restriction with its page and groups, in two queries."""
    return list(PageViewRestriction.objects.select_related("page").prefetch_related("groups"))


def visible_to(visitor: Visitor) -> Q:
    """The condition on pages that `visitor` may find; agrees with `audience_of` on every page."""
    condition = Q(live=True, expired=False) & (
        Q(expire_at__isnull=True) | Q(expire_at__gt=timezone.now())
    )
    if restrictions := all_restrictions():
        condition &= ~_closed_to(visitor, restrictions)
    return condition


def _closed_to(visitor: Visitor, restrictions: list[PageViewRestriction]) -> Q:
    closed = Q(pk__in=[])
    for page in {restriction.page for restriction in restrictions}:
        # The restrictions on the way down to this page, judged together as audience_of does.
        audience = {PUBLIC}
        for restriction in restrictions:
            if page.path.startswith(restriction.page.path):
                audience = _narrowed(audience, restriction)
        if audience and EVERYTHING in visitor.tokens:
            continue
        if not audience & set(visitor.tokens):
            closed |= Q(path__startswith=page.path)
    return closed
