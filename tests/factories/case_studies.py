"""Case studies for tests: complete enough to be published, with terms of the real vocabularies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile
from wagtail.models import Page, Site

from case_studies.models import (
    Adoption,
    CaseStudyIndexPage,
    CaseStudyPage,
    KitFile,
    Outcome,
    Reach,
)
from learning_hub.media.models import HubDocument
from learning_hub.taxonomy.models import (
    Capability,
    EvidenceLevel,
    ImpactType,
    InterventionType,
    Region,
    Setting,
    Specialty,
    TraineeStage,
    TrainingNeed,
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


NARRATIVES = (
    "problem",
    "baseline",
    "why",
    "materials",
    "procedures",
    "who_provided",
    "how_delivered",
    "where_delivered",
    "when_and_how_much",
    "tailoring",
    "modifications",
    "how_well_planned",
    "how_well_actual",
    "lessons",
)
BODY = [
    {"type": "heading", "value": "How a session runs"},
    {"type": "paragraph", "value": "<p>Six trainees, <b>two</b> trainers.</p>"},
    {"type": "quote", "value": {"quote": "I operated again.", "role": "higher trainee"}},
    {"type": "callout", "value": {"heading": "Before you start", "text": "<p>Book early.</p>"}},
    {"type": "details", "value": {"summary": "Kit list", "text": "<p>Two stacks.</p>"}},
    {"type": "table", "value": {"caption": "Places", "rows": "Week | Places\n1 | 6\n2 | 8"}},
]


def make_document(title: str = "Session plan", name: str = "plan.txt") -> HubDocument:
    """A small file in the document library."""
    return HubDocument.objects.create(title=title, file=ContentFile(b"Set up at eight.", name=name))


def make_full_case_study(title: str = "Saturday theatre lists", **fields: Any) -> CaseStudyPage:
    """A published study with every field and every kind of row filled."""
    texts = {name: f"<p>About {name.replace('_', ' ')}.</p>" for name in NARRATIVES}
    values = {
        "ended_on": dt.date(2022, 8, 31),
        "status": "completed",
        "set_up_cost": "12000",
        "cost_per_trainee": "250.50",
        "funding_source": "Training recovery fund",
        "effect_size": "moderate",
        "contact_role": "simulation lead",
        "contact_mailbox": "recovery@wharfe.example.org",
        "last_reviewed_on": dt.date(2025, 5, 1),
        "next_review_on": dt.date(2099, 5, 1),
        "content_owner": "Training recovery team",
        "is_illustrative": True,
        "body": [dict(block) for block in BODY],
    }
    study = make_case_study(title, **{**texts, **values, **fields})
    study.needs = list(TrainingNeed.objects.filter(code__in=["C3", "C1"]))
    add_rows(study)
    study.save()
    return CaseStudyPage.objects.get(pk=study.pk)


def add_rows(study: CaseStudyPage) -> None:
    """Give the study one row or more of each kind; saving is the caller's."""
    study.outcomes = [
        Outcome(measure="Cases for each trainee", unit="cases", baseline=12, follow_up=18,
                number_measured=24, design="before-after"),
        Outcome(measure="Trainees on target", unit="%", baseline=40, follow_up=85,
                design="records"),
    ]  # fmt: skip
    study.reach = [Reach(group="Higher trainees", eligible=30, took_part=24, completed=22)]
    study.kit_files = [KitFile(document=make_document(), description="How to run a session.")]
    study.adoptions = [
        Adoption(
            organisation="Ouse Valley Hospitals (fictional)",
            region=Region.objects.get(slug="london"),
            adopted_on=dt.date(2023, 2, 1),
            what_changed="They ran it at weekends.",
        )
    ]
