"""Updates: the list of letters, and the letter itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable

from learning_hub.blocks.body import BodyBlock
from learning_hub.pages.atom import SITE
from learning_hub.pages.dated_list import dated_list
from learning_hub.pages.index_page import IndexPage
from learning_hub.pages.models import HubPage, HubPageManager, HubPageQuerySet
from learning_hub.pages.visibility import barriers_of, visitor_of
from learning_hub.updates.listing import narrowed

EARLIEST = dt.date(1948, 1, 1)


class UpdateIndexPage(IndexPage):
    """The list of all letters, the newest first."""

    subpage_types = ["updates.UpdatePage"]
    template = "pages/updates/update_index.html"

    class Meta:
        verbose_name = "list of updates"
        verbose_name_plural = "lists of updates"

    def listed_pages(self) -> HubPageQuerySet:
        """The letters."""
        found: HubPageQuerySet = UpdatePage.objects.all()
        return found

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the letters that the address asks for."""
        context = super().get_context(request, *args, **kwargs)
        shown = UpdatePage.objects.visible_to(visitor_of(request), barriers_of(request))
        return {**context, "list": dated_list(narrowed(shown.newest_first(), request))}


class UpdateQuerySet(HubPageQuerySet):
    """Questions about letters. Letters of one day stand in the order in which they were made."""

    def newest_first(self) -> UpdateQuerySet:
        """By the date of the letter."""
        return self.order_by("-dated_on", "-pk")

    def neighbours(self, letter: UpdatePage) -> tuple[UpdatePage | None, UpdatePage | None]:
        """The letters before and after `letter`, where there are such. One query."""
        same_day = models.Q(dated_on=letter.dated_on)
        later = self.filter(
            models.Q(dated_on__gt=letter.dated_on) | same_day & models.Q(pk__gt=letter.pk)
        ).order_by("dated_on", "pk")
        earlier = self.filter(
            models.Q(dated_on__lt=letter.dated_on) | same_day & models.Q(pk__lt=letter.pk)
        ).order_by("-dated_on", "-pk")
        beside = models.Q(pk=models.Subquery(later.values("pk")[:1]))
        beside |= models.Q(pk=models.Subquery(earlier.values("pk")[:1]))
        place = (letter.dated_on, letter.pk)
        found = {(each.dated_on, each.pk) < place: each for each in self.filter(beside)}
        return found.get(True), found.get(False)


class UpdatePage(HubPage):
    """A letter: its date, who wrote it to whom, and what it says."""

    dated_on = models.DateField(
        "date of the letter",
        default=timezone.localdate,
        help_text="The date that the letter bears. Lists, the feed and search go by it.",
    )
    recipients = models.CharField(
        max_length=200,
        help_text="Who it is written to, such as “Directors of Medical Education in England”.",
    )
    salutation = models.CharField(
        max_length=120, default="Dear colleagues", help_text="How the letter begins."
    )
    author_name = models.CharField("author", max_length=120, help_text="Who signed the letter.")
    author_role = models.CharField(
        "author’s role", max_length=255, help_text="The role at the time, and where."
    )
    introduction = models.TextField(
        help_text="One or two sentences: what it is about. Shown in lists and searches."
    )
    body = StreamField(BodyBlock(), blank=True)
    source = models.TextField(
        blank=True, help_text="Where the facts are from, and whose words these are."
    )
    is_summary = models.BooleanField(
        "summary",
        default=False,
        help_text="The words are ours and not the author’s: readers are told, and nobody signs.",
    )
    is_illustrative = models.BooleanField(
        "illustrative",
        default=False,
        help_text="Written to show the service; the people and what they tell are not real.",
    )

    objects = HubPageManager.from_queryset(UpdateQuerySet)()

    content_panels = [
        *HubPage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("dated_on"),
                FieldRowPanel([FieldPanel("author_name"), FieldPanel("author_role")]),
                FieldRowPanel([FieldPanel("recipients"), FieldPanel("salutation")]),
            ],
            heading="The letter",
        ),
        FieldPanel("introduction"),
        FieldPanel("body"),
        InlinePanel("files", heading="Files", label="file", help_text="What came with the letter."),
        FieldPanel("source"),
        FieldPanel("is_summary"),
        FieldPanel("is_illustrative"),
    ]
    promote_panels = [*HubPage.promote_panels, HubPage.review_panel]
    parent_page_types = ["updates.UpdateIndexPage"]
    subpage_types: list[str] = []
    template = "pages/updates/update.html"

    class Meta:
        verbose_name = "update"
        verbose_name_plural = "updates"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dated_on__gte=EARLIEST),
                name="update_dated_in_four_digits",
                violation_error_message="Give the year in four digits, not before 1948.",
            )
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the files, and the letters beside this one that the visitor may see."""
        context = super().get_context(request, *args, **kwargs)
        shown = UpdatePage.objects.visible_to(visitor_of(request), barriers_of(request))
        if self.pk:  # the preview of a new letter has no place among the others yet
            context["earlier"], context["later"] = shown.neighbours(self)
        return {**context, "files": self.files.all().select_related("document")}

    def structured_data(self) -> dict[str, Any]:
        """An article with its author, of the day of the letter.

        A summary is the hub's own, and names the letter that it is made of.
        """
        author = {"@type": "Person", "name": self.author_name, "jobTitle": self.author_role}
        letter = {"author": author, "datePublished": self.dated_on.isoformat()}
        described = {
            "@type": "Article",
            "headline": self.title,
            "description": self.search_description or self.introduction,
        }
        if not self.is_summary:
            return {**described, **letter}
        return {
            **described,
            "author": {"@type": "Organization", "name": SITE},
            "datePublished": self.dated_on.isoformat(),
            "isBasedOn": {"@type": "CreativeWork", **letter},
        }


class UpdateFile(Orderable):
    """A file that came with the letter."""

    letter = ParentalKey(UpdatePage, on_delete=models.CASCADE, related_name="files")
    document = models.ForeignKey("media.HubDocument", on_delete=models.PROTECT, related_name="+")
    description = models.CharField(
        max_length=255, blank=True, help_text="What it is for, in one sentence."
    )

    panels = [FieldPanel("document"), FieldPanel("description")]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.document.title
