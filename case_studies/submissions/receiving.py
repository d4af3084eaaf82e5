"""Takes an initiative that somebody sends in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from case_studies.submissions.models import Initiative
from learning_hub.taxonomy.models import Specialty, TraineeStage


class Received(NamedTuple):
    """The initiative, and whether it came in just now rather than a second time."""

    initiative: Initiative
    is_new: bool


@transaction.atomic
def receive(
    *,
    key: UUID,
    specialties: Iterable[Specialty],
    stages: Iterable[TraineeStage],
    at: dt.datetime,
    **facts: Any,
) -> Received:
    """Keep an initiative; `facts` are the model's other fields, as the form cleans them.

    The same key is the same initiative, and what came first stands.
    """
    initiative, is_new = Initiative.objects.get_or_create(
        key=key, defaults={**facts, "submitted_at": at}
    )
    if is_new:
        initiative.specialties.set(specialties)
        initiative.stages.set(stages)
    return Received(initiative, is_new)
