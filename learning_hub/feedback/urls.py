"""The address at which visitors report a problem."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
