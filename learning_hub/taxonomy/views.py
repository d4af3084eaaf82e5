"""The admin's views of a vocabulary: list, order, use and merge."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import BaseColumn, BulkActionsCheckboxColumn, Column, TitleColumn
from wagtail.admin.views.generic import ReorderView
from wagtail.admin.views.generic.base import BaseListingView, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.models import Page
from wagtail.snippets.views.snippets import IndexView, UsageView

from learning_hub.taxonomy.forms import MergeForm
from learning_hub.taxonomy.merging import CannotMerge, merge_terms, pages_touched
from learning_hub.taxonomy.models import GroupedTerm, Term, TermQuerySet
from learning_hub.taxonomy.ordering import move_term
from learning_hub.taxonomy.usage import page_counts, page_ids


class TermIndexView(IndexView):
    """The terms of one vocabulary in order, with how many pages use each."""

    merge_url_name = ""

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Without tick boxes: a term goes one at a time, after a look at what uses it."""
        shown = [c for c in super().columns if not isinstance(c, BulkActionsCheckboxColumn)]
        if issubclass(self.model, GroupedTerm):
            shown.append(Column("group", label="Group", accessor=lambda term: term.parent or ""))
        return [
            *shown,
            Column("slug", label="Slug"),
            Column("state", label="Status", accessor=_state),
            Column("pages", label="Pages", accessor=lambda term: self.page_counts[term.pk]),
        ]

    @cached_property
    def list_display(self) -> list[str]:
        """The name leads; the other columns are not fields."""
        return ["name"]

    @cached_property
    def page_counts(self) -> Counter[int]:
        """How many pages use each term."""
        return page_counts(self.model)

    def order_queryset(self, queryset: TermQuerySet) -> TermQuerySet:
        """In the vocabulary's own order; merged terms have no place to be moved from."""
        related = ["merged_into"] + (["parent"] if issubclass(self.model, GroupedTerm) else [])
        queryset = queryset.select_related(*related)
        if self.show_ordering_column:
            return queryset.unmerged().in_order()
        return super().order_queryset(queryset) if self.ordering else queryset.in_order()

    def get_list_more_buttons(self, instance: Term) -> list[MenuItem]:
        """Add merging, for those who may."""
        buttons = super().get_list_more_buttons(instance)
        if self.user_has_permission("change") and not instance.merged_into_id:
            url = reverse(self.merge_url_name, args=(instance.pk,))
            buttons.append(MenuItem("Merge into another", url, icon_name="link", priority=25))
        return buttons


def _state(term: Term) -> str:
    if term.merged_into:
        return f"Merged into {term.merged_into}"
    return "Retired" if term.is_retired else "Offered"


class TermReorderView(ReorderView):
    """Drops a term at another place of its list."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Move the term to `?position=`, counted from 0; to the end where it is no number."""
        term = get_object_or_404(self.model, pk=kwargs["pk"])
        position = request.GET.get("position", "")
        to = int(position) if position.isdecimal() and len(position) < 7 else 10**6
        move_term(term=term, to=to)
        return JsonResponse({"success": True})


class TermUsageView(UsageView):
    """The pages that use a term; Wagtail's own record leaves out many-to-many relations."""

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """The page, its type, and whether it is published."""
        return [
            TitleColumn("title", label="Page", accessor="draft_title", get_url=_edit_url),
            Column("type", label="Type", accessor=lambda page: page.content_type.name),
            Column("live", label="Status", accessor="status_string"),
        ]

    def get_queryset(self) -> QuerySet[Page]:
        """The pages, drafts too."""
        pages = Page.objects.filter(pk__in=page_ids([self.object]))
        return pages.select_related("content_type").order_by("title")

    def get_table(self, object_list: Any, **kwargs: Any) -> Any:
        """Plain rows of pages."""
        return BaseListingView.get_table(self, object_list, **kwargs)


def _edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=(page.pk,))


class MergeView(PermissionCheckedMixin, WagtailAdminTemplateMixin, View):
    """Merges a term into another: first choose it, then read what changes, then confirm."""

    model: Any = None
    index_url_name = ""
    permission_required = "change"
    header_icon = "link"
    page_title = "Merge"
    template_name = "taxonomy/admin/merge.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The choice of a target, and once it is made, what the merge would change."""
        source = self._source(pk)
        form = MergeForm(source, request.GET if "target" in request.GET else None)
        return self._page(source, form, target=form.is_valid() and form.cleaned_data["target"])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Merge."""
        source = self._source(pk)
        form = MergeForm(source, request.POST)
        if not form.is_valid():
            return self._page(source, form, target=None)
        target = form.cleaned_data["target"]
        try:
            merger = merge_terms(source=source, target=target, user=request.user)
        except CannotMerge as refusal:  # someone else changed one of them since the form was sent
            messages.error(request, str(refusal))
            return redirect(self.index_url_name)
        count = len(merger.page_ids)
        messages.success(
            request, f"“{source}” was merged into “{target}”; {_pages(count)} changed."
        )
        return redirect(self.index_url_name)

    def _source(self, pk: int) -> Term:
        return get_object_or_404(self.model._default_manager.unmerged(), pk=pk)

    def _page(self, source: Term, form: MergeForm, target: Any) -> HttpResponse:
        context = self.get_context_data(
            source=source,
            form=form,
            target=target or None,
            pages=_pages(len(pages_touched(source))) if target else "",
            index_url=reverse(self.index_url_name),
        )
        return TemplateResponse(self.request, self.template_name, context)

    def get_page_subtitle(self) -> str:
        """Which term it is about."""
        return str(self._source(self.kwargs["pk"]))


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count:,} pages"
