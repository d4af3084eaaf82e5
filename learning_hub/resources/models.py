"""Resources: their list, and the resource itself. The links that are checked stand beside them."""

from __future__ import annotations

from typing import Any

from django.core.validators import URLValidator
from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Revision

from learning_hub.blocks.body import RUNNING_TEXT_FEATURES, BodyBlock
from learning_hub.blocks.outside_html import storable_running_text
from learning_hub.pages.dated_list import dated_list
from learning_hub.pages.filed import FiledPage
from learning_hub.pages.index_page import IndexPage
from learning_hub.pages.models import HubPage, HubPageManager, HubPageQuerySet
from learning_hub.pages.refused_publication import NotReadyToPublish
from learning_hub.pages.visibility import barriers_of, visitor_of
from learning_hub.resources.describing import describe_resource
from learning_hub.resources.editor import resource_panels
from learning_hub.resources.kinds import DatePrecision, ResourceKind
from learning_hub.resources.link_checking.links import CheckedLink, LinkPlace
from learning_hub.resources.listing import narrowed
from learning_hub.resources.publishing import refusal_of
from learning_hub.resources.reading import read_resource, read_row
from learning_hub.resources.resource_form import ResourceForm

__all__ = [
    "CheckedLink",
    "Highlight",
    "LinkPlace",
    "ResourceFile",
    "ResourceIndexPage",
    "ResourcePage",
]


