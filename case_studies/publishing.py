"""What a study needs before anyone may see it, and the refusal where it is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import get_text_list

from learning_hub.pages.refused_publication import NotReadyToPublish

if TYPE_CHECKING:
    from case_studies.models import CaseStudyPage

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


def refusal_of(study: CaseStudyPage) -> NotReadyToPublish | None:
    """Why the study may not be published; None where it may. At most one query a term field."""
    found = lacking(study)
    if not found:
        return None
    by_field = {field: message_for(field, name) for field, name in found.items()}
    return NotReadyToPublish(study, sentence(found), by_field)


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
