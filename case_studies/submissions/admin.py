"""The moderators' list of initiatives, and the page on which one is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django_filters import ModelChoiceFilter  # type: ignore[import-untyped]
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from case_studies.models import CaseStudyPage
from case_studies.submissions import deciding
from case_studies.submissions.models import Initiative
from learning_hub.taxonomy.models import Region

VIEW, CHANGE = "submissions.view_initiative", "submissions.change_initiative"
# Initiatives come from visitors; they are decided on, and neither edited nor deleted.
VIEWS = {"index", "index_results", "inspect"}
TEXTS = ("what_was_wrong", "what_was_done", "what_came_of_it", "do_differently")


class InitiativeFilters(WagtailFilterSet):
    """The ways to narrow the list."""

    region = ModelChoiceFilter(queryset=Region.objects.order_by("position"), label="Region")

    class Meta:
        model = Initiative
        fields = ["state", "region"]


class InitiativeIndexView(IndexView):
    """The initiatives, newest first."""

    any_permission_required = ["view", "change"]

    @property
    def columns(self) -> list[BaseColumn]:
        """What it is called, where it was, when it came in, and where it is now."""
        return [
            TitleColumn("title", label="Title", get_url=self.get_inspect_url),
            Column("organisation", label="Organisation"),
            Column("region", label="Region", accessor=lambda each: each.region or ""),
            DateColumn("submitted_at", label="Sent in", sort_key="submitted_at"),
            Column("state", label="State", accessor="get_state_display"),
        ]


class InitiativeView(InspectView):
    """One initiative as its sender wrote it, and what can be decided."""

    any_permission_required = ["view", "change"]
    template_name = "submissions/admin/initiative.html"
    page_title = "Initiative"
    object: Initiative

    def get_object(self, queryset: QuerySet[Initiative] | None = None) -> Initiative:
        """The initiative, with what the page says of it."""
        related = Initiative.objects.select_related("region", "study", "decided_by")
        return get_object_or_404(related, pk=self.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the texts, and whether this person may decide."""
        context = super().get_context_data(**kwargs)
        label_of = self.model._meta.get_field
        texts = [(label_of(name).verbose_name, getattr(self.object, name)) for name in TEXTS]
        return {
            **context,
            "initiative": self.object,
            "texts": [text for text in texts if text[1]],
            "may_decide": self.user_has_permission("change"),
        }


class InitiativeViewSet(ModelViewSet):
    """The admin of initiatives."""

    model = Initiative
    name = "initiatives"
    icon = "mail"
    menu_label = "Initiatives"
    menu_order = 320
    add_to_admin_menu = True
    index_view_class = InitiativeIndexView
    inspect_view_class = InitiativeView
    inspect_view_enabled = True
    inspect_view_fields = ["title"]
    copy_view_enabled = False
    add_to_reference_index = False
    filterset_class = InitiativeFilters
    form_fields: list[str] = []
    ordering = ["-submitted_at"]
    search_fields = ["title", "organisation", *TEXTS]
    list_per_page = 50

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Without ways to views that there are not."""
        gone = {f"{name}_url_name": None for name in ("add", "edit", "delete", "history", "usage")}
        return super().get_common_view_kwargs(**{**gone, **kwargs})

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """With what the list says of each initiative."""
        queryset: QuerySet[Initiative] = Initiative.objects.select_related("region")
        return super().get_index_view_kwargs(queryset=queryset, **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        """The list, and an initiative."""
        return [each for each in super().get_urlpatterns() if each.name in VIEWS]

    def register_admin_url_finder(self) -> None:
        """None: an initiative is not edited."""


class OpenInitiativesItem(SummaryItem):
    """How many initiatives wait, on the admin's first page. One query."""

    order = 410
    template_name = "submissions/admin/open_initiatives.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The number and the way to them."""
        return {"count": Initiative.objects.open().count(), "address": reverse("initiatives:index")}

    def is_shown(self) -> bool:
        """To those who may read them."""
        return bool(self.request.user.has_perm(VIEW))


def add_summary(request: HttpRequest, items: list[SummaryItem]) -> None:
    """Put the number of open initiatives on the admin's first page."""
    items.append(OpenInitiativesItem(request))


def way_back(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """The way from a draft in the editor to what its sender wrote. One query."""
    if not isinstance(page, CaseStudyPage) or not user.has_perm(VIEW):
        return
    for pk in Initiative.objects.filter(study=page.pk).values_list("pk", flat=True):
        url = reverse("initiatives:inspect", args=[pk])
        yield Button("As it was sent in", url, icon_name="mail", priority=5)


def name_log_actions(actions: LogActionRegistry) -> None:
    """Let the history say what was decided."""
    actions.register_action(deciding.REVIEWED, "Review", "Review begun")
    actions.register_action(deciding.TAKEN_UP, "Take up", "Taken up from what was sent in")
    actions.register_action(deciding.DECLINED, "Decline", "Declined")
