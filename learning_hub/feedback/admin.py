"""The editors' list of reported problems, and the page on which one is settled."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.text import Truncator
from django_filters import ModelChoiceFilter  # type: ignore[import-untyped]
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from learning_hub.feedback import handling
from learning_hub.feedback.forms import SettleForm
from learning_hub.feedback.models import ProblemReport

PERMISSION = "feedback.view_problemreport"
# Visitors add reports, and none is deleted or copied.
VIEWS = {"index", "index_results", "edit", "history", "history_results"}


def _reported_pages(request: HttpRequest) -> QuerySet[Page]:
    reports = ProblemReport.objects.filter(page__isnull=False)
    return Page.objects.filter(pk__in=reports.values("page")).order_by("title")


class ReportFilters(WagtailFilterSet):
    """The ways to narrow the list."""

    page = ModelChoiceFilter(queryset=_reported_pages, label="Page")

    class Meta:
        model = ProblemReport
        fields = ["state", "category", "page"]


class ReportIndexView(IndexView):
    """The reports, newest first."""

    any_permission_required = ["view", "change"]

    @property
    def columns(self) -> list[BaseColumn]:
        """What was said, about what, when, and what became of it."""
        return [
            TitleColumn("text", label="What happened", accessor=_beginning, get_url=self._edit),
            Column("category", label="What is wrong", accessor="get_category_display"),
            Column("path", label="Page", accessor=_place),
            DateColumn("reported_at", label="Reported", sort_key="reported_at"),
            Column("state", label="State", accessor="get_state_display"),
        ]

    def _edit(self, report: ProblemReport) -> str | None:
        address: str | None = self.get_edit_url(report)
        return address


def _beginning(report: ProblemReport) -> str:
    return Truncator(report.text).chars(80)


def _place(report: ProblemReport) -> str:
    return report.page.title if report.page else report.path or "Not said"


class SettleView(EditView):
    """Shows a report, and takes what became of it."""

    page_title = "Settle"
    success_message = "The report is saved."

    def save_instance(self) -> ProblemReport:
        """Settle the report as the form says."""
        return handling.settle(
            report=self.form.instance,
            state=self.form.cleaned_data["state"],
            note=self.form.cleaned_data["note"],
            by=self.request.user,
            at=timezone.now(),
        )


class ProblemReportViewSet(ModelViewSet):
    """The admin of reported problems, in the menu of reports."""

    model = ProblemReport
    name = "problem_reports"
    url_prefix = "problem-reports"
    icon = "warning"
    menu_label = "Reported problems"
    menu_order = 900
    menu_hook = "register_reports_menu_item"
    index_view_class = ReportIndexView
    edit_view_class = SettleView
    filterset_class = ReportFilters
    ordering = ["-reported_at"]
    search_fields = ["text", "path", "note"]
    list_per_page = 50
    copy_view_enabled = False
    add_to_reference_index = False
    edit_handler = ObjectList(
        [
            HelpPanel(template="feedback/admin/report.html", heading="Report"),
            FieldPanel("state", widget=forms.RadioSelect),
            FieldPanel("note", widget=forms.Textarea(attrs={"rows": 3})),
        ],
        base_form_class=SettleForm,
    )

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Without ways to views that there are not."""
        gone = {f"{name}_url_name": None for name in ("add", "delete", "usage")}
        return super().get_common_view_kwargs(**{**gone, **kwargs})

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """With what the list says of each report."""
        queryset = ProblemReport.objects.select_related("page")
        return super().get_index_view_kwargs(queryset=queryset, **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        """The list, a report, and its history."""
        return [each for each in super().get_urlpatterns() if each.name in VIEWS]


class OpenReportsItem(SummaryItem):
    """How many reports wait, on the admin's first page. One query."""

    order = 400
    template_name = "feedback/admin/open_reports.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The number and the way to them."""
        address = reverse("problem_reports:index")
        return {"count": ProblemReport.objects.open().count(), "address": f"{address}?state=new"}

    def is_shown(self) -> bool:
        """To those who may read them."""
        return bool(self.request.user.has_perm(PERMISSION))


def add_summary(request: HttpRequest, items: list[SummaryItem]) -> None:
    """Put the number of open reports on the admin's first page."""
    items.append(OpenReportsItem(request))


def name_log_actions(actions: LogActionRegistry) -> None:
    """Let the history of a report say what was done with it."""
    actions.register_action(handling.SETTLED, "Settle", "Settled")
    actions.register_action(handling.REOPENED, "Open again", "Opened again")
