"""Guidance: what a body asks of those who train, as recommendations, and whether it holds."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Revision

from learning_hub.blocks.body import RUNNING_TEXT_FEATURES, BodyBlock
from learning_hub.blocks.outside_html import storable_running_text
from learning_hub.guidance.anchors import fill_in_anchors
from learning_hub.guidance.blocks import MessagesBlock, VersionsBlock
from learning_hub.guidance.editor import GUIDANCE_TABS
from learning_hub.guidance.listing import listing_context
from learning_hub.guidance.publishing import refusal_of
from learning_hub.guidance.reading import read_guidance
from learning_hub.guidance.rows import GuidanceAudience, GuidanceFile, Recommendation
from learning_hub.guidance.succession import KEPT, VERSION, leads_back, way_on
from learning_hub.pages.filed import FiledPage
from learning_hub.pages.index_page import IndexPage
from learning_hub.pages.models import HubPageManager, HubPageQuerySet
from learning_hub.pages.refused_publication import NotReadyToPublish

__all__ = [
    "GuidanceAudience",
    "GuidanceFile",
    "GuidanceIndexPage",
    "GuidancePage",
    "Recommendation",
]

# Addresses below the index that are none of a page.
RESERVED_SLUGS = {"feed"}


class Status(models.TextChoices):
    """Whether the guidance still holds."""

    CURRENT = "current", "Current"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


class GuidanceIndexPage(IndexPage):
    """All guidance: what holds today first."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["guidance.GuidancePage"]
    template = "pages/guidance/guidance_index.html"

    class Meta:
        verbose_name = "list of guidance"
        verbose_name_plural = "lists of guidance"

    def listed_pages(self) -> HubPageQuerySet:
        """The guidance."""
        found: HubPageQuerySet = GuidancePage.objects.all()
        return found

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the guidance that this visitor may see, for the audience asked for."""
        context = super().get_context(request, *args, **kwargs)
        return {**context, **listing_context(request, GuidancePage.objects.all())}


class GuidanceQuerySet(HubPageQuerySet):
    """Questions about guidance."""

    def current(self) -> GuidanceQuerySet:
        """What still holds."""
        return self.filter(status=Status.CURRENT)

    def for_audience(self, slug: str) -> GuidanceQuerySet:
        """What speaks to these people."""
        return self.filter(pk__in=GuidanceAudience.objects.filter(slug=slug).values("page"))

    def current_first(self) -> GuidanceQuerySet:
        """What holds, the newest first; then what no longer does."""
        holds = models.Case(models.When(status=Status.CURRENT, then=0), default=1)
        newest = models.F("issued_on").desc(nulls_last=True)
        return self.order_by(holds, newest, "title", "pk")


class GuidancePage(FiledPage):
    """One piece of guidance, as a body issued it."""

    Status = Status

    introduction = models.TextField(help_text="What it is about, in one or two sentences.")
    issuing_body = models.CharField(max_length=200, help_text="Who issued it.")
    is_illustrative = models.BooleanField(
        "illustrative",
        default=False,
        help_text="Written to show the service; no body has issued it.",
    )
    messages = StreamField(MessagesBlock(), blank=True)
    # The names of the audiences, a line each, so that lists need not read their rows.
    audience_names = models.TextField(blank=True, editable=False)
    recommendations_note = models.TextField(
        blank=True, help_text="Whose words the recommendations are; shown above them."
    )
    body = StreamField(BodyBlock(), blank=True)
    version_label = models.CharField(
        "version", max_length=60, blank=True, help_text="As the body calls it."
    )
    issued_on = models.DateField("issued", null=True, blank=True)
    versions = StreamField(VersionsBlock(), blank=True)
    campaign_name = models.CharField(
        "name or hashtag", max_length=120, blank=True, help_text="A campaign it belongs to."
    )
    campaign_url = models.URLField(
        "address",
        blank=True,
        validators=[URLValidator(schemes=["https"])],
        help_text="Where to read about it; starts with https.",
    )
    source = models.TextField(blank=True, help_text="Where the text comes from, and of when.")

    status = models.CharField(max_length=10, choices=Status, default=Status.CURRENT)
    successor = models.ForeignKey(
        "guidance.GuidancePage",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
        help_text="What replaces it.",
    )
    withdrawn_on = models.DateField("withdrawn on", null=True, blank=True)
    withdrawn_reason = models.TextField(
        "why", blank=True, help_text="In one or two sentences, for readers."
    )
    withdrawn_instead = RichTextField(
        "what to use instead", blank=True, features=RUNNING_TEXT_FEATURES
    )

    objects = HubPageManager.from_queryset(GuidanceQuerySet)()

    edit_handler = GUIDANCE_TABS
    parent_page_types = ["guidance.GuidanceIndexPage"]
    subpage_types: list[str] = []
    template = "pages/guidance/guidance.html"

    class Meta:
        verbose_name = "guidance"
        verbose_name_plural = "guidance"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="guidance_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.SUPERSEDED, successor__isnull=False)
                | (~models.Q(status=Status.SUPERSEDED) & models.Q(successor__isnull=True)),
                name="guidance_superseded_has_successor",
                violation_error_message="Superseded guidance, and no other, has a successor.",
            ),
            models.CheckConstraint(
                condition=~models.Q(successor=models.F("page_ptr")),
                name="guidance_is_not_its_own_successor",
                violation_error_message="Guidance cannot replace itself.",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.WITHDRAWN)
                | (models.Q(withdrawn_on__isnull=False) & ~models.Q(withdrawn_reason="")),
                name="guidance_withdrawn_is_explained",
                violation_error_message="Say when and why it was withdrawn.",
            ),
        ]

    @property
    def audience_list(self) -> list[str]:
        """Whom it is for, in order. No query."""
        return self.audience_names.splitlines()

    @property
    def is_current(self) -> bool:
        """Whether it still holds."""
        return self.status == Status.CURRENT

    def clean(self) -> None:
        """Refuse a status that does not explain itself, in drafts too: the database does."""
        super().clean()
        faults = {name: text for name, text in self._faults().items() if text}
        if faults:
            raise ValidationError(faults)

    def _faults(self) -> dict[str, str]:
        superseded, withdrawn = (self.status == s for s in (Status.SUPERSEDED, Status.WITHDRAWN))
        undated = withdrawn and not self.withdrawn_on
        unexplained = withdrawn and not self.withdrawn_reason.strip()
        nameless = self.campaign_url and not self.campaign_name
        return {
            "slug": "This address is taken by the feed." if self.slug in RESERVED_SLUGS else "",
            "successor": self._fault_of_succession() if superseded else self._fault_of_rest(),
            "withdrawn_on": "Say when it was withdrawn." if undated else "",
            "withdrawn_reason": "Say why it was withdrawn." if unexplained else "",
            "campaign_name": "Name the campaign that the address is of." if nameless else "",
        }

    def _fault_of_rest(self) -> str:
        return "Only superseded guidance has a successor." if self.successor_id else ""

    def _fault_of_succession(self) -> str:
        if self.successor_id is None:
            return "Choose the guidance that replaces it."
        if self.successor_id == self.pk:
            return "Guidance cannot replace itself."
        if leads_back(self):
            return "This would lead in a circle: that guidance is itself replaced by this one."
        return ""

    @classmethod
    def from_serializable_data(cls, data: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Read a revision, even one whose successor has been deleted since."""
        successor = data.get("successor")
        if successor and not cls.objects.filter(pk=successor).exists():
            data = {**data, "successor": None}
        return super().from_serializable_data(data, *args, **kwargs)

    def settle(self) -> None:
        """Make the anchors that are missing, and bring texts to what may be stored."""
        self.withdrawn_instead = storable_running_text(self.withdrawn_instead)
        audiences = [_settled_audience(row) for row in self.audiences.all()]
        self.audience_names = "\n".join(row.name for row in audiences)
        recommendations = list(self.recommendations.all())
        for row in recommendations:
            row.explanation = storable_running_text(row.explanation)
        fill_in_anchors(recommendations)
        rows = {"audiences": audiences, "recommendations": recommendations}
        for name, settled in rows.items():
            setattr(self, name, settled)

    def save(self, clean: bool = True, **kwargs: Any) -> None:
        """Save, settled. Raises NotReadyToPublish where visitors would see it incomplete."""
        if kwargs.get("update_fields") is None:
            self.settle()
            if clean and self.live and (refusal := refusal_of(self)):
                raise refusal
        super().save(clean=clean, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Save a revision, settled. It may be incomplete: that is what a draft is."""
        self.settle()
        return super().save_revision(*args, **kwargs)

    def refusal_to_publish(self) -> NotReadyToPublish | None:
        """See HubPage."""
        return refusal_of(self)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer, or lead from superseded guidance to what replaces it."""
        is_past = self.expire_at and self.expire_at <= timezone.now()
        if not is_past and (address := way_on(self, request)):
            return redirect(address)
        return super().serve(request, *args, **kwargs)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show it as it would be once saved."""
        self.settle()
        return super().serve_preview(request, mode_name)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what its readers see."""
        context = super().get_context(request, *args, **kwargs)
        return {**context, "view": read_guidance(self, request)}

    def address_of_text(self, request: HttpRequest | None) -> str:
        """Where this very text can be read, also once it was replaced."""
        address: str = self.get_url(request) or ""
        return f"{address}?{VERSION}={KEPT}" if self.status == Status.SUPERSEDED else address

    @classmethod
    def not_for_search_engines(cls) -> models.QuerySet[Any]:
        """What leads to its successor, or says that it holds no longer."""
        return cls.objects.exclude(status=Status.CURRENT)

    def structured_data(self) -> dict[str, Any]:
        """A document that teaches, with who stands behind it and whether it holds."""
        standing = "Published" if self.is_current else self.get_status_display()
        about = {
            "@type": ["Article", "LearningResource"],
            "headline": self.title,
            "description": self.introduction,
            "author": {"@type": "Organization", "name": self.issuing_body},
            "learningResourceType": "Guidance",
            "creativeWorkStatus": standing,
        }
        return {**about, "version": self.version_label} if self.version_label else about


def _settled_audience(row: GuidanceAudience) -> GuidanceAudience:
    row.name = " ".join(row.name.split())
    row.slug = slugify(row.name)[:120] or "audience"
    return row