class ResourceIndexPage(IndexPage):
    """The list of all resources, the newest first."""

    subpage_types = ["resources.ResourcePage"]
    template = "pages/resources/resource_index.html"

    class Meta:
        verbose_name = "list of resources"
        verbose_name_plural = "lists of resources"

    def listed_pages(self) -> HubPageQuerySet:
        """The resources, with the files of a recording."""
        found: HubPageQuerySet = ResourcePage.objects.select_related("recording", "captions")
        return found

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the resources that the address asks for."""
        context = super().get_context(request, *args, **kwargs)
        shown = ResourcePage.objects.visible_to(visitor_of(request), barriers_of(request))
        listed = dated_list(narrowed(shown.newest_first().with_files(), request))
        return {**context, "list": listed, "rows": [read_row(page) for page in listed.pages]}


class ResourceQuerySet(HubPageQuerySet):
    """Questions about resources."""

    def newest_first(self) -> ResourceQuerySet:
        """By the date on which they were published elsewhere; those without one come last."""
        dated = models.F("published_on").desc(nulls_last=True)
        return self.order_by(dated, models.F("first_published_at").desc(nulls_last=True), "-pk")

    def with_files(self) -> ResourceQuerySet:
        """Read the files of all of them at once."""
        rows = ResourceFile.objects.select_related("document")
        return self.select_related("recording").prefetch_related(models.Prefetch("files", rows))


class ResourcePage(FiledPage):
    """A report, a toolkit, a recording or a link, and what to know before opening it."""

    kind = models.CharField(max_length=10, choices=ResourceKind)
    publisher = models.CharField(max_length=200, help_text="Who published it.")
    published_on = models.DateField(
        "published",
        null=True,
        blank=True,
        help_text="The day, or the first of the month or year. Leave empty where nobody knows.",
    )
    date_precision = models.CharField(
        "what of that date is known",
        max_length=5,
        choices=DatePrecision,
        default=DatePrecision.DAY,
    )
    introduction = models.TextField(
        help_text="One or two sentences: what it is and who it helps. Shown in lists and searches."
    )
    body = StreamField(BodyBlock(), blank=True)

    address = models.URLField(
        "address",
        max_length=1000,
        blank=True,
        validators=[URLValidator(["https"], message="Give an address that begins with https://.")],
        help_text="Where it can be read, beginning with https://. A link needs one.",
    )
    behind_address = models.CharField(
        "what is behind the address",
        max_length=200,
        blank=True,
        help_text="Such as “a web page”, “a PDF of 40 pages” or “an online course”.",
    )
    needs_sign_in = models.BooleanField(
        "one has to sign in there", default=False, help_text="Visitors are told before they go."
    )

    recording = models.ForeignKey(
        "media.HubDocument",
        verbose_name="film or sound file",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="MP4 or WebM for a film, MP3 or M4A for sound.",
    )
    captions = models.ForeignKey(
        "media.HubDocument",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="WebVTT, with who speaks and what else is heard.",
    )
    transcript = RichTextField(
        blank=True,
        features=RUNNING_TEXT_FEATURES,
        help_text="What is said and by whom, and what is shown.",
    )

    source = models.TextField(
        blank=True, help_text="Where the facts are from, and whose words these are."
    )
    is_illustrative = models.BooleanField(
        "illustrative",
        default=False,
        help_text="Written to show the service; the publisher and the figures are not real.",
    )

    objects = HubPageManager.from_queryset(ResourceQuerySet)()

    base_form_class = ResourceForm
    content_panels = resource_panels()
    promote_panels = [*HubPage.promote_panels, HubPage.review_panel]
    parent_page_types = ["resources.ResourceIndexPage"]
    subpage_types: list[str] = []
    template = "pages/resources/resource.html"

    class Meta:
        verbose_name = "resource"
        verbose_name_plural = "resources"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(address="") | models.Q(address__startswith="https://"),
                name="resource_address_is_https",
                violation_error_message="Give an address that begins with https://.",
            ),
            models.CheckConstraint(
                condition=models.Q(published_on__gte="1900-01-01"),
                name="resource_published_in_four_digits",
                violation_error_message="Give the year in four digits, not before 1900.",
            ),
        ]

    @property
    def is_recording(self) -> bool:
        """Whether there is something to play."""
        return self.kind == ResourceKind.RECORDING

    def save(self, clean: bool = True, **kwargs: Any) -> None:
        """Save. Raises NotReadyToPublish where visitors would see what its kind must not lack."""
        if kwargs.get("update_fields") is None:
            self.transcript = storable_running_text(self.transcript)
        if clean and self.live and (refusal := refusal_of(self)):
            raise refusal
        super().save(clean=clean, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Save a revision. It may be incomplete: that is what a draft is."""
        self.transcript = storable_running_text(self.transcript)
        return super().save_revision(*args, **kwargs)

    def refusal_to_publish(self) -> NotReadyToPublish | None:
        """See HubPage."""
        return refusal_of(self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the resource as its readers see it."""
        context = super().get_context(request, *args, **kwargs)
        return {**context, "view": read_resource(self)}

    def structured_data(self) -> dict[str, Any]:
        """A learning resource, and what it is besides."""
        return describe_resource(self)


class Highlight(Orderable):
    """One thing that stands out, with a figure where there is one."""

    resource = ParentalKey(ResourcePage, on_delete=models.CASCADE, related_name="highlights")
    text = models.CharField(max_length=255, help_text="What stands out, in one sentence.")
    value = models.CharField(
        max_length=24, blank=True, help_text="A figure to show large, such as “£26” or “800”."
    )
    unit = models.CharField(
        max_length=40, blank=True, help_text="What the figure counts, such as “million”."
    )

    panels = [FieldPanel("text"), FieldPanel("value"), FieldPanel("unit")]

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(value="") | models.Q(unit=""),
                name="highlight_unit_has_a_value",
                violation_error_message="Give the figure that the unit belongs to.",
            )
        ]

    def __str__(self) -> str:
        return self.text


class ResourceFile(Orderable):
    """A file to take away."""

    resource = ParentalKey(ResourcePage, on_delete=models.CASCADE, related_name="files")
    document = models.ForeignKey("media.HubDocument", on_delete=models.PROTECT, related_name="+")
    description = models.CharField(
        max_length=255, blank=True, help_text="What it is for, in one sentence."
    )

    panels = [FieldPanel("document"), FieldPanel("description")]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.document.title
