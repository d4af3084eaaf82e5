"""Tells search engines which pages there are, and where there is nothing for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.contrib.sitemaps.views import x_robots_tag
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site, get_page_models
from wagtail.query import PageQuerySet

from learning_hub.pages.models import HubPage
from learning_hub.pages.structured_data import address_of
from learning_hub.pages.visibility import ANYONE, visible_to

# People's own pages, what is done on them, and the editors' side.
NOT_FOR_SEARCH_ENGINES = (
    *("/admin/", "/accounts/", "/learning/", "/my/", "/reminders/"),
    *("/alerts/", "/collections/", "/report-a-problem/"),
)


class PageSitemap(Sitemap):
    """Every page that anyone may see, at its own address. A fixed number of queries."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def items(self) -> PageQuerySet:
        """The pages of this site in the order of the tree; an alias is its source's."""
        site = Site.find_for_request(self.request) or Site.objects.get(is_default_site=True)
        pages = site.root_page.get_descendants(inclusive=True)
        pages = pages.filter(visible_to(ANYONE), alias_of__isnull=True)
        for kind in get_page_models():
            if issubclass(kind, HubPage) and (beside := kind.not_for_search_engines()) is not None:
                pages = pages.exclude(pk__in=beside.order_by().values("pk"))
        return pages.order_by("path")

    @cached_property
    def paginator(self) -> Paginator[Any]:
        """The pages in parts, counted once a request."""
        return Paginator(self.items(), self.limit)

    def lastmod(self, item: Page) -> dt.datetime | None:
        """When the page was last published."""
        moment: dt.datetime | None = item.last_published_at
        return moment

    def _urls(self, page: int, protocol: str, domain: str) -> list[dict[str, object]]:
        # Django puts the domain of its own sites framework before each address.
        return [
            {"location": address_of(item, self.request), "lastmod": self.lastmod(item)}
            for item in self.paginator.page(page).object_list
        ]


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The pages for search engines, as sitemaps.org describes it.

    Beyond 50,000 pages it is a list of its parts, which are at `?p=`.
    """
    pages = PageSitemap(request)
    if "p" not in request.GET and pages.paginator.num_pages > 1:
        return _list_of_parts(request, pages)
    return sitemap_views.sitemap(request, {"pages": pages})


@x_robots_tag
def _list_of_parts(request: HttpRequest, pages: PageSitemap) -> HttpResponse:
    address = request.build_absolute_uri(reverse("sitemap"))
    parts = [{"location": f"{address}?p={number}"} for number in pages.paginator.page_range]
    content_type = "application/xml"
    return render(request, "sitemap_index.xml", {"sitemaps": parts}, content_type=content_type)


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines need not read, and where the sitemap is."""
    closed = "".join(f"Disallow: {path}\n" for path in NOT_FOR_SEARCH_ENGINES)
    address = request.build_absolute_uri(reverse("sitemap"))
    content = f"User-agent: *\n{closed}\nSitemap: {address}\n"
    return HttpResponse(content, content_type="text/plain; charset=utf-8")
