"""Puts a term elsewhere in the order that visitors see."""

from __future__ import annotations

from django.db import transaction

from learning_hub.taxonomy.models import POSITION_STEP, Term, VocabularyRevision


@transaction.atomic
def move_term(*, term: Term, to: int) -> None:
    """Put `term` at place `to` (from 0) of its whole vocabulary as listed, groups and all.

    A term within a group stays in it: it comes before or after those of its group that the new
    place is before or after. All places of the group are numbered anew.
    """
    model = type(term)
    VocabularyRevision.advance()  # first, so that the order read is what another editor left
    listed = [other for other in model._default_manager.unmerged().in_order() if other != term]
    listed.insert(max(0, to), term)
    siblings = set(term.siblings().values_list("pk", flat=True))
    changed = []
    for place, sibling in enumerate((one for one in listed if one.pk in siblings), start=1):
        if sibling.position != place * POSITION_STEP:
            sibling.position = place * POSITION_STEP
            changed.append(sibling)
    if changed:
        model._default_manager.bulk_update(changed, ["position"])
