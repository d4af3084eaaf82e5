"""Shows editors the links that are dead, each with the page to mend."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import page_permission_policy

from learning_hub.resources.link_checking.links import CheckedLink, LinkPlace

TITLE = "Links that are dead"
EDITING = ["change", "publish"]


class DeadLinksView(ReportView):
    """A row for each page that holds a dead link, of the pages that this person may edit."""

    page_title = TITLE
    header_icon = "link"
    index_url_name = "dead_links"
    index_results_url_name = "dead_links_results"
    model = LinkPlace
    permission_policy = page_permission_policy
    any_permission_required = EDITING
    default_ordering = ("link__failing_since", "pk")
    no_results_message = "No link is dead, as far as was checked."
    list_export = ["page.title", "link.address", "link.status", "link.failing_since"]
    export_headings = {
        "page.title": "Page",
        "link.address": "Address",
        "link.status": "What happened",
        "link.failing_since": "Failing since",
    }
    columns = [
        TitleColumn(
            "page",
            label="Page to edit",
            accessor="page.title",
            get_url=lambda place: reverse("wagtailadmin_pages:edit", args=[place.page_id]),
        ),
        Column("address", label="Address", accessor="link.address"),
        Column("status", label="What happened", accessor="link.status"),
        DateColumn("failing_since", label="Failing since", accessor="link.failing_since"),
        DateColumn("checked_at", label="Last checked", accessor="link.checked_at"),
    ]

    def get_base_queryset(self) -> QuerySet[LinkPlace]:
        """The places of dead links. One query."""
        policy = page_permission_policy
        pages = policy.instances_user_has_any_permission_for(self.request.user, EDITING)
        places = LinkPlace.objects.filter(link__in=CheckedLink.objects.dead(), page__in=pages)
        return places.select_related("link", "page")

    def get_filename(self) -> str:
        """The name of the spreadsheet."""
        return "dead-links"


class DeadLinksMenuItem(MenuItem):
    """The report, for those who may edit or publish pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may."""
        shown: bool = page_permission_policy.user_has_any_permission(request.user, EDITING)
        return shown


def menu_item() -> MenuItem:
    """The entry in the menu of reports."""
    return DeadLinksMenuItem(
        TITLE, reverse("dead_links"), name="dead-links", icon_name="link", order=970
    )


def admin_addresses() -> list[Any]:
    """The addresses of the report, below that of the admin."""
    return [
        path("reports/dead-links/", DeadLinksView.as_view(), name="dead_links"),
        path(
            "reports/dead-links/results/",
            DeadLinksView.as_view(results_only=True),
            name="dead_links_results",
        ),
    ]
