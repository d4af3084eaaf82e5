"""Case studies for tests: complete enough to be published, with terms of the real vocabularies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wagtail.models import Page, Site

from case_studies.models import CaseStudyIndexPage, CaseStudyPage
from learning_hub.taxonomy.models import (
    Capability,
    EvidenceLevel,
    ImpactType,
    InterventionType,
    Region,
    Setting,
    Specialty,
    TraineeStage,
)

TERMS = {
    "specialties": (Specialty, ["urology"]),
    "regions": (Region, ["north-west"]),
    "intervention_types": (InterventionType, ["simulation"]),
    "stages": (TraineeStage, ["higher-specialty"]),
    "capabilities": (Capability, ["professional-skills"]),
    "impact_types": (ImpactType, ["collaborative-working"]),
    "settings": (Setting, ["acute"]),
}


def make_library() -> CaseStudyIndexPage:
    """The library page at /case-studies/, made once a test."""
    existing = CaseStudyIndexPage.objects.first()
    if existing:
        return existing
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=CaseStudyIndexPage(title="Case studies", slug="case-studies"))


def make_case_study(
    title: str = "Simulated theatre lists", *, parent: Page | None = None, **fields: Any
) -> CaseStudyPage:
    """A published study. Term fields take lists of slugs; `evidence` takes the level's slug."""
    terms = {name: fields.pop(name, slugs) for name, (_, slugs) in TERMS.items()}
    level = EvidenceLevel.objects.get(slug=fields.pop("evidence", "level-2"))
    study = CaseStudyPage(
        title=title,
        one_line_result=fields.pop("one_line_result", "More cases for each trainee"),
        organisation=fields.pop("organisation", "Wharfe Valley Teaching Hospitals (fictional)"),
        started_on=fields.pop("started_on", dt.date(2021, 9, 1)),
        evidence_level=level,
        **fields,
    )
    for name, (model, _) in TERMS.items():
        setattr(study, name, list(model.objects.filter(slug__in=terms[name])))
    return (parent or make_library()).add_child(instance=study)
