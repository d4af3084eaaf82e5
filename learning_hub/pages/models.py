"""What every page of the hub is: reviewed, owned, found, and shown with its trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageViewRestriction, Revision
from wagtail.query import PageQuerySet

from learning_hub.blocks.body import BodyBlock
from learning_hub.pages.refused_publication import NotReadyToPublish, may_go_live
from learning_hub.pages.trail import pages_above
from learning_hub.pages.visibility import Barrier, Visitor, barriers_now, visible_to

# What stands for the moment of publication of a page that never was; a moving date would not do.
NEVER_PUBLISHED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class HubPageQuerySet(PageQuerySet):
    """Questions about pages that every kind of page answers."""

    def visible_to(
        self, visitor: Visitor, barriers: list[Barrier] | None = None
    ) -> HubPageQuerySet:
        """Only pages that `visitor` may find; one or two queries more without `barriers`."""
        return self.filter(visible_to(visitor, barriers))


HubPageManager = PageManager.from_queryset(HubPageQuerySet)


class HubPage(Page):
    """The base of every page: adds who looks after it and when it was last looked at."""

    last_reviewed_on = models.DateField(
        "last reviewed", null=True, blank=True, help_text="When someone last checked that it holds."
    )
    next_review_on = models.DateField(
        "next review", null=True, blank=True, help_text="When it should be checked again."
    )
    content_owner = models.CharField(
        max_length=255,
        blank=True,
        help_text="The role or team that keeps this page right; not a person's name.",
    )

    objects = HubPageManager()

    review_panel = MultiFieldPanel(
        [
            FieldPanel("last_reviewed_on"),
            FieldPanel("next_review_on"),
            FieldPanel("content_owner"),
        ],
        heading="Review",
    )

    class Meta:
        abstract = True

    def refusal_to_publish(self) -> NotReadyToPublish | None:
        """Why this must not go live as it is; None where nothing speaks against it."""
        return None

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> None:
        """Publish now or on the date set. Raises NotReadyToPublish where `revision` is refused.

        A revision that fell due with nobody at the desk goes back to draft instead.
        """
        if may_go_live(revision, revision.as_object().refusal_to_publish()):
            super().publish(revision, *args, **kwargs)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a visitor; a page past its expiry is gone, even before the hourly clean-up."""
        if self.expire_at and self.expire_at <= timezone.now():
            raise Http404
        return super().serve(request, *args, **kwargs)

    @property
    def breadcrumbs(self) -> list[Page]:
        """The pages above this one, from the home page down."""
        return pages_above(self)

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """The restrictions on this page and those above it; mostly without a query of its own.

        A page's other parts ask for all barriers anyway, and hardly any page is behind one.
        """
        if not any(self.path.startswith(barrier.path) for barrier in barriers_now()):
            return PageViewRestriction.objects.none()
        trail = [self, *self.breadcrumbs]
        if any(page.alias_of_id for page in trail):
            return super().get_view_restrictions()  # an alias is as restricted as its source
        on_trail = models.Q(page__in=[page.pk for page in trail]) | models.Q(page__depth=1)
        return PageViewRestriction.objects.filter(on_trail)

    @classmethod
    def not_for_search_engines(cls) -> models.QuerySet[Any] | None:
        """Live pages of this kind that say so themselves, or lead elsewhere; None where none do."""
        return None

    def structured_data(self) -> dict[str, Any]:
        """What the page is in the words of schema.org; see `structured_data.describe`."""
        return {"@type": "WebPage", "description": self.search_description}

    @property
    def is_review_due(self) -> bool:
        """Whether the date of the next review has passed."""
        return bool(self.next_review_on and self.next_review_on < timezone.localdate())


class InformationPage(HubPage):
    """A page of plain text and pictures, such as the accessibility statement."""

    introduction = models.TextField(blank=True, help_text="One or two sentences under the title.")
    body = StreamField(BodyBlock(), blank=True)

    content_panels = [
        *HubPage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    promote_panels = [*HubPage.promote_panels, HubPage.review_panel]
    template = "pages/pages/information.html"

    def structured_data(self) -> dict[str, Any]:
        """A page and no more: what it says of the hub is no article."""
        return {"@type": "WebPage", "description": self.search_description or self.introduction}
