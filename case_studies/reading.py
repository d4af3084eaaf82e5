"""Everything that a reader of one study sees, gathered in a number of queries that never grows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from case_studies.citation import citation
from case_studies.classification import MANY, ONE, Terms
from case_studies.evidence import Evidence, evidence_of
from case_studies.guidance_in_use import GuidanceLink, guidance_in_use
from case_studies.money import in_pounds
from case_studies.outcomes_chart import OutcomeView, outcome_views
from case_studies.related import RelatedView, related_studies
from case_studies.rows import Adoption, KitFile, Reach
from case_studies.tidier import DESCRIPTION
from learning_hub.pages.visibility import visitor_of
from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.models import TrainingNeed
from learning_hub.taxonomy.vocabulary import TermEntry, Vocabularies

if TYPE_CHECKING:
    from case_studies.models import CaseStudyPage

# The facets among the facts at a glance, in their order, with their names for one and for many.
TERM_FACTS = (
    ("region", "Region", "Regions"),
    ("setting", "Setting", "Settings"),
    ("specialty", "Specialty", "Specialties"),
    ("stage", "Trainee stage", "Trainee stages"),
    ("intervention", "Intervention type", "Intervention types"),
    ("capability", "Capability", "Capabilities"),
    ("impact", "Impact", "Impacts"),
)


@dataclass(frozen=True)
class Item:
    """One value of a fact; `address` leads to the library narrowed to it."""

    text: str
    address: str = ""


@dataclass(frozen=True)
class Fact:
    """One row of the facts at a glance."""

    label: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Passage:
    """One item of the description: its heading and the rich text below."""

    field: str
    heading: str
    text: str


@dataclass(frozen=True)
class Download:
    """A file of the kit. `address` is empty where the file itself is gone."""

    title: str
    description: str
    kind: str
    size: int | None
    address: str


@dataclass(frozen=True)
class StudyView:
    """One study, ready to show."""

    facts: tuple[Fact, ...]
    evidence: Evidence | None
    evidence_address: str
    cost: Item | None
    description: tuple[Passage, ...]
    reach: tuple[Reach, ...]
    outcomes: tuple[OutcomeView, ...]
    money: tuple[Fact, ...]
    downloads: tuple[Download, ...]
    adoptions: tuple[Adoption, ...]
    related: tuple[RelatedView, ...]
    guidance: tuple[GuidanceLink, ...]
    citation: str
    address: str

    @property
    def has_bars(self) -> bool:
        """Whether any outcome has something to draw."""
        return any(outcome.has_bars for outcome in self.outcomes)


def read_study(study: CaseStudyPage, request: HttpRequest) -> StudyView:
    """Gather the study for whoever asks. The same number of queries for any study.

    A preview shows values that are in no table yet, so its terms are read from the instance.
    """
    is_preview = getattr(request, "is_preview", False)
    vocabularies = vocabulary.current()
    library = _parent_address(study.get_url(request) or "")
    chosen = [row.related_id for row in study.chosen_related.all()]
    own, related = related_studies(
        study, chosen, visitor=visitor_of(request), vocabularies=vocabularies
    )
    terms = _unsaved_terms(study, vocabularies) if is_preview else own
    # The address that the reader has, whatever the site's record calls itself.
    address = request.build_absolute_uri(study.get_url(request) or "")
    return StudyView(
        facts=tuple(_facts(study, terms, library)),
        evidence=evidence_of(study.evidence_level),
        evidence_address=_narrowed(library, "evidence", terms),
        cost=next(iter(_items(terms.get("cost", ()), library, "cost")), None),
        description=tuple(
            Passage(field, heading, text)
            for field, heading in DESCRIPTION
            if (text := getattr(study, field))
        ),
        reach=tuple(study.reach.all()),
        outcomes=tuple(outcome_views(study.outcomes.all())),
        money=tuple(_money(study)),
        downloads=tuple(_downloads(study, is_preview=is_preview)),
        adoptions=tuple(_with_regions(study, vocabularies)),
        related=tuple(related),
        guidance=tuple(guidance_in_use(study, request)),
        citation=_citation(study, address, on=timezone.localdate()),
        address=address,
    )


def _parent_address(address: str) -> str:
    """The address of the library that holds the study, without asking the database for it."""
    return f"{address.rstrip('/').rpartition('/')[0]}/"


def _unsaved_terms(study: CaseStudyPage, vocabularies: Vocabularies) -> Terms:
    held = {key: {term.pk for term in getattr(study, field).all()} for key, field in MANY.items()}
    held |= {key: {getattr(study, column)} for key, column in ONE.items()}
    return {
        key: tuple(entry for entry in entries if entry.id in held[key])
        for key, entries in vocabularies.terms.items()
    }


def _facts(study: CaseStudyPage, terms: Terms, library: str) -> Iterable[Fact]:
    yield from _fact("Organisation", study.organisation)
    for key, one, many in TERM_FACTS:
        if items := _items(terms.get(key, ()), library, key):
            yield Fact(one if len(items) == 1 else many, items)
    needs: Sequence[TrainingNeed] = sorted(
        study.needs.all(), key=lambda need: (need.position, need.name)
    )
    if needs:
        yield Fact("Why training was lost", tuple(Item(need.name) for need in needs))
    yield from _fact("Delivery", study.get_delivery_method_display())
    yield from _fact("When", _period(study.started_on, study.ended_on))
    yield from _fact("Status", study.get_status_display())


def _fact(label: str, text: str) -> Iterable[Fact]:
    if text:
        yield Fact(label, (Item(text),))


def _items(entries: Iterable[TermEntry], library: str, key: str) -> tuple[Item, ...]:
    return tuple(Item(entry.name, _address(library, key, entry.slug)) for entry in entries)


def _address(library: str, key: str, slug: str) -> str:
    return f"{library}?{urlencode({key: slug})}"


def _narrowed(library: str, key: str, terms: Terms) -> str:
    return next((_address(library, key, entry.slug) for entry in terms.get(key, ())), "")


def _period(started_on: dt.date | None, ended_on: dt.date | None) -> str:
    if started_on is None:
        return ""
    start = f"{started_on:%B %Y}"
    if ended_on is None:
        return f"From {start}"
    end = f"{ended_on:%B %Y}"
    return start if start == end else f"{start} to {end}"


def _money(study: CaseStudyPage) -> Iterable[Fact]:
    amounts = (("Set-up", study.set_up_cost), ("Each trainee", study.cost_per_trainee))
    for label, amount in amounts:
        if amount is not None:
            yield Fact(label, (Item(in_pounds(amount)),))
    yield from _fact("Paid by", study.funding_source)


def _downloads(study: CaseStudyPage, *, is_preview: bool) -> Iterable[Download]:
    rows = study.kit_files.all()
    kit: Iterable[KitFile] = rows if is_preview else rows.select_related("document")
    for row in kit:
        document = row.document
        is_there = document.file.storage.exists(document.file.name)
        yield Download(
            title=document.title,
            description=row.description,
            kind=document.file_extension.upper(),
            size=document.get_file_size() if is_there else None,
            address=document.url if is_there else "",
        )


def _with_regions(study: CaseStudyPage, vocabularies: Vocabularies) -> Iterable[Adoption]:
    names = {entry.id: entry.name for entry in vocabularies.terms["region"]}
    for adoption in study.adoptions.all():
        adoption.region_name = names.get(adoption.region_id, "")
        yield adoption


def _citation(study: CaseStudyPage, address: str, *, on: dt.date) -> str:
    return citation(
        title=study.title,
        organisation=study.organisation,
        published_at=study.first_published_at,
        updated_at=study.last_published_at,
        url=address,
        on=on,
    )
