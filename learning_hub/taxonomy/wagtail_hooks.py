"""Puts the vocabularies into the admin, under one menu."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, Panel
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from learning_hub.taxonomy.forms import TermForm
from learning_hub.taxonomy.merging import MERGED
from learning_hub.taxonomy.models import (
    Capability,
    CostBand,
    EvidenceLevel,
    GroupedTerm,
    ImpactType,
    InterventionType,
    Region,
    SafetyDomain,
    Setting,
    Specialty,
    Term,
    TermInUse,
    TraineeStage,
    TrainingNeed,
)
from learning_hub.taxonomy.views import MergeView, TermIndexView, TermReorderView, TermUsageView

FORMER_OFFICE_PANELS = [FieldRowPanel([FieldPanel("name"), FieldPanel("slug")])]
GRADE_PANELS = [FieldRowPanel([FieldPanel("code"), FieldPanel("name"), FieldPanel("position")])]


class VocabularyViewSet(SnippetViewSet):
    """The admin of one vocabulary."""

    icon = "tag"
    index_view_class = TermIndexView
    reorder_view_class = TermReorderView
    usage_view_class = TermUsageView
    sort_order_field = "position"
    list_per_page = 200
    copy_view_enabled = False
    search_fields = ["name", "slug"]
    # What this vocabulary's terms have beyond a name, a slug and a description.
    own_panels: tuple[Panel, ...] = ()

    def get_edit_handler(self) -> Panel:
        """The form of a term."""
        group = [FieldPanel("parent")] if issubclass(self.model, GroupedTerm) else []
        panels = [
            FieldPanel("name"),
            FieldPanel("slug"),
            *group,
            FieldPanel("description"),
            *self.own_panels,
            FieldPanel("is_retired"),
        ]
        return ObjectList(panels, base_form_class=TermForm).bind_to_model(self.model)

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Tell the list where merging is."""
        return super().get_index_view_kwargs(merge_url_name=self.get_url_name("merge"), **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add merging."""
        merge = self.construct_view(MergeView)
        return [*super().get_urlpatterns(), path("merge/<int:pk>/", merge, name="merge")]


def _viewset(vocabulary: type[Term], *panels: Panel) -> VocabularyViewSet:
    return VocabularyViewSet(model=vocabulary, own_panels=panels)


class VocabulariesGroup(SnippetViewSetGroup):
    """All vocabularies, in the order of the facets."""

    menu_label = "Vocabularies"
    menu_icon = "tag"
    menu_order = 300
    items = (
        _viewset(Specialty),
        _viewset(Region, InlinePanel("former_offices", panels=FORMER_OFFICE_PANELS)),
        _viewset(InterventionType),
        _viewset(TraineeStage, InlinePanel("grades", panels=GRADE_PANELS)),
        _viewset(Capability),
        _viewset(ImpactType),
        _viewset(EvidenceLevel, FieldRowPanel([FieldPanel("code"), FieldPanel("strength")])),
        _viewset(CostBand, FieldPanel("from_pounds")),
        _viewset(Setting),
        _viewset(TrainingNeed, FieldPanel("code")),
        _viewset(SafetyDomain),
    )


register_snippet(VocabulariesGroup)


@hooks.register("before_delete_snippet")
def keep_terms_in_use(request: HttpRequest, instances: Iterable[Model]) -> HttpResponse | None:
    """Say what to do instead of deleting a term that pages or other terms use."""
    for term in instances:
        if isinstance(term, Term) and term.uses():
            messages.error(request, str(TermInUse(term, ())))
            return redirect(term.snippet_viewset.get_url_name("list"))
    return None


@hooks.register("register_log_actions")
def register_merging(actions: LogActionRegistry) -> None:
    """Let a term's history say that it was merged."""
    actions.register_action(MERGED, "Merge", "Merged into another term")
