"""What editors do with a report: settle it, open it again, and forget who sent it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from wagtail.log_actions import log

from learning_hub.accounts.models import User
from learning_hub.feedback.models import ProblemReport, ReportState

SETTLED, REOPENED = "feedback.settle", "feedback.reopen"


@transaction.atomic
def settle(
    *, report: ProblemReport, state: ReportState | str, note: str, by: User, at: dt.datetime
) -> ProblemReport:
    """Say what became of `report`; a state of new opens it again. Returns it as it is now.

    Settling again keeps the day on which it was first settled, from which its sender's address
    is kept for 90 days.
    """
    kept = ProblemReport.objects.select_for_update().get(pk=report.pk)
    changed = kept.state != state
    kept.state, kept.note = state, note
    if state == ReportState.NEW:
        kept.handled_by, kept.handled_at = None, None
    elif changed:
        kept.handled_by, kept.handled_at = by, kept.handled_at or at
    kept.save(update_fields=["state", "note", "handled_by", "handled_at"])
    action = REOPENED if state == ReportState.NEW else SETTLED
    log(instance=kept, action=action, user=by, data={"state": str(state)}, content_changed=changed)
    forget_reporters(at=at)
    return kept


def forget_reporters(*, at: dt.datetime) -> int:
    """Erase the addresses of those whose report was settled 90 days ago; return how many."""
    return ProblemReport.objects.to_forget(at).update(email="")
