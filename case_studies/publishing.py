"""What a study needs before anyone may see it, and the refusal where it is not there."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.text import get_text_list
from wagtail.log_actions import log
from wagtail.models import Revision

if TYPE_CHECKING:
    from case_studies.models import CaseStudyPage

logger = logging.getLogger(__name__)

# Search cannot find a study by a facet that it does not have. Field → what editors call it.
NEEDED_TERMS = {
    "specialties": "specialty",
    "regions": "region",
    "intervention_types": "intervention type",
    "stages": "trainee stage",
    "capabilities": "capability",
    "impact_types": "impact",
    "settings": "setting",
}
NEEDED_VALUES = {"evidence_level": "evidence level", "started_on": "start date"}
NEEDED = {**NEEDED_TERMS, **NEEDED_VALUES}
PICTURE = "description of the picture"


class NotReadyToPublish(ValidationError):
    """The study lacks something that visitors need. `message_dict` says what, field by field."""

    def __init__(self, study: CaseStudyPage, lacking: dict[str, str]) -> None:
        self.study = study
        self.sentence = sentence(lacking)
        super().__init__(
            {
                NON_FIELD_ERRORS: self.sentence,
                **{field: message_for(field, name) for field, name in lacking.items()},
            }
        )


def lacking(study: CaseStudyPage) -> dict[str, str]:
    """What the study still needs before publication: field → its name in plain words."""
    found = {
        field: name for field, name in NEEDED_TERMS.items() if not list(getattr(study, field).all())
    }
    if study.evidence_level_id is None:
        found["evidence_level"] = NEEDED_VALUES["evidence_level"]
    if study.started_on is None:
        found["started_on"] = NEEDED_VALUES["started_on"]
    if picture_is_unexplained(study):
        found["image_alt_text"] = PICTURE
    return found


def picture_is_unexplained(study: CaseStudyPage) -> bool:
    """Whether there is a picture that says nothing to those who cannot see it."""
    return bool(study.image_id and not study.image_alt_text and not study.image_is_decorative)


def refuse_unless_ready(study: CaseStudyPage) -> None:
    """Raise NotReadyToPublish where the study lacks something. At most one query a term field."""
    if found := lacking(study):
        raise NotReadyToPublish(study, found)


def message_for(field: str, name: str) -> str:
    """What to do about one field that is empty."""
    if field == "image_alt_text":
        return "Describe the picture, or mark it as decorative."
    if field in NEEDED_TERMS:
        return f"Choose at least one {name}."
    return f"Give the {name}."


def sentence(lacking: dict[str, str]) -> str:
    """One plain message that names everything the study needs."""
    return f"Before you publish, add: {get_text_list(list(lacking.values()), 'and')}."


def withdraw_from_schedule(revision: Revision, refusal: NotReadyToPublish) -> None:
    """Make a revision that fell due but may not go live a draft again, and say so in its history.

    The scheduled run goes on with the other pages rather than stopping at this one for ever.
    """
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    logger.error("“%s” was not published as scheduled. %s", refusal.study, refusal.sentence)
    log(instance=refusal.study, action="wagtail.schedule.cancel", revision=revision)


def is_due(revision: Revision) -> bool:
    """Whether the revision was scheduled, and its time has come."""
    due_at = revision.approved_go_live_at
    return due_at is not None and due_at <= timezone.now()
