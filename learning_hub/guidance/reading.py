"""Everything that a reader of guidance sees, gathered in a number of queries that never grows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.http import HttpRequest

from learning_hub.guidance.files import File, Version, read_files
from learning_hub.guidance.rows import Recommendation
from learning_hub.guidance.succession import neighbours_of
from learning_hub.pages.visibility import barriers_of, visitor_of

if TYPE_CHECKING:
    from learning_hub.guidance.models import GuidancePage

# So many studies stand open below a recommendation; the rest are one step away.
OPEN_STUDIES = 4


@dataclass(frozen=True)
class StudyLink:
    """A case study that shows a recommendation in use."""

    title: str
    result: str
    address: str


@dataclass(frozen=True)
class RecommendationView:
    """One recommendation, ready to show."""

    number: int
    row: Recommendation
    studies: tuple[StudyLink, ...]

    @property
    def first_studies(self) -> tuple[StudyLink, ...]:
        """The studies that stand open."""
        return self.studies[:OPEN_STUDIES]

    @property
    def more_studies(self) -> tuple[StudyLink, ...]:
        """The studies that are one step away."""
        return self.studies[OPEN_STUDIES:]


@dataclass(frozen=True)
class Message:
    """One main message."""

    text: str
    explanation: str


@dataclass(frozen=True)
class OtherGuidance:
    """Guidance before or after this one, and the address where its text can be read."""

    title: str
    address: str


@dataclass(frozen=True)
class GuidanceView:
    """One piece of guidance, ready to show."""

    messages: tuple[Message, ...]
    recommendations: tuple[RecommendationView, ...]
    files: tuple[File, ...]
    versions: tuple[Version, ...]
    successor: OtherGuidance | None
    came_from: OtherGuidance | None
    has_studies: bool


def read_guidance(page: GuidancePage, request: HttpRequest) -> GuidanceView:
    """Gather the guidance for whoever asks. The same number of queries for any guidance.

    A preview shows rows that are in no table yet, so they are read from the instance.
    """
    recommendations = tuple(_recommendations(page, request))
    files, versions = read_files(page, request)
    neighbours = neighbours_of(page, request)
    return GuidanceView(
        messages=tuple(_messages(page)),
        recommendations=recommendations,
        files=files,
        versions=versions,
        successor=_other(neighbours.successor, request),
        came_from=_other(neighbours.predecessor, request),
        has_studies=any(view.studies for view in recommendations),
    )


def _recommendations(page: GuidancePage, request: HttpRequest) -> Iterable[RecommendationView]:
    rows: Sequence[Recommendation] = page.recommendations.select_related("setting")
    studies = _studies_in_use(page, request) if page.pk else {}
    for number, row in enumerate(rows, start=1):
        yield RecommendationView(number, row, tuple(studies.get(row.pk, ())))


def _studies_in_use(page: GuidancePage, request: HttpRequest) -> dict[int, list[StudyLink]]:
    """The studies that this visitor may see, by the recommendation they show. One query.

    The room of case studies is known here by its relation alone.
    """
    model: Any = Recommendation._meta.get_field("case_studies").related_model
    visible = model.objects.visible_to(visitor_of(request), barriers_of(request))
    tagged = visible.filter(recommendations__page=page.pk, alias_of__isnull=True)
    tagged = tagged.annotate(shows=F("recommendations__pk")).order_by("title", "pk")
    found: dict[int, list[StudyLink]] = {}
    for study in tagged.only("title", "url_path", "one_line_result"):
        link = StudyLink(study.title, study.one_line_result, study.get_url(request) or "")
        found.setdefault(study.shows, []).append(link)
    return found


def _messages(page: GuidancePage) -> Iterable[Message]:
    for block in page.messages:
        yield Message(block.value["message"], block.value["explanation"])


def _other(page: GuidancePage | None, request: HttpRequest) -> OtherGuidance | None:
    return OtherGuidance(page.title, page.address_of_text(request)) if page else None
