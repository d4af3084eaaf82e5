"""Every address of the site: the fixed ones first, then the page tree."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from learning_hub.api import api
from learning_hub.design_system import icons
from learning_hub.media import ranges, renditions
from learning_hub.pages import discovery, social_card

urlpatterns = [
    # One way in: the admin's own login form would bypass the throttled one.
    path(
        "admin/login/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="wagtailadmin_login",
    ),
    path("admin/", include(wagtailadmin_urls)),
    path("accounts/", include("allauth.urls")),
    path("documents/<int:document_id>/<path:document_filename>", ranges.serve),
    path("documents/", include(wagtaildocs_urls)),
    # Renditions only. Documents go through Wagtail's view, which knows who may see them.
    re_path(r"^media/images/(?P<path>.*)$", renditions.serve),
    path("robots.txt", discovery.robots, name="robots"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("favicon.ico", icons.favicon, name="favicon"),
    path("site.webmanifest", icons.manifest, name="manifest"),
    re_path(
        r"^social-card/(?P<page_id>[0-9]{1,18})-(?P<digest>[0-9a-f]{16})\.png$",
        social_card.social_card,
        name="social_card",
    ),
    path("api/v1/", api.urls),
    path("case-studies/", include("case_studies.urls")),
    path("search/", include("search.urls")),
    path("", include("case_studies.alerts.urls")),
    path("", include("case_studies.submissions.urls")),
    path("", include("syllabus.urls")),
    path("guidance/", include("learning_hub.guidance.urls")),
    path("updates/", include("learning_hub.updates.urls")),
    path("events/", include("learning_hub.events.urls")),
    path("resources/", include("learning_hub.resources.urls")),
    path("", include("learning_hub.bookmarks.urls")),
    path("", include("learning_hub.feedback.urls")),
    path("", include("learning_hub.home.urls")),
    path("", include(wagtail_urls)),
]
