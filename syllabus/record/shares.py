"""Shares as pages list them: with whom, which modules, whether they still stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from allauth.account.models import EmailAddress

from learning_hub.accounts.models import User
from syllabus.models import ModuleEdition, ModulePage, Share
from syllabus.record.history import NAMELESS


class ShareState(StrEnum):
    """Whether a supervisor may still look."""

    IN_FORCE = "in force"
    ENDED = "ended"
    STOPPED = "stopped"


@dataclass(frozen=True)
class ShareLine:
    """One share; `modules` are titles, none where all modules are shared.

    `last_moment` is just before its end, whose day is the last one to look.
    """

    share: Share
    modules: tuple[str, ...]
    state: ShareState

    @property
    def last_moment(self) -> dt.datetime | None:
        """The end, as a moment of the last day."""
        ends_at = self.share.ends_at
        return ends_at - dt.timedelta(microseconds=1) if ends_at else None


def shares_by(trainee: User, at: dt.datetime) -> list[ShareLine]:
    """A trainee's shares, newest first. At most three queries."""
    shares = Share.objects.filter(trainee=trainee).select_related("withdrawal")
    return _lines(shares.order_by("-shared_at", "pk"), at)


def shares_with(supervisor: User, at: dt.datetime) -> list[ShareLine]:
    """What others share with `supervisor` at `at`, newest first. At most four queries."""
    return _lines(Share.objects.with_any_of(_confirmed_addresses(supervisor), at), at)


def share_with(supervisor: User, share_id: UUID, at: dt.datetime) -> ShareLine | None:
    """One of them, or None where `supervisor` may not see it. At most four queries."""
    found = Share.objects.with_any_of(_confirmed_addresses(supervisor), at).filter(pk=share_id)
    return next(iter(_lines(found, at)), None)


def _confirmed_addresses(user: User) -> list[str]:
    return list(
        EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    )


def _lines(shares: Iterable[Share], at: dt.datetime) -> list[ShareLine]:
    shares = list(shares)
    titles = _titles({key for share in shares for key in share.module_keys})
    return [
        ShareLine(
            share=share,
            modules=tuple(titles.get(key, NAMELESS) for key in share.module_keys),
            state=_state(share, at),
        )
        for share in shares
    ]


def _titles(keys: set[str]) -> dict[str, str]:
    """The titles of modules by key; of those whose page is gone, as the records know it."""
    pages = ModulePage.objects.filter(translation_key__in=keys)
    titles = {str(key): title for key, title in pages.values_list("translation_key", "title")}
    if gone := keys - set(titles):
        editions = ModuleEdition.objects.filter(module_key__in=gone).order_by("first_used_at")
        titles |= {str(edition.module_key): edition.title for edition in editions}
    return titles


def _state(share: Share, at: dt.datetime) -> ShareState:
    if hasattr(share, "withdrawal"):
        return ShareState.STOPPED
    is_over = share.ends_at is not None and share.ends_at <= at
    return ShareState.ENDED if is_over else ShareState.IN_FORCE
