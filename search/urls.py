"""The addresses of the site's own search."""

from django.urls import path

from search.views import site_search, suggestions

urlpatterns = [
    path("", site_search, name="site_search"),
    path("suggestions/", suggestions, name="search_suggestions"),
]
