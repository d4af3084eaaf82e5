"""The addresses of bookmarks and of shared collections."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
