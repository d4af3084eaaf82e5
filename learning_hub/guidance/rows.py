"""The rows of guidance: whom it is for, what it recommends, and its files."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Select
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from learning_hub.blocks.body import RUNNING_TEXT_FEATURES
from learning_hub.guidance.anchors import MAX_LENGTH, TAKEN_BY_THE_FRAME, valid_anchor
from learning_hub.pages.visibility import Barrier, Visitor

if TYPE_CHECKING:
    from learning_hub.guidance.models import GuidancePage

PAGE = "guidance.GuidancePage"


class GuidanceAudience(Orderable):
    """Some of those whom the guidance speaks to."""

    page = ParentalKey(PAGE, on_delete=models.CASCADE, related_name="audiences")
    name = models.CharField(max_length=120, help_text="Such as “Schools of surgery and TPDs”.")
    slug = models.SlugField(max_length=120, editable=False)  # of the name, for addresses

    panels = [FieldPanel("name")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["page", "name"],
                name="guidance_audience_named_once",
                violation_error_message="Name each audience once.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    """Questions about recommendations, also for rooms that know them by their relation only."""

    def visible_to(
        self, visitor: Visitor, barriers: list[Barrier] | None = None
    ) -> RecommendationQuerySet:
        """Those whose guidance `visitor` may find, each with its guidance."""
        pages = self._pages().visible_to(visitor, barriers)
        return self.filter(page__in=pages.values("pk")).select_related("page")

    def offered(self, chosen: Collection[int] = ()) -> RecommendationQuerySet:
        """Those of published, current guidance, and `chosen` ones whatever became of them."""
        pages = self._pages().current().live().filter(alias_of__isnull=True)
        wanted = models.Q(page__in=pages.values("pk")) | models.Q(pk__in=chosen)
        found = self.filter(wanted).select_related("page")
        return found.order_by("page__title", "page_id", "sort_order")

    def original(self) -> RecommendationQuerySet:
        """Those of guidance that is not an alias, each with its guidance."""
        return self.filter(page__alias_of__isnull=True).select_related("page")

    def _pages(self) -> Any:
        return self.model._meta.get_field("page").related_model._default_manager.all()


class Recommendation(Orderable):
    """One thing that the guidance asks of somebody, at an address of its own."""

    page = ParentalKey(PAGE, on_delete=models.CASCADE, related_name="recommendations")
    text = models.CharField(
        max_length=400, help_text="What to do, in one sentence that can stand alone."
    )
    slug = models.CharField(
        "anchor",
        max_length=MAX_LENGTH,
        blank=True,
        validators=[valid_anchor],
        help_text="The last part of its address. Left empty, it is made from the text; "
        "once made it stays, since others point to it.",
    )
    audience = models.CharField(
        max_length=120,
        blank=True,
        help_text="One of the audiences above, written alike; empty means all of them.",
    )
    setting = models.ForeignKey(
        "taxonomy.Setting", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    setting_detail = models.CharField(
        "where exactly", max_length=120, blank=True, help_text="Such as “operating theatres”."
    )
    explanation = RichTextField(
        blank=True, features=RUNNING_TEXT_FEATURES, help_text="Why, and how one can start."
    )

    objects = RecommendationQuerySet.as_manager()

    panels = [
        FieldPanel("text"),
        FieldPanel("explanation"),
        FieldRowPanel([FieldPanel("audience"), FieldPanel("slug")]),
        FieldRowPanel([FieldPanel("setting", widget=Select), FieldPanel("setting_detail")]),
    ]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["page", "slug"],
                name="recommendation_anchor_once_a_page",
                violation_error_message="Give each recommendation an anchor of its own.",
            ),
            models.CheckConstraint(
                condition=~models.Q(slug=""), name="recommendation_has_an_anchor"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Refuse an anchor that leads elsewhere on every page."""
        super().clean()
        if self.slug in TAKEN_BY_THE_FRAME:
            raise ValidationError({"slug": "This anchor is part of every page. Choose another."})

    @property
    def reference(self) -> str:
        """Its name in files: the guidance's slug and its own."""
        return f"{self.page.slug}#{self.slug}"

    @property
    def where(self) -> str:
        """The setting and the place within it, in words; empty where it holds everywhere."""
        return ": ".join(filter(None, (self.setting and self.setting.name, self.setting_detail)))

    def address(self, request: HttpRequest | None) -> str:
        """Where it can be read, also once its guidance was replaced."""
        page: GuidancePage = self.page
        return f"{page.address_of_text(request)}#{self.slug}"


class GuidanceFile(Orderable):
    """A file that belongs to the guidance."""

    page = ParentalKey(PAGE, on_delete=models.CASCADE, related_name="files")
    # Whoever deletes a document is told where it is used; a row is nothing without it.
    document = models.ForeignKey(
        "media.HubDocument", on_delete=models.CASCADE, related_name="guidance_files"
    )
    description = models.CharField(
        max_length=255, blank=True, help_text="What it is for, in one sentence."
    )

    panels = [FieldPanel("document"), FieldPanel("description")]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.document.title
