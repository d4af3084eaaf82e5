"""What moderators do with an initiative: review it, take it up as a draft, or decline it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page

from case_studies.models import CaseStudyIndexPage, CaseStudyPage
from case_studies.submissions.drafting import draft_of
from case_studies.submissions.models import Initiative, InitiativeState
from learning_hub.accounts.models import User

REVIEWED, TAKEN_UP, DECLINED = (
    "submissions.review",
    "submissions.take_up",
    "submissions.decline",
)


class Refused(Exception):
    """A decision that cannot be made now. The text is for the moderator."""


class AlreadyDecided(Refused):
    """Someone decided before."""

    def __init__(self, initiative: Initiative) -> None:
        super().__init__(
            f"“{initiative}” was {initiative.get_state_display().lower()} already. "
            "Nothing was changed."
        )


class NoLibrary(Refused):
    """There is no page below which the draft could be."""

    def __init__(self) -> None:
        super().__init__("There is no case study library yet. Make its page first.")


@transaction.atomic
def start_review(*, initiative: Initiative, by: User) -> Initiative:
    """Say that someone looks at it. Raises AlreadyDecided."""
    kept = _locked(initiative)
    if not kept.is_open:
        raise AlreadyDecided(kept)
    if kept.state == InitiativeState.NEW:
        kept.state = InitiativeState.IN_REVIEW
        kept.save(update_fields=["state"])
        log(instance=kept, action=REVIEWED, user=by)
    return kept


@transaction.atomic
def take_up(*, initiative: Initiative, by: User, at: dt.datetime) -> CaseStudyPage:
    """Make a draft in the library out of `initiative`; nothing is published.

    Taken up twice, or by two people at once, it is one draft. Raises AlreadyDecided where it was
    declined, NoLibrary where there is no page to put the draft under.
    """
    kept = _locked(initiative)
    if kept.study is not None:
        return kept.study
    if kept.state == InitiativeState.DECLINED:
        raise AlreadyDecided(kept)
    draft = draft_of(kept)
    draft.owner = by
    study: CaseStudyPage = _library().add_child(instance=draft)
    study.save_revision(user=by, clean=False)
    kept.study, kept.state = study, InitiativeState.TAKEN_UP
    kept.decided_by, kept.decided_at = by, at
    kept.save(update_fields=["study", "state", "decided_by", "decided_at"])
    log(instance=study, action=TAKEN_UP, user=by, data={"initiative": kept.pk})
    log(instance=kept, action=TAKEN_UP, user=by, data={"study": study.pk})
    forget_senders(at=at)
    return study


@transaction.atomic
def decline(*, initiative: Initiative, reason: str, by: User, at: dt.datetime) -> Initiative:
    """Close `initiative` without a draft. Raises AlreadyDecided."""
    kept = _locked(initiative)
    if not kept.is_open:
        raise AlreadyDecided(kept)
    kept.state, kept.reason = InitiativeState.DECLINED, reason
    kept.decided_by, kept.decided_at = by, at
    kept.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    log(instance=kept, action=DECLINED, user=by)
    forget_senders(at=at)
    return kept


def forget_senders(*, at: dt.datetime) -> int:
    """Erase who sent what was decided on 90 days ago; return how many those were."""
    nobody = {"sender_name": "", "sender_role": "", "sender_email": "", "may_contact": False}
    return Initiative.objects.to_forget(at).update(**nobody)


def _locked(initiative: Initiative) -> Initiative:
    """The initiative as it is now; who else decides on it waits."""
    # Without relations: an outer join cannot be locked.
    return Initiative.objects.select_for_update().get(pk=initiative.pk)


def _library() -> CaseStudyIndexPage:
    """The library, held so that no two drafts take the same place below it."""
    library = CaseStudyIndexPage.objects.order_by("-live", "path").first()
    if library is None:
        raise NoLibrary
    Page.objects.select_for_update().get(pk=library.pk)
    return CaseStudyIndexPage.objects.get(pk=library.pk)
