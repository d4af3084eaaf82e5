"""The regions' pages: what each region of England achieved, started, and learnt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.url_routing import RouteResult

from learning_hub.blocks.body import BodyBlock
from learning_hub.pages.index_page import IndexPage
from learning_hub.pages.models import HubPage, HubPageQuerySet
from learning_hub.pages.visibility import barriers_of, visitor_of
from learning_hub.regions.editor import OneOfItsKind, RegionPageForm
from learning_hub.regions.figures import HeadlineFigure
from learning_hub.regions.naming import region_named
from learning_hub.regions.seeing import visible_pages
from learning_hub.regions.studies import LIBRARY_ADDRESS, studies_of
from learning_hub.regions.tile_map import region_map
from learning_hub.taxonomy import vocabulary

ENGLAND = {"@type": "Country", "name": "England"}


class RegionIndexPage(IndexPage):
    """All regions: the map, the figures of England, and the way from every former name."""

    body = StreamField(BodyBlock(), blank=True)

    content_panels = [
        *IndexPage.content_panels,
        InlinePanel("figures", heading="Figures of all England", label="Figure"),
        FieldPanel("body"),
    ]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["regions.RegionPage"]
    template = "pages/regions/region_index.html"

    class Meta:
        verbose_name = "list of regions"
        verbose_name_plural = "lists of regions"

    def listed_pages(self) -> HubPageQuerySet:
        """The pages of the regions."""
        found: HubPageQuerySet = RegionPage.objects.select_related("region")
        return found

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Lead to a region in one query; from a former name, on to the region that has it now."""
        if len(path_components) == 1:
            [word] = path_components
            if named := self.page_at(word):
                return RouteResult(named)
            region = region_named(word, vocabulary.current().terms["region"])
            here = self.listed_pages().child_of(self)
            visible = here.visible_to(visitor_of(request), barriers_of(request))
            page = visible.filter(region=region.id).first() if region else None
            if page is not None and self.live:
                return RouteResult(self, kwargs={"moved_to": page})
        return super().route(request, path_components)

    def serve(
        self,
        request: HttpRequest,
        *args: Any,
        moved_to: RegionPage | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """Show the page; a former name leads on for good."""
        if moved_to is not None:
            return HttpResponsePermanentRedirect(moved_to.get_url(request))
        return super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the regions whose pages this visitor may see, in the vocabulary's order."""
        context = super().get_context(request, *args, **kwargs)
        entries = region_map(request).entries
        context["library_address"] = LIBRARY_ADDRESS
        context["entries"] = [entry for entry in entries if entry.page is not None]
        pages = [entry.page for entry in entries if entry.page is not None]
        models.prefetch_related_objects(pages, "figures")
        return context

    def structured_data(self) -> dict[str, Any]:
        """A collection of pages about England."""
        return {**super().structured_data(), "about": ENGLAND}


@dataclass(frozen=True)
class ShownInitiative:
    """An initiative as one visitor sees it; `link` only where she may follow it."""

    title: str
    text: str
    link: Page | None


class RegionPage(HubPage):
    """One region. Its region and its address are fixed: no draft and no old version has others."""

    region = models.OneToOneField("taxonomy.Region", on_delete=models.PROTECT, related_name="page")
    introduction = models.TextField(help_text="One or two sentences under the title.")
    body = StreamField(BodyBlock(), blank=True, help_text="Shown below the initiatives.")
    contact_role = models.CharField(
        "contact",
        max_length=200,
        blank=True,
        help_text="The role or team to ask, such as “regional placements team”; not a person.",
    )

    content_panels = [
        *HubPage.content_panels,
        FieldPanel("region"),
        FieldPanel("introduction"),
        InlinePanel("figures", heading="Headline figures", label="Figure"),
        InlinePanel("initiatives", heading="Initiatives", label="Initiative"),
        FieldPanel("body"),
        FieldPanel("contact_role"),
    ]
    # Without the slug, which is the region's.
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("seo_title"), FieldPanel("search_description")],
            heading="For search engines",
        ),
        MultiFieldPanel([FieldPanel("show_in_menus")], heading="For site menus"),
        HubPage.review_panel,
    ]
    base_form_class = RegionPageForm
    parent_page_types = ["regions.RegionIndexPage"]
    subpage_types: list[str] = []
    template = "pages/regions/region.html"

    class Meta:
        verbose_name = "region"
        verbose_name_plural = "regions"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Check the page, at its region's address."""
        if self.region_id:
            self.slug = self.region.slug
        super().full_clean(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> RegionPage:
        """A version of the page, about the region that the page is about today.

        A merge of terms repoints the page, and knows nothing of its drafts and old versions.
        """
        kept = {"region": self.region_id, "slug": self.slug}
        version: RegionPage = super().with_content_json({**content, **kept})
        return version

    def permissions_for_user(self, user: Any) -> OneOfItsKind:
        """What `user` may do with the page; never copy it."""
        return OneOfItsKind(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the initiatives with their links, and what the library has of the region."""
        context = super().get_context(request, *args, **kwargs)
        terms = vocabulary.current()
        studies = studies_of(self.region.slug, request, terms)
        rows = list(self.initiatives.all())
        linked = {row.link_page_id for row in rows if row.link_page_id}
        pages = visible_pages(linked | {hit.id for hit in studies.hits}, request)
        context["initiatives"] = [
            ShownInitiative(row.title, row.text, pages.get(row.link_page_id)) for row in rows
        ]
        context["library_address"] = LIBRARY_ADDRESS
        context["studies"] = studies
        context["best_studies"] = studies.best(pages)
        context["former_offices"] = next(
            (term.former_names for term in terms.terms["region"] if term.id == self.region_id), ()
        )
        return context

    def structured_data(self) -> dict[str, Any]:
        """A page about a part of England."""
        return {
            "@type": "CollectionPage",
            "description": self.search_description or self.introduction,
            "about": {
                "@type": "AdministrativeArea",
                "name": self.region.name,
                "containedInPlace": ENGLAND,
            },
        }


class NationalFigure(HeadlineFigure):
    """A figure of all England."""

    page = ParentalKey(RegionIndexPage, on_delete=models.CASCADE, related_name="figures")


class RegionFigure(HeadlineFigure):
    """A figure of one region."""

    page = ParentalKey(RegionPage, on_delete=models.CASCADE, related_name="figures")


class Initiative(Orderable):
    """Something that a region started."""

    page = ParentalKey(RegionPage, on_delete=models.CASCADE, related_name="initiatives")
    title = models.CharField(max_length=160)
    text = models.TextField(blank=True, help_text="What it is, in a few sentences.")
    link_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name="page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="A page of this site that tells more.",
    )

    panels = [FieldPanel("title"), FieldPanel("text"), PageChooserPanel("link_page")]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.title
