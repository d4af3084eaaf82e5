"""Puts a term elsewhere in the order that visitors see."""

from __future__ import annotations

from django.db import transaction

from learning_hub.taxonomy.models import POSITION_STEP, Term


@transaction.atomic
def move_term(*, term: Term, to: int) -> None:
    """Put `term` at place `to` (from 0) of its whole vocabulary as listed, groups and all.

    A term within a group stays in it: it comes before or after those of its group that the new
    place is before or after. All places of the group are numbered anew.
    """
    model = type(term)
    listed = list(model._default_manager.unmerged().in_order().select_for_update(of=("self",)))
    listed = [other for other in listed if other.pk != term.pk]
    listed.insert(max(0, to), term)
    siblings = set(term.siblings().values_list("pk", flat=True))
    changed = []
    for place, sibling in enumerate((one for one in listed if one.pk in siblings), start=1):
        if sibling.position != place * POSITION_STEP:
            sibling.position = place * POSITION_STEP
            changed.append(sibling)
    if changed:
        model._default_manager.bulk_update(changed, ["position"])
